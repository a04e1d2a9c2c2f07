"""Brings a logbook's past incidents into the running stack: `make replay FILE=calls.csv.gz [MAPPING=mapping.yaml]`.

Nobody is paged. It may be stopped and run again at any time: a row that is there already changes nothing.
"""

from __future__ import annotations

import argparse
import resource
import sys
import textwrap
import time
from pathlib import Path

from tqdm import tqdm

from infra.local.stack import Stack, StackError
from infra.local.token import token
from infra.replay.__main__ import address
from infra.replay.desk import Desk, Gone, Refused
from infra.replay.sums import Sums

from . import mapping as mappings
from .gathering import Gathering
from .mapping import MappingError, folded
from .rows import Reader, Unusable
from .sending import Tally, batches, send
from .table import TableError, columns, rows

ACCOUNT = "admin"


def main(arguments: list[str] | None = None) -> int:
    """Import, and print the counts and each row left out; 0 once all was sent, 130 after Ctrl-C, else 1."""
    parser = argparse.ArgumentParser(prog="python -m infra.history", description=__doc__)
    parser.add_argument("file", type=Path, help="a CSV, a gzip of it, or a spreadsheet (XLSX)")
    parser.add_argument("--mapping", type=Path, help="which column is what (docs/import.md)")
    chosen = parser.parse_args(arguments)
    try:
        stack = Stack.from_env()
        desk = Desk(address(stack), lambda: token(stack, ACCOUNT), Sums(), 1)
        return run(chosen.file, chosen.mapping, desk)
    except (StackError, MappingError, TableError, Refused, Gone) as error:
        print(f"! {error}", file=sys.stderr)
        return 1


def run(file: Path, chosen: Path | None, desk: Desk) -> int:
    """Import a file through a desk; MappingError, TableError, Refused, Gone."""
    began = time.monotonic()
    mapping = mappings.load(chosen) if chosen else None
    there = columns(file, mapping.sheet if mapping else "")
    if mapping is None:
        chosen, mapping = mappings.find(there)
        print(f"Mapping: {chosen}")
    missing = sorted(column for column in mapping.columns if folded(column) not in there)
    if missing:
        raise MappingError(f"{file} lacks the columns {', '.join(missing)}")
    reader = Reader(mapping, desk.get("/api/registry"))
    tally, stopped = Tally(), False
    with Gathering() as gathering:
        try:
            for line, cells in tqdm(rows(file, mapping.sheet), desc="read", unit=" rows", disable=None):
                try:
                    gathering.add(line, reader.part(cells))
                except Unusable as unusable:
                    gathering.left_out(line, str(unusable), whole=True)
            with tqdm(total=gathering.rows, desc="import", unit=" rows", disable=None) as bar:
                for batch in batches(gathering.incidents()):
                    send(desk, mapping.source, batch, gathering, tally)
                    bar.update(sum(len(each.lines) for each in batch))
        except KeyboardInterrupt:
            stopped = True
        _tell(gathering, tally, time.monotonic() - began, stopped)
    return 130 if stopped else 0


def _tell(gathering: Gathering, tally: Tally, seconds: float, stopped: bool) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{'Stopped' if stopped else 'Done'} after {seconds:.1f} s, {memory:.0f} MB at most")
    if stopped:
        print("Run the same command again to go on.")
    print(f"{'new':>9}{'in all':>9}")
    for name in ("calls", "incidents", "assignments", "events"):
        print(f"{tally.new[name]:>9}{tally.counts[name]:>9} {name}")
    results = {"unchanged": "incidents were there already", "different": "were there with another text"}
    for result, words in results.items():
        if tally.results[result]:
            print(f"{tally.results[result]:>18} {words}")
    if tally.agencies:
        print(f"Agencies added as retired: {', '.join(sorted(tally.agencies))}")
    if tally.units:
        print(f"Units added as retired: {len(tally.units)}")
    for title, whole in (("Rows left out", True), ("Left out of rows", False)):
        found = list(gathering.reasons(whole=whole))
        print(f"{title}: {sum(len(lines) for _, lines in found)}")
        for reason, lines in found:
            print(f"{len(lines):>9} {reason}")
            shown = "line " + " ".join(str(line) for line in lines)
            print("\n".join(textwrap.wrap(shown, 110, initial_indent=" " * 10, subsequent_indent=" " * 10)))


if __name__ == "__main__":
    sys.exit(main())
