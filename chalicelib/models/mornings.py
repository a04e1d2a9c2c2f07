"""What was found ahead of each agency's duty on its last morning: an item an agency beside the idempotency keys, erased with them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..domain.ahead import Morning
from ..domain.ids import fingerprint
from ..domain.times import parse
from .tables import KeyItem

HEAD = fingerprint("duty-ahead")
# Longer than anybody is to be told of the same again.
KEPT_S = 40 * 86400


def day() -> str:
    """The last local day of which all agencies were looked at, '' for none."""
    try:
        return KeyItem.get(HEAD, consistent_read=True).body
    except KeyItem.DoesNotExist:
        return ""


def put_day(day: str, now: str) -> None:
    """Say that all agencies were looked at on a local day."""
    _put(HEAD, day, "{}", now)


def read(agency_ids: Iterable[str]) -> dict[str, Morning]:
    """The last morning of each agency that had one; what another release wrote in another form is none."""
    keys = [_pk(each) for each in agency_ids]
    found = {}
    for item in KeyItem.batch_get(keys, consistent_read=True) if keys else ():
        try:
            morning = msgspec.json.decode(item.result, type=Morning)
        except msgspec.DecodeError:
            continue
        found[morning.agency_id] = morning
    return found


def save(morning: Morning, now: str) -> None:
    """Keep an agency's morning over its last one."""
    _put(_pk(morning.agency_id), morning.day, msgspec.json.encode(morning).decode(), now)


def _put(pk: str, body: str, result: str, now: str) -> None:
    KeyItem(pk=pk, body=body, result=result, expires_at=int(parse(now).timestamp()) + KEPT_S).save()


def _pk(agency_id: str) -> str:
    return fingerprint(f"duty-ahead\n{agency_id}")
