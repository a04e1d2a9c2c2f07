"""Sheets of people, units and stations: tried, imported, taken back, and handed out; the whole registry as a file."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ..domain.configuration import as_yaml
from ..domain.registry import NOUNS, Account
from ..domain.sheets import configuring
from ..domain.sheets.columns import SHEETS
from ..domain.sheets.export import sheet_of
from ..domain.sheets.grid import Grid
from ..domain.sheets.stage import Import, Stage
from ..errors import Forbidden, Invalid, NotFound, Unprocessable
from ..faults import Fault
from ..models import sheet_stages
from ..services.registry import many, workbooks
from ..services.registry import sheets as service
from .access import bound_agency, must_own
from .answers.sheets import LeftThing, SheetFile, SheetImport, SheetImports, SheetOutcome, SheetPreview
from .bodies.sheets import ClarificationsBody, CommitBody, ExportQuery, SheetBody, UndoBody
from .http import Answers, Api, Context, Takes

api = Api(__name__)
# 2,000 people with all that agencies write beside them are a third of it.
LARGEST = 1024 * 1024
LISTED = 50
Nouns = dict[str, dict[str, Any]]


@api.on("GET", "/api/imports", answers=Answers(SheetImports))
def list_imports(context: Context) -> SheetImports:
    """The latest imports, newest first; an agency sees what it brought itself."""
    found = (each for each in sheet_stages.imports() if _may_have(context.user, each))
    return SheetImports(imports=[SheetImport.of(each, context.registry) for each in islice(found, LISTED)])


@api.on(
    "POST",
    "/api/imports",
    takes=Takes(SheetBody, creates=True, largest=LARGEST),
    answers=Answers(SheetPreview, status=201, fails=(404,)),
)
def begin(context: Context) -> SheetPreview:
    """Stage a sheet, and say what importing it would do; nothing is written into the registry."""
    body: SheetBody = context.body
    whole = body.noun == configuring.NOUN
    if whole and context.user.role != "admin":
        raise Forbidden("an admin alone brings a configuration in")
    whose = service.Whose(
        "" if whole else _agency(context, body.agency_id), bound_agency(context.user) is not None
    )
    stage, plan = service.begin(context.world, context.registry, body.noun, _grid(context, body), whose)
    return SheetPreview.of(stage, plan, "open", rows=True)


def _grid(context: Context, body: SheetBody) -> Grid:
    """What was pasted, or the sheet of a workbook that was chosen; Invalid for both or neither."""
    if body.workbook is not None and body.text is None:
        found = workbooks.grid(context.world, context.user.id, body.workbook.id, body.workbook.sheet)
        if found.configuration != (body.noun == configuring.NOUN):
            raise Unprocessable("the file holds another noun", Fault("noun", "not_a_choice"))
        return found
    if body.workbook is not None or body.text is None or body.noun == configuring.NOUN:
        raise Invalid("send a text, or a workbook's sheet", Fault("text", "required"))
    return service.grid_of(context.registry, body.noun, body.text)


@api.on("GET", "/api/imports/{import_id}", answers=Answers(SheetPreview))
def show(context: Context, import_id: str) -> SheetPreview:
    """A staged sheet with its texts, and what importing it would do now."""
    stage = _stage(context, import_id)
    told = sheet_stages.remembered(stage.id)
    plan = service.trial(context.world, context.registry, stage)
    return SheetPreview.of(stage, plan, told.state if told else "open", rows=True)


@api.on(
    "POST",
    "/api/imports/{import_id}/clarifications",
    takes=Takes(ClarificationsBody, largest=LARGEST),
    answers=Answers(SheetPreview),
)
def clarify(context: Context, import_id: str) -> SheetPreview:
    """Clarify what a sheet was asked about: columns, words, who a row is about, what a cell should say."""
    body: ClarificationsBody = context.body
    stage = _stage(context, import_id)
    stage, plan = service.clarify(context.world, context.registry, stage, body.clarified)
    return SheetPreview.of(stage, plan, "open", rows=False)


@api.on(
    "POST",
    "/api/imports/{import_id}/commit",
    takes=Takes(CommitBody),
    answers=Answers(SheetOutcome),
)
def commit(context: Context, import_id: str) -> SheetOutcome:
    """Import what was seen; sent again it goes on where it was, and writes nothing twice. 409 when it would do something else by now."""
    body: CommitBody = context.body
    stage = _stage(context, import_id)
    seen = service.Seen(body.seen, body.without_refused, body.why)
    told, outcome = service.commit(context.world, context.registry, stage, context.actor.id, seen)
    return _outcome(context, SheetImport.of(told, context.registry), outcome)


@api.on("POST", "/api/imports/{import_id}/undo", takes=Takes(UndoBody), answers=Answers(SheetOutcome))
def undo(context: Context, import_id: str) -> SheetOutcome:
    """Take a whole import back; what was changed since is left and named."""
    body: UndoBody = context.body
    told = service.must_remember(import_id)
    _must_have(context.user, told)
    told, outcome = service.undo(context.world, told, context.actor.id, body.why)
    return _outcome(context, SheetImport.of(told, context.registry), outcome)


def _outcome(context: Context, made: SheetImport, outcome: many.Outcome) -> SheetOutcome:
    left = [
        LeftThing(
            id=each.id, label=service.label_of(context.registry, each.noun, each.id), faults=each.faults
        )
        for each in outcome.left
    ]
    return SheetOutcome(made=made, left=left, more=outcome.more)


def _agency(context: Context, wanted: str | None) -> str:
    """The agency that is meant, which must be the caller's: his own where he names none, '' for all of the regency's."""
    agency_id = wanted or bound_agency(context.user) or ""
    if agency_id:
        must_own(context.user, agency_id)
        if agency_id not in context.registry.agencies:
            raise Unprocessable("unknown agency", Fault("agency_id", "unknown_agency"))
    return agency_id


def _stage(context: Context, import_id: str) -> Stage:
    stage = service.find(context.world, import_id)
    _must_have(context.user, stage)
    return stage


def _may_have(account: Account, brought: Stage | Import) -> bool:
    """Whether an import is an account's to see, to finish and to take back: what the regency brings for an agency may hold others' too."""
    own = bound_agency(account)
    return own is None or (brought.bound and brought.agency_id == own)


def _must_have(account: Account, brought: Stage | Import) -> None:
    if not _may_have(account, brought):
        raise Forbidden("another brought this in")


@api.on("GET", "/api/sheets/{noun}", takes=Takes(query=ExportQuery), answers=Answers(SheetFile))
def export(context: Context, noun: str) -> SheetFile:
    """A noun's things as a sheet with their ids, to fill in and bring back; an agency has its own."""
    query: ExportQuery = context.query
    things, nouns, name = taken_out(context, noun, query.agency_id)
    return SheetFile(name=f"{name}.csv", text=sheet_of(noun, things, nouns, query.language))


def taken_out(context: Context, noun: str, wanted: str | None) -> tuple[list[Any], Nouns, str]:
    """What is taken out of a noun, what its cells name, and what the file is called; NotFound for a noun without sheets."""
    if noun not in SHEETS:
        raise NotFound("no such sheet", Fault("noun", "not_found"))
    agency_id = _agency(context, wanted)
    registry = context.registry
    things = [
        each
        for each in registry.of(noun).values()
        if agency_id in ("", each.agency_id) and not getattr(each, "retired", False)
    ]
    nouns = {
        each: dict(registry.of(each))
        for each in ("agencies", "stations", "districts", "capabilities", "certifications", "personnel")
    }
    if own := bound_agency(context.user):
        # Of others' stations and of others themselves a bound one has nothing to choose.
        nouns["agencies"] = {id_: each for id_, each in nouns["agencies"].items() if id_ == own}
        nouns["stations"] = {id_: each for id_, each in nouns["stations"].items() if each.agency_id == own}
    return things, nouns, "-".join(each for each in (noun, agency_id) if each)


@api.on("GET", "/api/configuration", answers=Answers(SheetFile))
def configuration(context: Context) -> SheetFile:
    """The whole registry but accounts and shifts as the YAML file that a regency begins with."""
    nouns = {noun: context.registry.of(noun) for noun in NOUNS}
    hours = context.world.settings.utc_offset_hours
    text = as_yaml(nouns, context.world.clock.now(), hours)
    return SheetFile(name=f"{context.registry.regency.id}.yaml", text=text)
