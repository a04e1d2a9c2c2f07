"""A request that waits for a database which hangs holds up no other request of the same process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chalicelib.handlers.http import Context
from chalicelib.models.counters import Counters
from chalicelib.models.registry import RegistryCache
from chalicelib.models.tables import RegistryItem


@contextmanager
def hanging() -> Iterator[tuple[Callable[[], Any], Event]]:
    """What hangs until the block ends, and the event that somebody waits for it."""
    waits, over = Event(), Event()

    def hang() -> Any:
        waits.set()
        assert over.wait(300)
        raise TimeoutError

    try:
        yield hang, waits
    finally:
        over.set()


@contextmanager
def somebody(read: Callable[[], Any], waits: Event) -> Iterator[None]:
    """Another thread that is at this all the while."""

    def run() -> None:
        with pytest.raises(TimeoutError):
            read()

    thread = Thread(target=run)
    thread.start()
    assert waits.wait(60)
    yield


def within_reach(read: Callable[[], Any]) -> Any:
    """What it gives; TimeoutError when it waits for somebody else."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(read).result(timeout=240)


def context(current: Callable[[], Any]) -> Context:
    world = SimpleNamespace(registry=SimpleNamespace(current=current))
    return Context(world=cast(Any, world), request=cast(Any, None), actor=cast(Any, None))


def test_the_registry_of_one_request_is_not_waited_for_by_another() -> None:
    with hanging() as (hang, waits), somebody(lambda: context(hang).registry, waits):
        assert within_reach(lambda: context(lambda: "read").registry) == "read"


def test_a_request_reads_the_registry_once() -> None:
    read: list[int] = []

    def current() -> str:
        read.append(1)
        return "read"

    made = context(current)
    assert cast(Any, made.registry) == "read" and made.registry and len(read) == 1


def test_whoever_reads_the_whole_registry_and_hangs_is_not_waited_for_longer_than_reading_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache = RegistryCache()
    with hanging() as (hang, waits):
        answers: list[Callable[[], Any]] = [hang, list]
        monkeypatch.setattr(RegistryItem, "query", lambda *_, **__: answers.pop(0)())
        with somebody(lambda: cache._as_of(Counters(total=1)), waits):
            assert within_reach(lambda: cache._as_of(Counters(total=1))).at == Counters(total=1)
