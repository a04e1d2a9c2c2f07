"""A foreign web page in the operator's browser: it reads nothing of this stack and changes nothing, whatever port it tries."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from infra.local import signin
from tests.stack_process import StackProcess

# What a page can send without being asked first, and with being asked; each says what it could read.
TRIES = """
async ({ urls, target }) => {
  const found = [];
  const ways = [
    { method: "GET" },
    { method: "POST", body: "Action=Publish&PhoneNumber=%2B6281200000000&Message=evil", headers: { "Content-Type": "application/x-www-form-urlencoded" } },
    { method: "POST", body: "{}", headers: { "Content-Type": "text/plain" } },
    { method: "POST", body: "{}", headers: { "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables" } },
    { method: "POST", body: target, headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSCognitoIdentityProviderService.AdminCreateUser" } },
  ];
  for (const url of urls) {
    for (const way of ways) {
      for (const mode of ["cors", "no-cors"]) {
        try {
          const answer = await fetch(url, { ...way, mode, signal: AbortSignal.timeout(5000) });
          const said = await answer.text();
          if (said) found.push([url, way.method, mode, answer.status, said.slice(0, 200)]);
        } catch { /* refused, or not readable */ }
      }
    }
    await new Promise((done) => { const image = new Image(); image.onload = image.onerror = done; image.src = url + "?Action=Publish&PhoneNumber=%2B6281200000000&Message=evil"; });
  }
  return found;
}
"""


class Blank(http.server.BaseHTTPRequestHandler):
    """A page with nothing on it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>evil</title>")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack of its own, on which no other story's crews are sent an SMS meanwhile."""
    with StackProcess(tmp_path_factory.mktemp("foreign") / "data") as running:
        yield running


@pytest.fixture
def foreign() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, foreign: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(foreign)
    return page


def test_a_foreign_page_reads_and_changes_nothing_on_any_port(stack: StackProcess, page: Page) -> None:
    _, port = stack.database()
    pool_id, _ = signin.ensure_pool(stack.stack)
    before = (stack.messages(), users(stack, pool_id))
    origins = [
        f"http://{name}:{number}"
        for name in ("localhost", "127.0.0.1")
        for number in (*range(stack.stack.port, stack.stack.port + 3), port)
    ]
    paths = (
        "/",
        "/api/health",
        "/api/config",
        "/simulator/api/messages",
        "/simulator/api/replies",
        "/_ministack/state",
    )
    evil = json.dumps({"UserPoolId": pool_id, "Username": "evil"})
    urls = [origin + path for origin in origins for path in paths]
    assert page.evaluate(TRIES, {"urls": urls, "target": evil}) == []
    assert (stack.messages(), users(stack, pool_id)) == before


def users(stack: StackProcess, pool_id: str) -> list[str]:
    found = signin.connect(stack.stack).list_users(UserPoolId=pool_id)["Users"]
    return sorted(user["Username"] for user in found)


def test_the_database_answers_at_no_address_that_a_page_could_guess(stack: StackProcess) -> None:
    host, _ = stack.database()
    assert host.startswith("127.") and host not in ("127.0.0.1", "127.0.1.1")
    assert stack.stack.state_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "path", ["/", "/simulator", "/simulator/api/messages", "/api/health", "/login", "/oauth2/authorize"]
)
def test_a_foreign_name_that_points_here_opens_nothing(
    stack: StackProcess, browser: Browser, path: str
) -> None:
    """DNS rebinding: to the browser the simulator with everybody's links would be a page of evil.test's own."""
    page = browser.new_context().new_page()
    port = stack.stack.signin_port if path in ("/login", "/oauth2/authorize") else stack.stack.port
    answer = page.goto(f"http://evil.test:{port}{path}")
    assert answer is not None and answer.status == 403
