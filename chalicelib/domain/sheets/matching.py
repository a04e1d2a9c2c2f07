"""Which thing of the registry a row is about: an id, a NIP, or all that agrees decides; what only resembles is asked."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from msgspec import Struct, field

from . import names
from .cells import folded
from .clarifications import NEW, SKIP
from .reading import Read
from .refusals import Choice, Refusal

# Of more that resemble nobody reads the rest.
ALIKE_MOST = 8


class About(Struct, kw_only=True):
    """What a row is about: a known thing's `id`, something new, nothing (`skipped`), or what must be asked first."""

    id: str = ""
    new: bool = False
    skipped: bool = False
    refusal: Refusal | None = None


class Known(Struct, kw_only=True):
    """An agency's things as rows may name them, and all of the noun by id."""

    things: Mapping[str, Any]
    by_core: dict[tuple[str, tuple[str, ...]], list[str]] = field(default_factory=dict)
    by_initials: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    by_phone: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    by_nip: dict[str, list[str]] = field(default_factory=dict)
    by_word: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def known_of(things: Mapping[str, Any], label: str) -> Known:
    """Things by all that rows name them by; `label` is the field of their name."""
    known = Known(things=things)
    for thing in things.values():
        agency = thing.agency_id
        if label == "name" and hasattr(thing, "phone"):
            words = names.core(thing.name)
            if not thing.retired:
                known.by_core.setdefault((agency, words), []).append(thing.id)
                known.by_phone.setdefault((agency, thing.phone), []).append(thing.id)
                same = known.by_initials.setdefault(agency, {})
                same.setdefault(names.initials(words), []).append(thing.id)
            if thing.nip:
                known.by_nip.setdefault(thing.nip, []).append(thing.id)
        elif not getattr(thing, "retired", False):
            known.by_word.setdefault((agency, folded(getattr(thing, label))), []).append(thing.id)
    return known


def person(read: Read, agency_id: str, known: Known, answer: str, at: str) -> About:
    """Which of an agency's people a row is about."""
    name, phone, nip = (read.given.get(each, "") for each in ("name", "phone", "nip"))
    named = _by_id(read, agency_id, known, at)
    if named:
        return named
    if answer == SKIP:
        return About(skipped=True)
    if nip and (ids := known.by_nip.get(nip)):
        return _by_nip(read, agency_id, [known.things[each] for each in ids], answer, at)
    if answer == NEW:
        return About(new=True)
    if answer in known.things and known.things[answer].agency_id == agency_id:
        return About(id=answer)
    own = known.by_core.get((agency_id, names.core(name)), []) if name else []
    same = [each for each in own if not _other_nip(known.things[each], nip)]
    agreeing = [each for each in same if phone and known.things[each].phone == phone]
    if len(agreeing) == 1:
        return About(id=agreeing[0])
    if same:
        return _ask(read, at, "who_same_name", same, known, same[0] if len(same) == 1 else "")
    on_phone = known.by_phone.get((agency_id, phone), []) if phone else []
    on_phone = [each for each in on_phone if not _other_nip(known.things[each], nip)]
    if on_phone:
        likely = [each for each in on_phone if names.alike(name, known.things[each].name)]
        return _ask(read, at, "who_same_phone", on_phone, known, likely[0] if len(likely) == 1 else "")
    return About(new=True)


def resembling(read: Read, agency_id: str, known: Known, taken: Set[str], at: str) -> Refusal | None:
    """The question whether a row that seems new is one of those whom no other row is about, by a name that is alike."""
    name, nip = read.given.get("name", ""), read.given.get("nip", "")
    own = names.initials(names.core(name))
    likely = [
        id_
        for letters, ids in known.by_initials.get(agency_id, {}).items()
        if names.overlap(own, letters)
        for id_ in ids
        if id_ not in taken and not _other_nip(known.things[id_], nip)
    ]
    found = sorted(each for each in likely if names.alike(name, known.things[each].name))[:ALIKE_MOST]
    if not found:
        return None
    return _ask(read, at, "who_like", found, known, found[0] if len(found) == 1 else "").refusal


def thing(read: Read, agency_id: str, label: str, known: Known, answer: str, at: str) -> About:
    """Which unit or station a row is about: its callsign, or a station's name, is its name within an agency."""
    named = _by_id(read, agency_id, known, at)
    if named:
        return named
    if answer == SKIP:
        return About(skipped=True)
    ids = known.by_word.get((agency_id, folded(read.given.get(label, ""))), [])
    if len(ids) == 1:
        return About(id=ids[0])
    if ids and answer in ids:
        return About(id=answer)
    return _ask(read, at, "who_same_name", ids, known, "") if ids else About(new=True)


def _by_id(read: Read, agency_id: str, known: Known, at: str) -> About | None:
    id_ = read.given.get("id", "")
    if not id_:
        return None
    found = known.things.get(id_)
    if found is None or found.agency_id != agency_id:
        # Whether another agency has it is not told.
        return _refuse(read, at, "id", id_, "id_unknown")
    if getattr(found, "retired", False):
        return _refuse(read, at, "id", id_, "is_retired")
    nip = read.given.get("nip", "")
    if nip and getattr(found, "nip", "") not in ("", nip):
        return _refuse(read, at, "nip", nip, "nip_differs")
    return About(id=id_)


def _by_nip(read: Read, agency_id: str, found: list[Any], answer: str, at: str) -> About:
    nip, name = read.given["nip"], read.given.get("name", "")
    own = [each for each in found if each.agency_id == agency_id]
    if not own or len(own) > 1:
        return _refuse(read, at, "nip", nip, "nip_elsewhere")
    if own[0].retired:
        return _refuse(read, at, "nip", nip, "is_retired")
    if answer == own[0].id or not name or names.alike(name, own[0].name):
        return About(id=own[0].id)
    return About(refusal=_question(read, at, "who_nip", [own[0]], ""))


def _other_nip(known: Any, nip: str) -> bool:
    return bool(nip and known.nip and known.nip != nip)


def _ask(read: Read, at: str, code: str, ids: list[str], known: Known, proposed: str) -> About:
    return About(
        refusal=_question(read, at, code, [known.things[each] for each in ids[:ALIKE_MOST]], proposed)
    )


def _question(read: Read, at: str, code: str, things: list[Any], proposed: str) -> Refusal:
    choices = [
        Choice(value=each.id, label=getattr(each, "callsign", each.name), detail=getattr(each, "phone", ""))
        for each in things
    ]
    more = [Choice(value=SKIP)] if code == "who_nip" else [Choice(value=NEW), Choice(value=SKIP)]
    return Refusal(
        row=read.row,
        at=at,
        field="name",
        written=read.given.get("name", ""),
        code=code,
        ask="who",
        values={"names": ", ".join(dict.fromkeys(each.label for each in choices))},
        choices=[*choices, *more],
        proposed=proposed,
    )


def _refuse(read: Read, at: str, field_: str, written: str, code: str) -> About:
    return About(refusal=Refusal(row=read.row, at=at, field=field_, written=written, code=code, ask="cell"))
