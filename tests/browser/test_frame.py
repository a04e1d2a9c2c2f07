"""The frame around every page: what each role finds in it, at every width, by mouse and by keyboard, and the finder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import requests
from playwright.sync_api import Browser, Page, Request, Response, Route, ViewportSize, expect

from admin_site.pages import BELOW, GROUPS, HOMES, PAGES
from chalicelib.domain.registry import Role
from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, own_menu
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

LAPTOP = ViewportSize(width=1280, height=720)
TABLET = ViewportSize(width=820, height=1180)
SMALL = ViewportSize(width=360, height=640)
SIGN_INS: dict[Role, str] = {
    "operator": "operator",
    "supervisor": "supervisor",
    "agency_admin": "admin_damkar",
    "leader": "bupati",
    "auditor": "auditor",
    "admin": "admin",
}
CHOSEN = ".k-found[aria-selected=true]"
# Whatever of the frame is cut off, wraps or pushes the page wider than the window.
WRONG = """() => {
  const shown = (each) => each.checkVisibility();
  const rows = [...document.querySelectorAll(".k-top-row, .k-sub, .k-phone")].filter(shown);
  const heights = rows.map((row) => row.offsetHeight);
  const right = rows.flatMap((row) => [...row.querySelectorAll("a, button, time, summary")]).filter(shown)
    .filter((each) => each.getBoundingClientRect().right > innerWidth + .5 || each.getClientRects().length > 1).map((each) => each.textContent.trim());
  const tall = rows.flatMap((row) => [...row.querySelectorAll("a, summary")]).filter(shown).filter((each) => each.offsetHeight > row_height(each)).map((each) => each.textContent.trim());
  function row_height(each) { return each.closest(".k-menu") ? 999 : each.closest(".k-top-row, .k-sub, .k-phone").offsetHeight; }
  const wide = document.querySelector(".k-top").scrollWidth > innerWidth ? ["wider than the window"] : [];
  return { heights, wrong: [...right, ...tall, ...wide] };
}"""


@pytest.fixture(scope="module", autouse=True)
def _an_open_incident(stack: StackProcess) -> Iterator[str]:
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}", "Idempotency-Key": "frame"}
    call = {
        "class": "emergency",
        "channel": "phone",
        "received_at": "2026-11-30T01:00:00+07:00",
        "incident": {
            "type": "house_fire",
            "location": {"district": "baamang", "landmark": "Gang Seruling"},
            "drill": True,
        },
    }
    taken = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60)
    taken.raise_for_status()
    incident = taken.json()["incident"]
    yield incident["label"]
    url = f"{stack.url}/api/incidents/{incident['id']}/cancel"
    requests.post(url, json={"reason": "Selesai"}, headers=headers, timeout=60).raise_for_status()


def _opens(
    browser: Browser, stack: StackProcess, complaints: Complaints, role: Role, view: ViewportSize = DESKTOP
) -> Page:
    page = complaints.listen(browser.new_context(viewport=view, locale="id-ID").new_page())
    _sign_in(page, stack, SIGN_INS[role])
    return page


def _drawn(page: Page) -> None:
    expect(page.locator("#starting-busy")).to_have_count(0)


@pytest.mark.parametrize("role", get_args(Role))
def test_a_role_begins_at_its_home_and_no_page_of_its_own_is_more_than_two_steps_away(
    browser: Browser, stack: StackProcess, complaints: Complaints, role: Role
) -> None:
    page = _opens(browser, stack, complaints, role)
    assert page.url == f"{stack.url}/{HOMES[role]}"
    links = page.locator(".k-groups a:visible, .k-sub a:visible")
    steps = {HOMES[role]: 0}
    for distance in (0, 1):
        for address in [each for each, far in steps.items() if far == distance]:
            page.goto(f"{stack.url}/{address}")
            _drawn(page)
            expect(links.first).to_be_visible()
            for link in links.all():
                steps.setdefault(link.get_attribute("href") or "", distance + 1)
    assert set(steps) == {each.address for each in PAGES if role in each.roles}
    page.goto(f"{stack.url}/{HOMES[role]}")
    groups = page.locator(".k-groups a:visible")
    expect(groups).to_have_count(len({each.group for each in PAGES if role in each.roles}))
    expect(page.locator(".k-sub a[aria-current=page]")).to_have_count(1)
    expect(page.locator(".k-groups a[aria-current=true]:visible")).to_have_count(1)


@pytest.mark.parametrize("role", get_args(Role))
def test_what_a_page_loads_is_answered_to_whom_it_is_shown_and_refused_to_others(
    browser: Browser, stack: StackProcess, complaints: Complaints, role: Role
) -> None:
    page = _opens(browser, stack, complaints, role)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    for each in PAGES:
        answers.clear()
        page.goto(f"{stack.url}/{each.address}")
        _drawn(page)
        page.wait_for_load_state("networkidle")
        told = {answer.url.removeprefix(stack.url): answer.status for answer in answers}
        refused = [path for path, status in told.items() if path.startswith("/api/") and status == 403]
        asked = [route.removeprefix("GET ") for route in each.loads if route.startswith("GET ")]
        if role in each.roles:
            assert refused == [], each.address
            # Some of it is asked for only once somebody wants it.
            wanted = "|".join(re.escape(path).replace(r"\{noun\}", r"[\w-]+") for path in asked)
            assert [path for path in told if re.match(wanted, path)], each.address
        elif "privacy" in each.address:
            assert refused, each.address


@pytest.mark.parametrize("role", get_args(Role))
def test_the_frame_keeps_its_rows_at_every_width_in_both_languages(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, role: Role
) -> None:
    page = _opens(browser, stack, complaints, role)
    for language in ("", "en/"):
        for each in [*(one.address for one in PAGES if role in one.roles), *BELOW]:
            page.goto(f"{stack.url}/{language}{each}")
            _drawn(page)
            for view, rows in (
                (DESKTOP, [52, 38]),
                (LAPTOP, [52, 38]),
                (TABLET, [48]),
                (PHONE, [48]),
                (SMALL, [48]),
            ):
                page.set_viewport_size(view)
                found = page.evaluate(WRONG)
                assert found == {"heights": rows, "wrong": []}, (role, language, each, view)
        page.set_viewport_size(DESKTOP)
        page.screenshot(path=pictures / f"frame-{role}-{language.strip('/')}.png")


def test_nothing_jumps_while_the_account_loads(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin")
    # What the page before asks is not held in its place.
    expect(page.locator("#starting")).to_have_count(0)
    held: list[Route] = []
    # A bar that tells of SMS that do not leave may push all down; a machine at work has one now and then.
    quiet: dict[str, Any] = {"incidents": [], "silence": None, "watched": True}
    page.route("**/api/incidents?*", lambda route: route.fulfill(json=quiet))
    page.route("**/api/me", lambda route: held.append(route))
    # A page waits eight seconds for it: nothing else is waited for meanwhile.
    with page.expect_request("**/api/me"):
        page.goto(f"{stack.url}/blocked.html", wait_until="commit")
    expect(page.locator("#starting-busy")).to_be_visible()
    places = "() => ['.k-top', '.k-top .k-brand', '.k-sub', '.k-main'].map((each) => document.querySelector(each).getBoundingClientRect().top)"
    before = page.evaluate(places)
    expect(page.locator(".k-sub a").first).to_be_hidden()
    held[0].continue_()
    expect(page.locator(".k-sub a").first).to_be_visible()
    assert page.evaluate(places) == before


def test_on_a_phone_the_pages_name_opens_all_pages_and_escape_gives_the_focus_back(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "admin", PHONE)
    page.goto(f"{stack.url}/past.html")
    name = page.locator(".k-phone summary")
    expect(name).to_have_text(re.compile("Riwayat"))
    expect(name).to_be_visible()
    name.press("Enter")
    menu = page.get_by_role("navigation", name="Semua halaman")
    expect(menu.get_by_role("link", name="Papan")).to_be_visible()
    shown = [each.inner_text() for each in menu.get_by_role("heading").all() if each.is_visible()]
    assert [each for each in GROUPS if each in {one.group for one in PAGES}] and len(shown) == len(
        {one.group for one in PAGES}
    )
    expect(menu.get_by_role("link")).to_have_count(len(PAGES) + 1)  # and the other language
    page.screenshot(path=pictures / "frame-menu-phone.png")
    assert violations(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(name).to_be_focused()
    name.click()
    menu.get_by_role("link", name="Latihan").click()
    page.wait_for_url("**/drills.html")


def test_theme_language_and_sign_out_stand_behind_who_is_signed_in(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "supervisor")
    page.goto(f"{stack.url}/past.html?days=7")
    menu = own_menu(page)
    menu.get_by_role("button", name="Gelap").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(".k-who-button")).to_be_focused()
    own_menu(page)
    page.locator("h1").first.click()
    expect(menu).to_be_hidden()
    own_menu(page).get_by_role("link", name="English").click()
    page.wait_for_url("**/en/past.html?days=7")
    own_menu(page).get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/index.html")


def test_an_incident_is_found_by_its_place_and_opened_without_a_mouse(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, _an_open_incident: str
) -> None:
    page = _opens(browser, stack, complaints, "operator")
    page.goto(f"{stack.url}/past.html")
    _drawn(page)
    page.get_by_role("button", name="Cari halaman, unit, orang…").press("Enter")
    field = page.get_by_role("combobox", name="Cari halaman, unit, orang…")
    expect(field).to_be_focused()
    expect(page.locator(".k-found", has_text="Papan")).to_be_visible()
    page.keyboard.type("serulng")
    expect(page.locator(CHOSEN)).to_contain_text("Gang Seruling")
    page.screenshot(path=pictures / "finder.png")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Cari halaman, unit, orang…")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(field).to_have_value("")
    page.keyboard.type(_an_open_incident)
    expect(page.locator(CHOSEN)).to_contain_text(_an_open_incident)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"incident\.html\?id="))
    expect(page.get_by_text("Gang Seruling").first).to_be_visible()


def test_arrows_move_through_what_is_found_and_the_field_says_where(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "admin")
    _drawn(page)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Cari halaman, unit, orang…")
    expect(page.locator(".k-found").first).to_be_visible()
    page.keyboard.type("a")
    expect(page.locator(".k-found").nth(1)).to_be_visible()
    for key, place in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(field).to_have_attribute("aria-activedescendant", f"found-{place}")
        expect(page.locator(f"#found-{place}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Control+A")
    page.keyboard.type("qqqqq")
    expect(page.locator(".k-finder-note").first).to_have_text("Tidak ada yang cocok dengan “qqqqq”.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_an_action_opens_its_form_and_changes_nothing(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "supervisor")
    writes: list[Request] = []
    page.on("request", lambda request: writes.append(request) if request.method not in ("GET",) else None)
    page.goto(f"{stack.url}/past.html")
    _drawn(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("kapal damkar tidak siap")
    expect(page.locator(CHOSEN)).to_contain_text("Nyatakan Kapal Damkar tidak siap")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nyatakan unit tidak siap")).to_be_visible()
    expect(page.locator("#unit")).to_have_value("Kapal Damkar")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("blokir sebuah")
    expect(page.locator(CHOSEN)).to_contain_text("Blokir sebuah nomor…")
    page.keyboard.press("Enter")
    page.wait_for_url("**/blocked.html#number")
    expect(page.locator("#number")).to_be_focused()
    assert [each.url for each in writes if "/api/" in each.url] == []


def test_g_and_a_letter_opens_a_page_unless_somebody_is_typing(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "operator")
    page.goto(f"{stack.url}/past.html")
    _drawn(page)
    expect(page.locator(".k-sub a").first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("gp")
    expect(page.get_by_role("searchbox")).to_have_value("gp")
    page.locator("h1").first.click()
    page.keyboard.press("g")
    page.keyboard.press("d")  # not a page of an operator's
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/board.html")


def test_what_cannot_be_loaded_leaves_the_pages_to_be_found_and_is_said(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "leader")
    page.goto(f"{stack.url}/past.html")
    _drawn(page)
    page.route("**/api/units/status", lambda route: route.abort())
    page.keyboard.press("Control+k")
    expect(page.locator(".k-finder-bad")).to_contain_text("Hanya halaman yang dapat dicari.")
    page.keyboard.type("latihan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drills.html")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_finder(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, theme: str
) -> None:
    page = _opens(browser, stack, complaints, "admin")
    _drawn(page)
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    own_menu(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("damkar")
    expect(page.locator(".k-found").first).to_be_visible()
    page.screenshot(path=pictures / f"finder-{theme}.png")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    page.screenshot(path=pictures / f"finder-{theme}-phone.png")
    assert violations(page) == []
