"""What restored tables lack against the live ones."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from chalicelib.domain.times import between, plus
from infra.deploy.cloud import Cloud
from infra.deploy.tables import NAMES
from infra.deploy.terminal import Terminal

# Between an event's instant and its commit, at most: a function ends after 30 s.
COMMITTED_WITHIN_S = 60
SHOWN = 20


class Recorded(Struct):
    """Of an event, when it was recorded."""

    recorded_at: str


class Missing(Struct, kw_only=True):
    """The events that stand in the live tables alone."""

    events: int = 0
    first: str = ""
    last: str = ""
    incidents: set[str] = field(default_factory=set)


def compare(cloud: Cloud, terminal: Terminal, tables: tuple[str, str], at: str) -> bool:
    """Say what (live, restored) tables hold and what is missing; whether nothing of before `at` is."""
    live, restored = tables
    newest, seqs = "", dict[str, int]()
    for incident_id, seq, recorded_at in _events(cloud, restored):
        newest = max(newest, recorded_at)
        seqs[incident_id] = max(seqs.get(incident_id, 0), seq)
    missing = Missing()
    for incident_id, seq, recorded_at in _events(cloud, live):
        if seq > seqs.get(incident_id, 0):
            missing.events += 1
            missing.first = min(missing.first or recorded_at, recorded_at)
            missing.last = max(missing.last, recorded_at)
            missing.incidents.add(incident_id)
    for name in NAMES:
        counts = [_count(cloud, f"{each}-{name}") for each in (restored, live)]
        terminal.note(f"{name}: {counts[0]} items restored, {counts[1]} live")
    terminal.note(f"newest event restored: {newest or 'none'}")
    if not missing.events:
        terminal.step("no event that stands in the live tables is missing")
        return True
    after = max(between(newest or missing.first, missing.last) or 0, 0)
    terminal.step(
        f"missing: {missing.events} events of {len(missing.incidents)} incidents, recorded from {missing.first} to"
        f" {missing.last}, {after:.0f} s beyond the newest restored"
    )
    for incident_id in sorted(missing.incidents)[:SHOWN]:
        terminal.note(incident_id)
    if missing.first < plus(at, -COMMITTED_WITHIN_S):
        terminal.warn(f"some were recorded more than a minute before {at}: this restore is not whole")
        return False
    return True


def _events(cloud: Cloud, tables: str) -> Iterator[tuple[str, int, str]]:
    """(incident, place in its chain, when recorded) of every event."""
    pages = (
        cloud.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=f"{tables}-incidents",
            ProjectionExpression="pk, sk, doc",
            FilterExpression="begins_with(pk, :incident) and begins_with(sk, :event)",
            ExpressionAttributeValues={":incident": {"S": "I#"}, ":event": {"S": "~"}},
        )
    )
    for page in pages:
        for item in page["Items"]:
            recorded = msgspec.json.decode(item["doc"]["S"], type=Recorded)
            yield item["pk"]["S"][2:], int(item["sk"]["S"][1:]), recorded.recorded_at


def _count(cloud: Cloud, table: str) -> int:
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table, Select="COUNT")
    return sum(page["Count"] for page in pages)
