"""What a file of boundaries holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from ...domain.geojson import Outline, Overlap
from ...faults import Fault
from .shown import Shown


class OutlineAnswer(Shown, frozen=True, kw_only=True):
    """One boundary: the district whose it is, '' for none that is known; as a district keeps it, or the `faults` for which it cannot be.

    `points` of the `read` ones are left, none farther than `tolerance_m` from the file's line. `overlaps`: what neighbours have as well.
    """

    name: str
    district: str
    boundary: list[str]
    read: int
    points: int
    tolerance_m: int
    km2: float
    overlaps: list[Overlap]
    faults: list[Fault]

    @classmethod
    def of(cls, value: Outline) -> Self:
        return cls(
            name=value.name,
            district=value.district,
            boundary=value.boundary,
            read=value.read,
            points=value.points,
            tolerance_m=value.tolerance_m,
            km2=value.km2,
            overlaps=value.overlaps,
            faults=[Fault("boundary", code) for code in value.faults],
        )


class Outlines(Shown, frozen=True, kw_only=True):
    """The boundaries of a file."""

    outlines: list[OutlineAnswer]

    @classmethod
    def of(cls, found: Iterable[Outline]) -> Self:
        return cls(outlines=[OutlineAnswer.of(each) for each in found])
