"""Instants that sort as they read, and ids that sort by time."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chalicelib.domain import ids, times
from tests.support.things import NOW, instants, seconds

randomness = st.binary(min_size=10, max_size=10)


@given(instants)
def test_an_instant_reads_back_as_it_was_written(instant: str) -> None:
    assert times.render(times.parse(instant)) == instant


@given(instants, instants)
def test_instants_sort_as_text_as_they_do_in_time(one: str, other: str) -> None:
    assert (one < other) == (times.parse(one) < times.parse(other))


@given(instants, seconds)
def test_what_is_added_lies_between(instant: str, later: float) -> None:
    assert times.between(instant, times.plus(instant, later)) == pytest.approx(later, abs=0.0011)


def test_a_missing_instant_leaves_no_duration() -> None:
    assert times.between(None, NOW) is None
    assert times.between(NOW, None) is None
    assert times.between("", NOW) is None


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-23", "2026-11-23T03:00:00", "2026-13-01T00:00:00Z"]
)
def test_what_is_no_instant_with_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        times.parse(text)


def test_the_local_day_begins_at_midnight_of_the_regency() -> None:
    assert times.local_day("2026-11-22T16:59:59.999Z", 7) == "2026-11-22"
    assert times.local_day("2026-11-22T17:00:00.000Z", 7) == "2026-11-23"
    assert times.local_day("2026-11-22T17:00:00.000Z", 7, -1) == "2026-11-22"
    assert times.local_clock("2026-11-22T17:05:00.000Z", 7) == "00:05"


@given(instants, instants, randomness, randomness)
def test_ulids_sort_by_time_whatever_chance_draws(one: str, other: str, first: bytes, second: bytes) -> None:
    assume(one < other)
    assert ids.ulid(one, first) < ids.ulid(other, second)


@given(st.integers(min_value=0, max_value=4_000_000_000_000), randomness, randomness)
@example(2_180_971_850_489, b"\xff" * 10, bytes(10))
def test_ulids_of_neighbouring_milliseconds_sort_by_time(ms: int, first: bytes, second: bytes) -> None:
    one, other = (times.plus("1970-01-01T00:00:00Z", each / 1000) for each in (ms, ms + 1))
    assume(one < other)
    assert ids.ulid(one, first) < ids.ulid(other, second)


@given(instants, randomness)
def test_a_ulid_holds_its_millisecond_and_all_its_chance(instant: str, chance: bytes) -> None:
    made = ids.ulid(instant, chance)
    assert re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", made)
    value = 0
    for character in made:
        value = value << 5 | ids.ALPHABET.index(character)
    assert value & (1 << 80) - 1 == int.from_bytes(chance, "big")
    assert times.plus("1970-01-01T00:00:00Z", (value >> 80) / 1000) == instant


@given(instants, randomness)
def test_the_first_ulid_of_an_instant_cuts_just_before_it(before: str, chance: bytes) -> None:
    instant = times.plus(before, 0.001)
    assert ids.first_ulid_at(instant) <= ids.ulid(instant, chance)
    assert ids.ulid(before, chance) < ids.first_ulid_at(instant)


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_a_link_code_belongs_to_one_page_and_one_secret(secret: str, page: str, other: str) -> None:
    assume(page != other)
    code = ids.link_code(secret, page)
    assert code == ids.link_code(secret, page)
    assert code != ids.link_code(secret, other)
    assert code != ids.link_code(secret + "x", page)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", code)
    assert code not in ids.fingerprint(code)


@given(st.text())
def test_shards_stay_within_their_number(value: str) -> None:
    assert 0 <= ids.shard(value) < 8
    assert ids.shard(value) == ids.shard(value)


def test_the_label_is_what_people_say_on_the_radio() -> None:
    assert ids.label("01KAQW0000000000000000TEST") == "TEST"
