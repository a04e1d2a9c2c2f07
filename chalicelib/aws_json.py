"""AWS's JSON services by one signed request: what botocore does too, at a fifth of its time (ADR 17).

botocore spends most of a request on endpoint rules, hooks, user agents and shapes. What comes back as neither a plain success
nor a plain refusal is left to botocore, with its retries.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import msgspec
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.exceptions import ClientError
from botocore.session import Session, get_session
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

CONTENT_TYPE = "application/x-amz-json-1.0"
# Answers that another try may change: botocore's standard mode tries these again too.
TRY_AGAIN = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)


class _OneSend:
    """Sends a request's headers and body together: as two, each costs both sides a turn of the processor."""

    _headers = b""

    def connect(self) -> None:
        self._headers = b""
        super().connect()  # type: ignore[misc]

    def send(self, data: Any) -> None:
        # Every request of ours is one block of headers and one body, never empty.
        if self._headers:
            data, self._headers = self._headers + data, b""
            super().send(data)  # type: ignore[misc]
        else:
            self._headers = data


class _Http(_OneSend, HTTPConnection):
    pass


class _Https(_OneSend, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


def utc_now() -> datetime:
    return datetime.now(UTC)


class JsonService:
    """One service of a region, by one pool of connections that all threads share; built at its first call."""

    def __init__(
        self,
        name: str,
        target: str,
        *,
        connect_s: float,
        read_s: float,
        connections: int = 10,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._name = name
        self._target = target
        self._connect_s, self._read_s = connect_s, read_s
        self._connections = connections
        self._now = now
        self._lock = Lock()
        self._pool: HTTPConnectionPool | None = None
        self._key: tuple[str, str, bytes] = ("", "", b"")

    def call(
        self, operation: str, body: dict[str, Any], read_s: float | None = None
    ) -> dict[str, Any] | None:
        """The answer of a service, for which it waits `read_s` at most; None when botocore should ask instead.

        ClientError, as botocore would raise it, for a refusal that no other try would change.
        """
        content = msgspec.json.encode(body)
        read_s = read_s or self._read_s
        timeout = Timeout(connect=min(self._connect_s, read_s), read=read_s)
        try:
            pool = self._connected()
            answer = pool.urlopen(
                "POST", "/", content, self.headers(operation, content), retries=False, timeout=timeout
            )
            raw = answer.data
            crc = answer.headers.get("x-amz-crc32")
            if crc is not None and int(crc) != zlib.crc32(raw):
                return None
            found: dict[str, Any] = msgspec.json.decode(raw)
        except (HTTPError, OSError, ValueError):
            return None
        if answer.status == 200:
            return found
        code = str(found.get("__type", "")).split(":", 1)[0].rsplit("#", 1)[-1]
        if answer.status != 400 or not code or code in TRY_AGAIN:
            return None
        raise ClientError(_error(found, code, answer.status, dict(answer.headers)), operation)

    def headers(self, operation: str, content: bytes) -> dict[str, str]:
        """The headers of a request, signed by AWS's Signature Version 4."""
        frozen = self._credentials.get_frozen_credentials()
        stamp = self._now().strftime("%Y%m%dT%H%M%SZ")
        day = stamp[:8]
        headers = {
            "content-type": CONTENT_TYPE,
            "host": self._host,
            "x-amz-date": stamp,
            "x-amz-target": f"{self._target}.{operation}",
        }
        if frozen.token:
            headers["x-amz-security-token"] = frozen.token
        names = sorted(headers)
        signed = ";".join(names)
        lines = "".join(f"{name}:{headers[name]}\n" for name in names)
        request = f"POST\n/\n\n{lines}\n{signed}\n{hashlib.sha256(content).hexdigest()}"
        scope = f"{day}/{self._region}/{self._name}/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        signature = hmac.digest(self._signing_key(day, frozen.secret_key), to_sign.encode(), "sha256").hex()
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={frozen.access_key}/{scope}, SignedHeaders={signed}, Signature={signature}"
        )
        return headers

    def _signing_key(self, day: str, secret: str) -> bytes:
        known_day, known_secret, key = self._key
        if (known_day, known_secret) != (day, secret):
            key = f"AWS4{secret}".encode()
            for part in (day, self._region, self._name, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = (day, secret, key)
        return key

    def _connected(self) -> HTTPConnectionPool:
        if self._pool is None:
            with self._lock:
                if self._pool is None:
                    self._pool = self._connect(get_session())
        return self._pool

    def _connect(self, session: Session) -> HTTPConnectionPool:
        credentials = session.get_credentials()
        region = session.get_config_variable("region")
        if credentials is None or not region:
            raise ValueError("botocore says what is missing")
        self._credentials, self._region = credentials, region
        configured = ConfiguredEndpointProvider(
            full_config=session.full_config,
            scoped_config=session.get_scoped_config(),
            client_name=self._name,
        ).provide()
        parts = urlsplit(configured or f"https://{self._name}.{region}.amazonaws.com")
        self._host, host = parts.netloc, parts.hostname or ""
        if parts.scheme == "http":
            return _HttpPool(host, parts.port, maxsize=self._connections)
        from botocore.httpsession import get_cert_path

        trusted = session.get_config_variable("ca_bundle") or get_cert_path(True)
        return _HttpsPool(
            host,
            parts.port,
            maxsize=self._connections,
            cert_reqs="CERT_REQUIRED",
            ca_certs=trusted,
        )


def _error(found: dict[str, Any], code: str, status: int, headers: dict[str, str]) -> dict[str, Any]:
    message = found.get("message", found.get("Message", ""))
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers, "RetryAttempts": 0}
    return {**found, "Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
