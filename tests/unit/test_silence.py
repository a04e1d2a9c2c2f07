"""Whether SMS leave, by the last sweep."""

from __future__ import annotations

import pytest

from chalicelib.domain.silence import Silence, Swept, silence

NOW = "2026-11-23T03:10:00.000Z"


@pytest.mark.parametrize(
    ("swept_at", "late", "every_s", "code"),
    [
        ("2026-11-23T03:09:58.000Z", 0, 5, None),
        ("2026-11-23T03:09:58.000Z", 1, 5, "unsent"),
        ("2026-11-23T03:09:20.000Z", 0, 5, None),
        ("2026-11-23T03:09:10.000Z", 0, 5, "unwatched"),
        ("2026-11-23T03:07:00.000Z", 0, 60, None),
        ("2026-11-23T03:06:00.000Z", 3, 60, "unwatched"),
        ("2026-11-23T04:10:00.000Z", 0, 60, "unwatched"),
        (None, 0, 60, None),
    ],
)
def test_the_crews_must_be_rung_when_nobody_watches_or_something_does_not_leave(
    swept_at: str | None, late: int, every_s: int, code: str | None
) -> None:
    found = silence(Swept(at=swept_at, late=late) if swept_at else None, every_s, NOW)
    assert (found.code if found else None) == code


def test_it_says_how_many_and_since_when_at_the_latest() -> None:
    found = silence(Swept(at="2026-11-23T03:09:58.000Z", late=4), 5, NOW)
    assert found == Silence(code="unsent", since="2026-11-23T03:08:58.000Z", pages=4)


def test_a_provider_that_takes_nothing_is_told_before_anything_is_late_and_with_all_that_waits() -> None:
    swept = Swept(at="2026-11-23T03:09:58.000Z", late=1, barred=3)
    assert silence(swept, 5, NOW) == Silence(code="barred", since=swept.at, pages=3)
    burst = Swept(at=swept.at, late=50, barred=1)
    assert silence(burst, 5, NOW) == Silence(code="barred", since=burst.at, pages=50)
    old = Swept(at="2026-11-23T03:00:00.000Z", barred=3)
    assert silence(old, 5, NOW) == Silence(code="unwatched", since=old.at)


def test_it_says_since_when_the_oldest_of_them_waits() -> None:
    swept = Swept(at="2026-11-23T03:09:58.000Z", late=4, unsent_s=1260)
    assert silence(swept, 5, NOW) == Silence(code="unsent", since="2026-11-23T02:48:58.000Z", pages=4)
    barred = Swept(at=swept.at, barred=14, unsent_s=1260)
    assert silence(barred, 5, NOW) == Silence(code="barred", since="2026-11-23T02:48:58.000Z", pages=14)
