"""Dates and times of day as people write them in logbooks; what could be read in two ways is not read."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from chalicelib.domain.texts import honest

ZONES = {"wib": 7, "wita": 8, "wit": 9}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
_CLOCK = re.compile(
    r"(?:pukul |pkl\.? ?|jam )?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?(?: ?(wib|wita|wit))?", re.IGNORECASE
)
_BARE = re.compile(r"(\d{1,2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
_IN_WORDS = re.compile(r"(?:[a-z']+,? )?(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", re.IGNORECASE)


def day_of(cell: object) -> date | None:
    """A date of a spreadsheet, or 7/4/2020, 07-04-20, 2020-04-07, Selasa, 7 April 2020; the day stands before the month."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(cell)
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(each) for each in found.groups())
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(each) for each in found.groups())
    elif (found := _IN_WORDS.fullmatch(text)) and found[2].lower() in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2].lower()], int(found[3])
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def clock_of(cell: object, zone: int) -> timedelta | None:
    """A time of day since midnight: a spreadsheet's own, or 08.15, 8:15, 08:15:30, 0815, 24.00, pukul 08.15 WIB.

    None for a time of another zone, and for 8.5, which may be five past or ten to.
    """
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, timedelta):
        return cell if timedelta(0) <= cell <= timedelta(days=1) else None
    text = plain(cell)
    found = _CLOCK.fullmatch(text) or _BARE.fullmatch(text)
    if not found:
        return None
    parts = [each or "" for each in found.groups()] + ["", ""]
    hour, minute, second, named = int(parts[0]), int(parts[1]), int(parts[2] or 0), parts[3].lower()
    if named and ZONES[named] != zone:
        return None
    since = timedelta(hours=hour, minutes=minute, seconds=second)
    return since if minute < 60 and second < 60 and since <= timedelta(days=1) else None


def plain(cell: object) -> str:
    """A cell as text with single blanks; '' for an empty one, or a dash in its place."""
    text = " ".join(honest(str("" if cell is None else cell)).split())
    return "" if text in ("-", "–", "—") else text
