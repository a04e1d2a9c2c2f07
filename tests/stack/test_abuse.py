"""The real stack under abuse: every odd request ends in a refusal, nothing is written, and the next real call pages its crew."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib.domain import ids
from chalicelib.gateways.clock import SystemClock
from tests.stack_process import StackProcess

WRONG_LINKS = 400
ROUNDS = 3
SENDERS = 8
HALVES = 100
FLOODER = "127.0.0.2"
KEY = ["Idempotency-Key: odd"]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[StackProcess]:
    with StackProcess(tmp_path / "data") as running:
        yield running


def request(
    method: str,
    path: str,
    body: bytes = b"",
    type_: str = JSON,
    lines: list[str] | None = None,
    token: str = "",
) -> bytes:
    """A request as it goes over the wire; lines that say the body's length replace the right one."""
    lines = lines or []
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Type: {type_}"]
    head += [f"Authorization: Bearer {token}"] if token else []
    if not any(line.startswith(("Content-Length", "Transfer-Encoding")) for line in lines):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, *lines]).encode("latin-1") + b"\r\n\r\n" + body


def odd_requests(token: str) -> dict[str, bytes]:
    """What a careless or hostile client sends, by what is odd about it."""
    good = {"number": "", "channel": "phone", "class": "ghost", "received_at": SystemClock().now()}
    text = json.dumps(good).encode()
    emergency = b'{"channel":"phone","class":"emergency","received_at":"2026-11-24T02:00:00Z","incident":'

    def call(body: bytes, *lines: str, type_: str = JSON, keys: list[str] = KEY) -> bytes:
        return request("POST", "/api/calls", body, type_, [*keys, *lines], token)

    def with_note(json_text: str) -> bytes:
        return call(text[:-1] + f', "note": {json_text}}}'.encode())

    bodies = {
        "a gzip bomb": call(gzip.compress(b" " * 20_000_000), "Content-Encoding: gzip"),
        "an honest body in gzip": call(gzip.compress(text), "Content-Encoding: gzip"),
        "UTF-16": call(text.decode().encode("utf-16"), type_=f"{JSON}; charset=utf-16"),
        "Latin-1": call(b'{"note": "\xe9"}', type_=f"{JSON}; charset=latin-1"),
        "a picture": call(b"\x89PNG\xff", type_="image/png"),
        "bytes": call(b"\xff\xfe", type_="application/octet-stream"),
        "a multipart form": call(b"--x\r\n\r\n--x--", type_="multipart/form-data; boundary=x"),
        "no JSON": call(b"hello"),
        "half of it": call(text[:-5]),
        "NaN": with_note("NaN"),
        "Infinity": with_note("Infinity"),
        "a million digits": with_note("9" * 60_000),
        "more than any float": call(
            emergency + b'{"type":"flood","location":{"district":"baamang","lat":1e999,"lng":1}}}'
        ),
        "deep arrays": call(b"[" * 60_000),
        "deep objects": call(b'{"a":' * 12_000),
        "deep inside": with_note("[" * 30_000 + "]" * 30_000),
        "two keys alike": call(text[:-1] + b', "class": "prank"}'),
        "a lone surrogate": with_note('"\\ud800"'),
        "a body over 64 KB": call(b" " * 70_000 + text),
        "a body over 1 MB": call(b" " * 1_100_000 + text),
    }
    lengths = {
        "a length in words": call(text, "Content-Length: ten"),
        "a negative length": call(text, "Content-Length: -1"),
        "a signed length": call(text, "Content-Length: +5"),
        "two lengths": call(text, "Content-Length: 5", f"Content-Length: {len(text)}"),
        "a length too short": call(text, "Content-Length: 5"),
        "chunks and a length": call(
            b"2\r\n{}\r\n0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"
        ),
        "chunks of no number": call(b"zz\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        "chunks of less than nothing": call(b"-2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        "honest chunks, odd body": call(b"2\r\n[]\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    }
    heads = {
        "a huge key": call(text, keys=["Idempotency-Key: " + "k" * 100_000]),
        "a key of another script": call(text, keys=["Idempotency-Key: \xe9"]),
        "no key": call(text, keys=[]),
        "a header flood": call(text, *(f"X-{n}: {'v' * 100}" for n in range(3000))),
        "a header with NUL": call(text, "X-A: a\0b"),
        "a header without a colon": call(text, "broken header"),
        "a token of another script": request("POST", "/api/calls", text, lines=KEY, token="\xe9\xff"),
        "a huge token": request("POST", "/api/calls", text, lines=KEY, token="a" * 60_000),
        "no token": request("POST", "/api/calls", text, lines=KEY),
    }
    paths = {
        "an absolute address": request("POST", "http://evil.test/api/calls", text, lines=KEY, token=token),
        "two slashes": request("POST", "//api/calls", text, lines=KEY, token=token),
        "an encoded letter": request("POST", "/%61pi/calls", text, lines=KEY, token=token),
        "a method of its own": request("BREW", "/api/calls", text, lines=KEY, token=token),
        "a long method": request("A" * 5000, "/api/calls", text, lines=KEY, token=token),
        "CONNECT": request("CONNECT", "evil.test:443"),
        "TRACE": request("TRACE", "/api/calls"),
        "ten thousand parameters": request(
            "POST", "/api/calls?" + "&".join(f"a{n}=1" for n in range(10_000)), text, lines=KEY, token=token
        ),
        "a broken parameter": request("POST", "/api/calls?%zz=%ff%00", text, lines=KEY, token=token),
        "a code up the tree": request("GET", "/r/..%2f..%2fetc%2fpasswd"),
        "a code with a slash": request("GET", "/r/0123456789ABCDE%2F"),
        "a code with dots": request("GET", "/r/../api/calls"),
        "a code with a line": request("GET", "/r/0123456789ABCDEF%0d%0aX:1"),
        "a code with NUL": request("GET", "/r/%00"),
        "a code not in UTF-8": request("GET", "/r/%ff%fe"),
        "raw bytes for a code": b"GET /r/\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "a form for a slash": request("POST", "/api/r/a%2fb", b"status=acknowledged", FORM),
        "an id up the tree": request("GET", "/api/incidents/%2e%2e%2fregistry", token=token),
        "HTTP/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    }
    wrong = [f"X-Kentongan-Signature: t={int(time.time())},v1={'0' * 64}"]
    signed = {
        "a wrong signature": request("POST", "/api/inbound/sms", b"{}", lines=wrong),
        "an old signature": request(
            "POST", "/api/inbound/sms", b"{}", lines=["X-Kentongan-Signature: t=1,v1=0"]
        ),
        "a signature in another script": request(
            "POST", "/api/inbound/sms", b"{}", lines=["X-Kentongan-Signature: \xe9\xff"]
        ),
        "no signature": request("POST", "/api/inbound/sms", b"{}"),
    }
    return {**bodies, **lengths, **heads, **paths, **signed}


def end_of(stack: StackProcess, raw: bytes) -> int:
    """The status that a request ends in, 0 when the connection is closed without an answer."""
    with socket.create_connection(("127.0.0.1", stack.stack.port), timeout=60) as connection:
        received = b""
        try:
            connection.sendall(raw)
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionError:
            pass  # It was refused before all of it was sent; what was said until then counts.
    return int(received.split()[1]) if received.startswith(b"HTTP/") else 0


def wrong_link(stack: StackProcess, number: int) -> int:
    """The status that a wrong code from the flooder's address ends in, GET and POST by turns."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", stack.stack.port, timeout=60, source_address=(FLOODER, 0)
    )
    code = ids.link_code("a secret that nobody here has, in tests", str(number))
    body = json.dumps({"status": "acknowledged"})
    if number % 2:
        connection.request("POST", f"/api/r/{code}", body, {"Content-Type": JSON})
    else:
        connection.request("GET", f"/r/{code}")
    status = connection.getresponse().status
    connection.close()
    return status


def half_requests(stack: StackProcess, held: ExitStack) -> None:
    """Connections that begin a request and send no more, as slow bodies do."""
    for number in range(HALVES):
        connection = held.enter_context(socket.create_connection(("127.0.0.1", stack.stack.port), timeout=60))
        head = "POST /api/inbound/sms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall((head if number % 2 else head + "Content-Length: 60000\r\n\r\n{").encode())


def test_after_a_flood_of_wrong_links_signatures_and_odd_bodies_the_next_real_call_pages_its_crew(
    stack: StackProcess, record_property: Any
) -> None:
    token = stack.token("operator")
    headers = {"Authorization": f"Bearer {token}"}
    odd = odd_requests(token)
    hour = int(time.time()) // 3600
    with ExitStack() as held, ThreadPoolExecutor(SENDERS) as senders:
        half_requests(stack, held)
        links = Counter(senders.map(lambda number: wrong_link(stack, number), range(WRONG_LINKS)))
        ends = list(senders.map(lambda raw: end_of(stack, raw), [*odd.values()] * ROUNDS))
        # An address has thirty an hour, and the hour may have turned meanwhile.
        hours = 1 + int(time.time()) // 3600 - hour
        assert 30 <= links[404] <= 30 * hours and links[429] == WRONG_LINKS - links[404], links
        bad = {name: end for name, end in zip([*odd] * ROUNDS, ends, strict=True) if not 400 <= end < 500}
        assert not bad, bad
        board = requests.get(f"{stack.url}/api/incidents?state=open", headers=headers, timeout=60).json()
        assert board["incidents"] == [] and stack.messages() == []

        began = time.monotonic()
        call = {"channel": "phone", "class": "emergency", "received_at": SystemClock().now()}
        call |= {"incident": {"type": "house_fire", "location": {"district": "baamang"}}}  # type: ignore[dict-item]
        taken = requests.post(
            f"{stack.url}/api/calls", json=call, headers=headers | {"Idempotency-Key": "real"}, timeout=60
        )
        assert taken.status_code == 201, taken.text
        answered_s = time.monotonic() - began
        while not (paged := stack.messages()):
            assert time.monotonic() - began < 240, "no page"
            time.sleep(0.01)
        paged_s = time.monotonic() - began

    code = paged[0]["body"].partition("/r/")[2].split()[0]
    connection = http.client.HTTPConnection(
        "127.0.0.1", stack.stack.port, timeout=60, source_address=(FLOODER, 0)
    )
    connection.request(
        "POST", f"/api/r/{code}", json.dumps({"status": "acknowledged"}), {"Content-Type": JSON}
    )
    assert connection.getresponse().status == 200, "a right link from the flooder's own address"
    connection.close()
    figures = {
        "odd requests": len(ends),
        "their ends": dict(Counter(ends)),
        "wrong links": dict(links),
        "call answered after s": round(answered_s, 3),
        "first page after s": round(paged_s, 3),
    }
    record_property("figures", figures)
    print(figures)
    log = "\n".join(path.read_text(errors="replace") for path in stack.stack.logs.glob("*.log"))
    assert "Traceback" not in log and code not in log
    # Each of the senders may have been on its way when the hour was used up.
    assert 1 <= log.count('"WrongLinkSources":[1.0]') <= SENDERS * hours
