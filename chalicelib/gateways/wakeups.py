"""Wake-ups: messages that say «look here now». DynamoDB holds the truth, so a lost one costs a delay and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, Protocol

Queue = Literal["pages", "bulk", "timers"]


class Wakeups(Protocol):
    """Sends wake-ups, at once or after `delay_s` (up to 900 s); the sweep makes good for whatever is lost."""

    def send(self, queue: Queue, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None: ...

    def health(self) -> tuple[bool, str]: ...


class NotSent(Exception):
    """SQS answered, and did not take every message."""


class SqsWakeups:
    """Standard SQS queues; ten messages a request, which is SQS's limit."""

    def __init__(self, urls: dict[Queue, str]) -> None:
        self._urls = urls
        self._client: Any = None

    def send(self, queue: Queue, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None:
        if self._client is None:
            # botocore alone: boto3 would double what the API function imports.
            from botocore.config import Config
            from botocore.session import get_session

            config = Config(
                connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 2, "mode": "standard"}
            )
            self._client = get_session().create_client("sqs", config=config)
        refused = 0
        for start in range(0, len(bodies), 10):
            entries = [
                {"Id": str(index), "MessageBody": json.dumps(body), "DelaySeconds": delay_s}
                for index, body in enumerate(bodies[start : start + 10])
            ]
            answer = self._client.send_message_batch(QueueUrl=self._urls[queue], Entries=entries)
            refused += len(answer.get("Failed", ()))
        if refused:
            raise NotSent(f"SQS did not take {refused} of {len(bodies)} wake-ups")

    def health(self) -> tuple[bool, str]:
        """Nothing of its own to tell: on AWS each queue's dead letters raise an alarm."""
        return True, "SQS"
