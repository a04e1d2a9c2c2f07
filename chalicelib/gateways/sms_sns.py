"""SMS by Amazon SNS; neither number nor text is logged."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import SmsBarred, SmsRefused, SmsUnavailable
from .sms import Sms, refuse_demo

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

# What SNS says of a number. *Is not valid to publish to* is not among it: so it answers in a region without SMS too.
_SNS_NUMBER_WORDS = ("phonenumber reason: input incorrectly formatted", "does not meet the e164 format")
_SNS_PASSING = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InternalError",
        "InternalFailure",
        "KMSThrottling",
        "RequestExpired",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


class SnsSms:
    """SMS by Amazon SNS, as transactional messages; botocore finds region and credentials by itself."""

    name = "sns"

    def __init__(self, sender_id: str = "", *, allow_demo: bool = False) -> None:
        self._allow_demo = allow_demo
        self._attributes = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        if sender_id:
            self._attributes["AWS.SNS.SMS.SenderID"] = {"DataType": "String", "StringValue": sender_id}

    @cached_property
    def client(self) -> Any:
        """The SNS client, made at the first message, which takes 150 ms."""
        from botocore.config import Config
        from botocore.session import get_session

        # One attempt: the page records its attempts itself. A session of its own is safe among threads, and boto3 on
        # top of it would only add 50 ms and 1 MB.
        once = Config(
            connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1, "mode": "standard"}
        )
        return get_session().create_client("sns", config=once)

    def warm_up(self) -> None:
        """Make the client before the first message needs it."""
        _ = self.client

    def send(self, sms: Sms) -> str:
        """Publish to the number; see SmsProvider."""
        refuse_demo(sms, self._allow_demo)
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            ConnectionError,
            ConnectTimeoutError,
            EndpointConnectionError,
            HTTPClientError,
        )

        try:
            answer = self.client.publish(
                PhoneNumber=sms.number, Message=sms.text, MessageAttributes=self._attributes
            )
        except ClientError as error:
            raise _from_client_error(error) from None
        except (ConnectionError, HTTPClientError) as error:
            never_sent = isinstance(error, (EndpointConnectionError, ConnectTimeoutError))
            raise SmsUnavailable(
                f"SNS cannot be reached: {type(error).__name__}", may_be_taken=not never_sent
            ) from None
        except BotoCoreError as error:  # no credentials, no region: nothing was sent
            raise SmsBarred(f"SNS cannot be asked: {type(error).__name__}") from None
        return str(answer["MessageId"])


def _from_client_error(error: ClientError) -> SmsRefused | SmsUnavailable:
    """Keep the code and drop the text, which repeats the number.

    Each error of Publish in botocore's model of SNS, in AWS's *Common Error Types*, and whatever may come besides: what is not
    known to concern the number is not final.
    """
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "OptedOut":
        return SmsRefused(f"this number has opted out of SMS: {code}")
    if code == "InvalidParameter" and any(words in str(error).lower() for words in _SNS_NUMBER_WORDS):
        return SmsRefused(f"SNS does not accept this number: {code}")
    if code in _SNS_PASSING or status == 429 or not 400 <= status < 500:
        return SmsUnavailable(
            f"SNS asks to try again later: {code or status}", may_be_taken=not 300 <= status < 500
        )
    return SmsBarred(f"SNS takes no SMS of this account: {code or status}")
