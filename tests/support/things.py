"""Plain values for tests that care about one thing in them, and strategies that draw instants."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from chalicelib.domain import times
from chalicelib.domain.assignment import Assignment
from chalicelib.domain.incident import Incident, Location
from chalicelib.domain.page import Page

NOW = "2026-11-23T03:00:00.000Z"

seconds = st.integers(min_value=0, max_value=100_000_000).map(lambda ms: ms / 1000)
instants = st.integers(min_value=0, max_value=4_000_000_000_000).map(
    lambda ms: times.plus("1970-01-01T00:00:00Z", ms / 1000)
)


def incident(**more: Any) -> Incident:
    values: dict[str, Any] = {
        "id": "01KAQW0000000000000000TEST",
        "type": "house_fire",
        "category": "fire",
        "priority": 1,
        "terrain": "land",
        "location": Location(district="baamang"),
        "narrative": "",
        "status": "open",
        "drill": False,
        "received_at": NOW,
        "answered_at": None,
        "opened_at": NOW,
    }
    return Incident(**{**values, **more})


def assignment(**more: Any) -> Assignment:
    values: dict[str, Any] = {
        "id": "A1",
        "incident_id": "01KAQW0000000000000000TEST",
        "agency_id": "damkar",
        "unit_id": "damkar_1",
        "callsign": "DAMKAR-1",
        "need_id": "pump",
        "level": 1,
        "status": "requested",
        "milestones": {"requested": NOW},
    }
    return Assignment(**{**values, **more})


def page(**more: Any) -> Page:
    values: dict[str, Any] = {
        "id": "P1",
        "incident_id": "01KAQW0000000000000000TEST",
        "assignment_id": "A1",
        "kind": "page",
        "person_id": "andi",
        "agency_id": "damkar",
        "name": "Andi",
        "number": "+62811000100",
        "language": "id",
        "demo": True,
        "status": "pending",
        "requested_at": NOW,
        "expires_at": times.plus(NOW, 1800),
        "due_at": NOW,
        "salt": "00",
    }
    return Page(**{**values, **more})
