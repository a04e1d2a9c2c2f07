"""The types of the interface and the database, settled before a second thread runs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


def resolve() -> frozenset[str]:
    """Let msgspec work out every type of ours now; their names.

    At its first use msgspec 0.22 shows a type to other threads when it is half worked out: two first calls at the same
    moment ended the process with a segmentation fault.
    """
    found = {f"{each.__module__}.{each.__qualname__}": each for each in _below(msgspec.Struct)}
    for each in found.values():
        msgspec.json.Decoder(each)
    return frozenset(found)


def _below(type_: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for each in type_.__subclasses__():
        if each.__module__.startswith("chalicelib."):
            yield each
        yield from _below(each)
