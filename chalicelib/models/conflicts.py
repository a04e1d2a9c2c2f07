"""Why a read or a write did not get through, in our own words: whoever uses the models knows nothing of PynamoDB's."""

from __future__ import annotations

from typing import Any


class Passing(Exception):
    """What may succeed when it is done again from the start."""


class ConditionFailed(Passing):
    """Nothing was written, as somebody else was first: the labels of the writes whose condition did not hold.

    `stood` is DynamoDB's own form of what stood in the place of the write that the transaction was to `show`.
    """

    def __init__(self, labels: frozenset[str] = frozenset(), stood: dict[str, Any] | None = None) -> None:
        super().__init__(", ".join(sorted(labels)))
        self.labels = labels
        self.stood = stood


class Contention(Passing):
    """Nothing was written because another transaction or a throttle stood in the way."""


class NotRead(Passing):
    """A read got no answer, or was refused for now."""


class Unconfirmed(Passing):
    """The answer to a write was lost: it may stand or not, and whoever tries again must look first."""
