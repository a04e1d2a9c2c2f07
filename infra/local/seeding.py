"""Fills an empty embedded stack: tables, the regency of `infra/seed`, demo accounts, and the patterns of their duty.

What was written once is marked in the registry's table, so that what somebody deletes later stays deleted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from chalicelib.domain.registry import Account
from chalicelib.models import registry_writes
from chalicelib.models.tables import create_missing
from infra.local.signin import connect, ensure_user, saved_users
from infra.local.stack import REPO, Stack, StackError
from infra.seed.load import Seed, read
from infra.seed.write import marks, write_duty, write_missing, write_nouns

SEED_FILE = REPO / "infra" / "seed" / "kotim.yaml"
# As a rule within a second; a disk that is full or busy takes longer.
SAVED_WITHIN_S = 60.0


class Seeding:
    """The seed of one stack; SeedError when its file has mistakes."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._seed = read(SEED_FILE)

    @property
    def usernames(self) -> list[str]:
        """The demo accounts' names at the sign-in page."""
        return [account.id for account in self._seed.accounts]

    def fill(self, pool_id: str) -> Iterator[str]:
        """Write what is missing, saying so a line each."""
        if created := create_missing():
            yield f"made {len(created)} tables"
        if written := write_nouns(self._seed):
            yield f"wrote {written} entries of {SEED_FILE.name}"
        if written := write_duty(self._seed):
            yield f"wrote {written} entries of who is on duty when"
        if made := write_accounts(self._seed, self._stack, pool_id):
            yield f"made {made} demo accounts"


def write_accounts(seed: Seed, stack: Stack, pool_id: str) -> int:
    """Make the demo accounts, once in the life of the tables and of the pool."""
    mark = f"accounts#{pool_id}"
    if mark in marks():
        return 0
    cognito = connect(stack)
    password = stack.secrets()["demo_password"]
    accounts = [
        Account(
            id=ensure_user(cognito, pool_id, account.id, password),
            name=account.name,
            role=account.role,
            agency_id=account.agency_id,
            person_id=account.person_id,
            language=account.language,
        )
        for account in seed.accounts
    ]
    # The sign-in service saves its users a moment later; only then may the mark say that they are there.
    _wait_until_saved(stack, {account.id for account in seed.accounts})
    write_missing([registry_writes.item_of("accounts", account) for account in accounts], mark)
    return len(accounts)


def _wait_until_saved(stack: Stack, usernames: set[str]) -> None:
    deadline = time.monotonic() + SAVED_WITHIN_S
    while usernames - {
        name for name, user in saved_users(stack).items() if user["UserStatus"] == "CONFIRMED"
    }:
        if time.monotonic() > deadline:
            raise StackError(f"The sign-in service does not save its accounts (see {stack.logs}).")
        time.sleep(0.05)
