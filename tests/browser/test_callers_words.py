"""What callers say, typed at the desk with the keyboard alone: it finds its type and place, and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, ViewportSize, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.conftest import Complaints, must_fit, own_menu
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

LAPTOP = ViewportSize(width=1280, height=720)


def _desk(browser: Browser, stack: StackProcess, complaints: Complaints, size: ViewportSize) -> Page:
    desk = complaints.listen(browser.new_page(viewport=size, locale="id-ID"))
    _sign_in(desk, stack, "operator")
    desk.goto(f"{stack.url}/desk.html")
    expect(desk.locator("#send")).to_be_enabled()
    return desk


def _type(desk: Page, field: str, *keys: str) -> None:
    desk.focus(field)
    for key in keys:
        if len(key) > 1 and key[0].isupper():
            desk.keyboard.press(key)
        else:
            desk.keyboard.type(key)


def test_what_a_caller_says_finds_type_and_place_by_the_keyboard_alone(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    desk = _desk(browser, stack, complaints, DESKTOP)
    _type(desk, "#type", "tbrakan")
    expect(desk.locator("#type-list [role=option]").first).to_contain_text("Kecelakaan lalu lintas")
    desk.screenshot(path=pictures / "finder-type.png")
    desk.keyboard.press("Tab")
    expect(desk.locator("#type")).to_have_value("Kecelakaan lalu lintas")

    _type(desk, "#district", "plangsian", "Enter")
    expect(desk.locator("#district")).to_have_value("Mentawa Baru Ketapang")
    expect(desk.locator("#village")).to_have_value("Pelangsian")
    expect(desk.locator(".k-preview .k-pick").first).to_be_visible()

    # The village's own field takes any name, and knows the registry's.
    _type(desk, "#village", "Control+a", "samuda kecl", "ArrowDown")
    desk.screenshot(path=pictures / "finder-village.png")
    desk.keyboard.press("Enter")
    expect(desk.locator("#village")).to_have_value("Samuda Kecil")
    expect(desk.locator("#district")).to_have_value("Mentaya Hilir Selatan")
    _type(desk, "#village", "Control+a", "rt 5 kampung baru", "Tab")
    expect(desk.locator("#village")).to_have_value("rt 5 kampung baru")
    expect(desk.locator("#district")).to_have_value("Mentaya Hilir Selatan")

    # Another name of a district; a village of elsewhere does not stay behind.
    _type(desk, "#district", "baamang barat", "Enter")
    _type(desk, "#district", "mbk", "Enter")
    expect(desk.locator("#district")).to_have_value("Mentawa Baru Ketapang")
    expect(desk.locator("#village")).to_have_value("")


def test_words_that_find_nothing_are_told_and_go_into_what_the_caller_says(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    desk = _desk(browser, stack, complaints, DESKTOP)
    desk.fill("#narrative", "Di belakang pasar.")
    _type(desk, "#type", "zwjxq blorp")
    shown = desk.locator("#type-list")
    expect(shown).to_contain_text("Tidak ada yang cocok dengan “zwjxq blorp”.")
    expect(shown.locator("[role=option]")).to_have_count(1)
    expect(shown.locator("[role=option]")).to_contain_text("Darurat lainnya")
    desk.screenshot(path=pictures / "finder-nothing.png")
    desk.keyboard.press("Enter")
    expect(desk.locator("#type")).to_have_value("Darurat lainnya")
    expect(desk.locator("#narrative")).to_have_value("zwjxq blorp\nDi belakang pasar.")
    _type(desk, "#district", "baamang", "Enter")
    expect(desk.locator(".k-preview .k-pick").first).to_be_visible()


def test_what_says_more_than_its_type_or_place_is_kept_and_no_name_is_guessed_from_one_like_it(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    desk = _desk(browser, stack, complaints, LAPTOP)
    _type(desk, "#type", "orang gila ngamuk, lima murid terkunci", "Tab")
    expect(desk.locator("#type")).to_have_value("Gangguan jiwa")
    expect(desk.locator("#narrative")).to_have_value("orang gila ngamuk, lima murid terkunci")
    _type(desk, "#district", "jalan tjilik riwut km 12 baamang", "Tab")
    expect(desk.locator("#district")).to_have_value("Baamang")
    expect(desk.locator("#landmark")).to_have_value("jalan tjilik riwut km 12 baamang")
    desk.fill("#landmark", "")
    _type(desk, "#district", "Control+a", "terminal patih rumbih", "Tab")
    expect(desk.locator("#district")).to_have_value("Baamang")
    expect(desk.locator("#landmark")).to_have_value("terminal patih rumbih")


def test_the_field_tells_a_screen_reader_what_it_finds(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    desk = _desk(browser, stack, complaints, DESKTOP)
    field, shown = desk.locator("#type"), desk.locator("#type-list [role=option]")
    _type(desk, "#type", "banjir")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(desk.locator(".k-combo:has(#type) [role=status]")).to_have_text(f"{shown.count()} pilihan")

    def active() -> str:
        selected = desk.locator("#type-list [aria-selected=true]")
        expect(selected).to_have_count(1)
        assert selected.get_attribute("id") == field.get_attribute("aria-activedescendant")
        return selected.inner_text()

    assert active().startswith("Banjir")
    desk.keyboard.press("End")
    expect(shown.last).to_have_attribute("aria-selected", "true")
    assert active().startswith("Darurat lainnya")
    desk.keyboard.press("Home")
    expect(shown.first).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("")


@pytest.fixture(scope="module")
def six_near_by(stack: StackProcess) -> None:
    """Drills, opened once: no person may open them faster."""
    headers = {"Authorization": f"Bearer {stack.token('operator')}"}
    for number, type_ in enumerate(["house_fire", "haze", "house_fire", "house_fire", "snake_bite", "haze"]):
        body = {
            "channel": "phone",
            "class": "emergency",
            "received_at": SystemClock().now(),
            "incident": {
                "type": type_,
                "location": {
                    "district": "seranau",
                    "village": "Ganepo",
                    "landmark": f"Simpang {number}, belakang surau",
                },
                "drill": True,
            },
        }
        key = {"Idempotency-Key": f"near-{number}"}
        answer = requests.post(f"{stack.url}/api/calls", json=body, headers=headers | key, timeout=60)
        assert answer.status_code == 201, answer.text


@pytest.mark.usefixtures("six_near_by")
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_may_be_the_same_leaves_who_would_go_in_view(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path, language: str
) -> None:
    desk = _desk(browser, stack, complaints, LAPTOP)
    if language == "en":
        own_menu(desk)
        with desk.expect_navigation():
            desk.locator("#who-menu").get_by_role("link", name="English").click()
        expect(desk.locator("#send")).to_be_enabled()
    _type(desk, "#type", "api", "Enter")
    _type(desk, "#district", "ganepo", "Enter")
    near = desk.locator(".k-near")
    expect(near).to_have_count(3)
    expect(near.filter(has_text="Gigitan ular")).to_have_count(0)
    going = desk.locator(".k-preview .k-pick").first
    expect(going).to_be_in_viewport(ratio=0.9)
    desk.screenshot(path=pictures / f"nearby-{language}.png")
    desk.locator(".k-near-more").click()
    expect(desk.locator(".k-near-more")).to_be_hidden()
    desk.set_viewport_size(PHONE)
    desk.screenshot(path=pictures / f"nearby-{language}-phone.png", full_page=True)
    must_fit(desk)
