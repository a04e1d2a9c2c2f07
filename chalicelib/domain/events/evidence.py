"""Events of the audit, of legal holds, and of personal data that was looked at or erased."""

from __future__ import annotations

from msgspec import field

from .content import Content, Digest


class AuditRepaired(Content, frozen=True, kw_only=True):
    """What the auditor put right, each a code and ids behind colons."""

    repaired: tuple[str, ...]


class AuditMarked(Content, frozen=True, kw_only=True):
    """What the auditor put on the desk and took away again, each a code and its detail behind a colon."""

    raised: tuple[str, ...]
    settled: tuple[str, ...]


class LegalHoldPlaced(Content, frozen=True, kw_only=True):
    """Nothing may be erased from now on."""

    note: str
    reason: Digest


class LegalHoldLifted(Content, frozen=True, kw_only=True):
    """What is due may be erased again."""

    note: str
    reason: Digest


class NumbersRevealed(Content, frozen=True, kw_only=True):
    """Somebody looked at the numbers of these calls and notes, `call:<id>` or `note:<id>`."""

    seen: tuple[str, ...]


class PersonalDataErased(Content, frozen=True, kw_only=True):
    """What is gone, `narrative` or a kind and an id behind a colon: after the `days` of its kinds, or by a privacy record."""

    because: str
    record: int = 0
    days: dict[str, int] = field(default_factory=dict)
    erased: tuple[str, ...]
