"""The gateway: requests never mix, errors have one shape, nothing outside the site's folder is served."""

from __future__ import annotations

import json
import logging
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from infra.local.gateway import AT_ONCE, MAX_BODY, WAITING
from infra.local.logs import DiscreetFormatter, access_log
from tests.stack.small_app import arrived, over, raw_request, token


def test_requests_of_eight_threads_never_mix(url: str) -> None:
    def many(thread: int) -> int:
        session = requests.Session()
        for index in range(300):
            marker = f"t{thread}-{index}"
            answer = session.post(
                f"{url}/api/echo/{marker}",
                params={"marker": marker, "many": [marker, "é", "2"]},
                headers={"X-Marker": marker},
                json={"marker": marker, "text": "Sungai Mentaya — ñ 火"},
            ).json()
            assert answer == {
                "path": marker,
                "query": marker,
                "queries": [marker, "é", "2"],
                "header": marker,
                "body": {"marker": marker, "text": "Sungai Mentaya — ñ 火"},
                "same": True,
            }
        return thread

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(many, range(8))) == list(range(8))


def test_requests_that_hang_keep_health_and_the_sites_files_from_nobody(url: str) -> None:
    with ThreadPoolExecutor(AT_ONCE + WAITING) as threads:
        hanging = [
            threads.submit(requests.get, f"{url}/api/hanging", timeout=60) for _ in range(AT_ONCE + WAITING)
        ]
        for _ in range(AT_ONCE):
            assert arrived.acquire(timeout=60)
        # Those at work and those that wait for one of them take no thread from these.
        for _ in range(5):
            assert requests.get(f"{url}/api/health", timeout=30).json() == {"status": "ok"}
            assert requests.get(f"{url}/index.html", timeout=30).status_code == 200
        over.set()
        ends = Counter(each.result().status_code for each in hanging)
    assert ends[200] >= AT_ONCE and set(ends) <= {200, 503}
    assert requests.get(f"{url}/api/gone", timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api/gone", 404, "not_found"),
        ("DELETE", "/api/gone", 405, "method_not_allowed"),
        ("OPTIONS", "/api/gone", 405, "method_not_allowed"),
        ("HEAD", "/api/gone", 405, ""),
        ("GET", "/api/broken", 500, "internal"),
        ("POST", "/api/raw", 415, "unsupported_media_type"),
        ("GET", "/nothing.html", 404, "not_found"),
        ("POST", "/index.html", 405, "method_not_allowed"),
        ("POST", "/simulator/api/messages", 405, "method_not_allowed"),
        ("PUT", "/simulator/api/replies", 405, "method_not_allowed"),
        ("GET", "/r", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
    ],
)
def test_errors_have_the_interface_s_shape(url: str, method: str, path: str, status: int, code: str) -> None:
    headers = {"Content-Type": "text/csv"} if method == "POST" else {}
    answer = requests.request(method, url + path, headers=headers)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    if code:
        assert answer.json().keys() == {"code", "message", "fields"}
        assert answer.json()["code"] == code
        assert "secret inside" not in answer.text


@pytest.mark.parametrize(("language", "says"), [("id", "tidak diketahui"), ("en", "is not known")])
def test_a_crew_whose_answer_was_lost_reads_a_page_and_no_code(url: str, language: str, says: str) -> None:
    headers = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": language}
    page = requests.post(f"{url}/api/r/7K2M7K2M7K2M7K2M", data={"status": "en_route"}, headers=headers)
    assert (page.status_code, page.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert (
        says in page.text and 'href="/r/7K2M7K2M7K2M7K2M"' in page.text and "secret inside" not in page.text
    )
    again = requests.post(f"{url}/api/r/7K2M7K2M7K2M7K2M", data={"status": "en_route"})
    assert again.json()["code"] == "internal"


def test_a_form_a_repeated_header_and_bytes_come_through(url: str) -> None:
    answer = requests.post(f"{url}/api/raw", data={"reason": "tidak ada bbm é"})
    assert answer.text == "reason=tidak+ada+bbm+%C3%A9"
    raw = raw_request(
        url,
        b"POST /api/raw HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        b"Connection: close\r\n\r\n",
        b"{}",
    )
    assert b"a=1" in raw and b"b=2" in raw
    answer = requests.get(f"{url}/api/bytes", headers={"Accept": "application/octet-stream"})
    assert answer.content == bytes(range(256))


@pytest.mark.parametrize("size", [MAX_BODY + 1, 4 * MAX_BODY])
def test_a_body_that_is_too_large_is_refused_in_words(url: str, size: int) -> None:
    head = f"POST /api/raw HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head.encode())
        if size < 4 * MAX_BODY:
            connection.sendall(b" " * size)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    assert received.startswith(b"HTTP/1.1 413")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["code"] == "too_large"


def test_many_half_requests_do_not_keep_a_real_one_waiting(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    halves = [b"GET /api/gone HTTP/1.1\r\nHos", b"POST /api/raw HTTP/1.1\r\nContent-Length: 500\r\n\r\n{"]
    with ExitStack() as held:
        for number in range(200):
            connection = held.enter_context(socket.create_connection((host, int(port)), timeout=60))
            connection.sendall(halves[number % 2])
        # Sooner than after the 20 s for which the server waits for the rest of each.
        assert requests.get(f"{url}/index.html", timeout=18).status_code == 200


def test_the_largest_body_passes(url: str) -> None:
    body = json.dumps("x" * (MAX_BODY - 2))
    answer = requests.post(f"{url}/api/raw", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert len(answer.text) == MAX_BODY


def test_a_broken_request_is_refused_in_words(url: str) -> None:
    received = raw_request(url, b"GET /api/gone HTTP/1.1\r\nbroken header\r\n\r\n")
    assert received.split()[1] == b"400"
    assert json.loads(received.partition(b"\r\n\r\n")[2])["code"] == "invalid"


def test_the_site_s_files(url: str) -> None:
    page = requests.get(url + "/")
    assert page.text == "<h1>Meja 112 — Kabupaten</h1>"
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-cache"
    again = requests.get(url + "/index.html", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = requests.head(url + "/en/index.html")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "17")
    script = requests.get(url + "/assets/ab12/desk.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["Cache-Control"]
    responder = requests.get(url + "/r/abc")
    assert responder.headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/%2e%2e%2fsecret.html",
        "/..%5csecret.html",
        "/en/../../secret.html",
        "/assets/..%2f..%2f../secret.html",
        "/link.html",
        "/up/secret.html",
        "/.secret.html",
        "/notes",
        "/en",
        "/en/",
        "/%00index.html",
        "/index.html%00",
        "/%ff.html",
        "/%252e%252e/secret.html",
        "//etc/passwd",
        "/" + "a" * 5000 + ".html",
    ],
)
def test_nothing_outside_the_site_is_served(url: str, path: str) -> None:
    received = raw_request(
        url, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    assert received.startswith(b"HTTP/1.1 404")
    assert b"outside" not in received and b"hidden" not in received


def test_the_log_holds_no_codes_tokens_or_numbers(url: str, caplog: pytest.LogCaptureFixture) -> None:
    access_log.addHandler(caplog.handler)
    caplog.handler.setFormatter(DiscreetFormatter("%(message)s"))
    with caplog.at_level(logging.INFO, access_log.name):
        requests.get(url + "/r/Zq8sEcReTcOdE")
        requests.get(url + "/r/Zq8sEcReTcOdE/")
        requests.get(url + "/R/Zq8sEcReTcOdE")
        requests.get(url + "/api/r/Zq8sEcReTcOdE")
        requests.get(url + "/api/me?number=%2B628123456789", headers={"Authorization": f"Bearer {token()}"})
        requests.get(url + "/api/echo/628123456789")
    access_log.removeHandler(caplog.handler)
    written = "\n".join(caplog.handler.format(record) for record in caplog.records)
    assert written.count("\n") >= 5
    assert "sEcReT" not in written and "628123456789" not in written and "eyJ" not in written
    said = DiscreetFormatter("%(message)s").format(
        logging.LogRecord(
            "x", 40, "", 0, f"Caught exception for path /api/r/Zq8s by +628123456789 {token()}", None, None
        )
    )
    assert said == "Caught exception for path /api/r/… by … …"


def test_a_large_answer_is_compressed_for_who_takes_it_and_a_small_one_for_nobody(url: str) -> None:
    def asked(size: int, encoding: str) -> requests.Response:
        body = {"marker": "m", "text": "Kebakaran di Baamang, " * size}
        headers = {"Accept-Encoding": encoding, "X-Marker": "m"}
        return requests.post(f"{url}/api/echo/m", json=body, headers=headers, timeout=30)

    packed, plain = asked(500, "gzip, br"), asked(500, "identity")
    assert packed.headers["Content-Encoding"] == "gzip" and packed.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 10
    assert packed.json() == plain.json() and "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in asked(1, "gzip").headers
