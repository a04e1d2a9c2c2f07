"""Replies as crews write them: what is beyond doubt, what is a proposal only, and what never becomes a step."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from chalicelib.domain import replies
from chalicelib.domain.registry import Label, Reason
from chalicelib.domain.replies import STEP, Reply, Setting, printable, refused_words, settled, words_of
from chalicelib.domain.reply_codes import CODE_ALPHABET, code_of, make_code
from chalicelib.domain.texts import refusal
from infra.seed.load import read

WORDS = words_of(read(Path(__file__).parents[2] / "infra/seed/kotim.yaml").of(Reason))


# An ambulance of the PSC that was called to a village.
SETTING = Setting(
    reasons=WORDS,
    crew=("PSC 1", "PSC 119", "PSC", "Ambulans"),
    place="Sungai Lenggana, depan toko Pelita",
    district="Mentawa Baru Ketapang",
)


def parse(text: str) -> Reply:
    """A reply read with the words of Kotawaringin Timur."""
    return replies.parse(text, SETTING)


CLEAR = [
    ("7K2M YA", "acknowledged", ""),
    ("7k2m ya", "acknowledged", ""),
    ("Ya 7K2M", "acknowledged", ""),
    ("7K2MYA", "acknowledged", ""),
    ("7K2M-ya.", "acknowledged", ""),
    ("siap", "acknowledged", ""),
    ("Siaaap komandan!!", "acknowledged", ""),
    ("SIAP 86", "acknowledged", ""),
    ("8-6 pak", "acknowledged", ""),
    ("oke bang, laksanakan", "acknowledged", ""),
    ("iya pak", "acknowledged", ""),
    ("Yes, roger", "acknowledged", ""),
    ("siap segera meluncur", "acknowledged", ""),
    ("segera meluncur", "acknowledged", ""),
    ("siap, belum jalan", "acknowledged", ""),
    ("JALAN", "en_route", ""),
    ("7K2M jalan", "en_route", ""),
    ("siap pak meluncur", "en_route", ""),
    ("Otw lokasi", "en_route", ""),
    ("OTW ke TKP ndan", "en_route", ""),
    ("kami sdh brangkat", "en_route", ""),
    ("lagi otw pak", "en_route", ""),
    ("otw, bentar lagi sampai", "en_route", ""),
    ("sudah jalan belum sampai", "en_route", ""),
    ("meluncur ke lokasi", "en_route", ""),
    ("on the way", "en_route", ""),
    ("we are en route", "en_route", ""),
    ("TIBA", "on_scene", ""),
    ("tiba di jalan Pelita", "on_scene", ""),
    ("sudah sampe lokasi", "on_scene", ""),
    ("Sampai TKP", "on_scene", ""),
    ("sdh di lokasi pak", "on_scene", ""),
    ("Arrived on scene", "on_scene", ""),
    ("MULAI BERTINDAK", "ready", ""),
    ("7K2M mulai bertindak", "ready", ""),
    ("sudah tiba, mulai pemadaman", "ready", ""),
    ("sampai lokasi mulai penanganan", "ready", ""),
    ("siap, kami mulai operasi", "ready", ""),
    ("PSC 1 mulai bertindak di TKP", "ready", ""),
    ("started firefighting", "ready", ""),
    ("SELESAI", "cleared", ""),
    ("beres ndan 7k2m", "cleared", ""),
    ("sdh slesai semua, kelar", "cleared", ""),
    ("done", "cleared", ""),
    ("TIDAK BBM", "unable", "no_fuel"),
    ("7K2M TIDAK RUSAK", "unable", "vehicle_breakdown"),
    ("gak bisa, mobil mogok", "unable", "vehicle_breakdown"),
    ("tdk bisa jalan, bbm habis", "unable", "no_fuel"),
    ("maaf pak ga bisa krn sopir tidak ada", "unable", "no_crew"),
    ("gabisa jalan putus", "unable", "road_blocked"),
    ("cannot, no fuel", "unable", "no_fuel"),
    ("tidak bisa, sedang tugas lain", "unable", "other_duty"),
    ("tidak bisa, masih di rumah sakit", "unable", "at_hospital"),
    ("tdk bisa jalan mobil mogok", "unable", "vehicle_breakdown"),
]
PROPOSED = [
    ("belum jalan", "acknowledged"),
    ("blm sampai", "en_route"),
    ("not yet arrived", "en_route"),
    ("bentar lagi sampai", "en_route"),
    ("5 menit lagi tiba", "en_route"),
    # An assent, or what they are about to do, or what hinders them.
    ("siap mulai bertindak", "ready"),
    ("akan mulai bertindak", "on_scene"),
    ("belum mulai pemadaman", "on_scene"),
    ("sebentar lagi mulai pemadaman", "on_scene"),
    ("tidak bisa mulai pemadaman", "unable"),
    ("mulai pemadaman?", "ready"),
    ("tidak jadi", "unable"),
    ("siap, bukan wilayah kami", "acknowledged"),
    ("siap batal", "acknowledged"),
    ("otw tapi belum ada kunci", "en_route"),
    ("jalan belum", "en_route"),
    ("TIDAK", "unable"),
    ("gak bisa", "unable"),
    ("siap, tapi tidak bisa bbm habis", "unable"),
    ("siap jalan tidak jadi", "unable"),
    ("tidak bisa bbm, unit lain sudah jalan", "unable"),
    ("tidak bisa, mobil rusak, sopir sakit", "unable"),
    ("tidak bisa jalan rusak", "unable"),
    ("otw tapi macet", "en_route"),
    ("mobil mogok", "unable"),
    ("siap, minta lokasi", "acknowledged"),
    ("bentar lagi sampai, minta lokasi", "en_route"),
    ("kami sudah jalan?", "en_route"),
    (
        "siap kami segera siapkan unit dan anggota lalu nanti setelah apel pagi akan kami laporkan lagi ya",
        "acknowledged",
    ),
]
NOTHING = [
    "LOKASI 7K2M",
    "lokasi, di mana?",
    "polisi sudah tiba, kami belum",
    "warga mulai pemadaman",
    "tim lain mulai pemadaman",
    "tunggu air baru mulai pemadaman",
    "mulai",
    "ada tumpukan sampah terbakar",
    "kalau sudah selesai dikabari",
    "masih di lokasi lain",
    "",
    "   ",
    "???",
    "terima kasih",
    "sampai jumpa",
    "lokasi dimana pak",
    "Selamat pagi",
    "7K2M",
    "🚒",
    "Pulsa Anda Rp 5.000",
    "123456",
]


@pytest.mark.parametrize(("text", "status", "reason"), CLEAR)
def test_what_is_beyond_doubt(text: str, status: str, reason: str) -> None:
    reply = parse(text)
    assert (reply.status, reply.reason, reply.clear) == (status, reason, True)


@pytest.mark.parametrize(("text", "status"), PROPOSED)
def test_what_is_a_proposal_only(text: str, status: str) -> None:
    reply = parse(text)
    assert (reply.status, reply.clear) == (status, False)


# -- the table: what a person understands, so long after the page -----------------------------------------------------


class Row(Struct, frozen=True):
    """A reply, so many seconds after the page: the step that a person reads, with its reason, or `desk`; whether it is plain."""

    text: str
    after_s: float
    means: str
    plain: bool


def rows() -> list[Row]:
    lines = Path(__file__).with_name("replies.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = (line.split("\t") for line in lines)
    return [Row(text, float(after), means, plain == "yes") for text, after, means, plain in found]


ROWS = rows()


def recorded(text: str, after_s: float) -> str:
    """What is recorded of a crew that has not answered before, `desk` where a person is asked."""
    reply = parse(text)
    if not settled(reply, after_s, "requested"):
        return "desk"
    return f"{reply.status}:{reply.reason}" if reply.reason else str(reply.status)


def test_no_step_is_recorded_that_a_person_would_not_read() -> None:
    read = [(row, recorded(row.text, row.after_s)) for row in ROWS]
    assert [(row.text, said) for row, said in read if said not in ("desk", row.means)] == []


def test_nine_of_ten_plain_replies_are_read_without_the_desk() -> None:
    plain = [row for row in ROWS if row.plain]
    assert len(ROWS) >= 200 and len({row.means for row in plain}) > 8
    asked = [row.text for row in plain if recorded(row.text, row.after_s) != row.means]
    assert len(asked) <= len(plain) / 10, asked


THERE = ("on_scene", "ready", "cleared")


@pytest.mark.parametrize(
    "word", ["lain", "salah", "cari", "nyasar", "belum", "warga", "mandi", "kalau", "bukan", "regu 2"]
)
def test_on_scene_ready_and_cleared_count_only_if_every_word_is_understood(word: str) -> None:
    last = [row.text.split() for row in ROWS if row.plain and row.means in THERE]
    more = [" ".join([*said[:at], word, *said[at:]]) for said in last for at in range(len(said) + 1)]
    assert [text for text in more if recorded(text, 3000) in THERE] == []


def test_on_scene_ready_and_cleared_are_asked_about_within_a_minute_of_the_page() -> None:
    for text, step in (
        ("sudah di lokasi", "on_scene"),
        ("tiba tkp pak", "on_scene"),
        ("mulai pemadaman", "ready"),
    ):
        assert (recorded(text, 59.9), recorded(text, 60)) == ("desk", step)
    for before, asked_s in [("requested", 300), ("unanswered", 300), ("acknowledged", 300), ("en_route", 60)]:
        said = parse("sudah selesai")
        assert (settled(said, asked_s - 0.1, before), settled(said, asked_s, before)) == (False, True)


def test_a_crew_is_called_by_its_own_name_and_nobody_elses() -> None:
    assert recorded("PSC 1 sudah di lokasi", 600) == recorded("ambulans tiba", 600) == "on_scene"
    for other in ("PSC 2 sudah di lokasi", "damkar sudah di lokasi", "ambulans pmi tiba"):
        assert recorded(other, 600) == "desk"


def test_the_place_of_the_incident_is_understood_and_no_other() -> None:
    assert (
        recorded("tiba di sungai lenggana", 600)
        == recorded("sudah sampai depan toko pelita", 600)
        == "on_scene"
    )
    assert recorded("sudah sampai ketapang", 600) == recorded("tiba di samuda", 600) == "desk"
    assert recorded("otw ke ketapang", 60) == "en_route"


def reason(id_: str, *words: str) -> Reason:
    return Reason(id=id_, label=Label(id=id_, en=id_), words=list(words))


def test_a_word_means_the_reason_with_which_the_regency_keeps_it() -> None:
    words = words_of([reason("flat_battery", "aki", "accu"), reason("no_boat", "perahu")])
    assert replies.parse("TIDAK ACCU", Setting(reasons=words)) == Reply(
        status="unable", reason="flat_battery", clear=True
    )
    assert replies.parse("gak bisa, perahuu dipinjam", Setting(reasons=words)).reason == "no_boat"
    assert replies.parse("TIDAK BBM", Setting(reasons=words)) == Reply(
        status="unable", reason="", clear=False
    )


def test_a_word_stands_for_one_reason_and_means_nothing_else() -> None:
    others = [reason("no_fuel", "bbm"), reason("mine", "tugas")]
    assert refused_words(reason("mine", "tugas", "dinas"), others) == {}
    found = refused_words(reason("mine", "dinas", "bbm", "dinas", "jalan", "tidak", "lagi", "karena"), others)
    assert found == {
        "words[1]": ("word_of_another", {"word": "bbm", "reason": "no_fuel"}),
        "words[2]": ("word_twice", {"word": "dinas"}),
        "words[3]": ("word_taken", {"word": "jalan"}),
        "words[4]": ("word_taken", {"word": "tidak"}),
        "words[5]": ("word_taken", {"word": "lagi"}),
        "words[6]": ("word_taken", {"word": "karena"}),
    }


@pytest.mark.parametrize("text", NOTHING)
def test_what_says_nothing(text: str) -> None:
    reply = parse(text)
    assert (reply.status, reply.clear) == (None, False)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("7K2M YA", ("7K2M",)),
        ("ya 7k2m", ("7K2M",)),
        ("7kzm ya", ("7K2M",)),
        ("YA, 7K2M, 9ACD", ("7K2M", "9ACD")),
        ("siap jalan tiba bisa", ()),
        ("tahun 2026 jam 2345", ()),
        ("tiba di RT04", ()),
        ("", ()),
    ],
)
def test_codes_stand_anywhere_and_no_word_or_number_is_one(text: str, codes: tuple[str, ...]) -> None:
    assert parse(text).codes == codes


@given(st.binary(min_size=8, max_size=8), st.sampled_from(["{} ya", "YA {}", "ya{}", "{}ya", "ok pak {}."]))
def test_every_code_is_found_again_and_is_no_word(randomness: bytes, form: str) -> None:
    code = make_code(randomness)
    assert set(code) <= set(CODE_ALPHABET) and code_of(code) == code
    assert code.lower() not in STEP
    if form != "ya{}":
        assert parse(form.format(code)).codes == (code,)
        assert parse(form.format(code.lower())).clear


@given(st.text(st.characters(), max_size=300))
def test_no_text_breaks_the_reading_and_what_is_shown_is_printable(text: str) -> None:
    parse(text)
    assert refusal(printable(text), needed=False) == ""


@given(st.sampled_from(sorted(STEP)), st.sampled_from(["belum", "blm", "jangan", "bukan"]))
def test_a_denied_step_is_never_taken(word: str, denial: str) -> None:
    reply = parse(f"{denial} {word}")
    assert not reply.clear


@given(st.sampled_from(sorted(STEP)), st.text("abcdefghij ", max_size=20))
def test_a_question_is_never_taken(word: str, more: str) -> None:
    assert not parse(f"{more} {word}?").clear


@given(
    st.sampled_from([row[0] for row in CLEAR]),
    st.integers(0, 3),
    st.sampled_from(["", "!", ".", "...", "\n"]),
)
def test_case_blanks_and_punctuation_at_the_end_do_not_matter(text: str, blanks: int, end: str) -> None:
    odd = (" " * blanks).join(["", text.upper().replace(" ", "  "), end])
    assert parse(odd) == parse(text)
