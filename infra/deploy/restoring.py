"""`make restore`: the stage's tables as they were at a moment, under new names beside the live ones. It deletes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.deploy.cloud import REPO, Cloud
from infra.deploy.comparing import compare
from infra.deploy.deploying import Deployment
from infra.deploy.tables import NAMES, describe, insist, wait_until_active
from infra.deploy.terminal import DeployError, Terminal

# Walks the trails of tables whose names begin so, as they were at an instant; verify's exit code.
Verify = Callable[[str, str], int]


@dataclass(frozen=True)
class Source:
    """What is restored from: the tables in use, and a way to verify a copy of them."""

    cloud: Cloud
    terminal: Terminal
    tables: str
    verify: Verify


def source_of(deployment: Deployment) -> Source:
    """The stage as it runs; DeployError when there is none."""
    cloud, data = deployment.cloud, deployment.data
    seals = f"s3://{data['AuditBucketName']}/seals"

    def verify(tables: str, at: str) -> int:
        command = [sys.executable, "-m", "infra.verify", "--seals", seals, "--until", at]
        environment = os.environ | {"STAGE": cloud.stage, "TABLES": tables, "PYTHONUNBUFFERED": "1"}
        return subprocess.run(command, cwd=REPO, env=environment, check=False).returncode

    return Source(cloud, deployment.terminal, data.get("Tables", cloud.own_tables), verify)


def restore(source: Source, at: str) -> bool:
    """Restore, protect, verify and compare; whether what was restored holds. Run again it goes on where it stopped."""
    terminal, stage = source.terminal, source.cloud.stage
    moment = choose_moment(source, at)
    restored = f"{source.cloud.own_tables}-at{moment:%Y%m%d%H%M%S}"
    began = time.monotonic()
    for name in NAMES:
        start(source, name, restored, moment)
    for name in NAMES:
        _protect(source, name, restored)
    terminal.step(f"{restored}-…: restored and protected after {_minutes(time.monotonic() - began)}")
    holds = check(source, restored, moment)
    terminal.step(
        f"Nothing was deleted and nothing runs on them yet. After docs/operations-aws.md, “{HEADING}”:"
    )
    terminal.note(f'make deploy STAGE={stage} SET="Tables={restored}"')
    own = "" if source.tables == source.cloud.own_tables else source.tables
    terminal.note(f'and back again: make deploy STAGE={stage} SET="Tables={own}"')
    return holds


HEADING = "Restoring in earnest"


def choose_moment(source: Source, at: str) -> datetime:
    """The moment wished for, or the latest to which all tables can go back; DeployError outside of what AWS keeps."""
    windows = [_window(source, f"{source.tables}-{name}") for name in NAMES]
    first = max(earliest for earliest, _ in windows)
    last = min(latest for _, latest in windows)
    moment = _parse(at) if at else last.replace(microsecond=0)
    if not first.replace(microsecond=0) <= moment <= last:
        raise DeployError(
            f"The tables can go back to between {_iso(first)} and {_iso(last)}. Choose such a moment with AT=, or wait "
            "some minutes if recovery was turned on just now."
        )
    source.terminal.step(
        f"{source.tables}-… as they were at {_iso(moment)}; the latest possible is {_iso(last)},"
        f" {(datetime.now(UTC) - last).total_seconds():.0f} s ago"
    )
    return moment


def _window(source: Source, table: str) -> tuple[datetime, datetime]:
    if describe(source.cloud, table) is None:
        raise DeployError(
            f"There is no table {table}. AWS keeps the last state of a deleted one for 35 days: docs/operations-aws.md, "
            "“A table is gone”."
        )
    found = source.cloud.client("dynamodb").describe_continuous_backups(TableName=table)
    recovery = found["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        raise DeployError(
            f"Point-in-time recovery of {table} is off: there is nothing to restore from. Turn it on."
        )
    return recovery["EarliestRestorableDateTime"], recovery["LatestRestorableDateTime"]


def _parse(at: str) -> datetime:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise DeployError(f"AT={at} is no time. For example: AT=2026-11-26T15:00:00Z") from None
    if moment.tzinfo is None:
        raise DeployError(f"AT={at} lacks its zone: Z for UTC, +07:00 for WIB.")
    return moment.astimezone(UTC).replace(microsecond=0)


def start(source: Source, name: str, restored: str, moment: datetime) -> None:
    """Begin to restore one table, unless an earlier run has; DeployError when another stands in its place."""
    live, target = f"{source.tables}-{name}", f"{restored}-{name}"
    found = describe(source.cloud, target)
    if found is None:
        source.cloud.client("dynamodb").restore_table_to_point_in_time(
            SourceTableName=live, TargetTableName=target, RestoreDateTime=moment
        )
    elif not is_restored_from(source, found, name):
        raise DeployError(
            f"There is a table {target}, and it was not restored from {live}. Choose another AT."
        )
    else:
        source.terminal.note(f"{target}: was begun before, going on")


def is_restored_from(source: Source, table: dict[str, object], name: str) -> bool:
    """Whether AWS itself says that a table was restored from one in use."""
    summary = table.get("RestoreSummary")
    came_from = summary.get("SourceTableArn", "") if isinstance(summary, dict) else ""
    return came_from.endswith(f":{source.cloud.account}:table/{source.tables}-{name}")


def _protect(source: Source, name: str, restored: str) -> None:
    """Give a restored table what a restore leaves out: recovery, expiry and protection from deletion."""
    table, terminal = f"{restored}-{name}", source.terminal
    client = source.cloud.client("dynamodb")
    wait_until_active(source.cloud, table, terminal)
    recovery = {"PointInTimeRecoveryEnabled": True}
    insist(
        lambda: client.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery),
        table,
        terminal,
    )
    live = f"{source.tables}-{name}"
    expiry = client.describe_time_to_live(TableName=live)["TimeToLiveDescription"]
    has = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if expiry.get("AttributeName") and not has.get("AttributeName"):
        wanted = {"Enabled": True, "AttributeName": expiry["AttributeName"]}
        insist(
            lambda: client.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted),
            table,
            terminal,
        )
    insist(lambda: client.update_table(TableName=table, DeletionProtectionEnabled=True), table, terminal)
    wait_until_active(source.cloud, table, terminal)


def check(source: Source, restored: str, moment: datetime) -> bool:
    """Verify restored tables and say what they lack against the live ones; whether all is as it must be."""
    began = time.monotonic()
    source.terminal.step(f"verifying {restored}-…")
    code = source.verify(restored, _iso(moment))
    source.terminal.step(f"verified after {_minutes(time.monotonic() - began)}")
    if code:
        source.terminal.warn("the audit trail of what was restored does not hold, or could not be looked at")
    return compare(source.cloud, source.terminal, (source.tables, restored), _iso(moment)) and not code


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} min {seconds % 60:.0f} s"
