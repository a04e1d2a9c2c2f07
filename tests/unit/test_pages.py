"""The table of the site's pages: who may open what, where each role begins, and that nothing stands in it that is not there."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from admin_site import pages
from admin_site.build import MADE, SITE, imports_of
from chalicelib.domain.registry import Role
from chalicelib.handlers.access import ACCESS

ROLES: tuple[Role, ...] = get_args(Role)
# Nobody goes there by the navigation: the way in, and what stands for a page that there is not.
OUTSIDE = {"index.html", "signed-in.html", "404.html"}


def test_every_page_of_the_site_has_its_place_in_the_frame() -> None:
    there = {path.name for path in (SITE / "templates").glob("[!_]*.html")} - OUTSIDE
    assert there == {page.address for page in pages.PAGES} | set(pages.BELOW)
    assert {page.group for page in pages.PAGES} <= set(pages.GROUPS)
    assert all(pages.here(address) for address in there)


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.address)
def test_what_a_page_is_said_to_load_is_what_its_modules_ask_for(page: pages.Page) -> None:
    module = f"pages/{page.address.removesuffix('.html')}.js"
    asked = [module, *(each for each in imports_of(module) if each not in MADE)]
    text = "".join((SITE / "js" / each).read_text("utf-8") for each in asked)
    for route in page.loads:
        path = re.sub(r"/\{.*", "/", route.split(" ")[1])
        assert re.search(rf'["`]{re.escape(path)}(?![\w/-])|["`]{re.escape(path)}\$', text), route


def test_a_role_may_open_a_page_exactly_if_it_may_call_what_the_page_loads() -> None:
    may = {page.address: page.roles for page in pages.PAGES}
    assert may["desk.html"] == {"operator", "supervisor", "admin"}
    assert may["board.html"] == set(ROLES)
    assert may["privacy.html"] == ACCESS["GET /api/privacy/records"]
    for page in pages.PAGES:
        assert page.loads, page.address
        for role in ROLES:
            refused = [route for route in page.loads if role not in ACCESS[route]]
            assert (role in page.roles) == (not refused), (role, page.address, refused)


def test_each_role_begins_at_a_page_that_it_may_open() -> None:
    assert set(pages.HOMES) == set(ROLES)
    for role in ROLES:
        (found,) = [page for page in pages.PAGES if page.address == pages.HOMES[role]]
        assert role in found.roles


def test_each_page_has_a_key_of_its_own() -> None:
    keys = [page.key for page in pages.PAGES]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[a-z]", key) for key in keys)
