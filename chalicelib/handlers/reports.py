"""Reports over many incidents."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from ..domain import reporting
from ..errors import Unprocessable
from ..models import facts
from .access import bound_agency
from .bodies import ReportQuery
from .http import Api, Context

api = Api(__name__)
DAYS_MOST = 366


@api.on("GET", "/api/reports/response-times", query=ReportQuery)
def response_times(context: Context) -> dict[str, Any]:
    """Response times of ended incidents by agency, type or district; an agency sees its own."""
    query: ReportQuery = context.query
    days = (query.to - query.from_).days + 1
    if not 1 <= days <= DAYS_MOST:
        raise Unprocessable(
            "those days cannot be reported", {"to": f"must lie within {DAYS_MOST} days from `from`"}
        )
    found = reporting.report(
        facts.of_days(query.from_.isoformat(), query.to.isoformat()),
        query.by,
        list(context.registry.of("targets").values()),
        bound_agency(context.user),
    )
    shown: dict[str, Any] = to_builtins(found)
    return {"from": query.from_.isoformat(), "to": query.to.isoformat(), "by": query.by, **shown}
