"""What a change of the registry does to dispatch, read in a browser before it is saved."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints
from tests.browser.test_coming import Desk
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

EFFECT = re.compile(r"/effect(\?|$)")


def _opens(
    browser: Browser, stack: StackProcess, complaints: Complaints, at: str, user: str = "admin"
) -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, user)
    page.goto(f"{stack.url}/registry.html{at}")
    expect(page.locator("#reg-title")).to_be_visible()
    return page


def test_all_districts_are_tried_while_one_reads_and_what_must_end_before_is_named(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    opened = Desk(stack).call("drowning", "Dermaga Mentaya")
    assert "polairud_1" in [each["unit_id"] for each in opened["assignments"]]
    page = _opens(browser, stack, complaints, "#units/polairud_1")
    held: list[Route] = []

    def third(route: Route) -> None:
        # The third district's answer is long in coming.
        asked.append(route.request.url)
        if len(asked) == 4:
            held.append(route)
        else:
            route.continue_()

    asked: list[str] = []
    page.route(EFFECT, third)
    page.get_by_role("button", name="Pensiunkan unit").click()
    effect = page.locator(".k-reg-effect")
    expect(effect).to_contain_text("2 dari 17 kecamatan")
    # The incident, in which it is out, must end before: trying goes on, and saving would be refused.
    expect(effect.get_by_text("Sedang dicoba…", exact=True)).to_be_visible()
    expect(page.locator("#reg-save")).to_have_text("Bereskan dulu 3 hal")
    # What runs is named beside what is on rosters, and opens at a click.
    incident = effect.get_by_role("link", name=re.compile("Orang tenggelam"))
    expect(incident).to_have_attribute("href", f"incident.html?id={opened['id']}")
    expect(effect).to_contain_text("giliran di jadwal sampai")
    page.screenshot(path=pictures / "effect-asking.png", full_page=True)
    held[0].continue_()
    expect(effect).to_contain_text("di 17 kecamatan")
    expect(effect).not_to_contain_text("dari 17 kecamatan")
    assert len(asked) == 18
    assert violations(page) == []
    page.screenshot(path=pictures / "effect-whole.png", full_page=True)


def test_a_newer_draft_ends_the_asking_for_the_older_one(
    browser: Browser, stack: StackProcess, complaints: Complaints
) -> None:
    page = _opens(browser, stack, complaints, "#units/damkar_1")
    asked: list[str] = []
    held: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route.request.post_data or "")
        if '"min_crew":9' in asked[-1] and "district" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route(EFFECT, hold)
    page.fill("#min_crew", "9")
    effect = page.locator(".k-reg-effect")
    expect(effect).to_contain_text("0 dari 17 kecamatan")
    page.fill("#min_crew", "8")
    expect(effect).to_contain_text("di 17 kecamatan")
    held[0].continue_()
    page.get_by_role("button", name="Batalkan perubahan").click()
    expect(effect).to_be_hidden()
    # One district of the older draft was on its way; none was asked for after it.
    assert sum('"min_crew":9' in each for each in asked) == 2


def test_a_policy_says_who_would_not_be_asked_any_more_and_a_plan_what_its_removal_leaves(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = _opens(browser, stack, complaints, "#escalation-policies/urgent")
    page.locator(
        "[data-path='steps'] input[type=number], [data-path='steps'] input[inputmode=numeric]"
    ).first.fill("600")
    effect = page.locator(".k-reg-effect")
    expect(effect.locator("tbody tr").first).to_contain_text("+10:00")
    expect(effect).to_contain_text("di 17 kecamatan")
    page.screenshot(path=pictures / "effect-policy.png", full_page=True)

    page.goto(f"{stack.url}/registry.html#response-plans/house_fire")
    page.get_by_role("button", name="Hapus rencana respons").click()
    expect(effect).to_contain_text("Yang berubah di pengerahan bila dihapus")
    expect(effect).to_contain_text("di 17 kecamatan")
    page.get_by_role("button", name="Jangan hapus").click()
    expect(effect).to_be_hidden()


def test_on_a_phone_the_box_fits_and_what_was_not_asked_is_said(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=PHONE, locale="id-ID", color_scheme="dark"))
    _sign_in(page, stack, "admin_damkar")
    page.goto(f"{stack.url}/registry.html#units/damkar_1")
    page.route(re.compile("district=seranau"), lambda route: route.abort())
    page.get_by_role("button", name="Pensiunkan unit").click()
    effect = page.locator(".k-reg-effect")
    expect(effect.locator(".k-warning")).to_contain_text("Tidak diketahui apa yang berubah")
    # What was tried until then stays, and is not said to be all.
    expect(effect).to_contain_text("jawaban sudah dicoba")
    expect(effect.locator("tbody tr").first).to_be_visible()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.screenshot(path=pictures / "effect-phone.png", full_page=True)
