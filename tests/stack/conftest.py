"""The gateway with a small application and site behind it, on a port of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress

from infra.local.gateway import MAX_BODY, Api, Gateway, waitress_errors_in_our_words
from infra.local.serve import WAITRESS
from infra.local.static import Answer, StaticFiles
from infra.local.tokens import TokenVerifier
from tests.stack.small_app import CLIENT, ISSUER, KEY, jwk, make_app


class NoPhones:
    """A simulator without a page, which says back what was typed."""

    def __call__(self, raw_path: str, query: str) -> Answer | None:
        return None

    def reply(self, content_type: str, body: bytes) -> Answer:
        return Answer(200, {"Content-Type": content_type}, body)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gateway")
    dist = folder / "dist"
    (dist / "en").mkdir(parents=True)
    (dist / "assets" / "ab12").mkdir(parents=True)
    (dist / "index.html").write_text("<h1>Meja 112 — Kabupaten</h1>")
    (dist / "en" / "index.html").write_text("<h1>112 desk</h1>")
    (dist / "assets" / "ab12" / "desk.js").write_text("export {}")
    (dist / ".secret.html").write_text("hidden")
    (dist / "notes").write_text("no known type")
    (folder / "secret.html").write_text("outside")
    os.symlink(folder / "secret.html", dist / "link.html")
    os.symlink(folder, dist / "up")
    return dist


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    keys = [jwk(KEY, "one")]
    tokens = TokenVerifier(ISSUER, CLIENT, "http://keys", fetch=lambda uri: keys)
    gateway = Gateway(Api(make_app(), tokens), StaticFiles(site), NoPhones(), "http://localhost:1")
    waitress_errors_in_our_words()
    options = {**WAITRESS, "max_request_body_size": 4 * MAX_BODY}
    server = waitress.create_server(gateway, host="127.0.0.1", port=0, **options)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
