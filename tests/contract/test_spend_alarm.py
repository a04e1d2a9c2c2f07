"""Whether the month's SMS limit nears: asked of CloudWatch seldom, and where it cannot be asked nothing is held back for it."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from chalicelib.gateways.spend_alarm import FRESH_S, SpendAlarm

NAME = "kentongan-test-sms-spend"


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def cloudwatch(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-3")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        client = boto3.client("cloudwatch")
        client.put_metric_alarm(
            AlarmName=NAME,
            MetricName="SMSMonthToDateSpentUSD",
            Namespace="AWS/SNS",
            Period=300,
            EvaluationPeriods=1,
            Threshold=80.0,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            Statistic="Maximum",
        )
        yield client


def rings(client: object, state: str) -> None:
    client.set_alarm_state(AlarmName=NAME, StateValue=state, StateReason="so the test wants it")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("state", "near"), [("ALARM", True), ("OK", False), ("INSUFFICIENT_DATA", False)])
def test_the_limit_nears_while_the_alarm_rings(cloudwatch: object, state: str, near: bool) -> None:
    rings(cloudwatch, state)
    assert SpendAlarm(NAME, Watch()).rings() is near


def test_it_is_asked_again_after_five_minutes_and_not_before(cloudwatch: object) -> None:
    watch = Watch()
    alarm = SpendAlarm(NAME, watch)
    assert not alarm.rings()
    rings(cloudwatch, "ALARM")
    watch.now = FRESH_S - 1
    assert not alarm.rings()
    watch.now = FRESH_S
    assert alarm.rings()


def test_where_it_cannot_be_asked_nothing_is_held_back_and_it_is_asked_again(
    cloudwatch: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings(cloudwatch, "ALARM")
    alarm = SpendAlarm(NAME, Watch())

    def denied() -> bool:
        raise PermissionError

    with monkeypatch.context() as broken:
        broken.setattr(alarm, "_ask", denied)
        assert not alarm.rings()
    assert alarm.rings()


def test_an_alarm_that_does_not_exist_holds_nothing_back(cloudwatch: object) -> None:
    assert not SpendAlarm("kentongan-other-sms-spend", Watch()).rings()
