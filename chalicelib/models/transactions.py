"""One transaction: writes with their conditions, and which of them failed."""

from __future__ import annotations

from dataclasses import dataclass, field

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from .conflicts import ConditionFailed, Contention, Unconfirmed
from .connection import PASSING, code_of, passing, shared

LIMIT = 100
# A label, what is put, and on which condition.
Put = tuple[str, Model, Condition | None]


@dataclass
class Transaction:
    """Collects checks, deletes, puts and updates, each under a label.

    PynamoDB sends checks, deletes, puts, updates in that order whatever order they were called in, and DynamoDB's
    reasons follow that order: the labels are kept in it.
    """

    checks: list[tuple[str, type[Model], tuple[str, str], Condition]] = field(default_factory=list)
    deletes: list[tuple[str, Model, Condition | None]] = field(default_factory=list)
    puts: list[Put] = field(default_factory=list)
    updates: list[tuple[str, Model, list[Action]]] = field(default_factory=list)
    show: str = ""

    def check(self, label: str, model: type[Model], key: tuple[str, str], condition: Condition) -> None:
        self.checks.append((label, model, key, condition))

    def delete(self, label: str, item: Model, condition: Condition | None) -> None:
        self.deletes.append((label, item, condition))

    def put(self, label: str, item: Model, condition: Condition | None) -> None:
        self.puts.append((label, item, condition))

    def update(self, label: str, item: Model, actions: list[Action]) -> None:
        self.updates.append((label, item, actions))

    def commit(self) -> None:
        """Write all or nothing; ConditionFailed, Contention, Unconfirmed, or PynamoDB's error for what can never work."""
        collected = (self.checks, self.deletes, self.puts, self.updates)
        labels = [str(each[0]) for kind in collected for each in kind]
        if len(labels) > LIMIT:
            raise ValueError(f"a transaction takes {LIMIT} items, not {len(labels)}")
        try:
            with TransactWrite(connection=shared()) as transaction:
                for _, model, key, check in self.checks:
                    transaction.condition_check(model, *key, condition=check)
                for _, item, condition in self.deletes:
                    transaction.delete(item, condition=condition)
                for label, item, put_condition in self.puts:
                    shown = "ALL_OLD" if label == self.show else None
                    transaction.save(item, condition=put_condition, return_values=shown)
                for _, item, actions in self.updates:
                    transaction.update(item, actions=actions)
        except TransactWriteError as error:
            raise _meaning(error, labels, self.show) from error


def _meaning(error: TransactWriteError, labels: list[str], show: str) -> Exception:
    codes = [reason.code if reason else None for reason in error.cancellation_reasons]
    failed = frozenset(
        label for label, code in zip(labels, codes, strict=False) if code == "ConditionalCheckFailed"
    )
    if failed:
        reasons = zip(labels, error.cancellation_reasons, strict=False)
        stood = next((reason.raw_item for label, reason in reasons if reason and label == show), None)
        return ConditionFailed(failed, stood)
    cause = error.cause or error
    if PASSING & {*codes, code_of(cause)}:
        return Contention(code_of(cause))
    return Unconfirmed(type(cause).__name__) if passing(cause) else error
