"""Nobody is coming, in a browser: the loudest thing on the board, told by the desk, followed until somebody is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own, where nobody on the water can come."""
    with StackProcess(tmp_path_factory.mktemp("coming") / "data") as running:
        post = Desk(running)
        query = "type=drowning&district=seranau"
        while picks := post.get(f"/api/dispatch/preview?{query}")["picks"]:
            for pick in picks:
                out = {"status": "NotAvailable", "reason": "no_fuel"}
                post(f"/api/units/{pick['unit_id']}/status", out)
        yield running


class Desk:
    """The interface as the operator uses it, each request with a key of its own."""

    def __init__(self, stack: StackProcess) -> None:
        self._url = stack.url
        self._headers = {"Authorization": f"Bearer {stack.token('operator')}"}

    def get(self, path: str) -> Any:
        return requests.get(f"{self._url}{path}", headers=self._headers, timeout=60).json()

    def __call__(self, path: str, body: dict[str, Any]) -> Any:
        headers = {**self._headers, "Idempotency-Key": SystemClock().random(16).hex()}
        answer = requests.post(f"{self._url}{path}", json=body, headers=headers, timeout=60)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def call(self, type_: str, landmark: str, **more: Any) -> Any:
        incident = {"type": type_, "location": {"district": "seranau", "landmark": landmark}, **more}
        call = {"channel": "phone", "class": "emergency", "received_at": SystemClock().now()}
        return self("/api/calls", {**call, "incident": incident})["incident"]


def _loud(page: Page, landmark: str) -> Any:
    return page.locator(".k-arow", has_text=landmark)


def test_a_fire_that_is_opened_again_stands_on_top_until_somebody_is_sent(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    desk = Desk(stack)
    burning = desk.call("house_fire", "Pasar lama")
    path = f"/api/incidents/{burning['id']}"
    for crew in burning["assignments"]:
        desk(f"{path}/assignments/{crew['id']}/status", {"status": "cleared"})
    desk(f"{path}/close", {"disposition": desk.get("/api/registry")["dispositions"][0]["id"]})
    # What the police alone answer, in full.
    desk.call("theft", "Terminal", location={"district": "mentawa_baru_ketapang", "landmark": "Terminal"})
    board = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(board, stack, "supervisor")
    board.goto(f"{stack.url}/board.html")
    expect(board.locator(".k-crow")).to_have_count(1)
    expect(board.locator(".k-now")).to_be_hidden()
    expect(board).to_have_title(re.compile("^Papan"))

    desk(f"{path}/reopen", {"reason": "Api menyala lagi"})
    alarm = _loud(board, "Pasar lama")
    expect(alarm).to_contain_text("semua regu sudah selesai")
    expect(board.locator("[data-id]").first).to_contain_text("Pasar lama")
    expect(board.locator("#sec-now")).to_contain_text("1")
    expect(board).to_have_title(re.compile(r"^\(1\) Papan"))
    desk.call("drowning", "Latihan di dermaga", drill=True)
    expect(_loud(board, "Latihan di dermaga")).to_have_class(re.compile("k-row-drill"))
    expect(board.locator("[data-id]").first).to_contain_text("Pasar lama")
    expect(board.locator("#sec-now")).to_contain_text("1")
    # No filter hides it.
    board.locator(".k-filter", has_text="Keamanan").click()
    expect(board.locator("[data-id]").filter(visible=True)).to_have_count(2)
    expect(alarm).to_be_visible()
    board.screenshot(path=pictures / "coming-board.png", full_page=True)

    alarm.get_by_role("link", name="Tutup atau kirim…").click()
    board.wait_for_url(re.compile("incident\\.html"))
    board.locator(".k-alarm").get_by_role("button", name="Kirim unit…").click()
    dialog = board.get_by_role("dialog")
    board.fill("#unit", "Damkar 1")
    dialog.get_by_role("option").first.click()
    board.screenshot(path=pictures / "coming-incident.png")
    dialog.get_by_role("button", name=re.compile("^Kirim ")).click()
    expect(board.locator(".k-alarm")).to_be_hidden()
    expect(board).not_to_have_title(re.compile(r"^\(!\)"))


@pytest.mark.parametrize(
    ("view", "language", "name", "words"),
    [
        (
            DESKTOP,
            "",
            "desktop",
            (
                "Tidak ada regu yang ditemukan",
                "Kirim unit…",
                "Bantuan sedang dipanggil",
                "Panggilan berikutnya",
            ),
        ),
        (PHONE, "en/", "phone", ("Nobody was found", "Send a unit…", "Help is being called", "Next call")),
    ],
    ids=["desktop", "phone"],
)
def test_the_desk_says_that_nobody_was_found_whom_to_ring_and_what_became_of_it(
    browser: Browser,
    stack: StackProcess,
    complaints: Complaints,
    pictures: Path,
    view: Any,
    language: str,
    name: str,
    words: tuple[str, str, str, str],
) -> None:
    nobody, send, called, next_call = words
    page = complaints.listen(browser.new_page(viewport=view, locale="id-ID"))
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/{language}desk.html")
    _choose(
        page, "#type", "drowning" if language else "tenggelam", "Drowning" if language else "Orang tenggelam"
    )
    _choose(page, "#district", "seranau", "Seranau")
    page.fill("#landmark", f"Dermaga {name}")
    page.keyboard.press("Control+Enter")
    sent = page.locator(".k-sent")
    expect(sent.get_by_role("heading", name=nobody)).to_be_visible()
    expect(sent).to_have_class(re.compile("k-sent-alarm"))
    expect(sent.locator("a[href^='tel:']").first).to_be_visible()
    page.screenshot(path=pictures / f"coming-desk-{name}.png")
    must_fit(page)

    id_ = re.search(r"id=(\w+)", sent.get_by_role("link", name=send).get_attribute("href") or "")
    assert id_
    desk = Desk(stack)
    free = "polairud_1" if language else "polairud_2"
    desk(f"/api/incidents/{id_[1]}/assignments", {"unit_id": free, "insist": True})
    expect(sent.get_by_role("heading", name=called)).to_be_visible()
    expect(sent.locator("a[href^='tel:']").filter(visible=True)).to_have_count(0)
    page.screenshot(path=pictures / f"coming-desk-called-{name}.png")
    (crew,) = desk.get(f"/api/incidents/{id_[1]}")["assignments"]
    desk(
        f"/api/incidents/{id_[1]}/assignments/{crew['id']}/status", {"status": "unable", "reason": "no_fuel"}
    )
    expect(sent).to_have_class(re.compile("k-sent-alarm"))
    # Whoever goes on to the next call is still told.
    page.get_by_role("button", name=next_call).click()
    expect(page.locator(".k-nav-loud:visible")).to_contain_text(re.compile(r"\d"))
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    page.screenshot(path=pictures / f"coming-nav-{name}.png")
    must_fit(page)
