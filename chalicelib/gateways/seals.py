"""Where seals are kept: written once, by nobody again."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

from ..domain.seals import FOLDER, name, number_of
from .s3 import client, status


class Seals(Protocol):
    """Seals by their numbers, from 1 on; whatever the store raises is the store's trouble, and nothing was written for sure."""

    def last(self, after: int) -> int:
        """The highest number above this one; the same if there is none."""
        ...

    def read(self, number: int) -> bytes | None: ...

    def write(self, number: int, content: bytes) -> bool:
        """Whether it was written; not if there is one with this number."""
        ...


class BucketSeals:
    """Seals in an S3 bucket, whose Object Lock keeps each version of each object."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        return client()

    def last(self, after: int) -> int:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=FOLDER, StartAfter=FOLDER + name(after)
        )
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        return max((number_of(key.removeprefix(FOLDER)) for key in keys), default=0) or after

    def read(self, number: int) -> bytes | None:
        from botocore.exceptions import ClientError

        try:
            found = self._client.get_object(Bucket=self._bucket, Key=FOLDER + name(number))
        except ClientError as error:
            if status(error) == 404:
                return None
            raise
        content: bytes = found["Body"].read()
        return content

    def write(self, number: int, content: bytes) -> bool:
        from botocore.exceptions import ClientError

        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=FOLDER + name(number),
                Body=content,
                ContentType="application/json",
                # Object Lock demands a checksum; S3 then keeps by itself what the next seal says of this one.
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if status(error) == 412:
                return False
            raise
        return True
