"""Wake-ups by SQS: ten a request, and none lost without a word."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.aws_json import JsonService
from chalicelib.gateways.wakeups import NotSent, SqsWakeups

BODIES = [{"incident": "I", "page": f"P{n}"} for n in range(12)]


@pytest.fixture(params=["at once", "by botocore"])
def requests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What reaches SQS, which takes every message but those of page P3, at our first try or at botocore's."""
    made: list[dict[str, Any]] = []

    def sqs(_: object, operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        made.append(kwargs)
        return {"Failed": [{"Id": each["Id"]} for each in kwargs["Entries"] if '"P3"' in each["MessageBody"]]}

    if request.param == "at once":
        monkeypatch.setattr(JsonService, "call", sqs)
    else:
        monkeypatch.setattr(JsonService, "call", lambda *_: None)
        monkeypatch.setattr(BaseClient, "_make_api_call", sqs)
    return made


def test_messages_go_ten_a_request_with_their_delay(requests: list[dict[str, Any]]) -> None:
    SqsWakeups({"pages": "https://sqs.test/pages"}).send("pages", [*BODIES[:3], *BODIES[4:]], 7)
    assert [len(each["Entries"]) for each in requests] == [10, 1]
    assert {entry["DelaySeconds"] for each in requests for entry in each["Entries"]} == {7}


def test_what_sqs_does_not_take_is_said_after_all_were_tried(requests: list[dict[str, Any]]) -> None:
    with pytest.raises(NotSent):
        SqsWakeups({"pages": "https://sqs.test/pages"}).send("pages", BODIES)
    assert [len(each["Entries"]) for each in requests] == [10, 2]
