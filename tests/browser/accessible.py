"""What axe-core finds on a page as it stands, in a line each."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What goes on for ever, such as a pulse, is no transition.
CHANGING = (
    "document.getAnimations().some((each) => each instanceof CSSTransition && each.playState === 'running')"
)


def at_rest(page: Page) -> None:
    """Wait until every colour that changes is what it changes to."""
    while page.evaluate(CHANGING):
        page.wait_for_timeout(20)


def violations(page: Page) -> list[str]:
    """Return rule and place of each thing that axe finds wrong, once no colour is on its way to another."""
    at_rest(page)
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]
    ]
