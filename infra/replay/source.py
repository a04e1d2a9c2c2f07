"""Reads San Francisco's fire calls (DataSF `nuek-vuh3`, one row a unit) and says what its rows can be used for."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chalicelib.domain.sheets.cells import TableError, empty, folded, plain
from infra.sheets.book import Book, open_book

from .sums import Sums

FORMAT = "%m/%d/%Y %I:%M:%S %p"
RECEIVED, DISPATCHED = "Received DtTm", "Dispatch DtTm"
EN_ROUTE, ON_SCENE, CLEARED = "Response DtTm", "On Scene DtTm", "Available DtTm"
NEEDED = ("Call Number", "Unit ID", "Call Type", RECEIVED, DISPATCHED, EN_ROUTE, ON_SCENE, CLEARED)


class SourceError(Exception):
    """The file is not what it should be; the message is one line."""


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """One unit of a call, with the reports that its row can bear, in their order."""

    id: str
    unit_type: str
    dispatched: datetime
    reports: tuple[tuple[str, datetime], ...]


@dataclass(kw_only=True)
class CityCall:
    """One call with its units in the order in which they were sent; times are the city's own, without a zone."""

    id: str
    type: str
    received: datetime
    neighbourhood: str
    disposition: str
    units: list[UnitRow] = field(default_factory=list)


def read(file: Path, limit: int, sums: Sums) -> list[CityCall]:
    """The first `limit` calls by the time they were received; rows that cannot be used are counted in `sums`.

    The file is sorted by neither time nor call (within a day rows are up to 24 h out of order, and 434 times a call's rows
    do not stand together), so it is read twice: once to find the calls, once for their rows. Memory holds `limit` calls.
    """
    first: list[tuple[datetime, str]] = []
    wanted: set[str] = set()
    for row in _rows(file):
        id_ = row["Call Number"]
        received = _instant(row[RECEIVED])
        if not id_ or received is None:
            sums.left_out(_name(row), "no call number" if not id_ else f"{RECEIVED} missing or unreadable")
        elif id_ not in wanted:
            insort(first, (received, id_))
            wanted.add(id_)
            if len(first) > limit:
                wanted.discard(first.pop()[1])
    calls: dict[str, CityCall] = {}
    sequence: dict[str, list[tuple[int, UnitRow]]] = {}
    for row in _rows(file):
        id_ = row["Call Number"]
        received = _instant(row[RECEIVED])
        if id_ not in wanted or received is None:
            continue
        calls.setdefault(
            id_,
            CityCall(
                id=id_,
                type=row["Call Type"],
                received=received,
                neighbourhood=row.get("Neighborhooods - Analysis Boundaries") or "",
                disposition=row.get("Call Final Disposition") or "",
            ),
        )
        order = row.get("Unit sequence in call dispatch") or ""
        place = int(order) if order.isascii() and order.isdigit() else 999
        sequence.setdefault(id_, []).append((place, _unit(row, received, sums)))
    for id_, units in sequence.items():
        calls[id_].units = [unit for _, unit in sorted(units, key=lambda each: (each[0], each[1].id))]
    return sorted(calls.values(), key=lambda call: (call.received, call.id))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    try:
        with open_book(file) as book:
            yield from _rows_of(book)
    except TableError as error:
        raise SourceError(str(error)) from error


def _rows_of(book: Book) -> Iterator[dict[str, str]]:
    reading = book.readings(NEEDED)[0]
    missing = reading.header.missing(NEEDED) if reading.header else NEEDED
    if missing or reading.header is None:
        raise SourceError(f"{book.file} lacks the columns {', '.join(missing)}")
    columns = {each.index: each.name for each in reading.header.columns}
    for name in NEEDED:
        named, *others = reading.header.found[folded(name)]
        if others:
            raise SourceError(f"{book.file}: {named} stands there again as {others[0]}")
        columns[named.index] = name
    for number, cells in reading.sheet.rows():
        if number > reading.header.last and not empty(cells):
            yield {name: plain(cells[n]) if n < len(cells) else "" for n, name in columns.items()}


def _name(row: dict[str, str]) -> str:
    return f"{row['Call Number'] or '?'}-{row['Unit ID'] or '?'}"


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, FORMAT)
    except ValueError:
        return None


def _unit(row: dict[str, str], received: datetime, sums: Sums) -> UnitRow:
    """A row's reports; a step without a usable time is skipped and counted, as is one that contradicts the others."""
    end = _usable(row, CLEARED, sums, "cleared when its incident ends")
    reports: list[tuple[str, datetime]] = []
    for status, column in (("en_route", EN_ROUTE), ("on_scene", ON_SCENE)):
        at = _usable(row, column, sums, "step skipped")
        if at is None:
            continue
        if end is not None and at > end:
            sums.skipped(f"{column} lies after {CLEARED}: step skipped")
        elif reports and at < reports[-1][1]:
            sums.skipped(f"{column} lies before the step before it: step skipped")
        else:
            reports.append((status, at))
    if end is not None:
        reports.append(("cleared", end))
    dispatched = _instant(row[DISPATCHED]) or received
    return UnitRow(
        id=_name(row),
        unit_type=row.get("Unit Type") or "",
        dispatched=min([max(dispatched, received), *(at for _, at in reports)]),
        reports=tuple(reports),
    )


def _usable(row: dict[str, str], column: str, sums: Sums, consequence: str) -> datetime | None:
    at = _instant(row[column])
    if at is None:
        sums.skipped(f"{column} {'unreadable' if row[column] else 'missing'}: {consequence}")
    return at
