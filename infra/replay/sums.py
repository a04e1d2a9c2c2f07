"""Counts what a replay did, and prints it."""

from __future__ import annotations

import math
import textwrap
import threading
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of sorted values."""
    return values[max(0, math.ceil(share * len(values)) - 1)]


class Sums:
    """Counters that many threads add to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._reports: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._left_out: defaultdict[str, list[str]] = defaultdict(list)
        self._latencies: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self._lags = array("d")

    def add(self, what: str, count: int = 1) -> None:
        with self._lock:
            self._counts[what] += count

    def reported(self, status: str) -> None:
        with self._lock:
            self._reports[status] += 1

    def paged(self, pages: Counter[str]) -> None:
        with self._lock:
            self._pages += pages

    def skipped(self, reason: str) -> None:
        with self._lock:
            self._skipped[reason] += 1

    def left_out(self, row: str, reason: str) -> None:
        with self._lock:
            self._left_out[reason].append(row)

    def failed(self, what: str) -> None:
        with self._lock:
            self._errors[what] += 1

    def took(self, request: str, seconds: float) -> None:
        with self._lock:
            self._latencies[request].append(seconds)

    def lagged(self, seconds: float) -> None:
        with self._lock:
            self._lags.append(seconds)

    def __getitem__(self, what: str) -> int:
        return self._counts[what]

    @property
    def errors(self) -> int:
        """Requests that were refused, for whatever reason."""
        return sum(self._errors.values())

    @property
    def rows_left_out(self) -> dict[str, list[str]]:
        return dict(self._left_out)

    @property
    def steps_skipped(self) -> dict[str, int]:
        return dict(self._skipped)

    def lines(self) -> list[str]:
        """The figures as a person reads them."""
        found = [f"{count:>7} {what}" for what, count in self._counts.items()]
        found += [f"{count:>7} reports: {status}" for status, count in sorted(self._reports.items())]
        found += [f"{count:>7} pages: {status}" for status, count in sorted(self._pages.items())]
        if self._skipped:
            found += ["", "Steps without a usable time"]
            found += [f"{count:>7} {reason}" for reason, count in self._skipped.most_common()]
        found += ["", f"Rows left out: {sum(map(len, self._left_out.values()))}"]
        for reason, rows in sorted(self._left_out.items(), key=lambda each: -len(each[1])):
            found.append(f"{len(rows):>7} {reason}")
            found += textwrap.wrap(
                " ".join(rows), 110, initial_indent=" " * 8, subsequent_indent=" " * 8, break_on_hyphens=False
            )
        found += ["", f"Requests refused: {self.errors}"]
        found += [f"{count:>7} {what}" for what, count in self._errors.most_common()]
        found += ["", f"{'Answered in ms':44}{'n':>7}{'p50':>8}{'p90':>8}{'p99':>8}{'max':>8}"]
        for request, values in sorted(self._latencies.items()):
            found.append(f"  {request:42}{_row(values)}")
        if self._lags:
            found += [f"  {'(steps behind their time)':42}{_row(self._lags)}"]
        return found


def _row(values: Sequence[float]) -> str:
    ordered = sorted(values)
    shown = [percentile(ordered, share) for share in (0.5, 0.9, 0.99, 1.0)]
    return f"{len(ordered):>7}" + "".join(f"{1000 * value:>8.1f}" for value in shown)
