"""Builds the static site: `python -m admin_site.build`.

Pages come out in Indonesian at `/` and in English at `/en/`. The site's own modules, styles and wording stand together below
`assets/<hash>/`, so that relative imports work and a cache never serves a stale one; each npm file carries its own hash.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import posixpath
import re
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from admin_site import catalogue, nouns, pages
from chalicelib.version import VERSION

SITE = Path(__file__).parent
LANGUAGES = {"id": "", "en": "en/"}
# name in dist/vendor -> file of the npm package
VENDOR = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "alpine.js": "@alpinejs/csp/dist/module.esm.min.js",
    "oidc-client.js": "oidc-client-ts/dist/browser/oidc-client-ts.min.js",
}
# Modules that are made here and not written by hand.
MADE = {"nouns.js", "pages.js"}
IMPORT = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[\w/-]+\.js)["']""")


def build(out: Path, node_modules: Path) -> None:
    """Build the whole site into `out`, which changes at once and only when all went well."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".site-") as scratch:
        new = Path(scratch) / "new"
        vendor = copy_vendor(new, node_modules)
        assets = write_assets(new, vendor)
        for language, folder in LANGUAGES.items():
            render_pages(new, language, folder, assets, vendor)
        if out.exists():
            out.rename(Path(scratch) / "old")
        new.rename(out)


def copy_vendor(new: Path, node_modules: Path) -> dict[str, str]:
    """Copy the npm files; return the address of each by its name in `VENDOR`."""
    (new / "vendor").mkdir(parents=True)
    addresses = {}
    for name, source in VENDOR.items():
        # A source map that is not shipped would only be a 404 in whoever opens the developer tools.
        text = re.sub(
            r"\s*(//|/\*)# sourceMappingURL=\S+( \*/)?\s*$", "\n", (node_modules / source).read_text("utf-8")
        )
        stem, suffix = name.rsplit(".", 1)
        file = f"vendor/{stem}-{digest({name: text})}.{suffix}"
        (new / file).write_text(text, "utf-8")
        addresses[name] = f"/{file}"
    return addresses


def write_assets(new: Path, vendor: dict[str, str]) -> str:
    """Write the site's own modules, styles, pictures and wording; return the folder they stand in."""
    files = {
        path.relative_to(SITE / folder).as_posix(): path.read_text("utf-8")
        for folder in ("js", "css", "img")
        for path in (SITE / folder).rglob("*.*")
    }
    for name, text in files.items():
        if name.endswith(".js"):
            files[name] = text.replace('"@alpinejs/csp"', json.dumps(vendor["alpine.js"]))
    wording = {"id": catalogue.script_messages(catalogue.read()), "en": {}}
    for language, messages in wording.items():
        files[f"messages.{language}.js"] = (
            f"export default {json.dumps(messages, ensure_ascii=False, indent=0)};\n"
        )
    files["pages.js"] = "".join(
        f"export const {name} = {json.dumps(value)};\n" for name, value in pages.for_scripts().items()
    )
    files["nouns.js"] = f"export default {json.dumps(nouns.descriptors(), indent=0)};\n"
    folder = f"assets/{digest(files)}"
    for name, text in files.items():
        (new / folder / name).parent.mkdir(parents=True, exist_ok=True)
        (new / folder / name).write_text(text, "utf-8")
    return f"/{folder}"


def render_pages(new: Path, language: str, folder: str, assets: str, vendor: dict[str, str]) -> None:
    """Render every page in one language."""
    environment = Environment(
        loader=FileSystemLoader(SITE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    (new / folder).mkdir(exist_ok=True)
    for path in sorted((SITE / "templates").glob("[!_]*.html")):
        module = f"pages/{path.stem}.js"
        html = environment.get_template(path.name).render(
            language=language,
            page=path.name,
            here=pages.here(path.name),
            groups=pages.groups(),
            root=f"/{folder}",
            addresses={other: f"/{prefix}{path.name}" for other, prefix in LANGUAGES.items()},
            assets=assets,
            vendor=vendor,
            module=module,
            version=VERSION,
            preload=[f"messages.{language}.js", *imports_of(module)],
        )
        (new / folder / path.name).write_text(html, "utf-8")


def imports_of(module: str) -> list[str]:
    """Return the modules that `module` imports, however far down, so that a page can ask for all of them at once."""
    found: list[str] = []
    waiting = [module]
    while waiting:
        importer = waiting.pop()
        for address in IMPORT.findall((SITE / "js" / importer).read_text("utf-8")):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(importer), address))
            if name not in found:
                found.append(name)
                waiting += [] if name in MADE else [name]
    return sorted(found)


def translations(language: str) -> Translations:
    """Return the compiled catalogue of a language; English is what the message ids say."""
    if language == "en":
        return Translations()
    with tempfile.TemporaryFile() as compiled:
        write_mo(compiled, catalogue.read())
        compiled.seek(0)
        return Translations(compiled)


def digest(files: dict[str, str]) -> str:
    """Return ten hex digits that change when a name or a text does."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:10]


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the static site.")
    parser.add_argument("--out", type=Path, default=SITE / "dist")
    parser.add_argument("--node-modules", type=Path, default=SITE.parent / "node_modules")
    arguments = parser.parse_args()
    build(arguments.out.resolve(), arguments.node_modules)
    print(f"site built in {arguments.out}")


if __name__ == "__main__":
    main()
