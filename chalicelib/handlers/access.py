"""Who may call what: the one table. A route that is not in it cannot be registered."""

from __future__ import annotations

from ..domain.registry import DESK, Account, Role
from ..errors import Forbidden

PUBLIC: frozenset[Role] = frozenset()
ANYONE: frozenset[Role] = frozenset({"operator", "supervisor", "agency_admin", "leader", "auditor", "admin"})
SUPERVISORS: frozenset[Role] = frozenset({"supervisor", "admin"})
ADMINS: frozenset[Role] = frozenset({"admin"})
CREWS: frozenset[Role] = DESK | {"agency_admin"}
OFFICERS: frozenset[Role] = frozenset({"admin", "agency_admin"})
CALLS_DRILLS: frozenset[Role] = frozenset({"supervisor", "admin", "agency_admin"})
READERS: frozenset[Role] = ANYONE - {"operator"}

ACCESS: dict[str, frozenset[Role]] = {
    "GET /api/health": PUBLIC,
    "GET /api/config": PUBLIC,
    "GET /api/openapi.json": PUBLIC,
    "GET /r/{code}": PUBLIC,
    "POST /api/r/{code}": PUBLIC,
    # Whoever has the link of that person's phone.
    "GET /r/{code}/duty": PUBLIC,
    "GET /r/{code}/duty.ics": PUBLIC,
    "POST /api/r/{code}/duty/test": PUBLIC,
    "GET /r/{code}/duty/cannot": PUBLIC,
    "GET /r/{code}/duty/swap": PUBLIC,
    "POST /api/r/{code}/duty/answer": PUBLIC,
    "POST /api/r/{code}/duty/cannot": PUBLIC,
    "POST /api/r/{code}/duty/swap": PUBLIC,
    # Of their own agency's people.
    "GET /api/duty/links/{person_id}": OFFICERS,
    "POST /api/duty/links/{person_id}": OFFICERS,
    "DELETE /api/duty/links/{person_id}": OFFICERS,
    # No sign-in, but the provider's signature.
    "POST /api/inbound/sms": PUBLIC,
    "POST /api/inbound/reports": PUBLIC,
    "GET /api/me": ANYONE,
    "GET /api/registry": ANYONE,
    "GET /api/incidents": ANYONE,
    "GET /api/incidents/{incident_id}": ANYONE,
    "GET /api/units/status": ANYONE,
    "GET /api/calls": DESK | {"auditor"},
    "POST /api/calls": DESK,
    "POST /api/calls/{call_id}/class": SUPERVISORS,
    "GET /api/loose-sms": DESK,
    "GET /api/handovers": DESK,
    "GET /api/handovers/colleagues": DESK,
    "POST /api/handovers": DESK,
    "POST /api/handovers/{account_id}/{handover_id}/take": DESK,
    "POST /api/calls/{call_id}/ring-backs": DESK,
    "GET /api/past/incidents": ANYONE,
    "GET /api/past/calls": DESK | {"auditor"},
    # Who may see numbers; whoever looks for one is on record.
    "POST /api/past/numbers": DESK,
    "POST /api/callers": DESK,
    "GET /api/blocked-numbers": DESK | {"auditor"},
    "POST /api/blocked-numbers": SUPERVISORS,
    "DELETE /api/blocked-numbers/{block_id}": SUPERVISORS,
    "GET /api/dispatch/preview": DESK,
    "GET /api/duty": ANYONE,
    "GET /api/duty/ahead": READERS,
    "GET /api/duty/coverage": READERS,
    "GET /api/duty/sheets/{agency_id}/{month}": READERS,
    "POST /api/duty/sheets/{agency_id}/{month}": OFFICERS,
    "GET /api/duty/sheets/{agency_id}/{month}/outlook": OFFICERS,
    "GET /api/duty/sheets/{agency_id}/{month}/coverage": OFFICERS,
    "POST /api/duty/sheets/{agency_id}/{month}/publish": OFFICERS,
    "GET /api/duty/sheets/{agency_id}/{month}/load": READERS,
    "GET /api/duty/sheets/{agency_id}/{month}/history": READERS,
    "GET /api/duty/changes": READERS,
    "POST /api/duty/changes": OFFICERS,
    "GET /api/duty/changes/{agency_id}/{change_id}": READERS,
    "POST /api/duty/changes/{agency_id}/{change_id}/approve": OFFICERS,
    "POST /api/duty/changes/{agency_id}/{change_id}/refuse": OFFICERS,
    "POST /api/duty/changes/{agency_id}/{change_id}/withdraw": OFFICERS,
    "POST /api/duty/changes/{agency_id}/{change_id}/forget-why": OFFICERS,
    "POST /api/duty/sheets/{agency_id}/{month}/try": OFFICERS,
    "POST /api/duty/sheets/{agency_id}/{month}/undo": OFFICERS,
    "GET /api/duty/sheets/{agency_id}/{month}/file": OFFICERS,
    "POST /api/duty/sheets/{agency_id}/{month}/workbook": OFFICERS,
    "GET /api/incidents/{incident_id}/candidates": DESK,
    "POST /api/incidents/{incident_id}/assignments": DESK,
    "POST /api/incidents/{incident_id}/assignments/{assignment_id}/status": CREWS,
    "POST /api/incidents/{incident_id}/assignments/{assignment_id}/unanswered-calls": CREWS,
    "POST /api/incidents/{incident_id}/calls/{call_id}/split": DESK,
    "POST /api/incidents/{incident_id}/calls/{call_id}/word-back": DESK,
    "POST /api/incidents/{incident_id}/assignments/{assignment_id}/corrections": SUPERVISORS,
    # Whoever records what a crew does may ask.
    "POST /api/incidents/{incident_id}/assignments/{assignment_id}/correction-requests": CREWS,
    "POST /api/incidents/{incident_id}/correction-requests/{request_id}/grant": SUPERVISORS,
    "POST /api/incidents/{incident_id}/correction-requests/{request_id}/decline": SUPERVISORS,
    "GET /api/correction-requests": SUPERVISORS,
    "POST /api/incidents/{incident_id}/calls/{call_id}/corrections": SUPERVISORS,
    "POST /api/incidents/{incident_id}/notes/{note_id}/corrections": DESK,
    "POST /api/incidents/{incident_id}/disposition": SUPERVISORS,
    "PATCH /api/incidents/{incident_id}": DESK,
    "POST /api/incidents/{incident_id}/amendments/preview": DESK,
    "POST /api/incidents/{incident_id}/details": DESK,
    "POST /api/incidents/{incident_id}/close": DESK,
    "POST /api/incidents/{incident_id}/cancel": DESK,
    "POST /api/incidents/{incident_id}/reopen": DESK,
    "POST /api/incidents/{incident_id}/duplicate": DESK,
    "POST /api/incidents/{incident_id}/set-aside": DESK,
    "POST /api/incidents/{incident_id}/take-up": DESK,
    "POST /api/incidents/{incident_id}/notes": DESK,
    # Who looked at an ended incident's numbers stands in its trail.
    "POST /api/incidents/{incident_id}/reveal": DESK,
    "POST /api/incidents/{incident_id}/legal-hold": SUPERVISORS,
    "POST /api/incidents/{incident_id}/legal-hold/lift": SUPERVISORS,
    "POST /api/privacy/access": ADMINS,
    "POST /api/privacy/erasure": ADMINS,
    "POST /api/privacy/calls": ADMINS,
    "GET /api/privacy/records": ADMINS | {"auditor"},
    # An agency's admin may not: what a crew asks for may be the desk's to do.
    "POST /api/incidents/{incident_id}/replies/dismiss": DESK,
    "POST /api/units/{unit_id}/status": CREWS,
    # The desk must know of a drill too: it is rung up about it.
    "GET /api/drills": ANYONE,
    "GET /api/drills/on-duty": CALLS_DRILLS,
    "GET /api/drills/{drill_id}": ANYONE,
    "POST /api/drills": CALLS_DRILLS,
    "POST /api/drills/{drill_id}/end": CALLS_DRILLS,
    # The account's own, and nobody else's; who takes no calls practises as a crew.
    "GET /api/practice": ANYONE,
    "POST /api/practice": ANYONE,
    "POST /api/practice/end": ANYONE,
    "GET /api/practice/preview": DESK,
    "POST /api/practice/calls": DESK,
    "GET /api/practice/incident": DESK,
    "GET /api/practice/candidates": DESK,
    "POST /api/practice/assignments": DESK,
    "POST /api/practice/assignments/{assignment_id}/status": DESK,
    "POST /api/practice/cancel": DESK,
    "POST /api/import/incidents": ADMINS,
    "GET /api/imports": OFFICERS,
    "POST /api/workbooks": OFFICERS,
    "GET /api/workbooks/{workbook_id}": OFFICERS,
    "GET /api/workbooks/{workbook_id}/file": OFFICERS,
    "POST /api/sheets/{noun}/workbook": OFFICERS,
    "POST /api/imports": OFFICERS,
    "GET /api/imports/{import_id}": OFFICERS,
    "POST /api/imports/{import_id}/clarifications": OFFICERS,
    "POST /api/imports/{import_id}/commit": OFFICERS,
    "POST /api/imports/{import_id}/undo": OFFICERS,
    "GET /api/sheets/{noun}": OFFICERS,
    "GET /api/configuration": ADMINS,
    "GET /api/reports/response-times": READERS,
    "GET /api/reports/figures": READERS,
    "GET /api/reports/cases": READERS,
    "GET /api/rules/try": ANYONE,
    "GET /api/registry/{noun}": READERS,
    "GET /api/registry/{noun}/{id_}": READERS,
    "GET /api/registry/{noun}/schema": READERS,
    "GET /api/registry/{noun}/{id_}/history": READERS,
    "POST /api/registry/{noun}/{id_}/restore": OFFICERS,
    # Of these an agency's admin has its own agency's admins: domain/accounts.py.
    "GET /api/accounts": OFFICERS,
    "POST /api/accounts": OFFICERS,
    "GET /api/accounts/{account_id}": OFFICERS,
    "PUT /api/accounts/{account_id}": OFFICERS,
    "GET /api/accounts/{account_id}/last-act": OFFICERS,
    "POST /api/accounts/{account_id}/invitation": OFFICERS,
    "POST /api/accounts/{account_id}/password": OFFICERS,
    "POST /api/accounts/{account_id}/second-factor/forget": OFFICERS,
    "POST /api/accounts/{account_id}/disable": OFFICERS,
    "POST /api/accounts/{account_id}/enable": OFFICERS,
    # Whoever keeps the texts.
    "POST /api/sms-texts/preview": ADMINS,
    "POST /api/registry/{noun}": OFFICERS,
    # Whoever keeps districts.
    "POST /api/districts/boundaries": ADMINS,
    "PUT /api/registry/{noun}/{id_}": OFFICERS,
    "POST /api/registry/{noun}/{id_}/effect": OFFICERS,
    "DELETE /api/registry/{noun}/{id_}": OFFICERS,
}

# What an agency's own admin keeps up to date and no other agency's reads; the rest of the registry is the regency's.
AGENCY_NOUNS = frozenset(
    {"stations", "units", "personnel", "crews", "shift-codes", "duty-patterns", "shifts"}
)
ADMIN_NOUNS = frozenset({"accounts"})
SEES_NUMBERS: frozenset[Role] = DESK


def bound_agency(account: Account) -> str | None:
    """The one agency that an account is bound to; None for the roles of the whole regency."""
    if account.role != "agency_admin":
        return None
    if not account.agency_id:
        raise Forbidden("this account has no agency")
    return account.agency_id


def must_own(account: Account, agency_id: str) -> None:
    """Forbidden unless the account is the whole regency's or this agency's."""
    own = bound_agency(account)
    if own is not None and own != agency_id:
        raise Forbidden("this belongs to another agency")
