"""The command that deploys: what it says, what it refuses, and how it goes on after a failure."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.releases import TEMPLATE
from tests.deploy.stage import Aws, Done, Stage


def test_one_command_deploys_both_stacks_the_site_the_registry_and_the_first_admin(
    first_deploy: tuple[Stage, Done],
) -> None:
    stage, done = first_deploy
    steps = (
        "account 000000000000 (arn:aws:iam::000000000000:root), region ap-southeast-3, stage uji",
        "kentongan-uji-data: create complete",
        "kentongan-uji: create complete",
        "kentongan-uji-data: update complete",
        "files of ",
        "entries of regency.yaml",
        "admin: sign in as 'admin'",
        "smoke test: ",
        "uji is deployed",
    )
    places = [done.said.index(step) for step in steps]
    assert places == sorted(places)
    assert f"site       {stage.url}\n" in done.said
    cognito = stage.aws.client("cognito-idp")
    found = cognito.admin_get_user(UserPoolId=stage.data["UserPoolId"], Username="admin")
    assert {"Name": "email", "Value": "it@example.id"} in found["UserAttributes"]


def test_what_stands_is_protected_from_deletion(stage: Stage) -> None:
    dynamodb = stage.aws.client("dynamodb")
    for name in ("incidents", "registry", "keys"):
        table = dynamodb.describe_table(TableName=f"kentongan-uji-{name}")["Table"]
        assert table["DeletionProtectionEnabled"] is True, name
    cognito = stage.aws.client("cognito-idp")
    pool = cognito.describe_user_pool(UserPoolId=stage.data["UserPoolId"])["UserPool"]
    assert pool["DeletionProtection"] == "ACTIVE"


def test_a_second_time_the_same_command_changes_nothing_and_asks_nothing(stage: Stage, build: Path) -> None:
    before = stage.outputs("")
    done = stage.command("deploy", build)
    assert done.code == 0, done.said
    assert "kentongan-uji-data: nothing changes" in done.said
    assert "kentongan-uji: nothing changes" in done.said
    assert "sign in as" not in done.said and "registry:" not in done.said
    assert stage.outputs("") == before


def test_what_was_set_once_is_kept_by_later_deploys(stage: Stage, build: Path) -> None:
    assert stage.command("deploy", build, SET="CallsAMinute=500 SmsSenderId=KOTIM112").code == 0
    done = stage.command("deploy", build)
    assert "kentongan-uji: nothing changes" in done.said
    stack = stage.aws.client("cloudformation").describe_stacks(StackName="kentongan-uji")["Stacks"][0]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert (values["CallsAMinute"], values["SmsSenderId"]) == ("500", "KOTIM112")


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({"SET": "SmsProvider=pigeon"}, "SmsProvider cannot be 'pigeon': sns, http"),
        ({"SET": "SmsProvidr=sns"}, "SmsProvidr"),
        ({"SET": "SmsProvider"}, "is not Name=value"),
        ({"STAGE": "Uji 1"}, "STAGE=Uji 1: a stage's name"),
        ({"STAGE": ""}, "Which stage?"),
    ],
    ids=["no such value", "no such name", "no value", "no such stage", "no stage"],
)
def test_a_wish_that_cannot_be_is_told_before_anything_changes(
    stage: Stage, build: Path, wish: dict[str, str], complaint: str
) -> None:
    before = stage.outputs("")
    done = stage.command("deploy", build, **wish)
    assert done.code == 1 and complaint in done.said, done.said
    assert "complete" not in done.said
    assert stage.outputs("") == before


def test_nobody_to_ask_is_told_how_to_answer(aws: Aws, build: Path) -> None:
    done = Stage(aws, "tanya").command("deploy", build, YES="")
    assert done.code == 1
    assert "Nobody is here to say yes; to go on without asking: YES=1" in done.said
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    assert not [each for each in stacks if "tanya" in each["StackName"]]


def test_without_credentials_it_says_how_to_sign_in(aws: Aws, build: Path) -> None:
    nobody = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
    done = Stage(aws, "siapa").command("deploy", build, **nobody)
    assert done.code == 1 and "AWS does not know who you are" in done.said and "AWS_PROFILE" in done.said


def test_without_a_package_it_says_how_to_make_one(stage: Stage, tmp_path: Path) -> None:
    done = stage.command("deploy", tmp_path)
    assert done.code == 1 and "Build it first: make package" in done.said


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"ROLE": "boss"}, "Invalid enum value 'boss' - at `$.role`"),
        ({"PERSON": ""}, "missing required field `name`"),
        ({"EMAIL": "siti"}, "'siti' is not an e-mail address"),
        ({"ROLE": "agency_admin"}, "AGENCY is required for an agency_admin"),
        (
            {"ROLE": "agency_admin", "AGENCY": "none"},
            "AGENCY agencies has no 'none'; there are basarnas, bpbd",
        ),
        ({"LOGIN": "admin"}, "admin has an account already: Administrator, admin"),
    ],
    ids=["role", "name", "address", "no agency", "no such agency", "there already"],
)
def test_an_account_that_cannot_be_is_told_and_not_made(
    stage: Stage, wrong: dict[str, str], complaint: str
) -> None:
    siti = {"LOGIN": "siti", "PERSON": "Siti", "ROLE": "operator", "EMAIL": "siti@example.id"}
    done = stage.command("account", None, **{**siti, **wrong})
    assert done.code == 1 and complaint in done.said, done.said
    users = stage.aws.client("cognito-idp").list_users(UserPoolId=stage.data["UserPoolId"])["Users"]
    assert "siti" not in {user["Username"] for user in users}


def changed(build: Path, folder: Path, file: str, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a build with one template changed."""
    copy = folder / "build"
    shutil.copytree(build, copy)
    template = json.loads((copy / file).read_text())
    change(template)
    (copy / file).write_text(json.dumps(template))
    return copy


def spoil(template: dict[str, Any]) -> None:
    template["Resources"]["Spoilt"] = {"Type": "AWS::Nothing::Here", "Properties": {}}


def test_a_data_stack_that_could_not_be_created_leaves_nothing_behind(
    aws: Aws, build: Path, tmp_path: Path
) -> None:
    fresh = Stage(aws, "rusak")
    failed = fresh.command("deploy", changed(build, tmp_path, "data.json", spoil))
    assert failed.code == 1
    assert "Nothing of it stands; the same command clears it away and begins it again" in failed.said
    assert "kentongan-rusak-keys" not in aws.client("dynamodb").list_tables()["TableNames"]
    again = fresh.deploy(build)
    assert "kentongan-rusak-data was never complete" in again.said and "rusak is deployed" in again.said


def test_after_a_failure_in_midway_it_says_what_stands_and_the_same_command_goes_on(
    aws: Aws, build: Path, tmp_path: Path
) -> None:
    spoilt = Stage(aws, "gagal")
    failed = spoilt.command("deploy", changed(build, tmp_path, TEMPLATE, spoil), ADMIN_EMAIL="it@example.id")
    assert failed.code == 1
    assert "kentongan-gagal-data: create complete" in failed.said
    assert "kentongan-gagal could not be changed" in failed.said
    assert "Spoilt AWS::Nothing::Here: Unsupported resource type" in failed.said
    assert "the same command clears it away and begins it again" in failed.said

    # As if the run had died between the first administrator's sign-in and account.
    cognito = aws.client("cognito-idp")
    cognito.admin_create_user(UserPoolId=spoilt.data["UserPoolId"], Username="admin")
    again = spoilt.deploy(build, seed="reference")
    assert "kentongan-gagal-data: nothing changes" in again.said
    assert "kentongan-gagal was never complete" in again.said
    assert "without people, stations and units" in again.said
    assert "gagal is deployed" in again.said
    assert spoilt.call("GET", "/api/health").json()["checks"]["seed"]["ok"]
    spoilt.user("admin")
    assert spoilt.call("GET", "/api/me", token=spoilt.token("admin")).json()["role"] == "admin"


def test_a_table_is_taken_away_only_by_the_stages_name_typed(
    stage: Stage, build: Path, tmp_path: Path
) -> None:
    def drop_keys(template: dict[str, Any]) -> None:
        del template["Resources"]["KeysTable"]
        template["Outputs"]["KeysTableArn"]["Value"] = "none"

    without = changed(build, tmp_path, "data.json", drop_keys)
    done = stage.command("deploy", without)
    assert done.code == 1, done.said
    assert "!!  KeysTable holds state and would be lost" in done.said
    assert "To say so without being asked: CONFIRM=uji" in done.said
    assert "kentongan-uji-keys" in stage.aws.client("dynamodb").list_tables()["TableNames"]
    assert "nothing changes" in stage.command("deploy", build).said
