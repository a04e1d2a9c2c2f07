"""Wake-ups: messages that say «look here now». DynamoDB holds the truth, so a lost one costs a delay and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from ..aws_json import JsonService
from ..domain.wakeup import Queue

CONNECT_S = 1
READ_S = 2


class Wakeups(Protocol):
    """Sends wake-ups, at once or after `delay_s` (up to 900 s); the sweep makes good for whatever is lost."""

    def send(self, queue: Queue, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None: ...

    def health(self) -> tuple[bool, str]: ...


class NotSent(Exception):
    """SQS answered, and did not take every message."""


class SqsWakeups:
    """Standard SQS queues; ten messages a request, which is SQS's limit.

    By `JsonService`: making botocore's client takes 150 ms of a whole processor, half a second of a small function's, which
    the first page after a cold start would wait for.
    """

    def __init__(self, urls: dict[Queue, str]) -> None:
        self._urls = urls
        self._service = JsonService("sqs", "AmazonSQS", connect_s=CONNECT_S, read_s=READ_S)
        self._client: Any = None

    def send(self, queue: Queue, bodies: Sequence[dict[str, str]], delay_s: int = 0) -> None:
        refused = 0
        for start in range(0, len(bodies), 10):
            entries = [
                {"Id": str(index), "MessageBody": json.dumps(body), "DelaySeconds": delay_s}
                for index, body in enumerate(bodies[start : start + 10])
            ]
            request = {"QueueUrl": self._urls[queue], "Entries": entries}
            answer = self._service.call("SendMessageBatch", request)
            if answer is None:
                answer = self._by_botocore().send_message_batch(**request)
            refused += len(answer.get("Failed") or ())
        if refused:
            raise NotSent(f"SQS did not take {refused} of {len(bodies)} wake-ups")

    def _by_botocore(self) -> Any:
        if self._client is None:
            # botocore alone: boto3 would double what the API function imports.
            from botocore.config import Config
            from botocore.session import get_session

            config = Config(connect_timeout=CONNECT_S, read_timeout=READ_S, retries={"total_max_attempts": 1})
            self._client = get_session().create_client("sqs", config=config)
        return self._client

    def health(self) -> tuple[bool, str]:
        """Nothing of its own to tell: on AWS each queue's dead letters raise an alarm."""
        return True, "SQS"
