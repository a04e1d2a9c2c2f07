"""The logger: one JSON line a record, with ids and without personal data, codes or tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aws_lambda_powertools.logging import Logger

from .config import lambda_function, stage

logger = Logger(service="kentongan")
Counted = Literal[
    "WrongLinks",
    "WrongLinkSources",
    "CallsRefused",
    "BlockedNumbers",
    "BlockedCallsRefused",
    "BlockedCallsTaken",
    "BlockedSmsIgnored",
    "PagesRefused",
    "PagesBarred",
]
Gauge = Literal[
    "Swept",
    "PagesUnsent",
    "OldestDueSeconds",
    "Audited",
    "CallOutsUnanswered",
    "IncidentsUncovered",
    "AuditFindings",
    "Sealed",
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


def gauge(values: Mapping[Gauge, float]) -> None:
    """Say how things stand, for the alarms of AWS; where there are none, a line every few seconds would only fill a log."""
    if not lambda_function():
        return
    from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

    metrics = EphemeralMetrics(namespace="Kentongan")
    metrics.add_dimension("stage", stage())
    for name, value in values.items():
        unit = MetricUnit.Seconds if name.endswith("Seconds") else MetricUnit.Count
        metrics.add_metric(name=name, unit=unit, value=value)
    metrics.flush_metrics()
