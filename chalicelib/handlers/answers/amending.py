"""What an amendment would do."""

from __future__ import annotations

from typing import Self

from ...domain.dispatch import Shortfall
from ...domain.incident import AssignmentStatus
from ...domain.places import Away
from ...domain.replanning import Standing
from ...models.registry import Snapshot
from ...services.response import amendment_preview
from .dispatching import PickAnswer, PlanName
from .shown import Shown


class StandingAnswer(Shown, frozen=True, kw_only=True):
    """A crew that is there or asked; `need_id` is '' and `level` 0 where the plan asks for it at no level."""

    assignment_id: str
    agency_id: str
    unit_id: str
    callsign: str
    status: AssignmentStatus
    at: str
    need_id: str
    level: int

    @classmethod
    def of(cls, value: Standing) -> Self:
        assignment = value.assignment
        return cls(
            assignment_id=assignment.id,
            agency_id=assignment.agency_id,
            unit_id=assignment.unit_id,
            callsign=assignment.callsign,
            status=assignment.status,
            at=max(assignment.milestones.values(), default=""),
            need_id=value.need_id,
            level=value.level,
        )


class NewsAnswer(Shown, frozen=True, kw_only=True):
    """The SMS that crews would get, '' for none, to how many phones and people of how many crews."""

    tell: bool
    text: str
    characters: int
    segments: int
    messages: int
    people: int
    crews: int


class AmendmentPreview(Shown, frozen=True, kw_only=True):
    """What would change, whom the plan would send, does not ask for and keeps, and what crews would be told."""

    changed: list[str]
    plan: PlanName | None
    plan_changes: bool
    level: int
    send: list[PickAnswer]
    recall: list[StandingAnswer]
    stay: list[StandingAnswer]
    shortfalls: list[Shortfall]
    doubts: list[str]
    away: Away | None
    sms: NewsAnswer

    @classmethod
    def of(cls, found: amendment_preview.Preview, registry: Snapshot) -> Self:
        draught, replan, news = found.draught, found.replan, found.news
        plan = replan.plan
        return cls(
            changed=list(draught.fields),
            plan=PlanName(id=plan.id, label=plan.label) if plan else None,
            plan_changes=draught.moved,
            level=replan.level,
            send=[PickAnswer.of(pick, registry) for pick in replan.picks],
            recall=[StandingAnswer.of(each) for each in replan.standing if not each.level],
            stay=[StandingAnswer.of(each) for each in replan.standing if each.level],
            shortfalls=list(replan.shortfalls),
            doubts=list(draught.after.doubts),
            away=draught.away,
            sms=NewsAnswer(
                tell=draught.tells,
                segments=news.segments,
                text=news.text,
                characters=news.characters,
                messages=news.messages,
                people=news.people,
                crews=news.crews,
            ),
        )
