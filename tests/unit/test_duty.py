"""Who is on duty: by sheet, change and pattern, a rule a story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain import duty
from chalicelib.domain.chain import hash_of
from chalicelib.domain.duty import Hours, Roster, Row, Sheet, Stretch
from chalicelib.domain.duty.frozen import FrozenDay, FrozenRecord, frozen
from chalicelib.domain.duty.sheet import differing
from chalicelib.domain.events.digests import digest
from chalicelib.domain.registry import CrewMember
from chalicelib.domain.times import instant_of, plus
from tests.support.duties import (
    CODES,
    WIB,
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
from tests.support.things import instants


def at(found: Roster, when: str) -> dict[str, str | None]:
    """Who is where at an instant."""
    day = (datetime.fromisoformat(when) + timedelta(hours=WIB)).date()
    stretches = [
        *duty.of_day(found, (day - timedelta(days=1)).isoformat()),
        *duty.of_day(found, day.isoformat()),
    ]
    return {each.person_id: each.unit_id for each in duty.on_duty(stretches, when)}


def local(day: str, clock: str) -> str:
    moment = datetime.fromisoformat(f"{day}T{clock}:00+07:00").astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:00.000Z")


def november(*rows: Row, first_day: str = "2026-11-01") -> dict[str, Sheet]:
    found = sheet_of("2026-11", [Published(first_day, rows, hours_of(CODES))])
    assert found
    return {"2026-11": found}


def cells(day: int, text: str) -> str:
    return "," * (day - 1) + text


def test_a_shift_belongs_to_the_day_on_which_it_starts_over_the_months_end() -> None:
    found = roster(sheets=november(row("andi", cells(30, "M"), "u1")))
    assert at(found, local("2026-12-01", "06:59")) == {"andi": "u1"}
    assert at(found, local("2026-12-01", "07:00")) == {}


def test_hand_over_is_at_the_very_second() -> None:
    found = roster(sheets=november(row("andi", cells(5, "P"), "u1"), row("budi", cells(5, "M"), "u1")))
    assert at(found, "2026-11-05T11:59:59.999Z") == {"andi": "u1"}
    assert at(found, "2026-11-05T12:00:00.000Z") == {"budi": "u1"}


def test_a_person_in_two_rows_stands_in_one_place_and_a_unit_comes_before_the_pool() -> None:
    rows = row("andi", cells(5, "P@"), "u1"), row("andi", cells(5, "P"), "u2", "andi~2")
    assert at(roster(sheets=november(*rows)), local("2026-11-05", "08:00")) == {"andi": "u2"}


@pytest.mark.parametrize(("extra", "stands"), [("u2", "u2"), (None, "u1")])
def test_whoever_does_more_goes_there_but_not_from_a_unit_into_the_pool(
    extra: str | None, stands: str
) -> None:
    more = agreed(
        "extra",
        "andi",
        unit_id=extra,
        starts_at=local("2026-11-05", "10:00"),
        ends_at=local("2026-11-05", "12:00"),
    )
    found = roster(sheets=november(row("andi", cells(5, "P"), "u1")), changes=[more])
    seen = [at(found, local("2026-11-05", text)) for text in ("09:59", "10:00", "12:00")]
    assert seen == [{"andi": "u1"}, {"andi": stands}, {"andi": "u1"}]


def test_a_month_that_nobody_filled_in_is_kept_by_the_pattern_and_says_so() -> None:
    crews = {"a": crew("a", CrewMember("andi", "2026-01-01"), unit="u1")}
    found = roster(crews=crews, patterns=[pattern("PML", ("a", "2026-11-01"))])
    # 395 days from the anchor, of which three make a turn: the last of one is the night off.
    assert at(found, local("2027-12-01", "08:00")) == {}
    assert at(found, local("2027-12-02", "08:00")) == {"andi": "u1"}
    assert {each.by for day in ("2026-11-30", "2026-12-01") for each in duty.of_day(found, day)} == {
        "pattern"
    }


def test_a_sheet_published_on_the_third_leaves_the_days_before_to_the_pattern() -> None:
    crews = {"a": crew("a", CrewMember("andi", "2026-01-01"), unit="u1")}
    sheets = november(row("budi", cells(2, "P,P,P"), "u1"), first_day="2026-11-04")
    found = roster(crews=crews, patterns=[pattern("P", ("a", "2026-11-01"))], sheets=sheets)
    assert at(found, local("2026-11-03", "08:00")) == {"andi": "u1"}
    assert at(found, local("2026-11-04", "08:00")) == {"budi": "u1"}
    assert at(found, local("2026-11-05", "08:00")) == {}, (
        "the sheet alone says who is on duty on the days that it covers"
    )


def test_whoever_leaves_a_crew_in_mid_month_is_in_its_pattern_to_that_day() -> None:
    members = CrewMember("andi", "2026-01-01", "2026-11-15"), CrewMember("budi", "2026-11-16", None, "u2")
    found = roster(crews={"a": crew("a", *members, unit="u1")}, patterns=[pattern("M", ("a", "2026-11-01"))])
    assert at(found, local("2026-11-15", "20:00")) == {"andi": "u1"}
    assert at(found, local("2026-11-16", "06:00")) == {"andi": "u1"}, "the shift began before"
    assert at(found, local("2026-11-16", "20:00")) == {"budi": "u2"}


def test_leave_on_a_day_takes_the_shifts_that_start_then_and_not_the_one_that_runs_into_it() -> None:
    sheets = november(row("andi", cells(5, "M,M,M"), "u1"))
    found = roster(sheets=sheets, changes=[agreed("leave", "andi", day="2026-11-06")])
    assert at(found, local("2026-11-06", "06:00")) == {"andi": "u1"}
    assert at(found, local("2026-11-06", "20:00")) == at(found, local("2026-11-07", "06:00")) == {}
    assert at(found, local("2026-11-07", "20:00")) == {"andi": "u1"}


def test_leave_for_a_part_of_a_day_is_two_instants() -> None:
    part = agreed(
        "leave", "andi", starts_at=local("2026-11-05", "10:00"), ends_at=local("2026-11-05", "12:00")
    )
    found = roster(sheets=november(row("andi", cells(5, "P"), "u1")), changes=[part])
    seen = [bool(at(found, local("2026-11-05", text))) for text in ("09:59", "10:00", "11:59", "12:00")]
    assert seen == [True, False, False, True]


def test_a_swap_goes_with_person_and_day_also_when_the_shift_becomes_another() -> None:
    swap = agreed("swap", "andi", day="2026-11-05", other_id="budi", other_day="2026-11-30")
    for text, clock_ in (("P", "08:00"), ("M", "20:00")):
        rows = row("andi", cells(5, text), "u1"), row("budi", cells(30, "P"), "u2")
        found = roster(sheets=november(*rows), changes=[swap])
        assert at(found, local("2026-11-05", clock_)) == {"budi": "u1"}
        assert at(found, local("2026-11-30", "08:00")) == {"andi": "u2"}


def test_a_swap_dies_with_either_of_its_shifts() -> None:
    swap = agreed("swap", "andi", day="2026-11-05", other_id="budi", other_day="2026-11-30")
    rows = row("andi", cells(5, "P"), "u1"), row("budi", cells(30, "L"), "u2")
    found = roster(sheets=november(*rows), changes=[swap])
    assert at(found, local("2026-11-05", "08:00")) == {"andi": "u1"}
    assert at(found, local("2026-11-30", "08:00")) == {}


def test_a_change_counts_from_when_it_is_agreed_until_it_is_withdrawn() -> None:
    sheets = november(row("andi", cells(5, "P"), "u1"))
    change = agreed("substitute", "andi", other_id="budi", day="2026-11-05", at="2026-11-03T00:00:00.000Z")
    gone = replace(change, withdrawn_at="2026-11-04T00:00:00.000Z")
    found = roster(sheets=sheets, changes=[gone])
    who = [
        [each.person_id for each in duty.of_day(found, "2026-11-05", known)]
        for known in ("2026-11-02T00:00:00.000Z", "2026-11-03T12:00:00.000Z", "~")
    ]
    assert who == [["andi"], ["budi"], ["andi"]]
    asked = roster(sheets=sheets, changes=[replace(change, agreed_at="")])
    assert at(asked, local("2026-11-05", "08:00")) == {"andi": "u1"}, "what is only asked moves nobody"


def test_of_a_shift_that_runs_the_part_from_the_agreement_on_alone_changes() -> None:
    sheets = november(row("andi", cells(5, "M"), "u1"), row("budi", cells(9, "P"), "u1"))
    noon = local("2026-11-06", "01:00")
    for change in (
        agreed("substitute", "andi", other_id="budi", day="2026-11-05", at=noon),
        agreed("swap", "andi", other_id="budi", day="2026-11-05", other_day="2026-11-09", at=noon),
        agreed(
            "extra",
            "budi",
            unit_id="u1",
            starts_at=local("2026-11-05", "20:00"),
            ends_at=local("2026-11-06", "04:00"),
            at=noon,
        ),
    ):
        found = roster(sheets=sheets, changes=[change])
        before, after = (at(found, local("2026-11-06", text)) for text in ("00:59", "01:00"))
        assert before == {"andi": "u1"} and after.get("budi") == "u1", change.kind


def test_on_call_becomes_stationed_from_the_day_of_its_publishing() -> None:
    on_call = {**hours_of(CODES), "P": Hours(starts="07:00", ends="19:00", readiness="on_call")}
    rows = (row("andi", cells(9, "P,P"), "u1"),)
    found = sheet_of(
        "2026-11",
        [Published("2026-11-01", rows, on_call), Published("2026-11-10", rows, hours_of(CODES))],
    )
    assert found
    seen = [
        duty.of_day(roster(sheets={"2026-11": found}), day)[0].readiness
        for day in ("2026-11-09", "2026-11-10")
    ]
    assert seen == ["on_call", "stationed"]


def test_what_was_published_for_past_days_stays_when_rows_move_or_go() -> None:
    first = Published(
        "2026-11-01", (row("andi", "P,P,P", "u1"), row("budi", "M,M@,M", "u2")), hours_of(CODES)
    )
    second = Published("2026-11-03", (row("budi", "L,L,P", "u1"),), hours_of(CODES))
    before = roster(sheets={"2026-11": sheet_of("2026-11", [first])})
    after = roster(sheets={"2026-11": sheet_of("2026-11", [first, second])})
    for day in ("2026-11-01", "2026-11-02"):
        key = lambda each: each.person_id  # noqa: E731
        assert sorted(duty.of_day(before, day), key=key) == sorted(duty.of_day(after, day), key=key)
    assert [(each.person_id, each.unit_id) for each in duty.of_day(after, "2026-11-03")] == [("budi", "u1")]


def test_two_states_of_a_sheet_differ_by_cells_and_by_the_place_of_a_row() -> None:
    before = [row("andi", "P,P@u2", "u1"), row("budi", "M", "u1")]
    after = [row("andi", "P,P", "u2"), row("citra", ",L", "u1")]
    assert list(differing(before, after, "2026-11")) == [
        ("andi", "2026-11-01", "P@u1", "P"),
        ("budi", "2026-11-01", "M", ""),
        ("citra", "2026-11-02", "", "L"),
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [("07:00", "19:00", 12), ("19:00", "07:00", 12), ("07:00", "07:00", 24), ("00:00", "00:00", 24)],
)
def test_a_code_that_ends_at_or_before_its_start_ends_on_the_next_day(
    starts: str, ends: str, hours: int
) -> None:
    codes = {"X": code("X", starts, ends)}
    sheet = sheet_of("2026-11", [Published("2026-11-01", (row("andi", "X", "u1"),), hours_of(codes))])
    (only,) = duty.of_day(roster(sheets={"2026-11": sheet}), "2026-11-01")
    length = datetime.fromisoformat(only.ends_at) - datetime.fromisoformat(only.starts_at)
    assert length == timedelta(hours=hours)


def test_a_stretch_is_cut_into_what_is_left_and_what_is_taken() -> None:
    whole = Stretch(
        agency_id="damkar", person_id="andi", unit_id=None, starts_at="b", ends_at="d", day="", by="sheet"
    )
    left, part = whole.cut("c", "e")
    assert ([(each.starts_at, each.ends_at) for each in left], part and part.starts_at) == ([("b", "c")], "c")
    assert whole.cut("d", "e") == ([whole], None)


@given(instants, st.integers(-3, 3))
def test_whoever_begins_now_is_on_duty_and_whoever_ends_now_is_not(now: str, offset: int) -> None:
    moment = plus(now, offset / 1000)
    begins_now = Stretch(
        agency_id="damkar",
        person_id="p",
        unit_id=None,
        starts_at=now,
        ends_at=plus(now, 0.003),
        day="",
        by="sheet",
    )
    assert bool(duty.on_duty([begins_now], moment)) == (0 <= offset < 3)


@given(
    st.sampled_from(["", ".1", ".12", ".123", ".100", ".1234"]),
    st.sampled_from([".099", ".100", ".123", ".124"]),
)
def test_a_shifts_instant_sorts_with_all_others_however_fine_it_was_written(
    fraction: str, other: str
) -> None:
    written, now = f"2026-11-23T03:00:00{fraction}Z", f"2026-11-23T03:00:00{other}Z"
    assert (instant_of(written) <= now) == (float(f"0{fraction[:4] or '.0'}") <= float(f"0{other}"))


def test_a_day_frozen_by_a_release_that_knew_less_of_a_stretch_holds() -> None:
    stretch = Stretch(
        agency_id="psc",
        person_id="citra",
        unit_id=None,
        starts_at="2026-12-05T00:00:00.000Z",
        ends_at="2026-12-05T12:00:00.000Z",
        day="2026-12-05",
        by="sheet",
    )
    record = FrozenRecord(
        agency_id="psc", day="2026-12-05", at="2026-12-04T17:01:00.000Z", known_at="", stretches=""
    )
    fewer = msgspec.json.encode([stretch]).decode().replace(',"turn":"primary"', "")
    told = replace(frozen(record, (), "salt").record, stretches=digest("salt", fewer), hash="")
    told = replace(told, hash=hash_of(msgspec.json.encode(told)))
    stored = f'{{"record":{msgspec.json.encode(told).decode()},"stretches":{fewer},"salt":"salt"}}'
    kept = msgspec.json.decode(stored, type=FrozenDay)
    assert (kept.holds, kept.stretches) == (True, (stretch,))
