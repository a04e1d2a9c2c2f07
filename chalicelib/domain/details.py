"""What was said to the questions of an incident's type; it keeps what question and choice were called then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from .registry.fields import Label, Language
from .registry.questions import Question
from .texts import honest_line

LONGEST = 200
YES_NO: dict[str, dict[Language, str]] = {"yes": {"id": "Ya", "en": "Yes"}, "no": {"id": "Tidak", "en": "No"}}
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")


class Detail(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question with what was said to it, personal data perhaps; '' takes back what was said before.

    `value` is a choice's id where there is an `option`, what that is called; `yes` or `no` of kind `yes_no`; else as it was typed.
    """

    question: str
    label: Label
    kind: str
    value: str
    option: Label | None = None
    for_crew: bool = False


def read(question: Question, typed: str) -> Detail:
    """What was typed as far as the question's kind can be read in it; else the words themselves: "about five" is better than nothing."""
    text = honest_line(typed).strip()[:LONGEST]
    option = next((each for each in question.options if each.id == text), None)
    fits = {
        "text": True,
        "number": _NUMBER.fullmatch(text) is not None,
        "yes_no": text in YES_NO,
        "choice": option is not None,
    }
    return Detail(
        question=question.id,
        label=question.label,
        kind=question.kind if fits[question.kind] or not text else "text",
        value=text,
        option=option.label if option and question.kind == "choice" else None,
        for_crew=question.for_crew,
    )


def as_words(before: Detail, typed: str) -> Detail:
    """What was typed to a question that is asked no more, by what it was called."""
    text = honest_line(typed).strip()[:LONGEST]
    return replace(before, kind="text", value=text, option=None)


def in_words(detail: Detail, language: Language) -> str:
    """What was said, as people read it."""
    if detail.option:
        return detail.option.id if language == "id" else detail.option.en
    return YES_NO[detail.value][language] if detail.kind == "yes_no" else detail.value


def standing(recorded: Iterable[Iterable[Detail]]) -> dict[str, Detail]:
    """What stands of each question, after all that was recorded, oldest first; in the order in which they were first said."""
    found: dict[str, Detail] = {}
    for details in recorded:
        for each in details:
            found[each.question] = each
    return {id_: each for id_, each in found.items() if each.value}


def changed(stands: Mapping[str, Detail], said: Iterable[Detail]) -> tuple[Detail, ...]:
    """What of this is not so already."""
    return tuple(each for each in said if each.value != value_of(stands, each.question))


def value_of(stands: Mapping[str, Detail], question: str) -> str:
    """What stands of a question, '' for nothing."""
    return stands[question].value if question in stands else ""
