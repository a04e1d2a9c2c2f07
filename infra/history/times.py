"""The moments that a row tells, each from one column or from two, and why one cannot be read."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from chalicelib.domain.sheets.cells import plain
from chalicelib.domain.sheets.moments import clock_of, day_of, other_weekday, stamp_of

from .habits import Habits
from .mapping import TIMES, From, Mapping
from .row import Row, Unusable

# Earlier than what it follows by the clock means after midnight, unless that would be more than half a day later.
AFTER_MIDNIGHT = timedelta(hours=12)
_ABOUT = re.compile(r"(?:±|\+/-|~|≈|kl\b|k\.?l\.|kira|kurang lebih|sekitar|lk\b|l\.?k\.|\?)", re.IGNORECASE)
_ONE_DIGIT = re.compile(r"(\d{1,2})[.,](\d)")


class Times:
    """Reads the moments of rows by a mapping, and sees how its columns are written."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._zone = timezone(timedelta(hours=mapping.zone))
        self._in_order = sorted((name for name in TIMES if name in mapping.fields), key=self._depth)
        self.habits = Habits()

    def of(self, row: Row) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Each moment of a row in ISO 8601, and of each other that is not empty why it was left out; Unusable without a report."""
        moments: dict[str, datetime] = {}
        notes = []
        for name in self._in_order:
            try:
                moment = self._moment(self._mapping.fields[name], row, moments)
                if name == "received_at" and moment:
                    self._check_clock_of_day(self._mapping.fields[name], row, moment)
            except Unusable as unusable:
                if name == "received_at":
                    raise
                notes.append((f"{name}: {unusable}", unusable.value))
                continue
            if moment:
                moments[name] = moment
        if "received_at" not in moments:
            where = self._mapping.fields["received_at"]
            raise Unusable(f"{row.label(where.column or where.time)} is empty")
        return {name: moment.isoformat() for name, moment in moments.items()}, notes

    def _depth(self, name: str) -> int:
        after = self._mapping.fields[name].after
        return 1 + self._depth(after) if after else 0

    def _moment(self, where: From, row: Row, moments: dict[str, datetime]) -> datetime | None:
        if where.column:
            return self._stamp(where.column, row)
        clock = row.cell(where.time)
        if not plain(clock):
            return None
        on = self._day(where.date, row)
        if isinstance(clock, datetime) and clock.year > 1900 and clock.time() != time(0):
            # A whole moment stands where a clock was to be.
            if timedelta(0) <= clock.date() - on <= timedelta(days=1):
                return self._in_range(where.time, row, clock.replace(tzinfo=self._zone))
            raise Unusable(
                f"{row.label(where.time)} names another day than {row.label(where.date)}", str(clock)
            )
        since = clock_of(clock, self._mapping.zone)
        if since is None:
            raise Unusable(f"{row.label(where.time)} {_no_clock(clock)}", plain(clock))
        moment = datetime(on.year, on.month, on.day, tzinfo=self._zone) + since
        if isinstance(clock, time):
            self.habits.clock(row, where.time, moment)
        after = self._latest(where.after, moments)
        if after and moment < after:
            moment += timedelta(days=1)
            if moment - after > AFTER_MIDNIGHT:
                raise Unusable(f"{row.label(where.time)} lies before {where.after}", plain(clock))
        return self._in_range(where.date, row, moment)

    def _latest(self, name: str, moments: dict[str, datetime]) -> datetime | None:
        """The moment of a field, or of that which it follows if it was not recorded."""
        while name and name not in moments:
            name = self._mapping.fields[name].after
        return moments.get(name)

    def _day(self, column: str, row: Row) -> date:
        cell = row.cell(column)
        if not plain(cell):
            raise Unusable(f"{row.label(column)} is empty")
        self.habits.day(row, column, cell)
        on, stamp = day_of(cell), stamp_of(cell, self._mapping.zone)
        if on is None and stamp and not stamp.tzinfo:
            on = stamp.date()
        if on is None:
            raise Unusable(f"{row.label(column)} is no date: write it as 7/4/2020", plain(cell))
        _check_weekday(column, row, cell, on)
        return on

    def _check_clock_of_day(self, where: From, row: Row, moment: datetime) -> None:
        """A date may hold a clock, in a spreadsheet one that nobody sees; with the report's it must agree."""
        cell = row.cell(where.date) if where.date else None
        beside = stamp_of(cell, self._mapping.zone)
        # At midnight it is a day: databases write 2020-04-07 00:00:00.
        if beside and beside.time() not in (time(0), moment.time()):
            reason = (
                f"{row.label(where.date)} holds another clock than {row.label(where.time)}: which one counts?"
            )
            raise Unusable(reason, str(cell))

    def _stamp(self, column: str, row: Row) -> datetime | None:
        cell = row.cell(column)
        text = plain(cell)
        if not text:
            return None
        certain = self._mapping.times and not isinstance(cell, datetime)
        if not certain:
            self.habits.day(row, column, cell)
        moment = self._by_format(text) if certain else stamp_of(cell, self._mapping.zone)
        if moment is None:
            raise Unusable(f"{row.label(column)} {self._no_stamp(cell)}", text)
        if not certain:
            # Of a day that ends at 24.00 the moment is the next day's.
            _check_weekday(column, row, cell, moment.date(), (moment - timedelta(seconds=1)).date())
        self.habits.clock(row, column, moment)
        return self._in_range(column, row, moment if moment.tzinfo else moment.replace(tzinfo=self._zone))

    def _by_format(self, text: str) -> datetime | None:
        try:
            return datetime.strptime(text, self._mapping.times)
        except ValueError:
            return None

    def _no_stamp(self, cell: object) -> str:
        """Why a cell is no date with a clock, with what to do."""
        if isinstance(cell, date) or day_of(cell):
            return "is a day without a clock: map the column of the clock too, as {date: …, time: …}"
        if self._mapping.times:
            return f"is not written as `times` says ({self._mapping.times})"
        return "is no date with a clock: write it as 7/4/2020 08.15, or give `times`"

    def _in_range(self, column: str, row: Row, moment: datetime) -> datetime:
        if not 1970 < moment.year < 2099:
            raise Unusable(f"{row.label(column)}: the year {moment.year} cannot be right")
        return moment


def _check_weekday(column: str, row: Row, cell: object, *days: date) -> None:
    if all(other_weekday(cell, on) for on in days):
        reason = f"{row.label(column)} names a weekday that its date is not: put one of them right"
        raise Unusable(reason, plain(cell))


def _no_clock(cell: object) -> str:
    """Why a cell is no time of day, with what to write instead."""
    text = plain(cell)
    if isinstance(cell, date):
        return "is a day, no time: type it again in a column formatted as text"
    if _ABOUT.match(text):
        return "says about when: write the time that counts"
    if found := _ONE_DIGIT.fullmatch(text):
        hour, digit = found.groups()
        return f"may be {hour}.0{digit} or {hour}.{digit}0: write both digits, in a column formatted as text"
    return "is no time of day: write it as 08.15, in the mapping's zone"
