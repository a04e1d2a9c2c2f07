"""What goes on now and must stay possible: units' states and open incidents."""

from __future__ import annotations

from collections.abc import Iterator

from ...faults import Fault
from .. import ids
from ..incident import Incident
from ..units import UnitState
from .book import Book
from .forces import person


def state(state: UnitState, book: Book) -> Iterator[Fault]:
    """Whether what a unit does now is still possible: nobody is taken out of an assignment by a form."""
    if state.reason and state.reason not in book.of("reasons"):
        yield Fault(
            "reason",
            "unknown",
            {"noun": "reasons", "id": state.reason},
            about=f"units/{state.unit_id}",
        )
    unit = book.of("units").get(state.unit_id)
    if not state.busy or unit is None:
        return
    about = f"incidents/{ids.label(state.incident_id)}"
    if book.gone(unit) or unit.agency_id != state.agency_id:
        yield Fault(state.unit_id, "unit_out", about=about)
    for person_id in sorted({each for held in state.holding for each in held.people}):
        for _ in person(person_id, "", state.agency_id, book):
            yield Fault(person_id, "person_out", {"unit": state.unit_id}, about=about)


def open(incident: Incident, book: Book) -> Iterator[Fault]:
    """Whether an open incident still finds what it was opened with, and what its crews gave as reasons."""
    named = [
        ("type", "incident-types", incident.type),
        ("location.district", "districts", incident.location.district),
        ("plan", "response-plans", str(incident.plan.get("plan_id", ""))),
        *((f"crews.{crew.id}.reason", "reasons", crew.reason) for crew in incident.crews),
    ]
    for path, noun, id_ in named:
        if id_ and id_ not in book.of(noun):
            yield Fault(path, "unknown", {"noun": noun, "id": id_})
