"""What officers write of accounts."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ...domain.registry import Id, Language, Name, Role
from .fields import Body
from .registry import Why

Login = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9._-]{1,62}$(?!\n)",
        description="what is typed at the sign-in page: lower-case letters, digits, dots, - and _",
    ),
]
# What the sign-in service demands of it besides is its own to say.
Email = Annotated[
    str,
    Meta(
        max_length=254,
        pattern=r"^([!-?A-~]{1,64}@[A-Za-z0-9.-]{1,189})?$(?!\n)",
        description="kept by the sign-in service alone; '' for none",
    ),
]


class AccountBody(Body, frozen=True, kw_only=True):
    """What an officer chooses of an account."""

    name: Name
    role: Role
    agency_id: Id | None = None
    person_id: Id | None = None
    language: Language = "id"
    why: Why = ""


class InviteBody(AccountBody, frozen=True, kw_only=True):
    """A new account, and the sign-in by which somebody enters it."""

    login: Login
    email: Email = ""


class InviteAgainBody(Body, frozen=True, kw_only=True):
    """Where the invitation goes if not where it went before."""

    email: Email = ""


class WhyBody(Body, frozen=True, kw_only=True):
    """Why, for the account's history."""

    why: Why = ""
