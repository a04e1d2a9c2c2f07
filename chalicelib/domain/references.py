"""Which fields of the registry's nouns name another noun: one table for all who must find dangling ids."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

# A field of this name, in any noun and at any depth, holds an id (or a list of ids) of that noun.
NOUN_OF_FIELD = {
    "agency_id": "agencies",
    "agencies": "agencies",
    "station_id": "stations",
    "district_id": "districts",
    "districts": "districts",
    "unit_id": "units",
    "person_id": "personnel",
    "head_id": "personnel",
    "chief_id": "personnel",
    "crew_id": "crews",
    "certification_id": "certifications",
    "capability": "capabilities",
    "capabilities": "capabilities",
    "type_id": "incident-types",
    "like": "incident-types",
    "issuer_id": "issuers",
    "policy_id": "escalation-policies",
}


def references(thing: Struct, at: str = "") -> Iterator[tuple[str, str, str]]:
    """Each (path, noun, id) a thing refers to, as in ("needs[1].capability", "capabilities", "rescue")."""
    for name in thing.__struct_fields__:
        value = getattr(thing, name)
        path = f"{at}.{name}" if at else name
        noun = NOUN_OF_FIELD.get(name)
        many = [(f"{path}[{n}]", each) for n, each in enumerate(value)] if isinstance(value, list) else None
        for where, each in [(path, value)] if many is None else many:
            if isinstance(each, Struct):
                yield from references(each, where)
            elif noun and each is not None:
                yield where, noun, each
