"""Month sheets as files over HTTP: tried against the draft, handed out, and what was saved taken back."""

from __future__ import annotations

from ..errors import Invalid
from ..faults import Fault
from ..services.duty import files as service
from ..services.duty.files import Workbook as Brought
from ..services.registry.keeping import Hand
from .answers.duty import SheetSaved
from .answers.duty_files import RosterRead
from .answers.sheets import SheetFile
from .answers.workbooks import Workbook
from .bodies.duty_files import FileBody, FileOrder, FileQuery, TakeBackBody
from .duty_sheets import LARGEST, SHEET, month_named
from .http import Answers, Api, Context, Takes

api = Api(__name__)


@api.on("POST", f"{SHEET}/try", takes=Takes(FileBody, largest=LARGEST), answers=Answers(RosterRead))
def try_file(context: Context, agency_id: str, month: str) -> RosterRead:
    """What a roster's file would write into the draft, what of it is refused by its cell, and what is asked first; nothing is written."""
    body: FileBody = context.body
    if (body.text is None) == (body.workbook is None):
        raise Invalid("send a text, or a workbook's sheet", Fault("text", "required"))
    which = month_named(context, agency_id, month)
    source: str | Brought = body.text or ""
    if body.workbook is not None:
        source = Brought(context.user.id, body.workbook.id, body.workbook.sheet)
    grid = service.grid_of(context.world, context.registry, which, source)
    version, found = service.tried(context.registry, which, grid, body.answers)
    return RosterRead.of(found, grid, version, context.registry)


@api.on("POST", f"{SHEET}/undo", takes=Takes(TakeBackBody), answers=Answers(SheetSaved))
def undo(context: Context, agency_id: str, month: str) -> SheetSaved:
    """Take back what was once saved into the draft, wherever nothing has changed since; the rest is told, and stays."""
    body: TakeBackBody = context.body
    which, hand = month_named(context, agency_id, month), Hand(context.actor.id, body.why)
    return SheetSaved.of(service.take_back(context.world, context.registry, which, body.v, hand))


@api.on("GET", f"{SHEET}/file", takes=Takes(query=FileQuery), answers=Answers(SheetFile))
def file(context: Context, agency_id: str, month: str) -> SheetFile:
    """The draft as a sheet with its ids, to fill in and bring back; all people where it has no rows yet."""
    which = month_named(context, agency_id, month)
    text = service.text(context.registry, which, context.query.language)
    return SheetFile(name=f"{agency_id}-{month}.csv", text=text)


@api.on("POST", f"{SHEET}/workbook", takes=Takes(FileOrder), answers=Answers(Workbook, status=202))
def order(context: Context, agency_id: str, month: str) -> Workbook:
    """Have the draft written as a workbook with its ids, to fill in and bring back."""
    body: FileOrder = context.body
    which = month_named(context, agency_id, month)
    return Workbook(id=service.order(context.world, context.registry, which, context.user.id, body.language))
