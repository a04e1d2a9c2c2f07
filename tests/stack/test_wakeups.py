"""The queues of the embedded stack behave as SQS does, as far as our functions can tell."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from infra.local import wakeups
from infra.local.wakeups import MAX_RECEIVES, InProcessQueues, Schedule, Waiting, sqs_event

NO_PAUSE = (0.01,)


def wait_until(condition: Callable[[], bool], patience_s: float = 60) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_message_arrives_at_once_in_the_shape_of_sqs() -> None:
    events: list[Any] = []
    queues = InProcessQueues({"pages": lambda event, context: events.append((event, context))})
    queues.start()
    queues.send("pages", [{"page": "1"}])
    wait_until(lambda: bool(events))
    [record] = events[0][0]["Records"]
    assert json.loads(record["body"]) == {"page": "1"}
    assert record["eventSource"] == "aws:sqs"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert {"messageId", "receiptHandle", "eventSourceARN", "messageAttributes", "awsRegion"} <= record.keys()
    assert events[0][1].aws_request_id
    queues.close(1)


def test_a_batch_has_at_most_ten_and_nothing_is_lost() -> None:
    sizes: list[int] = []
    seen: list[str] = []

    def take(event: dict[str, Any], context: Any) -> dict[str, Any]:
        time.sleep(0.002)
        sizes.append(len(event["Records"]))
        seen.extend(json.loads(record["body"])["page"] for record in event["Records"])
        return {"batchItemFailures": []}

    queues = InProcessQueues({"pages": take})
    queues.start()
    queues.send("pages", [{"page": str(index)} for index in range(500)])
    wait_until(lambda: len(seen) == 500)
    assert max(sizes) <= 10
    assert sorted(seen, key=int) == [str(index) for index in range(500)]
    queues.close(1)


def test_only_what_failed_comes_again_and_five_times_at_most() -> None:
    received: list[tuple[str, str]] = []

    def take(event: dict[str, Any], context: Any) -> dict[str, Any]:
        failures = []
        for record in event["Records"]:
            name = json.loads(record["body"])["page"]
            count = record["attributes"]["ApproximateReceiveCount"]
            received.append((name, count))
            if name == "bad" or (name == "late" and int(count) < 3):
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}

    queues = InProcessQueues({"pages": take}, backoff_s=NO_PAUSE)
    queues.start()
    queues.send("pages", [{"page": "good"}, {"page": "late"}, {"page": "bad"}])
    wait_until(lambda: len(queues.dead_letters) == 1)
    wait_until(lambda: ("late", "3") in received)
    assert [count for name, count in received if name == "good"] == ["1"]
    assert [count for name, count in received if name == "late"] == ["1", "2", "3"]
    assert [count for name, count in received if name == "bad"] == ["1", "2", "3", "4", "5"]
    assert json.loads(queues.dead_letters[0].body) == {"page": "bad"}
    well, detail = queues.health()
    assert not well
    assert "1 given up" in detail
    queues.close(1)


def test_health_is_well_again_when_nothing_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def take(event: dict[str, Any], context: Any) -> None:
        raise RuntimeError("the disk is full")

    queues = InProcessQueues({"pages": take}, backoff_s=NO_PAUSE)
    queues.start()
    queues.send("pages", [{"page": "1"}])
    wait_until(lambda: not queues.health()[0])
    monkeypatch.setattr(wakeups, "GIVEN_UP_S", 0.0)
    assert queues.health() == (True, "0 waiting, 1 given up, 4 of 4 workers")
    queues.close(1)


def test_an_exception_fails_the_whole_batch_and_the_worker_goes_on() -> None:
    calls: list[int] = []

    def take(event: dict[str, Any], context: Any) -> None:
        calls.append(len(event["Records"]))
        raise RuntimeError("broken")

    queues = InProcessQueues({"pages": take}, workers={"pages": 1}, backoff_s=NO_PAUSE)
    queues.start()
    queues.send("pages", [{"page": "1"}, {"page": "2"}])
    wait_until(lambda: len(queues.dead_letters) == 2)
    assert sum(calls) == 2 * MAX_RECEIVES
    assert queues.health()[1].endswith("1 of 1 workers")
    queues.close(1)


def test_a_delayed_message_waits_and_does_not_hold_up_others() -> None:
    seen: list[tuple[str, float]] = []
    queues = InProcessQueues(
        {"pages": lambda event, context: seen.append((event["Records"][0]["body"], time.monotonic()))},
        workers={"pages": 1},
    )
    queues.start()
    started = time.monotonic()
    queues.send("pages", [{"page": "later"}], delay_s=5)
    time.sleep(0.05)
    queues.send("pages", [{"page": "now"}])
    wait_until(lambda: len(seen) == 2)
    assert "now" in seen[0][0]
    assert seen[1][1] - started >= 5.0
    queues.close(1)


def test_closing_waits_for_what_is_being_worked_on() -> None:
    done = threading.Event()
    begun = threading.Event()

    def take(event: dict[str, Any], context: Any) -> None:
        begun.set()
        time.sleep(0.2)
        done.set()

    queues = InProcessQueues({"pages": take})
    queues.start()
    queues.send("pages", [{"page": "1"}])
    assert begun.wait(60)
    queues.close(60)
    assert done.is_set()


def test_an_unknown_queue_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        InProcessQueues({}).send("nowhere", [{}])


def test_the_sweep_comes_at_once_and_again_even_when_it_fails() -> None:
    calls: list[Any] = []

    def sweep(event: dict[str, Any], context: Any) -> None:
        calls.append(event)
        if len(calls) == 1:
            raise RuntimeError("broken")

    sweeper = Schedule("sweep", sweep, every_s=0.01)
    sweeper.start()
    wait_until(lambda: len(calls) >= 3)
    sweeper.close()
    assert calls[0]["source"] == "aws.events"


def test_what_need_not_come_at_once_leaves_a_start_to_more_urgent_work() -> None:
    calls: list[Any] = []
    later = Schedule(
        "retention", lambda event, context: calls.append(event), every_s=0.01, first_after_s=3600
    )
    later.start()
    sooner = Schedule("sweep", lambda event, context: calls.append("sweep"), every_s=0.01)
    sooner.start()
    wait_until(lambda: len(calls) >= 3)
    later.close()
    sooner.close()
    assert set(calls) == {"sweep"}


def test_chalice_reads_both_events() -> None:
    from chalice.app import Chalice, CloudWatchEvent, SQSEvent

    from infra.local.wakeups import context, schedule_event

    app = Chalice(app_name="kentongan-wakeups-test")

    @app.on_sqs_message(queue="pages")
    def pages(event: SQSEvent) -> list[str]:
        return [record.body for record in event]

    @app.schedule("rate(1 minute)")
    def sweep(event: CloudWatchEvent) -> str:
        return str(event.source)

    assert pages(sqs_event([Waiting("pages", "{}")]), context("pages")) == ["{}"]
    assert sweep(schedule_event(), context("sweep")) == "aws.events"
