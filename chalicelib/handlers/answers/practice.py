"""Practice: what a role may rehearse, and how the account's own round stands; nobody else reads it."""

from __future__ import annotations

from typing import Self

from ...domain import practice, practice_stories
from ...domain.practice import Round, SmsState, Step, StepState, code_of
from ...domain.registry import Account, Label
from ...models.registry import Snapshot
from ...services.practice.rehearsal import Rehearsal
from ...services.practice.rounds import reachable, rounds_of
from .shown import Shown, taken_from


class PracticeStep(Shown, frozen=True, kw_only=True):
    """Something that a round asks for: whether it was done, in how many seconds since it was due, and in how many it should be.

    `detail` is the call sign, type or district that its words name.
    """

    id: str
    state: StepState
    took_s: int | None
    target_s: int | None
    detail: str

    @classmethod
    def of(cls, value: Step) -> Self:
        return taken_from(cls, value)


class PracticeStory(Shown, frozen=True, kw_only=True):
    """A story that this registry has a type for, by its first line."""

    id: str
    label: Label


class PracticeRun(Shown, frozen=True, kw_only=True):
    """The account's last round: what its caller says, what was asked for, and what came of it.

    `link` is the path of the crew's own page, '' where there is none. `over`: it was ended, or its hour has passed.
    """

    id: str
    round: Round
    story: str
    lines: list[Label]
    landmark: str
    types: list[str]
    district: str
    village: str
    started_at: str
    ends_at: str
    over: bool
    complete: bool
    incident_id: str | None
    link: str
    sms: SmsState
    steps: list[PracticeStep]

    @classmethod
    def of(cls, found: Rehearsal, registry: Snapshot) -> Self:
        """A run as its account sees it."""
        run, now = found.run, found.world.clock.now()
        story, district = practice_stories.named(run.story), registry.districts.get(run.district)
        page = next(iter(run.pages.values()), None) if run.round in practice.OF_CREWS else None
        steps, over = found.steps, run.over(now)
        return taken_from(
            cls,
            run,
            lines=practice_stories.spoken(story, district.name if district else "", run.village)
            if story
            else [],
            landmark=story.landmark if story else "",
            types=found.types,
            over=over,
            complete=practice.complete(steps),
            incident_id=run.incident.id if run.incident else None,
            link=f"/r/{code_of(found.world.settings.link_secret, page.id)}" if page and not over else "",
            sms=run.sms.state,
            steps=[PracticeStep.of(each) for each in steps],
        )


class Practice(Shown, frozen=True, kw_only=True):
    """What may be practised, whether the account has a phone of its own for it, and its last round, null for none."""

    rounds: list[Round]
    stories: list[PracticeStory]
    phone: bool
    run: PracticeRun | None

    @classmethod
    def of(cls, found: Rehearsal | None, registry: Snapshot, account: Account) -> Self:
        """Practice as an account finds it."""
        offered = practice_stories.offered(registry.types)
        return cls(
            rounds=rounds_of(account),
            stories=[PracticeStory(id=each.id, label=each.lines[0]) for each in offered],
            phone=reachable(registry, account),
            run=PracticeRun.of(found, registry) if found else None,
        )
