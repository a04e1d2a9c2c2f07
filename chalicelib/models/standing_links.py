"""Standing links in DynamoDB: one item a person, found by its code's fingerprint as a page is; beside it one that only finds it.

It stands in the table of incidents, whose index of links there is; a release that does not know it finds no incident by it.
"""

from __future__ import annotations

import msgspec

from ..domain.standing_link import StandingLink
from .tables import IncidentItem, as_known


def _pk(person_id: str) -> str:
    return f"Y#{person_id}"


def read(person_id: str) -> tuple[StandingLink | None, int]:
    """A person's link with its item's version, None and 0 where there is none."""
    try:
        found = IncidentItem.get(_pk(person_id), "Y", consistent_read=True)
    except IncidentItem.DoesNotExist:
        return None, 0
    return msgspec.json.decode(found.doc, type=StandingLink), int(found.v)


def by_fingerprint(fingerprint: str) -> StandingLink | None:
    """The link of a code's fingerprint, as it stands now: a generation that was withdrawn is none."""
    found = _found(fingerprint)
    return found if found and found.link == fingerprint else None


def by_calendar(fingerprint: str) -> StandingLink | None:
    """As `by_fingerprint`, by the code of its calendar."""
    found = _found(fingerprint)
    return found if found and found.calendar == fingerprint else None


def _found(fingerprint: str) -> StandingLink | None:
    for item in IncidentItem.link_index.query(fingerprint, limit=1):
        if item.pk.startswith("Y#"):
            return read(item.pk[2:])[0]
    return None


def save(link: StandingLink, known: int) -> None:
    """Write a person's link over the version that was read; ConditionFailed when somebody else did."""
    # First what leads to it: alone it leads nowhere.
    IncidentItem(pk=_pk(link.person_id), sk="C", link=link.calendar, doc="{}").save()
    item = IncidentItem(pk=_pk(link.person_id), sk="Y", v=known + 1, link=link.link)
    item.doc = msgspec.json.encode(link).decode()
    item.save(condition=as_known(known))
