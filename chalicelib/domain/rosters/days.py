"""Days, weekdays and months as the heads, titles and tabs of a roster write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from ..duty.sheet import days_of
from ..sheets.cells import folded
from ..sheets.moments import MONTHS, WEEKDAYS, day_of

_MONTH_WORDS = "|".join(sorted(MONTHS, key=len, reverse=True))
_BARE = re.compile(r"(?:tanggal|tgl\.?|hari)? ?([0-3]?\d)\.?")
_NAMED = re.compile(rf"([0-3]?\d)[ /.-]?({_MONTH_WORDS})\.?")
_DIGITS = re.compile(r"([0-3]?\d)[/.-](1[0-2]|0?[1-9])")
_MONTH_AND_YEAR = re.compile(rf"\b({_MONTH_WORDS})\b\.?[ ,'’]*(?:tahun|thn|th)?\.?[ ,'’]*(20\d\d|\d\d\b)?")
_NUMBERS = re.compile(r"\b(?:(20\d\d)[-/](1[0-2]|0?[1-9])|(1[0-2]|0?[1-9])[-/](20\d\d))\b")
# Two letters, and one, as narrow columns have them; a letter may stand for several.
_SHORT: Mapping[str, frozenset[int]] = {
    **{word: frozenset([n]) for n, word in enumerate(("sn", "sl", "rb", "km", "jm", "sb", "mg"))},
    "s": frozenset([0, 1, 5, 6]),
    "r": frozenset([2]),
    "k": frozenset([3]),
    "j": frozenset([4]),
    "m": frozenset([0, 6]),
    "t": frozenset([1, 3]),
    "w": frozenset([2]),
    "f": frozenset([4]),
}


class DayHead(Struct, frozen=True):
    """A day as a head names it; `year` and `month` are 0 where it does not say them."""

    day: int
    month: int = 0
    year: int = 0
    weekdays: frozenset[int] = frozenset()

    def of_month(self, month: str) -> bool:
        """Whether it may be a day of a month written as YYYY-MM."""
        return self.year in (0, int(month[:4])) and self.month in (0, int(month[5:]))


def day_head(text: str) -> DayHead | None:
    """What day a head names: 1, Sen 1, 1 (Sel), Tgl 1, 1 Des, 1/12, 2026-12-01; None for what is none."""
    said = folded(text)
    if not said or not any(each.isdigit() for each in said):
        return None
    words = re.split(r"[\s(),]+", said.strip(" (),"))
    named = next((days for each in words if (days := weekdays(each))), frozenset[int]())
    on = day_of(said)
    if on is not None:
        return DayHead(on.day, on.month, on.year, named)
    bare = " ".join(each for each in words if not weekdays(each)).strip(" /-")
    if found := _BARE.fullmatch(bare):
        day, month = int(found[1]), 0
    elif found := _NAMED.fullmatch(bare):
        day, month = int(found[1]), MONTHS[found[2]]
    elif found := _DIGITS.fullmatch(bare):
        day, month = int(found[1]), int(found[2])
    else:
        return None
    return DayHead(day, month, 0, named) if 1 <= day <= 31 else None


def weekdays(text: str) -> frozenset[int]:
    """The weekdays that a word may stand for, Monday is 0; none for another word."""
    said = folded(text).strip(".,'")
    if said in WEEKDAYS:
        return frozenset([WEEKDAYS[said]])
    return _SHORT.get(said, frozenset())


def fits(heads: Iterable[tuple[int, frozenset[int]]], month: str) -> bool:
    """Whether days of a month are on the weekdays that stand beside them."""
    last = days_of(month)
    return all(
        date(int(month[:4]), int(month[5:]), day).weekday() in named
        for day, named in heads
        if named and day <= last
    )


def months_in(text: str) -> Iterator[tuple[int, int]]:
    """The months that a title or a tab names, as year, 0 where it is not said, and month."""
    said = folded(text)
    for found in _MONTH_AND_YEAR.finditer(said):
        year = int(found[2] or 0)
        yield (year + 2000 if 0 < year < 100 else year), MONTHS[found[1]]
    for found in _NUMBERS.finditer(said):
        yield int(found[1] or found[4]), int(found[2] or found[3])
