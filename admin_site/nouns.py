"""What the forms of the registry are made of: every noun's fields as their types say, with English words that the catalogue translates.

A field's title and help stand at its type (`Meta` in chalicelib/domain/registry); names of nouns and of choices stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import msgspec.inspect as mi
from msgspec import Meta, Struct

from chalicelib.domain.references import NOUN_OF_FIELD
from chalicelib.domain.registry import NOUNS, Hint, Label

MODULE = "js/nouns.js"


class Words(NamedTuple):
    """A noun's group at the left, its name for one and for many, and its fields: by which one is called, and what stands below that."""

    group: str
    one: str
    many: str
    called: str
    below: tuple[str, ...] = ()


PEOPLE, CALLS, PLACES = "People and units", "Incidents", "Area and texts"
# In the order of the page. Shifts are no noun of it: they have a page of their own.
WORDS: dict[str, Words] = {
    "agencies": Words(PEOPLE, "agency", "agencies", "short_name", ("name",)),
    "stations": Words(PEOPLE, "station", "stations", "name", ("agency_id", "district_id")),
    "units": Words(PEOPLE, "unit", "units", "callsign", ("name", "station_id")),
    "personnel": Words(PEOPLE, "person", "personnel", "name", ("agency_id", "phone")),
    "crews": Words(PEOPLE, "crew", "crews", "name", ("agency_id", "unit_id")),
    "shift-codes": Words(PEOPLE, "shift code", "shift codes", "code", ("name", "agency_id")),
    "duty-patterns": Words(PEOPLE, "duty pattern", "duty patterns", "name", ("agency_id",)),
    "certifications": Words(PEOPLE, "certificate", "certificates", "label"),
    "issuers": Words(PEOPLE, "issuer", "issuers", "name"),
    "trainings": Words(PEOPLE, "training", "trainings", "label", ("issuer_id",)),
    "capabilities": Words(PEOPLE, "capability", "capabilities", "label"),
    "accounts": Words(PEOPLE, "account", "accounts", "name", ("role", "agency_id")),
    "incident-types": Words(CALLS, "incident type", "incident types", "label", ("category",)),
    "response-plans": Words(CALLS, "response plan", "response plans", "label", ("type_id", "category")),
    "escalation-policies": Words(CALLS, "escalation policy", "escalation policies", "label"),
    "reasons": Words(CALLS, "reason", "reasons", "label"),
    "dispositions": Words(CALLS, "outcome", "outcomes", "label"),
    "targets": Words(CALLS, "target time", "target times", "label", ("agency_id", "source")),
    "districts": Words(PLACES, "district", "districts", "name", ("capital",)),
    "regency": Words(PLACES, "regency", "regency", "name"),
    "holidays": Words(PLACES, "holiday", "holidays", "label", ("day",)),
    "sms-templates": Words(PLACES, "SMS template", "SMS templates", "kind", ("language",)),
    "sms-texts": Words(PLACES, "other SMS text", "other SMS texts", "kind", ("language",)),
}
# Fields that are said in another way than their own: an account's id is its sign-in's, all others are made of the name.
UNSAID = frozenset({"id"})
# What each choice is called, by the type's value; in the order of a form. One value has one meaning in all nouns.
CHOICES: dict[str, str] = {
    "land": "Land",
    "water": "Water",
    "id": "Indonesian",
    "en": "English",
    "fire": "Fire",
    "riot": "Riot",
    "accident": "Accident",
    "disaster": "Natural disaster",
    "health": "Health",
    "security": "Security and public order",
    "other": "Other emergency",
    "operator": "Operator",
    "supervisor": "Supervisor",
    "agency_admin": "Agency admin",
    "leader": "Leader",
    "auditor": "Auditor",
    "admin": "Administrator",
    "on_duty": "Others on duty",
    "backup": "Backup",
    "head": "Head of the agency",
    "page": "Page",
    "cancelled": "Called off",
    "amended": "What happened was changed",
    "not_needed_answered": "Not needed: others answered",
    "not_needed_unable": "Not needed: the crew cannot come",
    "not_needed_ended": "Not needed: it is over",
    "caller": "Word to the caller",
    "duty_link": "Link to one's own duty",
    "duty_changed": "One's own duty has changed",
    "duty_asked": "Asked for a change of duty",
    "duty_agreed": "A change of duty counts",
    "duty_refused": "A change of duty was refused",
    "duty_withdrawn": "A change of duty was taken back",
    "duty_to_approve": "A change of duty waits for approval",
    "duty_left": "Somebody is off duty and nobody stands in",
    "duty_ahead": "Gaps in the coming weeks' duty",
    "text": "Words",
    "number": "A number",
    "yes_no": "Yes or no",
    "choice": "One of some choices",
    "warn": "Send it, with a warning",
    "block": "Do not send it",
    "answering": "Until the call is answered",
    "processing": "From answering until help is asked",
    "handling": "From the call until help is asked",
    "turnout": "From being asked until the crew leaves",
    "travel": "On the way",
    "response": "From the call until on scene",
    "stationed": "At the station",
    "on_call": "On call at home",
    "primary": "First",
    "rest": "Day off",
    "leave": "On leave",
    "sick": "Sick",
    "training": "In training",
    "excused": "Excused",
    "Asia/Jakarta": "WIB (Jakarta)",
    "Asia/Pontianak": "WIB (Pontianak)",
    "Asia/Makassar": "WITA (Makassar)",
    "Asia/Jayapura": "WIT (Jayapura)",
}


class Unworded(ValueError):
    """A noun, field or choice that nobody has words for."""


def descriptors() -> dict[str, Any]:
    """Every noun of the page by its name: its words, and its fields as forms need them. Unworded names what has no words."""
    return {noun: describe(NOUNS[noun], words) for noun, words in WORDS.items()}


def describe(type_: type[Struct], words: Words) -> dict[str, Any]:
    """One noun; the field by which it is called comes first."""
    found = list(_fields(type_))
    found.sort(key=lambda field: field["name"] != words.called)
    return {
        "group": words.group,
        "one": words.one,
        "many": words.many,
        "called": words.called,
        "below": list(words.below),
        "fields": found,
    }


def _fields(type_: type[Struct]) -> Iterator[dict[str, Any]]:
    names = set(type_.__struct_fields__)
    for field in msgspec.structs.fields(type_):
        if field.name in UNSAID:
            continue
        where = f"{type_.__name__}.{field.name}"
        metas = [each for each in getattr(field.type, "__metadata__", ()) if isinstance(each, Meta)]
        if not metas or not metas[-1].title:
            raise Unworded(f"{where} has no title")
        if field.name == "lng" and "lat" in names:
            continue
        described: dict[str, Any] = {"name": field.name, "title": metas[-1].title}
        if metas[-1].description:
            described["help"] = metas[-1].description
        extra = [each.extra["kind"] for each in metas if each.extra and "kind" in each.extra]
        described |= _kind(field.name, mi.type_info(field.type), extra[-1] if extra else "", where)
        if field.name == "lat" and "lng" in names:
            described["kind"] = "point"
        default = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
        if field.required:
            described["required"] = True
        else:
            described["default"] = msgspec.to_builtins(default)
        yield described


def _kind(name: str, info: mi.Type, extra: str, where: str) -> dict[str, Any]:
    """Which kind of field a type makes, and its bounds."""
    if isinstance(info, mi.Metadata):
        # A set that may grow is a text to its type, which older releases read (ADR 47).
        if info.extra and "choices" in info.extra:
            return {"kind": "choice", "choices": _choices(info.extra["choices"], where)}
        return _kind(name, info.type, extra, where)
    if isinstance(info, mi.UnionType):
        (one,) = (each for each in info.types if not isinstance(each, mi.NoneType))
        return {**_kind(name, one, extra, where), "nullable": True}
    if isinstance(info, mi.BoolType):
        return {"kind": "flag"}
    if isinstance(info, mi.IntType | mi.FloatType):
        kind = "number" if isinstance(info, mi.IntType) else "decimal"
        return {"kind": kind, **_given(min=info.ge, max=info.le)}
    if isinstance(info, mi.LiteralType):
        return {"kind": "choice", "choices": _choices(info.values, where)}
    if isinstance(info, mi.StructType):
        if info.cls in (Label, Hint):
            return {"kind": "label"}
        raise Unworded(f"{where}: no kind of field for a {info.cls.__name__}")
    if isinstance(info, mi.ListType):
        return {
            **_several(name, info.item_type, extra, where),
            **_given(least=info.min_length, most=info.max_length),
        }
    if isinstance(info, mi.StrType):
        if name in NOUN_OF_FIELD:
            return {"kind": "ref", "noun": NOUN_OF_FIELD[name]}
        return {"kind": extra or "text", **_given(least=info.min_length, most=info.max_length)}
    raise Unworded(f"{where}: no kind of field for {info}")


def _several(name: str, item: mi.Type, extra: str, where: str) -> dict[str, Any]:
    while isinstance(item, mi.Metadata):
        item = item.type
    if isinstance(item, mi.StructType):
        named = {"named": True} if "id" in item.cls.__struct_fields__ else {}
        return {"kind": "list", "fields": list(_fields(item.cls)), **named}
    if isinstance(item, mi.LiteralType):
        return {"kind": "ticks", "choices": _choices(item.values, where)}
    if extra == "boundary":
        return {"kind": extra}
    if name in NOUN_OF_FIELD:
        return {"kind": "chips" if extra == "ordered" else "refs", "noun": NOUN_OF_FIELD[name]}
    return {"kind": "words"}


def _choices(values: tuple[Any, ...], where: str) -> list[dict[str, str]]:
    for value in values:
        if value not in CHOICES:
            raise Unworded(f"{where}: the choice {value!r} has no words")
    return [{"id": value, "title": title} for value, title in CHOICES.items() if value in values]


def _given(**bounds: Any) -> dict[str, Any]:
    return {name: bound for name, bound in bounds.items() if bound is not None}


def messages() -> set[str]:
    """All words of the descriptors, as message ids."""
    found = set(CHOICES.values())

    def gather(fields: list[dict[str, Any]]) -> None:
        for field in fields:
            found.update({field["title"], field.get("help", field["title"])})
            gather(field.get("fields", []))

    for noun in descriptors().values():
        found.update({noun["group"], noun["one"], noun["many"]})
        gather(noun["fields"])
    return found
