"""The docs are held to the code: what they name exists, and what exists is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import app
from chalicelib.domain.seals import Seal
from chalicelib.handlers import openapi
from chalicelib.handlers.access import ACCESS
from chalicelib.handlers.system import Health
from chalicelib.version import VERSION

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SAID = "\n".join(page.read_text("utf-8") for page in PAGES)
HTTP = (ROOT / "docs/http.md").read_text("utf-8")
# Where a page may leave out a folder's own name.
BASES = ("", "chalicelib", "docs", "admin_site")
ORDER = ("operator", "supervisor", "agency_admin", "leader", "auditor", "admin")
FOLDERS = r"chalicelib|domain|services|models|handlers|gateways|admin_site|infra|tests|docs|templates"

named_pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def _is_route(method: str, path: str) -> bool:
    """Whether a path, with names or values in place of its parameters, is one of the routes."""
    asked = path.split("?")[0].rstrip(".,").split("/")
    for route in ACCESS:
        kind, _, pattern = route.partition(" ")
        parts = pattern.split("/")
        fits = all(own == said or own.startswith("{") for own, said in zip(parts, asked, strict=False))
        if kind == method and len(parts) == len(asked) and fits:
            return True
    return False


@named_pages
def test_every_route_that_a_page_names_is_there(page: Path) -> None:
    text = re.sub(r"\s+", " ", page.read_text("utf-8"))
    named = re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/(?:api|r)/[^\s`]*)", text)
    assert [f"{method} {path}" for method, path in named if not _is_route(method, path)] == []


def test_the_table_of_routes_says_of_each_who_may_and_what_it_does() -> None:
    assert app.app  # its import registers the routes
    paths = openapi.document()["paths"]
    told = dict(re.findall(r"^\| `([A-Z]+ /[^`]+)` \| (.*) \|$", HTTP, re.MULTILINE))
    meant = {}
    for route, roles in ACCESS.items():
        method, _, path = route.partition(" ")
        who = ", ".join(role.replace("_", " ") for role in ORDER if role in roles)
        who = {0: "no sign-in", len(ORDER): "everybody"}.get(len(roles), who)
        meant[route] = f"{who} | {paths[path][method.lower()]['summary']}"
    assert told == meant


def test_every_setting_is_described_and_every_described_one_is_read() -> None:
    source = (ROOT / "chalicelib/config.py").read_text("utf-8")
    read = set(re.findall(r'env(?:iron)?\.get\(\s*"([A-Z_]+)"', source)) - {"AWS_LAMBDA_FUNCTION_NAME"}
    rows = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == read


def test_every_command_is_described_and_every_described_one_can_be_called() -> None:
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4}|&& )make ([a-z-]+)", SAID, re.MULTILINE))
    assert named - rules == set()
    assert rules - named == {"help"}


@named_pages
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#:\s]+)(?:#[^)]*)?\)", text)
    missing = [each for each in links if not (page.parent / each).exists()]
    files = re.findall(rf"`((?:{FOLDERS})/[\w/.-]+\.[a-z]+)", text)
    missing += [each for each in files if not any((ROOT / base / each).exists() for base in BASES)]
    assert missing == []


def test_the_newest_release_of_the_changelog_is_the_version_that_is_told() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest and newest[1] == VERSION
    assert openapi.document()["info"]["version"] == VERSION
    assert {"version", "release"} <= {*Health.__struct_fields__, *Seal.__struct_fields__}


def test_editors_and_commits_check_what_make_check_checks() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\nlint:", 1)[1].split("\n\n", 1)[0]
    for command in re.findall(r"\$\(BIN\)/(.+)", recipe):
        assert f"entry: .venv/bin/{command}" in hooks, command
    length = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["line-length"]
    assert f"max_line_length = {length}" in (ROOT / ".editorconfig").read_text("utf-8")
