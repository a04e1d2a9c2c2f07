"""A roster's file against the draft that stands: what would be written into it, what is refused by its cell, and what is asked first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..duty import Row
from ..duty.editing import NewRow
from ..registry import DutyCrew
from ..sheets.clarifications import SKIP, At, FieldName, Given, RowKey
from ..sheets.refusals import Choice, Refusal
from ..sheets.words import Words
from .codes import Codes
from .people import People

MonthText = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$(?!\n)")]
UnseenHere = Literal["hidden_rows", "struck_rows", "hidden_columns"]
Bin = Literal["new", "changed", "cleared", "kept", "same"]
WholeRefusal = Literal["", "no_days", "no_names", "two_months", "weekly"]
# Another row of the same person is that person's id with this behind it.
ANOTHER = "~"


class Answers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that was asked of a roster's file and is answered; what is not among it is asked.

    `month`: the file is of this month, whatever its heads say. `blanks`: whether a blank cell empties one that is filled.
    `words`: by noun what a word means, '' for nothing. `who`: by row an id, with ~ for another row of the same person, '-' to leave it out.
    """

    month: MonthText | None = None
    blanks: Literal["clear", "keep"] | None = None
    words: dict[FieldName, dict[Given, Given]] = field(default_factory=dict)
    who: dict[RowKey, Given] = field(default_factory=dict)
    cells: dict[At, Given] = field(default_factory=dict)
    unseen: dict[UnseenHere, Literal["read", "skip"]] = field(default_factory=dict)


class Against(Struct, frozen=True, kw_only=True):
    """What a file is read against: the month that is open, its draft's rows, and what the agency has."""

    month: str
    rows: Sequence[Row]
    codes: Codes
    people: People
    crews: Sequence[DutyCrew]
    units: Words


class Sign(Struct, frozen=True, kw_only=True):
    """Where a file says of which month it is: a `title` at its address, its `tab`, its `days`, or their `weekdays`; '' fits none near."""

    where: Literal["title", "tab", "days", "weekdays"]
    says: str
    at: str = ""


class Question(Struct, frozen=True, kw_only=True):
    """What must be answered before anything is written."""

    kind: Literal["month", "blanks", "hidden_rows", "struck_rows", "hidden_columns"]
    signs: list[Sign] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    number: int = 0


class CellTold(Struct, frozen=True, kw_only=True):
    """What becomes of a cell of the draft, and where in the file it stands."""

    row: str
    person_id: str
    day: str
    was: str
    now: str
    at: str
    bin: Bin


class LeftRow(Struct, frozen=True, kw_only=True):
    """A row of the file that is no duty, and what stands first in it."""

    row: int
    text: str


class Reading(Struct, frozen=True, kw_only=True):
    """What a file would do to the draft; `refused` is why the sheet cannot be read at all, and nothing else is said then.

    `cells` are told in the file's order; nothing of them is to be written while anything is asked.
    """

    refused: WholeRefusal = ""
    asked: list[Question] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    add: list[NewRow] = field(default_factory=list)
    cells: list[CellTold] = field(default_factory=list)
    left: list[LeftRow] = field(default_factory=list)
    coloured: list[str] = field(default_factory=list)


class Put(Struct, frozen=True):
    """A cell's text and where it stands in the file."""

    text: str
    at: str


class Entry(Struct, kw_only=True):
    """What the file says of one person, or of one row of his: by day, a blank too, and where he is named.

    `row_id` is '' where the file names none; `unit` is a unit's id, '' where the file names none.
    """

    row: int
    at: str
    person_id: str
    row_id: str = ""
    another: bool = False
    unit: str = ""
    crew_id: str | None = None
    days: dict[str, Put] = field(default_factory=dict)


class Found(Struct, kw_only=True):
    """What was found on the sheet so far."""

    entries: list[Entry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    left: list[LeftRow] = field(default_factory=list)


def twice(entry: Entry, other: Entry, against: Against) -> Refusal:
    """Somebody who stands in a sheet once more: another row of theirs, or none."""
    return Refusal(
        row=entry.row,
        at=entry.at,
        field="name",
        written=against.people.people[entry.person_id].name,
        code="who_twice",
        ask="who",
        values={"row": str(other.row)},
        choices=[Choice(value=f"{entry.person_id}{ANOTHER}"), Choice(value=SKIP)],
    )
