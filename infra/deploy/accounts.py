"""Sign-ins and what they may do: the first administrator, and whoever comes later."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from botocore.exceptions import ClientError

from chalicelib.domain.registry import NOUNS, Account
from chalicelib.domain.registry_rules import Book, faults
from chalicelib.models import registry_writes
from chalicelib.models.registry import RegistryCache
from infra.deploy.cloud import Cloud, code_of
from infra.deploy.terminal import DeployError, Terminal
from infra.seed.write import stamped

ADMIN = "admin"


def make_first_admin(cloud: Cloud, pool_id: str, email: str, terminal: Terminal) -> None:
    """Make the sign-in `admin` and its account, if nobody administers yet; Cognito mails a temporary password."""
    accounts = RegistryCache().current().accounts.values()
    if any(account.role == "admin" and not account.disabled for account in accounts):
        return
    email = email or terminal.ask(
        "The first administrator's e-mail address (gets the temporary password)?",
        "ADMIN_EMAIL=you@example.id",
    )
    make_account(cloud, pool_id, ADMIN, email, {"name": "Administrator", "role": "admin"}, terminal)


def make_account(
    cloud: Cloud, pool_id: str, login: str, email: str, fields: Mapping[str, str], terminal: Terminal
) -> None:
    """Make a sign-in, unless there is one, and its account with the fields given; DeployError names a wrong one.

    A run that died between the two goes on with the second; an account that stands is left as it is.
    """
    if "@" not in email:
        raise DeployError(f"{email!r} is not an e-mail address; the temporary password is sent there.")
    snapshot = RegistryCache().current()
    _check(fields, Book(nouns={noun: snapshot.of(noun) for noun in NOUNS}, now=""))
    sub = _sign_in_of(cloud, pool_id, login, email)
    if sub in snapshot.accounts:
        raise DeployError(
            f"{login} has an account already: {snapshot.accounts[sub].name}, {snapshot.accounts[sub].role}"
        )
    account = msgspec.convert({"id": sub, **fields}, Account)
    registry_writes.write(
        [(registry_writes.item_of("accounts", account), None)], stamp=stamped("system:deploy")
    )
    terminal.step(f"{account.role}: sign in as {login!r}; a new sign-in's temporary password goes to {email}")


def _check(fields: Mapping[str, str], book: Book) -> None:
    try:
        account = msgspec.convert({"id": "new", **fields}, Account)
    except msgspec.ValidationError as error:
        raise DeployError(f"There can be no such account: {error}") from error
    for fault in faults(account, book):
        raise DeployError(f"AGENCY {fault.sentence}; there are {', '.join(sorted(book.of('agencies')))}")


def _sign_in_of(cloud: Cloud, pool_id: str, login: str, email: str) -> str:
    """The `sub` of a user, who is made if need be."""
    cognito = cloud.client("cognito-idp")
    try:
        user = cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=login,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            DesiredDeliveryMediums=["EMAIL"],
        )["User"]
        attributes = user["Attributes"]
    except ClientError as error:
        if code_of(error) != "UsernameExistsException":
            raise
        attributes = cognito.admin_get_user(UserPoolId=pool_id, Username=login)["UserAttributes"]
    sub: str = next(each["Value"] for each in attributes if each["Name"] == "sub")
    return sub
