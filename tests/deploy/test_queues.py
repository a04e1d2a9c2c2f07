"""Queues and schedules drive what nobody drives by hand: poison goes aside, delays hold, the sweep makes good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.domain import times
from tests.deploy.stage import ACCOUNT, REGION, Stage, eventually
from tests.deploy.test_main_job import log_call


@contextmanager
def trigger_off(stage: Stage, function: str) -> Iterator[None]:
    """A queue's trigger switched off, so that what comes meanwhile is fetched as one batch."""
    client = stage.aws.client("lambda")
    name = f"kentongan-{stage.name}-{function}"
    (mapping,) = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@contextmanager
def schedule_off(stage: Stage, function: str) -> Iterator[None]:
    """A schedule switched off."""
    client = stage.aws.client("events")
    found = [
        rule["Name"]
        for rule in client.list_rules()["Rules"]
        for target in client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        if target["Arn"].endswith(f":kentongan-{stage.name}-{function}")
    ]
    (name,) = found
    client.disable_rule(Name=name)
    try:
        yield
    finally:
        client.enable_rule(Name=name)


def events_of(stage: Stage, token: str, incident_id: str, kind: str) -> list[dict[str, Any]]:
    incident = stage.call("GET", f"/api/incidents/{incident_id}", token=token).json()
    return [event for event in incident["timeline"] if event["type"] == kind]


def test_a_poisoned_message_ends_among_the_dead_letters_and_its_batch_goes_on(
    stage: Stage, operator: str
) -> None:
    sqs = stage.aws.client("sqs")
    queue, dead = stage.queue("pages"), stage.queue("pages-dead")
    poison = json.dumps({"incident": "nobody said which page"})
    with schedule_off(stage, "sweep"), soon_visible_again(sqs, queue):
        with trigger_off(stage, "send_pages"):
            sqs.send_message(QueueUrl=queue, MessageBody=poison)
            log_call(stage, operator, "Jalan Racun")
            assert waiting(sqs, queue) >= 2
        stage.sms("Jalan Racun")
        assert eventually(lambda: dead_letter(sqs, dead), "nothing among the dead letters") == poison
    eventually(lambda: waiting(sqs, queue) == 0, "something waits still")


@contextmanager
def soon_visible_again(sqs: Any, queue: str) -> Iterator[None]:
    """A second between a message's tries instead of 180, of which five would take a quarter of an hour."""
    name = "VisibilityTimeout"
    before = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: "1"})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={name: before})


def waiting(sqs: Any, queue: str) -> int:
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])


def dead_letter(sqs: Any, queue: str) -> str | None:
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=1).get("Messages")
    return found[0]["Body"] if found else None


@pytest.fixture
def ten_seconds(stage: Stage, admin: str) -> Iterator[None]:
    """Escalation of every policy after ten seconds, the shortest that may be set."""
    policies = stage.call("GET", "/api/registry/escalation-policies", token=admin).json()["items"]

    def put(policy: dict[str, Any]) -> None:
        path = f"/api/registry/escalation-policies/{policy['id']}"
        version = str(stage.call("GET", path, token=admin).json()["v"])
        answer = stage.call("PUT", path, policy, token=admin, version=version)
        assert answer.status_code == 200, answer.text

    for policy in policies:
        del policy["v"]
        put({**policy, "steps": [{**step, "after_s": 10} for step in policy["steps"]]})
    yield
    for policy in policies:
        put(policy)


def test_an_unanswered_page_escalates_after_its_delay_by_the_timers_queue(
    stage: Stage, operator: str, ten_seconds: None
) -> None:
    # The sweep would do it too, later.
    with schedule_off(stage, "sweep"):
        logged = log_call(stage, operator, "Jalan Sunyi")
        incident_id = logged["incident"]["id"]
        (event, *_) = eventually(
            lambda: events_of(stage, operator, incident_id, "AssignmentEscalated"), "no escalation"
        )
    waited = times.between(logged["incident"]["opened_at"], event["recorded_at"])
    assert waited is not None and waited >= 10


def test_the_sweep_sends_by_its_schedule_what_no_wake_up_came_for(stage: Stage, operator: str) -> None:
    sqs = stage.aws.client("sqs")
    with trigger_off(stage, "send_pages"):
        logged = log_call(stage, operator, "Jalan Hilang")
        # The wake-ups are lost, as at a failure of SQS.
        sqs.purge_queue(QueueUrl=stage.queue("pages"))
    # An escalation would page as well.
    with trigger_off(stage, "run_timers"):
        sms = stage.sms("Jalan Hilang", patience_s=300)
    assert sms.number in {page["number"] for page in logged["incident"]["pages"]}

    def beaten() -> bool:
        return bool(stage.call("GET", "/api/health").json()["checks"]["sweep"]["ok"])

    eventually(beaten, "no heartbeat of the sweep")


def test_every_function_with_a_schedule_comes_to_its_end(stage: Stage, operator: str) -> None:
    """Invoked by hand: some schedules come once a day."""
    log_call(stage, operator, "Jalan Jadwal")
    ours = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:kentongan-{stage.name}-"
    events, functions = stage.aws.client("events"), stage.aws.client("lambda")
    rules = [each for each in events.list_rules()["Rules"] if each.get("ScheduleExpression")]
    targets = [
        (rule["Arn"], target["Arn"])
        for rule in rules
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        if target["Arn"].startswith(ours)
    ]
    assert {arn.removeprefix(ours) for _, arn in targets} >= {"sweep", "audit", "retention"}
    for rule, function in targets:
        event = {
            "version": "0",
            "id": "1",
            "source": "aws.events",
            "detail-type": "Scheduled Event",
            "detail": {},
            "account": ACCOUNT,
            "region": REGION,
            "time": "2026-11-27T00:00:00Z",
            "resources": [rule],
        }
        answer = functions.invoke(FunctionName=function, Payload=json.dumps(event))
        assert "FunctionError" not in answer, (function, answer["Payload"].read())
