"""Where workbooks lie while the function that knows their format works on them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

from .s3 import client, status


class Workbooks(Protocol):
    """Objects by their keys; each is forgotten after a day, whatever became of it."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, content: bytes) -> None: ...
    def delete(self, key: str) -> None: ...


class Bucket:
    """Objects of an S3 bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        return client()

    def get(self, key: str) -> bytes | None:
        from botocore.exceptions import ClientError

        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if status(error) == 404:
                return None
            raise
        content: bytes = found["Body"].read()
        return content

    def put(self, key: str, content: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)
