"""All that is wrong with a request is told at once, by the field's path and a code."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

import app  # noqa: F401 -- it registers the routes
from chalicelib.domain.registry import NOUNS
from chalicelib.errors import Invalid
from chalicelib.faults import Fault
from chalicelib.handlers.bodies.calls import CallBody
from chalicelib.handlers.bodies.importing import ImportBody
from chalicelib.handlers.bodies.incidents import NoteBody, StatusBody
from chalicelib.handlers.fitting import decoded, first, misfits
from chalicelib.handlers.http import ROUTES
from tests.support.bad_values import bad_bodies
from tests.world.test_bad_input import noun_sample

NOW = "2026-11-23T03:00:00Z"
UNIT = {
    "id": "damkar_1",
    "agency_id": "damkar",
    "station_id": "pos_1",
    "name": "Damkar 1",
    "callsign": "D1",
    "capabilities": [],
    "terrains": ["land"],
}


def test_every_field_that_does_not_fit_is_told_with_those_that_are_missing_or_too_much() -> None:
    wrong = {**UNIT, "name": 7, "terrains": ["land", "air"], "wheels": 4}
    del wrong["agency_id"]
    assert {(fault.path, fault.code) for fault in misfits(wrong, NOUNS["units"])} == {
        ("agency_id", "required"),
        ("name", "not_text"),
        ("terrains[1]", "not_a_choice"),
        ("wheels", "unknown_field"),
    }


def test_what_stands_deep_has_its_whole_path_and_a_bound_its_value() -> None:
    row: dict[str, Any] = {
        "key": "1",
        "type": "fire",
        "location": {"district": "", "lat": 91, "lng": "x", "point": "?"},
    }
    row["calls"] = [{"received_at": NOW}, {"received_at": "2026-11-23T03:00:00", "note": "x" * 2001}]
    found = misfits({"source": "buku", "rows": [{**row, "units": "none"}]}, ImportBody)
    assert set(map(_plain, found)) == {
        ("rows[0].location.district", "empty", ()),
        ("rows[0].location.lat", "too_large", (("most", "90.0"),)),
        ("rows[0].location.lng", "not_number", ()),
        ("rows[0].location.point", "unknown_field", ()),
        ("rows[0].calls[1].received_at", "no_zone", ()),
        ("rows[0].calls[1].note", "too_long", (("most", "2000"),)),
        ("rows[0].units", "not_list", ()),
    }


def _plain(fault: Fault) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return fault.path, fault.code, tuple(fault.values.items())


def test_a_text_that_hides_something_is_told_beside_what_has_a_wrong_type() -> None:
    place = {"district": 7, "village": "a\u034f"}
    row = {"key": "…", "type": "fire", "location": place, "calls": [{"received_at": NOW}]}
    found = misfits({"source": "buku", "rows": [row]}, ImportBody)
    assert {(fault.path, fault.code) for fault in found} == {
        ("rows[0].key", "says_nothing"),
        ("rows[0].location.district", "not_text"),
        ("rows[0].location.village", "hidden"),
    }


@pytest.mark.parametrize(("value", "code"), [([], "not_object"), ("x", "not_object"), (None, "not_object")])
def test_a_body_that_is_no_object_is_wrong_itself(value: Any, code: str) -> None:
    assert misfits(value, StatusBody) == [Fault("body", code)]


def test_a_field_that_may_be_left_out_is_looked_into_when_it_is_given() -> None:
    call = {"class": "emergency", "channel": "phone", "received_at": NOW, "incident": {"drill": "no"}}
    assert {(fault.path, fault.code) for fault in misfits(call, CallBody)} == {
        ("incident.type", "required"),
        ("incident.drill", "not_boolean"),
    }


def test_a_query_is_read_from_text() -> None:
    query = next(route.takes.query for route in ROUTES if route.path == "/api/reports/response-times")
    found = misfits({"from": "2026-11-01", "to": "yesterday", "by": "moon", "x": "1"}, query, strict=False)
    assert {(fault.path, fault.code) for fault in found} == {
        ("to", "no_time"),
        ("by", "not_a_choice"),
        ("x", "unknown_field"),
    }


@pytest.mark.parametrize("noun", NOUNS)
def test_what_msgspec_meets_first_is_among_what_is_told_and_all_of_it_has_a_code(noun: str) -> None:
    for bad in bad_bodies(NOUNS[noun], noun_sample(noun)):
        try:
            msgspec.json.decode(bad.text, type=NOUNS[noun])
        except msgspec.ValidationError as error:
            with pytest.raises(Invalid) as told:
                decoded(bad.text.encode(), NOUNS[noun])
            assert first(error) in told.value.faults, bad.what
            assert "wrong" not in [fault.code for fault in told.value.faults], (bad.what, str(error))
        except msgspec.DecodeError:
            continue


def test_what_is_nested_too_deep_to_be_looked_into_is_told_by_its_field() -> None:
    deep = '{"text": ' + "[" * 5000 + "]" * 5000 + "}"
    with pytest.raises(Invalid) as told:
        decoded(deep.encode(), NoteBody)
    assert told.value.faults == (Fault("text", "not_text"),)
