"""The open incidents as a process knows them: the index says which are open and in what version, each version is read once."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from pynamodb.expressions.condition import Condition

from ..domain.ids import first_ulid_at
from ..domain.incident import Incident
from ..domain.times import between, plus
from .incidents import DRILLS, decode, pk_of
from .tables import IncidentItem

# How long ago it may be that somebody else changed or ended an incident that is still offered as it was.
STALE_S = 10
# The index of open incidents may lag so far behind.
LAG_S = 15
# More than a regency has open at once; beyond it everything is read anew.
KEPT_MOST = 2000
# (incident id, version), as the index has them.
Known = tuple[str, int]


class OpenIncidents:
    """What the board and the search for the same incident read; on AWS the index may lag by a moment.

    An incident is decoded once a version, and one that this process has written is not even read.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[int, Incident]] = {}
        self._since = ""
        self._read_at = ""
        self._recent: dict[str, int] = {}

    def remember(self, incident: Incident, version: int) -> None:
        """Keep an incident as its item with this version holds it; an older version than the one kept changes nothing."""
        with self._lock:
            if len(self._kept) > KEPT_MOST:
                self._kept.clear()
            if self._kept.get(incident.id, (0,))[0] < version:
                self._kept[incident.id] = version, incident

    def board(self) -> list[Incident]:
        """All open incidents by opening, without paging drills."""
        return self._whole(_index("open"))

    def running_drills(self) -> list[Incident]:
        """The paging drills that nobody has ended."""
        return self._whole(_index(DRILLS))

    def since(self, instant: str, now: str, without: str = "") -> list[Incident]:
        """Open incidents not older than the instant, which must not lie before that of the call before by much.

        Looks for those just opened each time and for the others every 10 s: in a flood of calls the list is long, and each
        call asks. What is offered for joining may be 10 s old, what is newly opened is never missed; joining reads the
        incident itself. `without`: the id of one that the caller knows.
        """
        with self._lock:
            recent, since, read_at = self._recent, self._since, self._read_at
        age = between(read_at, now) if read_at else None
        if age is None or not 0 <= age < STALE_S or instant < since:
            recent = dict(_index("open", instant))
            with self._lock:
                self._recent, self._since, self._read_at = recent, instant, now
        else:
            recent = recent | dict(_index("open", plus(read_at, -LAG_S)))
        oldest = first_ulid_at(instant)
        return self._whole((id_, v) for id_, v in recent.items() if id_ >= oldest and id_ != without)

    def _whole(self, known: Iterable[Known]) -> list[Incident]:
        wanted = dict(known)
        with self._lock:
            found = {
                id_: kept[1]
                for id_, version in wanted.items()
                if (kept := self._kept.get(id_)) and kept[0] >= version
            }
        lacking = [(pk_of(id_), "#") for id_ in wanted.keys() - found.keys()]
        for item in IncidentItem.batch_get(lacking, consistent_read=True) if lacking else ():
            found[item.pk[2:]] = incident = decode(item)
            self.remember(incident, int(item.v))
        # One that has ended meanwhile is known to have, though the index does not tell yet.
        return [each for id_ in wanted if (each := found.get(id_)) and each.status == "open"]


def _index(key: str, instant: str = "") -> Iterable[Known]:
    """The entries of the index, those not older than an instant."""
    newer: Condition | None = IncidentItem.pk >= pk_of(first_ulid_at(instant)) if instant else None
    return ((item.pk[2:], int(item.v)) for item in IncidentItem.open_index.query(key, newer))
