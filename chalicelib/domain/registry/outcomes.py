"""How it ended: why a unit could not come, and how an incident was closed."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from ..texts import LINE
from .fields import Category, Id, Label, Terrain
from .forces import Unit

ReplyWord = Annotated[
    str,
    Meta(pattern=r"^[a-z]{2,20}$(?!\n)", description="a word by which crews name it in an SMS, such as bbm"),
]


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a unit could not come; `unit_status` is the secondary status the unit takes, none if it stays available.

    Offered to units of these `terrains` and `agencies`, to all where there is none; who gives another is heard all the same.
    """

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    terrains: Annotated[
        list[Terrain], Meta(title="For units of this terrain", description="None: for all.")
    ] = field(default_factory=list)
    agencies: Annotated[list[Id], Meta(title="For these agencies", description="None: for all.")] = field(
        default_factory=list
    )
    unit_status: Annotated[
        str,
        Meta(
            max_length=40,
            pattern=LINE,
            title="Status that the unit takes",
            description="Empty: it stays available.",
        ),
    ] = ""
    words: Annotated[
        list[ReplyWord],
        Meta(
            max_length=40,
            title="Words in an SMS",
            description="One a line, by which crews name it, such as bbm.",
        ),
    ] = field(default_factory=list)

    def concerns(self, unit: Unit | None) -> bool:
        """Whether it may keep this unit from coming; one that is not known may have any."""
        if unit is None:
            return True
        on = not self.terrains or any(each in self.terrains for each in unit.terrains)
        return on and (not self.agencies or unit.agency_id in self.agencies)


class Disposition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an incident ended (APCO ANS 1.111.2-2018); offered first for incidents of these `categories`, for all where there is none."""

    id: Id
    code: Annotated[str, Meta(max_length=8, pattern=LINE, title="Code")] = ""
    label: Annotated[Label, Meta(title="Name")]
    categories: Annotated[list[Category], Meta(title="Offered first for", description="None: for all.")] = (
        field(default_factory=list)
    )
