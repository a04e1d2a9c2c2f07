"""Questions of an incident type: what the desk asks besides what it asks of every incident."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..texts import LINE
from .fields import Id, Label

QuestionKind = Literal["text", "number", "yes_no", "choice"]
# While somebody is calling for help, nobody asks more.
QUESTIONS_MOST = 12
_Said = Annotated[str, Meta(max_length=160, pattern=LINE)]


class Hint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What helps whoever asks, in both languages, or nothing."""

    id: Annotated[_Said, Meta(title="Indonesian")] = ""
    en: Annotated[_Said, Meta(title="English")] = ""


class Option(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the choices of a question."""

    id: Id
    label: Annotated[Label, Meta(title="Choice")]


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question. A `required` one is shown as still to be asked, and holds nothing up; `for_crew` shows it on the page of a crew's link.

    Nobody takes a question's id for another: what was said keeps what the question was called then (domain/details.py).
    """

    id: Id
    label: Annotated[Label, Meta(title="Question")]
    kind: Annotated[QuestionKind, Meta(title="What is said to it")] = "text"
    options: Annotated[
        list[Option],
        Meta(max_length=12, title="Choices", description="Only where one of some choices is said."),
    ] = field(default_factory=list)
    help: Annotated[
        Hint, Meta(title="Help for the desk", description="Stands below the question; it may stay empty.")
    ] = Hint()
    required: Annotated[
        bool,
        Meta(
            title="Must be asked",
            description="The desk is reminded of it. Help is sent without waiting for it.",
        ),
    ] = False
    for_crew: Annotated[
        bool, Meta(title="Shown to crews", description="On the page behind the link in their SMS.")
    ] = False
