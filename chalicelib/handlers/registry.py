"""The registry over HTTP: one set of views for every noun, checked by the noun's own type."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice.app import Request
from msgspec import Struct, to_builtins
from msgspec.structs import asdict

from ..domain.registry import NOUNS, Account
from ..domain.units import UnitState, record_of
from ..errors import Conflict, Forbidden, Invalid, PreconditionRequired, Unprocessable
from ..faults import Fault
from ..services.registry import keeping as service
from ..services.registry import units
from ..services.registry.effects import Draft, effect_of
from ..services.registry.keeping import Hand
from ..services.registry.phone_numbers import read_phone
from .access import ADMIN_NOUNS, AGENCY_NOUNS, bound_agency, must_own
from .answers.effects import EffectAnswer
from .answers.shown import Shown, thing_of
from .bodies.fields import Day, Word
from .bodies.registry import WRITTEN, RemoveBody, UnitStatusBody
from .bodies.trying import EffectQuery
from .http import Answers, Api, Context, Takes
from .reading import raw_body, read_json

api = Api(__name__)


class UnitStatuses(Shown, frozen=True, kw_only=True):
    """What every unit is doing."""

    units: list[UnitState]


DESK_NOUNS = (
    "districts",
    "agencies",
    "units",
    "incident-types",
    "certifications",
    "reasons",
    "dispositions",
)


class ListQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Shifts are listed for one agency and one local day."""

    agency_id: Word | None = None
    date: Day | None = None


class ChangeQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`end_shifts` ends what the change leaves on no roster: a person, unit or agency that is moved or retired."""

    end_shifts: bool = False


@api.on("GET", "/api/registry")
def desk(context: Context) -> dict[str, Any]:
    """All that a desk needs of the registry in one answer; an agency sees its own units."""
    nouns = {
        noun.replace("-", "_"): [thing_of(each, context.user) for each in _visible(context, noun)]
        for noun in DESK_NOUNS
    }
    for each in nouns["districts"]:
        # What a point is of the preview says.
        each.pop("boundary")
    regency = to_builtins(context.registry.regency)
    return {"version": context.registry.version, "regency": regency, **nouns}


def _visible(context: Context, noun: str) -> list[Any]:
    own = bound_agency(context.user) if noun in AGENCY_NOUNS else None
    return [
        each for each in context.registry.of(noun).values() if own in (None, getattr(each, "agency_id", None))
    ]


@api.on("GET", "/api/registry/{noun}", takes=Takes(query=ListQuery))
def list_noun(context: Context, noun: str) -> dict[str, Any]:
    """All of a noun with their versions; shifts by agency and day."""
    may_read(context.user, service.must_noun(noun))
    registry = context.registry
    if noun == "shifts":
        found = service.shifts_of_day(registry, *agency_and_day(context))
        return {"items": [{"v": 1, **to_builtins(each)} for each in found]}
    values = _visible(context, noun)
    return {
        "items": [{"v": registry.versions[noun, each.id], **thing_of(each, context.user)} for each in values]
    }


def agency_and_day(context: Context) -> tuple[str, str]:
    """The agency, which must be the caller's to see, and the local day that name a part of the roster."""
    agency_id, day = context.query.agency_id, context.query.date
    if not agency_id or not day:
        missing = "date" if agency_id else "agency_id"
        raise Invalid("shifts are named by agency and day", Fault(missing, "required"))
    must_own(context.user, agency_id)
    if agency_id not in context.registry.agencies:
        raise Unprocessable("unknown agency", Fault("agency_id", "unknown_agency"))
    return agency_id, day.isoformat()


@api.on("GET", "/api/registry/{noun}/schema")
def schema(context: Context, noun: str) -> dict[str, Any]:
    """A noun's JSON Schema, for programs that write it."""
    return msgspec.json.schema(WRITTEN[service.must_noun(noun)])


@api.on("GET", "/api/registry/{noun}/{id_}")
def show(context: Context, noun: str, id_: str) -> dict[str, Any]:
    """One of a noun with its version."""
    may_read(context.user, service.must_noun(noun))
    value, version = service.find(context.registry, noun, id_)
    if noun in AGENCY_NOUNS:
        must_own(context.user, value.agency_id)
    return {"v": version, **thing_of(value, context.user)}


@api.on("POST", "/api/registry/{noun}", answers=Answers(status=201))
def create(context: Context, noun: str) -> dict[str, Any]:
    """Add one; its own id makes a repeat safe: the same again is answered like the first."""
    value, why = _read(context, noun)
    may_write(context.user, noun, value)
    hand = Hand(context.actor.id, why)
    try:
        version = service.put(context.world, context.registry, noun, value, known=None, hand=hand)
    except Conflict:
        present = context.world.registry.current()
        if noun == "shifts" or present.of(noun).get(value.id) != value:
            raise
        version = present.versions[noun, value.id]
    return {"v": version, **to_builtins(value)}


@api.on("PUT", "/api/registry/{noun}/{id_}", takes=Takes(query=ChangeQuery))
def change(context: Context, noun: str, id_: str) -> dict[str, Any]:
    """Replace one; `If-Match`, the version that was read, is needed, so that two officers do not overwrite each other.

    428 without it, 409 for another version. The same again is answered like the first: its answer may have been lost.
    409 also names what depends on it; `end_shifts=true` ends the shifts among these: future ones removed, a running one ends now.
    """
    value, why = _read(context, noun, id_)
    before, version = service.find(context.registry, noun, id_)
    may_write(context.user, noun, before)
    may_write(context.user, noun, value)
    expected = must_match(context.request)
    if expected == str(version - 1) and value == before:
        return {"v": version, **to_builtins(value)}
    must_be(expected, version)
    hand = Hand(context.actor.id, why, end_shifts=context.query.end_shifts)
    written = service.put(context.world, context.registry, noun, value, known=version, hand=hand)
    return {"v": written, **to_builtins(value)}


def must_match(request: Request) -> str:
    """The version that a request's `If-Match` names."""
    expected: str = request.headers.get("if-match", "").strip('"')
    if not expected:
        raise PreconditionRequired("say which version was read", Fault("If-Match", "required"))
    return expected


def must_be(expected: str, version: int) -> None:
    """Conflict unless this is the version that was read."""
    if expected != str(version):
        raise Conflict(
            "somebody else changed it meanwhile; load it again",
            Fault("If-Match", "version_stale", {"version": str(version)}),
        )


@api.on(
    "POST",
    "/api/registry/{noun}/{id_}/effect",
    takes=Takes(query=EffectQuery),
    answers=Answers(EffectAnswer),
)
def effect(context: Context, noun: str, id_: str) -> EffectAnswer:
    """What dispatch would do differently with one thing as the body has it, or without it, and what names it; nothing is written."""
    value, _ = _read(context, noun, id_)
    for each in (context.registry.of(noun).get(id_, value), value):
        may_write(context.user, noun, each)
    query: EffectQuery = context.query
    draft = Draft(noun, id_, None if query.removed else value)
    found = effect_of(context.world, context.registry, draft, query.district)
    hours = context.world.settings.utc_offset_hours
    return EffectAnswer.of(found, context.registry, context.user, hours)


@api.on("DELETE", "/api/registry/{noun}/{id_}", takes=Takes(query=ListQuery))
def remove(context: Context, noun: str, id_: str) -> dict[str, Any]:
    """Remove one that nothing refers to; a shift by its agency and day. The body, which need not be there, says why."""
    hand = Hand(context.actor.id, _why_removed(context))
    if noun == "shifts":
        agency_id, day = agency_and_day(context)
        shift = service.find_shift(context.registry, agency_id, day, id_)
        service.delete_shift(context.world, context.registry, shift, hand)
        return {"deleted": id_}
    value, _ = service.find(context.registry, noun, id_)
    may_write(context.user, noun, value)
    service.delete(context.world, context.registry, noun, id_, hand)
    return {"deleted": id_}


def _why_removed(context: Context) -> str:
    raw = raw_body(context.request)
    return read_json(context.request, raw, RemoveBody).why if raw else ""


def _read(context: Context, noun: str, id_: str = "") -> tuple[Any, str]:
    """What an officer wrote of a noun, and why."""
    type_ = WRITTEN[service.must_noun(noun)]
    written: Any = read_json(context.request, raw_body(context.request), type_)
    fields = {name: each for name, each in asdict(written).items() if name != "why"}
    if type_ in (WRITTEN["agencies"], WRITTEN["personnel"]):
        fields["phone"] = read_phone(written.phone, "phone", context.registry.regency)
    if id_ and written.id != id_:
        raise Invalid("the id in the body is another", Fault("id", "id_differs"))
    return NOUNS[noun](**fields), written.why


def may_read(account: Account, noun: str) -> None:
    if noun in ADMIN_NOUNS and account.role not in ("admin", "auditor"):
        raise Forbidden("accounts are the admin's")


def may_write(account: Account, noun: str, value: Any) -> None:
    if bound_agency(account) is None:
        return
    if noun not in AGENCY_NOUNS:
        raise Forbidden("the regency's admin keeps this")
    must_own(account, value.agency_id)


@api.on("GET", "/api/units/status", answers=Answers(UnitStatuses), decides=True)
def unit_statuses(context: Context) -> UnitStatuses:
    """What every unit is doing; an agency sees its own."""
    own = bound_agency(context.user)
    states = context.registry.unit_states().units.values()
    return UnitStatuses(units=[record_of(each) for each in states if own in (None, each.agency_id)])


@api.on("POST", "/api/units/{unit_id}/status", takes=Takes(UnitStatusBody), answers=Answers(UnitState))
def set_unit_status(context: Context, unit_id: str) -> UnitState:
    """Take a unit out of service with a reason, or bring it back."""
    unit = context.registry.units.get(unit_id)
    if unit:
        must_own(context.user, unit.agency_id)
    body: UnitStatusBody = context.body
    state = units.set_unit_status(
        context.world, context.registry, unit_id, body.status, body.reason, context.actor.id
    )
    return record_of(state)
