"""Rules tried in a browser: who would be paged, why, and why not the others, before anybody depends on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_coming import Desk
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: others' fires are out with the crews that it counts."""
    with StackProcess(tmp_path_factory.mktemp("rules") / "data") as running:
        yield running


def _opened(page: Page, stack: StackProcess, role: str) -> Page:
    _sign_in(page, stack, role)
    page.goto(f"{stack.url}/rules.html")
    expect(page.get_by_role("heading", name="Coba aturan")).to_be_visible()
    return page


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_an_officer_tries_a_fire_now_and_at_night_and_nothing_is_sent(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    before = len(stack.messages())
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opened(page, stack, "admin")
    page.locator("#type").focus()
    _choose(page, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(page, "#district", "baamang", "Baamang")
    answer = page.locator(".k-rules-answer")
    expect(answer.locator(".k-rules-result")).to_contain_text("3 unit berangkat")
    expect(answer).to_contain_text("sekarang, menurut keadaan unit")
    expect(answer.get_by_role("link", name="Kebakaran rumah")).to_have_attribute(
        "href", "registry.html#response-plans/house_fire"
    )
    first = answer.locator(".k-rules-need").first
    # Whoever is asked at which minute, until the desk must ring; heads and supervisors once, the silent crew's neighbour beside it.
    turns = answer.locator(".k-turns")
    expect(turns.get_by_role("heading", name="Bila tidak ada yang menjawab")).to_be_visible()
    expect(turns.locator(".k-turns-list > li").first).to_contain_text("SMS pertama")
    expect(turns).to_contain_text("diminta di samping Damkar 2, yang diam")
    expect(turns.locator(".k-turns-list > li").last).to_contain_text("meja diminta menelepon")
    # One click opens what decided: the unit, the person, the need's other units.
    expect(turns.get_by_role("link", name="Damkar 1").first).to_have_attribute(
        "href", "registry.html#units/damkar_1"
    )
    expect(first.locator("a.k-callsign").first).to_have_attribute("href", re.compile("registry.html#units/"))
    first.get_by_text("Mengapa bukan yang lain").click()
    expect(first).to_contain_text("cocok, tetapi lebih jauh")
    expect(first.get_by_role("link", name="Damkar 2")).to_have_attribute(
        "href", "registry.html#units/damkar_2"
    )
    assert violations(page) == []
    page.screenshot(path=pictures / "rules.png", full_page=True)

    page.get_by_role("radio", name="Waktu lain").check()
    page.fill("#time", "25:00")
    expect(page.locator(".k-error:visible")).to_have_text("Tulis waktu seperti 14:05 atau 14:05:30.")
    page.fill("#time", "02:00")
    expect(answer).to_contain_text("bila semua unit bebas")
    # The address can be sent to a colleague, who sees the same.
    expect(page).to_have_url(re.compile("type=house_fire.*at="))
    page.reload()
    expect(answer).to_contain_text("bila semua unit bebas")
    expect(page.locator("#time")).to_have_value("02:00")
    assert len(stack.messages()) == before


def test_what_nobody_would_come_for_is_told_in_red_and_a_lost_line_is_no_answer(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _opened(page, stack, "admin_damkar")
    _choose(page, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(page, "#district", "baamang", "Baamang")
    answer = page.locator(".k-rules-answer")
    expect(answer.locator(".k-rules-result")).to_be_visible()
    # Of other agencies an agency's admin reads how many would go, and not who.
    expect(answer.locator(".k-rules-need").nth(1).locator(".k-callsign").first).to_contain_text("satu unit")
    assert _fits(page)
    page.screenshot(path=pictures / "rules-phone.png", full_page=True)
    page.route("**/api/rules/try*", lambda route: route.abort())
    page.select_option("#terrain", "water")
    expect(answer.locator(".k-notice-bad")).to_contain_text("Server tidak dapat dihubungi")
    expect(answer.locator(".k-rules-result")).to_have_count(0)
    page.unroute("**/api/rules/try*")
    answer.get_by_role("button", name="Coba lagi").click()
    expect(answer.locator(".k-rules-result")).to_be_visible()


def test_from_an_incident_one_click_opens_the_rule_that_decided(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    opened = Desk(stack).call("house_fire", "Jalan Tidar")
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "supervisor")
    page.goto(f"{stack.url}/incident.html?id={opened['id']}")
    decided = page.locator(".k-decided")
    expect(decided).to_contain_text("Menurut Kebakaran")
    plan = decided.get_by_role("link").first
    expect(plan).to_have_attribute("href", re.compile("registry.html#response-plans/"))
    expect(decided.get_by_role("link", name="Segera")).to_have_attribute(
        "href", "registry.html#escalation-policies/urgent"
    )
    expect(decided.get_by_role("link", name="Apa jawabannya sekarang?")).to_have_attribute(
        "href", "rules.html?type=house_fire&district=seranau&terrain=land"
    )
    page.screenshot(path=pictures / "rules-incident.png", full_page=True)
    assert violations(page) == []
    plan.click()
    expect(page.locator("#reg-title")).to_contain_text("Kebakaran")


def test_a_plan_stands_on_a_map_of_stations_with_its_gaps_and_a_list_says_the_same(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _opened(page, stack, "admin")
    _choose(page, "#type", "tenggelam", "Orang tenggelam")
    _choose(page, "#district", "baamang", "Baamang")
    plan_map = page.locator(".k-map")
    plan_map.get_by_role("button", name="Tampilkan pos mana yang menjawab").click()
    expect(plan_map).to_contain_text("kecamatan terjawab penuh")
    expect(plan_map.get_by_text("Sedang dicoba")).to_be_hidden()
    expect(plan_map.locator(".k-map-list li")).to_have_count(17)
    expect(plan_map.locator("circle")).to_have_count(17)
    expect(plan_map.locator(".k-map-station:not(.k-map-idle)").first).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=pictures / "rules-map.png", full_page=True)
    # From the list a district is opened, and the map stays: it is of all.
    row = plan_map.locator(".k-map-list button").first
    name = row.inner_text()
    row.focus()
    expect(plan_map.locator("circle.k-map-chosen")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#district")).to_have_value(name)
    expect(plan_map.locator("circle")).to_have_count(17)
    # Another terrain is another question, which the old picture does not answer.
    page.select_option("#terrain", "land")
    expect(plan_map.locator("circle")).to_have_count(0)


def test_on_a_phone_in_the_dark_the_map_fits_and_what_was_not_tried_is_said(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="en-GB", color_scheme="dark"))
    _sign_in(page, stack, "admin_damkar")
    page.route("**/api/rules/try*district=telawang*", lambda route: route.abort())
    page.goto(f"{stack.url}/rules.html?type=house_fire&district=seranau")
    plan_map = page.locator(".k-map")
    plan_map.locator("button").first.click()
    expect(plan_map.locator(".k-warning")).to_be_visible()
    expect(plan_map.locator(".k-map-list")).to_contain_text(re.compile("not tried yet|belum dicoba"))
    assert _fits(page)
    page.screenshot(path=pictures / "rules-map-phone.png", full_page=True)
