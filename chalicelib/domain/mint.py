"""What must be new or unguessable: ids, salts, the codes of links and replies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from . import accounts, ids
from .reply_codes import make_code


class Source(Protocol):
    """Where the instant and randomness come from."""

    def now(self) -> str: ...

    def random(self, size: int) -> bytes: ...


class Mint:
    """Makes each of them in one way; `replies`: whether pages carry codes to be answered by SMS."""

    def __init__(self, source: Source, link_secret: str, *, replies: bool) -> None:
        self._source = source
        self._link_secret = link_secret
        self._replies = replies

    def id(self) -> str:
        """A fresh ULID."""
        return ids.ulid(self._source.now(), self._source.random(10))

    def salt(self) -> str:
        """128 random bits in hex, with which a text is digested."""
        return self._source.random(16).hex()

    def password(self) -> str:
        """A temporary password for a sign-in."""
        return accounts.temporary_password(self._source.random(accounts.RANDOM_BYTES))

    def link(self, page_id: str) -> str:
        """What is stored of the code in a page's link."""
        return ids.fingerprint(ids.link_code(self._link_secret, page_id))

    def reply_codes(self) -> Iterator[str]:
        """Codes that differ from each other, '' without replies; one that an open page holds is found when it is written."""
        used = {""}
        while True:
            code = ""
            while self._replies and code in used:
                code = make_code(self._source.random(8))
            used.add(code)
            yield code
