"""Whether a stage is production is said, not guessed, and production is refused what the doctor finds critical."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.stage import Aws, Done, Stage


def stacks_of(aws: Aws, name: str) -> list[str]:
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    return [each["StackName"] for each in stacks if name in each["StackName"]]


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ("", "! Will real calls be taken there?"),
        ("Production=perhaps", "! Production cannot be 'perhaps': yes, no"),
    ],
    ids=["none", "another word"],
)
def test_without_an_answer_whether_it_is_production_nothing_is_deployed(
    aws: Aws, build: Path, wish: str, line: str
) -> None:
    done = Stage(aws, "bimbang").command("deploy", build, SET=wish)
    assert done.code == 1 and done.said.startswith(line) and done.said.count("\n") == 1, done.said
    assert "Production=yes" in done.said or wish
    assert stacks_of(aws, "bimbang") == []


def test_a_later_deploy_need_not_say_again_whether_it_is_production(stage: Stage, build: Path) -> None:
    done = stage.command("deploy", build, SET="")
    assert done.code == 0 and "kentongan-uji-data: nothing changes" in done.said, done.said


def test_each_deploy_ends_with_what_the_doctor_finds_and_a_trial_stands_all_the_same(
    first_deploy: tuple[Stage, Done],
) -> None:
    _, done = first_deploy
    after = done.said.partition("uji is deployed")[2]
    assert "!!  critical alarms: alarms reach nobody" in after, done.said
    assert "unseen   SMS sandbox: could not be asked" in after
    assert "ok       lock of the seals: governance mode, 365 days" in after
    assert "make doctor STAGE=uji looks again" in after


def test_the_doctor_says_by_its_exit_code_that_something_is_critical(stage: Stage) -> None:
    done = stage.command("doctor")
    assert done.code == 1 and "critical, hence exit code 1" in done.said, done.said
    assert "region ap-southeast-3, stage uji, production: no" in done.said
    assert "ok       deletion protection: on for tables and sign-ins" in done.said


def test_before_anything_is_deployed_the_doctor_looks_at_the_account(aws: Aws) -> None:
    done = Stage(aws, "kelak").command("doctor")
    assert "stage kelak, production: not decided" in done.said, done.said
    assert "ok       region: ap-southeast-3, enabled" in done.said
    assert "point-in-time recovery" not in done.said


def test_production_is_refused_what_is_critical_before_anything_is_changed(aws: Aws, build: Path) -> None:
    done = Stage(aws, "nyata").command("deploy", build, SET="Production=yes")
    assert done.code == 1 and "Nothing was changed." in done.said, done.said
    assert "!!  critical alarm address: none" in done.said and "!!  critical SMS sender: none" in done.said
    assert stacks_of(aws, "nyata") == []


def test_production_that_turns_out_unfit_when_it_stands_is_told_so_and_runs(aws: Aws, build: Path) -> None:
    """With an empty registry no call can be taken, which only the running system knows."""
    wishes = "Production=yes AlarmEmail=it@example.id SmsSenderId=KOTIM112"
    stage = Stage(aws, "sungguh")
    done = stage.command("deploy", build, SET=wishes, ADMIN_EMAIL="it@example.id", SEED="none")
    assert done.code == 1 and "It is deployed and runs, and is no production before" in done.said, done.said
    assert "!!  critical health: no call can be taken (503): seed: 0 response plans" in done.said
    assert "ok       lock of the seals: compliance mode" in done.said
    assert stage.call("GET", "/api/config").status_code == 200
