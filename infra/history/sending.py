"""Sends gathered incidents in batches; a row that the interface cannot read never holds up the others."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from infra.replay.desk import Desk, Refused

from .gathering import Gathering
from .merging import Merged

PATH = "/api/import/incidents"
ROWS_MOST = 50
BYTES_MOST = 400_000
# How long rows that the database was too busy for are sent again.
PATIENCE_S = 120.0
PAUSE_S = 1.0
_ROW = re.compile(r"rows\[(\d+)\]\.?(.*)")
_PART = re.compile(r"units\[(\d+)\]\.?(.*)")


class Tally:
    """What came of the rows: `counts` of all that stands in the system now, `new` of what this run brought."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.new: Counter[str] = Counter()
        self.results: Counter[str] = Counter()
        self.agencies: set[str] = set()
        self.units: set[str] = set()


def batches(found: Iterable[Merged]) -> Iterator[list[Merged]]:
    """As many incidents as a request takes."""
    batch: list[Merged] = []
    size = 0
    for each in found:
        length = len(json.dumps(each.row))
        if batch and (len(batch) == ROWS_MOST or size + length > BYTES_MOST):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield batch


def send(desk: Desk, source: str, batch: list[Merged], gathering: Gathering, tally: Tally) -> None:
    """Send one batch until each of its rows has come to something; Refused, Gone."""
    left = batch
    deadline = time.monotonic() + PATIENCE_S
    while left:
        try:
            answer = desk.post(PATH, {"source": source, "rows": [each.row for each in left]})
        except Refused as refused:
            left = _without_unreadable(refused, left, gathering, tally)
            continue
        tally.agencies |= {*answer["agencies"]}
        tally.units |= {*answer["units"]}
        by_key = {row["key"]: row for row in answer["rows"]}
        busy = [each for each in left if by_key[each.key]["result"] == "busy"]
        for each in left:
            if each not in busy or time.monotonic() > deadline:
                _count(each, by_key[each.key], gathering, tally)
        left = busy if time.monotonic() <= deadline else []
        if left:
            # Another run may be at them, or one that died a moment ago.
            time.sleep(PAUSE_S)


def _without_unreadable(
    refused: Refused, batch: list[Merged], gathering: Gathering, tally: Tally
) -> list[Merged]:
    """The batch without the row at which it was refused; any other refusal is raised again."""
    named = next((found for field in refused.fields if (found := _ROW.fullmatch(field))), None)
    if refused.status != 400 or named is None:
        raise refused
    bad = int(named[1])
    reason = f"{named[2] or 'row'} {refused.fields[named[0]]}"
    _leave_out(batch[bad], reason, gathering, tally)
    return batch[:bad] + batch[bad + 1 :]


def _leave_out(each: Merged, reason: str, gathering: Gathering, tally: Tally) -> None:
    tally.results["refused"] += 1
    for where in each.lines:
        gathering.tell("row", reason, where)


def _count(each: Merged, row: dict[str, Any], gathering: Gathering, tally: Tally) -> None:
    if row["result"] in ("refused", "busy"):
        reasons = [f"{each['field']} {each['reason']}" for each in row["left_out"]]
        _leave_out(each, "; ".join(reasons) or "the database was too busy", gathering, tally)
        return
    tally.results[row["result"]] += 1
    numbers = {"incidents": 1, **{name: row[name] for name in ("calls", "assignments", "events")}}
    tally.counts.update(numbers)
    if row["result"] == "imported":
        tally.new.update(numbers)
    if row["result"] == "different":
        for where in each.lines:
            gathering.tell("row", "came before with another text, which was kept", where)
    for fault in row["left_out"]:
        part = _PART.fullmatch(fault["field"])
        where = each.unit_lines[int(part[1])] if part else each.lines[0]
        gathering.tell("part", f"{part[2] if part else fault['field']} {fault['reason']}", where)
