"""Sheets that wait to be imported, in parts that an item takes, for a day; and for good, which imports there were."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from datetime import timedelta

import msgspec

from ..domain.ids import fingerprint
from ..domain.sheets.stage import Import, Stage
from ..domain.times import parse
from .tables import KeyItem, RegistryItem

KEPT = timedelta(days=1)
# Of the 400 KB that an item has.
PART = 300_000
IMPORTS = "IMPORTS"


def save(stage: Stage, now: str) -> None:
    """Keep a stage for a day from now, in place of what it was."""
    packed = base64.b85encode(zlib.compress(msgspec.json.encode(stage), 6)).decode()
    parts = [packed[start : start + PART] for start in range(0, len(packed), PART)]
    expires_at = int(parse(now).timestamp() + KEPT.total_seconds())
    # Each saving has parts of its own, and the first item says which they are: nobody reads halves of two.
    saved = fingerprint(packed)[:16]
    for number, part in enumerate(parts):
        KeyItem(pk=_part(stage.id, saved, number), body="-", result=part, expires_at=expires_at).save()
    KeyItem(pk=_pk(stage.id), body=saved, result=str(len(parts)), expires_at=expires_at).save()


def load(stage_id: str, now: str) -> Stage | None:
    """A stage, None once its day is over."""
    try:
        head = KeyItem.get(_pk(stage_id), consistent_read=True)
        if int(head.expires_at) < int(parse(now).timestamp()):
            return None
        parts = [
            KeyItem.get(_part(stage_id, head.body, number), consistent_read=True).result
            for number in range(int(head.result))
        ]
    except KeyItem.DoesNotExist:
        return None
    return msgspec.json.decode(zlib.decompress(base64.b85decode("".join(parts))), type=Stage)


def _pk(stage_id: str) -> str:
    return fingerprint(f"sheet\n{stage_id}")


def _part(stage_id: str, saved: str, number: int) -> str:
    return fingerprint(f"sheet\n{stage_id}\n{saved}\n{number}")


def remember(told: Import) -> None:
    """Remember an import as it stands now."""
    RegistryItem(pk=IMPORTS, sk=told.id, doc=msgspec.json.encode(told).decode()).save()


def remembered(import_id: str) -> Import | None:
    """An import that was begun, None if there is none."""
    try:
        item = RegistryItem.get(IMPORTS, import_id, consistent_read=True)
    except RegistryItem.DoesNotExist:
        return None
    return msgspec.json.decode(item.doc, type=Import)


def imports() -> Iterator[Import]:
    """The imports that were begun, newest first, read as far as one looks."""
    for item in RegistryItem.query(IMPORTS, scan_index_forward=False, consistent_read=True):
        yield msgspec.json.decode(item.doc, type=Import)
