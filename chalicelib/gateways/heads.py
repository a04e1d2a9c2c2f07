"""Where the heads of the trails are kept: a bucket whose lock lets nobody change or delete what stands in it."""

from __future__ import annotations

from typing import Protocol


class HeadStore(Protocol):
    """Keeps what it is given for good, each under a name of its own."""

    def keep(self, name: str, content: bytes) -> None: ...


class S3Heads:
    """A bucket with Object Lock: the retention is the bucket's default, and a second write adds a version."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, name: str, content: bytes) -> None:
        from botocore.config import Config
        from botocore.session import get_session

        config = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 3})
        client = get_session().create_client("s3", config=config)
        client.put_object(Bucket=self._bucket, Key=name, Body=content, ContentType="application/x-ndjson")
