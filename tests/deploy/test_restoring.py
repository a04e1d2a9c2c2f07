"""A drill beside a deployed stage: a copy is verified against the seals, and nothing of it is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.stage import Aws, Stage
from tests.deploy.test_main_job import log_call
from tests.deploy.test_sealing import seal


@pytest.fixture(scope="module")
def pulih(aws: Aws, build: Path, regency: Path) -> Stage:
    """A stage with one call, sealed."""
    stage = Stage(aws, "pulih")
    stage.deploy(build, seed=str(regency))
    log_call(stage, stage.staff("operator", "operator"), "Gang Pulih Satu")
    stage.sms("Gang Pulih Satu")
    assert seal(stage)["failed"] == 0
    return stage


def tables(stage: Stage) -> dict[str, int]:
    """The stage's tables and how many items each holds."""
    client = stage.aws.client("dynamodb")
    names = [
        name for name in client.list_tables()["TableNames"] if name.startswith(f"kentongan-{stage.name}-")
    ]
    return {name: client.scan(TableName=name, Select="COUNT")["Count"] for name in names}


def test_a_drill_verifies_a_copy_against_the_seals_and_leaves_nothing(pulih: Stage) -> None:
    before = tables(pulih)
    done = pulih.command("restore-drill")
    assert done.code == 0, done.said
    assert "1 seals, 0 broken" in done.said and "1 incidents" in done.said
    assert f"incidents: {before['kentongan-pulih-incidents']} items restored" in done.said
    assert done.said.count("removed") == 3
    assert tables(pulih).keys() == before.keys()
