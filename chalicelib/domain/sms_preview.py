"""What an officer sees of a text before it is saved: filled with an example, how long it is, and what folding makes of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from msgspec import Struct

from .registry import Language
from .sms import PLACEHOLDERS, fold, in_full, one_segment, placeholders_of, segments, septets, template_faults

EXAMPLES: dict[Language, dict[str, str]] = {
    "id": {
        "type": "Kebakaran rumah",
        "place": "Jl. Pelita Gg. Mawar 15, Baamang",
        "was": "Semula Kebakaran lahan.",
        "reply": "Balas: 7K2M YA",
        "duty": "Sab 5 Des 19.00",
        "change": "Anda menggantikan Citra, Sab 5 Des 07.00",
        "what": "2 rencana tanpa jawaban, Jan belum terbit",
    },
    "en": {
        "type": "House fire",
        "place": "Jl. Pelita Gg. Mawar 15, Baamang",
        "was": "Was Wildfire.",
        "reply": "Reply: 7K2M YES",
        "duty": "Sat 5 Dec 19:00",
        "change": "you stand in for Citra, Sat 5 Dec 07:00",
        "what": "2 plans without an answer, Jan not published",
    },
}
ALIKE = {
    "agency": "Damkar",
    "drill": "",
    "priority": "1",
    "unit": "DAMKAR-01",
    "label": "7F3K",
    "time": "14:05",
    "at": "14:20",
}


class Folded(Struct, frozen=True, kw_only=True):
    """A sign that no SMS of one segment can hold, and what stands there instead, '' for nothing."""

    was: str
    now: str


class Preview(Struct, frozen=True, kw_only=True):
    """A text as it would be sent, '' where it cannot be filled: its septets, in how many segments it would go unshortened (more
    than one are shortened to one), what folding changes in the officer's own words, and what is wrong as codes of the rules.
    """

    text: str
    septets: int
    segments: int
    folded: tuple[Folded, ...]
    faults: tuple[tuple[str, dict[str, str]], ...]


def preview(kind: str, language: Language, body: str, also: Mapping[str, str]) -> Preview:
    """A text of a kind filled with an example; `also` are the deployment's own values: `link`, `regency`."""
    faults = tuple(template_faults(body, kind))
    # What a kind may not hold is not filled: so it would go out as the program's own words.
    fillable = placeholders_of(body) <= PLACEHOLDERS and not any(
        code == "template_placeholder" for code, _ in faults
    )
    values = {**ALIKE, **EXAMPLES[language], **also}
    text = one_segment(body, values) if fillable else ""
    return Preview(
        text=text,
        septets=septets(text),
        segments=segments(in_full(body, values)) if fillable else 0,
        folded=tuple(_folded(body)),
        faults=faults,
    )


def _folded(body: str) -> list[Folded]:
    """Each sign that folding changes, once, in their order."""
    signs = dict.fromkeys(unicodedata.normalize("NFC", body))
    return [
        Folded(was=each, now=fold(f"({each})")[1:-1])
        for each in signs
        if fold(f"({each})")[1:-1] != each and not each.isspace()
    ]
