"""What could not be loaded is said to be unknown: no page makes a fact of an answer that was refused, broken, cut or never came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess

REPO = Path(__file__).parents[2]


class Lacking(NamedTuple):
    """A page of somebody's, the request of it that fails, what it must not state then (words, or .a mark), what it must say."""

    page: str
    user: str
    path: str
    never: tuple[str, ...]
    says: str


NAMES = "Nama-nama tidak dapat dimuat"
NOT_LOADED = "Tidak termuat"
TABLE = [
    Lacking("board.html", "operator", r"/api/incidents\?", ("Tidak ada kejadian terbuka",), NOT_LOADED),
    Lacking("board.html", "operator", "/api/registry$", ("Tidak ada kejadian terbuka",), NAMES),
    Lacking("board.html", "operator", "/api/loose-sms", (), "SMS tanpa kejadian"),
    Lacking("board.html", "operator", "/api/units/status", ("Tidak ada unit yang tidak siap",), NOT_LOADED),
    Lacking(
        "incident.html?id=",
        "operator",
        "/api/incidents/",
        (".k-chain", "rantai", "Belum ada", "Terbuka"),
        NOT_LOADED,
    ),
    Lacking("incident.html?id=", "operator", "/api/registry$", ("Belum ada regu",), NAMES),
    Lacking("practice.html", "operator", "/api/practice$", ("Hasilnya",), NOT_LOADED),
    Lacking(
        "response-times.html",
        "bupati",
        r"/api/reports/figures\?",
        ("Belum ada kejadian", "= 0 dihitung"),
        NOT_LOADED,
    ),
    Lacking("response-times.html", "bupati", "/api/registry$", (), NAMES),
    Lacking("blocked.html", "supervisor", "/api/blocked-numbers", ("Tidak ada nomor",), NOT_LOADED),
    Lacking(
        "privacy.html",
        "auditor",
        "/api/privacy/records",
        (".k-chain", "rantai", "Belum ada permintaan"),
        NOT_LOADED,
    ),
    Lacking(
        "privacy.html",
        "admin",
        "/api/privacy/records",
        (".k-chain", "rantai", "Belum ada permintaan"),
        NOT_LOADED,
    ),
    Lacking("past.html", "operator", r"/api/past/incidents\?", ("Tidak ada kejadian",), NOT_LOADED),
    Lacking("past.html?tab=calls", "operator", r"/api/past/calls\?", ("Tidak ada panggilan",), NOT_LOADED),
    Lacking("drills.html", "supervisor", "/api/drills$", ("Belum pernah ada latihan",), NOT_LOADED),
    Lacking("drills.html", "bupati", "/api/drills$", ("Belum pernah ada latihan",), NOT_LOADED),
    Lacking(
        "drills.html",
        "admin_damkar",
        "/api/drills/on-duty",
        ("Tidak ada yang dapat",),
        "Tidak diketahui siapa",
    ),
    Lacking(
        "drills.html?id=", "supervisor", "/api/drills/0", (".k-chain", "utuh", "Belum pernah ada"), NOT_LOADED
    ),
    Lacking("drills.html", "supervisor", "/api/registry$", (), NOT_LOADED),
    Lacking(
        "roster.html",
        "admin_damkar",
        r"/api/duty/sheets/damkar/\d{4}-\d\d$",
        ("belum punya baris", ".k-cover-sheet table"),
        NOT_LOADED,
    ),
    Lacking("roster.html", "bupati", r"/api/duty/coverage\?", (".k-cover-sheet table",), NOT_LOADED),
    Lacking("registry.html", "admin", "/api/registry/", ("Belum ada", "Tidak ada yang cocok"), NOT_LOADED),
    Lacking("registry.html", "bupati", "/api/registry/stations$", (), NAMES),
    Lacking("sheets.html", "admin", "/api/imports$", ("Impor sejauh ini",), NOT_LOADED),
    Lacking("sheets.html", "admin", "/api/registry$", ("Impor sejauh ini",), NOT_LOADED),
    Lacking("accounts.html", "admin", "/api/accounts", ("Tidak ada yang cocok", "0 akun"), NOT_LOADED),
    Lacking("accounts.html", "admin", "/api/registry$", ("0 akun",), NOT_LOADED),
    Lacking("desk.html", "operator", "/api/registry$", (), "Coba lagi"),
    Lacking("desk.html", "operator", "/api/me$", ("Terima panggilan",), "Coba lagi"),
    Lacking("index.html", "operator", "/api/config$", (), "Coba lagi"),
]


def _broken(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Internal Server Error</h1>")


def _refused(route: Route) -> None:
    route.fulfill(status=403, json={"code": "forbidden", "message": "a role may not do this", "fields": {}})


def _cut(route: Route) -> None:
    route.fulfill(status=200, content_type="application/json", body='{"incidents": [{"id": "01')


def _empty(route: Route) -> None:
    route.fulfill(status=200, json={})


def _gone(route: Route) -> None:
    route.abort()


FAILURES: tuple[Callable[[Route], None], ...] = (_broken, _refused, _cut, _empty, _gone)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own, in which something is open, so that none of these statements is true by chance."""
    with StackProcess(tmp_path_factory.mktemp("not-loaded") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def incident(stack: StackProcess) -> str:
    """An open incident's id; something else is out of service, and nothing counts to none."""
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": "not-loaded"}
    out = {"status": "NotAvailable", "reason": "no_fuel"}
    requests.post(f"{stack.url}/api/units/damkar_2/status", json=out, headers=headers, timeout=60)
    where = {"type": "house_fire", "location": {"district": "baamang", "landmark": "Gang Melati"}}
    call = {"channel": "phone", "class": "emergency", "received_at": SystemClock().now(), "incident": where}
    taken = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60).json()
    return str(taken["incident"]["id"])


def _states(page: Page, never: tuple[str, ...]) -> list[str]:
    """What a page states although it cannot know it; a count of nothing is a statement too."""
    text = page.locator("main").inner_text() if page.locator("main").count() else ""
    zeros = page.locator(".k-count").filter(visible=True).filter(has_text=re.compile(r"^\s*0\s*$")).count()
    marks = [
        each for each in never if each.startswith(".") and page.locator(each).filter(visible=True).count()
    ]
    return [each for each in never if each in text] + marks + ["0"] * zeros


def test_every_address_that_a_page_reads_is_in_the_table() -> None:
    # The desk's preview has a story of its own below; a drill's page and its older ones are read like the list.
    # What the rules would do is tried in test_rules.py.
    elsewhere = {"/api/rules/try?"}
    # So is the map of it: without its stations, or a district's answer, it says what is not tried.
    elsewhere |= {"/api/registry/stations"}
    # One import is read on demand, and what was refused is told.
    elsewhere |= {"/api/imports/"}
    # The cases behind a figure that do not come are told of where they would stand: test_response_times.py.
    elsewhere |= {"/api/reports/cases?"}
    # A workbook that is not read, or not written, is told of: test_sheets.py.
    elsewhere |= {"/api/workbooks/"}
    elsewhere |= {"/api/dispatch/preview?", "/api/drills/", "/api/drills?before="}
    # A call that a colleague hands over says of nothing that it is not so: test_handing_over.py.
    # Of what else might be the same nothing is said: test_putting_right.py. A word on the board more, or none.
    elsewhere |= {"/api/incidents", "/api/correction-requests"}
    elsewhere |= {"/api/handovers", "/api/handovers?to=", "/api/handovers/colleagues"}
    # The finder says itself that only pages are found: test_frame.py.
    elsewhere |= {"/api/registry/personnel"}
    asked = {
        address
        for module in (REPO / "admin_site" / "js").rglob("*.js")
        for address in re.findall(r'(?:api\.get|getPublic)\(["`](/api/[^"`$]*)', module.read_text("utf-8"))
    }
    assert len(asked) > 8
    assert {
        each for each in asked - elsewhere if not any(re.search(row.path, each) for row in TABLE)
    } == set()


@pytest.mark.parametrize("user", sorted({each.user for each in TABLE}))
def test_no_page_states_what_it_could_not_load(
    browser: Browser, stack: StackProcess, pictures: Path, incident: str, user: str
) -> None:
    page = browser.new_page(viewport=DESKTOP, locale="id-ID")
    _sign_in(page, stack, user)
    faults = []
    for number, lacking in enumerate(TABLE):
        if lacking.user != user:
            continue
        id_ = incident if lacking.page.startswith("incident") else "01KAQW0000000000000000TEST"
        address = f"{stack.url}/{lacking.page}" + (id_ if lacking.page.endswith("=") else "")
        for fail in FAILURES:
            page.route(re.compile(lacking.path), fail)
            page.goto(address)
            where = f"{lacking.page} {lacking.path} {fail.__name__}"
            try:
                expect(page.get_by_text(lacking.says).filter(visible=True).first).to_be_visible()
            except AssertionError:
                faults.append(f"{where}: does not say {lacking.says!r}")
            faults += [f"{where}: states {each!r}" for each in _states(page, lacking.never)]
            if fail is _refused:
                page.screenshot(path=pictures / f"not-loaded-{number}.png")
            page.unroute(re.compile(lacking.path))
    assert faults == []


@pytest.mark.parametrize("user", sorted({each.user for each in TABLE}))
def test_no_page_states_anything_while_the_answer_is_not_there(
    browser: Browser, stack: StackProcess, incident: str, user: str
) -> None:
    page = browser.new_page(viewport=DESKTOP, locale="id-ID")
    _sign_in(page, stack, user)
    faults = []
    for lacking in TABLE:
        if lacking.user != user:
            continue
        id_ = incident if lacking.page.startswith("incident") else "01KAQW0000000000000000TEST"
        with page.expect_request(re.compile(lacking.path)):
            page.route(re.compile(lacking.path), lambda route: None)
            page.goto(f"{stack.url}/{lacking.page}" + (id_ if lacking.page.endswith("=") else ""))
        faults += [f"{lacking.page} {lacking.path}: states {each!r}" for each in _states(page, lacking.never)]
        page.unroute(re.compile(lacking.path))
    assert faults == []


def test_a_field_whose_choices_are_not_loaded_does_not_say_that_nothing_matches(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    desk = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.route(re.compile("/api/registry$"), _refused)
    desk.goto(f"{stack.url}/desk.html")
    desk.fill("#type", "kebakaran")
    expect(desk.locator("#type-list").get_by_text("Pilihan belum termuat.")).to_be_visible()
    expect(desk.get_by_text("Tidak ada yang cocok").filter(visible=True)).to_have_count(0)
    desk.unroute(re.compile("/api/registry$"))
    desk.get_by_role("button", name="Coba lagi").first.click()
    desk.fill("#type", "kebakaran rumah")
    expect(desk.get_by_role("option", name="Kebakaran rumah").first).to_be_visible()


def test_what_was_loaded_before_says_since_when_it_may_be_old_and_the_tab_says_that_it_knows_nothing(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, incident: str
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/board.html")
    expect(page.locator("[data-id]").first).to_be_visible()
    page.route(re.compile("/api/(incidents|units)"), _refused)
    lost = page.get_by_role("alert").filter(has_text=re.compile(r"Tidak termuat sejak \d\d:\d\d:\d\d"))
    expect(lost.first).to_contain_text("Peran Anda")
    expect(page.locator("[data-id]").first).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(\?\) Papan"))
    page.screenshot(path=pictures / "not-loaded-since.png")
    page.unroute(re.compile("/api/(incidents|units)"))
    expect(lost).to_have_count(0)
    expect(page).not_to_have_title(re.compile(r"^\(\?\)"))


def test_the_desk_says_what_it_does_not_know_of_caller_and_crews_and_sends_all_the_same(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, incident: str
) -> None:
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.route(re.compile("/api/(callers|dispatch/preview)"), _cut)
    desk.goto(f"{stack.url}/desk.html")
    desk.fill("#number", "0812 3456 7890")
    expect(desk.get_by_text("Tidak diketahui apakah nomor ini pernah menelepon")).to_be_visible()
    _choose(desk, "#type", "persalinan", "Persalinan")
    _choose(desk, "#district", "baamang", "Baamang")
    desk.fill("#landmark", "Rumah bidan")
    unknown = desk.get_by_text("Tidak diketahui siapa yang akan berangkat")
    expect(unknown).to_be_visible()
    desk.screenshot(path=pictures / "not-loaded-desk.png")
    desk.unroute(re.compile("/api/(callers|dispatch/preview)"))
    desk.locator(".k-preview").get_by_role("button", name="Coba lagi").click()
    expect(desk.locator(".k-preview .k-pick").first).to_be_visible()
    # Answers are cut on their way: nobody knows whether the call was taken, so the very same is sent again.
    desk.route(re.compile("/api/calls$"), _cut)
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Tidak ada yang hilang")).to_be_visible()
    desk.unroute(re.compile("/api/calls$"))
    expect(desk.locator(".k-sent")).to_be_visible()
    expect(desk.locator(".k-sent h1")).to_have_text("Bantuan sedang dipanggil")
