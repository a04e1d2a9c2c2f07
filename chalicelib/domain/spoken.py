"""What people say for a place or an event: the words by which the desk's fields find it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from .registry import District, IncidentType


def given_twice(thing: District | IncidentType) -> Iterator[tuple[str, str]]:
    """(path, word) of each that stands twice in one list of a type or district; in two things the same word is fine."""
    for name in ("words",) if isinstance(thing, IncidentType) else ("aliases", "villages"):
        seen = set[str]()
        for n, word in enumerate(getattr(thing, name)):
            if _folded(word) in seen:
                yield f"{name}[{n}]", word
            seen.add(_folded(word))


def _folded(word: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", bare.casefold()).strip()
