"""Typed events against what releases before them wrote: each is read, its hash holds, and made again it is the same bytes.

`released/` holds what the release of 2026-11-30, whose events were dictionaries, wrote in this project's tests: an event of each
type in each of its forms, a chain of privacy records, and one of seals. They are never recorded anew: a chain stays.
"""

from __future__ import annotations

import json
import types
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType, to_builtins
from msgspec.structs import fields, replace

from chalicelib.domain import chain, seals
from chalicelib.domain.beside import Comparison
from chalicelib.domain.decision import Decision
from chalicelib.domain.events import TYPES, Content, Draft, Event, NoteAdded, UnitUnable, Unknown, digest
from chalicelib.domain.note import Note
from chalicelib.domain.whole import Whole
from chalicelib.models import privacy
from chalicelib.models.change import Stamp, seal
from tests.support.things import NOW, incident

RELEASED = Path(__file__).with_name("released")
# Types that came later than the release whose records these are.
LATER = {
    "CrewHeard",
    "IncidentAmended",
    "IncidentSetAside",
    "IncidentTakenUp",
    "CallTakenBack",
    "DuplicateLinked",
    "DuplicateParted",
    "StepTimeCorrected",
    "ReasonCorrected",
    "CorrectionRequested",
    "CorrectionDeclined",
    "CallTimeCorrected",
    "CallClassCorrected",
    "DispositionCorrected",
    "NoteCorrected",
    "DetailsRecorded",
    "CallerNoticeRequested",
    "CallerNoticeSettled",
}


def lines(name: str) -> list[str]:
    return (RELEASED / name).read_text().splitlines()


def read(stored: str) -> Event:
    return msgspec.json.decode(stored, type=Event)


def test_every_type_stands_among_the_records() -> None:
    assert {read(each).type for each in lines("events.jsonl")} == TYPES.keys() - LATER


def test_every_event_that_was_ever_written_is_read_by_its_type() -> None:
    unread = [event for event in map(read, lines("events.jsonl")) if isinstance(event.content, Unknown)]
    assert unread == []


def test_the_hash_of_every_event_that_was_ever_written_holds() -> None:
    for stored in lines("events.jsonl"):
        assert chain.hash_of(stored) == read(stored).hash, stored


def test_the_same_event_made_today_is_stored_as_the_same_bytes() -> None:
    for stored in lines("events.jsonl"):
        event = read(stored)
        before = incident(id=event.incident_id, seq=event.seq - 1, head=event.prev)
        stamp = Stamp(now=event.recorded_at, actor=event.actor, source=event.source, command=event.command)
        draft = Draft(event.content, event.occurred_at)
        (made,), _ = seal(Decision(incident=before, drafts=[draft]), stamp)
        assert msgspec.json.encode(made).decode() == stored


def test_the_records_of_looking_hold_as_they_were_written() -> None:
    kept = [msgspec.json.decode(each, type=privacy.Kept) for each in lines("records.jsonl")]
    end = kept[-1].record
    stored = [json.dumps(json.loads(each)["record"]) for each in lines("records.jsonl")]
    assert chain.first_broken(stored, end.hash, end.seq) is None


def test_the_seals_hold_as_they_were_written() -> None:
    previous = ""
    for content in (each.encode() for each in lines("seals.jsonl")):
        assert seals.decode(content).prev == previous
        assert chain.canonical(json.loads(content)) == content
        previous = chain.digest(content)


# --- What a later release writes --------------------------------------------------------------------------------------


def event(type_: str, data: dict[str, Any], **more: Any) -> Event:
    return Event(
        incident_id="I1",
        seq=1,
        type=type_,
        occurred_at=NOW,
        recorded_at=NOW,
        source="web",
        actor="sub-operator",
        command="c1",
        data=data,
        prev="",
        **more,
    )


def test_an_event_of_a_type_that_nobody_knows_yet_is_kept_as_it_stands() -> None:
    data = {"photo": "p1", "by": {"drone": 2}}
    assert event("PhotoAdded", data).content == Unknown(type="PhotoAdded", data=data)


def test_a_field_that_nobody_knows_yet_is_read_past_and_stays_under_the_hash() -> None:
    later = {"assignment": "A1", "unit": "u1", "from": "requested", "reason": "no_fuel", "litres": 3}
    found = event("UnitUnable", later)
    assert found.content == UnitUnable(assignment="A1", unit="u1", before="requested", reason="no_fuel")
    assert found.data == later
    stored = msgspec.json.encode(found)
    without = msgspec.json.encode(replace(found, data={**later, "litres": 4}))
    assert chain.hash_of(stored) != chain.hash_of(without)


@pytest.mark.parametrize("data", [{}, {"note": 1, "text": "x"}, {"note": "N1"}])
def test_a_known_type_with_data_that_it_never_had_is_no_event_of_it(data: dict[str, Any]) -> None:
    assert event("NoteAdded", data).content == Unknown(type="NoteAdded", data=data)


def test_a_default_that_comes_later_changes_no_hash_that_was_written() -> None:
    """The struct would now say more than what was stored."""

    class WithMore(NoteAdded, frozen=True, kw_only=True):
        pinned: bool = False

    stored = next(each for each in lines("events.jsonl") if read(each).type == "NoteAdded")
    later = msgspec.convert(read(stored).data, WithMore)
    assert later.pinned is False
    assert chain.first_broken([stored], read(stored).hash, 1) == (1, "missing")
    assert chain.hash_of(stored) == read(stored).hash
    assert to_builtins(later) == read(stored).data


def test_what_an_event_of_a_later_release_speaks_of_is_not_said_to_be_in_no_event() -> None:
    note = Note(id="N1", text="Asap", at=NOW, by="sub-operator", salt="s")
    compared = Comparison(Whole(id="I1", incident=incident(id="I1", calls=1), notes={"N1": note}))
    compared.follow(event("PhotoAdded", {"note": "N1"}))
    compared.compare(incident(id="I1"))
    assert compared.findings == []


def test_a_spoilt_event_is_named() -> None:
    compared = Comparison(Whole(id="I1", incident=incident(id="I1")))
    compared.follow(event("NoteAdded", {"note": "N1"}))
    assert [each.why for each in compared.findings] == ["its data lack what such an event holds"]


# --- The canonical form -----------------------------------------------------------------------------------------------

# Whatever sorts or is written differently by some: control characters, the last of the plane before 🚒, and 🚒 itself.
texts = st.text(
    st.sampled_from('aZ"\\/\n\x00\x1f\x7f\u2028é\ud7ff\ue000\uffff🚒\U0010ffff'), max_size=4
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
integers = st.integers(-chain.LARGEST, chain.LARGEST)
plain = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_the_canonical_form_is_what_rfc_8785_says(value: Any) -> None:
    assert chain.canonical(value) == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_fraction_is_written_as_rfc_8785_says_or_not_at_all(value: float) -> None:
    """Drills ended with fractions before anybody thought of it: shares of four digits, and seconds to the millisecond."""
    try:
        written = chain.canonical(value)
    except ValueError:
        assert abs(value) > chain.LARGEST or 0 < abs(value) < 0.0001
    else:
        assert written == rfc8785.dumps(value)


@given(st.integers(0, 10_000), st.integers(0, 10**9))
def test_every_share_and_every_time_to_an_answer_has_a_form(share: int, milliseconds: int) -> None:
    for value in (share / 10_000, milliseconds / 1000):
        assert chain.canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {"\udfff": 1}])
def test_what_rfc_8785_has_no_form_for_has_none_here(value: Any) -> None:
    with pytest.raises(ValueError):
        rfc8785.dumps(value)
    with pytest.raises(ValueError):
        chain.canonical(value)


@cache
def made(type_: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    origin, arguments = get_origin(type_), get_args(type_)
    if isinstance(type_, type) and issubclass(type_, Struct):
        return st.builds(type_, **{each.name: made(each.type) for each in fields(type_)})
    if origin is Annotated:
        return made(arguments[0])
    if origin in (Union, types.UnionType):
        return st.one_of(*map(made, arguments))
    if origin is tuple:
        return st.lists(made(arguments[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(texts, made(arguments[1]), max_size=3)
    if type_ is float:
        return st.integers(0, 10**7).map(lambda each: each / 1000)
    known = {str: texts, int: integers, bool: st.booleans(), type(None): st.none(), UnsetType: st.just(UNSET)}
    return known[type_]


@pytest.mark.parametrize("type_", TYPES.values(), ids=TYPES)
@given(st.data())
@settings(max_examples=40)
def test_an_event_of_every_type_is_read_as_it_was_made_and_has_the_standard_form(
    type_: type[Content], draw: Any
) -> None:
    content = draw.draw(made(type_))
    (stored,), _ = seal(
        Decision(incident=incident(), drafts=[Draft(content)]),
        Stamp(now=NOW, actor="sub-operator", source="web", command="c1"),
    )
    text = msgspec.json.encode(stored)
    assert read(text.decode()).content == content
    assert chain.canonical(json.loads(text)) == rfc8785.dumps(json.loads(text))


def test_no_event_but_the_end_of_a_drill_holds_a_fraction() -> None:
    _, described = msgspec.json.schema_components(TYPES.values())
    assert {name for name, schema in described.items() if '"number"' in json.dumps(schema)} == {"DrillEnded"}


def test_a_digest_of_nothing_is_nothing() -> None:
    assert digest("salt", "") == ""
