"""What Cognito answers, as officers see it: each refusal and silence means one thing, and none repeats what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from chalicelib.errors import Unanswered, Unprocessable
from chalicelib.gateways.sign_ins import CognitoSignIns, NoSignIn

POOL = "ap-southeast-3_test"
WHEN = datetime(2026, 11, 23, 3, tzinfo=UTC)
PASSWORD = "Kfba-mtpq-xhwz-42"
USER = {
    "Username": "siti",
    "UserStatus": "FORCE_CHANGE_PASSWORD",
    "Enabled": True,
    "UserLastModifiedDate": WHEN,
}
ATTRIBUTES = [{"Name": "sub", "Value": "abc"}, {"Name": "email", "Value": "siti@example.id"}]
SHOWN = {"UserPoolId": POOL, "Username": "siti"}


@pytest.fixture
def pool() -> CognitoSignIns:
    return CognitoSignIns(POOL, mails=True)


@pytest.fixture
def cognito(pool: CognitoSignIns) -> Iterator[Stubber]:
    with Stubber(pool._client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("status", "enabled", "state"),
    [
        ("FORCE_CHANGE_PASSWORD", True, "temporary"),
        ("CONFIRMED", True, "own"),
        ("CONFIRMED", False, "closed"),
        ("RESET_REQUIRED", True, "other"),
        ("UNKNOWN", True, "other"),
    ],
)
def test_a_user_is_in_one_of_four_states(
    pool: CognitoSignIns, cognito: Stubber, status: str, enabled: bool, state: str
) -> None:
    user = {**USER, "UserStatus": status, "Enabled": enabled, "UserAttributes": ATTRIBUTES}
    cognito.add_response("admin_get_user", user, SHOWN)
    found = pool.find("siti")
    assert found and (found.id, found.login, found.email, found.state) == (
        "abc",
        "siti",
        "siti@example.id",
        state,
    )
    assert found.since == "2026-11-23T03:00:00.000Z"


def test_the_list_goes_on_until_it_ends(pool: CognitoSignIns, cognito: Stubber) -> None:
    asked: dict[str, Any] = {"UserPoolId": POOL, "Limit": 60, "AttributesToGet": ["sub", "email"]}
    page = {"Users": [{**USER, "Attributes": ATTRIBUTES}]}
    cognito.add_response("list_users", {**page, "PaginationToken": "two"}, asked)
    cognito.add_response("list_users", page, {**asked, "PaginationToken": "two"})
    assert len(pool.all()) == 2


def test_a_user_is_made_without_a_mail_and_with_the_password_that_an_officer_is_told(
    pool: CognitoSignIns, cognito: Stubber
) -> None:
    address = [{"Name": "email", "Value": "siti@example.id"}, {"Name": "email_verified", "Value": "true"}]
    asked = {**SHOWN, "UserAttributes": address, "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"}
    cognito.add_response("admin_create_user", {"User": {**USER, "Attributes": ATTRIBUTES}}, asked)
    assert pool.make("siti", "siti@example.id", PASSWORD)
    cognito.add_client_error("admin_create_user", "UsernameExistsException", "User account already exists")
    assert pool.make("siti", "", PASSWORD) is None


@pytest.mark.parametrize(
    "code", ["CodeDeliveryFailureException", "LimitExceededException", "UnsupportedUserStateException"]
)
def test_a_mail_that_is_refused_is_none_and_no_failure(
    pool: CognitoSignIns, cognito: Stubber, code: str
) -> None:
    cognito.add_response("admin_get_user", {**USER, "UserAttributes": ATTRIBUTES}, SHOWN)
    sign_in = pool.find("siti")
    assert sign_in
    cognito.add_client_error("admin_create_user", code, "no")
    assert pool.mail_invitation(sign_in) is False
    asked = {**SHOWN, "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"]}
    cognito.add_response("admin_create_user", {}, asked)
    assert pool.mail_invitation(sign_in) is True


def test_an_address_that_cognito_does_not_take_is_a_field_to_put_right(
    pool: CognitoSignIns, cognito: Stubber
) -> None:
    calls: dict[str, Callable[[], object]] = {
        "admin_create_user": lambda: pool.make("siti", "a@b", PASSWORD),
        "admin_update_user_attributes": lambda: pool.set_email("abc", "a@b"),
    }
    for operation, call in calls.items():
        cognito.add_client_error(operation, "InvalidParameterException", "Invalid email address format.")
        with pytest.raises(Unprocessable) as refused:
            call()
        assert refused.value.fields == {"email": "is no address for the sign-in service"}


@pytest.mark.parametrize(
    "code", ["TooManyRequestsException", "InternalErrorException", "AccessDeniedException"]
)
def test_whatever_else_it_says_nobody_knows_what_became_of_it_and_nothing_typed_is_repeated(
    pool: CognitoSignIns, cognito: Stubber, code: str
) -> None:
    # Its own retries come first.
    for _ in range(2):
        cognito.add_client_error("admin_set_user_password", code, f"denied for siti with {PASSWORD}", 400)
    with pytest.raises(Unanswered) as silent:
        pool.set_password("abc", PASSWORD)
    assert PASSWORD not in silent.value.message and "siti" not in silent.value.message
    assert silent.value.__cause__ is None
    cognito._queue.clear()


def test_no_connection_is_no_answer(pool: CognitoSignIns, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://cognito")

    monkeypatch.setattr(pool._client, "admin_enable_user", away, raising=False)
    with pytest.raises(Unanswered):
        pool.open("abc")


def test_whoever_is_not_there_is_nobody(pool: CognitoSignIns, cognito: Stubber) -> None:
    cognito.add_client_error("admin_get_user", "UserNotFoundException", "User does not exist.")
    assert pool.find("siti") is None
    cognito.add_client_error("admin_user_global_sign_out", "UserNotFoundException", "User does not exist.")
    with pytest.raises(NoSignIn):
        pool.close("abc")


def test_who_is_shut_out_is_signed_out_and_disabled(pool: CognitoSignIns, cognito: Stubber) -> None:
    who = {"UserPoolId": POOL, "Username": "abc"}
    cognito.add_response("admin_user_global_sign_out", {}, who)
    cognito.add_response("admin_disable_user", {}, who)
    pool.close("abc")


def test_a_password_of_an_officers_is_never_one_for_good(pool: CognitoSignIns, cognito: Stubber) -> None:
    asked = {"UserPoolId": POOL, "Username": "abc", "Password": PASSWORD, "Permanent": False}
    cognito.add_response("admin_set_user_password", {}, asked)
    pool.set_password("abc", PASSWORD)
