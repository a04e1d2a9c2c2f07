"""`make restore-drill`: restores beside the live tables, verifies, compares, tells how long it took, and removes what it restored.

What it deletes is its own beyond doubt: by its name, which no live table can have, by AWS's own word that it was restored from a
live table, and by this drill's mark. It never lifts a protection from deletion, which live tables have.
"""

from __future__ import annotations

import re
import signal
import time

from botocore.exceptions import ClientError

from infra.deploy.cloud import code_of
from infra.deploy.restoring import Source, check, choose_moment, is_restored_from, start
from infra.deploy.tables import NAMES, NOT_YET, describe, wait_until_active, wait_until_gone

MARK = {"Key": "kentongan-restore-drill", "Value": "may be deleted"}


def drill(source: Source, at: str) -> bool:
    """Restore, verify, compare, remove; whether what was restored holds. Also what an earlier drill left is removed."""
    # Whoever ends it means to end it in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    terminal, began = source.terminal, time.monotonic()
    for left in _left_over(source):
        terminal.step(f"{left}: left by an earlier drill")
        _remove(source, left, made=False)
    moment = choose_moment(source, at)
    restored = f"{source.cloud.own_tables}-drill{moment:%Y%m%d%H%M%S}"
    made: list[str] = []
    try:
        for name in NAMES:
            # Before it is: who is interrupted in between must not leave it.
            made.append(f"{restored}-{name}")
            start(source, name, restored, moment)
        for table in made:
            _mark(source, table)
        for table in made:
            wait_until_active(source.cloud, table, terminal)
            _mark(source, table)
        terminal.step(f"{restored}-…: restored after {time.monotonic() - began:.0f} s")
        holds = check(source, restored, moment)
    finally:
        if made:
            terminal.step("removing what was restored; Ctrl-C leaves it to the next drill")
        for table in made:
            _remove(source, table, made=True)
    terminal.step(
        f"all of it took {time.monotonic() - began:.0f} s; write date, time and counts into the log"
    )
    return holds


def _mark(source: Source, table: str) -> None:
    """Mark a table as this drill's; one that is still being made may not take it yet."""
    client = source.cloud.client("dynamodb")
    try:
        arn = client.describe_table(TableName=table)["Table"]["TableArn"]
        client.tag_resource(ResourceArn=arn, Tags=[MARK])
    except ClientError as error:
        if code_of(error) not in (*NOT_YET, "ResourceNotFoundException"):
            raise


def _left_over(source: Source) -> list[str]:
    """Tables of this stage with a drill's name."""
    pages = source.cloud.client("dynamodb").get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"] if _name_of(source, name)]


def _name_of(source: Source, table: str) -> str:
    """Which table a drill's table is of, '' for any other. No stage's name has a hyphen, and no live table's name a fourth part."""
    found = re.fullmatch(rf"{source.cloud.own_tables}-drill\d{{14}}-({'|'.join(NAMES)})", table)
    return found[1] if found else ""


def _remove(source: Source, table: str, *, made: bool) -> None:
    """Delete a table that is this drill's beyond doubt, once AWS lets it; any other is named and left alone."""
    found = describe(source.cloud, table)
    if found is None:
        return
    name = _name_of(source, table)
    marked = made or _is_marked(source, str(found["TableArn"]))
    if not name or not is_restored_from(source, found, name) or not marked:
        source.terminal.warn(f"{table}: is not this drill's beyond doubt; look at it, and delete it by hand")
        return
    # AWS deletes no table that is still being made.
    wait_until_active(source.cloud, table, source.terminal)
    source.cloud.client("dynamodb").delete_table(TableName=table)
    wait_until_gone(source.cloud, table, source.terminal)
    source.terminal.step(f"{table}: removed")


def _is_marked(source: Source, arn: str) -> bool:
    found = source.cloud.client("dynamodb").list_tags_of_resource(ResourceArn=arn)
    return MARK in found["Tags"]
