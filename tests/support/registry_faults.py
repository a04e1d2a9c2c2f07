"""What may befall the registry's writes: a process that dies between two of them, an answer that is lost, somebody who comes between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.models import registry_writes
from chalicelib.models.conflicts import Unconfirmed

Write = Callable[[], Any]


def _writes(each: Callable[[int, Write], Any]) -> AbstractContextManager[Any]:
    """Have `each` stand in for every write: it gets its number, from 1, and the real one to do."""
    really, done = registry_writes.write, iter(range(1, 1_000_000))

    def instead(*arguments: Any, **more: Any) -> Any:
        return each(next(done), lambda: really(*arguments, **more))

    return patch.object(registry_writes, "write", instead)


@contextmanager
def dying_after_one_write(error: type[BaseException] = KeyboardInterrupt) -> Iterator[None]:
    """The process ends when it comes to its second write."""

    def each(number: int, write: Write) -> Any:
        if number > 1:
            raise error("dies")
        return write()

    with _writes(each), pytest.raises(error):
        yield


def first_answer_lost(*, written: bool) -> AbstractContextManager[Any]:
    """Nobody hears what became of the first write, which was carried out or not."""

    def each(number: int, write: Write) -> Any:
        if number > 1:
            return write()
        if written:
            write()
        raise Unconfirmed("no answer")

    return _writes(each)


def before_the_second(act: Callable[[], object]) -> AbstractContextManager[Any]:
    """Somebody else does something between the first write and the second."""

    def each(number: int, write: Write) -> Any:
        if number == 2:
            act()
        return write()

    return _writes(each)
