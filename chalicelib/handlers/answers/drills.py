"""Paging drills: who was paged, who answered and how fast."""

from __future__ import annotations

from typing import Any, Literal, Self

from ...domain import drills as rules
from ...domain import ids
from ...domain.drills import OnDuty
from ...domain.events import DrillAnswered, DrillStarted
from ...domain.incident import Incident, Tally
from ...domain.page import Page, PageStatus
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...services.evidence.timeline import chain_of
from .shown import Shown, name_of, taken_from


class DrillSummary(Shown, frozen=True, kw_only=True):
    """A paging drill; `tally` stands once it was ended, `by` is the name of whoever started it."""

    id: str
    label: str
    agency_id: str
    status: Literal["running", "ended"]
    minutes: int
    started_at: str
    ends_at: str
    ended_at: str | None
    by: str
    tally: Tally | None

    @classmethod
    def of(cls, incident: Incident, registry: Snapshot, now: str) -> Self:
        return cls(**_summed_up(incident, registry, now))


def _summed_up(incident: Incident, registry: Snapshot, now: str) -> dict[str, Any]:
    drill = incident.paging_drill
    assert drill
    over = rules.over(incident, now)
    return {
        "id": incident.id,
        "label": ids.label(incident.id),
        "agency_id": drill.agency_id,
        "status": "ended" if over else "running",
        "minutes": drill.minutes,
        "started_at": incident.opened_at,
        "ends_at": drill.ends_at,
        "ended_at": incident.closed_at or (drill.ends_at if over else None),
        "by": name_of(drill.by, registry),
        "tally": drill.tally,
    }


class DrillPerson(Shown, frozen=True, kw_only=True):
    """Somebody paged in a drill, by name; without a page yet, its `status` is pending.

    `seconds` run from the page's sending to the answer.
    """

    person_id: str
    name: str
    unit_id: str | None
    status: PageStatus
    sent_at: str | None
    answered_at: str | None
    seconds: float | None
    late: bool

    @classmethod
    def of(cls, person_id: str, unit_id: str | None, name: str, page: Page | None, *, late: bool) -> Self:
        """Somebody by the name in their own page, else by the registry's."""
        return cls(
            person_id=person_id,
            name=(page.name if page and not page.also else "") or name,
            unit_id=unit_id,
            status=page.status if page else "pending",
            sent_at=page.sent_at if page else None,
            answered_at=page.acknowledged_at if page else None,
            seconds=rules.seconds_to_answer(page) if page else None,
            late=late,
        )


class PersonName(Shown, frozen=True, kw_only=True):
    """Somebody by name."""

    person_id: str
    name: str


class DrillDetail(DrillSummary, frozen=True, kw_only=True):
    """A paging drill with everybody it pages; `out` were out with a unit and left in peace. `tally` is of this moment."""

    people: list[DrillPerson]
    out: list[PersonName]
    now: str
    chain: dict[str, Any]

    @classmethod
    def whole(cls, whole: Loaded, registry: Snapshot, now: str) -> Self:
        """A drill as it stands now."""
        incident, drill = whole.incident, whole.incident.paging_drill
        assert drill
        (assignment,) = whole.assignments.values()
        told = [event.content for event in whole.events]
        units = {
            each.person: each.unit for one in told if isinstance(one, DrillStarted) for each in one.people
        }
        late = {one.page for one in told if isinstance(one, DrillAnswered) and one.late}
        pages = {person_id: page for page in whole.pages.values() for person_id in page.people}

        def row(person_id: str) -> DrillPerson:
            page, name = pages.get(person_id), _name(person_id, registry)
            is_late = page is not None and page.id in late
            return DrillPerson.of(person_id, units.get(person_id) or None, name, page, late=is_late)

        asked = rules.phones(incident, assignment, whole.pages.values())
        return cls(
            **{
                **_summed_up(incident, registry, now),
                "tally": rules.tally(asked, whole.pages.values(), late),
            },
            people=[row(person_id) for person_id in assignment.people],
            out=[PersonName(person_id=each, name=_name(each, registry)) for each in drill.out],
            now=now,
            chain=chain_of(whole),
        )


def _name(person_id: str, registry: Snapshot) -> str:
    return name_of(f"person:{person_id}", registry)


class Drills(Shown, frozen=True, kw_only=True):
    """Paging drills, newest first; `next` is to be asked for as `before`, null at the end."""

    drills: list[DrillSummary]
    next: str | None
    now: str


class PresentPerson(PersonName, frozen=True, kw_only=True):
    """Somebody on duty; without a unit they are on call."""

    unit_id: str | None

    @classmethod
    def of(cls, value: OnDuty, registry: Snapshot) -> Self:
        return taken_from(cls, value, name=registry.people[value.person_id].name)


class PresentAnswer(Shown, frozen=True, kw_only=True):
    """Whom a paging drill would page now, and who is out with a unit and left in peace."""

    people: list[PresentPerson]
    out: list[PresentPerson]
