"""What the importer prints: findings with their rows, and at the end what came in and what was not used."""

from __future__ import annotations

import resource
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from chalicelib.domain.sheets.cells import Where

from .columns import Plan
from .gathering import Gathering, Kind
from .sending import Tally

# More places than these help nobody who has to look them up.
PLACES = 30
REASONS = 40
_WIDTH = 110


def tell_notes(notes: Sequence[str]) -> None:
    for note in notes:
        print(_wrapped(note, "  "))


def tell_stops(stops: Sequence[str], gathering: Gathering | None = None) -> None:
    """Everything that must be put right before anything is written."""
    print("Nothing was written. Put this right first:")
    for stop in stops:
        print(_wrapped(stop, "  ! "))
    if gathering:
        tell_findings("Contradictions", gathering, "stop")


def tell_findings(title: str, gathering: Gathering, kind: Kind) -> None:
    """A count, then each reason with its first rows; a title alone if there are none."""
    total = gathering.count(kind)
    if kind == "stop" and not total:
        return
    print(f"{title}: {total}")
    for number, (reason, count, places) in enumerate(gathering.findings(kind, PLACES)):
        if number == REASONS:
            print(f"{'':10}and more reasons; put these right and run it again")
            return
        print(f"{count:>9} {reason}")
        shown = ", ".join(_places(places))
        if count > len(places):
            shown += f" and {count - len(places)} more"
        print(_wrapped(shown, " " * 10))


def tell_done(tally: Tally, seconds: float, stopped: bool) -> None:
    """What came in."""
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


def tell_unused(plan: Plan, gathering: Gathering) -> None:
    """Of what was read: which rows, parts and columns were not used."""
    several = ", ".join(
        f"sheet {table.sheet.name!r} {table.count}" for table in plan.tables if table.sheet.name
    )
    print(f"Rows read: {sum(table.count for table in plan.tables)}" + (f" ({several})" if several else ""))
    tell_findings("Rows left out", gathering, "row")
    tell_findings("Left out of rows", gathering, "part")
    for table in plan.tables:
        if unused := table.unused():
            at = f" of sheet {table.sheet.name!r}" if table.sheet.name else ""
            print(_wrapped(f"Columns not used{at}: {', '.join(unused)}", ""))


def _places(places: Sequence[tuple[Where, str]]) -> Iterator[str]:
    """Each place with what stands there; rows that follow each other and hold nothing to show are named by their ends."""
    for _, found in groupby(
        enumerate(places), key=lambda each: each[1][1] or (each[1][0].sheet, each[1][0].row - each[0])
    ):
        run = [place for _, place in found]
        (first, value), (last, _) = run[0], run[-1]
        if value or len(run) < 3:
            yield from (f"{where} {said}".rstrip() for where, said in run)
        else:
            of_sheet, _, number = str(first).rpartition("row ")
            yield f"{of_sheet}rows {number} to {last.row}"


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * max(len(indent), 2),
        break_on_hyphens=False,
        break_long_words=False,
    )
