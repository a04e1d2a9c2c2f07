"""The text of an SMS as it would go out, while an officer writes it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.accessible import violations
from tests.browser.conftest import Complaints, must_fit
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess


def test_a_text_shows_as_it_would_go_out_while_it_is_written(
    browser: Browser, stack: StackProcess, complaints: Complaints, pictures: Path
) -> None:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    page.goto(f"{stack.url}/registry.html#sms-texts/+")
    expect(page.locator("#starting")).to_have_count(0)
    page.select_option("#kind", "caller")
    page.select_option("#language", "id")
    page.fill("#body", "112 {regency} — kejadian {label} diterima, dikirim pukul {at}.")
    preview = page.locator(".k-sms-preview")
    expect(preview.locator(".k-sms-text")).to_contain_text("- kejadian 7F3K diterima")
    expect(preview).to_contain_text("Satu SMS:")
    expect(preview).to_contain_text("— → -")
    page.fill("#body", "112 {unit} {regency}")
    expect(preview.locator(".k-sms-wrong").first).to_be_visible()
    page.fill("#body", "{regency} " * 20)
    expect(preview.locator(".k-sms-long")).to_be_visible()
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        must_fit(page)
        page.screenshot(path=pictures / f"sms-preview-{size['width']}.png", full_page=True)
    assert violations(page) == []
    # Another noun has none.
    page.goto(f"{stack.url}/registry.html#units")
    expect(preview).to_be_hidden()
