"""Who is on duty equals a reading of every minute by hand, for random sheets, patterns, single shifts and changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import duty
from chalicelib.domain.duty import Change, Roster, Row
from chalicelib.domain.registry import CrewMember, DutyCrew, DutyPattern, Shift
from tests.support.duties import (
    CODES,
    Published,
    agreed,
    code,
    crew,
    hours_of,
    pattern,
    roster,
    row,
    sheet_of,
)

# A month ends between the second day and the third.
DAYS = ["2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"]
DAY_MINUTES = 24 * 60
# Local midnight of the first day.
ORIGIN = datetime(2026, 11, 28, 17, tzinfo=UTC)


def instant(minute: int) -> str:
    return (ORIGIN + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:00.000Z")


class Case(NamedTuple):
    """A random roster, and what it was made of."""

    publishings: dict[str, list[Published]]
    crews: list[DutyCrew]
    patterns: list[DutyPattern]
    singles: list[tuple[str, str, str | None, int, int]]
    changes: list[Change]


# Few, so that they meet.
PEOPLE = ["andi", "budi"]
UNITS: list[str | None] = ["u1", "u2", None]
people, units, days = st.sampled_from(PEOPLE), st.sampled_from(UNITS), st.sampled_from(DAYS)
minutes = st.integers(0, 4 * DAY_MINUTES)
texts = st.builds(
    lambda text, where: text + where if text else "",
    st.sampled_from(["", "P", "M", "H", "S", "L"]),
    st.sampled_from(["", "", "@u1", "@u2", "@"]),
)


@st.composite
def row_sets(draw: st.DrawFn, month: str) -> tuple[Row, ...]:
    size = 30 if month == "2026-11" else 31
    found = []
    for number, person in enumerate(draw(st.lists(people, max_size=3))):
        cells = [""] * size
        for day in DAYS:
            if day[:7] == month:
                cells[int(day[8:]) - 1] = draw(texts)
        found.append(row(person, ",".join(cells), draw(units), f"{person}~{number}"))
    return tuple(found)


@st.composite
def publishings(draw: st.DrawFn, month: str) -> list[Published]:
    own = [day for day in DAYS if day[:7] == month]
    late = hours_of({**CODES, "P": code("P", "08:00", "20:00")})
    return [
        Published(
            draw(st.sampled_from(own)), draw(row_sets(month)), draw(st.sampled_from([late, hours_of(CODES)]))
        )
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]


@st.composite
def all_crews(draw: st.DrawFn) -> list[DutyCrew]:
    member = st.builds(
        CrewMember,
        person_id=people,
        since=st.sampled_from(["2026-01-01", "2026-12-01"]),
        until=st.sampled_from([None, "2026-11-30", "2026-12-01"]),
        unit_id=units,
    )
    return [
        crew(f"c{n}", *draw(st.lists(member, min_size=1, max_size=2)), unit=draw(units)) for n in range(2)
    ]


@st.composite
def all_patterns(draw: st.DrawFn) -> list[DutyPattern]:
    turns = st.tuples(
        st.sampled_from(["c0", "c1"]), st.sampled_from(["2026-11-27", "2026-11-29", "2026-12-31"])
    )
    return [
        pattern(
            "".join(draw(st.lists(st.sampled_from("PMHSL"), min_size=1, max_size=3))),
            *draw(st.lists(turns, min_size=1, max_size=2)),
            id=f"p{n}",
            since=draw(st.sampled_from(["2026-01-01", "2026-11-30"])),
            until=draw(st.sampled_from([None, "2026-12-01"])),
        )
        for n in range(draw(st.integers(1, 2)))
    ]


@st.composite
def all_changes(draw: st.DrawFn) -> list[Change]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(["substitute", "swap", "leave", "extra", "extra"]))
        person = draw(people)
        fields: dict[str, Any] = {"id": f"x{draw(st.integers(0, 99)):02d}-{number}"}
        if kind in ("substitute", "swap"):
            fields["other_id"] = draw(st.sampled_from([each for each in PEOPLE if each != person]))
        if kind == "swap":
            fields |= {"day": draw(days), "other_day": draw(days)}
        elif kind != "extra" and draw(st.booleans()):
            fields["day"] = draw(days)
            if kind == "leave":
                fields["last_day"] = draw(st.sampled_from(["", fields["day"], "2026-12-02"]))
        else:
            since = draw(minutes)
            length = draw(st.integers(1, DAY_MINUTES))
            fields |= {"starts_at": instant(since), "ends_at": instant(since + length)}
        if kind == "extra":
            fields["unit_id"] = draw(units)
        # Also in the midst of a shift.
        early = ["2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"]
        when = draw(st.one_of(st.sampled_from(["", *early]), st.builds(instant, minutes)))
        gone = draw(st.sampled_from(["", "", "", "2026-11-28T00:00:00.000Z"]))
        found.append(agreed(kind, person, at=when, withdrawn_at=gone, **fields))
    return found


singles = st.lists(
    st.tuples(people, days, units, st.integers(0, DAY_MINUTES - 1), st.integers(1, DAY_MINUTES)),
    max_size=2,
    unique_by=lambda each: each[:2],
)
cases = st.builds(
    Case,
    publishings=st.fixed_dictionaries({month: publishings(month) for month in ("2026-11", "2026-12")}),
    crews=all_crews(),
    patterns=all_patterns(),
    singles=singles,
    changes=all_changes(),
)


def made(case: Case) -> Roster:
    sheets = {month: sheet_of(month, each) for month, each in case.publishings.items()}
    older: dict[str, list[Shift]] = {}
    for person, day, unit, begins, length in case.singles:
        since = DAYS.index(day) * DAY_MINUTES + begins
        shift = Shift(
            id=f"{person}-{day}",
            agency_id="damkar",
            person_id=person,
            unit_id=unit,
            starts_at=instant(since),
            ends_at=instant(since + length),
        )
        older.setdefault(day, []).append(shift)
    return roster(
        sheets={month: each for month, each in sheets.items() if each},
        crews={each.id: each for each in case.crews},
        patterns=case.patterns,
        older=older,
        changes=case.changes,
    )


class Seen(NamedTuple):
    """In one minute: who stands where, since of which day's shift, in which order it was written down, whether by a change."""

    person: str
    unit: str | None
    day: int
    order: int
    changed: bool


def clock(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def minutes_of(day: int, starts: str | None, ends: str | None) -> range:
    if starts is None or ends is None:
        return range(0)
    begins, over = clock(starts), clock(ends)
    length = over - begins if over > begins else over - begins + DAY_MINUTES
    return range(day * DAY_MINUTES + begins, day * DAY_MINUTES + begins + length)


def base_of(case: Case) -> list[tuple[str, str | None, int, range]]:
    """Every shift before all changes, as (person, unit, day, minutes), in the order in which things were written down."""
    found: list[tuple[str, str | None, int, range]] = []
    for day, name in enumerate(DAYS):
        those = case.publishings[name[:7]]
        if those and name >= min(each.first_day for each in those):
            # The last that was published for this day.
            last = [each for each in those if each.first_day <= name][-1]
            for line in last.rows:
                text, has, where = line.cells.split(",")[int(name[8:]) - 1].partition("@")
                means = last.hours.get(text)
                if means:
                    unit = (where or None) if has else line.unit_id
                    found.append((line.person_id, unit, day, minutes_of(day, means.starts, means.ends)))
            continue
        single = [each for each in case.singles if each[1] == name]
        for person, _, unit, begins, length in single:
            since = day * DAY_MINUTES + begins
            found.append((person, unit, day, range(since, since + length)))
        for each in case.patterns:
            if not each.since <= name <= (each.until or "9"):
                continue
            for turn in each.crews:
                passed = (date.fromisoformat(name) - date.fromisoformat(turn.anchor)).days
                means_ = CODES[each.cycle[passed % len(each.cycle)]]
                (of,) = [one for one in case.crews if one.id == turn.crew_id]
                for member in of.members:
                    if member.since <= name <= (member.until or "9") and member.person_id not in {
                        s[0] for s in single
                    }:
                        unit = member.unit_id or of.unit_id
                        found.append(
                            (member.person_id, unit, day, minutes_of(day, means_.starts, means_.ends))
                        )
    return found


Minutes = dict[int, list[Seen]]


def by_hand(case: Case) -> dict[int, dict[str, str | None]]:
    """Who stands where in each minute, by going through every minute for every change."""
    seen: Minutes = {}
    order = 0
    for person, unit, day, those in base_of(case):
        for minute in those:
            seen.setdefault(minute, []).append(Seen(person, unit, day, order, False))
        order += 1
    for change in sorted(
        (each for each in case.changes if each.agreed_at and not each.withdrawn_at),
        key=lambda each: (each.agreed_at, each.id),
    ):
        order += 1
        if change.kind == "extra":
            add(seen, change, order)
        elif change.kind == "swap":
            swap(seen, change)
        else:
            take(seen, change)
    return {
        minute: {
            person: min(
                (each for each in those if each.person == person),
                key=lambda each: (each.unit is None, not each.changed, each.day, each.order),
            ).unit
            for person in {each.person for each in those}
        }
        for minute, those in seen.items()
    }


def minute_of(text: str) -> int:
    return int((datetime.fromisoformat(text) - ORIGIN).total_seconds() // 60)


def add(seen: Minutes, change: Change, order: int) -> None:
    since, until = minute_of(change.starts_at), minute_of(change.ends_at)
    day = since // DAY_MINUTES
    if day < len(DAYS):
        for minute in range(max(since, minute_of(change.agreed_at)), until):
            seen.setdefault(minute, []).append(Seen(change.person_id, change.unit_id, day, order, True))


def swap(seen: Minutes, change: Change) -> None:
    one = change.person_id, DAYS.index(change.day)
    other = change.other_id, DAYS.index(change.other_day)
    there = {(each.person, each.day) for those in seen.values() for each in those}
    if not {one, other} <= there:
        return
    gets = {one: change.other_id, other: change.person_id}
    for minute, those in seen.items():
        if minute < minute_of(change.agreed_at):
            continue
        seen[minute] = [
            each._replace(person=gets[each.person, each.day], changed=True)
            if (each.person, each.day) in gets
            else each
            for each in those
        ]


def take(seen: Minutes, change: Change) -> None:
    for minute, those in seen.items():
        if minute < minute_of(change.agreed_at):
            continue  # What had begun by then stays as it was.
        after = []
        for each in those:
            if each.person != change.person_id or not concerns(change, each, minute):
                after.append(each)
            elif change.kind == "substitute":
                after.append(each._replace(person=change.other_id, changed=True))
        seen[minute] = after


def concerns(change: Change, each: Seen, minute: int) -> bool:
    if change.day:
        return DAYS.index(change.day) <= each.day <= DAYS.index(change.last_day or change.day)
    return minute_of(change.starts_at) <= minute < minute_of(change.ends_at)


@given(cases)
@settings(max_examples=40, deadline=None)
def test_it_is_what_a_reading_of_every_minute_says(case: Case) -> None:
    found = made(case)
    expected = by_hand(case)
    stretches = {day: duty.of_day(found, day) for day in DAYS}
    for number, (before, day) in enumerate(zip(["", *DAYS], DAYS, strict=False)):
        known = [*stretches.get(before, []), *stretches[day]]
        for minute in range(number * DAY_MINUTES, (number + 1) * DAY_MINUTES):
            on_duty = {each.person_id: each.unit_id for each in duty.on_duty(known, instant(minute))}
            assert on_duty == expected.get(minute, {}), instant(minute)
