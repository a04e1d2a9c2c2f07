"""Which things an import has written: a list a transaction, in the transaction itself, so that none is written twice or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..domain.versions import Brought, Named
from .tables import RegistryItem


def pk_of(import_id: str) -> str:
    return f"M#{import_id}"


def item_of(import_id: str, place: str, brought: Brought) -> RegistryItem:
    """The item of what a transaction writes; `place` is an id that sorts by time."""
    return RegistryItem(pk=pk_of(import_id), sk=place, doc=msgspec.json.encode(brought).decode())


def of_import(import_id: str) -> Iterator[Brought]:
    """What an import wrote and took back, oldest first."""
    for item in RegistryItem.query(pk_of(import_id), consistent_read=True):
        yield msgspec.json.decode(item.doc, type=Brought)


def things_of(found: Iterable[Brought]) -> list[Named]:
    """What is left of what an import wrote once what was taken back is counted off, oldest first."""
    things: dict[Named, None] = {}
    for brought in found:
        for thing in brought.things:
            if brought.undone:
                things.pop(thing, None)
            else:
                things[thing] = None
    return list(things)
