"""What became of a thing of the registry, version by version, and an earlier one's value to be put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from ...domain import chain
from ...domain.events import digest
from ...domain.registry import NOUNS
from ...domain.shapes import from_json
from ...domain.versions import Change, End, KeptVersion
from ...errors import NotFound, Unprocessable
from ...faults import Fault
from ...models import versions as store
from ...models.registry import NOUN_PK, shift_pk
from ...models.registry_writes import Item

# Of a thing that changes while it is read, the item and its records do not belong together.
TRIES = 3


class Version(Struct, frozen=True, kw_only=True):
    """One version: `before` and `after` are values of the noun, None where they are erased or not known.

    `unrecorded` is what a release before wrote, or somebody past all use cases: nobody knows when, and who it was.
    """

    v: int
    at: str | None = None
    by: str | None = None
    change: Change | Literal["unrecorded"]
    of: int | None = None
    why: str = ""
    import_id: str = ""
    before: Any = None
    after: Any = None
    erased: bool = False


class Story(Struct, frozen=True, kw_only=True):
    """All versions of a thing, oldest first, and whether its records are whole; `stands`: it was not removed."""

    versions: list[Version]
    whole: bool
    stands: bool

    @property
    def last(self) -> Any:
        """The thing's last value that is known, None if none is."""
        return next((each.after for each in reversed(self.versions) if each.after is not None), None)


def key_of(noun: str, id_: str, agency_id: str = "", day: str = "") -> tuple[str, str]:
    """Where a thing's item stands; a shift's by its agency and the local day on which it begins."""
    return (shift_pk(agency_id, day), id_) if noun == "shifts" else (NOUN_PK, f"{noun}#{id_}")


def story_of(noun: str, key: tuple[str, str]) -> Story:
    """What became of a thing; NotFound if nothing is known of it."""
    for _ in range(TRIES):
        item = store.standing(key)
        links = store.links(*key)
        if _version(store.standing(key)) == _version(item):
            break
    if item is None and not links:
        raise NotFound(f"no such {noun}", Fault("id", "not_found"))
    found = list(_versions(noun, [kept for kept, _ in links]))
    told = [link for _, link in links]
    last = links[-1][0] if links else None
    end = End(last.record.seq, last.record.hash) if last else End()
    whole = chain.first_broken(told, end.hash, end.seq) is None and all(kept.holds for kept, _ in links)
    whole = whole and not any(each.change == "unrecorded" for each in found) and _as_told(item, last)
    if item and (last is None or int(item.v) > last.record.version):
        missing = range(last.record.version + 1 if last else int(item.v), int(item.v))
        found += [Version(v=each, change="unrecorded") for each in missing]
        after = from_json(item.doc, NOUNS[noun])
        found.append(Version(v=int(item.v), change="unrecorded", after=after))
    return Story(versions=found, whole=whole, stands=item is not None)


def value_of(story: Story, v: int) -> Any:
    """A version's value; NotFound for none of this number, Unprocessable where it is erased or nobody knows it."""
    version = next((each for each in story.versions if each.v == v), None)
    if version is None or version.change == "removed":
        raise NotFound("no such version", Fault("v", "not_found"))
    if version.after is None:
        raise Unprocessable("nobody knows that version any more", Fault("v", "version_erased"))
    return version.after


def _version(item: Item | None) -> int:
    return int(item.v) if item else 0


def _as_told(item: Item | None, last: KeptVersion | None) -> bool:
    """Whether a thing stands as its last record says."""
    if item is None or last is None:
        return item is None and last is not None and last.record.change == "removed"
    told = last.record
    return (
        int(item.v) == told.version
        and End.of(item.head) == End(told.seq, told.hash)
        and digest(last.salt, item.doc) == told.value
    )


def _versions(noun: str, records: Sequence[KeptVersion]) -> Iterator[Version]:
    before, known = None, 0
    for kept in records:
        record = kept.record
        if known:
            for missing in range(known + 1, record.version):
                yield Version(v=missing, change="unrecorded")
                before = None
        after = from_json(kept.value, NOUNS[noun]) if kept.value else None
        version = Version(
            v=record.version,
            at=record.at,
            by=record.by,
            change=record.change,
            of=record.of,
            why=kept.why,
            import_id=record.import_id,
            before=before,
            after=after,
            erased=kept.erased,
        )
        if record.change == "found":
            # When it was found is not when it was written.
            version = replace(version, change="unrecorded", at=None, by=None, before=None)
        yield version
        before, known = after, record.version
