"""What nobody knows to be saved is told as such and asked again under its key: help is sent once, and nobody is signed out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.stack_process import StackProcess

# https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html, and the same in the interface's shape.
PLAIN = '{"message": "Internal server error"}'
OURS = '{"code":"internal","message":"it is not known whether this was carried out; send the same again","fields":{}}'
NOT_YET = "Belum diketahui apakah ini sudah tersimpan"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: what is counted here is this story's alone."""
    with StackProcess(tmp_path_factory.mktemp("unknown") / "data") as running:
        yield running


class Losing:
    """Lets a write through and puts a gateway's 502 in the place of its answer, until it is `over`; `keys` came with the tries."""

    def __init__(self, page: Page, address: str, body: str) -> None:
        self.keys: list[str] = []
        self.lost = 0
        self.over = False
        self._page = page
        self._body = body
        page.route(re.compile(address), self._answer)

    def until(self, lost: int) -> None:
        """Wait until so many are lost, and lose no more."""
        while self.lost < lost:
            self._page.wait_for_timeout(50)
        self.over = True

    def must_have_been_one(self, lost: int = 1) -> None:
        """So many tries or more were lost, one was answered, and all of them were the same."""
        assert self.lost >= lost and len(self.keys) == self.lost + 1 and len({*self.keys}) == 1

    def _answer(self, route: Route, request: Request) -> None:
        if request.method == "GET":
            return route.fallback()
        self.keys.append(request.headers.get("idempotency-key", ""))
        real = route.fetch()
        if self.over:
            return route.fulfill(response=real)
        assert real.status < 300, real.text()
        self.lost += 1
        headers = {"x-amzn-ErrorType": "InternalServerErrorException", "x-amzn-RequestId": "1"}
        return route.fulfill(status=502, content_type="application/json", headers=headers, body=self._body)


@pytest.fixture
def desk(browser: Browser, stack: StackProcess, complaints: Complaints) -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "supervisor")
    return page


def _ask(stack: StackProcess, path: str) -> Any:
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}"}
    return requests.get(stack.url + path, headers=headers, timeout=60).json()


def _call(page: Page, stack: StackProcess, landmark: str) -> None:
    page.goto(f"{stack.url}/desk.html")
    page.fill("#number", "0812 3456 7890")
    _choose(page, "#type", "pohon tumbang", "Pohon tumbang")
    _choose(page, "#district", "baamang", "Baamang")
    page.fill("#landmark", landmark)


def _told(notice: Locator) -> None:
    expect(notice.filter(has_text=NOT_YET).filter(visible=True).first).to_be_visible()


@pytest.mark.parametrize("body", [PLAIN, OURS])
def test_a_call_whose_answer_the_gateway_lost_opens_one_incident(
    desk: Page, stack: StackProcess, pictures: Path, body: str
) -> None:
    landmark = f"Gang Kenanga {len(body)}"
    _call(desk, stack, landmark)
    lost = Losing(desk, "/api/calls$", body)
    desk.keyboard.press("Control+Enter")
    notice = desk.locator(".k-send [role=alert]")
    expect(notice).to_contain_text("Belum diketahui apakah panggilan ini sudah tersimpan")
    expect(notice).to_contain_text("tidak ada yang hilang", ignore_case=True)
    expect(desk.locator("#landmark")).to_have_value(landmark)
    desk.screenshot(path=pictures / "unknown-desk.png")
    lost.until(2)
    expect(desk.locator(".k-sent")).to_be_visible()
    lost.must_have_been_one(2)
    board = _ask(stack, "/api/incidents?state=open")["incidents"]
    assert [each["calls"] for each in board if each["landmark"] == landmark] == [1]


def test_a_note_and_a_cancellation_whose_answers_were_lost_are_there_once(
    desk: Page, stack: StackProcess, pictures: Path
) -> None:
    _call(desk, stack, "Gang Cempaka")
    desk.keyboard.press("Control+Enter")
    desk.locator(".k-sent-what a").click()
    expect(desk.get_by_label("Catatan baru")).to_be_visible()
    id_ = desk.url.partition("id=")[2]

    # Longer than it is asked again by itself: the words and the key stay, and the next press is the same note.
    lost = Losing(desk, "/notes$", PLAIN)
    note = desk.get_by_label("Catatan baru")
    note.fill("Jalan ditutup dari arah pasar")
    desk.get_by_role("button", name="Tambah catatan").click()
    _told(desk.locator(".k-open"))
    desk.screenshot(path=pictures / "unknown-note.png")
    failure = desk.get_by_role("alert").filter(has_text="Tekan lagi: tidak ada yang dilakukan dua kali")
    expect(failure.filter(visible=True)).to_be_visible()
    expect(note).to_have_value("Jalan ditutup dari arah pasar")
    expect(desk.locator(".k-open")).to_be_hidden()
    assert lost.lost == 4
    desk.get_by_role("button", name="Tambah catatan").click()
    lost.until(5)
    expect(note).to_have_value("")
    lost.must_have_been_one(5)

    lost = Losing(desk, "/cancel$", OURS)
    desk.get_by_role("button", name="Batalkan…").click()
    desk.locator("#dialog-text").fill("Salah lapor")
    desk.locator("dialog[open] button[type=submit]").click()
    _told(desk.locator("dialog[open] .k-notice"))
    desk.set_viewport_size(PHONE)
    desk.screenshot(path=pictures / "unknown-cancel-phone.png")
    lost.over = True
    expect(desk.locator("dialog[open]")).to_be_hidden()
    lost.must_have_been_one()

    whole = _ask(stack, f"/api/incidents/{id_}")
    kinds = [event["type"] for event in whole["timeline"]]
    assert (kinds.count("NoteAdded"), kinds.count("IncidentCancelled")) == (1, 1)


def test_a_block_whose_answer_was_lost_stands_once(desk: Page, stack: StackProcess) -> None:
    desk.goto(f"{stack.url}/blocked.html")
    desk.fill("#number", "0852 0000 0077")
    desk.fill("#reason", "Lapor palsu")
    lost = Losing(desk, "/api/blocked-numbers$", PLAIN)
    desk.get_by_role("button", name="Blokir 24 jam").click()
    _told(desk.locator(".k-open"))
    expect(desk.locator("#reason")).to_have_value("Lapor palsu")
    lost.over = True
    expect(desk.get_by_role("status").filter(has_text="+6285200000077")).to_be_visible()
    lost.must_have_been_one()
    (block,) = _ask(stack, "/api/blocked-numbers")["blocked_numbers"]
    assert (block["times"], block["active"]) == (1, True)


EXPIRE = """() => {
  const name = Object.keys(sessionStorage).find((each) => each.startsWith("oidc.user"));
  const user = JSON.parse(sessionStorage.getItem(name));
  sessionStorage.setItem(name, JSON.stringify({ ...user, id_token: "gone", expires_at: Math.floor(Date.now() / 1000) - 60 }));
}"""
# Without this the page sees no status at all, and would be told of a broken line instead.
SEEN = {"Access-Control-Allow-Origin": "*"}
KEPT = "Anda tetap masuk, dan akan dicoba lagi"


def _sign_in_server_says(page: Page, status: int, body: str) -> None:
    page.route("**/oauth2/token", lambda route: route.fulfill(status=status, headers=SEEN, body=body))


def test_a_sign_in_server_that_throttles_or_fails_signs_nobody_out(
    desk: Page, stack: StackProcess, pictures: Path
) -> None:
    desk.goto(f"{stack.url}/desk.html")
    desk.fill("#landmark", "Gang Dahlia")
    desk.goto(f"{stack.url}/board.html")
    # A page that is still opening has nothing on it to keep: it tells of the sign-in alone, in other words.
    expect(desk.locator("#starting")).to_have_count(0)
    lost = desk.locator(".k-bars .k-lost")
    for status, body in (
        (429, '{"error":"too_many_requests"}'),
        (503, "<html>"),
        (403, "<html>Request blocked"),
    ):
        _sign_in_server_says(desk, status, body)
        desk.evaluate(EXPIRE)
        expect(lost).to_contain_text(KEPT)
        expect(lost).to_be_visible()
        desk.screenshot(path=pictures / f"sign-in-{status}.png")
        assert "/board.html" in desk.url
        desk.unroute("**/oauth2/token")
        # Once it answers again the sign-in goes on by itself.
        expect(lost).to_be_hidden()
    desk.goto(f"{stack.url}/desk.html")
    expect(desk.locator("#landmark")).to_have_value("Gang Dahlia")


def test_a_sign_in_that_is_refused_is_over(desk: Page, stack: StackProcess) -> None:
    desk.goto(f"{stack.url}/board.html")
    expect(desk.locator("#starting")).to_have_count(0)
    refusal = json.dumps({"error": "invalid_grant"})
    _sign_in_server_says(desk, 400, refusal)
    desk.evaluate(EXPIRE)
    expect(desk.locator("#username")).to_be_visible()
