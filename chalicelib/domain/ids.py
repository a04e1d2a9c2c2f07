"""Identifiers: ULIDs, which sort by time, and the codes derived from them."""

from __future__ import annotations

import hashlib
import hmac

from .times import milliseconds

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(now: str, randomness: bytes) -> str:
    """A ULID of the instant and 10 random bytes (github.com/ulid/spec)."""
    return _letters(milliseconds(now) << 80 | int.from_bytes(randomness[:10], "big"))


def _letters(value: int) -> str:
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -5, -5))


def first_ulid_at(now: str) -> str:
    """The smallest ULID of an instant, to cut a range by time."""
    return ulid(now, bytes(10))


def id_of_row(source: str, key: str, part: str = "", place: int = 0) -> str:
    """The ULID that a row of a logbook, or a part of it, gets each time it is read; its time is but the part's place."""
    value = place << 80 | int.from_bytes(
        hashlib.sha256(f"{source}\n{key}\n{part}\n{place}".encode()).digest()[:10], "big"
    )
    return _letters(value)


def named(*parts: str) -> str:
    """The id of what these parts name, in the form of a ULID: the same parts have the same."""
    return _letters(int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:16], "big"))


def label(incident_id: str) -> str:
    """The four characters by which people name an incident on the radio."""
    return incident_id[-4:]


def link_code(secret: str, page_id: str) -> str:
    """The code in a page's link: 80 keyed bits in 16 letters and digits that no phone breaks a link at.

    It is made again when the page is sent again, and stored nowhere.
    """
    bits = int.from_bytes(hmac.digest(secret.encode(), f"link:{page_id}".encode(), "sha256")[:10], "big")
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(75, -5, -5))


def keyed(secret: str, kind: str, value: str) -> str:
    """What is kept of a number or address to know it again: 128 keyed bits in hex, which only the deployment can make."""
    return hmac.digest(secret.encode(), f"{kind}:{value}".encode(), "sha256")[:16].hex()


def fingerprint(code: str) -> str:
    """What is stored of a code or key: its SHA-256."""
    return hashlib.sha256(code.encode()).hexdigest()


def shard(value: str, shards: int = 8) -> int:
    """Spread keys of an index over a few partitions."""
    return hashlib.sha256(value.encode()).digest()[0] % shards
