"""One word for one thing: what the desk, the phone and the SMS call it is what docs/words.md says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from admin_site import catalogue
from chalicelib.domain.places import UNKNOWN
from chalicelib.domain.sms_texts import TEXTS
from chalicelib.handlers import responder_page
from chalicelib.services.pages import composing
from tests.unit.test_codes import _site

ROOT = Path(__file__).parents[2]


def tables() -> tuple[list[list[str]], list[list[str]]]:
    """The rows of the words and of the steps."""
    words, steps = (ROOT / "docs" / "words.md").read_text("utf-8").split("## The steps")

    def rows(text: str) -> list[list[str]]:
        found = [
            [cell.strip() for cell in line.split("|")[1:-1]]
            for line in text.splitlines()
            if line.startswith("|")
        ]
        return found[2:]

    return rows(words), rows(steps)


def never() -> list[str]:
    return [word for row in tables()[0] for word in row[3].split(", ") if word]


def _indonesian() -> Iterator[tuple[str, str]]:
    """Every Indonesian text of ours with where it stands."""
    for message in catalogue.read():
        if message.id:
            for text in catalogue.forms(message):
                yield catalogue.ids(message)[0], text
    for name, text in responder_page.TEXTS["id"].items():
        yield f"responder's page: {name}", text
    for name, texts in {
        "page": {"": composing.FALLBACK["page"]},
        "cancelled": {"": composing.FALLBACK["cancelled"]},
        "drill": {"": composing.DRILL["id"]},
        "others": {kind: found.own["id"] for kind, found in TEXTS.items()},
        "words": composing.WORDS["id"],
        "other": {"backup": composing.BACKUP["id"], "reply": composing.REPLY["id"], "place": UNKNOWN["id"]},
    }.items():
        for key, text in texts.items():
            yield f"SMS {name} {key}", text
    seed = yaml.safe_load((ROOT / "infra" / "seed" / "kotim.yaml").read_text("utf-8"))
    for name, template in seed["sms-templates"].items():
        if template["language"] == "id":
            yield f"template {name}", template["body"]


INDONESIAN = tuple(_indonesian())


@pytest.mark.parametrize("word", never())
def test_what_has_another_name_here_is_called_by_it_everywhere(word: str) -> None:
    # A word on its own, or with the endings that Indonesian hangs on.
    found = re.compile(rf"(?<!\w){re.escape(word)}(?:nya|mu|ku)?(?!\w)", re.IGNORECASE)
    assert [(where, text) for where, text in INDONESIAN if found.search(text)] == []


def test_a_step_is_called_the_same_on_the_phone_and_at_the_desk_in_both_languages() -> None:
    messages = catalogue.script_messages(catalogue.read())
    module = f"await import('{(ROOT / 'admin_site/js/parts/words.js').as_uri()}')"
    steps = json.dumps([row[0].strip("`") for row in tables()[1]])
    statuses = (
        f"((module) => Object.fromEntries({steps}.map((step) => [step, module.statusWord(step)])))({module})"
    )
    for language, column, words in (("id", 1, messages), ("en", 2, {})):
        expected = {row[0].strip("`"): row[column] for row in tables()[1]}
        desk = _site(statuses, words, language)
        assert {step: desk[step] for step in expected} == expected, language
        phone = responder_page.TEXTS["id" if language == "id" else "en"]
        on_phone = {*responder_page.STEPS, "unable"}
        assert {step: phone[step] for step in on_phone} == {step: expected[step] for step in on_phone}, (
            language
        )


def test_each_word_that_is_told_of_is_one_that_we_use() -> None:
    texts = " ".join(text for _, text in INDONESIAN).lower()
    for row in tables()[0]:
        for word in re.split(r"[,;] (?:its coordinates: )?", row[1]):
            assert word.lower() in texts, word
