"""What was measured of coverage: an item an agency beside the idempotency keys, erased with them; it can be measured again at any time."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from ..domain.coverage import Coverage
from ..domain.ids import fingerprint
from ..domain.times import parse
from .tables import KeyItem

HEAD = fingerprint("coverage")
KEPT_S = 3 * 86400
# Of the 400 KB that an item has.
MOST_BYTES = 390_000


class Measured(Struct, frozen=True, kw_only=True):
    """An agency's coverage as it was measured at an instant, of all that a digest stands for."""

    digest: str
    at: str
    coverage: Coverage


def known() -> str:
    """The digest of what was measured last, '' where nothing is kept."""
    item = _read(HEAD)
    return item.body if item else ""


def of_agency(agency_id: str) -> Measured | None:
    """What was measured last of an agency; None also for what another release wrote in another form."""
    item = _read(_pk(agency_id))
    try:
        return msgspec.json.decode(item.result, type=Measured) if item else None
    except msgspec.DecodeError:
        return None


def save(measured: Iterable[Measured], digest: str, now: str) -> list[str]:
    """Keep what was measured, the digest last; the agencies of which it is too large to be kept."""
    too_large = []
    for each in measured:
        doc = msgspec.json.encode(each).decode()
        if len(doc) > MOST_BYTES:
            too_large.append(each.coverage.agency_id)
            continue
        _put(_pk(each.coverage.agency_id), each.digest, doc, now)
    _put(HEAD, digest, "{}", now)
    return too_large


def _put(pk: str, body: str, result: str, now: str) -> None:
    KeyItem(pk=pk, body=body, result=result, expires_at=int(parse(now).timestamp()) + KEPT_S).save()


def _read(pk: str) -> KeyItem | None:
    try:
        return KeyItem.get(pk, consistent_read=True)
    except KeyItem.DoesNotExist:
        return None


def _pk(agency_id: str) -> str:
    return fingerprint(f"coverage\n{agency_id}")
