"""Nobody answers: the desk rings the crew, in a browser, and what it hears is recorded with one tap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own, where the desk must call ten seconds after a page that nobody answers."""
    with StackProcess(tmp_path_factory.mktemp("call-now") / "data") as running:
        signed_in = {"Authorization": f"Bearer {running.token('admin')}"}
        path = f"{running.url}/api/registry/escalation-policies"
        for policy in requests.get(path, headers=signed_in, timeout=60).json()["items"]:
            version = str(policy.pop("v"))
            changed = {**policy, "repeat": 0, "steps": [{"after_s": 10, "to": "supervisor"}]}
            done = requests.put(
                f"{path}/{policy['id']}",
                json=changed,
                headers={**signed_in, "If-Match": version},
                timeout=60,
            )
            assert done.status_code == 200, done.text
        yield running


def _call(stack: StackProcess, key: str) -> dict[str, Any]:
    call = {
        "channel": "phone",
        "class": "emergency",
        "received_at": SystemClock().now(),
        "incident": {"type": "childbirth", "location": {"district": "baamang", "landmark": "Gang Melati"}},
    }
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": key}
    taken = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60).json()
    incident: dict[str, Any] = taken["incident"]
    return incident


WORDS = {
    "": ("tak menjawab SMS", "Tidak diangkat: berikutnya", "tidak diangkat", "sekarang", "orang ke-{n} dari"),
    "en/": ("does not answer the SMS", "Not picked up: the next", "not picked up", "now", "person {n} of"),
}


@pytest.mark.parametrize(
    ("view", "language", "name"),
    [(PHONE, "", "phone"), (DESKTOP, "en/", "desktop")],
    ids=["phone", "desktop"],
)
def test_one_person_after_the_other_is_rung_until_somebody_picks_up(
    browser: Browser,
    stack: StackProcess,
    complaints: Complaints,
    pictures: Path,
    view: Any,
    language: str,
    name: str,
) -> None:
    silent, not_picked_up, in_vain, now, where = WORDS[language]
    incident = _call(stack, name)
    desk = complaints.listen(browser.new_page(viewport=view, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    # Where the board's button leads.
    desk.goto(f"{stack.url}/{language}incident.html?id={incident['id']}&ask=call")
    frame = desk.locator(".k-now", has_text=silent)
    expect(frame).to_be_visible(timeout=60_000)
    crew = [page for page in incident["pages"] if page["kind"] == "page"]
    number = frame.locator(".k-now-number")
    first = f"tel:{crew[0]['number']}"
    expect(number).to_have_attribute("href", first)
    expect(frame.locator(".k-now-say")).to_contain_text("Gang Melati")
    expect(frame.get_by_text(where.format(n=1))).to_be_visible()
    row = frame.locator(".k-now-list li").first
    expect(row).to_contain_text(now)
    if name == "phone":
        frame.get_by_role("button", name=not_picked_up).click()
    else:
        desk.keyboard.press("3")
    expect(row).to_contain_text(in_vain)
    expect(frame.get_by_text(where.format(n=2))).to_be_visible()
    expect(number).not_to_have_attribute("href", first)
    desk.screenshot(path=pictures / f"call-now-{name}.png", full_page=True)
    must_fit(desk)
    # Another desk sees the same: whom to ring now, and who was rung.
    other = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(other, stack, "supervisor")
    other.goto(f"{stack.url}/incident.html?id={incident['id']}")
    expect(other.locator(".k-now-list li").first).to_contain_text("tidak diangkat")
    expect(other.locator(".k-now-number")).to_have_text(number.inner_text())
    desk.keyboard.press("1")
    expect(frame).to_be_hidden()
    expect(other.locator(".k-now")).to_be_hidden()
    expect(desk.locator(".k-timeline")).to_contain_text(crew[0]["name"])


def test_whom_this_desk_rings_stays_on_its_screen_when_another_desk_has_rung_them_too(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    incident = _call(stack, "two-desks")
    crew = incident["crews"][0]["id"]
    first = next(page for page in incident["pages"] if page["kind"] == "page")
    desk = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/incident.html?id={incident['id']}")
    number = desk.locator(".k-now-number")
    rings = f"tel:{first['number']}"
    expect(number).to_have_attribute("href", rings)
    number.focus()
    rang = requests.post(
        f"{stack.url}/api/incidents/{incident['id']}/assignments/{crew}/unanswered-calls",
        json={"person_id": first["person_id"]},
        headers={"Authorization": f"Bearer {stack.token('supervisor')}", "Idempotency-Key": "their-call"},
        timeout=60,
    )
    assert rang.status_code == 201, rang.text
    expect(desk.get_by_text("meja lain sudah menelepon orang ini")).to_be_visible()
    expect(number).to_have_attribute("href", rings)
    desk.get_by_role("button", name="Lanjut ke").click()
    expect(number).not_to_have_attribute("href", rings)


def test_a_reply_that_needs_no_step_is_read_and_gone(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    incident = _call(stack, "reply")
    page = incident["pages"][0]
    phone = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    phone.goto(f"{stack.url}/simulator")
    screen = phone.locator(f"article[data-number='{page['number']}']")
    expect(screen.get_by_text(f"Balas: {page['reply']} YA").first).to_be_visible()
    screen.get_by_role("textbox").fill(f"{page['reply']} pesan otomatis, sedang mengemudi")
    screen.get_by_role("button", name="Kirim").click()
    expect(screen.get_by_text("Diteruskan ke meja 112")).to_be_visible()
    desk = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/incident.html?id={incident['id']}")
    expect(desk.get_by_text("sedang mengemudi").first).to_be_visible()
    desk.screenshot(path=pictures / "reply-phone.png")
    desk.get_by_role("button", name="Sudah dibaca, tanpa langkah").click()
    expect(desk.get_by_text("SMS perlu dibaca")).to_be_hidden()
    expect(desk.locator(".k-timeline")).to_contain_text("tidak perlu langkah")
