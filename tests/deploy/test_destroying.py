"""The command that takes a stage away: the application by its name typed, the data only if told so twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.stage import Aws, Stage


@pytest.fixture(scope="module")
def old(aws: Aws, build: Path) -> Stage:
    """A stage that nobody needs any more."""
    stage = Stage(aws, "bekas")
    stage.deploy(build, seed="reference")
    return stage


def tables(stage: Stage) -> list[str]:
    names: list[str] = stage.aws.client("dynamodb").list_tables()["TableNames"]
    return [name for name in names if name.startswith(f"kentongan-{stage.name}-")]


def stacks(stage: Stage) -> set[str]:
    found = stage.aws.client("cloudformation").describe_stacks()["Stacks"]
    return {each["StackName"] for each in found if each["StackName"].startswith(f"kentongan-{stage.name}")}


def test_it_takes_the_name_typed_to_take_the_application_away_and_keeps_the_data(
    old: Stage, build: Path
) -> None:
    refused = old.command("destroy")
    assert refused.code == 1 and "CONFIRM" in refused.said
    assert stacks(old) == {"kentongan-bekas", "kentongan-bekas-data"}

    done = old.command("destroy", CONFIRM="bekas")
    assert done.code == 0, done.said
    assert "kentongan-bekas-data stays, with all data" in done.said
    assert stacks(old) == {"kentongan-bekas-data"}
    assert len(tables(old)) == 3

    again = old.deploy(build)
    assert "the site's address learns where the interface is" in again.said
    assert "registry:" not in again.said and "first administrator" not in again.said


def test_the_data_go_only_with_a_second_word(old: Stage) -> None:
    once = old.command("destroy", DATA="destroy", CONFIRM="bekas")
    assert once.code == 1
    assert 'CONFIRM="destroy data of bekas"' in once.said
    assert stacks(old) == {"kentongan-bekas", "kentongan-bekas-data"}

    done = old.command("destroy", DATA="destroy", CONFIRM="destroy data of bekas")
    assert done.code == 0, done.said
    assert "all calls, incidents, audit trails, people and sign-ins of this stage will be gone" in done.said
    assert stacks(old) == set() and tables(old) == []
    buckets = [each["Name"] for each in old.aws.client("s3").list_buckets()["Buckets"]]
    assert not [name for name in buckets if "bekas" in name]
    pools = old.aws.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert "kentongan-bekas" not in {pool["Name"] for pool in pools}
    assert "deletion can be cancelled for 30 days" in done.said


def test_a_wrong_word_is_no_wish(old: Stage) -> None:
    done = old.command("destroy", DATA="everything", CONFIRM="bekas")
    assert done.code == 1 and "Only DATA=destroy" in done.said
