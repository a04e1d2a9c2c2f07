"""The deployed site in a browser, under its real names: signed in through the pool's own page, with the deployed headers."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect, sync_playwright

from infra.local.static import FOREVER
from tests.browser.conftest import FLAGS, PATIENCE_MS
from tests.deploy.stage import PASSWORD, Stage


@pytest.fixture(scope="module")
def browser(stage: Stage) -> Iterator[BrowserContext]:
    """Chromium that reaches the internet through the edge alone."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=found, args=[*FLAGS.split(), *sandbox], proxy={"server": stage.aws.proxy}
        )
        context = running.new_context(ignore_https_errors=True, locale="id-ID")
        context.set_default_timeout(PATIENCE_MS)
        yield context
        running.close()


def test_an_operator_signs_in_through_the_pools_page_and_reaches_the_desk(
    stage: Stage, operator: str, browser: BrowserContext
) -> None:
    complaints: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(stage.url)
    page.click("#sign-in")
    page.wait_for_url(re.compile(re.escape(stage.data["SignInUrl"])))
    page.fill("#username", "operator")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{stage.url}/desk.html")
    expect(page.locator("#number")).to_be_visible()
    # Who it is comes from the interface, by the token.
    expect(page.get_by_role("banner")).to_contain_text("Operator")
    page.goto(f"{stage.url}/board.html")
    expect(page.get_by_role("button", name="Semua")).to_be_visible()
    # The icon that Chromium asks every site for.
    assert [each for each in complaints if "status of 404" not in each] == []


def test_the_first_administrator_chooses_a_password_at_the_first_sign_in(
    stage: Stage, browser: BrowserContext
) -> None:
    cognito = stage.aws.client("cognito-idp")
    temporary = {"UserPoolId": stage.data["UserPoolId"], "Username": "admin", "Password": "Sementara-2026"}
    cognito.admin_set_user_password(**temporary, Permanent=False)
    page = browser.browser.new_context(ignore_https_errors=True).new_page()  # type: ignore[union-attr]
    page.goto(stage.url)
    page.click("#sign-in")
    page.fill("#username", "admin")
    page.fill("#password", "Sementara-2026")
    page.click("button[type=submit]")
    page.fill("#new_password", PASSWORD)
    page.fill("#confirm_password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile(re.escape(stage.url) + "/(board|registry)\\.html"))


def test_pages_are_revalidated_and_what_they_load_is_kept_for_good(stage: Stage) -> None:
    page = stage.http.get(f"{stage.url}/desk.html", timeout=60)
    assert page.headers["Cache-Control"] == "no-cache"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and stage.data["SignInUrl"] in policy
    module = re.search(r'src="(/assets/[^"]+\.js)"', page.text)
    assert module
    script = stage.http.get(stage.url + module[1], timeout=60)
    assert script.headers["Cache-Control"] == FOREVER
    assert script.headers["Content-Type"].startswith("text/javascript")


def test_what_the_interface_answers_is_kept_nowhere(stage: Stage) -> None:
    answer = stage.call("GET", "/api/config")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_address_that_the_site_has_not_is_a_page_and_the_interfaces_own_answer_stays(stage: Stage) -> None:
    for path in ("/papan", "/en/nothing.html"):
        missing = stage.http.get(stage.url + path, timeout=60)
        assert missing.status_code == 404
        assert missing.headers["Content-Type"] == "text/html"
        assert "default-src 'self'" in missing.headers["Content-Security-Policy"]
        assert "Halaman itu tidak ada" in missing.text and 'href="/board.html"' in missing.text
        assert "There is no such page" in missing.text
    program = {"Accept": "application/json"}
    for path in ("/api/nothing", "/api/incidents/nothing"):
        answer = stage.http.get(stage.url + path, headers=program, timeout=60)
        assert answer.headers["Content-Type"].startswith("application/json"), path
    assert stage.call("GET", "/api/nothing").status_code == 404
