"""Which column of which sheet is what a mapping names; what does not fit is told by sheet, column and remedy."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from chalicelib.domain.sheets.cells import folded, letter
from chalicelib.domain.sheets.header import HEAD, Header
from infra.sheets.book import Book, Reading, Sheet

from . import mapping as mappings
from .mapping import Mapping, MappingError
from .table import Table


@dataclass(kw_only=True)
class Plan:
    """The tables to be read; `stops` are why nothing is, `notes` what else to tell."""

    tables: list[Table] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    share: float = 0.0


def choose(book: Book) -> tuple[Path, Mapping, Plan]:
    """The mapping that comes with the program and fits a file's columns; MappingError tells how near the nearest comes."""
    fitting: list[tuple[Path, Mapping, Plan]] = []
    near: list[tuple[Path, Mapping, Plan]] = []
    for file in sorted(mappings.FOLDER.glob("*.yaml")):
        mapping = mappings.load(file)
        plan_ = plan(book, mapping)
        (near if plan_.stops else fitting).append((file, mapping, plan_))
    if len(fitting) == 1:
        return fitting[0]
    if len(fitting) > 1:
        names = ", ".join(file.name for file, _, _ in fitting)
        raise MappingError(f"{book.file} fits several mappings ({names}): name one with MAPPING=…")
    lines = ["No mapping that comes with the program fits this file: MAPPING=… (docs/import.md)"]
    file, _, best = max(near, key=lambda each: each[2].share)
    if best.share > 0:
        lines += [f"The nearest is {file.name}:", *best.stops]
    raise MappingError("\n".join(lines))


def plan(book: Book, mapping: Mapping) -> Plan:
    """What of a file a mapping reads, and why it cannot; TableError."""
    found = Plan()
    readings = [*zip(book.titles, book.readings(mapping.columns), strict=True)]
    if mapping.sheets and book.titles == [""]:
        found.notes.append("`sheet` was not used: a text file has none")
    elif mapping.sheets:
        readings = _named(book, mapping.sheets, readings, found)
    elif any(not each.sheet.hidden for _, each in readings):
        hidden = [title for title, each in readings if each.sheet.hidden]
        found.notes += [_not_read(title, "it is hidden; show it to have it read") for title in hidden]
        readings = [each for each in readings if not each[1].sheet.hidden]
    lacking: list[tuple[str, Reading, list[str]]] = []
    for title, reading in readings:
        header = reading.header
        missing = (
            sorted(mapping.columns, key=str.casefold) if header is None else header.missing(mapping.columns)
        )
        needed = {*mapping.needed}
        absent = [name for name in missing if name in needed or (header and header.nearest(name))]
        if header is None or absent:
            lacking.append((title, reading, absent or missing))
            continue
        for name in missing:
            fields = " and ".join(mapping.fields_of(name))
            found.notes.append(f"{_at(reading.sheet.name)}No column {name!r}: {fields} stays empty")
        found.tables.append(_table(reading.sheet, header, mapping, found))
    _tell_lacking(mapping, lacking, found)
    found.share = max(
        (each.header.matched / len(mapping.columns) for _, each in readings if each.header), default=0.0
    )
    for table in found.tables:
        found.notes += [f"{_at(table.sheet.name)}{note}" for note in table.sheet.notes]
    return found


def _named(
    book: Book, names: list[str], readings: list[tuple[str, Reading]], found: Plan
) -> list[tuple[str, Reading]]:
    wanted = {folded(name): name for name in names}
    for name in (wanted[each] for each in wanted.keys() - {folded(title) for title in book.titles}):
        near = get_close_matches(name, book.titles, 1)
        there = f"; the nearest is {near[0]!r}" if near else ""
        found.stops.append(f"No sheet {name!r}{there}. There are: {', '.join(map(repr, book.titles))}")
    others = [title for title, _ in readings if folded(title) not in wanted]
    found.notes += [_not_read(title, "the mapping's `sheet` does not name it") for title in others]
    return [each for each in readings if folded(each[0]) in wanted]


def _table(sheet: Sheet, header: Header, mapping: Mapping, found: Plan) -> Table:
    at = _at(sheet.name)
    for name, columns in sorted(header.found.items()):
        if len(columns) > 1:
            letters = " and ".join(letter(each.index) for each in columns)
            found.stops.append(
                f"{at}Column {name!r} stands {_times(len(columns))} (columns {letters}, row {header.last}): "
                "which one counts? Rename or delete the other"
            )
    if header.last - header.first:
        found.notes.append(f"{at}The header is rows {header.first} to {header.last}")
    if header.first > 1:
        above = "Row 1" if header.first == 2 else f"Rows 1 to {header.first - 1}"
        found.notes.append(f"{at}{above} above the header: not used")
    in_order = sorted(header.found.items(), key=lambda each: each[1][0].index)
    named = {name: columns[0] for name, columns in in_order}
    needed = [named[folded(name)] for name in mapping.needed]
    return Table(sheet=sheet, header=header, columns=named, needed=needed)


def _tell_lacking(mapping: Mapping, lacking: list[tuple[str, Reading, list[str]]], found: Plan) -> None:
    """A sheet that has half of the columns is meant to be read; of the others only that they were not."""
    nearest = max((each.header.matched if each.header else 0 for _, each, _ in lacking), default=0)
    for title, reading, missing in lacking:
        matched = reading.header.matched if reading.header else 0
        meant = matched * 2 >= len(mapping.columns) or (not found.tables and matched == nearest)
        if not meant:
            found.notes.append(_not_read(title, "it has no such table"))
            continue
        if reading.header is None:
            shown = ", ".join(map(repr, missing))
            found.stops.append(
                f"{_at(reading.sheet.name)}No header: none of the first {HEAD} rows names any of the columns {shown}"
            )
            continue
        for name in missing:
            found.stops.append(f"{_at(reading.sheet.name)}{_missing(name, reading.header)}")
        if found.tables and not mapping.sheets:
            others = ", ".join(table.sheet.name for table in found.tables)
            found.stops.append(
                f"{_at(reading.sheet.name)}If it is not to be read, name those that are: `sheet: [{others}]`"
            )


def _missing(name: str, header: Header) -> str:
    near = header.nearest(name)
    if near:
        alike = f"the most alike is {near.name!r} (column {letter(near.index)}): if it is meant, write that in the mapping"
        return f"No column {name!r} in row {header.last}; {alike}"
    left = ", ".join(str(each) for each in header.unused if each.name)[:300]
    return f"No column {name!r} in row {header.last}" + (f"; not used are {left}" if left else "")


def _not_read(title: str, why: str) -> str:
    return f"Sheet {title!r} was not read: {why}"


def _at(title: str) -> str:
    return f"Sheet {title!r}: " if title else ""


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
