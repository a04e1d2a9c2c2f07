"""Where a stack's parameters come from when it is deployed, and what the operator is asked and told."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace

from chalicelib.domain.duty import Sheet
from chalicelib.domain.registry import Agency, DutyPattern
from chalicelib.models import duty_sheets
from infra.deploy import account, beginnings, destroying, rolling_back, smoke
from infra.deploy.cloud import Cloud, check_stage
from infra.deploy.deploying import Deployment, Wishes
from infra.deploy.parameters import Parameter, check_given, choose, parameters_of, parse_given
from infra.deploy.releases import Release, Releases
from infra.deploy.rolling_back import roll_back
from infra.deploy.stacks import Change
from infra.deploy.terminal import DeployError, Terminal
from infra.local.stack import REPO
from infra.seed.load import read

TEMPLATE = {
    "Parameters": {
        "Stage": {"Type": "String"},
        "SmsProvider": {"Type": "String", "Default": "sns", "AllowedValues": ["sns", "http"]},
        "PagingConcurrency": {"Type": "Number", "Default": 0},
        "Contact": {"Type": "String", "Description": "Whom may AWS call at night?"},
    }
}
PARAMETERS = parameters_of(TEMPLATE)


class Operator(io.StringIO):
    """Somebody at a terminal who types these lines."""

    def isatty(self) -> bool:
        return True


def attended(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Terminal:
    monkeypatch.setattr(sys, "stdin", Operator("".join(f"{line}\n" for line in lines)))
    return Terminal(unattended=False)


def chosen(terminal: Terminal, **sources: Any) -> dict[str, str]:
    found = choose(
        PARAMETERS,
        known=sources.get("known", {"Stage": "trial"}),
        given=sources.get("given", {}),
        previous=sources.get("previous", {}),
        measured=sources.get("measured", {}),
        terminal=terminal,
    )
    return {each["ParameterKey"]: each.get("ParameterValue", "as before") for each in found}


def test_what_has_no_default_is_asked_once_in_the_templates_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = attended(monkeypatch, "+62811")
    assert chosen(terminal)["Contact"] == "+62811"
    assert capsys.readouterr().out.count("Whom may AWS call at night?") == 1
    # Nobody is left to answer: it is remembered by the stack.
    assert chosen(terminal, previous={"Contact": "+62811"})["Contact"] == "as before"


def test_with_nobody_there_it_says_how_to_give_it() -> None:
    with pytest.raises(DeployError, match='give it with: SET="Contact=…"'):
        chosen(Terminal(unattended=True))


@pytest.mark.parametrize(
    ("sources", "value"),
    [
        ({}, "0"),
        ({"measured": {"PagingConcurrency": "10"}}, "10"),
        ({"measured": {"PagingConcurrency": "10"}, "previous": {"PagingConcurrency": "0"}}, "10"),
        ({"measured": {"PagingConcurrency": "10"}, "previous": {"PagingConcurrency": "7"}}, "as before"),
        ({"measured": {"PagingConcurrency": "10"}, "given": {"PagingConcurrency": "5"}}, "5"),
        ({"known": {"Stage": "x", "PagingConcurrency": "3"}, "given": {"PagingConcurrency": "5"}}, "3"),
    ],
    ids=["default", "measured", "measured again", "set before", "set now", "known"],
)
def test_a_value_comes_from_whoever_knows_best(sources: dict[str, Any], value: str) -> None:
    sources = {**sources, "previous": {"Contact": "x", **sources.get("previous", {})}}
    assert chosen(Terminal(unattended=True), **sources)["PagingConcurrency"] == value


def test_what_is_set_anew_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    chosen(Terminal(unattended=True), given={"SmsProvider": "http"}, previous={"Contact": "x"})
    assert "SmsProvider: sns -> http" in capsys.readouterr().out


def test_a_hidden_value_is_never_shown(capsys: pytest.CaptureFixture[str]) -> None:
    hidden = Parameter("Password", "", "x", ("only this",), "", hidden=True)
    with pytest.raises(DeployError, match="Password cannot be that value"):
        check_given({"Password": "hunter2"}, [hidden])
    given = {"Password": "only this"}
    choose([hidden], known={}, given=given, previous={}, measured={}, terminal=Terminal(unattended=True))
    assert "only this" not in capsys.readouterr().out


def test_set_reads_names_and_values() -> None:
    assert parse_given("A=1 B='two words' C=x=y") == {"A": "1", "B": "two words", "C": "x=y"}
    with pytest.raises(DeployError, match="there is no parameter Sms"):
        check_given({"Sms": "sns"}, PARAMETERS)


def test_only_a_yes_is_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = attended(monkeypatch, "y", "", "yes please")
    terminal.confirm("Change it?")
    for _ in range(2):
        with pytest.raises(DeployError, match="Stopped as you wished"):
            terminal.confirm("Change it?")


def test_yes_to_everything_is_not_the_stages_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeployError, match="CONFIRM=trial"):
        Terminal(unattended=True).must_type("trial", "Gone?", "", "CONFIRM=trial")
    with pytest.raises(DeployError, match="something else"):
        attended(monkeypatch, "y").must_type("trial", "Gone?", "", "CONFIRM=trial")
    attended(monkeypatch, "trial").must_type("trial", "Gone?", "", "CONFIRM=trial")


@pytest.mark.parametrize(
    ("change", "loses"),
    [
        (Change("Modify", "Table", "AWS::DynamoDB::Table", "False"), False),
        (Change("Modify", "Table", "AWS::DynamoDB::Table", "True"), True),
        (Change("Modify", "Pool", "AWS::Cognito::UserPool", "Conditional"), True),
        (Change("Remove", "Key", "AWS::KMS::Key", ""), True),
        (Change("Remove", "Alarm", "AWS::CloudWatch::Alarm", ""), False),
    ],
    ids=lambda value: str(value),
)
def test_what_takes_state_away_is_known(change: Change, loses: bool) -> None:
    assert change.loses_state == loses


def test_cloudformation_is_led_to_the_regions_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address without a region is answered with 400 where the region was opened after March 2019."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    releases = Releases(Cloud("trial", "ap-southeast-3"), "kentongan-trial-releases-1")
    release = Release(id="r1", commit="c", made_at="", shape=1, site=[])
    address = (
        "https://kentongan-trial-releases-1.s3.ap-southeast-3.amazonaws.com/releases/r1/application.json"
    )
    assert releases.template_url(release) == address


def test_a_regency_that_cannot_be_loaded_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "regency.yaml"
    file.write_text("demo: false\nutc_offset_hours: 7\nagencys: {}\n")
    with pytest.raises(DeployError, match=r"regency.yaml: agencys: unknown section\n.*regency: missing"):
        list(beginnings.load(str(file)))


def test_the_reference_registry_names_nobody_and_none_of_what_is_made_up() -> None:
    reference = beginnings.reference_of(read(beginnings.OURS))
    assert not {"personnel", "units", "stations"} & reference.nouns.keys()
    assert reference.nouns["response-plans"] and not reference.duty and not reference.accounts
    assert {agency.head_id for agency in reference.of(Agency)} == {None}
    assert all(agency.demo for agency in reference.of(Agency))


class ProtectedPool:
    """Cognito with one pool as AWS describes it, where a deprecated field goes out and may not come in again."""

    def __init__(self) -> None:
        self.pool: dict[str, Any] | None = {
            "DeletionProtection": "ACTIVE",
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 7},
            "Policies": {"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 7}},
            "MfaConfiguration": "ON",
        }

    def client(self, service: str) -> ProtectedPool:
        assert service == "cognito-idp"
        return self

    def describe_user_pool(self, **_: str) -> dict[str, Any]:
        return {"UserPool": self.pool}

    def update_user_pool(self, **changes: Any) -> None:
        assert self.pool is not None
        if "UnusedAccountValidityDays" in changes.get("AdminCreateUserConfig", {}):
            self._refuse("Please use TemporaryPasswordValidityDays in PasswordPolicy")
        if changes.get("MfaConfiguration", "OFF") != "OFF":
            self._refuse("SMS configuration and Auto verification for phone_number are required")
        self.pool["DeletionProtection"] = changes["DeletionProtection"]

    def delete_user_pool(self, **_: str) -> None:
        if self.pool and self.pool["DeletionProtection"] == "ACTIVE":
            self._refuse("The user pool cannot be deleted because deletion protection is activated")
        self.pool = None

    @staticmethod
    def _refuse(why: str) -> None:
        raise ClientError({"Error": {"Code": "InvalidParameterException", "Message": why}}, "UpdateUserPool")


def test_a_protected_pool_of_sign_ins_is_deleted() -> None:
    cognito = ProtectedPool()
    said = destroying.REMOVERS["AWS::Cognito::UserPool"](cast(Cloud, cognito), "ap-southeast-3_1")
    assert cognito.pool is None, said


class Secrets:
    """Secrets Manager where each secret was changed once."""

    def client(self, service: str) -> Secrets:
        assert service == "secretsmanager"
        return self

    def list_secret_version_ids(self, SecretId: str) -> dict[str, Any]:
        return {
            "Versions": [
                {"VersionId": f"{SecretId}-1", "VersionStages": ["AWSPREVIOUS"]},
                {"VersionId": f"{SecretId}-2", "VersionStages": ["AWSCURRENT"]},
            ]
        }


def test_a_changed_secret_is_a_change_to_deploy_also_that_of_the_links() -> None:
    data = {"LinkSecretArn": "link", "ProviderSecretArn": "provider", "KeyArn": "key"}
    assert account.secret_versions(cast(Cloud, Secrets()), data) == {
        "LinkSecretVersion": "link-2",
        "ProviderSecretVersion": "provider-2",
    }


class Executions:
    """Lambda of an account with a quota, of which other functions reserve some and our stage what its last deploy said."""

    def __init__(self, quota: int, others: int = 0, held: dict[str, int] | None = None) -> None:
        self.quota, self.others, self.held = quota, others, held or {}

    def client(self, service: str) -> Executions:
        assert service == "lambda"
        return self

    def get_account_settings(self) -> dict[str, Any]:
        unreserved = self.quota - self.others - sum(self.held.values())
        return {"AccountLimit": {"UnreservedConcurrentExecutions": unreserved}}

    def get_function_concurrency(self, FunctionName: str) -> dict[str, int]:
        if FunctionName not in self.held:
            missing = {"Error": {"Code": "ResourceNotFoundException", "Message": "no such function"}}
            raise ClientError(missing, "GetFunctionConcurrency")
        return {"ReservedConcurrentExecutions": self.held[FunctionName]}

    stage = "uji"


OURS = {f"kentongan-uji-{name}": most for name, most in account.RESERVED.items()}


@pytest.mark.parametrize(
    ("lambda_", "reserves"),
    [
        (Executions(10), False),
        (Executions(50), False),
        (Executions(100), False),
        (Executions(113), False),
        (Executions(114), True),
        (Executions(114, held=OURS), True),
        (Executions(114, held={"kentongan-uji-send_pages": 10}), True),
        (Executions(1000), True),
        (Executions(1000, others=890), False),
    ],
    ids=[
        "new",
        "50",
        "100",
        "one too few",
        "enough",
        "again",
        "an older release's",
        "1000",
        "others took it",
    ],
)
def test_paging_timers_and_sweep_reserve_together_where_a_hundred_are_left(
    lambda_: Executions, reserves: bool
) -> None:
    found = account._paging(cast(Cloud, lambda_))
    assert found == ({"PagingConcurrency": "10"} if reserves else {})
    if reserves:
        left = lambda_.quota - lambda_.others - sum(account.RESERVED.values())
        assert left >= account.UNRESERVED


@pytest.mark.parametrize(
    ("host", "told"), [("112.example.go.id", ["d1.cloudfront.net"]), ("d1.cloudfront.net", [])]
)
def test_whoever_has_a_name_of_their_own_is_told_where_it_must_lead_before_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str, told: list[str]
) -> None:
    outputs = {"PublicUrl": f"https://{host}", "DistributionDomain": "d1.cloudfront.net"}
    monkeypatch.setattr(Deployment, "data", outputs)
    asked: list[str] = []

    def nobody_there(url: str, *_: object) -> None:
        asked.append(capsys.readouterr().out)
        raise DeployError("no usable answer")

    monkeypatch.setattr(smoke, "run", nobody_there)
    deployment = Deployment(Cloud("trial", "ap-southeast-3"), Terminal(unattended=True), Wishes(patience_s=0))
    with pytest.raises(DeployError):
        deployment.smoke_test()
    assert re.findall(r"CNAME to (\S+)", asked[0]) == told


@pytest.mark.parametrize(
    "stage", ["Trial", "t", "trial-2", "2trial", "a" * 17, "kotimaws", "cognitotrial", "uji\n"]
)
def test_a_stages_name_that_aws_would_refuse_is_refused_before_anything_is_asked(stage: str) -> None:
    with pytest.raises(DeployError, match="STAGE="):
        check_stage(stage)


def test_a_plain_stages_name_is_taken() -> None:
    check_stage("trial2")


@pytest.mark.parametrize(("words", "meant"), [((), ""), (("DATA=destroy",), "destroy")])
def test_the_folder_of_the_stack_on_one_pc_is_no_word_about_the_data_on_aws(
    words: tuple[str, ...], meant: str
) -> None:
    said = subprocess.run(
        ["make", "-n", "destroy", "STAGE=uji", *words], cwd=REPO, capture_output=True, text=True, check=True
    )
    assert f'DATA="{meant}" .venv/bin/python -m infra.deploy destroy' in said.stdout


def test_a_release_that_knows_the_first_tables_alone_does_not_run_while_restored_ones_are_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outputs = {"Tables": "kentongan-trial-at20261126150000", "ReleasesBucketName": "releases"}
    monkeypatch.setattr(Deployment, "data", property(lambda _: outputs))
    monkeypatch.setattr(Releases, "template", lambda *_: {"Parameters": {"Stage": {"Type": "String"}}})
    deployment = Deployment(Cloud("trial", "ap-southeast-3"), Terminal(unattended=True), Wishes())
    release = Release(id="r1", commit="c", made_at="", shape=1, site=[])
    with pytest.raises(DeployError, match="r1 knows the stage's first tables alone"):
        deployment.change_application(release)
    # Going back to it publishes its site first: that, too, must not be begun.
    published: list[Release] = []
    running = Release(id="r2", commit="c", made_at="", shape=1, site=[])
    monkeypatch.setattr(Deployment, "running", lambda _: running)
    monkeypatch.setattr(Deployment, "publish_site", lambda _, which: published.append(which))
    monkeypatch.setattr(Releases, "get", lambda *_: release)
    with pytest.raises(DeployError, match="r1 knows the stage's first tables alone"):
        roll_back(deployment, "r1")
    assert not published


def test_nobody_goes_back_to_a_release_to_which_nobody_would_be_on_duty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Registry:
        def __init__(self, *patterns: DutyPattern) -> None:
            self.patterns = {each.id: each for each in patterns}

        def current(self) -> Registry:
            return self

        def of(self, noun: str) -> dict[str, DutyPattern]:
            return self.patterns if noun == "duty-patterns" else {}

    pattern = DutyPattern(
        id="a", agency_id="damkar", name="A", cycle=["P"], crews=[], since="2026-12-01", until=None
    )
    release = Release(id="r1", commit="c", made_at="", shape=1, site=[])
    monkeypatch.setattr(duty_sheets, "of_month", lambda month: duty_sheets.OfMonth({}, {}))
    monkeypatch.setattr(rolling_back, "RegistryCache", lambda: Registry(pattern))
    with pytest.raises(DeployError, match="r1 knows neither duty patterns nor month sheets"):
        rolling_back._check_duty(release)
    rolling_back._check_duty(replace(release, knows=["duty"]))
    monkeypatch.setattr(rolling_back, "RegistryCache", lambda: Registry(replace(pattern, retired=True)))
    rolling_back._check_duty(release)
    sheet = Sheet(
        agency_id="damkar",
        month="2026-12",
        first_day="2026-12-01",
        rows=(),
        codes=(),
        published_at="",
        published_by="",
    )
    monkeypatch.setattr(duty_sheets, "of_month", lambda month: duty_sheets.OfMonth({"damkar": sheet}, {}))
    with pytest.raises(DeployError, match="r1 knows neither"):
        rolling_back._check_duty(release)
