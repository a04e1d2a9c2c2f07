"""One SMS segment: folding, counting, filling, and what gives way when there is too little room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.sms import (
    GSM7_BASIC,
    GSM7_EXTENDED,
    SEGMENT,
    fold,
    one_segment,
    segments,
    septets,
    template_faults,
)
from chalicelib.domain.sms_texts import KINDS
from chalicelib.errors import Unprocessable
from chalicelib.faults import SENTENCES

GSM7 = GSM7_BASIC | GSM7_EXTENDED
BODY = "{drill}{type} P{priority}: {place}. {unit} {label} {time} Buka {link}"
USUAL = {
    "drill": "",
    "type": "Kebakaran rumah",
    "priority": "1",
    "place": "Jl. Pelita Gg. Mawar 15, Baamang",
    "unit": "DAMKAR-01",
    "link": "https://112.kotimkab.go.id/r/Zt-7_aQm0XvK",
    "time": "05.12",
    "label": "KTM-7F3K",
    "reply": "Balas: 7K2M YA",
}
anything = st.text(st.characters(), max_size=400)
mixed = st.lists(
    st.one_of(
        anything,
        st.sampled_from(["🔥", "é", "ê", "”", "火", "{link}", "{", "€", "\r\n", "\ud83d"]),
    )
)
links = st.from_regex(r"https://[a-z0-9.-]{4,30}/r/[A-Za-z0-9_-]{11,22}", fullmatch=True)


@given(anything)
def test_anything_folds_into_gsm7_and_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert set(folded) <= GSM7
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Café crème, naïve, ç, Łódź", "Café crème, naive, c, Lodz"),
        ("e\u0301 composed", "é composed"),
        ("“Tolong!” ‘cepat’ — segera – ya…", "\"Tolong!\" 'cepat' - segera - ya..."),
        ("api🔥besar 👩‍🚒 1️⃣", "api besar 1"),
        ("火事です di Pasar", "? di Pasar"),
        ("baris 1\r\nbaris 2\tlagi\u2028x", "baris 1 baris 2 lagi x"),
        ("Jalan ١٢ ½ km² № 5", "Jalan 12 1/2 km2 No 5"),
        ("ＡＢＣ {x} €", "ABC {x} €"),
        ("\x00\x1b\ud83d\u200b\u202eabc", "abc"),
        ("  ", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_character_of_the_extension_table_takes_two_septets() -> None:
    assert septets("abc") == 3
    assert septets("[€]") == 6
    assert septets("\\~^|{}") == 12


def test_the_usual_page_is_left_as_it_is() -> None:
    assert one_segment(BODY, USUAL) == (
        "Kebakaran rumah P1: Jl. Pelita Gg. Mawar 15, Baamang. DAMKAR-01 KTM-7F3K 05.12 "
        "Buka https://112.kotimkab.go.id/r/Zt-7_aQm0XvK"
    )


@given(
    st.fixed_dictionaries({n: mixed.map("".join) for n in ("place", "type", "unit", "time", "priority")}),
    links,
    st.sampled_from(["", "LATIHAN "]),
)
def test_any_words_fit_and_drill_label_and_link_survive_whole(
    words: dict[str, str], link: str, drill: str
) -> None:
    text = one_segment(BODY, USUAL | words | {"link": link, "drill": drill})
    assert septets(text) <= SEGMENT
    assert set(text) <= GSM7
    assert text.endswith(link)
    assert "KTM-7F3K" in text
    assert text.startswith(drill)


@given(anything, links)
def test_any_template_words_fit(words: str, link: str) -> None:
    body = words.replace("{", "(").replace("}", ")") + " {place} {label} {link}"
    text = one_segment(body, USUAL | {"link": link})
    assert septets(text) <= SEGMENT
    assert link in text and "KTM-7F3K" in text


def test_place_gives_way_first_then_type() -> None:
    long_place = one_segment(BODY, USUAL | {"place": "Jalan Jenderal Sudirman kilometer 12, " * 5})
    assert long_place.startswith(
        "Kebakaran rumah P1: Jalan Jenderal Sudirman kilometer 12, Jalan Jenderal Sudirman.."
    )
    both = one_segment(BODY, USUAL | {"place": "Jl. Sudirman 15 " * 9, "type": "Kebakaran lahan gambut " * 5})
    assert both.startswith(
        "Kebakaran lahan gambut Kebakaran lahan gambut.. P1: Jl. Sudirman 15 Jl. Sudirman.."
    )


def test_the_reply_gives_way_before_anything_else_and_is_never_cut() -> None:
    whole = one_segment(BODY + " {reply}", USUAL)
    assert whole.endswith("/Zt-7_aQm0XvK Balas: 7K2M YA")
    for more in range(1, 120):
        text = one_segment(BODY + " {reply}", USUAL | {"place": "Jl. Pelita " + "x" * more})
        assert text.endswith(("Balas: 7K2M YA", "/Zt-7_aQm0XvK"))
        if "Balas" not in text:
            assert "Balas: 7K2M YA" not in one_segment(BODY, USUAL | {"place": "Jl. Pelita " + "x" * more})
        else:
            assert "x" * more in text


def test_a_cut_never_halves_a_house_number() -> None:
    for padding in range(1, 80):
        text = one_segment(BODY, USUAL | {"place": "x" * padding + " nomor 123456789 Baamang Hulu"})
        assert "123456789" in text or "1" not in text.split("P1: ")[1].split("DAMKAR")[0]


def test_braces_in_a_callers_words_are_never_filled() -> None:
    text = one_segment("{place} {label} {link}", USUAL | {"place": "{label}{link}{unit} {0.__class__}"})
    assert text.startswith("{label}{link}{unit} {0.__class__} KTM-7F3K https://")


def test_a_missing_or_unknown_placeholder_is_refused_by_name() -> None:
    with pytest.raises(Unprocessable) as missing:
        one_segment("{place} {link}", {"place": "Sampit"})
    assert missing.value.fields == {"link": "missing"}
    with pytest.raises(Unprocessable) as unknown:
        one_segment("{palce} {link}", USUAL)
    assert unknown.value.fields == {"palce": "unknown placeholder"}


@pytest.mark.parametrize("link", ["https://x.id/r/a b", "https://x.id/r/日", "https://x.id/" + "a" * 160])
def test_a_link_that_would_not_survive_is_refused(link: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        one_segment(BODY, USUAL | {"link": link})
    assert "link" in refused.value.fields


def test_words_that_carriers_filter_are_broken_up_in_a_callers_words() -> None:
    text = one_segment(BODY, USUAL | {"place": "Konter TOKEN listrik, Gg. Pinang"})
    assert "T.OKEN listrik, Gg. Pinang" in text


@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        ("{place} {label}", "page", "{link} is missing"),
        ("Kode: {label} {link}", "page", "carriers filter the word 'Kode'"),
        ("{palce} {link}", "page", "unknown placeholder {palce}"),
        ("{} {link}", "page", "unknown placeholder {}"),
        (
            "{place} {link} {label}" + "x" * 100,
            "page",
            "42 characters too long for one SMS",
        ),
    ],
)
def test_a_template_is_checked_when_it_is_saved(body: str, kind: str, detail: str) -> None:
    assert [SENTENCES[code].format(**values) for code, values in template_faults(body, kind)] == [detail]


def test_good_templates_pass() -> None:
    assert template_faults(BODY, "page") == []
    assert template_faults("{drill}BATAL {label} {type}. Tidak perlu berangkat.", "cancelled") == []
    assert USUAL.keys() == KINDS["page"].placeholders


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("", 0),
        ("x", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
    ],
)
def test_a_text_takes_as_many_sms_as_its_septets_fill(text: str, takes: int) -> None:
    assert segments(text) == takes
