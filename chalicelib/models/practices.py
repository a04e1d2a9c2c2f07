"""Practice runs: one item an account beside the idempotency keys, erased with them; no other table knows of practice."""

from __future__ import annotations

import msgspec
from pynamodb.expressions.condition import Condition

from ..domain.ids import fingerprint
from ..domain.practice import KEPT_S, Run
from ..domain.times import parse
from .tables import KeyItem

# In which order the SMS of practice leave: by their asking, so many at most.
WAITING = fingerprint("practice-sms")
WAITING_MOST = 50


def of_account(account_id: str) -> tuple[Run | None, str]:
    """An account's last run, and the state in which it was read: '' for none."""
    item = _read(_pk(account_id))
    return (msgspec.json.decode(item.result, type=Run), item.body) if item else (None, "")


def save(run: Run, known: str, now: str) -> str:
    """Write a run and return the state that it stands in; ConditionFailed when it is no longer as it was read."""
    return _write(_pk(run.account_id), msgspec.json.encode(run).decode(), known, now)


def name_link(code: str, run: Run, now: str) -> None:
    """Keep whose run a link's code leads to."""
    _write(_link(code), msgspec.json.encode([run.account_id, run.id]).decode(), None, now)


def of_link(code: str) -> tuple[str, str] | None:
    """(account id, run id) of a link's code."""
    item = _read(_link(code))
    if item is None:
        return None
    account_id, run_id = msgspec.json.decode(item.result, type=list[str])
    return account_id, run_id


def waiting() -> tuple[list[str], str]:
    """The accounts whose SMS waits, the first first, and the state in which that was read."""
    item = _read(WAITING)
    return (msgspec.json.decode(item.result, type=list[str]), item.body) if item else ([], "")


def put_waiting(account_ids: list[str], known: str, now: str) -> None:
    """Write who waits; ConditionFailed when it is no longer as it was read."""
    _write(WAITING, msgspec.json.encode(account_ids).decode(), known, now)


def _read(pk: str) -> KeyItem | None:
    try:
        return KeyItem.get(pk, consistent_read=True)
    except KeyItem.DoesNotExist:
        return None


def _write(pk: str, result: str, known: str | None, now: str) -> str:
    """Write an item over what was read of it; `known` None: whatever stands there."""
    state = fingerprint(result)
    until = int(parse(now).timestamp()) + KEPT_S
    unchanged: Condition | None = None
    if known is not None:
        unchanged = KeyItem.body == known if known else KeyItem.pk.does_not_exist()
    KeyItem(pk=pk, body=state, result=result, expires_at=until).save(condition=unchanged)
    return state


def _pk(account_id: str) -> str:
    return fingerprint(f"practice\n{account_id}")


def _link(code: str) -> str:
    return fingerprint(f"practice-link\n{code}")
