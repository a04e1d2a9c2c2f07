"""One incident with everything about it: an agency sees its own crews and what concerns them, and not who else comes."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Self

from msgspec import to_builtins
from msgspec.structs import asdict

from ...domain import clocks, ids
from ...domain.assignment import Assignment
from ...domain.details import standing
from ...domain.incident import Incident, LegalHold, PageKind
from ...domain.notice import Notice
from ...domain.page import Attempt, Page, PageStatus
from ...domain.registry import Account
from ...models.incidents import Loaded
from ...models.registry import Snapshot
from ...services.evidence.timeline import chain_of
from ...services.notices.telling import may_be_told
from ..access import SEES_NUMBERS, bound_agency
from .board import IncidentSummary, Moment, summed_up
from .calls import CallAnswer
from .notes import DetailAnswer, NoteAnswer
from .shown import Shown, mask, name_of, taken_from
from .timeline import EventAnswer, concerns


class AssignmentAnswer(Assignment, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit asked to one incident, with its clocks in seconds."""

    clocks: dict[str, float | None]

    @classmethod
    def of(cls, value: Assignment, incident: Incident, foreign: Set[str]) -> Self:
        """An assignment without the id of another that is `foreign` to the reader."""
        own = {**asdict(value), "beside": "" if value.beside in foreign else value.beside}
        return cls(**own, clocks=clocks.assignment_clocks(incident, value))


class PageAnswer(Shown, frozen=True, kw_only=True):
    """One message to one phone; `also` are the others whose phone it is, `name` has them all; `amends`: it says what has changed.

    `backup`: the person was asked because the crew had not answered. `because` is why somebody is told that they are not
    needed: others have `answered`, the crew is `unable`, the incident has `ended`; '' for any other message.
    """

    id: str
    incident_id: str
    assignment_id: str
    kind: PageKind
    person_id: str
    also: list[str]
    agency_id: str
    name: str
    number: str
    status: PageStatus
    requested_at: str
    expires_at: str
    sent_at: str | None
    delivered_at: str | None
    acknowledged_at: str | None
    attempts: list[Attempt]
    body: str
    after: str
    reply: str
    amends: bool
    because: str
    backup: bool
    erased: bool

    @classmethod
    def of(cls, value: Page, account: Account) -> Self:
        number, amends = mask(value.number, account), value.amends is not None
        return taken_from(cls, value, number=number, amends=amends, erased=not value.salt)


class WordBackAnswer(Shown, frozen=True, kw_only=True):
    """The SMS that tells whoever made `call` that help is being sent: who ordered it, and whether it left and arrived."""

    call: str
    by: str
    by_name: str
    status: PageStatus
    requested_at: str
    sent_at: str | None
    delivered_at: str | None
    body: str

    @classmethod
    def of(cls, value: Notice, registry: Snapshot) -> Self:
        return taken_from(cls, value, call=value.id, by_name=name_of(value.by, registry))


class HoldAnswer(Shown, frozen=True, kw_only=True):
    """A legal hold; `note` names the note with its reason."""

    by: str
    by_name: str
    at: str
    note: str

    @classmethod
    def of(cls, value: LegalHold, registry: Snapshot) -> Self:
        return taken_from(cls, value, by_name=name_of(value.by, registry))


class LinkedIncident(Shown, frozen=True, kw_only=True):
    """Another incident that is the same."""

    id: str
    label: str

    @classmethod
    def of(cls, incident_id: str) -> Self:
        return cls(id=incident_id, label=ids.label(incident_id))


class IncidentDetail(IncidentSummary, frozen=True, kw_only=True):
    """One incident with everything about it that the reader may see.

    `details` are what stands of the type's questions; `may_tell` are the calls whose callers the desk may send word to now, `word_back` what was sent so; both empty for an agency.
    """

    version: int
    plan: dict[str, Any]
    hold: HoldAnswer | None
    erased: list[str]
    corrected: list[str]
    duplicate_of: LinkedIncident | None
    duplicates: list[LinkedIncident]
    calls_list: list[CallAnswer]
    may_tell: list[str]
    word_back: list[WordBackAnswer]
    assignments: list[AssignmentAnswer]
    pages: list[PageAnswer]
    notes: list[NoteAnswer]
    details: list[DetailAnswer]
    timeline: list[EventAnswer]
    clocks: dict[str, float | None]
    chain: dict[str, Any]

    @classmethod
    def whole(cls, whole: Loaded, registry: Snapshot, account: Account, now: str) -> Self:
        """One incident as the account may see it."""
        incident, own = whole.incident, bound_agency(account)
        assignments = [each for each in whole.assignments.values() if own in (None, each.agency_id)]
        foreign = whole.assignments.keys() - {each.id for each in assignments}
        under_way = incident.status == "open"
        calls = [each for each in whole.calls.values() if each.incident_id == incident.id]
        notes = [each for each in whole.notes if each.assignment_id not in foreign]
        pages = [each for each in whole.pages.values() if own in (None, each.agency_id)]
        return taken_from(
            cls,
            incident,
            **summed_up(incident, account, Moment.of([incident], registry, now)),
            version=incident.seq,
            plan=_plan(whole, registry) if own is None else {},
            hold=HoldAnswer.of(incident.hold, registry) if incident.hold else None,
            duplicate_of=LinkedIncident.of(incident.duplicate_of)
            if incident.duplicate_of and own is None
            else None,
            duplicates=[LinkedIncident.of(each) for each in incident.duplicates if own is None],
            calls_list=[CallAnswer.of(each, account, needed=under_way) for each in calls],
            may_tell=[each for each in may_be_told(registry, incident, calls) if each not in whole.notices]
            if account.role in SEES_NUMBERS
            else [],
            word_back=[WordBackAnswer.of(each, registry) for each in whole.notices.values() if own is None],
            assignments=[AssignmentAnswer.of(each, incident, foreign) for each in assignments],
            pages=[PageAnswer.of(each, account) for each in pages],
            notes=[NoteAnswer.of(each, account, registry, needed=under_way) for each in notes],
            details=[
                taken_from(DetailAnswer, each) for each in standing(note.details for note in notes).values()
            ],
            timeline=[
                EventAnswer.of(event, registry, foreign)
                for event in whole.events
                if concerns(event, foreign, whole_regency=own is None)
            ],
            clocks=clocks.incident_clocks(incident, assignments),
            chain=chain_of(whole),
        )


def _plan(whole: Loaded, registry: Snapshot) -> dict[str, Any]:
    """Plan and policy with what the plan answered, level by level; `label` is the plan's name today."""
    answers = sorted(whole.answers, key=lambda each: each.level)
    # Incidents of earlier versions hold their answers themselves.
    earlier = whole.incident.plan.get("answers", [])
    plan = registry.plans.get(str(whole.incident.plan.get("plan_id", "")))
    return {
        **whole.incident.plan,
        "label": to_builtins(plan.label) if plan else None,
        "answers": [*earlier, *(each.answer for each in answers)],
    }
