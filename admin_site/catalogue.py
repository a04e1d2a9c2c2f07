"""The site's wording: English message ids in templates and modules, Indonesian in `locale/id/site.po`.

`python -m admin_site.catalogue` brings the catalogue up to date with the sources; a translator then fills what is empty.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from admin_site import nouns

SITE = Path(__file__).parent
PO_FILE = SITE / "locale" / "id" / "site.po"
# `t` and `tn` are the modules' functions (js/i18n.js), `_` and `ngettext` the templates'.
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2), "t": None, "tn": (1, 2)}
HEADER = """# Bahasa Indonesia for the Kentongan site; the message ids are the English wording.
msgid ""
msgstr ""
"Language: id\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
SOURCES = [("templates/**.html", "jinja2"), ("js/**.js", "javascript"), ("pages.py", "python")]


def extract() -> Catalog:
    """Return every message of templates, modules and the registry's nouns, with the files that use it."""
    found = Catalog(project="Kentongan", charset="utf-8")
    options = {"templates/**.html": {"encoding": "utf-8", "silent": "false"}}
    for file, _line, message, _comments, context in extract_from_dir(
        str(SITE), SOURCES, options, keywords=KEYWORDS
    ):
        found.add(message, locations=[(Path(file).as_posix(), 0)], context=context)
    for message in sorted(nouns.messages()):
        found.add(message, locations=[(nouns.MODULE, 0)])
    return found


def read() -> Catalog:
    """Return the committed Indonesian catalogue."""
    with PO_FILE.open("rb") as file:
        return read_po(file, locale="id", charset="utf-8")


def script_messages(catalogue: Catalog) -> dict[str, str | list[str]]:
    """Return what the modules need of a catalogue, by message id; a plural message is a list of its forms."""
    messages: dict[str, str | list[str]] = {}
    for message in catalogue:
        if message.id and any(file.startswith(("js/", "pages.py")) for file, _ in message.locations):
            words = forms(message)
            messages[ids(message)[0]] = list(words) if message.pluralizable else words[0]
    return dict(sorted(messages.items()))


def ids(message: Message) -> tuple[str, ...]:
    """Return a message's English wording: one text, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> tuple[str, ...]:
    """Return a message's Indonesian wording, '' where it has none yet."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def write(catalogue: Catalog) -> None:
    """Write the Indonesian catalogue, the same bytes for the same messages."""
    with PO_FILE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=True)


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the ids of messages that have no Indonesian wording yet."""
    return [ids(message)[0] for message in catalogue if message.id and not all(forms(message))]


def update() -> None:
    """Bring the committed catalogue up to date: new messages come in empty, those nobody uses any more go."""
    catalogue = read()
    catalogue.update(extract(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(catalogue)


if __name__ == "__main__":
    update()
    empty = untranslated(read())
    print(f"{PO_FILE}: {len(empty)} without a translation", *empty, sep="\n  ")
