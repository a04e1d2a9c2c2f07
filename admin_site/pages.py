"""The site's pages in one table: navigation, menu, finder, keys and each role's home come from it.

Whoever may ask for all that a page loads may open it; a page that nobody lists here is linked nowhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from chalicelib.domain.registry import Role
from chalicelib.handlers.access import ACCESS, ANYONE


def _(words: str) -> str:
    """Mark words for the catalogue."""
    return words


# In the order in which they stand; one without a page for somebody is not shown to him.
GROUPS = (_("Desk"), _("Readiness"), _("Accountability"), _("Settings"))


class Page(NamedTuple):
    """A page with its group, what it cannot be used without (as `ACCESS` names it), and the letter that opens it after `g`."""

    group: str
    address: str
    name: str
    loads: tuple[str, ...]
    key: str

    @property
    def roles(self) -> frozenset[Role]:
        """Who may open it: whoever may call all that it loads."""
        return ANYONE.intersection(*(ACCESS[route] for route in self.loads))


PAGES = (
    Page("Desk", "desk.html", _("Take a call"), ("GET /api/registry", "POST /api/calls"), "t"),
    Page("Desk", "board.html", _("Board"), ("GET /api/incidents",), "p"),
    Page("Desk", "past.html", _("History"), ("GET /api/past/incidents",), "r"),
    Page("Desk", "drills.html", _("Drills"), ("GET /api/drills",), "l"),
    Page("Desk", "practice.html", _("Practice"), ("GET /api/practice", "GET /api/registry"), "h"),
    Page("Desk", "blocked.html", _("Blocked numbers"), ("GET /api/blocked-numbers",), "b"),
    Page(
        "Readiness",
        "roster.html",
        _("Duty roster"),
        ("GET /api/registry", "GET /api/registry/{noun}", "GET /api/duty/sheets/{agency_id}/{month}"),
        "j",
    ),
    Page(
        "Readiness",
        "rules.html",
        _("Try the rules"),
        ("GET /api/registry", "GET /api/rules/try"),
        "u",
    ),
    Page(
        "Accountability",
        "response-times.html",
        _("Response times"),
        ("GET /api/registry", "GET /api/reports/figures"),
        "w",
    ),
    Page("Accountability", "privacy.html", _("Personal data"), ("GET /api/privacy/records",), "d"),
    Page("Settings", "registry.html", _("Master data"), ("GET /api/registry/{noun}",), "i"),
    Page("Settings", "accounts.html", _("Accounts"), ("GET /api/registry", "GET /api/accounts"), "a"),
    Page("Settings", "sheets.html", _("Import and export"), ("GET /api/imports",), "e"),
)

# What has no place in the navigation stands below the page that it is opened from.
BELOW = {
    "roster-file.html": "roster.html",
    "incident.html": "board.html",
    "practice-desk.html": "practice.html",
    "practice-incident.html": "practice.html",
}

# Where each role begins.
HOMES: dict[Role, str] = {
    "operator": "desk.html",
    "supervisor": "board.html",
    "agency_admin": "registry.html",
    "admin": "registry.html",
    "leader": "board.html",
    "auditor": "past.html",
}


def here(address: str) -> Page | None:
    """The page of the table that a page belongs to; None for one outside of the frame."""
    return next((page for page in PAGES if page.address == BELOW.get(address, address)), None)


def groups() -> list[tuple[str, list[Page]]]:
    """The groups that have pages, with them."""
    found = [(group, [page for page in PAGES if page.group == group]) for group in GROUPS]
    return [(group, pages) for group, pages in found if pages]


def for_scripts() -> dict[str, Any]:
    """The table as the site's modules read it."""
    pages = [
        {
            "group": page.group,
            "address": page.address,
            "name": page.name,
            "roles": sorted(page.roles),
            "key": page.key,
        }
        for page in PAGES
    ]
    return {"PAGES": pages, "HOMES": HOMES}
