"""The page of a person's own duty behind their standing link: no sign-in, no script, no other file."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from ..domain import times
from ..domain.duty import Stretch
from ..domain.notice import Notice
from ..domain.registry import Language, Person
from ..models.registry import Snapshot
from ..services.duty.own import OwnDays, OwnDuty
from ..services.duty.own_changes import Offer
from .own_duty_words import MESSAGES, TEXTS, WARNINGS, WEEKDAYS
from .responder_page import MONTHS, ZONES, headers, style_of, template

MATES_MOST = 4
ROWS_AT_ONCE = 10
# So many days before a certificate's end whoever holds it should do something.
ENDS_SOON_DAYS = 60
DIGITS_SHOWN = 3


class Reader(NamedTuple):
    """Who reads in which language, by which code, with what to say, in which zone."""

    code: str
    language: Language
    message: str
    utc_offset_hours: int

    @property
    def words(self) -> dict[str, str]:
        return TEXTS[self.language]


class Row(NamedTuple):
    """A line of the list: a day, what is to be done then ('' for nothing), where and with whom."""

    day: str
    short: str
    month: str
    name: str
    night: bool
    hours: str
    below: str
    off: str
    changes: str = ""


class Certificate(NamedTuple):
    """One that somebody holds, as it is told; `warn` when its end is near or past."""

    text: str
    warn: bool


class Asked(NamedTuple):
    """What a colleague asks: the question, and what it is about in lines."""

    id: str
    question: str
    lines: list[str]


class Waiting(NamedTuple):
    """What somebody asked for, and how it stands."""

    id: str
    what: str
    state: str


class Shown(NamedTuple):
    """What the page is made of."""

    registry: Snapshot
    person: Person
    days: OwnDays
    test: Notice | None
    calendar: str
    form_key: str
    asked: list[Asked]
    waiting: list[Waiting]


def page(reader: Reader, shown: Shown, now: str) -> str:
    """The page as HTML."""
    words, duties = reader.words, shown.days.duties
    agency = shown.registry.agencies.get(shown.person.agency_id)
    rows = _rows(reader, shown)
    last_day = long_day(reader, shown.days.last_day)
    hidden = sum(bool(row.hours) for row in rows[ROWS_AT_ONCE:])
    return template("own_duty.html").render(
        style=style(),
        t=words,
        reader=reader,
        agency=agency.short_name if agency else "",
        name=shown.person.name,
        message=reader.message if reader.message in MESSAGES else "",
        warns=reader.message in WARNINGS,
        asked=shown.asked,
        waiting=shown.waiting,
        next_day=_changeable(shown, duties[0]) if duties else "",
        next=_next(reader, shown, duties[0], now) if duties else None,
        nothing=words["nothing"].format(last_day),
        nothing_hint=words["nothing_hint"].format(agency.short_name if agency else ""),
        by_pattern=_by_pattern(reader, shown),
        rows=rows[:ROWS_AT_ONCE],
        later=rows[ROWS_AT_ONCE:],
        until=words["until"].format(last_day),
        duties_more=words["duties_more"].format(hidden),
        certificates=_certificates(reader, shown),
        test=_test(reader, shown),
        calendar=shown.calendar,
        form_key=shown.form_key,
        other="en" if reader.language == "id" else "id",
    )


def dead(language: Language, state: Literal["dead", "many", "failed"], code: str = "") -> str:
    """The page of a link that leads nowhere, or of which nothing is known now."""
    words = TEXTS[language]
    return template("own_duty_dead.html").render(
        style=style(),
        t=words,
        language=language,
        title=words["failed_title" if state == "failed" else "dead_title"],
        text=words[f"{state}_text"],
        code=code if state == "failed" else "",
    )


def page_headers() -> dict[str, str]:
    """As those of the responder's page, with this page's style."""
    return headers(style())


@cache
def style() -> str:
    return style_of("responder.css", "own_duty.css")


def long_day(reader: Reader, day: str) -> str:
    """A day as in `Sab 5 Des`."""
    weekday = WEEKDAYS[reader.language][date.fromisoformat(day).weekday()]
    return f"{weekday} {int(day[8:])} {MONTHS[reader.language][int(day[5:7]) - 1]}"


def clock(reader: Reader, instant: str) -> str:
    """An instant's time of day in the regency, as in 19.00."""
    told = times.local_clock(instant, reader.utc_offset_hours)
    return told.replace(":", ".") if reader.language == "id" else told


def hours_of(reader: Reader, stretch: Stretch) -> str:
    return f"{clock(reader, stretch.starts_at)}–{clock(reader, stretch.ends_at)}"


def is_night(reader: Reader, stretch: Stretch) -> bool:
    """Whether a shift passes midnight."""
    ends = times.local_day(times.plus(stretch.ends_at, -1), reader.utc_offset_hours)
    return ends != times.local_day(stretch.starts_at, reader.utc_offset_hours)


def place_of(reader: Reader, registry: Snapshot, stretch: Stretch) -> tuple[str, str]:
    """The unit's name and its station's, or that there is none."""
    unit = registry.units.get(stretch.unit_id or "")
    if unit is None:
        return reader.words["pool"], ""
    station = registry.stations.get(unit.station_id)
    return unit.name, station.name if station else ""


def with_whom(reader: Reader, duty: OwnDuty) -> str:
    names = [each.name for each in duty.mates]
    if not names:
        return ""
    more = len(names) - MATES_MOST
    listed = ", ".join(names[:MATES_MOST]) + (f" {reader.words['and_more'].format(more)}" if more > 0 else "")
    return f"{reader.words['with']} {listed}"


def _how(reader: Reader, stretch: Stretch) -> list[str]:
    """What of a duty is not usual."""
    words = reader.words
    return [
        words[name]
        for name, so in (
            ("on_call", stretch.readiness == "on_call"),
            ("backup", stretch.turn == "backup"),
            ("by_change", stretch.by == "change"),
        )
        if so
    ]


class Next(NamedTuple):
    """The next duty: when, in large, and the lines below."""

    title: str
    lines: list[str]


def _next(reader: Reader, shown: Shown, duty: OwnDuty, now: str) -> Next:
    words, stretch = reader.words, duty.stretch
    if stretch.starts_at <= now:
        title = f"{words['now_until']} {clock(reader, stretch.ends_at)}"
    else:
        today = shown.days.today
        tomorrow = times.day_after(today)
        when = {today: words["today"], tomorrow: words["tomorrow"]}.get(
            stretch.day, long_day(reader, stretch.day)
        )
        title = f"{when} {hours_of(reader, stretch)}"
    unit, station = place_of(reader, shown.registry, stretch)
    zone = ZONES.get(reader.utc_offset_hours, "")
    lines = [
        ", ".join(filter(None, (f"{long_day(reader, stretch.day)} ({zone})", duty.name, unit, station))) + "."
    ]
    mates = with_whom(reader, duty)
    if mates:
        lines.append(f"{mates[0].upper()}{mates[1:]}.")
    elif stretch.unit_id:
        lines.append(words["alone"])
    if duty.chief:
        own = duty.chief.id == shown.person.id
        lines.append(words["you_chief"] if own else words["chief"].format(duty.chief.name))
    if how := _how(reader, stretch):
        told = ", ".join(how)
        lines.append(f"{told[0].upper()}{told[1:]}.")
    return Next(title, lines)


def _by_pattern(reader: Reader, shown: Shown) -> str:
    """From when on no sheet is published, '' if all duties stand in one."""
    days = [each.stretch.day for each in shown.days.duties if each.stretch.by in ("pattern", "shift")]
    return reader.words["by_pattern"].format(long_day(reader, min(days))) if days else ""


def _rows(reader: Reader, shown: Shown) -> list[Row]:
    """Every day from the one after the next duty to the last that has one; days without any in a row are one line."""
    duties = shown.days.duties[1:]
    if not duties:
        return []
    by_day: dict[str, list[OwnDuty]] = {}
    for each in duties:
        by_day.setdefault(each.stretch.day, []).append(each)
    first = shown.days.duties[0].stretch.day
    day = first if first in by_day else times.day_after(first)
    rows: list[Row] = []
    free: list[str] = []
    while day <= max(by_day):
        if day in by_day:
            rows += _free(reader, shown, free)
            free = []
            rows += [_duty_row(reader, shown, each) for each in by_day[day]]
        else:
            free.append(day)
        day = times.day_after(day)
    return rows


def _free(reader: Reader, shown: Shown, days: list[str]) -> list[Row]:
    """Days without duty, those of one reason in a row together."""
    rows: list[Row] = []
    while days:
        why = shown.days.off.get(days[0], "")
        alike = next(
            (number for number, day in enumerate(days) if shown.days.off.get(day, "") != why), len(days)
        )
        told = why or reader.words["off"]
        if alike > 1:
            told = f"{told}, {reader.words['days'].format(alike)}"
        rows.append(_row(reader, days[0])._replace(off=told))
        days = days[alike:]
    return rows


def _row(reader: Reader, day: str) -> Row:
    weekday = WEEKDAYS[reader.language][date.fromisoformat(day).weekday()]
    month = MONTHS[reader.language][int(day[5:7]) - 1]
    return Row(day, f"{weekday} {int(day[8:])}", month, "", False, "", "", "")


def _duty_row(reader: Reader, shown: Shown, duty: OwnDuty) -> Row:
    unit, _ = place_of(reader, shown.registry, duty.stretch)
    below = [unit, with_whom(reader, duty), *_how(reader, duty.stretch)]
    return _row(reader, duty.stretch.day)._replace(
        name=duty.name.lower(),
        night=is_night(reader, duty.stretch),
        hours=hours_of(reader, duty.stretch),
        below=", ".join(filter(None, below)),
        changes=_changeable(shown, duty),
    )


def _changeable(shown: Shown, duty: OwnDuty) -> str:
    """The day whose duty may be changed: one that has not begun."""
    return duty.stretch.day if duty.stretch.day > shown.days.today else ""


def told(reader: Reader, registry: Snapshot, stretch: Stretch) -> str:
    """A duty in one line: day, hours, unit."""
    unit, _ = place_of(reader, registry, stretch)
    return f"{long_day(reader, stretch.day)}, {hours_of(reader, stretch)}, {unit}"


def cannot_page(reader: Reader, shown: Shown, chosen: str) -> str:
    """The page on which somebody says that they cannot, with a day ticked that they came from."""
    agency = shown.registry.agencies.get(shown.person.agency_id)
    short = agency.short_name if agency else ""
    days: dict[str, list[str]] = {}
    for each in shown.days.duties:
        lines = days.setdefault(each.stretch.day, [])
        lines.append(f"{hours_of(reader, each.stretch)}, {place_of(reader, shown.registry, each.stretch)[0]}")
        if each.stretch.unit_id and not each.mates:
            lines.append(reader.words["empty_then"])
    return template("own_duty_cannot.html").render(
        style=style(),
        t=reader.words,
        reader=reader,
        agency=short,
        message=reader.message if reader.message in WARNINGS else "",
        effect=reader.words["cannot_effect"].format(short),
        days=[(day, long_day(reader, day), ", ".join(lines), day == chosen) for day, lines in days.items()],
        today=shown.days.today,
        last_day=shown.days.last_day,
        form_key=shown.form_key,
    )


def swap_page(reader: Reader, shown: Shown, day: str, offers: list[Offer]) -> str:
    """The page on which somebody asks who could take a day of theirs."""
    agency = shown.registry.agencies.get(shown.person.agency_id)
    own = [
        told(reader, shown.registry, each.stretch) for each in shown.days.duties if each.stretch.day == day
    ]
    listed = []
    for each in offers:
        if each.takes:
            what = reader.words["swap_for"].format(told(reader, shown.registry, each.takes))
            listed.append((f"{each.person.id}:{each.takes.day}", each.person.name, what))
    listed += [(each.person.id, each.person.name, reader.words["stand_in"]) for each in offers]
    return template("own_duty_swap.html").render(
        style=style(),
        t=reader.words,
        reader=reader,
        agency=agency.short_name if agency else "",
        day=day,
        own="; ".join(own),
        offers=listed if own else [],
        form_key=shown.form_key,
    )


def _certificates(reader: Reader, shown: Shown) -> list[Certificate]:
    known, today = shown.registry.of("certifications"), shown.days.today
    soon = times.local_day(f"{today}T12:00:00Z", 0, ENDS_SOON_DAYS)
    found = []
    for held in sorted(shown.person.certifications, key=lambda each: each.expires_on):
        kind = known.get(held.certification_id)
        label = getattr(kind.label, reader.language) if kind else held.certification_id
        state = (
            "expired"
            if held.expires_on < today
            else "expires_soon"
            if held.expires_on <= soon
            else "valid_until"
        )
        end = f"{long_day(reader, held.expires_on).partition(' ')[2]} {held.expires_on[:4]}"
        found.append(Certificate(reader.words[state].format(label, end), state != "valid_until"))
    return found


def _test(reader: Reader, shown: Shown) -> tuple[str, str]:
    """To which number a test goes, and what became of the last one."""
    words, number = reader.words, words_end(shown.person.phone)
    if shown.test is None:
        return words["test_number"].format(number), words["test_none"]
    at = shown.test.requested_at
    when = f"{long_day(reader, times.local_day(at, reader.utc_offset_hours))} {clock(reader, at)}"
    status = {"sending": "pending"}.get(shown.test.status, shown.test.status)
    return words["test_number"].format(number), words[f"test_{status}"].format(when)


def words_end(number: str) -> str:
    """The last digits of a number, by which its owner knows it."""
    return number[-DIGITS_SHOWN:]
