"""Who is on duty, and sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import msgspec
from msgspec.structs import asdict

from ...domain.duty import By, Change, Kind, Readiness, Row, Sheet, State, Stretch, Turn
from ...domain.duty.amounts import Amount
from ...domain.duty.change_history import Act, KeptChangeRecord
from ...domain.duty.history import KeptRecord
from ...models.registry import Snapshot
from ...services.duty.sending_link import Standing as LinkStanding
from ...services.duty.sheets import Outlook, Saved, Standing
from .shown import Shown, name_of


class LinkAnswer(Shown, frozen=True, kw_only=True):
    """The link to somebody's own duty: of which `generation` it is (0 if none was made for the phone that they have now), since when,
    and what became of the last SMS with it, '' if there was none within a month.
    """

    generation: int
    made_at: str | None
    sms: str
    sms_at: str | None

    @classmethod
    def of(cls, found: LinkStanding) -> Self:
        link, notice = found
        return cls(
            generation=link.generation if link else 0,
            made_at=link.made_at if link else None,
            sms=notice.status if notice else "",
            sms_at=notice.requested_at if notice else None,
        )


class OnDutyPerson(Shown, frozen=True, kw_only=True):
    """Somebody on duty, with a unit or in the agency's pool: since when, until when, and by what."""

    person_id: str
    name: str
    unit_id: str | None
    starts_at: str
    ends_at: str
    code: str
    readiness: Readiness
    turn: Turn
    by: By

    @classmethod
    def of(cls, found: Stretch, registry: Snapshot) -> Self:
        return cls(
            person_id=found.person_id,
            name=registry.people[found.person_id].name if found.person_id in registry.people else "",
            unit_id=found.unit_id,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            code=found.code,
            readiness=found.readiness,
            turn=found.turn,
            by=found.by,
        )


class OnDuty(Shown, frozen=True, kw_only=True):
    """Who is on duty in an agency at an instant."""

    agency_id: str
    at: str
    people: list[OnDutyPerson]


class SheetRowAnswer(Shown, frozen=True, kw_only=True):
    """A row of a sheet; its cells of all days in one text, parted by commas."""

    id: str
    person_id: str
    unit_id: str | None
    crew_id: str | None
    cells: str

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(**asdict(row))


class PublishedSheet(Shown, frozen=True, kw_only=True):
    """What is published of a month: from which day on, when and by whom, and its rows."""

    first_day: str
    at: str
    by: str
    draft_v: int
    rows: list[SheetRowAnswer]

    @classmethod
    def of(cls, sheet: Sheet, registry: Snapshot) -> Self:
        return cls(
            first_day=sheet.first_day,
            at=sheet.published_at,
            by=name_of(sheet.published_by, registry),
            draft_v=sheet.draft_v,
            rows=[SheetRowAnswer.of(row) for row in sheet.rows],
        )


class DifferingCell(Shown, frozen=True, kw_only=True):
    """A cell from tomorrow on in which the draft differs from what is published."""

    row: str
    day: str
    was: str
    now: str


class SheetAnswer(Shown, frozen=True, kw_only=True):
    """An agency's month: its draft with the version that publishing names, and what is published."""

    agency_id: str
    month: str
    v: int
    rows: list[SheetRowAnswer]
    published: PublishedSheet | None
    differs: list[DifferingCell]

    @classmethod
    def of(cls, found: Standing, registry: Snapshot) -> Self:
        draft, sheet = found.draft.draft, found.published.sheet
        return cls(
            agency_id=draft.agency_id,
            month=draft.month,
            v=found.draft.version,
            rows=[SheetRowAnswer.of(row) for row in draft.rows],
            published=PublishedSheet.of(sheet, registry) if sheet else None,
            differs=[DifferingCell(row=r, day=d, was=was, now=now) for r, d, was, now in found.differs],
        )


class MetCell(Shown, frozen=True, kw_only=True):
    """A cell, or for no day a row, in which `stands` what its writer had not seen; it was left."""

    row: str
    day: str
    was: str
    stands: str
    now: str


class SheetSaved(Shown, frozen=True, kw_only=True):
    """The draft's version now, whether this save made it, the rows that were added, and what was left as somebody else had changed it."""

    v: int
    wrote: bool
    added: list[str]
    conflicts: list[MetCell]

    @classmethod
    def of(cls, saved: Saved) -> Self:
        conflicts = [MetCell(**each._asdict()) for each in saved.conflicts]
        return cls(v=saved.version, wrote=saved.wrote, added=saved.added, conflicts=conflicts)


class MovedDuty(Shown, frozen=True, kw_only=True):
    """What somebody has to do on a day now, and what once the draft is published."""

    person_id: str
    day: str
    was: list[OnDutyPerson]
    now: list[OnDutyPerson]


class OutlookAnswer(Shown, frozen=True, kw_only=True):
    """What publishing from `first_day` on changes: duties that move, and those of patterns that the draft leaves blank."""

    first_day: str
    moved: list[MovedDuty]
    uncovered: list[OnDutyPerson]

    @classmethod
    def of(cls, found: Outlook, registry: Snapshot) -> Self:
        def named(stretches: list[Stretch]) -> list[OnDutyPerson]:
            return [OnDutyPerson.of(each, registry) for each in stretches]

        moved = [
            MovedDuty(person_id=each.person_id, day=each.day, was=named(each.was), now=named(each.now))
            for each in found.moved
        ]
        return cls(first_day=found.first_day, moved=moved, uncovered=named(found.uncovered))


class PersonLoad(Shown, frozen=True, kw_only=True):
    """What somebody's duty amounts to: minutes, nights, duties on weekends and holidays; when the last at a station ends."""

    person_id: str
    minutes: int
    nights: int
    off: int
    ended_at: str | None


class LoadAnswer(Shown, frozen=True, kw_only=True):
    """People's duty from a day on until before another."""

    since: str
    until: str
    people: list[PersonLoad]

    @classmethod
    def of(cls, until: str, since: str, found: Mapping[str, Amount]) -> Self:
        people = [PersonLoad(person_id=id_, **each._asdict()) for id_, each in sorted(found.items())]
        return cls(since=since, until=until, people=people)


class SheetChange(Shown, frozen=True, kw_only=True):
    """One record of a sheet's history: what was written, or from which day on it was published; null once it is erased."""

    seq: int
    at: str
    by: str
    change: Literal["saved", "published"]
    first_day: str
    edits: dict[str, Any] | None
    why: str | None

    @classmethod
    def of(cls, kept: KeptRecord, registry: Snapshot) -> Self:
        record = kept.record
        return cls(
            seq=record.seq,
            at=record.at,
            by=name_of(record.by, registry),
            change=record.change,
            first_day=record.first_day,
            edits=msgspec.json.decode(kept.edits) if kept.edits else None,
            why=kept.why or None,
        )


class SheetHistory(Shown, frozen=True, kw_only=True):
    """What became of a month's sheet, newest first."""

    changes: list[SheetChange]
    more: bool


class DutyChange(Shown, frozen=True, kw_only=True):
    """A change of who is on duty: what, of whom, and what became of it; only what is `agreed` counts, from `agreed_at` on.

    `asked` waits for the other person, `accepted` for the agency.
    """

    id: str
    agency_id: str
    kind: Kind
    state: State
    person_id: str
    name: str
    other_id: str
    other_name: str
    day: str
    last_day: str
    other_day: str
    starts_at: str
    ends_at: str
    unit_id: str | None
    readiness: Readiness
    turn: Turn
    why: str
    by: str
    recorded_at: str
    agreed_at: str
    withdrawn_at: str

    @classmethod
    def of(cls, change: Change, registry: Snapshot) -> Self:
        def name(id_: str) -> str:
            return registry.people[id_].name if id_ in registry.people else ""

        told = {**asdict(change), "by": name_of(change.by, registry)}
        return cls(**told, name=name(change.person_id), other_name=name(change.other_id))


class DutyChanges(Shown, frozen=True, kw_only=True):
    """An agency's changes, the one that comes first first."""

    changes: list[DutyChange]


class ChangeWord(Shown, frozen=True, kw_only=True):
    """What was said about a change, when, by whom and why; null for a reason that is erased."""

    seq: int
    at: str
    by: str
    act: Act
    why: str | None

    @classmethod
    def of(cls, kept: KeptChangeRecord, registry: Snapshot) -> Self:
        record = kept.record
        why = None if record.why and not kept.why_salt else kept.why
        return cls(seq=record.seq, at=record.at, by=name_of(record.by, registry), act=record.act, why=why)


class DutyChangeHistory(Shown, frozen=True, kw_only=True):
    """A change, and all that was said about it in its order."""

    change: DutyChange
    words: list[ChangeWord]
