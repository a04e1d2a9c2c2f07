"""What events hold of personal data: salted digests, which say nothing once the salt is erased."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from msgspec import Struct, to_builtins


def digest(salt: str, value: str) -> str:
    """What an event holds of personal data: SHA-256 over the salt's hex text and the value; '' for no value."""
    return hashlib.sha256(f"{salt}:{value}".encode()).hexdigest() if value else ""


def sealed_statement(said: Struct | None) -> str:
    """The text whose digest seals what a caller said, or what an amendment took the place of: JSON of what is not empty, so that a later field changes no old one."""

    def filled(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: filled(each) for name, each in value.items() if each not in ("", None, False, {})}

    if said is None:
        return ""
    return json.dumps(filled(to_builtins(said)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
