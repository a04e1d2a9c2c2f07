"""Who signs in."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from .fields import Id, Language, Name

Role = Literal["operator", "supervisor", "agency_admin", "leader", "auditor", "admin"]
# Who takes calls and sends help.
DESK: frozenset[Role] = frozenset({"operator", "supervisor", "admin"})


class Account(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a sign-in is: its id is the token's `sub`; role and agency stand here, never in the token.

    `person_id` is whose phone rings when an escalation reaches this account, a supervisor's say.
    """

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}$(?!\n)")]
    name: Annotated[Name, Meta(title="Name")]
    role: Annotated[Role, Meta(title="Role")]
    agency_id: Annotated[Id | None, Meta(title="Agency")] = None
    person_id: Annotated[
        Id | None,
        Meta(title="Person", description="Whose phone rings when an escalation reaches this account."),
    ] = None
    language: Annotated[Language, Meta(title="Language")] = "id"
    disabled: Annotated[bool, Meta(title="Disabled")] = False
