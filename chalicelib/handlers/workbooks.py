"""Workbooks of Excel: brought to be read, and written to be filled in; another function knows their format."""

from __future__ import annotations

from base64 import b64decode

from ..domain.sheets.export import book_of
from ..services.registry import workbooks as service
from .answers.workbooks import Workbook, WorkbookFile, WorkbookRead
from .bodies.workbooks import OrderBody, WorkbookBody
from .http import Answers, Api, Context, Takes
from .sheets import taken_out

api = Api(__name__)
# 3 MB in base64 and what stands around it; Lambda takes 6 MB.
LARGEST = 4_300_000


@api.on(
    "POST",
    "/api/workbooks",
    takes=Takes(WorkbookBody, largest=LARGEST),
    answers=Answers(Workbook, status=202),
)
def bring(context: Context) -> Workbook:
    """Bring a workbook to be read; nothing is staged before one of its sheets is chosen."""
    body: WorkbookBody = context.body
    return Workbook(id=service.hand_in(context.world, context.user.id, b64decode(body.file)))


@api.on("GET", "/api/workbooks/{workbook_id}", answers=Answers(WorkbookRead))
def look(context: Context, workbook_id: str) -> WorkbookRead:
    """What was read of a workbook that one has brought: its sheets, or why it cannot be read."""
    book = service.look(context.world, context.user.id, workbook_id)
    return WorkbookRead.of(workbook_id, book, context.registry)


@api.on(
    "POST",
    "/api/sheets/{noun}/workbook",
    takes=Takes(OrderBody),
    answers=Answers(Workbook, status=202),
)
def order(context: Context, noun: str) -> Workbook:
    """Have a noun's things written as a workbook with their ids, to fill in and bring back; an agency has its own."""
    body: OrderBody = context.body
    things, nouns, _ = taken_out(context, noun, body.agency_id)
    ordered = book_of(noun, things, nouns, body.language)
    return Workbook(id=service.order(context.world, context.user.id, ordered))


@api.on("GET", "/api/workbooks/{workbook_id}/file", answers=Answers(WorkbookFile))
def fetch(context: Context, workbook_id: str) -> WorkbookFile:
    """The workbook that one has ordered, null while it is being written."""
    return WorkbookFile(file=service.written(context.world, context.user.id, workbook_id))
