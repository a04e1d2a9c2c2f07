"""Bringing in a past incident that no transaction takes whole: hidden until its last one, and done again from the start.

Whoever holds its stage writes; each transaction renews that, so that nobody's parts mix with another's. Salts are random:
what somebody left half written is cleared and written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ...bootstrap import World
from ...domain.incident import Importing
from ...domain.times import between
from ...models import incidents, staging
from ...models.conflicts import ConditionFailed, Passing
from ...models.transactions import Put, Transaction
from ..changes.retrying import GAVE_UP, Try, retried

# A writer that was not heard of for so long has died: a transaction is tried for 5 s.
SILENT_S = 15

Outcome = Literal["written", "stands", "busy"]


class _Taken(Exception):
    """Somebody else holds the stage by now."""


class _Stage:
    """The stage as this writer holds it."""

    def __init__(self, world: World, incident_id: str, source: str, command: str) -> None:
        self._world, self._id = world, incident_id
        self._source, self._command = source, command
        self._known = 0

    def take(self) -> bool:
        """Become the one who goes on with what another has left; False while that one is at it, or if there is none."""
        found = staging.read(self._id)
        if found is None:
            return False
        stage, self._known = found
        if abs(between(stage.at, self._world.clock.now()) or 0) < SILENT_S:
            return False
        self.step()
        return True

    def step(self, puts: Iterable[Put] = (), gone: Iterable[str] = (), *, last: bool = False) -> None:
        """Write and delete in one transaction as long as the stage is ours; _Taken, or GAVE_UP after 5 s."""

        def attempt(each: Try) -> None:
            transaction = Transaction(puts=list(puts))
            staging.clear(transaction, self._id, gone)
            if last:
                staging.leave(transaction, self._id, self._known)
            else:
                stage = Importing(source=self._source, command=self._command, at=each.now)
                staging.hold(transaction, self._id, stage, self._known)
            try:
                transaction.commit()
            except Passing as error:
                if not self._passed(last):
                    raise (_Taken() if isinstance(error, ConditionFailed) else error) from error
            self._known += 1

        retried(self._world, attempt)

    def _passed(self, last: bool) -> bool:
        """Whether the transaction got through although its answer was lost."""
        found = staging.read(self._id)
        if last:
            return found is None
        return found is not None and found[0].command == self._command and found[1] == self._known + 1


def write_in_parts(world: World, incident_id: str, source: str, command: str, puts: list[Put]) -> Outcome:
    """Write an incident in as many transactions as it takes; `stands` if there is one in its place already."""
    stage = _Stage(world, incident_id, source, command)
    parts, end = staging.parts_of(puts)
    try:
        if staging.read(incident_id) is None:
            stage.step(parts[0])
        elif not stage.take():
            return "busy"
        elif not _clear(stage, incident_id):
            return "stands"
        else:
            # Its first event was left there to hold the place.
            stage.step([(label, item, None) for label, item, _ in parts[0]])
        for part in parts[1:]:
            stage.step(part)
        stage.step(end, last=True)
    except _Taken:
        return "stands" if incidents.load(incident_id) else "busy"
    except GAVE_UP:
        return "busy"
    return "written"


def forget(world: World, incident_id: str, command: str) -> bool:
    """Delete what was written of an incident that nobody went on with; False if somebody does, or it stands by now."""
    stage = _Stage(world, incident_id, "", command)
    if not stage.take() or not _clear(stage, incident_id):
        return False
    stage.step(gone=[staging.FIRST], last=True)
    return True


def _clear(stage: _Stage, incident_id: str) -> bool:
    """Delete whatever was left half written but its first event; False, and nothing is touched, if it stands there whole."""
    left = staging.standing(incident_id)
    if "#" in left:
        stage.step(last=True)
        return False
    others = [sk for sk in left if sk != staging.FIRST]
    for start in range(0, len(others), staging.AT_ONCE):
        stage.step(gone=others[start : start + staging.AT_ONCE])
    return True
