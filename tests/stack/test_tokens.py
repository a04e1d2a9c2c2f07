"""No token but a good one opens a route, however it is forged and however the path is spelt."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization

from infra.local.gateway import Api
from infra.local.tokens import TokenVerifier
from tests.stack.small_app import CLIENT, ISSUER, KEY, STRANGER, jwk, make_app, raw_request, token


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
    assert json.loads(answer.body)["code"] == "busy"
