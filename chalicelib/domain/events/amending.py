"""The event of an amendment: what it is about was put down wrong, or has become known better."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from .content import Content, Digest


class Plain(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is no personal data of it, as far as it changed."""

    type: str | UnsetType = UNSET
    category: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    terrain: str | UnsetType = UNSET
    district: str | UnsetType = UNSET


class IncidentAmended(Content, frozen=True, kw_only=True):
    """Fields of the incident changed; `old` seals what stands in the `note` of all that was, of personal data too.

    `place` and `narrative` are digests of the new ones, as in `IncidentOpened`, `doubts` all that stand from then on, `plan`
    another response plan that answers from then on, `no_plan` that none does; `tells`: crews are told.
    """

    fields: tuple[str, ...]
    was: Plain
    now: Plain
    note: str
    old: Digest
    place: Digest | UnsetType = UNSET
    narrative: Digest | UnsetType = UNSET
    doubts: tuple[str, ...] = ()
    tells: bool = False
    plan: str = ""
    no_plan: bool = False
