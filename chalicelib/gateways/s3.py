"""S3's client, made only where a process first needs it: 100 ms of a processor and 14 MB."""

from __future__ import annotations

from typing import Any

CONNECT_S = 3
READ_S = 10
TRIES = 3


def client() -> Any:
    """A client that does not wait for ever."""
    from botocore.config import Config
    from botocore.session import get_session

    config = Config(
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
    )
    return get_session().create_client("s3", config=config)


def status(error: Any) -> int:
    """The HTTP status of a ClientError."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
