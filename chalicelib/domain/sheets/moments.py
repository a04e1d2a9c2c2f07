"""Dates and times of day as people write them in logbooks; what could be read in two ways is not read."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from .cells import EPOCH, plain

ZONES = {"wib": 7, "wita": 8, "wit": 9}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari febuari feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags agst aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin sen monday mon",
            "selasa sel tuesday tue",
            "rabu rab wednesday wed",
            "kamis kam thursday thu",
            "jumat jum'at jum’at jum friday fri",
            "sabtu sab saturday sat",
            "minggu ahad min sunday sun",
        )
    )
    for name in names.split()
}
# The days that a spreadsheet's numbers stand for when they are dates: 1982 to 2064.
SERIALS = range(30_000, 60_000)

_ZONE = r"(?: ?\(?(wib|wita|wit)\)?)?\.?"
_SAID = r"(?:(?:pukul|pkl|pk|jam)\.? ?:? ?)?"
_CLOCK = re.compile(rf"{_SAID}(\d{{1,2}})[.:](\d{{2}})(?:[.:](\d{{2}})(?:[.,]0+)?)?{_ZONE}", re.IGNORECASE)
_BARE = re.compile(rf"{_SAID}(\d{{1,2}})(\d{{2}})(){_ZONE}", re.IGNORECASE)
_HALF = re.compile(r"(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))? ?([ap])\.?m\.?", re.IGNORECASE)
_BRACKETS = re.compile(r"[()@]")
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}[T ]\d{2}:?\d{2}")
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_IN_WORDS = re.compile(r"(\d{1,2})[ -]?([a-z]+)\.?,?[ -]?(\d{4}|'?\d{2})", re.IGNORECASE)
_MONTH_FIRST_IN_WORDS = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})", re.IGNORECASE)
_WEEKDAY = re.compile(
    rf"(?:hari )?({'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})\b\.?[,/]? ?", re.IGNORECASE
)
_DAY_WORDS = re.compile(r"^(?:tanggal|tgl)\.? ", re.IGNORECASE)
_DAY_THEN_CLOCK = re.compile(
    rf"(?P<day>.+?)(?: ?[,;|/] ?| ?[-–] | |T)(?P<clock>{_SAID}\d{{1,2}}[.:]\d{{2}}(?:[.:]\d{{2}}(?:[.,]0+)?)?"
    rf"(?: ?[ap]\.?m\.?)?(?: ?\(?(?:wib|wita|wit)\)?)?\.?)",
    re.IGNORECASE,
)
_CLOCK_THEN_DAY = re.compile(
    rf"(?P<clock>{_SAID}\d{{1,2}}[.:]\d{{2}}(?:[.:]\d{{2}})?(?: ?\(?(?:wib|wita|wit)\)?)?)(?: ?[,;|/] ?| ?[-–] | )(?P<day>.+)",
    re.IGNORECASE,
)


def day_of(cell: object) -> date | None:
    """A date of a spreadsheet, or 7/4/2020, 07-04-20, 2020-04-07, Selasa, 7 April 2020; the day stands before the month."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)):
        return (EPOCH + timedelta(days=int(cell))).date() if _serial(cell) and cell == int(cell) else None
    text = _DAY_WORDS.sub("", _WEEKDAY.sub("", plain(cell), count=1))
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif (found := _IN_WORDS.fullmatch(text)) and found[2].lower() in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2].lower()], int(found[3].lstrip("'"))
    elif (found := _MONTH_FIRST_IN_WORDS.fullmatch(text)) and found[1].lower() in MONTHS:
        day, month, year = int(found[2]), MONTHS[found[1].lower()], int(found[3])
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def other_weekday(cell: object, on: date) -> bool:
    """Whether a cell names a weekday that its date is not: Senin, 4 Maret 2025 was a Tuesday."""
    found = _WEEKDAY.match(plain(cell)) if isinstance(cell, str) else None
    return bool(found and WEEKDAYS[found[1].lower()] != on.weekday())


def month_first(cell: object) -> bool:
    """Whether a date in digits can only have its month first: 4/13/2020."""
    found = _DAY_FIRST.match(_WEEKDAY.sub("", plain(cell), count=1)) if isinstance(cell, str) else None
    return bool(found and int(found[1]) <= 12 < int(found[3]))


def clock_of(cell: object, zone: int) -> timedelta | None:
    """A time of day since midnight: a spreadsheet's own, or 08.15, 8:15, 08:15:30, 0815, 24.00, 2:05 PM, pukul 08.15 WIB.

    None for a time of another zone, for a day without a clock, and for 8.5, which may be five past or ten to.
    """
    if isinstance(cell, datetime):
        # A spreadsheet took 14.05 for the fourteenth of May: what is left of it is a midnight.
        return None if cell.time() == time(0) else _since(cell.time())
    if isinstance(cell, time):
        return _since(cell)
    if isinstance(cell, timedelta):
        return cell if timedelta(0) <= cell <= timedelta(days=1) else None
    if isinstance(cell, float) and 0 < cell < 1:
        return _share_of_day(cell)
    text = plain(cell)
    if found := _HALF.fullmatch(text):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    else:
        found = _CLOCK.fullmatch(text) or _BARE.fullmatch(text)
        if not found:
            return None
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[4] and ZONES[found[4].lower()] != zone:
            return None
    since = timedelta(hours=hour, minutes=minute, seconds=second)
    return since if minute < 60 and second < 60 and since <= timedelta(days=1) else None


def stamp_of(cell: object, zone: int) -> datetime | None:
    """A day with its clock in one cell, without a zone unless ISO 8601 gives it: Senin, 3 Maret 2025 pukul 14.05 WIB.

    None for a day without a clock, which is no midnight; and for 3/4/2025 2:05 PM, as who writes so puts the month first.
    """
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, float) and _serial(cell) and cell != int(cell):
        seconds = round((cell - int(cell)) * 86_400)
        return EPOCH + timedelta(days=int(cell), seconds=seconds)
    text = " ".join(_BRACKETS.sub(" ", plain(cell)).split())
    if _ISO.match(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    found = _DAY_THEN_CLOCK.fullmatch(text) or _CLOCK_THEN_DAY.fullmatch(text)
    if not found or (_HALF.fullmatch(found["clock"]) and _DAY_FIRST.fullmatch(found["day"])):
        return None
    on, since = day_of(found["day"].rstrip(", ")), clock_of(found["clock"], zone)
    if on is None or since is None:
        return None
    return datetime(on.year, on.month, on.day) + since


def _serial(cell: float) -> bool:
    return not isinstance(cell, bool) and int(cell) in SERIALS


def _since(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


def _share_of_day(share: float) -> timedelta | None:
    """0.34375 is 08.15; 0.15 and 0.5 may be a clock that lost its noughts, 00.15 and 00.50."""
    if round(share, 2) == share:
        return None
    seconds = share * 86_400
    return timedelta(seconds=round(seconds)) if abs(seconds - round(seconds)) < 0.01 else None
