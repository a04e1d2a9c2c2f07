"""The marks by which an incident asks for a person: which come, and which go once somebody has dealt with them."""

from __future__ import annotations

from collections.abc import Set

from msgspec.structs import replace

from .incident import Attention, Incident

REPLIES_SHOWN = 5
# With so many crews fewer of each are shown: they stand in the incident's own item, which has an end.
REPLIES_OF_ALL = 150


def dealt_with(incident: Incident, *, assignment_id: str = "", shortfall: bool = False) -> Incident:
    """The incident without the marks that somebody has dealt with: of an assignment, or the oldest shortfall."""
    staying = ("shortfall", "reply", "reply_unread")
    kept = [mark for mark in incident.attention if mark.code in staying or mark.detail != assignment_id]
    oldest = next((mark for mark in kept if mark.code == "shortfall"), None) if shortfall else None
    late = tuple(each for each in incident.late if each.assignment_id != assignment_id)
    return replace(incident, attention=tuple(mark for mark in kept if mark is not oldest), late=late)


def replied(incident: Incident, mark: Attention) -> Incident:
    """The incident with a reply that somebody must read, and of an assignment's earlier ones the newest few.

    Strangers' replies push out none of the crew's own.
    """
    kind = (mark.code, mark.detail, mark.strange, mark.counted)
    same = [
        each for each in incident.attention if (each.code, each.detail, each.strange, each.counted) == kind
    ]
    most = min(REPLIES_SHOWN, max(1, REPLIES_OF_ALL // max(1, len(incident.crews))))
    dropped = same[: max(0, len(same) + 1 - most)]
    return replace(incident, attention=(*(each for each in incident.attention if each not in dropped), mark))


def replies_read(incident: Incident, assignment_id: str) -> Incident:
    """The incident once the desk has recorded something for an assignment: its replies have been read."""
    return _without_replies(incident, assignment_id, {mark.note for mark in incident.attention})


def reply_read(incident: Incident, mark: Attention) -> Incident:
    """The incident once somebody has read this one reply."""
    return _without_replies(incident, mark.detail, {mark.note})


def _without_replies(incident: Incident, assignment_id: str, notes: Set[str]) -> Incident:
    """The incident without these replies' marks, and without the reminder of them when none is left."""
    kept = [
        m for m in incident.attention if (m.code, m.detail) != ("reply", assignment_id) or m.note not in notes
    ]
    if ("reply", assignment_id) not in ((m.code, m.detail) for m in kept):
        kept = [m for m in kept if (m.code, m.detail) != ("reply_unread", assignment_id)]
    return replace(incident, attention=tuple(kept))
