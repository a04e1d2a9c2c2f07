"""Notes: what somebody wrote, what it said before, what it asks to be put right, and what an amendment took the place of."""

from __future__ import annotations

from typing import Self

from ...domain.note import Ask, Note
from ...domain.registry import Account, Label
from ...models.registry import Snapshot
from .shown import Shown, mask, name_of, taken_from


class WasAnswer(Shown, frozen=True, kw_only=True):
    """What stood before an amendment; null where a field stayed, or where there was nothing."""

    type: str | None
    priority: int | None
    terrain: str | None
    district: str | None
    village: str | None
    landmark: str | None
    lat: float | None
    lng: float | None
    narrative: str | None


class WordingAnswer(Shown, frozen=True, kw_only=True):
    """What a note said until somebody put it right."""

    text: str
    until: str
    by: str
    by_name: str


class DetailAnswer(Shown, frozen=True, kw_only=True):
    """What was said to a question of the type, by what it was called then; an `option` is the choice, `value` else what was typed, `yes` or `no`."""

    question: str
    label: Label
    kind: str
    value: str
    option: Label | None
    for_crew: bool


class NoteAnswer(Shown, frozen=True, kw_only=True):
    """Free text and who wrote it, or an SMS that somebody must read; what it `asks` to be put right, and what came of that.

    Of an amendment it has what `was`, and which fields were `amended`; `details` are what was said to questions then.
    """

    id: str
    text: str
    at: str
    by: str
    by_name: str
    number: str
    assignment_id: str
    earlier: list[WordingAnswer]
    asks: Ask | None
    was: WasAnswer | None
    amended: list[str]
    details: list[DetailAnswer]
    erased: bool

    @classmethod
    def of(cls, value: Note, account: Account, registry: Snapshot, *, needed: bool) -> Self:
        number = mask(value.number, account, needed=needed)
        return taken_from(
            cls,
            value,
            number=number,
            by_name=name_of(value.by, registry),
            was=taken_from(WasAnswer, value.was) if value.was else None,
            earlier=[
                taken_from(WordingAnswer, each, by_name=name_of(each.by, registry)) for each in value.earlier
            ],
            details=[taken_from(DetailAnswer, each) for each in value.details],
            erased=not value.salt,
        )
