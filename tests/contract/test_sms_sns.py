"""SnsSms against moto, with the faults that SNS really gives put in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError, ReadTimeoutError
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from chalicelib.errors import SmsRefused, SmsUnavailable
from chalicelib.gateways.sms import Sms, SnsSms

REGION = "ap-southeast-3"
NUMBER = "+6281234567890"
MESSAGE = Sms(number=NUMBER, text="Kebakaran rumah, Baamang. KTM-7F3K", page_id="01PAGE", demo=False)


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL_SNS", raising=False)
    with mock_aws():
        yield


def published() -> list[tuple[str, str]]:
    return list(sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages.values())


def answer(provider: SnsSms, status: int, code: str) -> list[Any]:
    """Give every request this error; returns the requests made."""
    requests: list[Any] = []

    def before_send(request: Any, **_: Any) -> AWSResponse:
        requests.append(request)
        body = f"<E><Error><Code>{code}</Code><Message>Bad {NUMBER}</Message></Error></E>"
        return AWSResponse(request.url, status, HTTPHeaders(), _Raw(body.encode()))

    provider.client.meta.events.register_first("before-send.sns.Publish", before_send)
    return requests


class _Raw:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._content


def test_a_message_is_published_as_transactional_with_the_sender() -> None:
    provider = SnsSms("KOTIM112")
    seen: list[dict[str, Any]] = []
    provider.client.meta.events.register(
        "provide-client-params.sns.Publish", lambda params, **_: seen.append(params)
    )
    message_id = provider.send(MESSAGE)
    assert published() == [(NUMBER, MESSAGE.text)]
    assert message_id in sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages
    attributes = {name: value["StringValue"] for name, value in seen[0]["MessageAttributes"].items()}
    assert attributes == {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": "KOTIM112"}


def test_without_a_sender_none_is_named() -> None:
    provider = SnsSms()
    seen: list[dict[str, Any]] = []
    provider.client.meta.events.register(
        "provide-client-params.sns.Publish", lambda params, **_: seen.append(params)
    )
    provider.send(MESSAGE)
    assert list(seen[0]["MessageAttributes"]) == ["AWS.SNS.SMS.SMSType"]


def test_a_demo_number_is_refused_before_anything_is_sent() -> None:
    demo = Sms(NUMBER, "LATIHAN", "01PAGE", demo=True)
    with pytest.raises(SmsRefused):
        SnsSms().send(demo)
    assert published() == []
    assert SnsSms(allow_demo=True).send(demo)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "Throttling"),
        (400, "ThrottledException"),
        (429, "TooManyRequestsException"),
        (403, "ExpiredToken"),
        (500, "InternalError"),
        (503, "ServiceUnavailable"),
        (502, "BadGateway"),
    ],
)
def test_what_passes_may_be_tried_again_and_is_tried_once(status: int, code: str) -> None:
    provider = SnsSms()
    requests = answer(provider, status, code)
    with pytest.raises(SmsUnavailable) as raised:
        provider.send(MESSAGE)
    assert code in raised.value.message
    assert NUMBER not in str(raised.value)
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "InvalidParameter"), (400, "OptedOut"), (403, "AuthorizationError"), (400, "SomethingNew")],
)
def test_what_stays_is_refused_without_repeating_the_number(status: int, code: str) -> None:
    provider = SnsSms()
    answer(provider, status, code)
    with pytest.raises(SmsRefused) as raised:
        provider.send(MESSAGE)
    assert code in raised.value.message
    assert NUMBER not in str(raised.value)
    assert raised.value.__cause__ is None and raised.value.__suppress_context__


@pytest.mark.parametrize(
    "error",
    [ConnectTimeoutError(endpoint_url="x"), ReadTimeoutError(endpoint_url="x"), NoCredentialsError()],
)
def test_no_answer_may_be_tried_again(error: Exception) -> None:
    provider = SnsSms()

    def fail(**_: Any) -> None:
        raise error

    provider.client.meta.events.register_first("before-send.sns.Publish", fail)
    with pytest.raises(SmsUnavailable) as raised:
        provider.send(MESSAGE)
    assert type(error).__name__ in raised.value.message


def test_the_timeouts_are_short() -> None:
    config = SnsSms().client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (2, 5)


def test_neither_number_nor_text_shows_in_a_traceback() -> None:
    assert NUMBER not in repr(MESSAGE) and MESSAGE.text not in repr(MESSAGE)
