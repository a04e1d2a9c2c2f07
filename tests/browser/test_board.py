"""The board in a flood, in a browser: who needs a person stands apart, the rest is found, and nothing moves under somebody's hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_coming import Desk
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

STATES = ("asked", "en_route", "on_scene")
# Tones that were made, since nobody hears a test.
EARS = "window.tones = 0; const real = OscillatorNode.prototype.start; OscillatorNode.prototype.start = function (at) { window.tones += 1; real.call(this, at); }"


class Flood:
    """What the board is answered: one real incident, and as many more of its kind as a story wants."""

    def __init__(self, page: Page, real: dict[str, Any], count: int) -> None:
        self.rows = [self._row(real, number) for number in range(count)]
        self._looks = 0
        page.route(re.compile(r"/api/incidents\?state=open"), self._answer)

    def _answer(self, route: Route) -> None:
        self._looks += 1
        route.fulfill(json={"now": f"look-{self._looks}", "silence": None, "incidents": self.rows})

    def _row(self, real: dict[str, Any], number: int) -> dict[str, Any]:
        row = {**real, "id": f"FLOOD{number:04}", "label": f"F{number:03}", "landmark": f"Gang {number:03}"}
        row |= {"attention": [], "alarm": None, "aside": None, "drill": False, "status": "open"}
        row |= {"priority": 2 + number % 3, "category": ("disaster", "health")[number % 2]}
        if number % 30 == 0:
            return alarmed(row)
        if number % 30 < 4:
            state = STATES[number % 30 - 1]
            crew = {
                "id": f"C{number}",
                "callsign": f"Regu {number}",
                "agency_id": "damkar",
                "unit_id": "damkar_1",
            }
            crew |= {
                "status": "requested" if state == "asked" else state,
                "at": row["opened_at"],
                "reason": "",
            }
            return {
                **row,
                "coming": {"state": state, "alarm": False, "since": row["opened_at"]},
                "crews": [crew],
            }
        aside = {
            "reason": "no_unit",
            "until": "2099-01-01T00:00:00.000Z",
            "awaits": "",
            "at": "",
            "by": "",
            "by_name": "Sari",
        }
        coming = {"state": "nobody", "alarm": False, "since": row["opened_at"]}
        return {**row, "crews": [], "coming": coming, "aside": aside}

    def becomes_alarmed(self, number: int, priority: int = 1) -> None:
        self.rows = [
            alarmed({**row, "priority": priority}) if row["id"] == f"FLOOD{number:04}" else row
            for row in self.rows
        ]


def alarmed(row: dict[str, Any]) -> dict[str, Any]:
    alarm = {"why": "nobody", "act": "send", "urgent": True, "since": row["opened_at"], "detail": ""}
    coming = {"state": "nobody", "alarm": True, "since": row["opened_at"]}
    return {**row, "crews": [], "aside": None, "alarm": alarm, "coming": coming}


@pytest.fixture(scope="module")
def opened(stack: StackProcess) -> Iterator[StackProcess]:
    """A stack with one incident, after whose kind the flood is made."""
    Desk(stack).call("house_fire", "Pangkal banjir")
    yield stack


def _board(page: Page, stack: StackProcess, count: int, language: str = "") -> Flood:
    _sign_in(page, stack, "operator")
    (real,) = Desk(stack).get("/api/incidents?state=open")["incidents"][:1]
    flood = Flood(page, real, count)
    page.goto(f"{stack.url}/{language}board.html")
    expect(page.locator("#rows-now [data-id]").first).to_be_visible()
    return flood


def _shown(page: Page) -> int:
    return page.locator("[data-id]").filter(visible=True).count()


def test_three_hundred_stand_by_what_they_need_and_counts_filter_them(
    browser: Browser, opened: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _board(page, opened, 300)
    expect(page).to_have_title(re.compile(r"^\(10\) Papan"))
    sizes = {
        name: page.locator(f"#rows-{name} [data-id]").count()
        for name in ("now", "waiting", "coming", "scene", "aside")
    }
    assert sizes == {"now": 10, "waiting": 10, "coming": 10, "scene": 10, "aside": 260}
    # Of each that needs a person one mark, one reason, one act; red, since nobody is coming.
    acts = page.locator("#rows-now .k-do a.btn-danger")
    expect(acts).to_have_count(10)
    expect(acts.first).to_have_attribute("href", re.compile(r"incident\.html\?id=FLOOD\d+&ask=unit$"))
    assert page.locator("#rows-aside [data-id]").first.bounding_box()["height"] <= 36  # type: ignore[index]
    page.screenshot(path=pictures / "board-300.png")

    page.get_by_role("button", name=re.compile(r"^260\s*Ditunda")).click()
    expect(page.locator("#rows-now [data-id]")).to_have_count(0)
    assert _shown(page) == 260
    # Whoever looks at one state is told how many need a person all the same.
    expect(page.locator(".k-now")).to_contain_text("10 lagi yang perlu orang tidak ditampilkan di sini.")
    page.locator(".k-now").get_by_role("button", name="Tampilkan semua").click()
    page.locator(".k-filter", has_text="Kesehatan").click()
    # All alarmed are of the other category, and stay.
    expect(page.locator("#rows-now [data-id]")).to_have_count(10)
    expect(page.locator("#rows-waiting [data-id]")).to_have_count(10)
    expect(page.locator("#rows-coming [data-id]")).to_have_count(0)


def test_the_board_is_searched_and_walked_through_by_keys(
    browser: Browser, opened: StackProcess, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _board(page, opened, 300)
    page.keyboard.press("j")
    expect(page.locator("#rows-now [data-id]").nth(0).locator("[data-open]")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("#rows-now [data-id]").nth(1).locator("[data-open]")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Cari di papan")).to_be_focused()
    # What is typed there are words, not keys.
    page.keyboard.type("gang 007")
    expect(page.locator("[data-id]").filter(visible=True)).to_have_count(1)
    expect(page.locator("[data-id]").filter(visible=True)).to_contain_text("Gang 007")
    expect(page.locator(".k-now")).to_contain_text("10 lagi yang perlu orang")
    page.keyboard.press("Escape")
    expect(page.locator("#rows-now [data-id]")).to_have_count(10)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"incident\.html\?id=FLOOD"))


def test_a_new_alarm_moves_neither_the_row_that_is_pointed_at_nor_the_one_with_the_focus(
    browser: Browser, opened: StackProcess, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    flood = _board(page, opened, 300)
    pointed = page.locator("#rows-now [data-id]").nth(3)
    link = pointed.locator("[data-act]")
    id_ = str(link.get_attribute("id"))
    link.focus()
    link.hover()
    before = page.locator(f"#{id_}").bounding_box()
    flood.becomes_alarmed(17)
    expect(page).to_have_title(re.compile(r"^\(11\) Papan"))
    expect(page.locator("#rows-now [data-id]").first).to_have_attribute("data-id", "FLOOD0017")
    assert page.locator(f"#{id_}").bounding_box() == before
    expect(page.locator(f"#{id_}")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="1 lagi perlu orang sekarang")).to_have_count(1)


def test_what_has_not_changed_is_not_drawn_again(
    browser: Browser, opened: StackProcess, complaints: Complaints
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    flood = _board(page, opened, 500)
    page.evaluate("document.querySelectorAll('[data-id]').forEach((row) => { row.seen = true; })")
    flood.becomes_alarmed(17)
    expect(page).to_have_title(re.compile(r"^\(18\) Papan"))
    new = page.evaluate(
        "[...document.querySelectorAll('[data-id]')].filter((row) => !row.seen).map((row) => row.dataset.id)"
    )
    assert new == ["FLOOD0017"]


def test_a_new_alarm_is_heard_once_somebody_has_allowed_it_in_this_browser(
    browser: Browser, opened: StackProcess, complaints: Complaints
) -> None:
    context = browser.new_context(viewport=DESKTOP, locale="id-ID")
    context.add_init_script(EARS)
    page = complaints.listen(context.new_page())
    flood = _board(page, opened, 60)
    flood.becomes_alarmed(17)
    expect(page).to_have_title(re.compile(r"^\(3\) Papan"))
    assert page.evaluate("window.tones") == 0
    page.get_by_role("button", name="Suara mati").click()
    # Which is the test tone as well.
    expect(page.get_by_role("button", name="Suara hidup")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.tones") == 2
    flood.becomes_alarmed(18)
    expect(page).to_have_title(re.compile(r"^\(4\) Papan"))
    assert page.evaluate("window.tones") == 4
    page.reload()
    # It is remembered, and says so if the browser still wants to be touched first.
    expect(page.get_by_role("button", name=re.compile("Suara hidup|Suara: tekan sekali"))).to_be_visible()


@pytest.mark.parametrize("language", ["", "en/"])
def test_on_a_phone_loose_sms_stand_below_whoever_needs_a_person(
    browser: Browser, opened: StackProcess, complaints: Complaints, pictures: Path, language: str
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    loose = {
        "id": "L1",
        "number": "+6281200000001",
        "received_at": "2026-11-23T03:00:00.000Z",
        "note": "minta pulsa",
        "more": 0,
    }
    page.route(
        re.compile("/api/loose-sms"),
        lambda route: route.fulfill(json={"sms": [loose], "silence": None}),
    )
    _board(page, opened, 60, language)
    sms = page.get_by_text("minta pulsa")
    expect(sms).to_be_visible()
    last = page.locator("#rows-now [data-id]").last.bounding_box()
    below = sms.bounding_box()
    assert last and below and below["y"] > last["y"]
    must_fit(page)
    page.screenshot(path=pictures / f"board-phone{language.strip('/')}.png", full_page=True)
