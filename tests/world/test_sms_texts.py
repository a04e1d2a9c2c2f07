"""Every SMS that the system sends has a text that officers may keep; one that cannot be sent gives way to the program's own."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from msgspec import to_builtins

from chalicelib.domain.registry import TEXT_KINDS, SmsText
from chalicelib.domain.sms import SEGMENT, septets, template_faults
from chalicelib.domain.sms_texts import KINDS, TEXTS
from chalicelib.handlers.bodies.sms_texts import PreviewKind
from chalicelib.models import registry_writes
from tests.support import regency as seeded
from tests.world.harness import Answer, Story
from tests.world.provider import birth, head, policy

BODIES = {
    "amended": "{drill}BERUBAH {label} {type} {was} {link}",
    "not_needed_answered": "{drill}Sudah cukup, {label} {unit} {at}",
    "not_needed_unable": "{drill}Regu lain, {label} {unit} {at}",
    "not_needed_ended": "{drill}Kejadian usai, {label} {unit} {at}",
    "caller": "{regency}: kami datang. {label}",
    "duty_link": "Jadwal Anda, {regency}: {link}",
    "duty_changed": "Jadwal berubah, {duty}: {link}",
    "duty_asked": "Diminta {change}: {link}",
    "duty_agreed": "Jadi {change}: {link}",
    "duty_refused": "Tidak jadi {change}: {link}",
    "duty_withdrawn": "Batal {change}",
    "duty_to_approve": "Setujui {change}",
    "duty_left": "Kosong {change}",
    "duty_ahead": "{agency} perlu dilihat: {what}",
}


def text(kind: str, body: str = "", language: str = "id", id_: str = "") -> dict[str, Any]:
    return {
        "id": id_ or f"{kind}_{language}",
        "kind": kind,
        "language": language,
        "body": body or BODIES[kind],
    }


def saves(story: Story, value: dict[str, Any]) -> Answer:
    return story.http("POST", "/api/registry/sms-texts", value, as_="admin")


def faults(answer: Answer) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in answer.body["faults"]]


def test_each_kind_is_known_alike_to_the_noun_the_rules_and_the_preview() -> None:
    assert set(TEXT_KINDS) == TEXTS.keys()
    assert set(get_args(PreviewKind)) == KINDS.keys()


@pytest.mark.parametrize("kind", TEXTS)
def test_the_programs_own_words_keep_the_rules_that_officers_are_held_to(kind: str) -> None:
    assert TEXTS[kind].own.keys() == {"id", "en"}
    assert [template_faults(body, kind) for body in TEXTS[kind].own.values()] == [[], []]


def test_texts_of_every_kind_are_taken_in_both_languages(story: Story) -> None:
    for kind in TEXTS:
        for language in ("id", "en"):
            assert saves(story, text(kind, language=language)).status == 201
    listed = story.http("GET", "/api/registry/sms-texts", as_="admin").body["items"]
    assert len(listed) == 2 * len(TEXTS)


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        (text("caller", "{place}: kami datang"), ("body", "template_placeholder")),
        (text("amended", "{label} {was}"), ("body", "template_link")),
        (text("not_needed_ended", "{label} {unit} selesai"), ("body", "template_lacks")),
        (text("caller", "Kode: {label}"), ("body", "template_filtered")),
        (text("caller", "x" * 161), ("body", "template_long")),
        (text("caller") | {"kind": "birthday"}, ("kind", "not_a_choice")),
    ],
    ids=lambda each: each[1] if isinstance(each, tuple) else "",
)
def test_a_text_that_could_not_be_sent_is_refused(
    story: Story, value: dict[str, Any], refused: tuple[str, str]
) -> None:
    answer = saves(story, value)
    assert (answer.status, faults(answer)) == (422, [refused])


def test_one_text_a_kind_and_language(story: Story) -> None:
    assert saves(story, text("caller")).status == 201
    assert faults(saves(story, text("caller", id_="another"))) == [("kind", "text_twice")]


def test_a_kind_of_a_later_release_is_read_and_nothing_stops(story: Story) -> None:
    later = SmsText(id="later", kind="roster_link", language="id", body="{link}")
    registry_writes.write([(registry_writes.item_of("sms-texts", later), None)], stamp=seeded.stamped())
    birth(story)


# The officers' words go out.


def asked_all(story: Story) -> Any:
    policy(story, (60, "on_duty"), (60, "head"), (600, "on_duty"))
    head(story, "psc", "gita")
    incident = birth(story)
    story.fast_forward(121)
    story.phone("dewi").expects("Melahirkan")
    story.phone("gita").expects("Melahirkan")
    return incident


def test_who_is_not_needed_reads_the_officers_words(story: Story) -> None:
    for kind in TEXTS:
        saves(story, text(kind))
    incident = asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    for person in ("dewi", "gita"):
        story.phone(person).expects("Sudah cukup", incident["label"], "AMBULANS")
    story.phone("citra").taps("cleared")


def test_who_stands_by_when_it_is_over_reads_the_officers_words(story: Story) -> None:
    saves(story, text("not_needed_ended"))
    incident = asked_all(story)
    story.desk("POST", f"/api/incidents/{incident['id']}/cancel", {"reason": "sudah lahir"})
    story.phone("citra").expects("BATAL")
    for person in ("dewi", "gita"):
        story.phone(person).expects()


def test_news_of_an_amendment_is_in_the_officers_words(story: Story) -> None:
    saves(story, text("amended"))
    incident = birth(story)
    body = {"version": story.incident(incident["id"])["version"], "landmark": "Gang Melati 9"}
    answer = story.http("PATCH", f"/api/incidents/{incident['id']}", body, as_="operator", key="amend")
    assert answer.status == 200, answer.body
    story.settle()
    story.phone("citra").expects("BERUBAH", incident["label"], "/r/")


def test_a_text_that_was_spoilt_in_the_table_gives_way_to_the_programs_own(story: Story) -> None:
    spoilt = SmsText(
        id="spoilt", kind="not_needed_answered", language="id", body="{nama} tidak perlu {label}"
    )
    registry_writes.write([(registry_writes.item_of("sms-texts", spoilt), None)], stamp=seeded.stamped())
    asked_all(story)
    story.phone("citra").taps("acknowledged")
    story.fast_forward(61)
    for person in ("dewi", "gita"):
        story.phone(person).expects("Anda TIDAK perlu datang")
    story.phone("citra").taps("cleared")


def test_no_text_of_officers_stands_in_a_paging_drill(story: Story) -> None:
    for kind in TEXTS:
        saves(story, text(kind))
    story.desk("POST", "/api/drills", {"agency_id": "psc", "minutes": 15}, as_="supervisor")
    for person in ("citra", "dewi"):
        story.phone(person).expects("LATIHAN", "JANGAN berangkat")
    story.fast_forward(1000)


# The preview.


def preview(story: Story, kind: str, body: str, as_: str = "admin", language: str = "id") -> Answer:
    asked = {"kind": kind, "language": language, "body": body}
    return story.http("POST", "/api/sms-texts/preview", asked, as_=as_)


def test_a_text_is_shown_as_it_would_go_out(story: Story) -> None:
    shown = preview(story, "caller", BODIES["caller"]).body
    assert shown["text"].endswith(": kami datang. 7F3K")
    assert shown["septets"] == septets(shown["text"]) and shown["most"] == SEGMENT
    assert (shown["segments"], shown["folded"], shown["faults"]) == (1, [], [])
    assert shown["placeholders"] == ["at", "label", "regency", "type"]


def test_the_preview_says_what_folding_changes(story: Story) -> None:
    shown = preview(story, "caller", "Kami datang — “segera” 🚒 {label}").body
    assert {"was": "—", "now": "-"} in shown["folded"]
    assert [each["was"] for each in shown["folded"]] == ["—", "“", "”", "🚒"]
    assert shown["text"] == 'Kami datang - "segera" 7F3K'


def test_the_preview_says_that_a_long_text_is_shortened_to_one_sms(story: Story) -> None:
    shown = preview(story, "page", "{type} {place} {unit} {label} {link}" + " segera" * 10).body
    assert shown["septets"] <= SEGMENT and shown["segments"] == 2
    assert "/r/" in shown["text"]


def test_the_preview_names_what_saving_would_be_refused_for(story: Story) -> None:
    shown = preview(story, "amended", "{palce} kode").body
    assert [each["code"] for each in shown["faults"]] == [
        "template_placeholder",
        "template_link",
        "template_lacks",
        "template_lacks",
        "template_filtered",
    ]
    assert shown["text"] == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_can_be_tried_in_both_languages(story: Story, kind: str, language: str) -> None:
    body = TEXTS[kind].own[language] if kind in TEXTS else "{drill}112 {type} {place} {link}"  # type: ignore[index]
    shown = preview(story, kind, body, language=language).body
    assert shown["faults"] == [] and 0 < shown["septets"] <= SEGMENT


def test_officers_of_an_agency_try_no_texts(story: Story) -> None:
    assert preview(story, "caller", "112", as_="psc_admin").status == 403
    assert to_builtins(SmsText(**text("caller")))["kind"] == "caller"
