"""A real browser on the real stack; any script error or breach of the content policy fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect, sync_playwright

from tests.stack_process import StackProcess

FLAGS = (
    "--disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
# A foreign name that points to this machine, as DNS rebinding has it.
REBOUND = "--host-resolver-rules=MAP evil.test 127.0.0.1"
# Only what hangs reaches it.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    with StackProcess(tmp_path_factory.mktemp("browser") / "data") as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=[*FLAGS.split(), REBOUND, *sandbox])
        running.on("context", lambda context: context.set_default_timeout(PATIENCE_MS))
        yield running
        running.close()


@pytest.fixture(autouse=True)
def _no_page_left_open(browser: Browser) -> Iterator[None]:
    """Close a story's pages after it: their clocks and boards would keep the machine busy during all later tests."""
    yield
    for context in browser.contexts:
        # An answer that a story was still fetching fails with its page, and Playwright would tell the next story of it.
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()


class Complaints(list[str]):
    """What a page's console complained of."""

    def listen(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("console", lambda message: self.append(message.text) if message.type == "error" else None)
        return page


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    found = Complaints()
    yield found
    # Answers of 4xx that a story provokes are reported as failed loads; they are not the page's fault.
    assert [each for each in found if "Failed to load resource" not in each] == []


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: the folder that PICTURES names, or one that is thrown away."""
    folder = Path(os.environ.get("PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def own_menu(page: Page) -> Locator:
    """Open the menu behind who is signed in: theme, language, sign-out."""
    page.locator(".k-who-button").click()
    return page.locator("#who-menu")


def must_fit(page: Page) -> None:
    """Wait until a page is no wider than its window: what has just come, or the window's new size, may not be laid out yet."""
    size = page.viewport_size
    assert size
    expect(page.locator("html")).to_have_js_property("scrollWidth", size["width"])


def whole_answer(route: Route) -> APIResponse:
    """What the server answers to who has seen nothing of it yet: a page that asks again is told only that nothing changed."""
    asked = {name: value for name, value in route.request.headers.items() if name != "if-none-match"}
    return route.fetch(headers=asked)
