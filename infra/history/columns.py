"""Which column of which sheet is what a mapping names; what does not fit is told by sheet, column and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from infra.sheets.book import Book, Reading, Sheet
from infra.sheets.cells import Where, empty, folded, letter, plain
from infra.sheets.header import HEAD, Column, Header

from . import mapping as mappings
from .mapping import Mapping, MappingError
from .row import Row


@dataclass
class Stray:
    """Cells of a column that has no name."""

    first: int
    count: int = 0


@dataclass(kw_only=True)
class Table:
    """A sheet that is read, and the columns that the mapping names; `strays` are cells under no name, by column."""

    sheet: Sheet
    header: Header
    columns: dict[str, Column]
    needed: list[Column]
    count: int = 0
    strays: dict[int, Stray] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """Each row below the header in which anything stands."""
        named = [folded(each.name) for each in self.header.columns]
        unnamed = {each.index for each in self.header.columns if not each.name}
        for number, cells in self.sheet.rows():
            if number <= self.header.last or empty(cells):
                continue
            self.count += 1
            where = Where(self.sheet.name, number)
            for n, cell in enumerate(cells):
                if (n in unnamed or n >= len(named)) and plain(cell):
                    self.strays.setdefault(n, Stray(number)).count += 1
            fault, note = self._fault(number, cells, named), ""
            if not fault and self.sheet.delimiter:
                fault, note = self._short(cells)
            found = {
                name: cells[each.index] for name, each in self.columns.items() if each.index < len(cells)
            }
            yield Row(where=where, cells=found, columns=self.columns, fault=fault, note=note)

    def _fault(self, number: int, cells: list[object], named: list[str]) -> str:
        if self.sheet.delimiter and any(plain(each) for each in cells[len(named) :]):
            return (
                f"has {len(cells)} cells, the header {len(named)}: a text that holds the delimiter "
                f"{self.sheet.delimiter!r} needs quotation marks around it"
            )
        n = next(n for n, name in enumerate(named) if name)
        if n < len(cells) and folded(plain(cells[n])) == named[n]:
            words = [folded(plain(each)) for each in cells]
            if [each for each in words if each] == [each for each in named if each]:
                return "repeats the header"
        if number != self.header.last + 1:
            return ""
        numbers = [word.strip("()") for each in cells if (word := plain(each))]
        counted = [str(n) for n in range(1, len(numbers) + 1)]
        return "numbers the columns" if len(numbers) > 2 and numbers == counted else ""

    def _short(self, cells: list[object]) -> tuple[str, str]:
        """Why a row that ends early cannot be used, or what is told of it if nothing needed is missing."""
        absent = [each for each in self.columns.values() if each.index >= len(cells)]
        if not absent:
            return "", ""
        ends = f"ends before {absent[0]}"
        if any(each.index >= len(cells) for each in self.needed):
            return (
                f"{ends}: a text with a line break in it needs quotation marks, and an empty cell its delimiter",
                "",
            )
        return "", f"{ends}, which was taken as empty"

    def unused(self) -> list[str]:
        """Columns that nothing was read of, as they are told."""
        found = [str(each) for each in self.header.unused if each.name]
        for n, stray in sorted(self.strays.items()):
            found.append(f"column {letter(n)} (no name, {stray.count} cells, first in row {stray.first})")
        return found


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
