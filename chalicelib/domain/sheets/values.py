"""What a cell says, read as agencies write it; what could be read in two ways is asked, never guessed."""

from __future__ import annotations

import calendar
import re
from datetime import date

from .cells import folded
from .moments import MONTHS, day_of, month_first

# A certificate for life is held to the last day that one can be held to.
FOR_LIFE = "2099-12-31"
_FOR_LIFE = frozenset(
    [
        "seumur hidup",
        "seumurhidup",
        "selamanya",
        "permanen",
        "tetap",
        "tidak terbatas",
        "tanpa batas",
        "tanpa batas waktu",
        "berlaku seterusnya",
        "lifetime",
        "for life",
        "permanent",
        "unlimited",
        "no expiry",
    ]
)
_UNTIL = re.compile(
    r"^(?:berlaku )?(?:s\.?/?d\.?|sampai(?: dengan)?|hingga|until|valid until|exp\.?|expires?)[ .:]*", re.I
)
_MONTH_IN_WORDS = re.compile(r"([a-z]+)\.?[ ,/-]*(\d{4}|'?\d{2})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})")
# As a spreadsheet shows a number that is too long for its column, or keeps in 15 digits.
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)
_TICKS = frozenset(["v", "√", "✓", "✔", "x", "ya", "ada", "yes", "y", "punya"])
NIP_DIGITS = range(5, 21)


class Unread(Exception):
    """A cell that cannot be taken; `code` is one of refusals.CODES, `values` what its words name."""

    def __init__(
        self, code: str, values: dict[str, str] | None = None, choices: list[str] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.values = values or {}
        self.choices = choices or []


def last_day(text: str, *, month_before_day: bool = False) -> str:
    """The last day on which a certificate is valid: a day, a month's last one, or for life.

    `month_before_day`: another cell of the column can only have its month first, so that 5/6/2027 says nothing certain.
    """
    said = _UNTIL.sub("", folded(text))
    if said in _FOR_LIFE:
        return FOR_LIFE
    if said in _TICKS:
        raise Unread("day_missing")
    if re.fullmatch(r"\d{4}", said):
        raise Unread("day_only_year", choices=[f"{said}-12-31"])
    if re.fullmatch(r"\d{5}", said):
        raise Unread("day_number")
    if month_first(said):
        first, second, year = (int(each) for each in re.split(r"[/.-]", said))
        raise Unread("day_month_first", choices=[_iso(date(_full(year), first, second))] if first else [])
    day = day_of(said)
    if day is not None:
        if month_before_day and (swapped := _swapped(said)):
            raise Unread("day_or_month", choices=[_iso(day), swapped])
        return _iso(day)
    if month := _month(said):
        year, number = month
        return _iso(date(year, number, calendar.monthrange(year, number)[1]))
    raise Unread("not_a_day")


def first_day(text: str) -> str:
    """The day from which something holds: a day, or a month's first one."""
    said = folded(text)
    if (month := _month(said)) and day_of(said) is None:
        return _iso(date(*month, 1))
    day = last_day(text)
    if day == FOR_LIFE:
        raise Unread("not_a_day")
    return day


def _iso(day: date) -> str:
    if not 2000 <= day.year <= 2099:
        raise Unread("day_out_of_range")
    return day.isoformat()


def _swapped(said: str) -> str:
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})", said)
    if not found or int(found[1]) > 12 or int(found[1]) == int(found[2]):
        return ""
    return _iso(date(_full(int(found[3])), int(found[1]), int(found[2])))


def _full(year: int) -> int:
    return year + 2000 if year < 100 else year


def _month(said: str) -> tuple[int, int] | None:
    if (found := _MONTH_IN_WORDS.fullmatch(said)) and found[1] in MONTHS:
        return _full(int(found[2].lstrip("'"))), MONTHS[found[1]]
    if found := _MONTH_FIRST.fullmatch(said):
        month, year = int(found[1]), int(found[2])
    elif found := _YEAR_FIRST.fullmatch(said):
        year, month = int(found[1]), int(found[2])
    else:
        return None
    return (year, month) if 1 <= month <= 12 else None


def shows_month_first(texts: list[str]) -> bool:
    """Whether some cell of a column can only have its month before its day."""
    return any(month_first(_UNTIL.sub("", folded(each))) for each in texts)


def service_number(text: str) -> str:
    """A NIP or NRP by its digits; Unread for one that a spreadsheet rounded, or for a citizen's number (NIK)."""
    if ROUNDED.fullmatch(text.strip()):
        raise Unread("nip_rounded")
    digits = re.sub(r"^\W*(?:nip|nrp|nrpk|nipppk|nipt)\b\.?[:\s]*|[\s.\-/']", "", text, flags=re.IGNORECASE)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in NIP_DIGITS:
        raise Unread("nip_form")
    if len(digits) == 16:
        raise Unread("nip_is_nik")
    if len(digits) >= 16 and digits.endswith("000"):
        # A spreadsheet keeps 15 digits of a number and writes noughts for the rest; no serial number is 000.
        raise Unread("nip_rounded")
    if len(digits) == 18 and not _of_civil_servant(digits):
        raise Unread("nip_form")
    return digits


def _of_civil_servant(digits: str) -> bool:
    """By BKN's form: the day of birth, the month of service, 1 or 2, a serial number."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    # Of those with a work contract the 13th and 14th digit are 21.
    return digits[12:14] == "21" or (1 <= int(digits[12:14]) <= 12 and digits[14] in "12")


def coordinate(text: str, most: int) -> float:
    """A latitude or longitude in degrees with a point or a comma."""
    said = text.strip().replace(" ", "").replace("−", "-").rstrip("°")
    south = re.fullmatch(r"([\d.,]+)°?(ls|s|bt|e|lu|n|bb|w)", said, re.IGNORECASE)
    if south:
        said = ("-" if south[2].lower() in ("ls", "s", "bb", "w") else "") + south[1]
    said = said.replace(",", ".", 1) if said.count(",") == 1 and "." not in said else said
    if not re.fullmatch(r"-?\d{1,3}(?:\.\d+)?", said):
        raise Unread("not_a_coordinate")
    value = float(said)
    if abs(value) > most:
        raise Unread("not_a_coordinate")
    return value


def point(text: str) -> tuple[float, float]:
    """Latitude and longitude from one cell: -2.5387, 112.9493."""
    parts = re.split(r"\s*[;,]\s+|\s*;\s*|\s+", text.strip())
    if len(parts) == 1 and text.count(",") == 1:
        parts = text.split(",")
    if len(parts) != 2:
        raise Unread("not_a_coordinate")
    return coordinate(parts[0], 90), coordinate(parts[1], 180)


def whole(text: str) -> int:
    """A whole number, such as 3 or 3 orang."""
    found = re.fullmatch(r"(\d{1,6})(?:[.,]0+)?(?: ?(?:orang|org|people|pers\.?|personel))?", folded(text))
    if not found:
        raise Unread("not_whole")
    return int(found[1])


def listed(text: str) -> list[str]:
    """The words of a cell that holds several."""
    parts = re.split(r"\s*(?:[,;\n/+&]|\bdan\b|\band\b)\s*", text)
    return [each.strip(" -•.") for each in parts if each.strip(" -•.")]
