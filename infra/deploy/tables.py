"""The stage's three tables by name: their state, and waiting for it as long as AWS takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.cloud import Cloud, code_of
from infra.deploy.polling import polls
from infra.deploy.terminal import DeployError, Terminal

NAMES = ("incidents", "registry", "keys")
# What AWS says while a table that was just made, or just changed, takes no other change yet.
NOT_YET = ("ResourceInUseException", "ContinuousBackupsUnavailableException", "LimitExceededException")


def describe(cloud: Cloud, table: str) -> dict[str, Any] | None:
    """A table as AWS describes it; None when there is none."""
    try:
        found: dict[str, Any] = cloud.client("dynamodb").describe_table(TableName=table)["Table"]
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return None
        raise
    return found


def restored_tables(cloud: Cloud) -> list[str]:
    """The tables of this stage that `make restore` has made."""
    pages = cloud.client("dynamodb").get_paginator("list_tables").paginate()
    restored = re.compile(rf"{cloud.own_tables}-at\d{{14}}-({'|'.join(NAMES)})")
    return [name for page in pages for name in page["TableNames"] if restored.fullmatch(name)]


def wait_until_active(cloud: Cloud, table: str, terminal: Terminal) -> dict[str, Any]:
    """Wait without end: restoring takes minutes to hours, and botocore's own waiter gives up after 500 s.

    DeployError when the table is gone.
    """
    for _ in polls():
        found = describe(cloud, table)
        if found is None:
            raise DeployError(f"The table {table} is gone.")
        in_progress = found.get("RestoreSummary", {}).get("RestoreInProgress", False)
        if found["TableStatus"] == "ACTIVE" and not in_progress:
            return found
        terminal.waiting(f"{table}: {found['TableStatus'].lower()}")
    raise AssertionError("polls never end")


def wait_until_gone(cloud: Cloud, table: str, terminal: Terminal) -> None:
    """Wait without end until a table that is being deleted is no more."""
    for _ in polls():
        if describe(cloud, table) is None:
            return
        terminal.waiting(f"{table}: deleting")


def insist(change: Callable[[], Any], table: str, terminal: Terminal) -> None:
    """Make a change as soon as the table takes one."""
    for _ in polls():
        try:
            change()
        except ClientError as error:
            if code_of(error) not in NOT_YET:
                raise
            terminal.waiting(f"{table}: {code_of(error)}")
        else:
            return
