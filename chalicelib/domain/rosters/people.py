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
# Of a list of strangers nobody looks at more proposals, and each name is compared with everybody's.
ASKED_MOST = 60


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
    by_initials: Mapping[str, list[str]]
    gone: frozenset[tuple[str, ...]]
    others: frozenset[tuple[str, ...]]
    # Whom each unknown name resembles, once it was looked for.
    asked: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def bearer(self, name: str, nip: str = "") -> str:
        """The one person whom a service number or a name says, '' where none or several do."""
        written, digits = parted_number(name)
        digits = re.sub(r"\D", "", nip) or digits
        if digits in self.by_nip:
            return self.by_nip[digits]
        bearers = self.by_core.get(names.core(written), [])
        return bearers[0] if len(bearers) == 1 else ""

    def who(self, name: str, nip: str = "") -> Who:
        """Whom a name, or a service number beside it, stands for; whoever is not clear is asked for."""
        if found := self.bearer(name, nip):
            return Who(person_id=found)
        written = parted_number(name)[0]
        words = names.core(written)
        if bearers := self.by_core.get(words, []):
            return Who(code="name_several", choices=self._choices(bearers))
        if words not in self.asked:
            self.asked[words] = self._alike(written) if len(self.asked) < ASKED_MOST else []
        alike = self.asked[words]
        code = "person_unknown"
        if words in self.gone or words in self.others:
            code = "is_retired" if words in self.gone else "other_agency"
        return Who(
            code=code,
            choices=self._choices(alike),
            proposed=alike[0] if len(alike) == 1 else "",
        )

    def _alike(self, name: str) -> list[str]:
        own = names.initials(names.core(name))
        likely = (
            id_ for letters, ids in self.by_initials.items() if names.overlap(own, letters) for id_ in ids
        )
        return sorted(id_ for id_ in likely if names.alike(name, self.people[id_].name))[:ALIKE_MOST]

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
    by_initials: dict[str, list[str]] = {}
    for id_, each in here.items():
        words = names.core(each.name)
        by_core.setdefault(words, []).append(id_)
        by_initials.setdefault(names.initials(words), []).append(id_)
    return People(
        people=here,
        by_core=by_core,
        by_nip={each.nip: id_ for id_, each in here.items() if each.nip},
        by_initials=by_initials,
        gone=frozenset(names.core(each.name) for each in own.values() if each.retired),
        others=frozenset(names.core(each.name) for id_, each in people.items() if id_ not in own),
    )


def parted_number(name: str) -> tuple[str, str]:
    """A name, and the service number that stands in the same cell, '' for none."""
    found = _NUMBER.search(name)
    if not found:
        return name, ""
    bare = (name[: found.start()] + " " + name[found.end() :]).strip(" /,-\n")
    return bare or name, re.sub(r"\D", "", found[1] or "")
