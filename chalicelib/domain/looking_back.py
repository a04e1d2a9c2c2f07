"""What is looked for among incidents that are over, and which of them it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from msgspec import Struct

from .ids import label
from .incident import Incident

DAYS_MOST = 31
# Silent and dropped calls: whoever rang may need help and could not say so.
TO_RING_BACK = ("ghost", "abandoned")


class Search(Struct, frozen=True, kw_only=True):
    """Incidents opened from one local day to another; `text` are words of the place or the code, '' takes any.

    `own` is the one agency of an account that is bound to one, which sees the incidents that it had a part in.
    """

    from_: str
    to: str
    text: str = ""
    type: str = ""
    agency: str = ""
    own: str | None = None


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a search stands: on a day, in the stretch below an id, behind an incident by its opening; '' at its beginning.

    `record` and `at` say that and when the search was put on record as a look at personal data.
    """

    day: str
    below: str = ""
    after: tuple[str, str] = ("", "")
    record: int = 0
    at: str = ""


def day_before(day: str) -> str:
    """The local day before one."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def order(incident: Incident) -> tuple[str, str]:
    """By when it was opened."""
    return incident.opened_at, incident.id


def matches(incident: Incident, search: Search, district: Callable[[str], str]) -> bool:
    """Whether an incident is looked for; `district` names one."""
    # Whoever is bound to an agency sees its crews alone, and must not find out by asking who else came.
    agencies = {crew.agency_id for crew in incident.crews if search.own in (None, crew.agency_id)}
    if not agencies.issuperset(filter(None, (search.own, search.agency))):
        return False
    if search.type and incident.type != search.type:
        return False
    place = incident.location
    words = search.text.casefold().split()
    if words == [label(incident.id).casefold()]:
        return True
    said = " ".join((district(place.district), place.village, place.landmark)).casefold()
    return all(word in said for word in words)
