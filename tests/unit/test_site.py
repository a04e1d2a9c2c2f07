"""The site as it is built: fully translated, fit for a strict content security policy, the same for the same sources."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from admin_site import catalogue
from admin_site.build import LANGUAGES, build
from chalicelib.version import VERSION

REPO = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "dist"
    build(out, REPO / "node_modules")
    return out


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text of its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inline = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag if tag in ("script", "style") else self._inside

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside

    def handle_data(self, data: str) -> None:
        self.inline += data.strip() if self._inside else ""


def pages(site: Path) -> dict[str, Page]:
    return {str(path.relative_to(site)): Page(path.read_text("utf-8")) for path in site.rglob("*.html")}


def test_every_message_is_translated() -> None:
    committed = catalogue.read()
    used = {catalogue.ids(message) for message in catalogue.extract() if message.id}
    known = {catalogue.ids(message) for message in committed if message.id}
    assert used == known, "run python -m admin_site.catalogue"
    assert catalogue.untranslated(committed) == []
    assert not [message.id for message in committed if message.fuzzy and message.id]


def test_translations_keep_their_placeholders() -> None:
    for message in catalogue.read():
        wanted = set(PLACEHOLDER.findall(catalogue.ids(message)[-1]))
        for form in catalogue.forms(message):
            assert set(PLACEHOLDER.findall(form)) == wanted, message.id


def test_no_call_for_wording_escapes_the_extraction() -> None:
    found = {catalogue.ids(message)[0] for message in catalogue.extract() if message.id}
    for path in (REPO / "admin_site" / "js").rglob("*.js"):
        for text in re.findall(
            r'\btn?\(\s*"((?:[^"\\]|\\.)*)"', re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.M)
        ):
            assert text in found, f"{path.name}: {text}"


def test_a_field_inside_a_page_has_no_name_that_the_page_asks_itself_for() -> None:
    def defined(text: str) -> set[str]:
        return set(re.findall(r"^    (?:get |async )?(\w+)(?:\(|:)", text, re.M))

    modules = {path.stem: path.read_text("utf-8") for path in (REPO / "admin_site" / "js").rglob("*.js")}
    # The innermost scope answers: within it a page that asks for such a name would be answered by the field.
    inner = defined(modules["combo"]) - {"init"}
    assert {"picked", "options"} < inner
    given = re.compile(r"^    combo\w+\(.*?^    \},$", re.M | re.S)
    for name, text in modules.items():
        for method in given.findall(text):
            assert inner.isdisjoint(re.findall(r"this\.(\w+)", method)), f"{name}.js: {method}"


def test_no_two_parts_of_a_page_have_a_name_in_common() -> None:
    js = REPO / "admin_site" / "js"
    for path in [*(js / "pages").glob("*.js"), *(js / "parts").glob("*-page.js")]:
        text = path.read_text("utf-8")
        spread = set(re.findall(r"\.\.\.(\w+)\(", text))
        modules = re.findall(r'^import \{([^}]*)\} from "(?:\.\./parts|\.)/([\w-]+\.js)"', text, re.M)
        parts = [file for names, file in modules if spread & {name.strip() for name in names.split(",")}]
        owner: dict[str, str] = {}
        for file in [path, *(js / "parts" / each for each in parts)]:
            own = re.findall(r"^    (?:get |async )?(\w+)(?:\(|:|,$)", file.read_text("utf-8"), re.M)
            for name in set(own):
                # The later one would win, and nobody would see which.
                assert name not in owner, f"{name} in {file.name} and {owner[name]}"
                owner[name] = file.name


def test_every_page_comes_in_every_language(site: Path) -> None:
    names = {path.name for path in site.glob("*.html")}
    assert names == {
        "404.html",
        "accounts.html",
        "index.html",
        "signed-in.html",
        "desk.html",
        "board.html",
        "drills.html",
        "practice.html",
        "practice-desk.html",
        "practice-incident.html",
        "incident.html",
        "past.html",
        "roster.html",
        "rules.html",
        "blocked.html",
        "privacy.html",
        "registry.html",
        "sheets.html",
        "roster-file.html",
        "response-times.html",
    }
    for language, folder in LANGUAGES.items():
        for name in names:
            html = (site / folder / name).read_text("utf-8")
            assert f'<html lang="{language}">' in html
            assert f'<meta name="generator" content="Kentongan {VERSION}">' in html
    assert "Terima panggilan" in (site / "desk.html").read_text("utf-8")
    assert "Take a call" in (site / "en" / "desk.html").read_text("utf-8")


def test_pages_need_nothing_that_a_strict_policy_forbids(site: Path) -> None:
    for name, page in pages(site).items():
        assert page.inline == "", name
        for tag, attributes in page.tags:
            where = f"{name}: <{tag} {attributes}>"
            assert tag not in ("style", "iframe", "object", "base"), where
            forbidden = {"style", "x-html", ":style", "x-bind:style", "srcdoc"} & attributes.keys()
            assert not forbidden and not [key for key in attributes if key.startswith("on")], where
            for link in ("src", "href"):
                assert not attributes.get(link, "").startswith(("http:", "https:", "//", "javascript:")), (
                    where
                )


def test_every_linked_file_exists_and_carries_a_hash(site: Path) -> None:
    for name, page in pages(site).items():
        for tag, attributes in page.tags:
            address = attributes.get("src" if tag in ("script", "img") else "href", "")
            if address.startswith("/"):
                assert (site / address.lstrip("/")).is_file(), f"{name}: {address}"
            if tag in ("script", "img") or (tag == "link" and attributes.get("rel") != "alternate"):
                assert re.match(r"/assets/[0-9a-f]{10}/|/vendor/[\w-]+-[0-9a-f]{10}\.", address), (
                    f"{name}: {address}"
                )


def test_modules_import_only_what_is_there(site: Path) -> None:
    (assets,) = (site / "assets").iterdir()
    for path in assets.rglob("*.js"):
        for target in re.findall(
            r"""^(?:import|export) .*from ["']([^"']+)["']""", path.read_text("utf-8"), re.M
        ):
            file = site / target.lstrip("/") if target.startswith("/") else path.parent / target
            assert file.is_file(), f"{path.name} imports {target}"


def test_the_same_sources_give_the_same_site(site: Path, tmp_path: Path) -> None:
    build(tmp_path / "dist", REPO / "node_modules")

    def contents(folder: Path) -> dict[str, bytes]:
        return {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }

    assert contents(tmp_path / "dist") == contents(site)


def test_building_again_replaces_the_whole_site(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    out.mkdir()
    (out / "stale.html").write_text("old")
    build(out, REPO / "node_modules")
    assert not (out / "stale.html").exists()
    assert (out / "index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_modules() -> None:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "Node is missing: it comes with the development requirements"
    files = sorted(str(path) for path in (REPO / "admin_site" / "tests").glob("*.test.js"))
    run = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
