"""Amending an incident in a browser: what changed, what the plan makes of it, and what somebody else did meanwhile."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit, own_menu
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

LAPTOP = ViewportSize(width=1280, height=720)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: with the other stories' crews out, the plan would send nobody else."""
    with StackProcess(tmp_path_factory.mktemp("amend") / "data") as running:
        yield running


def _post(stack: StackProcess, key: str, body: dict[str, Any]) -> dict[str, Any]:
    call = {"channel": "phone", "class": "emergency", "received_at": SystemClock().now(), **body}
    headers = {"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": key}
    answer = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text
    taken: dict[str, Any] = answer.json()
    return taken


@pytest.fixture
def fire(stack: StackProcess) -> Iterator[Callable[[str], str]]:
    """Opens drills of a house fire somewhere after the bridge, and cancels them after the story: its crews are free again."""
    opened: list[str] = []

    def open_one(key: str) -> str:
        location = {"district": "baamang", "village": "Baamang Hulu", "landmark": "sesudah jembatan"}
        words = "Rumah kayu terbakar."
        incident = {"type": "house_fire", "location": location, "narrative": words, "drill": True}
        opened.append(str(_post(stack, key, {"incident": incident})["incident"]["id"]))
        return opened[-1]

    yield open_one
    for each in opened:
        answer = requests.post(
            f"{stack.url}/api/incidents/{each}/cancel",
            json={"reason": "latihan selesai"},
            headers={"Authorization": f"Bearer {stack.token('operator')}", "Idempotency-Key": f"end-{each}"},
            timeout=60,
        )
        assert answer.status_code == 200, answer.text


def _joined(stack: StackProcess, key: str, incident: str, location: dict[str, Any]) -> None:
    said = {"location": location, "narrative": "Saya lihat dari seberang."}
    _post(stack, key, {"incident_id": incident, "number": "081299990000", "said": said})


def _incident(
    browser: Browser,
    stack: StackProcess,
    complaints: Complaints,
    incident: str,
    size: ViewportSize,
    user: str = "operator",
    language: str = "",
) -> Page:
    page = complaints.listen(browser.new_page(viewport=size, locale="id-ID"))
    _sign_in(page, stack, user)
    page.goto(f"{stack.url}/{language}incident.html?id={incident}")
    expect(page.locator("h1")).to_be_visible()
    return page


def _detail(stack: StackProcess, incident: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    detail: dict[str, Any] = requests.get(
        f"{stack.url}/api/incidents/{incident}", headers=headers, timeout=60
    ).json()
    return detail


def test_an_officer_amends_with_the_keyboard_and_sends_what_the_plan_now_wants(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints, pictures: Path
) -> None:
    incident = fire("keyboard")
    page = _incident(browser, stack, complaints, incident, LAPTOP)
    page.keyboard.press("u")
    expect(page.locator("#amend-landmark")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("dermaga belakang masjid, kapal kayu")
    page.focus("#type")
    page.keyboard.type("kapal terbakar")
    page.keyboard.press("Enter")
    dialog = page.locator("#amend")
    changed = dialog.locator(".k-changed").locator("visible=true")
    expect(changed).to_have_count(3)
    expect(dialog.locator("[data-field=terrain] s")).to_have_text("Darat")
    expect(dialog.locator("[data-field=type] s")).to_have_text("Kebakaran rumah")

    plan = dialog.locator(".k-amend-plan")
    expect(plan.get_by_role("heading")).to_have_text("Rencana sekarang: Kebakaran kapal")
    send = plan.get_by_role("checkbox", name="Kirim")
    recall = plan.get_by_role("checkbox", name="Tarik")
    expect(send.first).to_be_checked()
    sending = send.count()
    expect(recall.first).not_to_be_checked()
    expect(plan.locator(".k-amend-sms")).to_contain_text(
        re.compile(r"SMS ke \d+ orang di \d+ regu .* 1 SMS, \d+ huruf")
    )
    expect(page.locator("#amend-save")).to_contain_text(f"Simpan dan kirim {sending} unit")
    page.screenshot(path=pictures / "amend-1280.png")

    # The words of the buttons follow the ticks.
    send.first.press("Space")
    expect(page.locator("#amend-save")).to_contain_text(f"Simpan dan kirim {sending - 1} unit")
    recall.first.press("Space")
    expect(page.locator("#amend-save")).to_contain_text(f"Simpan, kirim {sending - 1}, tarik 1")
    recall.first.press("Space")
    send.first.press("Space")

    # One key puts a field back.
    page.focus("#amend-landmark")
    page.keyboard.press("Alt+Backspace")
    expect(page.locator("#amend-landmark")).to_have_value("sesudah jembatan")
    page.keyboard.press("Control+a")
    page.keyboard.type("dermaga belakang masjid")
    expect(page.locator("#amend-save")).to_contain_text(f"Simpan dan kirim {sending} unit")
    expect(plan).not_to_have_class(re.compile("k-busy"))
    page.keyboard.press("Control+Enter")

    expect(dialog).to_be_hidden()
    expect(page.locator("h1")).to_contain_text("Kebakaran kapal")
    expect(page.locator(".k-head .k-amended").first).to_have_text(
        re.compile(r"diubah \d\d:\d\d, semula Kebakaran rumah")
    )
    expect(page.locator("dd", has_text="dermaga belakang masjid")).to_contain_text("semula sesudah jembatan")
    expect(page.locator(".k-timeline s").first).to_have_text("sesudah jembatan")
    expect(page.locator(".k-assignment", has_text="Kapal Damkar")).to_be_visible()
    expect(page.locator(".k-note")).to_have_count(0)
    detail = _detail(stack, incident)
    assert (detail["type"], detail["terrain"], detail["amended"]) == ("boat_fire", "water", 1)
    page.screenshot(path=pictures / "amended-1280.png", full_page=True)


def test_two_desks_that_change_one_field_see_both_values_at_it(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints, pictures: Path
) -> None:
    incident = fire("two-desks")
    first = _incident(browser, stack, complaints, incident, DESKTOP)
    second = _incident(browser, stack, complaints, incident, LAPTOP, user="supervisor")
    refused: list[int] = []
    first.on(
        "response", lambda answer: refused.append(answer.status) if answer.request.method == "PATCH" else None
    )
    first.keyboard.press("u")
    first.fill("#amend-landmark", "pasar ikan")
    first.fill("#amend-narrative", "Dua rumah.")
    # What the other desk saves is not heard of before the own is sent.
    asking = re.compile(rf"/api/incidents/{incident}$")

    def deaf(route: Route) -> None:
        route.abort() if route.request.method == "GET" else route.continue_()

    first.route(asking, deaf)
    second.keyboard.press("u")
    second.fill("#amend-landmark", "dermaga")
    second.keyboard.press("Control+Enter")
    expect(second.locator("#amend")).to_be_hidden()
    expect(second.locator("dd", has_text="dermaga")).to_be_visible()

    first.keyboard.press("Control+Enter")
    expect(first.locator("[data-field=landmark] .k-error")).to_be_visible()
    assert refused == [409]
    first.unroute(asking, deaf)
    landmark = first.locator("[data-field=landmark]")
    expect(landmark).to_contain_text("Sementara itu diubah orang lain menjadi: dermaga")
    expect(first.locator("#amend-landmark")).to_have_value("pasar ikan")
    first.screenshot(path=pictures / "amend-clash-1440.png")
    # Pressing once more chooses nothing: both still stand there.
    first.keyboard.press("Control+Enter")
    expect(landmark.get_by_role("button", name="Pakai yang itu")).to_be_visible()
    landmark.get_by_role("button", name="Tetap punya saya").click()
    first.keyboard.press("Control+Enter")
    expect(first.locator("#amend")).to_be_hidden()
    detail = _detail(stack, incident)
    assert (detail["landmark"], detail["narrative"], detail["amended"]) == ("pasar ikan", "Dua rumah.", 2)


def test_what_somebody_else_did_is_seen_at_the_field_before_anything_is_sent(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints
) -> None:
    incident = fire("seen-before")
    page = _incident(browser, stack, complaints, incident, DESKTOP)
    page.keyboard.press("u")
    page.fill("#amend-landmark", "pasar ikan")
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}", "Idempotency-Key": "seen-before-amend"}
    body = {"version": _detail(stack, incident)["version"], "landmark": "dermaga", "priority": 2}
    answer = requests.patch(f"{stack.url}/api/incidents/{incident}", json=body, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    landmark = page.locator("[data-field=landmark]")
    expect(landmark).to_contain_text("Sementara itu diubah orang lain menjadi: dermaga")
    # What was not touched follows.
    expect(page.locator("[data-field=priority] input[value='2']")).to_be_checked()
    landmark.get_by_role("button", name="Pakai yang itu").click()
    expect(page.locator("#amend-landmark")).to_have_value("dermaga")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#amend")).to_be_hidden()
    assert _detail(stack, incident)["amended"] == 1


def test_a_draft_outlives_the_dialog_and_the_page_and_a_preview_that_fails_holds_nothing_up(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints, pictures: Path
) -> None:
    incident = fire("draft")
    page = _incident(browser, stack, complaints, incident, DESKTOP, language="en/")
    page.route("**/amendments/preview", lambda route: route.abort())
    page.keyboard.press("u")
    page.fill("#amend-landmark", "behind the market")
    expect(page.locator(".k-amend-plan")).to_contain_text("You can save all the same")
    page.keyboard.press("Escape")
    expect(page.locator("#amend")).to_be_hidden()
    expect(page.get_by_text("Your changes to this incident are not saved.")).to_be_visible()
    page.reload()
    expect(page.locator("#amend")).to_contain_text("Your unsaved changes are back.")
    expect(page.locator("#amend-landmark")).to_have_value("behind the market")
    page.screenshot(path=pictures / "amend-en-1440.png")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#amend")).to_be_hidden()
    expect(page.locator("dd", has_text="behind the market")).to_contain_text("before: sesudah jembatan")
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_text("not saved")).to_be_hidden()


def test_a_lost_answer_is_asked_for_again_under_one_key(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints
) -> None:
    incident = fire("lost-answer")
    page = _incident(browser, stack, complaints, incident, DESKTOP)
    keys: list[str | None] = []

    def lost(route: Route) -> None:
        if route.request.method != "PATCH":
            return route.continue_()
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        route.abort()
        return None

    page.route(re.compile(rf"/api/incidents/{incident}$"), lost)
    page.keyboard.press("u")
    page.fill("#amend-landmark", "pasar ikan")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#amend")).to_be_hidden()
    assert len(keys) == 2 and len(set(keys)) == 1
    assert _detail(stack, incident)["amended"] == 1


def test_what_is_half_typed_when_the_sign_in_ends_is_back_after_the_next(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints
) -> None:
    incident = fire("sign-in-ends")
    page = _incident(browser, stack, complaints, incident, DESKTOP)
    page.keyboard.press("u")
    page.fill("#amend-landmark", "pasar ikan")
    page.evaluate(
        "Object.keys(sessionStorage).filter(n => n.startsWith('oidc.user')).map(n => sessionStorage.removeItem(n))"
    )
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#username")
    password = json.loads((stack.stack.data / "secrets.json").read_text())["demo_password"]
    page.fill("#username", "operator")
    page.fill("#password", password)
    page.click("button[type=submit]")
    expect(page.locator("#amend-landmark")).to_have_value("pasar ikan")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#amend")).to_be_hidden()
    assert _detail(stack, incident)["landmark"] == "pasar ikan"


def test_a_callers_better_place_is_taken_over_with_one_key_and_given_back_with_another(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints, pictures: Path
) -> None:
    incident = fire("better-place")
    _joined(stack, "better-place-2", incident, {"district": "baamang", "landmark": "Dermaga Habaring Hurung"})
    page = _incident(browser, stack, complaints, incident, DESKTOP)
    take = page.get_by_role("button", name="Ambil tempat ini")
    expect(take).to_be_visible()
    page.screenshot(path=pictures / "take-place-1440.png", full_page=True)
    page.keyboard.press("t")
    expect(page.get_by_text("Tempat dari penelepon sudah diambil.")).to_be_visible()
    expect(page.locator("#amend")).to_be_hidden()
    place = page.locator("dd", has_text="Dermaga Habaring Hurung").first
    expect(place).to_contain_text("semula sesudah jembatan")
    expect(take).to_be_hidden()
    page.screenshot(path=pictures / "taken-place-1440.png", full_page=True)
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_text("Tempat dari penelepon sudah diambil.")).to_be_hidden()
    assert _detail(stack, incident)["landmark"] == "sesudah jembatan"
    # What was given back is not taken again by a slip of the finger.
    expect(take).to_be_visible()
    expect(take.locator("kbd")).to_be_hidden()


def test_a_place_that_alters_the_plan_opens_the_dialog_filled_in(
    browser: Browser, stack: StackProcess, fire: Callable[[str], str], complaints: Complaints, pictures: Path
) -> None:
    incident = fire("far-place")
    page = _incident(browser, stack, complaints, incident, PHONE)
    page.route(
        "**/amendments/preview",
        lambda route: route.fulfill(json=route.fetch().json() | {"plan_changes": True}),
    )
    _joined(stack, "far-place-2", incident, {"district": "seranau", "landmark": "bengkel Udin"})
    page.get_by_role("button", name="Ambil tempat ini").click()
    dialog = page.locator("#amend")
    expect(dialog).to_be_visible()
    expect(page.locator("#district")).to_have_value("Seranau")
    expect(page.locator("#village")).to_have_value("")
    expect(page.locator("#amend-landmark")).to_have_value("bengkel Udin")
    assert _detail(stack, incident)["amended"] == 0
    must_fit(page)
    page.screenshot(path=pictures / "amend-390.png")
    # Nobody is sent whom nobody has seen: pressed before the plan is there, the button only shows it.
    plan = page.locator(".k-amend-plan")
    expect(plan.get_by_role("heading")).to_contain_text("Rencana sekarang")
    expect(plan).not_to_have_class(re.compile("k-busy"))
    plan.scroll_into_view_if_needed()
    page.screenshot(path=pictures / "amend-plan-390.png")
    page.locator("#amend-save").click()
    expect(dialog).to_be_hidden()
    assert _detail(stack, incident)["district"] == "seranau"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_dialog_and_page(
    browser: Browser,
    stack: StackProcess,
    fire: Callable[[str], str],
    complaints: Complaints,
    pictures: Path,
    theme: str,
) -> None:
    incident = fire(f"axe-{theme}")
    page = _incident(browser, stack, complaints, incident, DESKTOP)
    if theme == "dark":
        own_menu(page).get_by_role("button", name="Gelap").click()
    page.keyboard.press("u")
    page.fill("#amend-landmark", "dermaga")
    page.fill("#type", "kapal terbakar")
    page.keyboard.press("Enter")
    expect(page.locator(".k-amend-plan").get_by_role("checkbox").first).to_be_visible()
    page.screenshot(path=pictures / f"amend-{theme}.png")
    assert violations(page) == []
    page.get_by_role("button", name="Simpan tanpa mengirim unit").click()
    expect(page.locator("#amend")).to_be_hidden()
    expect(page.locator(".k-head .k-amended").first).to_be_visible()
    page.screenshot(path=pictures / f"amended-{theme}.png", full_page=True)
    assert violations(page) == []
