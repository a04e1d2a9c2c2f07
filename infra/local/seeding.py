"""Fills an empty embedded stack: tables, the regency of `infra/seed`, demo accounts, and shifts for the days to come.

What was written once is marked in the registry's table, so that what somebody deletes later stays deleted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from chalicelib.domain import times
from chalicelib.domain.registry import Account
from chalicelib.models import registry
from chalicelib.models.tables import RegistryItem, create_missing
from chalicelib.models.transactions import LIMIT, ConditionFailed
from infra.local.signin import connect, ensure_user
from infra.local.stack import REPO, Stack
from infra.seed.load import Seed, read, shifts_for

SEED_FILE = REPO / "infra" / "seed" / "kotim.yaml"
MARKS = "SEED"
DAYS_BACK = 1
DAYS_AHEAD = 14
# A transaction also raises the registry's counter.
CHUNK = LIMIT - 1


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
        if made := write_accounts(self._seed, self._stack, pool_id):
            yield f"made {made} demo accounts"
        if made := write_shifts(self._seed, datetime.now(times.zone(self._seed.utc_offset_hours)).date()):
            yield f"made {made} shifts"


def make_shifts(today: date) -> int:
    """Make the demo shifts that are missing around a day; return how many."""
    return write_shifts(read(SEED_FILE), today)


def write_nouns(seed: Seed) -> int:
    """Write the seed's nouns, once in the life of the tables."""
    if "nouns" in _marks():
        return 0
    known = {(item.sk) for item in RegistryItem.query(registry.NOUN_PK, consistent_read=True)}
    items = [registry.item_of(noun, value) for noun, values in seed.nouns.items() for value in values]
    missing = [item for item in items if item.sk not in known]
    _write(missing, "nouns")
    return len(missing)


def write_accounts(seed: Seed, stack: Stack, pool_id: str) -> int:
    """Make the demo accounts, once in the life of the tables and of the pool."""
    mark = f"accounts#{pool_id}"
    if mark in _marks():
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
    # The sign-in service saves its users within a second; only then may the mark say that they are there.
    time.sleep(1.0)
    known = {item.sk for item in RegistryItem.query(registry.NOUN_PK, consistent_read=True)}
    items = [registry.item_of("accounts", account) for account in accounts]
    _write([item for item in items if item.sk not in known], mark)
    return len(accounts)


def write_shifts(seed: Seed, today: date) -> int:
    """Make the shifts that begin from yesterday to two weeks ahead; a day that was made once is left alone."""
    marks = _marks()
    made = 0
    for offset in range(-DAYS_BACK, DAYS_AHEAD + 1):
        day = today + timedelta(days=offset)
        mark = f"shifts#{day.isoformat()}"
        if mark in marks:
            continue
        items = [registry.item_of("shifts", shift, day.isoformat()) for shift in shifts_for(seed, day, 1)]
        partitions = {item.pk for item in items}
        known = {
            (item.pk, item.sk) for pk in partitions for item in RegistryItem.query(pk, consistent_read=True)
        }
        missing = [item for item in items if (item.pk, item.sk) not in known]
        _write(missing, mark)
        made += len(missing)
    return made


def _marks() -> set[str]:
    return {item.sk for item in RegistryItem.query(MARKS, consistent_read=True)}


def _write(items: Sequence[RegistryItem], mark: str) -> None:
    """Write items in transactions; the mark comes with the last, so that a crash on the way leaves it out."""
    everything = [*items, RegistryItem(pk=MARKS, sk=mark)]
    for start in range(0, len(everything), CHUNK):
        _write_chunk(everything[start : start + CHUNK])


def _write_chunk(items: Iterable[RegistryItem]) -> None:
    for _ in range(20):
        try:
            registry.write([(item, None) for item in items])
            return
        except ConditionFailed as failed:
            # Somebody edits the registry at this moment; its counter has moved on.
            if failed.labels != {"counter"}:
                raise
    raise TimeoutError("the registry changes all the time")
