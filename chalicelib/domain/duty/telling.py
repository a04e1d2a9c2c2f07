"""Whom a word about a change of duty concerns, and what each is told: who stands where, and when, in their own language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from ..registry import Language
from ..times import local_clock, local_day
from .change_history import Act
from .changes import Change
from .stretch import Stretch

_DAYS = {
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
# How many letters of a name an SMS has room for.
NAME_MOST = 16
Side = Literal["person", "other", "officer"]
# By kind and by who reads it.
_SAID: dict[Language, dict[str, dict[Side, str]]] = {
    "id": {
        "substitute": {
            "person": "{other} menggantikan Anda, {when}",
            "other": "Anda menggantikan {person}, {when}",
            "officer": "{other} menggantikan {person}, {when}",
        },
        "swap": {
            "person": "Anda dinas {then}, {other} dinas {when}",
            "other": "Anda dinas {when}, {person} dinas {then}",
            "officer": "{person} dinas {then}, {other} dinas {when}",
        },
        "leave": {"person": "Anda tidak dinas, {when}", "officer": "{person} tidak dinas, {when}"},
        "extra": {"person": "Anda dinas tambahan, {when}", "officer": "{person} dinas tambahan, {when}"},
    },
    "en": {
        "substitute": {
            "person": "{other} stands in for you, {when}",
            "other": "you stand in for {person}, {when}",
            "officer": "{other} stands in for {person}, {when}",
        },
        "swap": {
            "person": "you are on duty {then}, {other} {when}",
            "other": "you are on duty {when}, {person} {then}",
            "officer": "{person} is on duty {then}, {other} {when}",
        },
        "leave": {"person": "you are off duty, {when}", "officer": "{person} is off duty, {when}"},
        "extra": {"person": "you are on extra duty, {when}", "officer": "{person} is on extra duty, {when}"},
    },
}


class Telling(NamedTuple):
    """A kind of text, and who reads it; `officer` are all of the agency's."""

    kind: str
    to: Side


class Said(NamedTuple):
    """What was said about a change: as it was before, None when it is new, and after; `by` whom of its two people, '' for an officer."""

    act: Act
    before: Change | None
    after: Change
    by: str


def tellings(said: Said) -> list[Telling]:
    """Whom it concerns, but for whoever said it."""
    people: tuple[tuple[Side, str], ...] = (("person", said.after.person_id), ("other", said.after.other_id))
    found = [
        each for each in _tellings(said) if each.to == "officer" or dict(people)[each.to] not in ("", said.by)
    ]
    # What an officer did, the agency's officers see.
    return found if said.by else [each for each in found if each.to != "officer"]


def _tellings(said: Said) -> Iterator[Telling]:
    act, after = said.act, said.after
    if act in ("withdrawn", "declined", "refused"):
        kind = "duty_withdrawn" if act == "withdrawn" else "duty_refused"
        yield Telling(kind, "person")
        if act != "declined":
            yield Telling(kind, "other")
        if act == "withdrawn" and said.before and said.before.state != "asked":
            yield Telling(kind, "officer")
    elif act in ("asked", "entered", "accepted", "approved", "shortened"):
        if after.state == "asked":
            yield Telling("duty_asked", "other")
        elif after.state == "accepted":
            yield Telling("duty_to_approve", "officer")
        else:
            yield Telling("duty_agreed", "person")
            yield Telling("duty_agreed", "other")
            if after.kind == "leave":
                yield Telling("duty_left", "officer")


class Names(NamedTuple):
    """The names of a change's people, and their duties as they are without it."""

    people: Mapping[str, str]
    duties: Iterable[Stretch]
    utc_offset_hours: int


def wording(change: Change, side: Side, names: Names, language: Language) -> str:
    """What a change is to somebody, such as `Anda menggantikan Citra, Sab 5 Des 07.00`."""
    known = list(names.duties)

    def starts(person_id: str, day: str) -> str:
        own = [each.starts_at for each in known if each.person_id == person_id and each.day == day]
        return f" {_clock(min(own), names.utc_offset_hours, language)}" if own else ""

    if change.day:
        when = f"{_day(change.day, language)}{starts(change.person_id, change.day)}"
        if change.last_day > change.day:
            when = f"{_day(change.day, language)} - {_day(change.last_day, language)}"
    else:
        hours = names.utc_offset_hours
        ends = _clock(change.ends_at, hours, language)
        begins = _clock(change.starts_at, hours, language)
        when = f"{_day(local_day(change.starts_at, hours), language)} {begins}-{ends}"
    then = (
        f"{_day(change.other_day, language)}{starts(change.other_id, change.other_day)}"
        if change.other_day
        else ""
    )
    values = {
        "person": names.people.get(change.person_id, "")[:NAME_MOST].strip(),
        "other": names.people.get(change.other_id, "")[:NAME_MOST].strip(),
        "when": when,
        "then": then,
    }
    return _SAID[language][change.kind][side].format(**values)


def on_sheet(
    moved: Sequence[tuple[str, Sequence[Stretch]]], utc_offset_hours: int, language: Language
) -> str:
    """What a published sheet has somebody do on the first of the days that it changes, and how many more there are."""
    day, now = moved[0]
    if now:
        begins, ends = (
            _clock(each, utc_offset_hours, language) for each in (now[0].starts_at, now[-1].ends_at)
        )
        first = f"{_day(day, language)} {begins}-{ends}"
    else:
        first = f"{_day(day, language)} {'lepas' if language == 'id' else 'off'}"
    if len(moved) == 1:
        return first
    more = len(moved) - 1
    return f"{first}, dan {more} hari lain" if language == "id" else f"{first}, and {more} more"


def _day(day: str, language: Language) -> str:
    found = date.fromisoformat(day)
    return f"{_DAYS[language][found.weekday()]} {found.day} {_MONTHS[language][found.month - 1]}"


def _clock(instant: str, utc_offset_hours: int, language: Language) -> str:
    clock = local_clock(instant, utc_offset_hours)
    return clock.replace(":", ".") if language == "id" else clock
