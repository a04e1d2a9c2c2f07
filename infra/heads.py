"""Compares the audit trails with the heads that were kept of them: `python -m infra.heads BUCKET`.

It finds what `infra.verify` cannot: a chain that somebody has written all anew, and an incident that is gone with all its items.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import boto3
import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.models import incidents, privacy
from chalicelib.models.tables import IncidentItem
from chalicelib.services.heads import PRIVACY, KeptHead

AT_ONCE = 100


def main(arguments: list[str] | None = None) -> int:
    """Print what differs and the counts; 0 if all holds, 1 if something does not, 2 if it could not be looked at."""
    parser = argparse.ArgumentParser(prog="python -m infra.heads", description=__doc__)
    parser.add_argument("bucket", help="the data stack's output AuditBucketName")
    chosen = parser.parse_args(arguments)
    try:
        heads = {head for content in _files(chosen.bucket) for head in _lines(content)}
        differing = list(compare(heads))
    except (BotoCoreError, ClientError, PynamoDBException) as error:
        print(f"This cannot be looked at: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    for head in differing:
        print(f"{head.chain} seq {head.seq}: the trail is not the one whose head was kept")
    print(f"{len(heads)} heads, {len(differing)} broken")
    return 1 if differing else 0


def compare(heads: Iterable[KeptHead]) -> Iterator[KeptHead]:
    """Those of the heads whose link is gone, or another."""
    wanted = {_place(head): head for head in heads}
    found: dict[tuple[str, str], str] = {}
    places = sorted(wanted)
    for start in range(0, len(places), AT_ONCE):
        for item in IncidentItem.batch_get(places[start : start + AT_ONCE], consistent_read=True):
            found[item.pk, item.sk] = _hash(item)
    yield from (wanted[place] for place in places if found.get(place) != wanted[place].hash)


def _place(head: KeptHead) -> tuple[str, str]:
    pk = privacy.PK if head.chain == PRIVACY else incidents.pk_of(head.chain)
    return pk, incidents.event_key(head.seq)


def _hash(item: IncidentItem) -> str:
    held: dict[str, Any] = msgspec.json.decode(item.doc)
    return str((held.get("record") or held).get("hash", ""))


def _lines(content: bytes) -> list[KeptHead]:
    return [msgspec.json.decode(line, type=KeptHead) for line in content.splitlines() if line]


def _files(bucket: str) -> Iterator[bytes]:
    """Every version of every file, also of one that somebody has hidden behind a delete marker."""
    s3 = boto3.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix="heads/"):
        for version in page.get("Versions", ()):
            answer = s3.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
            yield answer["Body"].read()


if __name__ == "__main__":
    sys.exit(main())
