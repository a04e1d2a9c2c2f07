"""The clocks of a response, in seconds; a step that was not reported leaves its clock empty."""

from __future__ import annotations

from collections.abc import Sequence

from .assignment import Assignment
from .incident import Incident
from .times import between


def assignment_clocks(incident: Incident, assignment: Assignment) -> dict[str, float | None]:
    """One unit's clocks: turnout from request to en route, travel from there, response from the call's receipt."""
    at = assignment.milestones
    return {
        "acknowledge_s": between(at.get("requested"), at.get("acknowledged")),
        "turnout_s": between(at.get("requested"), at.get("en_route")),
        "travel_s": between(at.get("en_route"), at.get("on_scene")),
        "response_s": between(incident.received_at, at.get("on_scene")),
        "ready_s": between(incident.received_at, at.get("ready")),
    }


def incident_clocks(incident: Incident, assignments: Sequence[Assignment]) -> dict[str, float | None]:
    """The incident's clocks; turnout, travel and response are those of the first unit on scene, `ready_s` is the first one's to act."""
    by_arrival = sorted(
        (each for each in assignments if "on_scene" in each.milestones),
        key=lambda each: each.milestones["on_scene"],
    )
    requested = min(
        (each.milestones["requested"] for each in assignments if "requested" in each.milestones), default=None
    )
    ready = min(
        (each.milestones["ready"] for each in assignments if "ready" in each.milestones), default=None
    )
    first = assignment_clocks(incident, by_arrival[0]) if by_arrival else {}
    return {
        "answering_s": between(incident.received_at, incident.answered_at),
        "processing_s": between(incident.answered_at or incident.received_at, requested),
        "handling_s": between(incident.received_at, requested),
        "turnout_s": first.get("turnout_s"),
        "travel_s": first.get("travel_s"),
        "response_s": first.get("response_s"),
        "ready_s": between(incident.received_at, ready),
    }
