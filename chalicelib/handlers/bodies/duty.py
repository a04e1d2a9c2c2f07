"""Duty and its sheets."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from ...domain.duty import Kind, Readiness, Turn
from ...domain.registry import Id, LocalDate
from .fields import Body, Day, Moment, Word
from .sheets import Why

RowId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}(~[1-9][0-9]{0,2})?$(?!\n)",
        description="the person's id, with ~2, ~3 of further rows",
    ),
]
CellText = Annotated[
    str,
    Meta(
        pattern=r"^([A-Z0-9]{1,3}(@([a-z0-9][a-z0-9_-]{0,62})?)?)?$(?!\n)",
        description="code, code@unit where it is not the row's, code@ for the pool, '' for nothing",
    ),
]
# What one record of the sheet's history holds.
CELLS_MOST = 4_000


class DutyQuery(Body, frozen=True, kw_only=True):
    """Duty in an agency at an instant, now if none is given."""

    agency_id: Word
    at: Moment | None = None


class CoverageQuery(Body, frozen=True, kw_only=True):
    """An agency's coverage for so many local days, from today on if no day is given."""

    agency_id: Word
    from_: Day | None = field(name="from", default=None)
    days: Annotated[int, Meta(ge=1, le=31)] = 28


class DraftCoverageQuery(Body, frozen=True, kw_only=True):
    """Coverage by a month's draft for a week at most, from the month's first day that has not passed if none is given."""

    from_: Day | None = field(name="from", default=None)
    days: Annotated[int, Meta(ge=1, le=7)] = 7


class SheetCell(Body, frozen=True, kw_only=True):
    """What is written into a row's cell of a day, and what its writer saw there."""

    row: RowId
    day: LocalDate
    was: CellText
    now: CellText


class SheetRow(Body, frozen=True, kw_only=True):
    """A row that is added; with its `id` sent twice it is there once, without the next free one is taken."""

    person_id: Id
    unit_id: Id | None = None
    crew_id: Id | None = None
    id: RowId | None = None


class GoneSheetRow(Body, frozen=True, kw_only=True):
    """A row that is taken out, and its cells as its writer saw them."""

    row: RowId
    was: Annotated[str, Meta(max_length=2_500, pattern=r"^[A-Za-z0-9@,_-]*$(?!\n)")]


class SheetEdits(Body, frozen=True, kw_only=True):
    """What an officer writes into a draft at once: rows that are new, cells, rows that go."""

    add: Annotated[list[SheetRow], Meta(max_length=1_000)] = field(default_factory=list)
    cells: Annotated[list[SheetCell], Meta(max_length=CELLS_MOST)] = field(default_factory=list)
    drop: Annotated[list[GoneSheetRow], Meta(max_length=200)] = field(default_factory=list)
    why: Why = ""


class OutlookQuery(Body, frozen=True, kw_only=True):
    """From which day on the draft would be published, the first that has not begun if none is given."""

    first_day: Day | None = None


class PublishBody(Body, frozen=True, kw_only=True):
    """Publish the draft of version `v` from a day on; `uncovered` is how many duties of patterns it was seen to leave blank."""

    v: Annotated[int, Meta(ge=1, le=10_000_000)]
    first_day: LocalDate
    uncovered: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    why: Why = ""


class SheetHistoryQuery(Body, frozen=True, kw_only=True):
    """What became of a sheet, newest first; `before` is the last number that is known."""

    before: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None


class ChangesQuery(Body, frozen=True, kw_only=True):
    """The changes of an agency's duty that concern any of some days, today and two months on if none are given."""

    agency_id: Word
    since: Day | None = None
    until: Day | None = None


class ChangeBody(Body, frozen=True, kw_only=True):
    """A change as an officer enters it: somebody stands in, two swap, somebody is on leave, somebody does more.

    Of `substitute` and `leave` either a `day`, that is all shifts that start then, or two instants; leave may last to `last_day`.
    """

    agency_id: Id
    kind: Kind
    person_id: Id
    other_id: Id | None = None
    day: LocalDate | None = None
    last_day: LocalDate | None = None
    other_day: LocalDate | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    unit_id: Id | None = None
    readiness: Readiness = "stationed"
    turn: Turn = "primary"
    why: Why = ""


class ChangeWordBody(Body, frozen=True, kw_only=True):
    """Why something is said about a change."""

    why: Why = ""
