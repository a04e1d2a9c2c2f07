"""Texts: what says nothing is no reason, what hides something is no text, and every script of the world is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec.inspect as mi
import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib.domain.registry import District, Label, Target
from chalicelib.domain.texts import LINE, honest, honest_line, refusal
from chalicelib.faults import Fault
from chalicelib.handlers.bodies.importing import ImportBody, LocationBody, PastCallBody, PastIncidentBody
from chalicelib.handlers.bodies.registry import WRITTEN
from chalicelib.handlers.honest import FREE, refused_texts
from chalicelib.handlers.http import ROUTES
from chalicelib.models.counters import Counters
from chalicelib.models.registry import Snapshot
from chalicelib.models.registry_writes import item_of
from tests.support.bad_values import BLANK, HIDING, HONEST, STRANGE

assert app.app
NOW = datetime(2026, 11, 23, tzinfo=UTC)

IN_ALL_SCRIPTS = [
    *(HONEST, "Angin", "5", "²", "x.", "Bu Noé", "龍", "ꦲꦏ꧀ꦱꦫꦗꦮ", "ᮞᮥᮔ᮪ᮓ", "ᨅᨔ ᨕᨘᨁᨗ"),
    *("ซึ่งที่ปั๊มน้ำมัน", "Đường Nguyễn Huệ, ngã tư", "Đươ\u0300ng Nguyê\u0303n Huê\u0323", "Hoa\u0309 hoa\u0323n"),
    *("حَرِيقٌ فِي السُّوقِ", "می\u200cخواهم", "क्\u200dष हिन्दी में", "শ্রী", "நீ", "မြို့ ကြွှို့", "བསྒྲུབས", "שָׁלוֹם"),
    *(
        "한국어 불",
        "火事だ",
        "葛\U000e0100城",
        "👨‍👩‍👧 rumah",
        "❤️‍🔥 1",
        "⚠️ 2",
        "👍🏽 ok",
        "1️⃣",
        "🇮🇩 5",
        "e\u0301\u0323\u0302",
    ),
    "Kebakaran\r\nGang II\tRT 3",
]


@pytest.mark.parametrize("text", IN_ALL_SCRIPTS)
def test_every_script_emoji_and_stack_of_honest_marks_is_taken_as_it_is(text: str) -> None:
    assert refusal(text, needed=True) == ""
    assert honest(text) == text.replace("\r\n", "\n")


@pytest.mark.parametrize("what", BLANK)
def test_what_shows_no_letter_or_digit_is_no_reason(what: str) -> None:
    assert refusal(BLANK[what], needed=True) == "says_nothing"


@pytest.mark.parametrize("what", HIDING)
def test_what_hides_or_stacks_up_is_refused_also_where_nothing_is_needed(what: str) -> None:
    assert refusal(HIDING[what], needed=False) == "hidden"


@pytest.mark.parametrize("text", {**STRANGE, **HIDING}.values())
def test_of_a_text_that_must_be_taken_no_word_is_lost_and_nothing_hidden_is_kept(text: str) -> None:
    clean = honest(text)
    assert refusal(clean, needed=True) == ""
    assert [each for each in clean if each.isalnum()] == [
        each for each in text if each.isalnum() and each != "\u3164"
    ]


def test_a_line_of_text_is_one_line() -> None:
    assert honest_line("Jl. Yani\r\n\tno.\u20285") == "Jl. Yani no. 5"


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("a\u200d\ufe0f\u0301\u0301\u0e47\U000e0061\u3164 ")),
        max_size=60,
    )
)
def test_whatever_is_cleaned_is_taken_and_cleaning_it_again_changes_nothing(text: str) -> None:
    clean = honest(text)
    assert refusal(clean, needed=False) == ""
    assert honest(clean) == clean


# -- no field is forgotten ---------------------------------------------------------------------------------------------

# Texts of people that are no words: read by services/registry/phone_numbers.py, or a provider's own names.
READ_OTHERWISE = {"number", "phone", "from", "id", "message_id", "text", "detail"}


def texts_of(type_: mi.Type, path: str = "", needed: bool = False) -> Iterator[tuple[str, mi.StrType, bool]]:
    if isinstance(type_, mi.Metadata):
        # What is taken as it was typed is cleaned, not refused.
        if not (type_.extra or {}).get("taken_as_typed"):
            yield from texts_of(type_.type, path, needed)
    elif isinstance(type_, mi.UnionType):
        for each in type_.types:
            yield from texts_of(each, path, needed)
    elif isinstance(type_, mi.ListType):
        yield from texts_of(type_.item_type, f"{path}[0]")
    elif isinstance(type_, mi.StructType):
        for field in type_.fields:
            yield from texts_of(field.type, f"{path}.{field.encode_name}".lstrip("."), field.required)
    elif isinstance(type_, mi.StrType):
        yield path, type_, needed or bool(type_.min_length)


WRITTEN_TYPES: dict[str, Any] = {
    **{route.takes.body.__name__: route.takes.body for route in ROUTES if route.takes.body},
    **{kind.__name__: kind for kind in WRITTEN.values()},
}


@pytest.mark.parametrize("name", WRITTEN_TYPES)
def test_every_text_of_every_type_is_an_id_a_code_or_held_to_what_is_honest(name: str) -> None:
    for path, type_, _ in texts_of(mi.type_info(WRITTEN_TYPES[name])):
        free = type_.pattern in FREE
        # A pattern that takes no blank and no letter beyond ASCII needs no other rule.
        coded = type_.pattern and not free
        assert free or coded or path.rpartition(".")[2] in READ_OTHERWISE, path


def test_a_field_that_must_be_given_must_say_something_though_its_type_takes_an_empty_text() -> None:
    target = Target(id="t", label=Label(id="Sasaran", en="\u3164"), seconds=900, source=" ")
    assert refused_texts(target, Target) == [
        Fault("label.en", "says_nothing"),
        Fault("source", "says_nothing"),
    ]
    station = District(id="d", code="62", name="Baamang", capital="", lat=0, lng=0)
    assert refused_texts(station, District) == []


def test_all_texts_that_fail_are_named_at_once_by_their_path() -> None:
    place = LocationBody(district="baamang", village="a\u034f", landmark="")
    calls = [PastCallBody(received_at=NOW), PastCallBody(received_at=NOW, note="a\u0301\u0301\u0301")]
    row = PastIncidentBody(key="…", type="fire", location=place, calls=calls)
    assert refused_texts(ImportBody(source="buku", rows=[row]), ImportBody) == [
        Fault("rows[0].key", "says_nothing"),
        Fault("rows[0].location.village", "hidden"),
        Fault("rows[0].calls[1].note", "hidden"),
    ]


def test_a_record_of_an_older_release_is_read_whatever_its_texts_hold() -> None:
    for text in [*BLANK.values(), *HIDING.values()]:
        # Those of STRANGE were refused by older releases too.
        if re.search(LINE, text):
            kept = item_of("districts", District(id="d", code="", name=text, lat=0, lng=0))
            assert Snapshot(Counters(), [kept]).districts["d"].name == text
