"""Instants as RFC 3339 text in UTC with milliseconds, which sorts as it reads; local days of the regency's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(instant: str) -> datetime:
    """Read an RFC 3339 instant; ValueError when it is none or names no zone."""
    moment = datetime.fromisoformat(instant)
    if moment.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return moment.astimezone(UTC)


def render(moment: datetime) -> str:
    """Write a moment as UTC text with milliseconds, as in 2026-11-23T22:12:39.123Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(instant: str) -> int:
    """Whole milliseconds since 1970, counted without floats, which would merge neighbours."""
    return (parse(instant) - EPOCH) // timedelta(milliseconds=1)


def instant_of(instant: str) -> str:
    """An instant of the registry, which may have another fraction, in the form that sorts with all others."""
    return instant if len(instant) == 24 else render(parse(instant))


def plus(instant: str, seconds: float) -> str:
    """The instant so many seconds later."""
    return render(parse(instant) + timedelta(seconds=seconds))


def between(start: str | None, end: str | None) -> float | None:
    """Seconds from start to end, None when either is missing."""
    if not start or not end:
        return None
    return (parse(end) - parse(start)).total_seconds()


def zone(hours: int) -> timezone:
    """The regency's zone; Indonesia's three zones know no summer time."""
    return timezone(timedelta(hours=hours))


def on_calendar(day: str) -> bool:
    """Whether a day written as YYYY-MM-DD exists."""
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def local_day(instant: str, hours: int, shift_days: int = 0) -> str:
    """The local calendar day of an instant, moved by whole days."""
    return (parse(instant).astimezone(zone(hours)) + timedelta(days=shift_days)).date().isoformat()


def day_after(day: str) -> str:
    """The calendar day after another."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def local_clock(instant: str, hours: int) -> str:
    """The local time of day as HH:MM."""
    return parse(instant).astimezone(zone(hours)).strftime("%H:%M")
