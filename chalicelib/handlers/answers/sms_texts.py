"""What an officer sees of a text before it is saved."""

from __future__ import annotations

from typing import Self

from ...domain.sms import SEGMENT
from ...domain.sms_preview import Folded, Preview
from ...domain.sms_texts import KINDS
from ...faults import Fault
from .shown import Shown


class TextPreview(Shown, frozen=True, kw_only=True):
    """A text filled with an example and fitted into one SMS, '' where it cannot be; of `most` septets it takes `septets`.

    `segments` more than one: it goes as one all the same, shortened. `folded` are the signs that no such SMS holds, with what
    stands there instead. `faults` are what saving it would be refused for; `placeholders` and `needed` what its kind may and must hold.
    """

    text: str
    septets: int
    most: int
    segments: int
    folded: list[Folded]
    faults: list[Fault]
    placeholders: list[str]
    needed: list[str]

    @classmethod
    def of(cls, found: Preview, kind: str) -> Self:
        may, must, _ = KINDS[kind]
        return cls(
            text=found.text,
            septets=found.septets,
            most=SEGMENT,
            segments=found.segments,
            folded=list(found.folded),
            faults=[Fault("body", code, values) for code, values in found.faults],
            placeholders=sorted(may),
            needed=list(must),
        )
