"""The operator's journey at the desk when little is sure: odd numbers, a place nobody knows, a point that makes no sense, a second caller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Complaints, must_fit, own_menu
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _fill_in_sign_in, _sign_in
from tests.stack_process import StackProcess

ABOVE_THE_BUTTON = (
    "document.querySelector('#narrative').getBoundingClientRect().bottom"
    " <= document.querySelector('.k-send').getBoundingClientRect().top"
)
# For what is known of a point the desk waits 1.5 s, which a loaded machine may need.
WAITS_AS_LONG_AS_IT_TAKES = """() => {
  const real = window.setTimeout;
  window.setTimeout = (run, ms, ...more) => real(run, ms === 1500 ? 60000 : ms, ...more);
}"""


@pytest.fixture
def desk(browser: Browser, stack: StackProcess, complaints: Complaints) -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/desk.html")
    expect(page.locator("#number")).to_be_focused()
    return page


@pytest.fixture(autouse=True)
def _crews_are_free_again(stack: StackProcess) -> Iterator[None]:
    """Whatever a story opened is called off after it: the other stories want its crews."""
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}"}

    def opened() -> set[str]:
        board = requests.get(f"{stack.url}/api/incidents?state=open", headers=headers, timeout=60).json()
        return {each["id"] for each in board["incidents"]}

    before = opened()
    yield
    for id_ in opened() - before:
        url = f"{stack.url}/api/incidents/{id_}/cancel"
        requests.post(url, json={"reason": "Cerita selesai"}, headers=headers, timeout=60).raise_for_status()


def _sends(desk: Page) -> None:
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".k-sent")).to_be_visible()


def _next(desk: Page) -> None:
    expect(desk.locator("#next-call")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#number")).to_be_focused()
    expect(desk.locator("#landmark")).to_have_value("")


def _fire(desk: Page, number: str = "0812 3456 7890") -> None:
    desk.fill("#number", number)
    _choose(desk, "#type", "kebakaran rumah", "Kebakaran rumah")


@pytest.mark.parametrize("number", ["112", "tidak ada", "O82-1234"])
def test_no_number_holds_help_up_and_the_result_says_to_ask_again(desk: Page, number: str) -> None:
    _fire(desk, number)
    _choose(desk, "#district", "baamang", "Baamang")
    desk.fill("#coordinates", "https://maps.app.goo.gl/q7TYVdGJkfR1Vv3r9")
    expect(desk.get_by_text("Tidak ada titik yang terbaca di sini")).to_be_visible()
    _sends(desk)
    expect(desk.locator(".k-sent-doubts")).to_contain_text("Tanyakan lagi: nomor")
    expect(desk.locator(".k-sent-doubts")).to_contain_text("titik tidak dipakai")


def test_a_place_that_nobody_knows_is_a_choice(
    desk: Page, stack: StackProcess, browser: Browser, pictures: Path
) -> None:
    _fire(desk)
    desk.get_by_role("radio", name="Belum diketahui").press("Space")
    words = "arah Pangkalan Bun, sudah lewat jembatan kedua"
    desk.get_by_label("Kata penelepon tentang tempatnya").fill(words)
    expect(desk.locator(".k-preview")).to_contain_text("Tanpa jarak")
    expect(desk.locator(".k-km").first).to_have_text("jarak ?")
    desk.screenshot(path=pictures / "desk-unknown.png")
    desk.set_viewport_size(PHONE)
    must_fit(desk)
    desk.screenshot(path=pictures / "desk-unknown-390.png", full_page=True)
    desk.set_viewport_size(DESKTOP)
    _sends(desk)
    expect(desk.locator(".k-sent-doubts")).to_contain_text("tempat belum diketahui")
    phone = browser.new_page(viewport=PHONE, locale="id-ID")
    phone.goto(f"{stack.url}/simulator")
    expect(phone.get_by_text(f"{words}, tempat belum diketahui").first).to_be_visible()


def test_words_that_find_no_district_stay_beside_the_landmark(desk: Page) -> None:
    _fire(desk)
    desk.fill("#landmark", "lewat jembatan")
    desk.fill("#district", "Xyzzyqwkampung")
    desk.locator("#coordinates").focus()
    expect(desk.locator("#district")).to_have_value("")
    expect(desk.locator("#landmark")).to_have_value("lewat jembatan, Xyzzyqwkampung")


def test_without_any_place_the_desk_asks_once_and_the_same_keys_send(desk: Page) -> None:
    _fire(desk)
    desk.keyboard.press("Control+Enter")
    question = desk.locator(".k-question")
    expect(question).to_contain_text("Tempat belum diisi")
    expect(desk.locator("#answer-first")).to_be_focused()
    desk.get_by_role("button", name="Isi tempatnya").click()
    expect(desk.locator("#district")).to_be_focused()
    expect(question).to_be_hidden()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#answer-first")).to_be_focused()
    _sends(desk)
    expect(desk.locator(".k-sent-doubts")).to_contain_text("tempat belum diketahui")


@pytest.mark.parametrize(("answer", "kept"), [("answer-first", False), ("answer-second", True)])
def test_a_point_far_from_the_district_is_asked_about_before_help_is_sent(
    desk: Page, stack: StackProcess, pictures: Path, answer: str, kept: bool
) -> None:
    _fire(desk)
    _choose(desk, "#district", "baamang", "Baamang")
    desk.fill("#coordinates", "51.5, -0.12")
    desk.evaluate(WAITS_AS_LONG_AS_IT_TAKES)
    # At once: the desk itself waits for what is known of the point.
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".k-question")).to_contain_text(re.compile(r"Titik ini 11\.\d{3} km dari Baamang"))
    desk.screenshot(path=pictures / "desk-far.png")
    # The first answer takes the focus when the question has been drawn, also from the second.
    expect(desk.locator("#answer-first")).to_be_focused()
    desk.locator(f"#{answer}").press("Enter")
    expect(desk.locator(".k-sent")).to_be_visible()
    doubt = "titik di luar kabupaten" if kept else "titik tidak dipakai"
    expect(desk.locator(".k-sent-doubts")).to_contain_text(doubt)


def test_what_a_second_caller_says_is_kept_when_the_call_joins_and_opens_what_is_split_off(
    desk: Page, pictures: Path
) -> None:
    desk.fill("#number", "0812 3456 7001")
    _choose(desk, "#type", "pohon tumbang", "Pohon tumbang")
    _choose(desk, "#district", "telawang", "Telawang")
    _sends(desk)
    _next(desk)
    desk.fill("#number", "0812 3456 7002")
    _choose(desk, "#type", "hewan liar", "Hewan liar")
    _choose(desk, "#district", "telawang", "Telawang")
    desk.fill("#landmark", "samping bengkel Udin")
    desk.fill("#narrative", "Bukan pohon, ada buaya di jalan")
    _choose(desk, "#type", "pohon tumbang", "Pohon tumbang")
    desk.get_by_role("button", name="Gabungkan").first.click()
    expect(desk.locator("#narrative")).to_be_focused()
    # What has the focus is seen, above the button that stays in view.
    while not desk.evaluate(ABOVE_THE_BUTTON):
        desk.wait_for_timeout(50)
    # Whoever takes it back by the keyboard is in a field again.
    desk.get_by_role("button", name="Bukan kejadian yang sama").press("Enter")
    expect(desk.locator("#narrative")).to_be_focused()
    desk.get_by_role("button", name="Gabungkan").first.click()
    # Another class and back, and the other language: nothing that was typed goes.
    for name in ("Iseng", "Darurat"):
        desk.get_by_role("radio", name=name).press("Space")
    own_menu(desk).get_by_role("link", name="English").click()
    expect(desk.get_by_text("Your unsent call is back.")).to_be_visible()
    expect(desk.locator("#landmark")).to_have_value("samping bengkel Udin")
    expect(desk.locator(".k-joined")).to_contain_text("Fallen tree")
    expect(desk.locator("#type")).to_have_value("Fallen tree")
    expect(desk.locator("#district")).to_have_value("Telawang")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".k-sent")).to_be_visible()
    desk.locator(".k-sent-what a").click()
    says = desk.locator(".k-caller-says").nth(1)
    expect(says).to_contain_text("samping bengkel Udin, Telawang")
    expect(says).to_contain_text("Bukan pohon, ada buaya di jalan")
    desk.screenshot(path=pictures / "incident-says.png", full_page=True)
    says.get_by_role("button", name="Split off").click()
    expect(desk.locator("#dialog-landmark")).to_have_value("samping bengkel Udin")
    expect(desk.locator("#dialog-story")).to_have_value("Bukan pohon, ada buaya di jalan")


def test_what_is_half_typed_when_the_sign_in_ends_is_back_after_the_next(
    desk: Page, stack: StackProcess
) -> None:
    desk.fill("#number", "0812 3456 7004")
    desk.fill("#landmark", "Gang Anggrek")
    desk.focus("#type")
    desk.keyboard.type("orang gila, lima murid terkunci")
    expect(desk.get_by_role("option", name="Gangguan jiwa")).to_be_visible()
    desk.evaluate(
        "Object.keys(sessionStorage).filter(n => n.startsWith('oidc.user')).map(n => sessionStorage.removeItem(n))"
    )
    # What is asked in the background finds that nobody is signed in.
    expect(desk.locator("#username")).to_be_visible()
    _fill_in_sign_in(desk, stack, "operator")
    expect(desk.get_by_text("Panggilan yang belum terkirim sudah dikembalikan")).to_be_visible()
    expect(desk.locator("#type")).to_have_value("Gangguan jiwa")
    expect(desk.locator("#narrative")).to_have_value("orang gila, lima murid terkunci")
    expect(desk.locator("#landmark")).to_have_value("Gang Anggrek")


def test_a_call_that_turns_out_a_prank_keeps_what_was_typed_and_a_discarded_one_comes_back(
    desk: Page, stack: StackProcess
) -> None:
    _fire(desk)
    desk.fill("#narrative", "Api besar sekali, hahaha")
    desk.reload()
    expect(desk.get_by_text("Panggilan yang belum terkirim sudah dikembalikan")).to_be_visible()
    desk.get_by_role("button", name="Buang").click()
    expect(desk.locator("#narrative")).to_have_value("")
    desk.get_by_role("button", name="Urungkan").click()
    expect(desk.locator("#narrative")).to_have_value("Api besar sekali, hahaha")
    desk.get_by_role("radio", name="Iseng").press("Space")
    expect(desk.get_by_text("ikut disimpan dengan panggilan ini")).to_be_visible()
    with desk.expect_response("**/api/calls") as answered:
        desk.keyboard.press("Control+Enter")
    assert answered.value.json()["call"]["said"]["narrative"] == "Api besar sekali, hahaha"
    expect(desk.locator(".k-sent")).to_be_visible()


def test_a_tab_that_was_copied_with_its_form_can_send_a_call_of_its_own(
    desk: Page, stack: StackProcess
) -> None:
    _fire(desk)
    _choose(desk, "#district", "baamang", "Baamang")
    draft = desk.evaluate("sessionStorage.getItem('kentongan.desk.draft')")
    _sends(desk)
    desk.evaluate("draft => sessionStorage.setItem('kentongan.desk.draft', draft)", draft)
    desk.reload()
    desk.fill("#landmark", "Gang Melati 9")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".k-send [role=alert]")).to_contain_text("mungkin dari tab lain")
    _sends(desk)
    expect(desk.locator(".k-sent-what")).to_contain_text("Gang Melati 9")


def test_an_incident_that_ends_while_a_call_joins_it_holds_nothing_up(
    desk: Page, stack: StackProcess
) -> None:
    desk.fill("#number", "0812 3456 7003")
    _choose(desk, "#type", "orang hilang", "Orang hilang")
    _choose(desk, "#district", "cempaga", "Cempaga")
    with desk.expect_response("**/api/calls") as answered:
        desk.keyboard.press("Control+Enter")
    incident = answered.value.json()["incident"]["id"]
    expect(desk.locator(".k-sent")).to_be_visible()
    _next(desk)
    _choose(desk, "#type", "orang hilang", "Orang hilang")
    _choose(desk, "#district", "cempaga", "Cempaga")
    desk.get_by_role("button", name="Gabungkan").first.click()
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    ended = requests.post(
        f"{stack.url}/api/incidents/{incident}/cancel",
        json={"reason": "Sudah pulang"},
        headers=headers,
        timeout=60,
    )
    assert ended.status_code == 200, ended.text
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".k-send [role=alert]")).to_contain_text("Kejadian itu sudah selesai")
    _sends(desk)
