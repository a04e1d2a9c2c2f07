"""Wake-ups from the gateway to the worker."""

from __future__ import annotations

import json
import os
import threading
from typing import Any

import pytest

from infra.local.queue_socket import AT_ONCE, QueueServer, RemoteQueues
from infra.local.wakeups import InProcessQueues
from tests.support.ports import free_ports


class Taken:
    """A queue's function that keeps what it gets, and tells when it has so many."""

    def __init__(self, wanted: int) -> None:
        self.bodies: list[dict[str, str]] = []
        self._wanted = wanted
        self._all = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, event: dict[str, Any], context: Any) -> None:
        with self._lock:
            self.bodies += [json.loads(record["body"]) for record in event["Records"]]
            if len(self.bodies) >= self._wanted:
                self._all.set()

    def wait(self) -> list[dict[str, str]]:
        assert self._all.wait(60), f"{len(self.bodies)} of {self._wanted} arrived"
        return self.bodies


@pytest.fixture
def port() -> int:
    """A port that no stack uses."""
    return free_ports(1)


def test_a_burst_of_wake_ups_reaches_the_worker_whole(port: int) -> None:
    bodies = [{"incident": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "page": f"p{n}"} for n in range(2 * AT_ONCE + 1)]
    taken = Taken(len(bodies))
    queues = InProcessQueues({"pages": taken})
    queues.start()
    QueueServer(port, queues).start()
    remote = RemoteQueues(port)
    remote.send("pages", bodies)
    assert sorted(each["page"] for each in taken.wait()) == sorted(each["page"] for each in bodies)
    assert remote.health()[0]
    queues.close(5)


def test_a_worker_that_is_gone_takes_nothing_and_is_missed(port: int) -> None:
    remote = RemoteQueues(port)
    with pytest.raises(OSError):
        remote.send("pages", [{"page": "p"}])
    assert remote.health() == (False, "the worker does not answer")


def test_nobody_of_another_user_hears_of_a_wake_up_or_sends_one(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Taken(1)
    queues = InProcessQueues({"pages": taken})
    queues.start()
    QueueServer(port, queues).start()
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    with pytest.raises(OSError):
        RemoteQueues(port).send("pages", [{"page": "p"}])
    assert taken.bodies == []
    queues.close(5)


def test_nobody_waits_for_a_busy_worker_which_takes_the_wake_up_when_it_comes_to_it(port: int) -> None:
    taken = Taken(1)
    queues = InProcessQueues({"pages": taken})
    queues.start()
    server = QueueServer(port, queues)
    RemoteQueues(port).send("pages", [{"page": "p"}])
    assert taken.bodies == []
    server.start()
    assert taken.wait() == [{"page": "p"}]
    queues.close(5)


def test_a_message_that_cannot_be_taken_stops_no_other(port: int) -> None:
    taken = Taken(1)
    queues = InProcessQueues({"pages": taken})
    queues.start()
    QueueServer(port, queues).start()
    RemoteQueues(port).send("nowhere", [{}])
    RemoteQueues(port).send("pages", [{"page": "p"}])
    assert taken.wait() == [{"page": "p"}]
    queues.close(5)
