"""Plays real calls of San Francisco live through the running stack: `make replay FILE=calls.csv.gz SPEED=120 LIMIT=200`.

The first LIMIT calls of the file come in as far apart as they did in the city, SPEED times faster, and are followed to
their end by the reports of their units. All times that the system records are those of the replay: a call is received now,
a unit is en route now. A clock that was ten minutes in the city is ten minutes divided by SPEED here.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from infra.local.stack import Stack, StackError
from infra.local.token import token

from .desk import Desk, Gone, Refused
from .player import Play, play, playable, settle
from .source import CityCall, SourceError, read
from .sums import Sums

ACCOUNT = "operator"
THREADS = 8


def main() -> int:
    """Play, and print the sums; 0 if all was played and nothing refused, 130 after Ctrl-C, else 1."""
    parser = argparse.ArgumentParser(prog="python -m infra.replay", description=__doc__)
    parser.add_argument(
        "file", type=Path, help="fire calls for service as DataSF exports them, CSV or gzip of it"
    )
    parser.add_argument("--limit", type=_count, required=True, help="how many calls")
    parser.add_argument("--speed", type=_factor, required=True, help="how many times faster than the city")
    chosen = parser.parse_args()
    sums = Sums()
    try:
        stack = Stack.from_env()
        desk = Desk(address(stack), lambda: token(stack, ACCOUNT), sums, THREADS)
        registry = desk.get("/api/registry")
        calls = playable(read(chosen.file, chosen.limit, sums), registry, sums)
        if not calls:
            raise SourceError(f"{chosen.file} holds no call that can be played")
        return _play(calls, registry, desk, chosen.speed, sums)
    except (StackError, SourceError, Refused, Gone) as error:
        print(f"! {error}", file=sys.stderr)
        return 1


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count


def _factor(text: str) -> float:
    factor = float(text)
    if not 0 < factor < 1e6:
        raise argparse.ArgumentTypeError("above 0 and below a million")
    return factor


def address(stack: Stack) -> str:
    """Where the running stack of a data folder listens; StackError if none runs."""
    try:
        port: int = msgspec.json.decode(stack.state_file.read_bytes())["port"]
    except FileNotFoundError:
        raise StackError(f"No stack runs with the data in {stack.data}. Start it: make run") from None
    return f"http://127.0.0.1:{port}"


def _play(calls: list[CityCall], registry: Any, desk: Desk, speed: float, sums: Sums) -> int:
    first = calls[0].received
    plays = [Play(call, first, desk, registry, sums) for call in calls]
    rows = sum(len(call.units) for call in calls)
    span = max(each.steps[-1][0] for each in plays)
    print(
        f"{len(calls)} calls with {rows} units, {first:%d %B %Y %H:%M} to {calls[-1].received:%d %B %H:%M}: "
        f"{span / 3600:.1f} h in {span / speed / 60:.1f} min"
    )
    began = time.monotonic()
    stopped = play(plays, speed, THREADS, desk, sums)
    seconds = time.monotonic() - began
    if not stopped:
        settle(plays)
    for each in plays:
        sums.paged(each.pages)
    print(f"\n{'Stopped' if stopped else 'Played'} after {seconds:.1f} s {stopped}".rstrip())
    if stopped:
        sums.add("calls not reached", sum(not each.incident_id for each in plays))
        sums.add("incidents left open", sum(each.open for each in plays))
    print("\n".join(sums.lines()))
    if stopped == "Ctrl-C":
        return 130
    return 1 if stopped or sums.errors or sums["incidents with a broken chain"] else 0


if __name__ == "__main__":
    sys.exit(main())
