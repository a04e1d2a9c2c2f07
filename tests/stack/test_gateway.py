"""The gateway: requests never mix, forged tokens do not pass, nothing outside the site's folder is served."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import jwt
import pytest
import requests
import waitress
from chalice.app import Chalice, CognitoUserPoolAuthorizer, NotFoundError, Request, Response
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.gateway import (
    MAX_BODY,
    Api,
    DiscreetFormatter,
    Gateway,
    access_log,
    waitress_errors_in_our_words,
)
from infra.local.static import StaticFiles
from infra.local.tokens import TokenVerifier

ISSUER = "https://cognito-idp.ap-southeast-3.amazonaws.com/ap-southeast-3_here"
CLIENT = "desk"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**found, "kid": kid, "use": "sig", "alg": "RS256"}


def make_app() -> Chalice:
    app = Chalice(app_name="kentongan-gateway-test")
    users = CognitoUserPoolAuthorizer(
        "users", provider_arns=["arn:aws:cognito-idp:ap-southeast-3:0:userpool/x"]
    )

    def here() -> Request:
        request = app.current_request
        assert request
        return request

    @app.route("/api/echo/{marker}", methods=["POST"])
    def echo(marker: str) -> dict[str, Any]:
        before = app.current_request, app.lambda_context
        time.sleep(0.001)
        request = here()
        return {
            "path": marker,
            "query": request.query_params.get("marker") if request.query_params else "",
            "queries": request.query_params.getlist("many") if request.query_params else [],
            "header": request.headers.get("X-Marker"),
            "body": request.json_body,
            "same": before == (app.current_request, app.lambda_context),
        }

    @app.route("/api/me", authorizer=users)
    def me() -> dict[str, Any]:
        claims: dict[str, Any] = here().context["authorizer"]["claims"]
        return claims

    @app.route(
        "/api/raw", methods=["POST"], content_types=["application/x-www-form-urlencoded", "application/json"]
    )
    def raw() -> Response:
        headers: dict[str, Any] = {"Content-Type": "text/plain; charset=utf-8", "Set-Cookie": ["a=1", "b=2"]}
        return Response(cast(bytes, here().raw_body).decode(), headers=headers)

    @app.route("/api/bytes")
    def binary() -> Response:
        return Response(bytes(range(256)), headers={"Content-Type": "application/octet-stream"})

    @app.route("/api/gone")
    def gone() -> None:
        raise NotFoundError("tidak ada di sini")

    @app.route("/api/broken")
    def broken() -> None:
        raise RuntimeError("secret inside")

    @app.route("/r/{code}")
    def responder(code: str) -> Response:
        policy = "default-src 'none'"
        return Response(code, headers={"Content-Type": "text/html", "Content-Security-Policy": policy})

    return app


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
    gateway = Gateway(
        Api(make_app(), tokens), StaticFiles(site), lambda path, query: None, "http://localhost:1"
    )
    waitress_errors_in_our_words()
    server = waitress.create_server(
        gateway, host="127.0.0.1", port=0, threads=8, max_request_body_size=4 * MAX_BODY
    )
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def token(key: Any = KEY, algorithm: str = "RS256", kid: str = "one", **changes: Any) -> str:
    now = int(time.time())
    claims = {"sub": "abc", "iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 60, "token_use": "id"}
    claims["cognito:username"] = "operator"
    claims |= changes
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm, headers={"kid": kid})


def raw_request(url: str, head: bytes, body: bytes = b"") -> bytes:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


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


def test_a_good_token_passes_with_its_claims(url: str) -> None:
    for scheme in ("Bearer", "bearer"):
        answer = requests.get(f"{url}/api/me", headers={"Authorization": f"{scheme} {token()}"})
        assert answer.status_code == 200
        assert answer.json()["sub"] == "abc"


def public_pem() -> bytes:
    return KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def unsigned() -> str:
    payload = token().split(".")[1]
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "one"}).encode()).decode().rstrip("=")
    return f"{none}.{payload}."


def signed_with_our_public_key() -> str:
    """The classic confusion: the public key, known to all, taken as the secret of HS256."""
    header = (
        base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "one"}).encode()).decode().rstrip("=")
    )
    payload = token().split(".")[1]
    mac = hmac.new(public_pem(), f"{header}.{payload}".encode(), hashlib.sha256).digest()
    return f"{header}.{payload}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def with_other_claims() -> str:
    header, _, signature = token().split(".")
    payload = token(sub="somebody-else").split(".")[1]
    return f"{header}.{payload}.{signature}"


FORGED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no scheme": lambda: token(),
    "another scheme": lambda: f"Basic {token()}",
    "two tokens": lambda: f"Bearer {token()}, Bearer {token()}",
    "garbage": lambda: "Bearer abc",
    "garbage with dots": lambda: "Bearer a.b.c",
    "a stranger's key": lambda: f"Bearer {token(STRANGER)}",
    "a stranger's key id": lambda: f"Bearer {token(STRANGER, kid='two')}",
    "no key id": lambda: f"Bearer {token(kid='')}",
    "alg none": lambda: f"Bearer {unsigned()}",
    "HS256 with the public key": lambda: f"Bearer {signed_with_our_public_key()}",
    "RS512": lambda: f"Bearer {token(algorithm='RS512')}",
    "other claims under a good signature": lambda: f"Bearer {with_other_claims()}",
    "expired": lambda: f"Bearer {token(exp=int(time.time()) - 1)}",
    "no expiry": lambda: f"Bearer {token(exp=None)}",
    "from the future": lambda: f"Bearer {token(nbf=int(time.time()) + 600)}",
    "another pool": lambda: f"Bearer {token(iss=ISSUER + '2')}",
    "another client": lambda: f"Bearer {token(aud='another')}",
    "no client": lambda: f"Bearer {token(aud=None)}",
    "an access token": lambda: f"Bearer {token(token_use='access', aud=None, client_id=CLIENT)}",
    "an access token with our audience": lambda: f"Bearer {token(token_use='access')}",
    "no subject": lambda: f"Bearer {token(sub=None)}",
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_is_refused(url: str, kind: str) -> None:
    sent = FORGED[kind]()
    answer = requests.get(f"{url}/api/me", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "path", ["/api/me", "/api/me/", "/api/me?x=1", "/api/me;x", "//host/api/me", "/api//me", "/api/%6de"]
)
def test_no_spelling_of_a_path_goes_around_the_check(url: str, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    assert raw_request(url, head).split(b"\r\n")[0].split()[1] in (b"401", b"404")


def test_no_absolute_address_goes_around_the_check(url: str) -> None:
    head = b"GET http://localhost/api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert raw_request(url, head).split(b"\r\n")[0].split()[1] == b"404"


def test_keys_are_asked_for_again_when_they_have_changed_but_not_by_forgers() -> None:
    asked: list[str] = []

    def fetch(uri: str) -> list[dict[str, Any]]:
        asked.append(uri)
        return [jwk(KEY, "one")]

    tokens = TokenVerifier(ISSUER, CLIENT, "http://keys", fetch=fetch)
    assert tokens.verify(f"Bearer {token()}")["sub"] == "abc"
    for index in range(50):
        with pytest.raises(Exception, match="not ours"):
            tokens.verify(f"Bearer {token(STRANGER, kid=f'k{index}')}")
    assert len(asked) == 1


def test_503_while_the_sign_in_service_does_not_answer(site: Path) -> None:
    def fetch(uri: str) -> list[dict[str, Any]]:
        raise OSError("refused")

    api = Api(make_app(), TokenVerifier(ISSUER, CLIENT, "http://keys", fetch=fetch))
    answer, _ = api.answer("GET", "/api/me", {"authorization": f"Bearer {token()}"}, b"")
    assert answer.status == 503
    assert json.loads(answer.body)["code"] == "sign_in_unavailable"


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


def test_a_form_a_repeated_header_and_bytes_come_through(url: str) -> None:
    answer = requests.post(f"{url}/api/raw", data={"reason": "tidak ada bbm é"})
    assert answer.text == "reason=tidak+ada+bbm+%C3%A9"
    raw = raw_request(
        url,
        b"POST /api/raw HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        b"Connection: close\r\n\r\n",
        b"{}",
    )
    assert b"a=1" in raw and b"b=2" in raw
    answer = requests.get(f"{url}/api/bytes", headers={"Accept": "application/octet-stream"})
    assert answer.content == bytes(range(256))


@pytest.mark.parametrize("size", [MAX_BODY + 1, 4 * MAX_BODY])
def test_a_body_that_is_too_large_is_refused_in_words(url: str, size: int) -> None:
    head = f"POST /api/raw HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode())
        if size < 4 * MAX_BODY:
            connection.sendall(b" " * size)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    assert received.startswith(b"HTTP/1.1 413")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["code"] == "too_large"


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
    received = raw_request(url, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
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
