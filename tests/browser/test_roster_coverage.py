"""Below the month sheet: which shift has no answer to what, and why, as soon as a cell is emptied and as soon as it is filled again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_roster import _cell, _month, _new, _opens, _saved
from tests.stack_process import StackProcess


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own: drafts are filled in."""
    with StackProcess(tmp_path_factory.mktemp("coverage") / "data") as running:
        yield running


def _line(page: Page, name: str) -> Locator:
    return page.locator(".k-cover tr", has=page.get_by_role("rowheader", name=re.compile(f"^{name}")))


def _filled(page: Page) -> None:
    """By the patterns, unless a story before has done so."""
    expect(page.locator(".k-roster-start:visible, .k-grid:visible").first).to_be_visible()
    if page.locator(".k-roster-start").is_visible():
        page.locator(".k-roster-start .btn-primary").click()
        page.locator("dialog[open] .btn-primary").click()
    expect(_cell(page, "Andi Saputra", 1)).to_have_text("P")
    _saved(page)


def test_an_emptied_cell_leaves_a_plan_without_an_answer_and_says_why(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    month = _month(1)
    page = _opens(_new(browser, complaints), stack, "admin_damkar", month)
    _filled(page)
    fires = _line(page, "Kebakaran rumah")
    expect(fires.locator(".k-cover-end")).to_have_text(re.compile(r"^terjawab (\d+) dari \1$"))
    expect(page.locator(".k-roster-gaps")).to_be_hidden()
    # Whoever stands by for the whole agency makes up a crew, and not two.
    unit = _line(page, "Damkar 1")
    expect(unit.locator(".k-cover-end")).to_have_text(re.compile(r"^lengkap (\d+) dari \1$"))
    _cell(page, "Andi Saputra", 5).click()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    expect(unit.locator("td").nth(4)).to_have_text(re.compile("1"))
    expect(unit.locator("td").nth(4).get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("^Damkar 1, .* 5 .*: 1 orang$")
    )
    assert violations(page) == []
    page.screenshot(path=pictures / "coverage-unit.png", full_page=True)


def test_a_whole_crew_emptied_has_its_plans_named_with_the_planners_reason(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    month = _month(2)
    page = _opens(_new(browser, complaints), stack, "admin_damkar", month)
    _filled(page)
    expect(page.locator(".k-cover")).to_be_visible()
    # Nobody is left on the sixth.
    page.locator(".k-grid tbody tr:not(.k-grid-section)").first.locator("td").nth(5).click()
    page.keyboard.press("Control+Shift+ArrowDown")
    page.keyboard.press("Delete")
    _saved(page)
    gaps = page.locator(".k-roster-gaps")
    expect(gaps).to_be_visible()
    fires = _line(page, "Kebakaran rumah")
    expect(fires.locator("td").nth(5).locator(".k-cover-gap").first).to_be_visible()
    why = fires.locator("xpath=following-sibling::tr[1]")
    expect(why).to_contain_text("tidak ada regu")
    expect(why).to_contain_text("Damkar 1")
    gaps.click()
    expect(page.locator("#coverage")).to_be_in_viewport()
    assert violations(page) == []
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
        for width, height in ((1440, 900), (1280, 800), (390, 844), (360, 740)):
            page.set_viewport_size({"width": width, "height": height})
            must_fit(page)
            page.screenshot(path=pictures / f"coverage-{theme}-{width}.png", full_page=True)
        assert violations(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator(".k-grid td[tabindex]").focus()
    page.keyboard.press("Control+Z")
    expect(gaps).to_be_hidden()
    expect(fires.locator(".k-cover-gap")).to_have_count(0)


def test_a_leader_reads_what_is_published_in_both_languages(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(_new(browser, complaints), stack, "bupati", _month(0), to="en/")
    expect(page.locator("#coverage .k-minor")).to_contain_text("As of")
    expect(_line(page, "House fire").locator(".k-cover-end")).to_contain_text("answered")


def test_what_could_not_be_reckoned_is_said_and_asked_again(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _new(browser, complaints)
    page.route("**/coverage**", lambda route: route.abort())
    _opens(page, stack, "admin_damkar", _month(3))
    expect(page.locator("#coverage .k-minor")).to_contain_text("Tidak termuat")
    page.unroute("**/coverage**")
    page.locator("#coverage").get_by_role("button", name="Coba lagi").click()
    expect(page.locator(".k-cover")).to_be_visible()
