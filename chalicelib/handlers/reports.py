"""Reports over many incidents."""

from __future__ import annotations

from msgspec import field
from msgspec.structs import asdict

from ..domain import reporting
from ..domain.reporting import By, Report
from ..errors import Unprocessable
from ..faults import Fault
from ..models import facts
from .access import bound_agency
from .bodies.reports import ReportQuery
from .http import Answers, Api, Context, Takes

api = Api(__name__)

DAYS_MOST = 366


class ResponseTimes(Report, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Response times of the incidents opened from one local day to another that have ended."""

    from_: str = field(name="from")
    to: str
    by: By


@api.on("GET", "/api/reports/response-times", takes=Takes(query=ReportQuery), answers=Answers(ResponseTimes))
def response_times(context: Context) -> ResponseTimes:
    """Response times of ended incidents by agency, type or district; an agency sees its own."""
    query: ReportQuery = context.query
    days = (query.to - query.from_).days + 1
    if not 1 <= days <= DAYS_MOST:
        raise Unprocessable(
            "those days cannot be reported", Fault("to", "report_days", {"days": str(DAYS_MOST)})
        )
    found = reporting.report(
        facts.of_days(query.from_.isoformat(), query.to.isoformat()),
        query.by,
        list(context.registry.of("targets").values()),
        bound_agency(context.user),
    )
    return ResponseTimes(**asdict(found), from_=query.from_.isoformat(), to=query.to.isoformat(), by=query.by)
