"""What the words of a sheet stand for: an agency's short name, a station, a district by what people call it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from msgspec import Struct

from .cells import folded
from .refusals import Choice
from .values import Unread

# A list of choices that nobody reads to its end is none.
CHOICES_MOST = 40
LIKELY = 0.6


class Words(Struct, frozen=True, kw_only=True):
    """A noun's things by every word that names them, folded; a word may name several."""

    things: Mapping[str, Any]
    by_word: Mapping[str, tuple[str, ...]]

    @property
    def choices(self) -> list[Choice]:
        found = [Choice(value=id_, label=name_of(thing)) for id_, thing in self.things.items()]
        return sorted(found, key=lambda each: folded(each.label))[:CHOICES_MOST]


def words_of(things: Iterable[Any]) -> Words:
    """The words of some things: ids, names, short names, labels in both languages, aliases."""
    found: dict[str, list[str]] = {}
    kept = {}
    for thing in things:
        kept[thing.id] = thing
        for word in {folded(each) for each in _named(thing)} - {""}:
            found.setdefault(word, []).append(thing.id)
    return Words(things=kept, by_word={word: tuple(ids) for word, ids in found.items()})


def _named(thing: Any) -> list[str]:
    fields = thing.__struct_fields__
    found = [thing.id]
    found += [getattr(thing, name) for name in ("name", "short_name", "callsign") if name in fields]
    if "label" in fields:
        found += [thing.label.id, thing.label.en]
    if "aliases" in fields:
        found += thing.aliases
    return found


def name_of(thing: Any) -> str:
    """What people call a thing."""
    fields = thing.__struct_fields__
    for name in ("short_name", "callsign", "name"):
        if name in fields:
            return str(getattr(thing, name))
    return str(thing.label.id) if "label" in fields else str(thing.id)


def word_for(words: Words, id_: str) -> str:
    """By what a file names a thing: its name, or its id where another has that name as well."""
    name = name_of(words.things[id_]) if id_ in words.things else id_
    return name if words.by_word.get(folded(name)) == (id_,) else id_


def meant(words: Words, text: str, answered: Mapping[str, str]) -> str:
    """The id that a word stands for, '' where a person said that it stands for nothing; Unread asks what it means."""
    word = folded(text)
    if word in answered:
        answer = answered[word]
        if answer == "" or answer in words.things:
            return answer
    ids = words.by_word.get(word, ())
    if len(ids) == 1:
        return ids[0]
    raise Unread("word_several" if ids else "word_unknown", {"word": text})


def nearest(words: Words, text: str) -> str:
    """The thing whose words resemble most; '' if none does."""
    said, best, found = folded(text), LIKELY, ""
    for word, ids in words.by_word.items():
        inside = (
            0.8
            if len(said) >= 4 and len(ids) == 1 and (said in word or (word in said and len(word) >= 4))
            else 0.0
        )
        likely = max(inside, SequenceMatcher(None, said, word).ratio())
        if likely > best:
            best, found = likely, ids[0]
    return found
