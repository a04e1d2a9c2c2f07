"""The shapes of all records against those that the last release wrote down, as ADR 21 asks: what a rollback may meet.

Whoever changes them writes them down anew: `python -m tests.contract.test_record_shapes`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from chalicelib.domain import events, registry
from chalicelib.domain.blocking import Block
from chalicelib.domain.duty import Sheet
from chalicelib.domain.duty.history import Draft, KeptRecord
from chalicelib.domain.facts import Facts
from chalicelib.domain.units import UnitState
from chalicelib.domain.versions import Brought, Entry, KeptVersion
from chalicelib.models import drills, incidents, page_codes, privacy, ring_backs
from chalicelib.models.heartbeats import Heartbeat
from chalicelib.models.shape import SHAPE
from tests.support import released

FILE = Path(__file__).with_suffix(".json")
RECORDS: list[type[Struct]] = [
    *incidents.TYPES.values(),
    *registry.NOUNS.values(),
    drills.DrillOf,
    page_codes.CodeOf,
    privacy.Head,
    privacy.Kept,
    ring_backs.RingBack,
    ring_backs.RingBacksEnd,
    Block,
    Brought,
    Entry,
    Facts,
    Heartbeat,
    KeptVersion,
    Draft,
    KeptRecord,
    Sheet,
    UnitState,
]


def shapes() -> dict[str, Any]:
    """Every stored type and those within it as JSON Schema, without words for people."""
    _, components = msgspec.json.schema_components(RECORDS)
    found: dict[str, Any] = json.loads(json.dumps(components, sort_keys=True))
    for schema in found.values():
        schema.pop("description", None)
    return found


def broken(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What the release before could not read of today's records, or today's of its."""
    found = []
    for name, old in before.items():
        new = now.get(name)
        if new is None:
            found.append(f"{name}: gone")
            continue
        known, today = old.get("properties", {}), new.get("properties", {})
        found += [f"{name}.{field}: gone" for field in known if field not in today]
        found += [
            f"{name}.{field}: {known[field]} is {today[field]}"
            for field in known
            if field in today and _bare(known[field]) != _bare(today[field])
        ]
        found += [
            f"{name}.{field}: has no default"
            for field in new.get("required", ())
            if field not in old.get("required", ())
        ]
        if old.get("enum") != new.get("enum"):
            found.append(f"{name}: other values")
    return found


def _bare(schema: Any) -> Any:
    """A field's schema without what is no matter of reading: words, and the value that stands for a missing one."""
    if isinstance(schema, dict):
        return {
            key: _bare(value)
            for key, value in schema.items()
            if key not in ("description", "title", "default")
        }
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema


def test_no_record_changes_so_that_the_release_before_cannot_read_it() -> None:
    kept = json.loads((released.code() / FILE.relative_to(released.REPO)).read_text())
    if kept["shape"] == SHAPE:
        assert broken(kept["records"], shapes()) == [], "see ADR 21: add an optional field, or raise SHAPE"


def test_the_shapes_written_down_are_todays() -> None:
    """So that the next release is held against what this one writes."""
    kept = json.loads(FILE.read_text())
    assert kept == {"shape": SHAPE, "records": shapes()}, "python -m tests.contract.test_record_shapes"


def test_the_links_of_the_chains_never_change() -> None:
    """Their hash is over all their fields: one field more, and no chain written before it holds. `data` takes what is new."""
    assert events.Event.__struct_fields__ == (
        "incident_id",
        "seq",
        "type",
        "occurred_at",
        "recorded_at",
        "source",
        "actor",
        "command",
        "data",
        "prev",
        "hash",
    )
    assert privacy.Record.__struct_fields__ == (
        "seq",
        "at",
        "by",
        "action",
        "subject",
        "reason",
        "prev",
        "hash",
    )
    assert ring_backs.RingBack.__struct_fields__ == (
        "seq",
        "at",
        "by",
        "call",
        "result",
        "incident",
        "prev",
        "hash",
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda person: person["properties"].pop("phone"), "Person.phone: gone"),
        (lambda person: person["properties"].update(phone={"type": "integer"}), "Person.phone:"),
        (lambda person: person["required"].append("badge"), "Person.badge: has no default"),
        (lambda person: person["properties"].update(badge={"type": "string"}), ""),
    ],
    ids=["gone", "another type", "needed", "optional"],
)
def test_a_change_that_the_release_before_cannot_read_is_told(change: Any, complaint: str) -> None:
    changed = shapes()
    change(changed["Person"])
    assert "".join(broken(shapes(), changed)).startswith(complaint)
    assert bool(broken(shapes(), changed)) == bool(complaint)


def main() -> None:
    """Write today's shapes down."""
    lines = [f"{json.dumps(name)}: {json.dumps(schema)}" for name, schema in sorted(shapes().items())]
    FILE.write_text(f'{{"shape": {SHAPE}, "records": {{\n' + ",\n".join(lines) + "\n}}\n")


if __name__ == "__main__":
    main()
