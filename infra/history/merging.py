"""Rows of one key made into one incident; facts that contradict each other are told, never chosen between."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.sheets.cells import Where

from .rows import LONGEST

# Rows may each tell these in their own words.
JOINED = ("narrative", "note")


@dataclass(kw_only=True)
class Merged:
    """One incident of its rows; `unit_lines` are the rows of its units.

    `contradictions` are fields of the incident that its rows say differently, `unit_contradictions` those of one unit;
    each with what each row says. `repeated` are rows that say nothing new, `differing` texts that were not taken.
    """

    key: str
    row: dict[str, Any]
    lines: list[Where] = field(default_factory=list)
    unit_lines: list[Where] = field(default_factory=list)
    contradictions: list[tuple[str, str]] = field(default_factory=list)
    unit_contradictions: list[tuple[str, str]] = field(default_factory=list)
    repeated: list[Where] = field(default_factory=list)
    differing: list[tuple[str, Where, Where]] = field(default_factory=list)


def merge(key: str, parts: Iterable[tuple[Where, str, str]]) -> Merged:
    """Make an incident of its rows, each given by its place and the JSON of its incident and unit."""
    merged = Merged(key=key, row={})
    facts: dict[str, tuple[Any, Where]] = {}
    contradicted: dict[str, list[tuple[Where, Any]]] = {}
    units: dict[tuple[str, str], dict[str, Any]] = {}
    seen: set[tuple[str, str]] = set()
    for where, incident, unit in parts:
        if (incident, unit) in seen:
            merged.repeated.append(where)
            continue
        said = _flat(json.loads(incident))
        new = any(name not in facts or facts[name][0] != value for name, value in said.items())
        if merged.lines and unit == "null" and not new:
            merged.repeated.append(where)
            continue
        seen.add((incident, unit))
        merged.lines.append(where)
        for name, value in said.items():
            _learn(merged, facts, contradicted, name, value, where)
        if unit != "null":
            _add_unit(merged, units, json.loads(unit), where)
    for name, told in contradicted.items():
        merged.contradictions.append((name, _said(told)))
    merged.row = {"key": key, **_nested(facts), "units": [*units.values()]}
    return merged


def _learn(
    merged: Merged,
    facts: dict[str, tuple[Any, Where]],
    contradicted: dict[str, list[tuple[Where, Any]]],
    name: str,
    value: Any,
    where: Where,
) -> None:
    """Take over what a row says of its incident, unless an earlier row says something else."""
    if name not in facts:
        facts[name] = (value, where)
        return
    stood, first = facts[name]
    if stood == value:
        return
    field_ = name.rpartition(".")[2]
    if field_ in JOINED:
        joined = stood if value in stood else f"{stood} / {value}"
        if len(joined) <= LONGEST[field_]:
            facts[name] = (joined, first)
            return
    if field_ in LONGEST:
        merged.differing.append((field_, where, first))
        return
    told = contradicted.setdefault(name, [(first, stood)])
    if value not in [each for _, each in told]:
        told.append((where, value))


def _add_unit(
    merged: Merged, units: dict[tuple[str, str], dict[str, Any]], unit: dict[str, Any], where: Where
) -> None:
    """Add a unit, or what a further row tells of one that is there already."""
    at = (unit["agency_id"], unit["unit_id"])
    if at not in units:
        units[at] = unit
        merged.unit_lines.append(where)
        return
    there = units[at]["milestones"]
    first = merged.unit_lines[[*units].index(at)]
    for step, moment in unit["milestones"].items():
        if there.setdefault(step, moment) != moment:
            merged.unit_contradictions.append((step, _said([(first, there[step]), (where, moment)])))


def _said(told: list[tuple[Where, Any]]) -> str:
    """What each row says, as a person reads it behind the first row's number."""
    shown = [f"says {_shown(told[0][1])}", *(f"{where} says {_shown(value)}" for where, value in told[1:5])]
    return " but ".join(shown) + (f", {len(told) - 5} more say others" if len(told) > 5 else "")


def _shown(value: Any) -> str:
    try:
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}"
    except (TypeError, ValueError):
        return repr(value)


def _flat(incident: dict[str, Any]) -> dict[str, Any]:
    """One level of names: location.district, call.received_at."""
    found = {name: value for name, value in incident.items() if name not in ("location", "calls")}
    found |= {f"location.{name}": value for name, value in incident["location"].items()}
    return found | {f"call.{name}": value for name, value in incident["calls"][0].items()}


def _nested(facts: dict[str, tuple[Any, Where]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    location, call = dict[str, Any](), dict[str, Any]()
    for name, (value, _) in facts.items():
        group, _, rest = name.partition(".")
        if group == "location" and rest:
            location[rest] = value
        elif group == "call" and rest:
            call[rest] = value
        else:
            row[name] = value
    return {**row, "location": location, "calls": [call]}
