"""The floor: what the embedded database alone takes for the requests of one intake, sent again as they were, by a bare socket."""

from __future__ import annotations

import json
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from chalicelib.models.connection import SharedConnection
from tests.bench.figures import Figure, Figures, rank
from tests.support.dynamo import dynamodb
from tests.world.harness import Story

INTAKES = 300
WARM_UP = 20
CLIENTS = 8
EACH = 60
# What is new with each intake: ids, and the fingerprints of keys and links.
NEW = re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{64})\b")
Asked = tuple[str, str]


def floor() -> Figures:
    """One client and eight: reads as they were, writes under new ids and without the versions of units, which have moved on."""
    with tempfile.TemporaryDirectory() as folder, dynamodb(Path(folder) / "dynamo.sqlite") as endpoint:
        asked = _of_one_intake()
        alone = _Client(endpoint, asked, "a")
        took = [alone.intake() for _ in range(WARM_UP + INTAKES)][WARM_UP:]
        clients = [_Client(endpoint, asked, f"c{n}") for n in range(CLIENTS)]
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda client: [client.intake() for _ in range(EACH)], clients))
        per_s = CLIENTS * EACH / (time.perf_counter() - began)
    writes = next(json.loads(body) for operation, body in asked if operation == "TransactWriteItems")
    says = f"the database alone: {len(asked)} requests, {len(writes['TransactItems'])} items written"
    return {
        "floor_intake_p50_ms": rank(took, 0.5, says=says),
        "floor_intake_p95_ms": rank(took, 0.95),
        "floor_intake_per_s_8": Figure(round(per_s, 1), CLIENTS * EACH, "eight clients, no pages"),
    }


def _of_one_intake() -> list[Asked]:
    """What the second of two calls asks of the database; the first fills the process's copies."""
    story = Story()
    story.empty()
    story.seed()
    # Pages stay where they are.
    story.wakeups.lost = True
    first = story.call()["incident"]["id"]
    story.desk("POST", f"/api/incidents/{first}/cancel", {"reason": "Pengukuran"})
    asked: list[Asked] = []
    really = SharedConnection.ask

    def note(self: SharedConnection, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        asked.append((operation, json.dumps(request)))
        return really(self, operation, request)

    with patch.object(SharedConnection, "ask", note):
        story.call()
    return [(operation, _unconditioned(body)) for operation, body in asked]


def _unconditioned(body: str) -> str:
    """A transaction whose units are written whatever their version."""
    request = json.loads(body)
    for put in [each["Put"] for each in request.get("TransactItems", ()) if "Put" in each]:
        if put["Item"]["pk"] == {"S": "LIVE"}:
            for name in ("ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"):
                put.pop(name, None)
    request.pop("ClientRequestToken", None)
    return json.dumps(request)


class _Client:
    """One connection; `name` keeps its ids apart from the others'."""

    def __init__(self, endpoint: str, asked: list[Asked], name: str) -> None:
        parts = urlsplit(endpoint)
        self._socket = socket.create_connection((parts.hostname, parts.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = [(operation, NEW.split(body), NEW.findall(body)) for operation, body in asked]
        self._name = name
        self._number = 0

    def intake(self) -> float:
        """Milliseconds for all requests of one intake."""
        messages = list(self._messages())
        began = time.perf_counter()
        for message in messages:
            self._socket.sendall(message)
            self._must_be_taken()
        return (time.perf_counter() - began) * 1000

    def _messages(self) -> Iterator[bytes]:
        self._number += 1
        for operation, between, ids in self._requests:
            new = [f"{self._name}{self._number}{each}" if operation[0] == "T" else each for each in ids] + [
                ""
            ]
            body = "".join(part for pair in zip(between, new, strict=True) for part in pair).encode()
            head = (
                "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-amz-json-1.0\r\nx-amz-date: 20261126T000000Z\r\n"
                f"x-amz-target: DynamoDB_20120810.{operation}\r\ncontent-length: {len(body)}\r\n"
                "authorization: AWS4-HMAC-SHA256 Credential=k/20261126/ap-southeast-3/dynamodb/aws4_request, "
                "SignedHeaders=host, Signature=0\r\n\r\n"
            )
            yield head.encode() + body

    def _must_be_taken(self) -> None:
        answer = self._socket.recv(1 << 16)
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(1 << 16)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length, "an answer without a length"
        while len(body) < int(length[1]):
            body += self._socket.recv(1 << 16)
        assert head.startswith(b"HTTP/1.1 200"), body[:300]
