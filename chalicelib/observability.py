"""The logger: one JSON line a record, with ids and without personal data, codes or tokens."""

from __future__ import annotations

from typing import Literal

from aws_lambda_powertools.logging import Logger

from .config import stage

logger = Logger(service="kentongan")
Counted = Literal[
    "WrongLinks",
    "WrongLinkSources",
    "CallsRefused",
    "BlockedNumbers",
    "BlockedCallsRefused",
    "BlockedCallsTaken",
    "BlockedSmsIgnored",
]


def count(name: Counted) -> None:
    """Count one: a line in CloudWatch's embedded metric format on standard output, which is the log here."""
    # 8 ms that a start without abuse need not wait for.
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    dimensions = {"stage": stage()}
    with single_metric(
        name=name, unit=MetricUnit.Count, value=1, namespace="Kentongan", default_dimensions=dimensions
    ):
        pass
