"""A drill beside a deployed stage, and a restore in earnest: the functions go by the restored tables and nothing is deleted."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from chalicelib.domain import times
from chalicelib.gateways.clock import SystemClock
from tests.deploy.stage import Aws, Stage, eventually
from tests.deploy.test_main_job import log_call
from tests.deploy.test_queues import schedule_off, trigger_off
from tests.deploy.test_sealing import seal


@pytest.fixture(scope="module")
def pulih(aws: Aws, build: Path, regency: Path) -> Stage:
    """A stage with one call, sealed."""
    stage = Stage(aws, "pulih")
    stage.deploy(build, seed=str(regency))
    operator = stage.staff("operator", "operator")
    incident = log_call(stage, operator, "Gang Pulih Satu")["incident"]["id"]
    stage.sms("Gang Pulih Satu")

    def all_told() -> bool:
        whole = stage.call("GET", f"/api/incidents/{incident}", token=operator).json()
        sent = {
            page["page"]
            for each in whole["timeline"]
            if each["type"] == "PagesSent"
            for page in each["data"]["pages"]
        }
        return len(sent) == len(whole["pages"])

    # An SMS is on the phone before the trail tells of it; items that come after the count would be the copy's alone.
    eventually(all_told, "not every page is told to be sent")
    assert seal(stage)["failed"] == 0
    # A restore goes back a second or two, to a whole one: not to before the seal.
    sealed = SystemClock().now()
    eventually(lambda: SystemClock().now() > times.plus(sealed, 3), "no time passes")
    return stage


def tables(stage: Stage) -> dict[str, int]:
    """The stage's tables and how many items each holds."""
    client = stage.aws.client("dynamodb")
    names = [
        name for name in client.list_tables()["TableNames"] if name.startswith(f"kentongan-{stage.name}-")
    ]
    return {name: client.scan(TableName=name, Select="COUNT")["Count"] for name in names}


def test_a_drill_verifies_a_copy_against_the_seals_and_leaves_nothing(pulih: Stage) -> None:
    # Nothing is written between the count and the copy: no escalation, no sweep's mark.
    with ExitStack() as quiet:
        for name in ("sweep", "audit"):
            quiet.enter_context(schedule_off(pulih, name))
        for name in ("send_pages", "run_timers"):
            quiet.enter_context(trigger_off(pulih, name))
        before = tables(pulih)
        done = pulih.command("restore-drill")
    assert done.code == 0, done.said
    assert "1 seals, 0 broken" in done.said and "1 incidents" in done.said
    assert f"incidents: {before['kentongan-pulih-incidents']} items restored" in done.said
    assert done.said.count("removed") == 3
    assert tables(pulih).keys() == before.keys()


def test_a_restore_in_earnest_is_used_by_the_functions_and_can_be_taken_back(
    pulih: Stage, build: Path
) -> None:
    before = tables(pulih)
    done = pulih.command("restore")
    assert done.code == 0, done.said
    (prefix,) = {name.rsplit("-", 1)[0] for name in tables(pulih).keys() - before.keys()}
    assert f'SET="Tables={prefix}"' in done.said

    _use(pulih, build, prefix)
    switched = tables(pulih)
    operator = pulih.token("operator")
    board = pulih.call("GET", "/api/incidents?state=open", token=operator).json()["incidents"]
    assert len(board) == 1
    second = log_call(pulih, operator, "Gang Pulih Dua", "house_fire")["incident"]["id"]
    pulih.sms("Gang Pulih Dua")
    after = tables(pulih)
    assert after["kentongan-pulih-incidents"] == switched["kentongan-pulih-incidents"]
    assert after[f"{prefix}-incidents"] > switched[f"{prefix}-incidents"]

    _use(pulih, build, "")
    missing = pulih.call("GET", f"/api/incidents/{second}", token=operator)
    assert missing.status_code == 404
    assert tables(pulih).keys() == after.keys()


def _use(stage: Stage, build: Path, prefix: str) -> None:
    """Point the functions at other tables. In earnest they are stopped first: a role changes some moments before its function."""
    done = stage.command("deploy", build, SET=f"Tables={prefix}")
    assert done.code == 0, done.said
    refused = stage.refused()
    assert all(f":table/kentongan-{stage.name}-" in each for each in refused), refused
    (stage.aws.folder / "refused").unlink(missing_ok=True)
