"""The responder's page: texts escaped, small, both languages, the right buttons, a policy of its own."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.handlers.responder_page import TEXTS, ResponderView, choose_language, headers, render

ALL = ("acknowledged", "en_route", "on_scene", "ready", "cleared", "unable")
VIEW = ResponderView(
    language="id",
    state="open",
    code="Zt-7_aQm0XvK",
    label="KTM-7F3K",
    type_label="Kebakaran rumah",
    priority=1,
    place="Gg. Mawar 15, Baamang",
    lat=-2.5321,
    lng=112.9512,
    narrative="Api sudah besar.\nMasih ada lansia di dalam.",
    received_at="2026-11-23T22:10:39.123Z",
    unit="DAMKAR-01",
    milestones={"requested": "2026-11-23T22:10:40.000Z"},
    answered=True,
    buttons=ALL,  # type: ignore[arg-type]
    reasons=(("no_fuel", "Tidak ada BBM"), ("no_crew", "Tidak ada awak")),
)


class Page(HTMLParser):
    """The page as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def buttons(self) -> list[tuple[str | None, str | None]]:
        return [(each.get("name"), each.get("value")) for each in self.all("button")]


def page(**changes: Any) -> Page:
    return Page(render(replace(VIEW, **changes)))


def test_a_new_page_says_what_where_when_and_who() -> None:
    shown = page()
    for expected in (
        "KTM-7F3K",
        "Kebakaran rumah",
        "Prioritas 1",
        "Gg. Mawar 15, Baamang",
        "Api sudah besar.",
    ):
        assert expected in shown.text
    assert "Diterima 24 Nov, 05.10 WIB" in shown.text and "DAMKAR-01" in shown.text
    links = [each["href"] for each in shown.all("a")]
    assert "geo:-2.532100,112.951200?q=-2.532100,112.951200" in links
    assert "https://maps.google.com/?q=-2.532100,112.951200" in links
    assert "tel:112" in links


def test_without_coordinates_there_is_no_map() -> None:
    assert not [
        each for each in page(lat=None).all("a") if "geo:" in str(each["href"]) or "maps" in str(each["href"])
    ]


def test_every_answer_is_a_post_to_the_code_and_the_next_step_is_the_biggest() -> None:
    shown = page()
    assert shown.buttons() == [
        ("status", "acknowledged"),
        ("status", "en_route"),
        ("status", "on_scene"),
        ("status", "ready"),
        ("status", "cleared"),
        ("reason", "no_fuel"),
        ("reason", "no_crew"),
    ]
    assert {(each["method"], each["action"]) for each in shown.all("form")} == {
        ("post", "/api/r/Zt-7_aQm0XvK")
    }
    assert [each["value"] for each in shown.all("button") if "next" in str(each["class"])] == ["acknowledged"]
    assert shown.all("input") == [{"type": "hidden", "name": "status", "value": "unable"}]


@pytest.mark.parametrize(
    ("buttons", "following"),
    [
        (("cleared", "en_route", "on_scene"), "en_route"),
        (("unable", "cleared"), "cleared"),
        (("on_scene",), "on_scene"),
    ],
)
def test_only_allowed_buttons_are_shown(buttons: tuple[str, ...], following: str) -> None:
    shown = page(buttons=buttons)
    assert {value for name, value in shown.buttons() if name == "status"} == set(buttons) - {"unable"}
    assert bool(shown.all("input")) == ("unable" in buttons)
    assert [each["value"] for each in shown.all("button") if "next" in str(each["class"])] == [following]


def test_the_step_of_a_clock_that_the_crew_has_not_stands_nowhere() -> None:
    assert "Mulai bertindak" not in page(buttons=("cleared",)).text
    assert "Mulai bertindak\u2013" in page(buttons=("cleared",), until_ready=True).text
    assert "Mulai bertindak05.12" in page(milestones={"ready": "2026-11-23T22:12:00Z"}, buttons=()).text


def test_nothing_allowed_means_no_form() -> None:
    assert page(buttons=()).all("form") == []
    assert page(buttons=("unable",), reasons=()).all("form") == []


def test_milestones_show_local_times_and_a_skipped_one_stays_empty() -> None:
    text = page(
        status="on_scene",
        milestones={"acknowledged": "2026-11-23T22:12:00Z", "on_scene": "2026-11-23T22:24:00Z"},
    ).text
    assert (
        "Siap05.12" in text and "Berangkat\u2013" in text and "Tiba05.24" in text and "Selesai\u2013" in text
    )
    assert "Siap06.12" in page(milestones={"acknowledged": "2026-11-23T22:12:00Z"}, utc_offset_hours=8).text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"message": "applied", "status": "acknowledged"}, "Sudah dicatat: Siap"),
        ({"message": "repeated", "status": "on_scene"}, "Sudah dicatat sebelumnya: Tiba"),
        ({"message": "late"}, "Laporan terlambat"),
        ({"message": "choose_reason"}, "Pilih alasan"),
        ({"status": "cancelled", "buttons": ()}, "Dibatalkan. Tidak perlu berangkat."),
        ({"status": "cleared", "buttons": ()}, "Tugas selesai. Terima kasih."),
        ({"status": "unable", "reason": "Tidak ada BBM", "buttons": ()}, "Tidak ada BBM"),
        ({"status": "unanswered"}, "Belum ada jawaban"),
        ({"state": "late", "buttons": ()}, "Kejadian ini sudah ditutup."),
        ({"drill": True}, "LATIHAN"),
    ],
)  # fmt: skip
def test_each_state_says_so(changes: dict[str, Any], expected: str) -> None:
    assert expected in page(**changes).text
    assert expected not in page().text or expected == "Tidak ada BBM"


def test_choosing_a_reason_shows_them_at_once() -> None:
    assert "open" in str(page(message="choose_reason").all("form")[-1]["class"])
    assert "open" not in str(page().all("form")[-1]["class"])


def test_a_message_from_the_query_is_never_echoed() -> None:
    assert "hacked" not in render(replace(VIEW, message="hacked"))


def test_a_dead_link_gives_nothing_away_and_offers_112() -> None:
    shown = Page(render(replace(VIEW, state="dead")))
    assert "Telepon 112" in shown.text and [each["href"] for each in shown.all("a")] == ["tel:112"]
    assert not {"KTM-7F3K", "Baamang", "Zt-7_aQm0XvK"} & set(
        re.findall(r"[\w-]+", render(replace(VIEW, state="dead")))
    )
    assert "112" in Page(render(ResponderView(language="en", state="dead"))).text


def test_english_has_every_text_and_no_indonesian_one() -> None:
    assert TEXTS["en"].keys() == TEXTS["id"].keys()
    milestones = {"acknowledged": VIEW.received_at}
    shown = page(language="en", message="applied", status="acknowledged", milestones=milestones)
    assert "Recorded: Acknowledged 05:10" in shown.text and "Received 24 Nov, 05:10 WIB" in shown.text
    assert not [text for text in set(TEXTS["id"].values()) - set(TEXTS["en"].values()) if text in shown.text]
    assert shown.all("html") == [{"lang": "en"}]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "id"), ("id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7", "id"), ("en-US,en;q=0.9", "en"), ("in-ID", "id"),
        ("en;q=0.5,id;q=0.5", "id"), ("jv-ID,en;q=0.3", "en"), ("ms,en;q=0.9", "id"), ("*", "id"),
        ("en;q=0", "id"), ("EN-gb", "en"), (";;q=,,=\x00", "id"), ("english", "id"), ("zh-CN", "id"),
    ],
)  # fmt: skip
def test_language_by_the_phone(header: str, language: str) -> None:
    assert choose_language(header) == language


@given(st.text(max_size=300))
def test_any_header_gives_a_language(header: str) -> None:
    assert choose_language(header) in ("id", "en")


NASTY = "</p></style><script>alert(1)</script><img src=x onerror=y>\"' {{ 7*7 }} {% x %} &amp; \u202e"
TEXT_FIELDS = ("label", "type_label", "place", "narrative", "unit")


def test_texts_of_others_are_escaped() -> None:
    usual, nasty = page(), page(**dict.fromkeys(TEXT_FIELDS, NASTY), reasons=((NASTY, NASTY),) * 2)
    assert [tag for tag, _ in nasty.tags] == [tag for tag, _ in usual.tags]
    assert nasty.text.count("<script>alert(1)</script>") >= 6 and "{{ 7*7 }}" in nasty.text
    assert page(code='a"b c').all("form")[0]["action"] == "/api/r/a%22b%20c"


def test_the_page_stays_under_30_kb_whatever_is_in_it() -> None:
    assert len(render(VIEW).encode()) < 10_000
    worst = replace(
        VIEW,
        place='"' * 20_000,
        narrative='"' * 20_000,
        type_label='"' * 120,
        reasons=tuple((f"reason_{number}", '"' * 40) for number in range(30)),
        drill=True,
    )
    assert len(render(worst).encode()) < 30_000


def test_nothing_is_loaded_and_nothing_runs() -> None:
    html = render(VIEW)
    shown = Page(html)
    assert not {"script", "img", "link", "iframe", "object", "base"} & {tag for tag, _ in shown.tags}
    assert not [
        name
        for _, attributes in shown.tags
        for name in attributes
        if name.startswith("on") or name == "style"
    ]
    assert "url(" not in html and "@import" not in html


def test_the_policy_allows_the_pages_own_style_and_nothing_else() -> None:
    [style] = re.findall(r"<style>(.*?)</style>", render(VIEW), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    sent = headers()
    assert sent["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    assert sent["Cache-Control"] == "no-store" and sent["Referrer-Policy"] == "no-referrer"
    assert "noindex" in sent["X-Robots-Tag"] and sent["X-Content-Type-Options"] == "nosniff"


def test_importing_it_does_not_import_jinja2() -> None:
    check = "import sys; import chalicelib.handlers.responder_page; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
