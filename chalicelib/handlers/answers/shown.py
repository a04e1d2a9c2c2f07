"""What all answers have in common: every field is named, and what the reader may not see is not in it."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct, to_builtins

from ...domain.registry import Account
from ...models.registry import Snapshot
from ..access import SEES_NUMBERS, bound_agency


class Shown(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer, or a part of one; the OpenAPI document follows from its fields, and a test holds every answer to it."""


ShownT = TypeVar("ShownT", bound=Struct)


def taken_from(type_: type[ShownT], value: Struct, **own: Any) -> ShownT:
    """An answer whose fields are `own`, and of the same name in a value of ours: what an answer does not name is not shown."""
    names = [name for name in type_.__struct_fields__ if name not in own]
    return type_(**{name: getattr(value, name) for name in names}, **own)


def mask(number: str, account: Account, *, needed: bool = True) -> str:
    """A number in full for the desk as long as it is needed, its end alone otherwise and for everybody else."""
    return number if (account.role in SEES_NUMBERS and needed) or not number else f"…{number[-3:]}"


def thing_of(value: Struct, account: Account) -> dict[str, Any]:
    """One of a noun as JSON; whoever reads to judge, not to ring, sees the end of its numbers alone."""
    told: dict[str, Any] = to_builtins(value)
    if bound_agency(account) is not None:
        return told
    if "phone" in told:
        told["phone"] = mask(told["phone"], account)
    if told.get("nip") and account.role != "admin":
        told["nip"] = f"…{told['nip'][-3:]}"
    return told


def name_of(actor: str, registry: Snapshot) -> str:
    """Who an opaque actor id is, '' for one that the registry no longer knows."""
    kind, _, rest = actor.partition(":")
    if kind == "person":
        person = registry.people.get(rest)
        return person.name if person else ""
    account = registry.accounts.get(actor)
    return account.name if account else ""
