"""Restoring beside the live tables: what a drill removes and what it can never remove, and what a restore in earnest sets."""

from __future__ import annotations

import copy
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import RestoredPITTable

from infra.deploy import polling, restore_drill
from infra.deploy.cloud import Cloud
from infra.deploy.deploying import Deployment, Wishes, deploy, refuse_tables_not_there
from infra.deploy.destroying import destroy
from infra.deploy.restore_drill import MARK, drill
from infra.deploy.restoring import Source, restore
from infra.deploy.stacks import Stacks
from infra.deploy.tables import NAMES, wait_until_active
from infra.deploy.terminal import DeployError, Terminal

REGION = "ap-southeast-3"
LIVE = [f"kentongan-uji-{name}" for name in NAMES]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """A stage's tables as the template makes them, and another stage's beside them."""
    monkeypatch.setattr(polling, "FIRST_POLL_S", 0.001)
    # Other tests of this process lead to a database of their own.
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(name, raising=False)
    described = DynamoDBBackend.describe_continuous_backups

    def describe(self: DynamoDBBackend, table_name: str) -> dict[str, Any]:
        """Recovery that was turned on yesterday and reaches until now, as it does in moto only at first."""
        found = copy.deepcopy(described(self, table_name))
        if found["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED":
            window = {
                "EarliestRestorableDateTime": time.time() - 86400,
                "LatestRestorableDateTime": time.time(),
            }
            found["PointInTimeRecoveryDescription"] |= window
        return found

    monkeypatch.setattr(DynamoDBBackend, "describe_continuous_backups", describe)
    with mock_aws():
        cloud = Cloud("uji", REGION)
        cloud.identify()
        for stage in ("uji", "lain"):
            for name in NAMES:
                make_table(cloud, f"kentongan-{stage}-{name}")
        record(cloud, "a", 1, ago_s=7200)
        yield cloud


def make_table(cloud: Cloud, name: str) -> None:
    client = cloud.client("dynamodb")
    keys = ["pk"] if name.endswith("-keys") else ["pk", "sk"]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[
            {"AttributeName": key, "KeyType": kind}
            for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        DeletionProtectionEnabled=True,
    )
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    if name.endswith("-keys"):
        expiry = {"Enabled": True, "AttributeName": "expires_at"}
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)


def record(cloud: Cloud, incident: str, seq: int, ago_s: float = 0) -> None:
    """Let an event stand in the live table."""
    at = datetime.now(UTC) - timedelta(seconds=ago_s)
    doc = json.dumps({"seq": seq, "recorded_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z"})
    item = {"pk": {"S": f"I#{incident}"}, "sk": {"S": f"~{seq:08}"}, "doc": {"S": doc}}
    cloud.client("dynamodb").put_item(TableName="kentongan-uji-incidents", Item=item)


def source(cloud: Cloud, verify: Callable[[str, str], int] = lambda tables, at: 0) -> Source:
    return Source(cloud, Terminal(unattended=True), "kentongan-uji", verify)


def tables(cloud: Cloud) -> set[str]:
    return set(cloud.client("dynamodb").list_tables()["TableNames"])


def restored(cloud: Cloud) -> set[str]:
    return {name for name in tables(cloud) if "-drill" in name or "-at" in name}


def test_a_drill_verifies_a_copy_says_what_it_lacks_and_removes_it(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tables(cloud)
    verified: list[tuple[str, set[str]]] = []

    def verify(copied: str, at: str) -> int:
        verified.append((at, {name for name in tables(cloud) if name.startswith(f"{copied}-")}))
        # Life goes on meanwhile.
        record(cloud, "a", 2)
        record(cloud, "b", 1)
        return 0

    assert drill(source(cloud, verify), "")
    ((at, copies),) = verified
    assert len(copies) == 3 and abs(datetime.fromisoformat(at) - datetime.now(UTC)) < timedelta(minutes=1)
    assert tables(cloud) == before
    said = capsys.readouterr().out
    assert "missing: 2 events of 2 incidents" in said and "    b\n" in said
    assert "incidents: 1 items restored, 3 live" in said
    assert "all of it took" in said


def test_a_copy_that_lacks_what_is_older_than_its_moment_is_said(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    def verify(copied: str, at: str) -> int:
        record(cloud, "lost", 1, ago_s=3600)
        return 0

    assert not drill(source(cloud, verify), "")
    assert "this restore is not whole" in capsys.readouterr().out


def fails(copied: str, at: str) -> int:
    return 1


def breaks(copied: str, at: str) -> int:
    raise RuntimeError("the network is gone")


def is_interrupted(copied: str, at: str) -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize("verify", [fails, breaks, is_interrupted])
def test_what_was_restored_is_removed_also_when_it_goes_wrong(
    cloud: Cloud, verify: Callable[[str, str], int]
) -> None:
    try:
        assert drill(source(cloud, verify), "") is False
    except (RuntimeError, KeyboardInterrupt):
        assert verify is not fails
    assert restored(cloud) == set()


def as_aws_makes_tables(monkeypatch: pytest.MonkeyPatch, looks: int) -> None:
    """Restored tables are being made for so many looks; until then AWS neither deletes nor marks them."""
    described, delete = RestoredPITTable.describe, DynamoDBBackend.delete_table

    def describe(self: RestoredPITTable, base_key: str = "TableDescription") -> dict[str, Any]:
        found: dict[str, Any] = described(self, base_key)
        self.looks = getattr(self, "looks", 0) + 1  # type: ignore[attr-defined]
        if self.looks <= looks:  # type: ignore[attr-defined]
            found[base_key]["TableStatus"] = "CREATING"
            found[base_key]["RestoreSummary"]["RestoreInProgress"] = True
        return found

    def delete_table(self: DynamoDBBackend, name: str) -> Any:
        assert getattr(self.tables[name], "looks", looks + 1) > looks, (
            f"AWS deletes no table in CREATING: {name}"
        )
        return delete(self, name)

    monkeypatch.setattr(RestoredPITTable, "describe", describe)
    monkeypatch.setattr(DynamoDBBackend, "delete_table", delete_table)


def test_a_drill_that_is_interrupted_while_aws_restores_waits_and_removes(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_aws_makes_tables(monkeypatch, looks=6)
    waits: list[str] = []

    def wait(*arguments: Any) -> Any:
        waits.append(arguments[1])
        if len(waits) == 1:
            raise KeyboardInterrupt
        return wait_until_active(*arguments)

    monkeypatch.setattr("infra.deploy.restore_drill.wait_until_active", wait)
    with pytest.raises(KeyboardInterrupt):
        drill(source(cloud), "")
    assert restored(cloud) == set()


def restore_by_hand(cloud: Cloud, live: str, name: str, *, mark: bool) -> None:
    client = cloud.client("dynamodb")
    client.restore_table_to_point_in_time(SourceTableName=live, TargetTableName=name)
    if mark:
        arn = client.describe_table(TableName=name)["Table"]["TableArn"]
        client.tag_resource(ResourceArn=arn, Tags=[MARK])


def test_what_a_killed_drill_left_is_removed_by_the_next_and_nothing_that_is_like_it(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    left = "kentongan-uji-drill20261126150000-incidents"
    restore_by_hand(cloud, "kentongan-uji-incidents", left, mark=True)
    likes = {
        # Killed before it was marked, or somebody's own.
        "kentongan-uji-drill20261126150000-registry": ("kentongan-uji-registry", False),
        # Of another table, and of another stage.
        "kentongan-uji-drill20261126150000-keys": ("kentongan-uji-registry", True),
        "kentongan-uji-drill20261126150001-incidents": ("kentongan-lain-incidents", True),
        "kentongan-lain-drill20261126150000-incidents": ("kentongan-uji-incidents", True),
        # In earnest.
        "kentongan-uji-at20261126150000-incidents": ("kentongan-uji-incidents", True),
    }
    for name, (live, mark) in likes.items():
        restore_by_hand(cloud, live, name, mark=mark)
    before = tables(cloud)
    assert drill(source(cloud), "")
    assert before - tables(cloud) == {left}
    said = capsys.readouterr().out
    assert "kentongan-uji-drill20261126150000-registry: is not this drill's beyond doubt" in said


@pytest.mark.parametrize("made", [True, False])
def test_no_live_table_can_be_removed_even_when_it_is_marked_and_unprotected(
    cloud: Cloud, made: bool
) -> None:
    """Also not one that was restored in earnest, is in use by now, and bears a drill's mark by somebody's mistake."""
    client = cloud.client("dynamodb")
    used = [f"kentongan-uji-at20261126150000-{name}" for name in NAMES]
    for name, table in zip(NAMES, used, strict=True):
        restore_by_hand(cloud, f"kentongan-uji-{name}", table, mark=True)
    for table in LIVE:
        client.update_table(TableName=table, DeletionProtectionEnabled=False)
        client.tag_resource(
            ResourceArn=client.describe_table(TableName=table)["Table"]["TableArn"], Tags=[MARK]
        )
    for tables_in_use in ("kentongan-uji", "kentongan-uji-at20261126150000"):
        at = Source(cloud, Terminal(unattended=True), tables_in_use, fails)
        for table in (*LIVE, *used):
            restore_drill._remove(at, table, made=made)
    assert {*LIVE, *used} <= tables(cloud)


def test_a_restore_in_earnest_protects_what_it_makes_deletes_nothing_and_goes_on(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    deleted: list[Any] = []
    client = cloud.client("dynamodb")
    client.meta.events.register("before-call.dynamodb.DeleteTable", lambda **_: deleted.append(1))
    before = tables(cloud)
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert restore(source(cloud), at)
    first = restored(cloud)
    assert len(first) == 3 and before < tables(cloud)
    for table in first:
        found = client.describe_table(TableName=table)["Table"]
        assert found["DeletionProtectionEnabled"] is True
        backups = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    (keys,) = (table for table in first if table.endswith("-keys"))
    expiry = client.describe_time_to_live(TableName=keys)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    prefix = keys.removesuffix("-keys")
    assert f'make deploy STAGE=uji SET="Tables={prefix}"' in capsys.readouterr().out
    # It was stopped and is run again.
    assert restore(source(cloud), at)
    assert restored(cloud) == first and not deleted


def pointed_at(cloud: Cloud, tables: str) -> Deployment:
    return Deployment(cloud, Terminal(unattended=True), Wishes(given={"Tables": tables, "Production": "no"}))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """As much of a package as is looked at before anything is changed."""
    known: dict[str, Any] = {"Tables": {"Type": "String", "Default": ""}, "Production": {"Type": "String"}}
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (tmp_path / "site").mkdir()
    (tmp_path / "data.json").write_text(json.dumps({"Parameters": known}))
    functions = {"APIHandler": {"Properties": {"Runtime": runtime}}}
    (tmp_path / "application.json").write_text(json.dumps({"Parameters": {}, "Resources": functions}))
    for name in ("deployment.zip", "workbooks.zip", "site/index.html"):
        (tmp_path / name).touch()
    return tmp_path


def test_no_stage_is_pointed_at_tables_that_are_not_all_there_or_are_another_stages(
    cloud: Cloud, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[Path] = []
    monkeypatch.setattr(Stacks, "find", lambda *_: None)
    monkeypatch.setattr(Deployment, "change_data", lambda _, build: changed.append(build))
    assert restore(source(cloud), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    right = min(restored(cloud)).removesuffix("-incidents")
    for tables in (right, ""):
        refuse_tables_not_there(pointed_at(cloud, tables))
    client = cloud.client("dynamodb")
    for name in NAMES:
        make_table(cloud, f"kentongan-lain-at20261126150000-{name}")
    mistyped = f"{right[:-1]}{(int(right[-1]) + 1) % 10}"
    client.update_table(TableName=f"{right}-keys", DeletionProtectionEnabled=False)
    client.delete_table(TableName=f"{right}-keys")
    for tables, why in (
        (mistyped, f"no table {mistyped}-incidents"),
        ("kentongan-lain-at20261126150000", "are not of the stage uji"),
        (right, f"no table {right}-keys"),
    ):
        with pytest.raises(DeployError, match=f"{why}.*Nothing was changed"):
            deploy(pointed_at(cloud, tables), package)
    assert not changed


def test_whoever_takes_all_data_away_is_told_of_restored_tables_that_stay(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(source(cloud), "")
    kept = {name for name in tables(cloud) if "-at" in name}
    monkeypatch.setattr(Stacks, "settle", lambda *_: None)
    monkeypatch.setattr(Stacks, "deleted", lambda *_: "the stack")
    for name in ("resources", "delete"):
        monkeypatch.setattr(Stacks, name, lambda *_: [])
    wishes = Wishes(confirm="destroy data of uji")
    destroy(Deployment(cloud, Terminal(unattended=True), wishes), "destroy")
    said = capsys.readouterr().out
    assert all(f"!!  table {name}: stays" in said for name in kept)
    assert "table kentongan-lain" not in said and kept <= tables(cloud)


def test_a_restore_that_does_not_hold_is_kept_and_said(cloud: Cloud) -> None:
    assert not restore(source(cloud, fails), "")
    assert len(restored(cloud)) == 3


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("yesterday", "is no time"),
        ("2026-11-26T15:00:00", "lacks its zone"),
        ("2020-01-01T00:00:00Z", "can go back to between"),
        ("2099-01-01T00:00:00Z", "can go back to between"),
    ],
)
def test_a_moment_that_cannot_be_had_is_refused_before_anything_is_made(
    cloud: Cloud, at: str, why: str
) -> None:
    for run in (restore, drill):
        with pytest.raises(DeployError, match=why):
            run(source(cloud), at)
    assert restored(cloud) == set()


def test_without_recovery_or_without_a_table_it_says_what_is_left_to_do(cloud: Cloud) -> None:
    client = cloud.client("dynamodb")
    off = {"PointInTimeRecoveryEnabled": False}
    client.update_continuous_backups(TableName=LIVE[1], PointInTimeRecoverySpecification=off)
    with pytest.raises(DeployError, match="registry is off"):
        drill(source(cloud), "")
    client.update_table(TableName=LIVE[0], DeletionProtectionEnabled=False)
    client.delete_table(TableName=LIVE[0])
    with pytest.raises(DeployError, match="keeps the last state of a deleted one"):
        restore(source(cloud), "")


def test_aws_is_waited_for_longer_than_botocore_would(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("infra.deploy.polling.time.sleep", waited.append)
    as_aws_makes_tables(monkeypatch, looks=1000)
    restore_by_hand(cloud, LIVE[0], "kentongan-uji-drill20261126150000-incidents", mark=False)
    table = "kentongan-uji-drill20261126150000-incidents"
    assert wait_until_active(cloud, table, Terminal(unattended=True))["TableStatus"] == "ACTIVE"
    assert sum(waited) > 3600
    with pytest.raises(DeployError, match="is gone"):
        wait_until_active(cloud, "kentongan-uji-none", Terminal(unattended=True))
