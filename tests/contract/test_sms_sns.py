"""SnsSms against moto, with the faults that SNS really gives put in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ConnectTimeoutError, NoCredentialsError, ReadTimeoutError
from botocore.session import get_session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from chalicelib.errors import SmsBarred, SmsRefused, SmsUnavailable
from chalicelib.gateways.sms import Sms
from chalicelib.gateways.sms_sns import SnsSms, _from_client_error

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


def answer(provider: SnsSms, status: int, code: str, text: str = f"Bad {NUMBER}") -> list[Any]:
    """Give every request this error; returns the requests made."""
    requests: list[Any] = []

    def before_send(request: Any, **_: Any) -> AWSResponse:
        requests.append(request)
        body = f"<E><Error><Code>{escape(code)}</Code><Message>{text}</Message></Error></E>"
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


# Each error of SNS in botocore's model of it that Publish may answer with, and those of AWS's *Common Error Types*.
PASSING = {
    "ExpiredTokenException", "InternalError", "InternalFailure", "KMSThrottling", "RequestExpired", "ServiceUnavailable",
    "Throttled", "ThrottlingException",
}  # fmt: skip
FOR_ALL = {
    "AccessDeniedException", "AuthorizationError", "EndpointDisabled", "IncompleteSignature", "InvalidAction",
    "InvalidClientTokenId", "InvalidParameter", "InvalidParameterCombination", "InvalidParameterValue", "InvalidQueryParameter",
    "InvalidSecurity", "KMSAccessDenied", "KMSDisabled", "KMSInvalidState", "KMSNotFound", "KMSOptInRequired",
    "MalformedHttpRequestException", "MalformedQueryString", "MissingAction", "MissingAuthenticationToken",
    "MissingParameter", "NotAuthorized", "NotFound", "OptInRequired", "ParameterValueInvalid",
    "PlatformApplicationDisabled", "SignatureDoesNotMatch", "UnrecognizedClientException", "UserError", "ValidationError",
    "ValidationException",
}  # fmt: skip
OF_THE_NUMBER = {"OptedOut"}


def of_publish() -> dict[str, int]:
    """Every error of Publish in the model, and the two of the model that concern SMS besides: code and status."""
    model = get_session().get_service_model("sns")
    others = [model.shape_for(f"{name}Exception") for name in ("OptedOut", "Throttled", "UserError")]
    errors = [each.metadata["error"] for each in (*model.operation_model("Publish").error_shapes, *others)]
    return {each["code"]: each["httpStatusCode"] for each in errors}


def test_every_error_in_the_model_of_publish_was_decided_on() -> None:
    assert of_publish().keys() <= PASSING | FOR_ALL | OF_THE_NUMBER


@pytest.mark.parametrize("code", sorted(PASSING | FOR_ALL | OF_THE_NUMBER))
def test_an_error_ends_the_page_only_where_it_concerns_the_number(code: str) -> None:
    status = of_publish().get(code, 500 if code in {"InternalFailure", "ServiceUnavailable"} else 403)
    verdict = judged(status, code)
    assert (type(verdict) is SmsRefused) == (code in OF_THE_NUMBER)
    assert (type(verdict) is SmsBarred) == (code in FOR_ALL)
    assert (type(verdict) is SmsUnavailable) == (code in PASSING)
    assert code in verdict.message


def judged(status: int, code: str, text: str = f"Bad {NUMBER}") -> SmsRefused | SmsUnavailable:
    """What is raised for such an answer of SNS, which may never repeat the number."""
    provider = SnsSms()
    answer(provider, status, code, text)
    try:
        provider.send(MESSAGE)
    except (SmsRefused, SmsUnavailable) as verdict:
        assert NUMBER not in str(verdict)
        assert verdict.__cause__ is None and verdict.__suppress_context__
        return verdict
    raise AssertionError("the message was taken")


KNOWN = st.sampled_from(sorted(PASSING | FOR_ALL))
CODES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40).filter(
    lambda code: code != "OptedOut"
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    code=KNOWN | CODES,
    status=st.integers(300, 599),
    text=st.text(st.characters(categories=["L", "N"]), max_size=60),
)
def test_nothing_that_is_not_known_to_concern_the_number_ends_a_page(
    code: str, status: int, text: str
) -> None:
    error = ClientError(
        {"Error": {"Code": code, "Message": text}, "ResponseMetadata": {"HTTPStatusCode": status}},
        "Publish",
    )
    verdict = _from_client_error(error)
    assert isinstance(verdict, SmsUnavailable)
    # Where the message may be on its way, that is said, so that the next one is called perhaps a repeat.
    assert verdict.may_be_taken == (status >= 500)


@pytest.mark.parametrize(
    ("text", "final"),
    [
        ("Invalid parameter: PhoneNumber Reason: input incorrectly formatted", True),
        ("Phone number does not meet the E164 format", True),
        # So SNS answers for any number in a region from which it sends no SMS.
        (f"Invalid parameter: PhoneNumber Reason: {NUMBER} is not valid to publish to", False),
        ("Invalid parameter: SenderId", False),
        ("Invalid parameter: Message too long", False),
    ],
)
def test_an_invalid_parameter_is_final_only_where_it_is_the_number(text: str, final: bool) -> None:
    assert type(judged(400, "InvalidParameter", text)) is (SmsRefused if final else SmsBarred)


def test_a_number_that_is_none_is_refused_by_the_service_itself() -> None:
    with pytest.raises(SmsRefused, match="InvalidParameter"):
        SnsSms().send(replace(MESSAGE, number="0812"))


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
