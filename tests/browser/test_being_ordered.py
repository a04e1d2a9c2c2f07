"""A large incident says on the board and on its own page what is being ordered, until all of it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from tests.browser.conftest import Complaints, whole_answer
from tests.browser.test_call_now import _call
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

REST = {"units": 39, "pages": 144, "crews_to_call_off": 0}


def _while_being_ordered(page: Page, rest: dict[str, Any]) -> None:
    """Answer for incidents as the server does within the seconds of their ordering."""

    def answer(route: Route) -> None:
        response = whole_answer(route)
        body = response.json()
        for one in body.get("incidents", [body]):
            one["being_ordered"] = rest
        route.fulfill(response=response, body=json.dumps(body))

    page.route("**/api/incidents*", answer)
    page.route("**/api/incidents/*", answer)


@pytest.mark.parametrize(
    ("view", "language", "name", "words"),
    [
        (PHONE, "", "phone", "39 unit lagi sedang dipanggil · 144 SMS lagi sedang disiapkan"),
        (DESKTOP, "en/", "desktop", "39 more units are being ordered · 144 more SMS are being written"),
    ],
    ids=["phone", "desktop"],
)
def test_what_is_being_ordered_is_said_until_it_is(
    stack: StackProcess,
    browser: Browser,
    complaints: Complaints,
    pictures: Path,
    view: ViewportSize,
    language: str,
    name: str,
    words: str,
) -> None:
    incident = _call(stack, f"being-ordered-{name}")
    page = complaints.listen(browser.new_context(viewport=view).new_page())
    rest = dict(REST)
    _while_being_ordered(page, rest)
    _sign_in(page, stack, "operator")
    page.goto(f"{stack.url}/{language}board.html")
    row = page.locator("li", has=page.locator(f"#open-{incident['id']}"))
    expect(row.get_by_text(words)).to_be_visible()
    page.screenshot(path=pictures / f"being-ordered-board-{name}.png")
    page.goto(f"{stack.url}/{language}incident.html?id={incident['id']}")
    expect(page.get_by_text(words)).to_be_visible()
    page.screenshot(path=pictures / f"being-ordered-incident-{name}.png")
    rest.update(units=0, pages=0)
    expect(page.get_by_text(words)).to_be_hidden()
