"""HTTPS to an address that somebody typed in: it must not reach our own network, hang, or swamp us.

The name is resolved once, every address is judged, and the connection goes to the very address that was
judged: a name that answers differently a moment later (DNS rebinding) gains nothing. TLS checks the name.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LARGEST_ANSWER = 64 * 1024
_CONNECT_S = 2.0
_READ_S = 5.0
_TOTAL_S = 10.0
_ADDRESSES_TRIED = 3
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class AddressRefused(Exception):
    """The address is not one that this software may talk to."""


class Unreachable(Exception):
    """No answer, or none that could be used: the network, TLS, time or size."""


@dataclass(frozen=True)
class Answer:
    """What came back: header names in lower case, at most 64 KB of body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name; OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address lies on the open internet, also when it is an IPv4 address in IPv6 clothes."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or ip.is_site_local or any(ip in net for net in _NAT64):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


class Https:
    """One request at a time to a public host, no redirects, no proxy, no more than 10 s and 64 KB.

    `resolver`, `allowed` and `context` are for tests; no setting reaches them.
    """

    def __init__(
        self,
        resolver: Callable[[str, int], list[str]] = resolve,
        allowed: Callable[[str], bool] = is_public,
        context: ssl.SSLContext | None = None,
        total_s: float = _TOTAL_S,
    ) -> None:
        self._resolve = resolver
        self._allowed = allowed
        self._context = context or ssl.create_default_context()
        self._total_s = total_s

    def request(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Send one request; AddressRefused before anything is sent, Unreachable for want of an answer."""
        host, port, target = split_url(url)
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise Unreachable("the host's name is unknown") from None
        # One bad address among good ones is an attack or a mistake: neither is worth a try.
        if not addresses or not all(self._allowed(address) for address in addresses):
            raise AddressRefused("the host is not on the public internet")
        connection = _Pinned(host, port, addresses[:_ADDRESSES_TRIED], self._context)
        # Timeouts of single reads let a host drip a byte every few seconds; this ends the whole exchange.
        deadline = time.monotonic() + self._total_s
        watch = threading.Timer(self._total_s, connection.abort)
        watch.daemon = True
        watch.start()
        try:
            connection.request(method, target, body=body, headers={"user-agent": "Kentongan"} | dict(headers))
            response = connection.getresponse()
            content = response.read(LARGEST_ANSWER + 1)
            if time.monotonic() >= deadline:
                raise Unreachable("no whole answer in time")
            if len(content) > LARGEST_ANSWER:
                raise Unreachable("the answer is larger than 64 KB")
            answer_headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, answer_headers, content)
        except ssl.SSLCertVerificationError:
            raise Unreachable("the host's certificate is not valid for its name") from None
        except (OSError, http.client.HTTPException) as error:
            late = time.monotonic() >= deadline or isinstance(error, TimeoutError)
            detail = "no answer in time" if late else f"no usable answer: {type(error).__name__}"
            raise Unreachable(detail) from None
        finally:
            watch.cancel()
            connection.close()


def split_url(url: str) -> tuple[str, int, str]:
    """Take an https URL apart into host, port and request target; ValueError says what is wrong with it."""
    if not url.isascii() or any(character <= " " or character == "\x7f" for character in url):
        raise ValueError("holds a blank, a control character or one outside ASCII")
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise ValueError("must begin with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user name or password")
    if not parts.hostname:
        raise ValueError("names no host")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, parts.port or 443, target


class _Pinned(http.client.HTTPSConnection):
    """A connection to given addresses under a name: SNI, certificate check and Host header say the name."""

    def __init__(self, host: str, port: int, addresses: list[str], context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=_READ_S, context=context)
        self._addresses = addresses
        self._tls = context
        self._aborted = False

    def connect(self) -> None:
        for address in self._addresses[:-1]:
            try:
                return self._connect_to(address)
            except ssl.SSLError:
                raise
            except OSError:
                continue
        return self._connect_to(self._addresses[-1])

    def _connect_to(self, address: str) -> None:
        plain = socket.create_connection((address, self.port), timeout=_CONNECT_S)
        plain.settimeout(_READ_S)
        # The handshake comes after the socket is known to `abort`.
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        if self._aborted:
            raise TimeoutError
        self.sock.do_handshake()

    def abort(self) -> None:
        """End whatever the connection is waiting for; called from the watching thread."""
        self._aborted = True
        sock = self.sock
        if sock is not None:
            # Not SSLSocket's own shutdown: that takes the TLS state from under the other thread.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
