"""What is held of a person, and who looked at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from msgspec import field, to_builtins

from ...domain.blocking import Block
from ...domain.call import Call, CallClass, Channel, Statement
from ...domain.duty import Stretch
from ...domain.incident import PageKind
from ...domain.note import Note
from ...domain.page import Page, PageStatus
from ...models.incidents import Loaded
from ...models.privacy import Kept
from ...models.registry import Snapshot
from ...services.evidence import privacy
from ...services.evidence.erasing_versions import OfNumber
from ...services.evidence.privacy import Found
from .shown import Shown, name_of, taken_from


class SeenNumber(Shown, frozen=True, kw_only=True):
    """The number of a call or note."""

    id: str
    number: str


class Revealed(Shown, frozen=True, kw_only=True):
    """The numbers of an incident's calls and SMS."""

    calls: list[SeenNumber]
    notes: list[SeenNumber]

    @classmethod
    def of(cls, calls: list[Call], notes: list[Note]) -> Self:
        return cls(
            calls=[SeenNumber(id=each.id, number=privacy.number_or_typed(each)) for each in calls],
            notes=[SeenNumber(id=each.id, number=each.number) for each in notes],
        )


class OwnCall(Shown, frozen=True, kw_only=True):
    """A call of somebody's with what they said; the incident's place and narrative only where nobody else called about it."""

    id: str
    incident_id: str | None
    channel: Channel
    kind: CallClass = field(name="class")
    received_at: str
    answered_at: str | None
    note: str
    type: str
    district: str
    village: str
    landmark: str
    lat: float | None
    lng: float | None
    narrative: str
    said: Statement | None
    under_legal_hold: bool

    @classmethod
    def without_incident(cls, call: Call) -> Self:
        return taken_from(cls, call, **NO_INCIDENT)

    @classmethod
    def of_incident(cls, loaded: Loaded, number: str) -> list[Self]:
        """Somebody's calls; what was written down of an incident is theirs only where nobody else has called."""
        incident, place = loaded.incident, loaded.incident.location
        alone = {call.number for call in loaded.calls.values() if call.incident_id == incident.id} == {number}
        about = NO_INCIDENT | {
            "type": incident.type,
            "district": place.district,
            "village": place.village,
            "under_legal_hold": incident.hold is not None,
        }
        if alone:
            about |= {"narrative": incident.narrative, "landmark": place.landmark}
            about |= {"lat": place.lat, "lng": place.lng}
        return [taken_from(cls, call, **about) for call in loaded.calls.values() if call.number == number]


NO_INCIDENT: dict[str, Any] = {
    **dict.fromkeys(("type", "district", "village", "landmark", "narrative"), ""),
    **dict.fromkeys(("lat", "lng")),
    "under_legal_hold": False,
}


class OwnMessage(Shown, frozen=True, kw_only=True):
    """An SMS of somebody's."""

    incident_id: str
    at: str
    text: str


class OwnPage(Shown, frozen=True, kw_only=True):
    """A message that was sent to somebody."""

    incident_id: str
    kind: PageKind
    name: str
    requested_at: str
    sent_at: str | None
    status: PageStatus
    text: str

    @classmethod
    def of(cls, page: Page) -> Self:
        return taken_from(cls, page, text=page.body)


class OwnBlock(Shown, frozen=True, kw_only=True):
    """That a number was blocked."""

    reason: str
    at: str
    until: str
    times: int
    lifted_at: str | None

    @classmethod
    def of(cls, block: Block) -> Self:
        return taken_from(cls, block)


class Processed(Shown, frozen=True, kw_only=True):
    """What was done in an incident, or beside all, that concerns somebody's data, when, and by whom ('' for the system)."""

    incident_id: str | None
    at: str
    what: str
    by: str


class RecordAnswer(Shown, frozen=True, kw_only=True):
    """That somebody looked up or erased the data of a number, known here by its keyed hash alone, or saw those of a day."""

    seq: int
    at: str
    by: str
    by_name: str
    action: str
    subject: str
    reason: str
    hash: str

    @classmethod
    def of(cls, kept: Kept, registry: Snapshot) -> Self:
        record = kept.record
        return taken_from(cls, record, by_name=name_of(record.by, registry), reason=kept.reason)


class OwnData(Shown, frozen=True, kw_only=True):
    """All that is held of a number, as far as the table was looked through: go on with `after` until `next` is null.

    `versions` are what the registry's history holds with it. `mentioned_in` are incidents whose texts name it; they are other people's words, and somebody must read them.
    """

    number: str
    calls: list[OwnCall]
    messages: list[OwnMessage]
    pages: list[OwnPage]
    mentioned_in: list[str]
    personnel: list[dict[str, Any]]
    shifts: list[Stretch]
    versions: list[OfNumber]
    block: OwnBlock | None
    processing: list[Processed]
    records: list[RecordAnswer]
    next: str | None

    @classmethod
    def of(cls, found: Found, number: str, registry: Snapshot) -> Self:
        incidents = found.incidents
        notes = [(each, note) for each in incidents for note in each.notes if note.number == number]
        pages = [page for each in incidents for page in each.pages.values() if page.number == number]
        return cls(
            number=number,
            calls=[
                *(call for each in incidents for call in OwnCall.of_incident(each, number)),
                *map(OwnCall.without_incident, found.other_calls),
            ],
            messages=[
                OwnMessage(incident_id=each.incident.id, at=note.at, text=note.text) for each, note in notes
            ],
            pages=[OwnPage.of(page) for page in pages],
            mentioned_in=[each.incident.id for each in incidents if privacy.mentioned(each, number)],
            personnel=[to_builtins(each) for each in found.people],
            shifts=list(found.shifts),
            versions=list(found.versions),
            block=OwnBlock.of(found.block) if found.block else None,
            processing=list(_processing(found, registry)),
            records=[RecordAnswer.of(each, registry) for each in found.records],
            next=found.next,
        )


def _processing(found: Found, registry: Snapshot) -> Iterator[Processed]:
    for each in found.incidents:
        for event in each.events:
            by = name_of(event.actor, registry)
            yield Processed(incident_id=each.incident.id, at=event.recorded_at, what=event.type, by=by)
    for call in found.other_calls:
        by = name_of(call.taken_by, registry)
        yield Processed(incident_id=None, at=call.received_at, what="CallTaken", by=by)
    for made in found.ring_backs:
        by = name_of(made.by, registry)
        yield Processed(incident_id=None, at=made.at, what="CallRungBack", by=by)
    for step in found.block_history:
        what = "NumberUnblocked" if step.lifted else "NumberBlocked"
        yield Processed(incident_id=None, at=step.at, what=what, by=name_of(step.by, registry))


class ShownCall(Shown, frozen=True, kw_only=True):
    """A call without an incident, with its number."""

    id: str
    number: str
    kind: CallClass = field(name="class")
    received_at: str
    note: str

    @classmethod
    def of(cls, call: Call) -> Self:
        return taken_from(cls, call)


class ShownDay(Shown, frozen=True, kw_only=True):
    """A day's calls without an incident that still have a number."""

    calls: list[ShownCall]


class Records(Shown, frozen=True, kw_only=True):
    """Who looked up or erased whose data, and whether the chain of these records is whole."""

    records: list[RecordAnswer]
    chain: dict[str, Any]

    @classmethod
    def of(cls, links: list[tuple[Kept, str]], registry: Snapshot) -> Self:
        """All records with whether their chain holds."""
        broken = privacy.first_broken(links)
        chain = {"ok": broken is None, "length": len(links)} | ({"broken_at": broken} if broken else {})
        return cls(records=[RecordAnswer.of(each, registry) for each, _ in links], chain=chain)
