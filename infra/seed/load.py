"""Reads a regency from its YAML file: strictly, and all mistakes at once, each by noun, id and field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml
from msgspec import Struct
from msgspec.structs import asdict

from chalicelib.domain.configuration import long_form
from chalicelib.domain.registry import (
    Account,
    Agency,
    Id,
    Language,
    Name,
    Person,
    Role,
    Unit,
)
from chalicelib.domain.registry_rules import Book, faults
from chalicelib.faults import SENTENCES
from chalicelib.handlers.bodies.registry import TYPED
from chalicelib.handlers.honest import refused_texts
from chalicelib.services.registry.phone_numbers import read_number, refused_phone
from infra.seed.duty import DutyTurns, duties_of
from infra.workbooks.strict_yaml import read_strictly

S = TypeVar("S", bound=Struct)


class DemoAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign-in to be made; the stack gives it a password, and its `sub` becomes the Account's id."""

    id: Id
    name: Name
    role: Role
    agency_id: Id | None = None
    person_id: Id | None = None
    language: Language = "id"


# Accounts and shifts are not written down: accounts follow from demo accounts, and duty from who takes turns.
SECTIONS: dict[str, type[Struct]] = {
    **{noun: kind for noun, kind in TYPED.items() if noun not in ("accounts", "shifts")},
    "accounts": DemoAccount,
    "duty": DutyTurns,
}


class SeedError(Exception):
    """The seed file cannot be used; `errors` has one line a mistake, as `file: noun id: field: message`."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A whole regency: the registry's nouns in the file's order, accounts to make, who is on duty when."""

    utc_offset_hours: int
    nouns: Mapping[str, list[Struct]]
    accounts: list[DemoAccount]
    duty: list[DutyTurns]

    def of(self, kind: type[S]) -> list[S]:
        """All things of one of the registry's types."""
        return [each for things in self.nouns.values() for each in things if isinstance(each, kind)]


# A file of a release before has none: the program's own texts are sent, and nothing waits for crews or holidays.
MAY_LACK = frozenset(
    {"sms-texts", "crews", "holidays", "shift-codes", "duty-patterns", "issuers", "trainings"}
)


def read(path: Path) -> Seed:
    """Read a seed file; SeedError names every mistake in it."""
    document = _document(path)
    errors: list[str] = []
    found: dict[str, list[Struct]] = {}
    for section, kind in SECTIONS.items():
        found[section] = []
        for id_, fields in document.get(section, {}).items():
            try:
                thing = msgspec.convert(long_form(id_, fields, kind, document["demo"]), kind)
            except msgspec.ValidationError as error:
                errors.append(f"{section} {id_}: {_plain(error)}")
                continue
            found[section].append(thing)
            refused = refused_texts(thing, kind)
            errors += [f"{section} {id_}: {fault.path}: {fault.sentence}" for fault in refused]
    if not errors and len(found["regency"]) != 1:
        errors = [f"regency: expected one, got {len(found['regency'])}"]
    if not errors:
        found = {
            section: [_with_read_phone(each, found) for each in things] for section, things in found.items()
        }
        errors = list(_broken_rules(found, document["utc_offset_hours"]))
    if errors:
        raise SeedError([f"{path.name}: {error}" for error in errors])
    accounts: Any = found.pop("accounts")
    duty: Any = found.pop("duty")
    for noun, made in _duties(duty, found).items():
        written: list[Any] = found[noun]
        ids = {each.id for each in written}
        found[noun] = [*written, *(each for each in made if each.id not in ids)]
    return Seed(utc_offset_hours=document["utc_offset_hours"], nouns=found, accounts=accounts, duty=duty)


def _duties(duty: list[DutyTurns], found: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """The nouns that follow from who takes turns."""
    callsigns = {each.id: each.callsign for each in found["units"] if isinstance(each, Unit)}
    made = duties_of(duty, callsigns)
    return {"shift-codes": made.codes, "crews": made.crews, "duty-patterns": made.patterns}


def _document(path: Path) -> dict[str, Any]:
    try:
        document = read_strictly(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SeedError([f"{path.name}: {error.strerror}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SeedError([f"{path.name}: {' '.join(str(error).split())}"]) from None
    shape = {"demo": bool, "utc_offset_hours": int}
    if not isinstance(document, dict):
        raise SeedError([f"{path.name}: expected sections such as districts, agencies, units"])
    errors = [f"{name}: unknown section" for name in document if name not in SECTIONS and name not in shape]
    needed = [name for name in (*SECTIONS, *shape) if name not in MAY_LACK]
    errors += [f"{name}: missing" for name in needed if document.get(name) is None]
    errors += [
        f"{name}: expected `{'object' if name in SECTIONS else shape[name].__name__}`"
        for name, value in document.items()
        if value is not None
        and type(value) is not (dict if name in SECTIONS else shape.get(name, type(value)))
    ]
    if errors:
        raise SeedError([f"{path.name}: {error}" for error in errors])
    return document


def _plain(error: msgspec.ValidationError) -> str:
    """msgspec's message with the field first, as in `levels[0].needs[1].units: Expected int, got str`."""
    message, _, path = str(error).partition(" - at `")
    named = re.search(r"(?:missing required|unknown) field `(\w+)`", message)
    where = path.rstrip("`").removeprefix("$").lstrip(".")
    field = ".".join(filter(None, [where, named.group(1) if named else ""]))
    return f"{field}: {message}" if field else message


def _broken_rules(found: Mapping[str, list[Any]], utc_offset_hours: int) -> Iterator[str]:
    """What types alone do not see, such as an unknown id or a need that no unit can meet."""
    nouns = {section: {each.id: each for each in things} for section, things in found.items()}
    nouns["accounts"] = {each.id: _account(each) for each in found["accounts"]}
    book = Book(nouns=nouns, now="", utc_offset_hours=utc_offset_hours)
    for section in SECTIONS:
        for each in nouns[section].values():
            yield from (
                f"{section} {each.id}: {fault.where}: {fault.sentence}" for fault in faults(each, book)
            )
    for pattern in _each(found["duty"], DutyTurns):
        yield from (f"duty {pattern.id}: {error}" for error in _duty_errors(pattern, book))
    (regency,) = found["regency"]
    for section in ("agencies", "personnel"):
        for each in found[section]:
            if code := refused_phone(each.phone, regency, sms=section == "personnel"):
                yield f"{section} {each.id}: phone: {each.phone} {SENTENCES[code]}"


def _with_read_phone(thing: Any, found: Mapping[str, list[Any]]) -> Any:
    """A thing with its phone in E.164, if it has one; what cannot be read stays, to be named with all mistakes."""
    if not isinstance(thing, (Agency, Person)):
        return thing
    phone = read_number(thing.phone, found["regency"][0]).e164 or thing.phone
    return (Person if isinstance(thing, Person) else Agency)(**{**asdict(thing), "phone": phone})


def _account(account: DemoAccount) -> Account:
    return Account(
        id=account.id,
        name=account.name,
        role=account.role,
        agency_id=account.agency_id,
        person_id=account.person_id,
    )


def _duty_errors(pattern: DutyTurns, book: Book) -> Iterator[str]:
    unit = book.of("units").get(pattern.unit_id or "")
    if unit and unit.agency_id != pattern.agency_id:
        yield f"unit_id: {pattern.unit_id!r} belongs to another agency"
    if sorted(set(pattern.starts)) != pattern.starts:
        yield "starts: must ascend"
    for n, crew in enumerate(pattern.crews):
        for id_ in crew:
            person = book.of("personnel").get(id_)
            if person is None:
                yield f"crews[{n}]: personnel has no {id_!r}"
            elif person.agency_id != pattern.agency_id:
                yield f"crews[{n}]: {id_!r} belongs to another agency"
    try:
        duties_of([pattern], {})
    except ValueError as error:
        yield str(error)


def _each(things: list[Any], kind: type[S]) -> list[S]:
    return [each for each in things if isinstance(each, kind)]
