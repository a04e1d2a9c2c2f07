"""What a new stage needs before its people can go on by themselves: the regency's registry, and the first administrator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
from botocore.exceptions import ClientError

from chalicelib.domain import times
from chalicelib.domain.registry import Account, Agency
from chalicelib.models import registry
from chalicelib.models.registry import RegistryCache
from infra.deploy.cloud import Cloud, code_of
from infra.deploy.terminal import DeployError, Terminal
from infra.seed.load import Seed, SeedError, read
from infra.seed.write import marks, write_nouns, write_shifts

OURS = Path(__file__).resolve().parents[1] / "seed" / "kotim.yaml"
# Of our example regency: what is not made up. Agencies keep their `demo` mark until their real numbers are entered.
REFERENCE = frozenset(
    {
        "agencies",
        "capabilities",
        "certifications",
        "dispositions",
        "districts",
        "escalation-policies",
        "incident-types",
        "reasons",
        "response-plans",
        "sms-templates",
        "targets",
    }
)
ADMIN = "admin"


def fill_registry(seed: str, terminal: Terminal) -> None:
    """Load a regency into an empty registry: `reference`, `demo`, `none` or the path of a file like kotim.yaml.

    Without a wish it is asked. DeployError names every mistake of the file.
    """
    if "nouns" in marks() or RegistryCache().current().plans:
        return
    wish = seed or terminal.ask(
        "The registry is empty. Load `reference` (Kotim's districts, agencies, incident types, response plans and messages, "
        "without people and units), `demo` (all of it, invented people too), a file like infra/seed/kotim.yaml, or `none`?",
        "SEED=reference",
        "reference",
    )
    if wish == "none":
        terminal.step("registry: left empty; no call can be taken before there are response plans")
        return
    for line in load(wish):
        terminal.step(f"registry: {line}")


def load(wish: str) -> Iterator[str]:
    """Load what was wished for, saying what was written; DeployError names every mistake of the file."""
    file = OURS if wish in ("reference", "demo") else Path(wish)
    try:
        seed = read(file)
    except SeedError as error:
        raise DeployError("The registry cannot be loaded:\n    " + "\n    ".join(error.errors)) from error
    if wish == "reference":
        yield f"{write_nouns(reference_of(seed))} entries of {file.name}, without people, stations and units"
        yield "the agencies' telephone numbers are invented: enter the real ones on the page Data first"
        return
    yield f"{write_nouns(seed)} entries of {file.name}"
    today = datetime.now(times.zone(seed.utc_offset_hours)).date()
    if made := write_shifts(seed, today):
        yield f"{made} shifts of the next two weeks; later ones are entered on the page Data"


def reference_of(seed: Seed) -> Seed:
    """What of a seed holds for any stage: no people, no stations, no units, no accounts."""
    nouns = {noun: things for noun, things in seed.nouns.items() if noun in REFERENCE}
    nouns["agencies"] = [
        msgspec.structs.replace(each, head_id=None) for each in nouns["agencies"] if isinstance(each, Agency)
    ]
    return replace(seed, nouns=nouns, duty=[], accounts=[])


def make_first_admin(cloud: Cloud, pool_id: str, email: str, terminal: Terminal) -> None:
    """Make the sign-in `admin` and its account, if nobody administers yet; Cognito mails a temporary password.

    A run that died between the two goes on with the second.
    """
    accounts = RegistryCache().current().accounts.values()
    if any(account.role == "admin" and not account.disabled for account in accounts):
        return
    email = email or terminal.ask(
        "The first administrator's e-mail address (gets the temporary password)?",
        "ADMIN_EMAIL=you@example.id",
    )
    if "@" not in email:
        raise DeployError(f"{email!r} is not an e-mail address. Give one with: ADMIN_EMAIL=you@example.id")
    sub = _sign_in_of(cloud, pool_id, email)
    account = Account(id=sub, name="Administrator", role="admin")
    registry.write([(registry.item_of("accounts", account), None)])
    terminal.step(f"first administrator: sign in as {ADMIN!r}; the temporary password goes to {email}")


def _sign_in_of(cloud: Cloud, pool_id: str, email: str) -> str:
    """The `sub` of the user `admin`, who is made if need be."""
    cognito = cloud.client("cognito-idp")
    try:
        user = cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=ADMIN,
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            DesiredDeliveryMediums=["EMAIL"],
        )["User"]
        attributes = user["Attributes"]
    except ClientError as error:
        if code_of(error) != "UsernameExistsException":
            raise
        attributes = cognito.admin_get_user(UserPoolId=pool_id, Username=ADMIN)["UserAttributes"]
    sub: str = next(each["Value"] for each in attributes if each["Name"] == "sub")
    return sub
