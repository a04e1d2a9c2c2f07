"""Month sheets over HTTP: read, filled in, published."""

from __future__ import annotations

from ..domain.duty.editing import CellEdit, Edits, GoneRow, NewRow
from ..errors import Invalid
from ..faults import Fault
from ..models import duty_sheets as store
from ..services.duty import covering
from ..services.duty import load as loads
from ..services.duty import sheets as service
from ..services.duty.covering import Days
from ..services.duty.sheets import Month, Wanted
from ..services.registry.keeping import Hand
from .access import must_own
from .answers.coverage import CoverageAnswer
from .answers.duty import LoadAnswer, OutlookAnswer, SheetAnswer, SheetChange, SheetHistory, SheetSaved
from .bodies.duty import DraftCoverageQuery, OutlookQuery, PublishBody, SheetEdits, SheetHistoryQuery
from .http import Answers, Api, Context, Takes

api = Api(__name__)
SHEET = "/api/duty/sheets/{agency_id}/{month}"
# A save of as many cells as one record holds.
LARGEST = 1024 * 1024
AT_ONCE = 20


@api.on("GET", SHEET, answers=Answers(SheetAnswer))
def show(context: Context, agency_id: str, month: str) -> SheetAnswer:
    """An agency's month: its draft, what is published, and in which cells they differ from tomorrow on."""
    found = service.standing(context.world, month_named(context, agency_id, month))
    return SheetAnswer.of(found, context.registry)


@api.on("POST", SHEET, takes=Takes(SheetEdits, largest=LARGEST), answers=Answers(SheetSaved))
def save(context: Context, agency_id: str, month: str) -> SheetSaved:
    """Write into the draft; only a cell that stands otherwise than its writer saw is left, and told. Dispatch reads no draft."""
    body: SheetEdits = context.body
    if not (body.add or body.cells or body.drop):
        raise Invalid(
            "nothing is written", *(Fault(name, "any_of_these") for name in ("add", "cells", "drop"))
        )
    edits = Edits(
        add=[
            NewRow(person_id=each.person_id, unit_id=each.unit_id, crew_id=each.crew_id, id=each.id or "")
            for each in body.add
        ],
        cells=[CellEdit(row=each.row, day=each.day, was=each.was, now=each.now) for each in body.cells],
        drop=[GoneRow(row=each.row, was=each.was) for each in body.drop],
    )
    which, hand = month_named(context, agency_id, month), Hand(context.actor.id, body.why)
    return SheetSaved.of(service.save(context.world, context.registry, which, edits, hand))


@api.on("GET", f"{SHEET}/outlook", takes=Takes(query=OutlookQuery), answers=Answers(OutlookAnswer))
def outlook(context: Context, agency_id: str, month: str) -> OutlookAnswer:
    """What publishing the draft from a day on would change, and which duties of patterns it leaves blank; nothing is written."""
    which = month_named(context, agency_id, month)
    first_day = context.query.first_day.isoformat() if context.query.first_day else None
    found = service.outlook(context.world, context.registry, which, first_day)
    return OutlookAnswer.of(found, context.registry)


@api.on("GET", f"{SHEET}/coverage", takes=Takes(query=DraftCoverageQuery), answers=Answers(CoverageAnswer))
def draft_coverage(context: Context, agency_id: str, month: str) -> CoverageAnswer:
    """What each response plan would be answered in a week with the draft published from tomorrow on; nothing is written."""
    query: DraftCoverageQuery = context.query
    which = month_named(context, agency_id, month)
    days = Days(query.from_.isoformat() if query.from_ else None, query.days)
    found, places = covering.of_draft(context.world, context.registry, which, days)
    return CoverageAnswer.of(found, places, context.registry)


@api.on("POST", f"{SHEET}/publish", takes=Takes(PublishBody), answers=Answers(SheetAnswer))
def publish(context: Context, agency_id: str, month: str) -> SheetAnswer:
    """Publish the draft from a day that has not begun: from then on it alone says who is on duty. The same again is answered alike."""
    body: PublishBody = context.body
    which, hand = month_named(context, agency_id, month), Hand(context.actor.id, body.why)
    wanted = Wanted(body.v, body.first_day, body.uncovered)
    service.publish(context.world, context.registry, which, wanted, hand)
    return show(context, agency_id, month)


@api.on("GET", f"{SHEET}/load", answers=Answers(LoadAnswer))
def load(context: Context, agency_id: str, month: str) -> LoadAnswer:
    """What people's duty amounts to before a month, from the first of the twelve weeks that end with it."""
    which = month_named(context, agency_id, month)
    return LoadAnswer.of(which.days[0], *loads.before(context.world, context.registry, which))


@api.on("GET", f"{SHEET}/history", takes=Takes(query=SheetHistoryQuery), answers=Answers(SheetHistory))
def history(context: Context, agency_id: str, month: str) -> SheetHistory:
    """What was written into a sheet and published, newest first, twenty at a time."""
    which = month_named(context, agency_id, month)
    found = list(store.records(*which, context.query.before, AT_ONCE + 1))
    changes = [SheetChange.of(each, context.registry) for each in found[:AT_ONCE]]
    return SheetHistory(changes=changes, more=len(found) > AT_ONCE)


def month_named(context: Context, agency_id: str, month: str) -> Month:
    """The sheet that a path names, which must be the caller's agency's."""
    must_own(context.user, agency_id)
    return service.month_of(context.world, context.registry, agency_id, month)
