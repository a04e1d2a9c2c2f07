"""The open incidents of the last hours, as a process knows them."""

from __future__ import annotations

from threading import Lock

from ..domain.ids import first_ulid_at
from ..domain.incident import Incident
from ..domain.times import between, plus
from .incidents import opened_since

# How long ago it may be that somebody else changed or ended an incident that is still offered as it was.
STALE_S = 10
# The index of open incidents may lag so far behind.
LAG_S = 15


class RecentlyOpened:
    """Reads those just opened each time and the others every 10 s: in a flood of calls the list is long, and each call asks.

    What is offered for joining may be 10 s old, what is newly opened is never missed; joining reads the incident itself.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._since = ""
        self._read_at = ""
        self._known: dict[str, Incident] = {}

    def since(self, instant: str, now: str) -> list[Incident]:
        """Open incidents not older than the instant, which must not lie before that of the call before by much."""
        with self._lock:
            known, since, read_at = self._known, self._since, self._read_at
        age = between(read_at, now) if read_at else None
        if age is None or not 0 <= age < STALE_S or instant < since:
            known = {each.id: each for each in opened_since(instant)}
            with self._lock:
                self._known, self._since, self._read_at = known, instant, now
            return list(known.values())
        newer = {each.id: each for each in opened_since(plus(read_at, -LAG_S))}
        oldest = first_ulid_at(instant)
        return [each for id_, each in {**known, **newer}.items() if id_ >= oldest]
