"""What a cell of a roster says: one of the agency's shift codes, by itself, by its name or by its hours, and at which unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from ..duty.sheet import AT
from ..registry import ShiftCode
from ..sheets.cells import folded
from ..sheets.words import Words

CODES_NOUN, UNITS_NOUN = "shift-codes", "units"
_HOURS = re.compile(r"(\d{1,2})[.:](\d{2}) ?(?:-|–|—|s/?d\.?|sampai|to) ?(\d{1,2})[.:](\d{2})")
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_PARTS = re.compile(r"[\s/,;+&|]+|\bdan\b|\band\b")


class Said(Struct, frozen=True):
    """A cell's code and unit, which is None where the cell names none; or which word is `unknown`, of which noun; or that it says `two`."""

    code: str = ""
    unit_id: str | None = None
    pool: bool = False
    unknown: str = ""
    noun: str = CODES_NOUN
    two: bool = False


class Codes(Struct, frozen=True, kw_only=True):
    """An agency's codes by all that a roster may call them by; no word is read as one that only looks like it."""

    codes: Mapping[str, ShiftCode]
    by_word: Mapping[str, str]
    by_hours: Mapping[tuple[str, str], str]

    def meant(self, text: str) -> str:
        """The code that a word stands for, case and blanks forgiven; '' for none."""
        said = folded(text)
        for word in (said, said.replace(" ", ""), " ".join(_BRACKETS.sub(" ", said).split())):
            if word in self.by_word:
                return self.by_word[word]
        hours = _HOURS.search(said)
        if hours:
            starts, ends = f"{int(hours[1]):02d}:{hours[2]}", f"{int(hours[3]):02d}:{hours[4]}"
            return self.by_hours.get((starts, ends.replace("24:00", "00:00")), "")
        return ""


def codes_of(codes: Iterable[ShiftCode]) -> Codes:
    """An agency's codes; a name or hours that two of them have stand for neither."""
    known = {each.code: each for each in codes}
    names, hours = dict[str, set[str]](), dict[tuple[str, str], set[str]]()
    for each in known.values():
        names.setdefault(folded(each.name), set()).add(each.code)
        if each.starts and each.ends:
            hours.setdefault((each.starts, each.ends), set()).add(each.code)
    words = {word: next(iter(found)) for word, found in names.items() if len(found) == 1}
    return Codes(
        codes=known,
        # A code comes before a name that is written like it.
        by_word={**words, **{folded(code): code for code in known}},
        by_hours={span: next(iter(found)) for span, found in hours.items() if len(found) == 1},
    )


def said(text: str, codes: Codes, units: Words, words: Mapping[str, Mapping[str, str]]) -> Said:
    """What a cell says; `words` is what a person said that unknown ones mean, '' for nothing."""
    written, at, place = text.partition(AT)
    code = codes.meant(written)
    if not code:
        answered = words.get(CODES_NOUN, {}).get(folded(written))
        if answered is None or (answered and answered not in codes.codes):
            parts = [codes.meant(each) for each in _PARTS.split(folded(written)) if each]
            return Said(two=True) if len(parts) > 1 and all(parts) else Said(unknown=written.strip())
        code = answered
    if not code or not at:
        return Said(code)
    if not place.strip():
        return Said(code, pool=True)
    unit_id = unit_of(place, units, words)
    return Said(unknown=place.strip(), noun=UNITS_NOUN) if unit_id is None else Said(code, unit_id or None)


def unit_of(text: str, units: Words, words: Mapping[str, Mapping[str, str]]) -> str | None:
    """The unit that a word stands for, '' where somebody said that it stands for none; None where it must be asked."""
    word = folded(text)
    answered = words.get(UNITS_NOUN, {}).get(word)
    if answered is not None and (answered == "" or answered in units.things):
        return answered
    ids = units.by_word.get(word, ())
    return ids[0] if len(ids) == 1 else None
