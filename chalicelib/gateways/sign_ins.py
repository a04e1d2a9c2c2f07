"""The sign-in service's users, as officers need them: Cognito's admin calls on one user pool.

Neither a password, a login nor an address is logged, and no exception of ours repeats one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from functools import cached_property
from typing import Any, Protocol

from ..domain.accounts import SignIn, State
from ..domain.times import render
from ..errors import Unanswered, Unprocessable
from ..faults import Fault

CONNECT_S = 2
READ_S = 6
TRIES = 2
AT_ONCE = 60
NOT_THERE, THERE, WRONG = "UserNotFoundException", "UsernameExistsException", "InvalidParameterException"
# Refusals of a mail: the address takes none, the day's are spent, whoever it is for has a password already.
NOT_MAILED = frozenset(
    {"CodeDeliveryFailureException", "LimitExceededException", "UnsupportedUserStateException"}
)
STATES: dict[str, State] = {"FORCE_CHANGE_PASSWORD": "temporary", "CONFIRMED": "own"}


class NoSignIn(Exception):
    """The sign-in service has no such user."""


class SignIns(Protocol):
    """The users of one pool, by the token's `sub` or by login. Unanswered where it is not known what became of a call.

    Each may be asked for again and leaves the same behind. NoSignIn of whoever is not there.
    """

    def all(self) -> list[SignIn]: ...

    def find(self, name: str) -> SignIn | None: ...

    def make(self, login: str, email: str, password: str) -> SignIn | None:
        """A new user with a temporary password, whom nobody tells of it; None if the login is taken."""
        ...

    def set_email(self, id_: str, email: str) -> None: ...

    def set_password(self, id_: str, password: str) -> None:
        """A temporary one: the next sign-in asks for another."""
        ...

    def mail_invitation(self, sign_in: SignIn) -> bool:
        """Have a new temporary password mailed with the address of the site; False if no mail was sent."""
        ...

    def open(self, id_: str) -> None: ...

    def close(self, id_: str) -> None:
        """Let nobody sign in by it any more, and let nobody stay signed in."""
        ...

    def sign_out(self, id_: str) -> None: ...

    def has_second_factor(self, id_: str) -> bool: ...

    def demands_second_factor(self) -> bool:
        """Whether nobody gets in without one: then none can be taken from anybody either."""
        ...

    def forget_second_factor(self, id_: str) -> None: ...

    def remove(self, sign_in: SignIn) -> None: ...


class CognitoSignIns:
    """A Cognito user pool; `mails` says whether it sends its invitations to anybody."""

    def __init__(self, pool_id: str, *, mails: bool) -> None:
        self._pool_id, self._mails = pool_id, mails

    @cached_property
    def _client(self) -> Any:
        # Only where accounts are kept: 150 ms of a processor.
        from botocore.config import Config
        from botocore.session import get_session

        config = Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
        )
        return get_session().create_client("cognito-idp", config=config)

    def _ask(self, operation: str, **parameters: Any) -> Any:
        """One call; NoSignIn, Unanswered, or botocore's ClientError for a refusal of what was asked for."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self._client, operation)(UserPoolId=self._pool_id, **parameters)
        except ClientError as error:
            code = _code(error)
            if code == NOT_THERE:
                raise NoSignIn from None
            if code in (THERE, WRONG) or code in NOT_MAILED:
                raise
            # Too many at once, a fault of theirs, no right to it: nobody knows more now.
            raise _no_answer(code) from None
        except BotoCoreError as error:
            raise _no_answer(type(error).__name__) from None

    def all(self) -> list[SignIn]:
        return list(self._pages())

    def _pages(self) -> Iterator[SignIn]:
        onward: dict[str, str] = {}
        while True:
            page = self._ask("list_users", Limit=AT_ONCE, AttributesToGet=["sub", "email"], **onward)
            yield from (_sign_in(each, each["Attributes"]) for each in page["Users"])
            if not page.get("PaginationToken"):
                return
            onward = {"PaginationToken": page["PaginationToken"]}

    def find(self, name: str) -> SignIn | None:
        try:
            found = self._ask("admin_get_user", Username=name)
        except NoSignIn:
            return None
        return _sign_in(found, found["UserAttributes"])

    def make(self, login: str, email: str, password: str) -> SignIn | None:
        from botocore.exceptions import ClientError

        try:
            made = self._ask(
                "admin_create_user",
                Username=login,
                UserAttributes=_address(email),
                TemporaryPassword=password,
                # Told once the account stands: until then there is nothing to invite anybody to.
                MessageAction="SUPPRESS",
            )["User"]
        except ClientError as error:
            if _code(error) == THERE:
                return None
            raise _refused_address(error) from None
        return _sign_in(made, made["Attributes"])

    def set_email(self, id_: str, email: str) -> None:
        from botocore.exceptions import ClientError

        try:
            self._ask("admin_update_user_attributes", Username=id_, UserAttributes=_address(email))
        except ClientError as error:
            raise _refused_address(error) from None

    def set_password(self, id_: str, password: str) -> None:
        # Not AdminResetUserPassword: it mails a code, and shuts out whoever has no address.
        self._ask("admin_set_user_password", Username=id_, Password=password, Permanent=False)

    def mail_invitation(self, sign_in: SignIn) -> bool:
        from botocore.exceptions import ClientError

        if not self._mails or not sign_in.email:
            return False
        try:
            self._ask(
                "admin_create_user",
                Username=sign_in.login,
                MessageAction="RESEND",
                DesiredDeliveryMediums=["EMAIL"],
            )
        except ClientError:
            return False  # A person hands the password over.
        return True

    def open(self, id_: str) -> None:
        self._ask("admin_enable_user", Username=id_)

    def close(self, id_: str) -> None:
        self.sign_out(id_)
        self._ask("admin_disable_user", Username=id_)

    def sign_out(self, id_: str) -> None:
        self._ask("admin_user_global_sign_out", Username=id_)

    def has_second_factor(self, id_: str) -> bool:
        return bool(self._ask("admin_get_user", Username=id_).get("UserMFASettingList"))

    def demands_second_factor(self) -> bool:
        return bool(self._ask("get_user_pool_mfa_config").get("MfaConfiguration") == "ON")

    def forget_second_factor(self, id_: str) -> None:
        off = {"Enabled": False, "PreferredMfa": False}
        self._ask("admin_set_user_mfa_preference", Username=id_, SoftwareTokenMfaSettings=off)

    def remove(self, sign_in: SignIn) -> None:
        # By login: MiniStack, which knows users by their `sub` too, fails to delete by it.
        self._ask("admin_delete_user", Username=sign_in.login)


def _sign_in(user: dict[str, Any], attributes: list[dict[str, str]]) -> SignIn:
    known = {each["Name"]: each["Value"] for each in attributes}
    state = STATES.get(user["UserStatus"], "other") if user["Enabled"] else "closed"
    return SignIn(
        id=known["sub"],
        login=user["Username"],
        email=known.get("email", ""),
        state=state,
        since=render(user["UserLastModifiedDate"].astimezone(UTC)),
    )


def _address(email: str) -> list[dict[str, str]]:
    """The address as the pool keeps it; an officer vouches for it, so that nobody is asked to prove it."""
    if not email:
        return []
    return [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _refused_address(error: Any) -> Unprocessable | Unanswered:
    """Of what an officer types the address alone can be wrong in a way that only the sign-in service knows."""
    if _code(error) == WRONG:
        return Unprocessable(
            "the sign-in service does not take this address", Fault("email", "email_refused")
        )
    return _no_answer(_code(error))


def _no_answer(code: str) -> Unanswered:
    return Unanswered(f"the sign-in service gave no answer ({code}); send it again")
