"""Events: SQS batches and the schedule, turned into use cases."""

from __future__ import annotations

import json
from typing import Any

from ..bootstrap import World
from ..observability import logger
from ..services import paging


def send_pages(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """Send the pages of a batch; the messages that must come again are named, the others are done."""
    wanted: dict[str, tuple[str, str]] = {}
    failures: list[str] = []
    for record in event["Records"]:
        try:
            body = json.loads(record["body"])
            wanted[record["messageId"]] = (str(body["incident"]), str(body["page"]))
        except (ValueError, KeyError, TypeError):
            logger.error("wake-up cannot be read", extra={"message": record.get("messageId")})
            failures.append(record["messageId"])
    undone = paging.send_pages(world, wanted.values())
    failures += [message for message, page in wanted.items() if page in undone]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failures]}


def sweep(world: World) -> dict[str, Any]:
    """Drive on whatever is late."""
    found = paging.sweep(world)
    if found:
        logger.info("sweep", extra={"found": found})
    return {"found": found}
