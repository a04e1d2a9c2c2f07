"""Choosing a unit in a browser: the best is offered first, what speaks against one stands before the click, nothing jumps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: these stories have half the regency out."""
    with StackProcess(tmp_path_factory.mktemp("picker") / "data") as running:
        yield running


class Desk:
    """The other desk, by HTTP."""

    def __init__(self, stack: StackProcess) -> None:
        self.url, self._token = stack.url, stack.token("operator")

    def call(self, key: str, type_: str, district: str) -> Any:
        place = {"district": district, "landmark": "Gang Melati"}
        call = {"channel": "phone", "class": "emergency", "received_at": SystemClock().now()}
        opened = self.post("/api/calls", {**call, "incident": {"type": type_, "location": place}}, key)
        return opened["incident"]

    def post(self, path: str, body: Any, key: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        answer = requests.post(f"{self.url}{path}", json=body, headers=headers, timeout=60)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def candidates(self, incident: Any, **query: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        path = f"{self.url}/api/incidents/{incident['id']}/candidates"
        return requests.get(path, params=query, headers=headers, timeout=60).json()


@pytest.fixture(scope="module")
def other(stack: StackProcess) -> Desk:
    return Desk(stack)


def _open(page: Page, stack: StackProcess, incident: Any, language: str = "") -> None:
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/{language}incident.html?id={incident['id']}&ask=unit")
    expect(page.locator("#unit")).to_be_focused()


@pytest.mark.parametrize(
    ("view", "language", "name", "send"),
    [(DESKTOP, "", "desktop", "Kirim"), (PHONE, "en/", "phone", "Send")],
    ids=["desktop", "phone"],
)
def test_the_best_unit_goes_by_one_key(
    browser: Browser,
    stack: StackProcess,
    other: Desk,
    complaints: Complaints,
    pictures: Path,
    view: Any,
    language: str,
    name: str,
    send: str,
) -> None:
    incident = other.call(f"best-{name}", "house_fire", "baamang")
    best = other.candidates(incident)["free"][0]
    desk = complaints.listen(browser.new_page(viewport=view, locale="id-ID"))
    _open(desk, stack, incident, language)
    chosen = desk.locator(".k-unit-chosen")
    expect(chosen).to_contain_text(best["callsign"])
    expect(chosen).to_contain_text(best["people"][0]["name"])
    expect(chosen).to_contain_text("km")
    expect(desk.get_by_role("button", name=f"{send} {best['callsign']}")).to_be_visible()
    desk.screenshot(path=pictures / f"picker-{name}.png")
    must_fit(desk)
    desk.keyboard.press("Enter")
    expect(desk.locator("dialog[open]")).to_be_hidden()
    expect(desk.locator(".k-assignment", has_text=best["callsign"])).to_be_visible()


def test_a_unit_is_not_offered_in_its_own_place(
    browser: Browser, stack: StackProcess, other: Desk, complaints: Complaints
) -> None:
    incident = other.call("swap", "childbirth", "baamang")
    crew = incident["crews"][0]
    found = other.candidates(incident, instead_of=crew["id"])
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/incident.html?id={incident['id']}")
    desk.locator(".k-assignment", has_text=crew["callsign"]).get_by_role("button", name="Ganti…").click()
    expect(desk.locator(".k-unit-chosen")).to_contain_text(found["free"][0]["callsign"])
    listed = desk.locator(".k-unit .k-callsign").all_inner_texts()
    assert crew["callsign"] not in listed
    assert len(listed) == sum(len(found[part]) for part in ("free", "not_free", "here"))


def test_a_busy_unit_says_what_it_would_leave_and_goes_only_if_that_is_ticked(
    browser: Browser, stack: StackProcess, other: Desk, complaints: Complaints, pictures: Path
) -> None:
    first = other.call("left", "drowning", "seranau")
    second = other.call("wants", "drowning", "seranau")
    boat = first["crews"][0]
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _open(desk, stack, second)
    row = desk.locator(".k-unit", has_text=boat["callsign"])
    expect(row).to_contain_text("Orang tenggelam")
    desk.keyboard.type(boat["callsign"])
    expect(desk.locator(".k-unit-chosen")).to_contain_text(boat["callsign"])
    warned = f"{boat['callsign']} akan meninggalkan {first['label']}"
    expect(desk.locator(".k-units .k-warning")).to_contain_text(warned)
    desk.screenshot(path=pictures / "picker-busy.png")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert").filter(has_text="centang")).to_be_visible()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    expect(desk.locator("dialog[open]")).to_be_hidden()
    expect(desk.locator(".k-assignment", has_text=boat["callsign"])).to_be_visible()


def test_what_changes_meanwhile_is_told_in_its_place_and_moves_nothing(
    browser: Browser, stack: StackProcess, other: Desk, complaints: Complaints, pictures: Path
) -> None:
    incident = other.call("meanwhile", "theft", "baamang")
    best = other.candidates(incident)["free"][0]
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _open(desk, stack, incident)
    expect(desk.locator(".k-unit-chosen")).to_contain_text(best["callsign"])
    before = desk.locator(".k-unit .k-callsign").all_inner_texts()
    other.post(f"/api/incidents/{incident['id']}/assignments", {"unit_id": best["unit_id"]}, "first")
    expect(desk.locator(".k-unit-here", has_text=best["callsign"])).to_contain_text("Dipanggil")
    assert desk.locator(".k-unit .k-callsign").all_inner_texts() == before
    desk.screenshot(path=pictures / "picker-moved.png")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert").filter(has_text="sudah")).to_be_visible()
    desk.get_by_role("button", name="Urutkan lagi").click()
    chosen = desk.locator(".k-unit-chosen .k-callsign")
    expect(chosen).not_to_have_text(best["callsign"])
    now = chosen.inner_text()
    expect(desk.locator("#unit")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("dialog[open]")).to_be_hidden()
    expect(desk.locator(".k-assignment", has_text=now)).to_be_visible()


def test_without_what_the_planner_knows_the_list_by_name_sends(
    browser: Browser, stack: StackProcess, other: Desk, complaints: Complaints
) -> None:
    incident = other.call("by-name", "theft", "baamang")
    free = other.candidates(incident)["free"][-1]

    def fail(route: Route) -> None:
        route.fulfill(status=500, json={"code": "internal", "message": "no", "fields": {}})

    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    desk.route("**/candidates*", fail)
    _open(desk, stack, incident)
    told = "Jarak, regu, dan keadaan tiap unit tidak dapat dimuat"
    expect(desk.get_by_text(told)).to_be_visible()
    desk.keyboard.type(free["callsign"])
    expect(desk.locator(".k-unit-chosen")).to_contain_text(free["callsign"])
    desk.keyboard.press("Enter")
    expect(desk.locator("dialog[open]")).to_be_hidden()
    expect(desk.locator(".k-assignment", has_text=free["callsign"])).to_be_visible()
