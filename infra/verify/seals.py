"""Reads the seals of the audit trail back, from the bucket or a folder, and holds the trail against them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain import chain, seals
from chalicelib.domain.seals import FOLDER, Seal
from chalicelib.domain.times import plus
from chalicelib.services.evidence.sealing import remembered

# Sealing is hourly, ten minutes behind the clock; three hours are what the alarm waits as well.
SEALED_WITHIN_S = 3 * 3600
# A link of a chain by its seq: the instant at which it was recorded, and its hash.
Links = Mapping[int, tuple[str, str]]


class PlaceError(Exception):
    """The seals cannot be read; the message is one line."""


class Seals:
    """What all seals say, each incident's ends by seq; `findings` is what does not hold among the seals themselves."""

    def __init__(self, files: Iterator[tuple[str, bytes, str]], before: str = "") -> None:
        """Take seals in as (name, content, what was done to the file besides); what those say that are not of `before` an
        instant is not asked for."""
        self.findings: list[str] = []
        self.count = 0
        self.ends: dict[str, dict[int, tuple[str, str]]] = {}
        self.records: dict[int, tuple[str, str]] = {}
        # Of ringing back, by the calls' day; and between which instants all of it was sealed.
        self.ring_backs: dict[str, dict[int, tuple[str, str]]] = {}
        self.ring_backs_sealed: list[tuple[str, str]] = []
        # Of the registry's logs; between which instants all of them were sealed, and when a release sealed that knows none.
        self.registry: dict[str, dict[int, tuple[str, str]]] = {}
        self.registry_sealed: list[tuple[str, str]] = []
        self._older: list[str] = []
        self.hashes: dict[int, str] = {}
        # What was recorded between these must stand in a seal.
        self.began = self.until = ""
        # From when to when nothing was sealed, where that was long.
        self.silences: list[tuple[str, str]] = []
        previous = ""
        for name, content, besides in files:
            number = seals.number_of(name)
            if besides:
                self._say(f"seal {name}: {besides}")
            missing = range(self.count + 1, number)
            if missing:
                self._say(
                    f"seal {seals.name(missing[0])} is missing"
                    + (f", and all to {seals.name(missing[-1])}" if len(missing) > 1 else "")
                )
            try:
                seal = seals.decode(content)
                if seal.number != number:
                    raise ValueError(f"says that it is number {seal.number}")
            except ValueError as error:
                self._say(f"seal {name} cannot be read: {error}")
            else:
                if not missing and seal.prev != previous:
                    self._say(f"seal {name} does not follow the seal before it")
                if not before or seal.at <= before:
                    self._take(name, seal)
            previous, self.count = chain.digest(content), number
            self.hashes[number] = previous

    def _take(self, name: str, seal: Seal) -> None:
        if self.until and plus(self.until, SEALED_WITHIN_S) < seal.at:
            self.silences.append((self.until, seal.at))
        self.began, self.until = self.began or seal.at, seal.until
        if seal.records.seq:
            self.records.setdefault(seal.records.seq, (seal.records.head, name))
        if seal.ring_backs is not None:
            self.ring_backs_sealed.append((seal.since, seal.until))
        if seal.registry is None:
            self._older.append(seal.at)
        else:
            self.registry_sealed.append((seal.since, seal.until))
        for each in seal.registry or ():
            self.registry.setdefault(each.id, {}).setdefault(each.seq, (each.head, name))
        for each in seal.ring_backs or ():
            self.ring_backs.setdefault(each.id, {}).setdefault(each.seq, (each.head, name))
        if seal.doubted:
            lost = seals.name(remembered(seal.doubted)[0])
            self._say(f"seal {name} was written when seal {lost} was not there as the database remembered it")
        for each in seal.incidents:
            head, first = self.ends.setdefault(each.id, {}).setdefault(each.seq, (each.head, name))
            if head != each.head:
                self._say(f"seal {name} says of {each.id} seq {each.seq} what seal {first} does not")

    def _say(self, why: str) -> None:
        self.findings.append(why)

    def check_last(self, number: int, digest: str) -> None:
        """Compare with the last seal that the database remembers, (0, '') for none."""
        if number and self.hashes.get(number) != digest:
            self._say(f"seal {seals.name(number)} is not there as the database says that it was written")

    def against(self, incident_id: str, links: Links) -> Iterator[tuple[int, str]]:
        """What of an incident's chain is not what was sealed, or was not sealed in its time: (seq, why)."""
        return self._against(self.ends.get(incident_id, {}), links)

    def against_records(self, links: Links) -> Iterator[tuple[int, str]]:
        """The same of the records of who looked up or erased whose data."""
        return self._against(self.records, links)

    def against_ring_backs(self, day: str, links: Links) -> Iterator[tuple[int, str]]:
        """The same of ringing back on a day; of a time in which an older release sealed, nothing is known."""
        return self._of_later(self.ring_backs.get(day, {}), self.ring_backs_sealed, links)

    def against_registry(self, log: str, links: Links) -> Iterator[tuple[int, str]]:
        """The same of a log of the registry."""
        return self._of_later(self.registry.get(log, {}), self.registry_sealed, links)

    def older_ran(self, since: str, until: str) -> bool:
        """Whether a release that records nothing of the registry may have run between two instants: none sealed then, or such a one."""
        if any(since <= at <= until for at in self._older):
            return True
        return not any(begun < until and since < ended for begun, ended in self.registry_sealed)

    def _of_later(
        self, sealed: Mapping[int, tuple[str, str]], within: list[tuple[str, str]], links: Links
    ) -> Iterator[tuple[int, str]]:
        """Of a chain that older releases did not seal: what recorded it between two of these instants must stand in a seal."""
        yield from self._unlike(sealed, links)
        last = max(sealed, default=0)
        for seq, (recorded_at, _) in sorted(links.items()):
            if seq > last and any(since < recorded_at < until for since, until in within):
                yield seq, f"says that it was recorded at {recorded_at} and stands in no seal of that time"
                return

    @staticmethod
    def _unlike(sealed: Mapping[int, tuple[str, str]], links: Links) -> Iterator[tuple[int, str]]:
        for seq, (head, name) in sorted(sealed.items()):
            if seq not in links:
                yield seq, f"is missing and stands in seal {name}"
            elif links[seq][1] != head:
                yield seq, f"is not the one that stands in seal {name}"

    def _against(self, sealed: Mapping[int, tuple[str, str]], links: Links) -> Iterator[tuple[int, str]]:
        yield from self._unlike(sealed, links)
        last = max(sealed, default=0)
        for seq, (recorded_at, _) in sorted(links.items()):
            if seq > last and self.began < recorded_at < self.until:
                yield seq, f"says that it was recorded at {recorded_at} and stands in no seal of that time"
                return


def read(place: str, before: str = "") -> Seals:
    """The seals of a folder or of `s3://bucket/seals`; PlaceError when there are none."""
    try:
        found = Seals(_in_bucket(place) if place.startswith("s3://") else _in_folder(Path(place)), before)
    except (BotoCoreError, ClientError, OSError) as error:
        raise PlaceError(f"The seals in {place} cannot be read: {' '.join(str(error).split())}") from error
    if not found.count:
        raise PlaceError(f"There are no seals in {place}.")
    if before and not found.began:
        raise PlaceError(f"There are no seals in {place} from before {before}.")
    return found


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    if not folder.is_dir():
        raise PlaceError(f"There is no folder {folder}.")
    for file in sorted(folder.iterdir()):
        if seals.number_of(file.name):
            yield file.name, file.read_bytes(), ""


def _in_bucket(place: str) -> Iterator[tuple[str, bytes, str]]:
    """Each seal as it was first written: a lock keeps versions, and does not hinder a newer one from hiding them."""
    import boto3

    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    prefix = (prefix or FOLDER).rstrip("/") + "/"
    client: Any = boto3.client("s3")
    versions: dict[str, list[dict[str, Any]]] = {}
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            versions.setdefault(each["Key"].removeprefix(prefix), []).append(each)
    for name in sorted(filter(seals.number_of, versions)):
        yield _first(versions[name], name, lambda one: _content(client, bucket, one))


def _first(
    versions: list[dict[str, Any]], name: str, content: Callable[[dict[str, Any]], bytes]
) -> tuple[str, bytes, str]:
    # S3 lists the newest first; times may be whole seconds.
    versions = versions[::-1]
    versions.sort(key=lambda each: each["LastModified"])
    # A delete marker has no size.
    written = [each for each in versions if "Size" in each]
    if not written:
        return name, b"", "was deleted"
    besides = [each["LastModified"].isoformat() for each in versions if each is not written[0]]
    why = f"was written over or deleted at {', '.join(besides)}; the first version is read" if besides else ""
    return name, content(written[0]), why


def _content(client: Any, bucket: str, version: dict[str, Any]) -> bytes:
    found = client.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    content: bytes = found["Body"].read()
    return content
