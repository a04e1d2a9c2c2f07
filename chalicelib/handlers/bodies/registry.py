"""What officers write into the registry, and of a unit."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ...domain.registry import NOUNS, Agency, Person
from .fields import Body, ReasonId, SomeNumber


class WrittenAgency(Agency, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency as an officer writes it."""

    phone: SomeNumber


class WrittenPerson(Person, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as an officer writes them."""

    phone: SomeNumber


# The registry's nouns as they come in; a phone number becomes E.164.
WRITTEN: dict[str, type[Struct]] = {**NOUNS, "agencies": WrittenAgency, "personnel": WrittenPerson}


class UnitStatusBody(Body, frozen=True, kw_only=True):
    """A unit in or out of service."""

    status: Literal["Available", "NotAvailable"]
    reason: ReasonId = ""
