"""The rows of a list of dates: which shift, and the names of those who have it."""

from __future__ import annotations

from collections.abc import Iterator

from ..duty.sheet import days_of
from ..registry import DutyCrew
from ..sheets.cells import folded
from ..sheets.grid import Grid, address
from ..sheets.refusals import Refusal
from ..sheets.table import no_data
from .days import DayHead, day_head
from .layout import Listing
from .reading import Against, Answers, Entry, Found, LeftRow, Put

PEOPLE_NOUN = "personnel"


def read_list(grid: Grid, listing: Listing, against: Against, answers: Answers) -> Found:
    """What a list says of each person on each day that it has; on those he is not named he has nothing."""
    found = Found()
    entries: dict[str, Entry] = {}
    days = set[str]()
    head: DayHead | None = None
    for row in range(listing.head + 1, len(grid.rows) + 1):
        cells = grid.rows[row - 1]
        if not any(cells):
            continue
        written = grid.cell(row, listing.day)
        own = day_head(written)
        head = own if written else head
        named = [(n, code) for n, code in listing.names if grid.cell(row, n)]
        first = next(each for each in cells if each)
        if not named or (own is None and no_data(first)) or not (head or written):
            found.left.append(LeftRow(row=row, text=first))
            continue
        if head is None:
            found.refusals.append(_no_day(row, listing, written))
            continue
        day = _day(found, grid, row, head, (listing, against, answers))
        if day is None:
            continue
        days.add(day)
        for at, text, code, unit in _named(grid, row, listing, named):
            for person_id, crew in _who(found, at, text, against, answers):
                entry = entries.setdefault(
                    person_id,
                    Entry(
                        row=at[0],
                        at=address(*at),
                        person_id=person_id,
                        crew_id=crew.id if crew else None,
                        unit=unit,
                    ),
                )
                _put(found, entry, day, Put(code, address(*at)), at[0])
    for entry in entries.values():
        entry.days = {day: entry.days.get(day, Put("", entry.at)) for day in sorted(days)}
    found.entries = list(entries.values())
    return found


def _day(
    found: Found, grid: Grid, row: int, head: DayHead, by: tuple[Listing, Against, Answers]
) -> str | None:
    """The day of a row; None for one of another month, which is left, and for one that the month does not have."""
    listing, against, answers = by
    text = grid.cell(row, listing.day)
    if not head.of_month(against.month) and answers.month != against.month:
        found.left.append(LeftRow(row=row, text=text))
        return None
    if head.day > days_of(against.month):
        found.refusals.append(_no_day(row, listing, text))
        return None
    return f"{against.month}-{head.day:02d}"


def _no_day(row: int, listing: Listing, written: str) -> Refusal:
    at = address(row, listing.day)
    return Refusal(
        row=row, at=at, field="day", written=written, code="no_such_day", ask="cell", values={"day": written}
    )


def _named(
    grid: Grid, row: int, listing: Listing, named: list[tuple[int, str]]
) -> Iterator[tuple[tuple[int, int], str, str, str]]:
    """Each cell of names with its place, its shift as it is written, and its unit."""
    unit = grid.cell(row, listing.unit) if listing.unit is not None else ""
    for n, code in named:
        yield (row, n), grid.cell(row, n), code or grid.cell(row, listing.code or 0), unit


def _who(
    found: Found, at: tuple[int, int], text: str, against: Against, answers: Answers
) -> Iterator[tuple[str, DutyCrew | None]]:
    """Whom a cell names: people, or a crew as a whole; who is not clear is refused by his name, once for the whole list."""
    crews = [each for each in against.crews if folded(each.name) == folded(text)]
    if len(crews) == 1:
        for member in crews[0].members:
            if member.person_id in against.people.people:
                yield member.person_id, crews[0]
        return
    for name in against.people.several(text):
        answered = answers.words.get(PEOPLE_NOUN, {}).get(folded(name))
        if answered == "":
            continue
        if answered is not None and answered in against.people.people:
            yield answered, None
            continue
        who = against.people.who(name)
        if not who.code:
            yield who.person_id, None
            continue
        names = ", ".join(each.label for each in who.choices)
        found.refusals.append(
            Refusal(
                row=at[0],
                at=address(*at),
                field="name",
                written=name,
                code=who.code,
                ask="word",
                values={"noun": PEOPLE_NOUN, "word": name, **({"names": names} if names else {})},
                choices=who.choices,
                proposed=who.proposed,
            )
        )


def _put(found: Found, entry: Entry, day: str, put: Put, row: int) -> None:
    there = entry.days.get(day)
    if there is None or folded(there.text) == folded(put.text):
        entry.days[day] = put
        return
    found.refusals.append(
        Refusal(
            row=row,
            at=put.at,
            field="day",
            written=put.text,
            code="day_twice",
            ask="none",
            values={"at": there.at, "day": day},
        )
    )
