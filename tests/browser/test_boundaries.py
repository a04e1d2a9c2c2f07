"""Boundaries of districts: brought from a GeoJSON file on the district's form, and what a map point at the desk is then of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _choose, _sign_in
from tests.browser.test_registry import _of
from tests.stack_process import StackProcess
from tests.unit.test_boundaries import feature, star


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: other stories call from points that are nobody's."""
    with StackProcess(tmp_path_factory.mktemp("boundaries") / "data") as running:
        yield running


def _opens(browser: Browser, stack: StackProcess, complaints: Complaints, at: str) -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    page.goto(f"{stack.url}/registry.html#districts/{at}")
    expect(page.locator("#reg-title")).to_be_visible()
    return page


def _brings(page: Page, *features: dict[str, Any]) -> None:
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    file = FilePayload(name="kec.geojson", mimeType="application/geo+json", buffer=content)
    page.set_input_files("#boundary-file", file)


def _round(stack: StackProcess, id_: str, corners: int = 3000) -> dict[str, Any]:
    """A line of thousands of points around a district's centre."""
    district = _of(stack, f"districts/{id_}")
    return feature(star(corners, at=(district["lng"], district["lat"])), WADMKC=district["name"])


def test_one_file_brings_a_districts_boundary_into_its_form_and_the_others_by_one_press(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "baamang")
    part = page.locator(".k-reg-boundary")
    expect(part).to_contain_text("Belum ada batas")
    _brings(page, _round(stack, "baamang"), _round(stack, "seranau"), feature(star(8), nama="Lain"))
    expect(part).to_contain_text("Batasnya sudah ada di formulir")
    expect(part).to_contain_text(re.compile(r"3\.000 titik dibaca, \d+ disimpan, meleset paling jauh \d+ m"))
    expect(part.locator("svg")).to_be_visible()
    part.scroll_into_view_if_needed()
    page.screenshot(path=pictures / "boundary-brought.png")
    assert violations(page) == []
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
    kept = _of(stack, "districts/baamang")["boundary"]
    assert len(kept) == 1 and len(kept[0]) < 2000
    part.get_by_role("button", name="Simpan batas 1 kecamatan lain dari berkas ini").press("Enter")
    expect(part).to_contain_text("1 batas disimpan")
    assert len(_of(stack, "districts/seranau")["boundary"]) == 1
    expect(page.locator(".k-reg-history")).to_contain_text(re.compile(r"\d+ titik"))
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.screenshot(path=pictures / "boundary-dark.png")
    page.set_viewport_size(PHONE)
    must_fit(page)
    page.screenshot(path=pictures / "boundary-phone.png", full_page=True)


def test_what_is_wrong_with_a_file_is_said_in_plain_words(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "kota_besi")
    part = page.locator(".k-reg-boundary")
    right = _round(stack, "kota_besi", 12)
    line = right["geometry"]["coordinates"][0]
    _brings(page, feature([[y, x] for x, y in line], nama="Kota Besi"))
    expect(part).to_contain_text("Lintang dan bujur terbalik")
    part.scroll_into_view_if_needed()
    page.screenshot(path=pictures / "boundary-wrong.png")
    page.set_input_files("#boundary-file", FilePayload(name="kec.zip", mimeType="", buffer=b"PK"))
    expect(part.get_by_role("status").filter(has_text="Ini bukan berkas GeoJSON")).to_be_visible()
    assert _of(stack, "districts/kota_besi")["boundary"] == []


def test_at_the_desk_a_map_point_says_its_district_and_whoever_takes_the_call_decides(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "mentaya_hulu")
    _brings(page, _round(stack, "mentaya_hulu"))
    expect(page.locator(".k-reg-boundary")).to_contain_text("Batasnya sudah ada di formulir")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
    district = _of(stack, "districts/mentaya_hulu")
    page.goto(f"{stack.url}/desk.html")
    page.fill("#number", "0812 3456 7802")
    _choose(page, "#type", "kebakaran rumah", "Kebakaran rumah")
    _choose(page, "#district", "seranau", "Seranau")
    page.fill("#coordinates", f"{district['lat'] + 0.01}, {district['lng']}")
    hint = page.get_by_role("status").filter(has_text="Titik ini di Mentaya Hulu, bukan di Seranau.")
    expect(hint).to_be_visible()
    page.screenshot(path=pictures / "boundary-desk.png")
    hint.get_by_role("button", name="Pakai Mentaya Hulu").press("Enter")
    expect(page.locator("#district")).to_have_value("Mentaya Hulu")
    expect(hint).to_be_hidden()
    expect(page.locator("#narrative")).to_be_focused()
