"""The modem's script: what it posts is what the route takes, and it waits while the line is down."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from chalicelib.handlers import inbound
from infra.modem import gammu_on_receive as script

SECRET = "the secret that a modem and we share, in tests"


class Line(HTTPServer):
    """Takes posts; answers, as soon as it may, with the statuses given, then with 200."""

    posted: list[tuple[str, str, bytes]]
    statuses: list[int]  # 0: no answer that could be read
    may_answer: threading.Event


class Handler(BaseHTTPRequestHandler):
    server: Line

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, self.headers["X-Kentongan-Signature"], body))
        self.server.may_answer.wait()
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if not status:
            self.wfile.write(b"nothing that is HTTP\r\n")
            return
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Line]:
    server = Line(("127.0.0.1", 0), Handler)
    server.posted, server.statuses, server.may_answer = [], [], threading.Event()
    server.may_answer.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("KENTONGAN_URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("INBOUND_SECRET", SECRET)
    monkeypatch.setenv("KENTONGAN_SPOOL", str(tmp_path / "spool"))
    monkeypatch.setenv("SMS_MESSAGES", "1")
    monkeypatch.setenv("SMS_1_NUMBER", "+628110001001")
    monkeypatch.setenv("SMS_1_TEXT", "7K2M ya & é")
    yield server
    server.shutdown()
    server.server_close()


def test_a_message_is_signed_as_the_route_wants_it(line: Line) -> None:
    assert script.main(["IN20261124_001.txt"]) == 0
    ((path, signed, body),) = line.posted
    assert path == "/api/inbound/sms?provider=gammu"
    found = inbound.SIGNED.fullmatch(signed)
    assert found and inbound.signature(SECRET, int(found[1]), body) == signed
    message = inbound.ADAPTERS["gammu"][0](None, body)  # type: ignore[arg-type]
    assert message and (message.id, message.sender, message.text) == (
        "IN20261124_001.txt",
        "+628110001001",
        "7K2M ya & é",
    )


def test_the_daemon_gets_its_program_back_at_once(line: Line) -> None:
    line.statuses = [503]
    line.may_answer.clear()
    run = subprocess.run([sys.executable, script.__file__, "7"], capture_output=True, check=False)
    assert (run.returncode, run.stdout) == (0, b"")
    line.may_answer.set()
    deadline = time.monotonic() + 240
    while len(line.posted) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_report_that_the_daemon_keeps_by_itself_is_none_of_ours(line: Line) -> None:
    run = subprocess.run([sys.executable, script.__file__], capture_output=True, timeout=240, check=False)
    assert (run.returncode, run.stderr, line.posted) == (0, b"", [])


def test_it_waits_while_the_line_is_down_and_stops_when_refused(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    line.statuses = [500, 429, 0]
    assert script.main(["1"]) == 0
    assert (len(line.posted), waited) == (4, [2, 5, 15])
    line.statuses = [403]
    assert script.main(["2"]) == 1
    assert len(line.posted) == 5


def test_what_was_not_taken_waits_on_disk_and_goes_with_the_next_message(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    line.statuses = [403]  # A wrong clock.
    assert script.main(["1"]) == 1
    line.statuses = [503] * 7  # A line that is down for long.
    assert script.main(["2"]) == 1
    line.posted.clear()
    assert script.main(["3"]) == 0
    ids = [parse_qs(body.decode())["MESSAGE_ID"] for _, _, body in line.posted]
    assert ids == [["3"], ["1"], ["2"]]
    line.posted.clear()
    assert (script.main(["4"]), len(line.posted)) == (0, 1)


def test_what_is_refused_by_name_was_kept_there_and_is_not_sent_for_ever(line: Line) -> None:
    line.statuses = [400]
    assert script.main(["1"]) == 1
    line.posted.clear()
    assert (script.main(["2"]), len(line.posted)) == (0, 1)


def test_a_retry_says_when_the_message_was_received_and_not_when_it_is_posted(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1795489200.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    line.statuses = [503, 503]
    assert script.main(["1"]) == 0
    told = [inbound.ADAPTERS["gammu"][0](None, body) for _, _, body in line.posted]  # type: ignore[arg-type]
    assert [each and each.at for each in told] == ["2026-11-24T03:00:00.000Z"] * 3
    # The service centre's own time, which newer daemons know, goes before it.
    monkeypatch.setenv("SMS_1_TIMESTAMP", "1795489100")
    monkeypatch.setenv("PHONE_ID", "modem-2")
    told = [inbound.ADAPTERS["gammu"][0](None, script.message_of("1"))]  # type: ignore[arg-type]
    assert told[0] and (told[0].id, told[0].at) == ("modem-2\n1", "2026-11-24T02:58:20.000Z")
