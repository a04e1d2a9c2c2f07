"""A person's duties as a calendar that phones subscribe to (RFC 5545); it names nobody, and no number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..ids import named
from ..times import parse

# RFC 5545, 3.1: octets of a line without its end.
LINE = 75
PRODUCT = "-//Kentongan//Dinas saya//ID"
# How often a phone is asked to look again; most look when they like.
REFRESH = "PT1H"


class Entry(NamedTuple):
    """One duty: whose, the `number`th that starts on a local `day`, from `starts_at` until `ends_at`; `sequence` rises when it changes."""

    person_id: str
    day: str
    number: int
    sequence: int
    starts_at: str
    ends_at: str
    summary: str
    location: str


class Calendar(NamedTuple):
    """What it is called, what stands with each entry, and when it was made."""

    name: str
    note: str
    made_at: str


def render(calendar: Calendar, entries: Iterable[Entry]) -> str:
    """The calendar's text: lines folded at 75 octets, ended by CRLF, times in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    name = _text(calendar.name)
    lines += [f"NAME:{name}", f"X-WR-CALNAME:{name}"]
    lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}", f"X-PUBLISHED-TTL:{REFRESH}"]
    for entry in entries:
        lines += _event(entry, calendar)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(entry: Entry, calendar: Calendar) -> Iterator[str]:
    uid = named("calendar", entry.person_id, entry.day, str(entry.number))
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@kentongan"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_instant(calendar.made_at)}"
    yield f"DTSTART:{_instant(entry.starts_at)}"
    yield f"DTEND:{_instant(entry.ends_at)}"
    yield f"SUMMARY:{_text(entry.summary)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    yield f"DESCRIPTION:{_text(calendar.note)}"
    yield "END:VEVENT"


def _instant(instant: str) -> str:
    return parse(instant).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """A value as RFC 5545, 3.3.11 wants it; controls, which no line may hold, go."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(each for each in escaped if each == "\t" or (ord(each) >= 32 and ord(each) != 127))


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, of which each but the first begins with a blank; no character is cut in two."""
    part, used = "", 0
    for character in line:
        size = len(character.encode())
        if used + size > LINE:
            yield part
            part, used = " ", 1
        part, used = part + character, used + size
    yield part
