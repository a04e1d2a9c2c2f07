"""Setting aside: an incident to which nobody can come waits without an alarm, for a time that somebody has chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .incident import Incident
from .times import between

if TYPE_CHECKING:
    from .coming import State

# In minutes. Longer than a flood takes to change is longer than anybody may forget.
SHORTEST_MIN = 5
LONGEST_MIN = 240
# Whoever is asked and has not answered must be rung or called off first.
MAY_WAIT: frozenset[State] = frozenset({"nobody", "gone", "done"})


def resting(incident: Incident, state: State, now: str) -> bool:
    """Whether it waits without an alarm, for all that its crews' `state` says.

    Never at priority 1, whenever it became that; nor longer than anybody may choose, which a clock set back would make of it.
    """
    aside = incident.aside
    if aside is None or incident.priority == 1 or state not in MAY_WAIT:
        return False
    return 0 < (between(now, aside.until) or 0) <= LONGEST_MIN * 60


def passed(incident: Incident, now: str) -> bool:
    """Whether it was set aside and the time to look again has come."""
    return incident.aside is not None and incident.priority != 1 and now >= incident.aside.until
