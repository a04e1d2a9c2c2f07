"""Notices in DynamoDB: each an item of its own beside its incident, whose collection an older release could not read with it.

Those that somebody must look at stand in the `due` index under keys that no older release asks for (ADR 47): a caller's under one,
those to people of the registry under another, so that a month's sheet keeps no caller waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from ..domain.notice import Notice
from .tables import IncidentItem, as_known

DUE = "notices"
DUE_PEOPLE = "notices-people"
# Their sort keys.
CALLERS, PEOPLES = "W", "P"


class Found(NamedTuple):
    """A notice as it was read, with its item's version, and when the index says that it is due."""

    notice: Notice
    version: int
    due_at: str | None


def pk_of(id_: str) -> str:
    return f"W#{id_}"


def label(id_: str) -> str:
    """By which name a change knows its version."""
    return f"W#{id_}"


def item(notice: Notice, v: int) -> IncidentItem:
    """The item of a notice, in the index as long as something of it is due."""
    sk, due_key = (PEOPLES, DUE_PEOPLE) if notice.person_id else (CALLERS, DUE)
    made = IncidentItem(pk=pk_of(notice.id), sk=sk, v=v, doc=msgspec.json.encode(notice).decode())
    if notice.due_at:
        made.due_key, made.due_at = due_key, notice.due_at
    return made


def decode(found: IncidentItem) -> Notice:
    return msgspec.json.decode(found.doc, type=Notice)


def read(id_: str, sk: str = CALLERS) -> tuple[Notice, int] | None:
    """A caller's notice, or of `PEOPLES`, with its item's version, None where there is none."""
    try:
        found = IncidentItem.get(pk_of(id_), sk, consistent_read=True)
    except IncidentItem.DoesNotExist:
        return None
    return decode(found), int(found.v)


def several(ids: Iterable[str]) -> dict[str, Found]:
    """Those of these notices that are there, by id."""
    keys = [(pk_of(each), CALLERS) for each in dict.fromkeys(ids)]
    found = IncidentItem.batch_get(keys, consistent_read=True) if keys else ()
    return {
        each.pk[2:]: Found(decode(each), int(each.v), each.due_at if each.due_key == DUE else None)
        for each in found
    }


def save(notice: Notice, version: int) -> None:
    """Write a notice's own life; ConditionFailed when somebody else wrote it meanwhile."""
    item(notice, version + 1).save(condition=as_known(version))


def forget(notice: Notice, version: int) -> None:
    """Delete a person's notice; ConditionFailed when somebody else wrote it meanwhile."""
    item(notice, version).delete(condition=IncidentItem.v == version)


def due(now: str, most: int, key: str = DUE) -> list[str]:
    """The notices that are due, by id, the oldest first."""
    found = IncidentItem.due_index.query(key, IncidentItem.due_at <= now, limit=most)
    return [each.pk[2:] for each in found]
