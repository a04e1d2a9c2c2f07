"""Every page in both themes as axe sees it, and what axe does not see: the way in by keyboard, edges and rings that can be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from chalicelib.gateways.clock import SystemClock
from tests.browser.accessible import at_rest, violations
from tests.browser.conftest import Complaints
from tests.browser.test_main_job import DESKTOP, PHONE, _sign_in
from tests.stack_process import StackProcess

TEMPLATES = Path(__file__).parents[2] / "admin_site" / "templates"
# A new page is looked at without being named here; these need no sign-in, or an incident.
PAGES = sorted(
    {each.stem for each in TEMPLATES.glob("[!_]*.html")}
    - {"index", "signed-in", "incident", "practice-incident"}
)
# The contrast of a field's edge with what lies around it, and of the focused one's ring (WCAG 2.2, 1.4.11 and 2.4.13).
EDGES = """() => {
  const channel = (value) => (value / 255 <= .03928 ? value / 255 / 12.92 : ((value / 255 + .055) / 1.055) ** 2.4);
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, below) => { const [r, g, b, a = 1] = top; return [r, g, b].map((one, i) => one * a + below[i] * (1 - a)); };
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  const ground = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("input:not([type=radio]):not([type=checkbox]), select, textarea, .k-choice > span, input[type=checkbox]")) {
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const around = ground(element);
    const own = over(parse(style.backgroundColor), around);
    const edge = Math.max(contrast(over(parse(style.borderTopColor), around), around), contrast(own, around));
    if (edge < 3) found.push(`${element.id || element.name || element.textContent.trim()}: edge ${edge.toFixed(2)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module", autouse=True)
def _an_open_incident(stack: StackProcess) -> Iterator[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {stack.token('supervisor')}", "Idempotency-Key": "accessible"}
    call = {
        "class": "emergency",
        "channel": "phone",
        "number": "0812 3456 7890",
        "received_at": SystemClock().now(),
        "incident": {"type": "house_fire", "location": {"district": "baamang", "landmark": "pasar"}},
    }
    taken = requests.post(f"{stack.url}/api/calls", json=call, headers=headers, timeout=60)
    taken.raise_for_status()
    incident = taken.json()["incident"]
    yield incident
    url = f"{stack.url}/api/incidents/{incident['id']}/cancel"
    requests.post(url, json={"reason": "Selesai"}, headers=headers, timeout=60).raise_for_status()


@pytest.fixture
def at_desk(browser: Browser, stack: StackProcess, complaints: Complaints) -> Page:
    page = complaints.listen(browser.new_page(viewport=DESKTOP, locale="id-ID"))
    _sign_in(page, stack, "admin")
    return page


def _shows(page: Page, stack: StackProcess, name: str, theme: str) -> None:
    page.goto(f"{stack.url}/{name}")
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    expect(page.locator("main").first).to_be_visible()
    expect(page.locator("#starting-busy")).to_be_hidden()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, at_desk: Page, stack: StackProcess, _an_open_incident: dict[str, Any], theme: str
) -> None:
    out = browser.new_page(viewport=DESKTOP, locale="id-ID")
    _shows(out, stack, "index.html", theme)
    found = {"index.html": violations(out)}
    for name in [*(f"{each}.html" for each in PAGES), f"incident.html?id={_an_open_incident['id']}"]:
        _shows(at_desk, stack, name, theme)
        found[name] = violations(at_desk)
    wrong = [f"{name}: {each}" for name, some in found.items() for each in some]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_field_has_an_edge_that_can_be_seen(at_desk: Page, stack: StackProcess, theme: str) -> None:
    found = {}
    for name in PAGES:
        _shows(at_desk, stack, f"{name}.html", theme)
        at_rest(at_desk)
        found[name] = at_desk.evaluate(EDGES)
    assert {name: each for name, each in found.items() if each} == {}


def test_the_first_press_of_tab_offers_to_skip_the_navigation(at_desk: Page, stack: StackProcess) -> None:
    _shows(at_desk, stack, "board.html", "light")
    at_desk.keyboard.press("Tab")
    expect(at_desk.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    at_desk.keyboard.press("Enter")
    expect(at_desk.locator("#main")).to_be_focused()


def test_an_address_that_leads_nowhere_is_a_page_in_its_language(
    browser: Browser, stack: StackProcess
) -> None:
    page = browser.new_page(viewport=PHONE)
    assert page.goto(f"{stack.url}/papan").status == 404  # type: ignore[union-attr]
    expect(page.get_by_role("heading", name="Halaman ini tidak ada")).to_be_visible()
    page.get_by_role("link", name="Papan").click()
    expect(page.locator("#username")).to_be_visible()
    page.goto(f"{stack.url}/en/deep/nothing.html")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    assert requests.get(f"{stack.url}/nothing.html", timeout=60).json()["code"] == "not_found"
