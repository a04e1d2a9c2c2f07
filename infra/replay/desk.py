"""The desk's end of the HTTP interface: tokens renewed in time, lost requests sent again under the same key."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from chalicelib.errors import meaning_of

from .sums import Sums

TIMEOUT_S = 15.0
PATIENCE_S = 60.0
PAUSES_S = (0.1, 0.3, 1.0, 2.0, 5.0)
RENEW_S = 120.0


class Refused(Exception):
    """An answer that is no success, with its status, code, fields and how often the request was sent; 0 is no answer."""

    def __init__(self, path: str, status: int, body: dict[str, Any], sent: int) -> None:
        super().__init__(f"{without_ids(path)}: {status} {body.get('code', '')}: {body.get('message', '')}")
        self.status = status
        self.code = str(body.get("code", ""))
        self.fields: dict[str, str] = body.get("fields", {})
        self.sent = sent


class Gone(Exception):
    """The stack has not answered for a minute; there is no use in going on."""


class Desk:
    """One signed-in account of the running stack; safe for many threads."""

    def __init__(self, url: str, sign_in: Callable[[], str], sums: Sums, threads: int) -> None:
        self._url = url
        self._sign_in = sign_in
        self._sums = sums
        self._session = requests.Session()
        # No proxy and no netrc of this shell: the stack is on this machine.
        self._session.trust_env = False
        self._session.mount("http://", HTTPAdapter(pool_maxsize=threads))
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = 0.0
        self.stopped = threading.Event()

    def get(self, path: str) -> Any:
        """Read something; Refused, Gone."""
        return self._request("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Do something, under a key of its own; Refused, Gone."""
        return self._request("POST", path, body)

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())} if body is not None else {}
        deadline = time.monotonic() + PATIENCE_S
        sent, refreshed = 0, False
        while True:
            headers["Authorization"] = f"Bearer {self._signed_in()}"
            sent += 1
            refused = Refused(path, 0, {"code": "no answer"}, sent)
            try:
                answer = self._session.request(
                    method,
                    self._url + path,
                    json=body,
                    headers=headers,
                    timeout=TIMEOUT_S,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                self._sums.add(f"requests sent again after: {type(error).__name__}")
            else:
                self._sums.took(f"{method} {without_ids(path)}", answer.elapsed.total_seconds())
                if answer.status_code < 300:
                    return answer.json()
                refused = Refused(path, answer.status_code, _json(answer), sent)
                if answer.status_code == 401 and not refreshed:
                    refreshed = True
                    self._renew_at = 0.0
                    continue
                if meaning_of(answer.status_code, refused.code) not in ("busy", "unknown"):
                    raise refused
                self._sums.add(f"requests sent again after: {answer.status_code}")
            if not refused.status and time.monotonic() > deadline:
                raise Gone(f"The stack has not answered for {PATIENCE_S:.0f} s.")
            if time.monotonic() > deadline or self.stopped.wait(PAUSES_S[min(sent, len(PAUSES_S)) - 1]):
                raise refused

    def _signed_in(self) -> str:
        with self._lock:
            if time.time() > self._renew_at:
                self._token = self._sign_in()
                self._renew_at = expiry(self._token) - RENEW_S
            return self._token


def without_ids(path: str) -> str:
    """A path as the figures name it: /api/incidents/…/close."""
    return re.sub(r"[0-9A-Z]{26}", "…", path)


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {"code": "no JSON"}
    return body if isinstance(body, dict) else {"code": "no JSON object"}


def expiry(token: str) -> float:
    """When a token expires, in seconds since 1970; its signature is the gateway's to check."""
    claims = token.split(".")[1]
    padded = claims + "=" * (-len(claims) % 4)
    return float(json.loads(base64.urlsafe_b64decode(padded))["exp"])
