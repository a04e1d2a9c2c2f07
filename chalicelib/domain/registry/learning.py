"""Who certifies, and which training leads to which certificates; who took part when is no noun, but sessions of a training."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from .fields import Id, Label, Name


class Issuer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whoever issues certificates, such as Basarnas, PMI or a training centre of the government."""

    id: Id
    name: Annotated[Name, Meta(title="Name")]
    retired: Annotated[
        bool,
        Meta(title="Retired", description="Is not offered any more; certificates still name it."),
    ] = False


class Granted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A certificate that a training grants, for so many months from its day; None: for life."""

    certification_id: Annotated[Id, Meta(title="Certificate")]
    months: Annotated[
        Annotated[int, Meta(ge=1, le=600)] | None,
        Meta(title="Months valid", description="From its day on; empty: for life."),
    ] = None


class Training(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A training as it is given again and again: by whom, and which certificates it grants to whoever was there."""

    id: Id
    label: Annotated[Label, Meta(title="Name")]
    issuer_id: Annotated[Id | None, Meta(title="Given by")] = None
    grants: Annotated[
        list[Granted],
        Meta(max_length=10, title="Certificates", description="Granted to everybody who was there."),
    ] = field(default_factory=list)
    retired: Annotated[
        bool, Meta(title="Retired", description="Is not given any more; what it granted stays.")
    ] = False
