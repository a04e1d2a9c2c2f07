"""Figures as the benchmark prints and keeps them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct


class Figure(Struct, frozen=True):
    """One value, the number of samples that it rests on (0: it is counted, not sampled), and what it says."""

    value: float
    n: int = 0
    says: str = ""


Figures = Mapping[str, Figure]

AIMS = {
    "intake_p50_ms": "aim <= 10",
    "intake_p95_ms": "aim <= 25",
    "intake_per_s_8": "aim >= 150",
    "page_p95_s": "aim <= 0.5",
    "ack_p95_ms": "aim <= 15",
    "board_p95_ms": "aim <= 30",
    "growth_ratio": "aim <= 1.1",
    "start_ratio": "aim <= 1.2",
    "package_mb": "aim <= 12",
}


def nearest_rank(values: Sequence[float], share: float) -> float:
    """The value that so great a share of all does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def rank(values: Sequence[float], share: float, digits: int = 1, says: str = "") -> Figure:
    """A nearest rank with the number of values."""
    return Figure(round(nearest_rank(values, share), digits), len(values), says)
