"""What each function's role lets it do to the tables, read from the policy files that are deployed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).parents[2] / ".chalice"
FUNCTIONS = (
    "api",
    "send_pages",
    "send_bulk",
    "run_timers",
    "sweep",
    "send_notices",
    "audit",
    "retention",
    "seal",
)
TABLES = {"IncidentsTableArn": "incidents", "RegistryTableArn": "registry", "KeysTableArn": "keys"}
IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
# An operation, and a table's last name or `incidents/index`.
Right = tuple[str, str]


def allowed(function: str) -> set[Right]:
    """Each (operation, table or index) that a function's role allows."""
    policy = json.loads((POLICIES / f"policy-{function}.json").read_bytes())
    found = set()
    for statement in policy["Statement"]:
        for action in as_list(statement["Action"]):
            service, _, operation = action.partition(":")
            if service == "dynamodb" and statement["Effect"] == "Allow":
                found |= {(operation, _place(resource)) for resource in as_list(statement["Resource"])}
    return found


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _place(resource: dict[str, str]) -> str:
    if "Ref" in resource:
        return TABLES[resource["Ref"]]
    name, _, index = resource["Fn::Sub"].removeprefix("${").partition("}/index/")
    return f"{TABLES[name]}/{index}"


def asked(operation: str, request: dict[str, Any]) -> Iterator[Right]:
    """What IAM would ask of a request's role."""
    if operation == "TransactWriteItems":
        for item in request["TransactItems"]:
            for kind, write in item.items():
                yield IN_TRANSACTION[kind], _last(write["TableName"])
    elif operation.startswith("Batch"):
        for table in request["RequestItems"]:
            yield operation, _last(table)
    else:
        index = request.get("IndexName")
        yield operation, _last(request["TableName"]) + (f"/{index}" if index else "")


def _last(table: str) -> str:
    return table.rsplit("-", 1)[-1]


def running() -> str | None:
    """Which function the caller is part of, the outermost if one works in another's place; None for a test itself."""
    found = None
    frame = sys._getframe(1)
    while frame.f_back:
        frame = frame.f_back
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if file.endswith("chalicelib/handlers/events.py") and name in FUNCTIONS:
            found = name
        elif file.endswith("chalicelib/handlers/http.py") and name == "wrapped":
            found = "api"
    return found
