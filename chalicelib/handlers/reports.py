"""Reports over many incidents."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import field
from msgspec.structs import asdict

from ..domain import cases, reporting
from ..domain.cases import Case, Chosen
from ..domain.reporting import By, Report
from ..services.reports import figures as service
from ..services.reports.figures import Days
from .access import bound_agency, must_own
from .answers.figures import Figures, ShownCase, ShownCases
from .bodies.reports import CasesQuery, FiguresQuery, ReportQuery
from .http import Answers, Api, Context, Takes

api = Api(__name__)

# A page of a long list; what is more is counted.
CASES_MOST = 300


class ResponseTimes(Report, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Response times of the incidents opened from one local day to another that have ended."""

    from_: str = field(name="from")
    to: str
    by: By


@api.on("GET", "/api/reports/response-times", takes=Takes(query=ReportQuery), answers=Answers(ResponseTimes))
def response_times(context: Context) -> ResponseTimes:
    """Response times of ended incidents by agency, type or district; an agency sees its own."""
    query: ReportQuery = context.query
    found = reporting.report(
        service.facts_of(_days(query)),
        query.by,
        list(context.registry.of("targets").values()),
        bound_agency(context.user),
    )
    return ResponseTimes(**asdict(found), from_=query.from_.isoformat(), to=query.to.isoformat(), by=query.by)


@api.on("GET", "/api/reports/figures", takes=Takes(query=FiguresQuery), answers=Answers(Figures))
def figures(context: Context) -> Figures:
    """Each agency at each ended incident by one clock, counted by group; an agency sees its own."""
    query: FiguresQuery = context.query
    found = cases.counted(_cases(context, query), query.by, context.world.settings.utc_offset_hours)
    return Figures(
        method=cases.METHOD,
        few=cases.FEW,
        gazettes_read=False,
        utc_offset_hours=context.world.settings.utc_offset_hours,
        groups=found.groups,
        all=found.all,
    )


@api.on("GET", "/api/reports/cases", takes=Takes(query=CasesQuery), answers=Answers(ShownCases))
def behind(context: Context) -> ShownCases:
    """The incidents behind one number of the figures, also those that were left out; an agency sees its own."""
    query: CasesQuery = context.query
    hours = context.world.settings.utc_offset_hours
    found = [
        case
        for case in _cases(context, query)
        if query.key in ("", cases.key_of(case, query.by, hours)) and cases.in_bin(case, query.number)
    ]
    found.sort(key=lambda case: (case.facts.day, case.facts.opened_at, case.facts.incident_id), reverse=True)
    shown = [ShownCase.of(case) for case in found[:CASES_MOST]]
    return ShownCases(cases=shown, more=len(found) - len(shown))


def _days(query: ReportQuery | FiguresQuery) -> Days:
    return Days(query.from_, query.to)


def _cases(context: Context, query: FiguresQuery) -> Iterator[Case]:
    own = bound_agency(context.user)
    if own and query.agency_id:
        must_own(context.user, query.agency_id)
    names = ("type", "category", "district", "priority", "terrain", "unit_id", "hours", "days")
    chosen = Chosen(agency_id=own or query.agency_id, **{name: getattr(query, name) for name in names})
    return service.cases_of(context.world, context.registry, _days(query), query.clock, chosen)
