"""Who is meant by a name in a roster: an id, a service number, or a name that one person of the agency bears; what resembles is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from ..registry import Person
from ..sheets import names
from ..sheets.matching import ALIKE_MOST
from ..sheets.refusals import Choice

_NUMBER = re.compile(
    r"(?:\b(?:nip|nrp)\b[\s.:]*)?\b(\d[\d ]{6,22}\d)\b|\b(?:nip|nrp)\b[\s.:]*$", re.IGNORECASE
)
_PARTED = re.compile(r"[;/|\n&+]|(?:^|\s)\d{1,2}[.)]\s|\bdan\b|\band\b", re.IGNORECASE)


class Who(Struct, frozen=True, kw_only=True):
    """Whom a name stands for, or by which code he must be asked for, with whom it may be."""

    person_id: str = ""
    code: str = ""
    choices: list[Choice] = field(default_factory=list)
    proposed: str = ""


class People(Struct, frozen=True, kw_only=True):
    """An agency's people as rosters name them, those who have left, and the names of others'."""

    people: Mapping[str, Person]
    by_core: Mapping[tuple[str, ...], list[str]]
    by_nip: Mapping[str, str]
    gone: Mapping[tuple[str, ...], str]
    others: frozenset[tuple[str, ...]]

    def who(self, name: str, nip: str = "") -> Who:
        """Whom a name, or a service number beside it, stands for."""
        written, digits = parted_number(name)
        digits = re.sub(r"\D", "", nip) or digits
        if digits in self.by_nip:
            return Who(person_id=self.by_nip[digits])
        words = names.core(written)
        bearers = self.by_core.get(words, [])
        if len(bearers) == 1:
            return Who(person_id=bearers[0])
        if bearers:
            return Who(code="name_several", choices=self._choices(bearers))
        alike = sorted(id_ for id_, each in self.people.items() if names.alike(written, each.name))[
            :ALIKE_MOST
        ]
        return Who(
            code="is_retired"
            if words in self.gone
            else "other_agency"
            if words in self.others
            else "person_unknown",
            choices=self._choices(alike),
            proposed=alike[0] if len(alike) == 1 else "",
        )

    def _choices(self, ids: Iterable[str]) -> list[Choice]:
        return [
            Choice(value=each, label=self.people[each].name, detail=self.people[each].nip) for each in ids
        ]

    def several(self, text: str) -> list[str]:
        """The names in a cell of several: parted by what people write between them, or one known name after another."""
        found: list[str] = []
        for part in (each.strip(" ,.") for each in _PARTED.split(text)):
            if part:
                found += [part] if self._knows(part) else self._in_line(part)
        return found

    def _knows(self, text: str) -> bool:
        # A name's core ends at its first comma, behind which another person may stand.
        degrees = all(names.is_degree(each.strip()) for each in text.split(",")[1:])
        return degrees and names.core(parted_number(text)[0]) in self.by_core

    def _in_line(self, text: str) -> list[str]:
        """Names with commas between them, of which some may part a degree from its name."""
        parts: list[str] = []
        for each in (one.strip() for one in text.split(",")):
            if parts and names.is_degree(each):
                parts[-1] += f", {each}"
            elif each:
                parts.append(each)
        return [name for part in parts for name in self._in_words(part)]

    def _in_words(self, text: str) -> list[str]:
        """Names that only blanks part, once all of them are known; else the text as it stands."""
        words = text.split()
        ways: list[list[str] | None] = [[], *[None] * len(words)]
        for end in range(1, len(words) + 1):
            for start in range(end - 1, max(-1, end - 7), -1):
                before, part = ways[start], " ".join(words[start:end])
                if before is not None and names.core(part) in self.by_core:
                    ways[end] = [*before, part]
                    break
        return ways[-1] or [text]


def people_of(people: Mapping[str, Person], agency_id: str) -> People:
    """An agency's people."""
    own = {id_: each for id_, each in people.items() if each.agency_id == agency_id}
    here = {id_: each for id_, each in own.items() if not each.retired}
    by_core: dict[tuple[str, ...], list[str]] = {}
    for id_, each in here.items():
        by_core.setdefault(names.core(each.name), []).append(id_)
    return People(
        people=here,
        by_core=by_core,
        by_nip={each.nip: id_ for id_, each in here.items() if each.nip},
        gone={names.core(each.name): id_ for id_, each in own.items() if each.retired},
        others=frozenset(names.core(each.name) for id_, each in people.items() if id_ not in own),
    )


def parted_number(name: str) -> tuple[str, str]:
    """A name, and the service number that stands in the same cell, '' for none."""
    found = _NUMBER.search(name)
    if not found:
        return name, ""
    bare = (name[: found.start()] + " " + name[found.end() :]).strip(" /,-\n")
    return bare or name, re.sub(r"\D", "", found[1] or "")
