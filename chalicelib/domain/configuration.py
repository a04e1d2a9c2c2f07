"""The whole registry as the YAML file that a regency begins with: what is taken out is what the seed's loader reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from .registry import NOUNS, Person

# Accounts belong to sign-ins and shifts to days: a regency that begins makes its own.
NOT_TAKEN = ("accounts", "shifts")
HEAD = """# The registry as it stood at {now}. A line is `id: {{fields}}`; whoever begins a regency with it adds accounts and duty.
# It holds phone numbers: keep it where only those who need them can read it.
demo: false
utc_offset_hours: {hours}
"""


def as_yaml(nouns: Mapping[str, Mapping[str, Any]], now: str, utc_offset_hours: int) -> str:
    """Every noun but accounts and shifts, a section each, a thing a line in JSON, which YAML reads as well."""
    lines = [HEAD.format(now=now, hours=utc_offset_hours)]
    for noun in NOUNS:
        if noun in NOT_TAKEN:
            continue
        things = nouns.get(noun, {})
        lines.append(f"{noun}:" if things else f"{noun}: {{}}")
        lines += [f"  {_json(id_)}: {_fields(thing)}" for id_, thing in things.items()]
    return "\n".join([*lines, "accounts: {}", "duty: {}", ""])


def _fields(thing: Any) -> str:
    fields = msgspec.to_builtins(thing)
    return _json({name: value for name, value in fields.items() if name != "id"})


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def long_form(id_: str, fields: Any, kind: type[Struct], demo: bool) -> Any:
    """What a line means: its id, the file's `demo`, and certifications written as `name: value`."""
    if not isinstance(fields, dict):
        return fields
    told = {"id": id_, **({"demo": demo} if "demo" in kind.__struct_fields__ else {}), **fields}
    return _certifications(told, "expires_on" if issubclass(kind, Person) else "expired")


def _certifications(value: Any, second: str) -> Any:
    if isinstance(value, list):
        return [_certifications(each, second) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [{"certification_id": id_, second: each} for id_, each in inner.items()]
        if key == "certifications" and isinstance(inner, dict)
        else _certifications(inner, second)
        for key, inner in value.items()
    }
