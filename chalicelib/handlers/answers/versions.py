"""A thing's history as it is shown."""

from __future__ import annotations

from typing import Any, Literal, Self

from msgspec import Struct

from ...domain.registry import Account
from ...models.registry import Snapshot
from ...services.registry.versions import Version
from ..access import bound_agency
from .shown import Shown, name_of, thing_of


class Whose(Shown, frozen=True, kw_only=True):
    """Who wrote a version; `name` is '' for the system, and for one whom the registry no longer knows."""

    id: str
    name: str


class VersionAnswer(Shown, frozen=True, kw_only=True):
    """One version; `before` and `after` are null where they are erased, not known, or another agency's.

    `unrecorded` is what a release before wrote, or somebody past all that writes the registry: `at` and `by` are null.
    """

    v: int
    at: str | None
    by: Whose | None
    change: Literal["created", "changed", "retired", "reinstated", "put_back", "removed", "unrecorded"]
    of: int | None
    why: str | None
    import_id: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    erased: bool

    @classmethod
    def of_version(cls, version: Version, registry: Snapshot, account: Account) -> Self:
        by = version.by
        return cls(
            v=version.v,
            at=version.at,
            by=None if by is None else Whose(id=by, name=name_of(by, registry)),
            change="unrecorded" if version.change == "found" else version.change,
            of=version.of,
            why=version.why or None,
            import_id=version.import_id or None,
            before=shown(version.before, account),
            after=shown(version.after, account),
            erased=version.erased,
        )


class History(Shown, frozen=True, kw_only=True):
    """A thing's versions, newest first; `more`: go on with `before`.

    `whole` is false where a version has no record, or what is recorded does not hold.
    """

    versions: list[VersionAnswer]
    whole: bool
    more: bool

    @classmethod
    def of(
        cls, found: list[Version], registry: Snapshot, account: Account, *, whole: bool, more: bool
    ) -> Self:
        told = [VersionAnswer.of_version(each, registry, account) for each in found]
        return cls(versions=told, whole=whole, more=more)


def shown(value: Struct | None, account: Account) -> dict[str, Any] | None:
    """A value of the registry as an account may see it: of another agency nothing, of a number whose end is enough that alone."""
    if value is None or bound_agency(account) not in (
        None,
        getattr(value, "agency_id", bound_agency(account)),
    ):
        return None
    return thing_of(value, account)
