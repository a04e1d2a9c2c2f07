"""Brings a logbook's past incidents into the running stack: `make replay FILE=calls.csv.gz [MAPPING=mapping.yaml]`.

Nobody is paged. It may be stopped and run again at any time: a row that is there already changes nothing. The whole file is
read before anything is written; with CHECK=1 that is all.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tqdm import tqdm

from chalicelib.domain.sheets.cells import TableError
from infra.local.stack import Stack, StackError
from infra.local.token import token
from infra.replay.__main__ import address
from infra.replay.desk import Desk, Gone, Refused
from infra.replay.sums import Sums
from infra.sheets.book import Book, open_book

from . import mapping as mappings
from .columns import Plan, choose, plan
from .gathering import Gathering
from .mapping import MappingError
from .row import Unusable
from .rows import Reader
from .sending import Tally, batches, send
from .telling import tell_done, tell_notes, tell_stops, tell_unused

ACCOUNT = "admin"


def main(arguments: list[str] | None = None) -> int:
    """Import, and print the counts and all that was not used; 0 once all was sent, 130 after Ctrl-C, else 1."""
    parser = argparse.ArgumentParser(prog="python -m infra.history", description=__doc__)
    parser.add_argument("file", type=Path, help="a CSV, a gzip of it, or a spreadsheet (XLSX)")
    parser.add_argument("--mapping", type=Path, help="which column is what (docs/import.md)")
    parser.add_argument("--check", action="store_true", help="read and tell, write nothing")
    chosen = parser.parse_args(arguments)
    try:
        stack = Stack.from_env()
        desk = Desk(address(stack), lambda: token(stack, ACCOUNT), Sums(), 1)
        return run(chosen.file, chosen.mapping, desk, check=chosen.check)
    except (StackError, MappingError, TableError, Refused, Gone) as error:
        print(f"! {error}", file=sys.stderr)
        return 1


def run(file: Path, chosen: Path | None, desk: Desk, *, check: bool = False) -> int:
    """Import a file through a desk, or only read it; MappingError, TableError, Refused, Gone."""
    with open_book(file) as book:
        return _import(book, chosen, desk, check=check)


def _import(book: Book, chosen: Path | None, desk: Desk, *, check: bool) -> int:
    began = time.monotonic()
    if chosen:
        mapping = mappings.load(chosen)
        found = plan(book, mapping)
    else:
        chosen, mapping, found = choose(book)
        print(f"Mapping: {chosen}")
    tell_notes(found.notes)
    if found.stops:
        tell_stops(found.stops)
        return 1
    reader = Reader(mapping, desk.get("/api/registry"))
    tally, stopped = Tally(), False
    with Gathering() as gathering:
        try:
            _gather(found, reader, gathering)
            tell_notes([*reader.habits.notes()])
            stops = [*reader.habits.stops()]
            if stops or gathering.count("stop"):
                tell_stops(stops, gathering)
                tell_unused(found, gathering)
                return 1
            if check or not gathering.rows:
                print(
                    f"{'Checked, n' if check else 'N'}othing was written. Rows to be imported: {gathering.rows}"
                )
                tell_unused(found, gathering)
                return 0 if gathering.rows else 1
            with tqdm(total=gathering.rows, desc="import", unit=" rows", disable=None) as bar:
                for batch in batches(gathering.incidents()):
                    send(desk, mapping.source, batch, gathering, tally)
                    bar.update(sum(len(each.lines) for each in batch))
        except KeyboardInterrupt:
            stopped = True
        tell_done(tally, time.monotonic() - began, stopped)
        tell_unused(found, gathering)
    return 130 if stopped else 0


def _gather(found: Plan, reader: Reader, gathering: Gathering) -> None:
    """Read every row of every table, and what they say together."""
    for table in found.tables:
        above = ""
        for row in tqdm(table.rows(), desc="read", unit=" rows", disable=None):
            try:
                part = reader.part(row)
                gathering.add(row.where, part)
                above = part.key
            except Unusable as unusable:
                gathering.tell("row", str(unusable), row.where, unusable.value)
                above = unusable.key or (above if unusable.continues else "")
                if above:
                    gathering.hold(above, row.where)
    columns = {table.sheet.name: table.columns for table in found.tables}
    gathering.check(lambda name, where: reader.label(name, columns[where.sheet]))


if __name__ == "__main__":
    sys.exit(main())
