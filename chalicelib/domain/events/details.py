"""Events of what is asked besides what every incident has."""

from __future__ import annotations

from ..note import Note
from .content import Content, Digest
from .digests import digest, sealed_statement


class DetailsRecorded(Content, frozen=True, kw_only=True):
    """Something was said to `questions` of the incident's type, or taken back; `said` seals it where it stands, in the `note`."""

    note: str
    questions: tuple[str, ...]
    said: Digest


def details_recorded(note: Note) -> DetailsRecorded:
    """What is told of a note that keeps details."""
    return DetailsRecorded(
        note=note.id,
        questions=tuple(each.question for each in note.details),
        said=digest(note.salt, sealed_details(note)),
    )


def sealed_details(note: Note) -> str:
    """The text whose digest seals a note's details, '' for none."""
    return "\n".join(sealed_statement(each) for each in note.details)
