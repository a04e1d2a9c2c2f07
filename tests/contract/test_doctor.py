"""What the doctor finds, by answers that botocore's service models allow AWS to give, and by moto where it answers."""

from __future__ import annotations

import copy
import functools
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
from botocore.awsrequest import AWSResponse
from botocore.model import OperationModel
from botocore.validate import validate_parameters
from moto import mock_aws

from infra.deploy.cloud import Cloud
from infra.deploy.doctor import sms, stage
from infra.deploy.doctor.account import concurrency, maximum_concurrencies
from infra.deploy.doctor.examination import checks_after, checks_before, examine
from infra.deploy.doctor.finding import Finding, State, Subject
from infra.deploy.terminal import Terminal
from infra.local.stack import REPO

REGION = "ap-southeast-3"
NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
ARN = f"arn:aws:sns:{REGION}:111122223333:kentongan-trial-alarms"
ROLE = "arn:aws:iam::111122223333:role/sms-log"
TRUST = '{"Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
OUTPUTS = {
    "PublicUrl": "https://d1.cloudfront.net",
    "AlarmTopicArn": ARN,
    "UserPoolId": f"{REGION}_1",
    "AuditBucketName": "kentongan-trial-audit-111122223333",
} | {
    f"{name.title()}TableArn": f"arn:aws:dynamodb:{REGION}:111122223333:table/kentongan-trial-{name}"
    for name in ("incidents", "registry", "keys")
}
SETTINGS = {
    "Production": "yes",
    "SmsSenderId": "KOTIM112",
    "SmsAlarmUsd": "160",
    "PagingConcurrency": "10",
    "DomainName": "112.example.go.id",
    "CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
}


def subscription(protocol: str, endpoint: str, arn: str = f"{ARN}:1") -> dict[str, str]:
    return {"Protocol": protocol, "Endpoint": endpoint, "SubscriptionArn": arn, "TopicArn": ARN, "Owner": "1"}


def spent(*dollars: float) -> dict[str, Any]:
    """The metric's maximum, an hour a value, in no order, as CloudWatch gives it."""
    points = [
        {"Timestamp": NOW - timedelta(hours=len(dollars) - hour), "Maximum": value}
        for hour, value in enumerate(dollars)
    ]
    return {"Label": "SMSMonthToDateSpentUSD", "Datapoints": points[::-1]}


def stack(drift: str | None, compared_h: int = 0) -> dict[str, Any]:
    """One stack, changed an hour ago and compared so many hours after that."""
    changed = NOW - timedelta(hours=1)
    about: dict[str, Any] = {"StackDriftStatus": drift or "NOT_CHECKED"}
    if drift:
        about["LastCheckTimestamp"] = changed + timedelta(hours=compared_h)
    found = {"StackName": "x", "StackStatus": "UPDATE_COMPLETE", "CreationTime": NOW - timedelta(days=9)}
    return {"Stacks": [found | {"LastUpdatedTime": changed, "DriftInformation": about}]}


def certificate(**changes: Any) -> dict[str, Any]:
    return {"Certificate": {"Status": "ISSUED", "NotAfter": NOW + timedelta(days=200)} | changes}


def lock(mode: str) -> dict[str, Any]:
    retention = {"DefaultRetention": {"Mode": mode, "Days": 365}}
    return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": retention}}


def function(name: str, runtime: str) -> dict[str, Any]:
    return {"Functions": [{"FunctionName": name, "Runtime": runtime}]}


def recovery(status: str) -> dict[str, Any]:
    recovery = {"PointInTimeRecoveryStatus": status}
    about = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
    return {"ContinuousBackupsDescription": about}


# An account and a stage in which nothing is to be mended.
WELL: dict[str, Any] = {
    "freetier:GetAccountPlanState": {
        "accountId": "111122223333",
        "accountPlanType": "PAID",
        "accountPlanStatus": "ACTIVE",
    },
    "account:GetRegionOptStatus": {"RegionName": REGION, "RegionOptStatus": "ENABLED"},
    "lambda:GetAccountSettings": {
        "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 990}
    },
    "sns:GetSMSSandboxAccountStatus": {"IsInSandbox": False},
    "sns:GetSMSAttributes": {
        "attributes": {
            "MonthlySpendLimit": "200",
            "DeliveryStatusIAMRole": ROLE,
            "DeliveryStatusSuccessSamplingRate": "0",
        }
    },
    "cloudwatch:GetMetricStatistics": spent(2.5),
    "sms-voice:DescribeSenderIds": {
        "SenderIds": [
            {
                "SenderIdArn": "arn:x",
                "SenderId": "KOTIM112",
                "IsoCountryCode": "ID",
                "MessageTypes": ["TRANSACTIONAL"],
                "MonthlyLeasingPrice": "0",
                "DeletionProtectionEnabled": False,
                "Registered": True,
            }
        ]
    },
    "iam:GetRole": {
        "Role": {
            "Path": "/",
            "RoleName": "sms-log",
            "RoleId": "A" * 16,
            "Arn": ROLE,
            "CreateDate": NOW,
            "AssumeRolePolicyDocument": TRUST,
        }
    },
    "logs:DescribeLogGroups": {
        "logGroups": [{"logGroupName": "DirectPublishToPhoneNumber/Failure", "retentionInDays": 30}]
    },
    "acm:DescribeCertificate": certificate(),
    "sns:ListSubscriptionsByTopic": {
        "Subscriptions": [subscription("email", "it@example.id"), subscription("sms", "+6281234567890")]
    },
    "dynamodb:DescribeContinuousBackups": recovery("ENABLED"),
    "dynamodb:DescribeTable": {"Table": {"DeletionProtectionEnabled": True}},
    "cognito-idp:DescribeUserPool": {"UserPool": {"DeletionProtection": "ACTIVE"}},
    "s3:GetBucketObjectLockConfiguration": lock("COMPLIANCE"),
    "cloudformation:DescribeStacks": stack("IN_SYNC"),
    "cloudformation:DescribeStackResourceDrifts": {"StackResourceDrifts": []},
    "lambda:ListFunctions": function("kentongan-trial-api", "python3.12"),
}
# Where the right has another name than the operation, and its service than botocore's signature.
RIGHTS = {"GetObjectLockConfiguration": "GetBucketObjectLockConfiguration", "monitoring": "cloudwatch"}


@functools.cache
def real_client(service: str, region: str) -> Any:
    """Botocore's own client, which checks what it is asked; made once, as that takes a while."""
    return boto3.client(service, region, aws_access_key_id="x", aws_secret_access_key="x")


class Answering(Cloud):
    """An account that answers so; an answer that is a word is the code of a refusal. Keeps which rights were used."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__("trial", REGION, account="111122223333")
        self.answers = answers
        self.used: set[str] = set()

    def client(self, service: str, region: str = "") -> Any:
        client = real_client(service, region or REGION)
        client.meta.events.unregister("before-call", unique_id="answers")
        client.meta.events.register("before-call", self._answer, unique_id="answers")
        return client

    def _answer(self, model: OperationModel, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        prefix, operation = model.service_model.signing_name, model.name
        right = f"{RIGHTS.get(prefix, prefix)}:{RIGHTS.get(operation, operation)}"
        self.used.add(right)
        # Botocore reads some answers in place.
        answer = copy.deepcopy(self.answers[right])
        if isinstance(answer, str):
            return AWSResponse("", 400, {}, None), {"Error": {"Code": answer, "Message": f"no {right}"}}
        validate_parameters(answer, model.output_shape)
        return AWSResponse("", 200, {}, None), answer


@pytest.fixture(autouse=True)
def health(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the deployed system answers of itself: (status, checks), or an error; by default that all is well."""
    answers: list[Any] = [(200, {"database": {"ok": True, "detail": ""}})]

    def get(url: str, timeout: float) -> requests.Response:
        if isinstance(answers[-1], Exception):
            raise answers[-1]
        answer = requests.Response()
        answer.status_code, checks = answers[-1]
        answer._content = json.dumps({"checks": checks}).encode()
        return answer

    monkeypatch.setattr(requests, "get", get)
    yield answers


def subject(answers: Mapping[str, Any] | None = None, **settings: str) -> Subject:
    cloud = Answering({**WELL, **(answers or {})})
    return Subject(cloud=cloud, outputs=OUTPUTS, settings={**SETTINGS, **settings}, now=NOW)


def found(name: str, of: Subject) -> Finding:
    (check,) = [each for each in (*checks_after(of), stage.ADDRESS) if each.name == name]
    return check.look(of)


def test_where_all_is_well_every_line_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    of = subject()
    assert examine(of, checks_after(of), Terminal(unattended=True)) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said[:-1]] == ["ok"] * len(checks_after(of)), said
    assert said[-1] == f"· doctor: 0 critical, 0 warning, 0 unseen, {len(said) - 1} ok"


def attributes(**changes: str) -> dict[str, Any]:
    kept = {**WELL["sns:GetSMSAttributes"]["attributes"], **changes}
    return {"sns:GetSMSAttributes": {"attributes": {name: value for name, value in kept.items() if value}}}


def limits(shared: int) -> dict[str, Any]:
    return {"lambda:GetAccountSettings": {"AccountLimit": {"UnreservedConcurrentExecutions": shared}}}


def subscribed(*each: dict[str, str]) -> dict[str, Any]:
    return {"sns:ListSubscriptionsByTopic": {"Subscriptions": list(each)}}


FREE = {
    "accountId": "111122223333",
    "accountPlanType": "FREE",
    "accountPlanStatus": "ACTIVE",
    "accountPlanExpirationDate": datetime(2027, 2, 1, tzinfo=UTC),
}
UNREGISTERED = {**WELL["sms-voice:DescribeSenderIds"]["SenderIds"][0], "Registered": False}
MODIFIED = {
    "StackId": "x",
    "LogicalResourceId": "KeysTable",
    "ResourceType": "AWS::DynamoDB::Table",
    "StackResourceDriftStatus": "MODIFIED",
    "Timestamp": NOW,
}
PENDING = subscription("email", "it@example.id", "PendingConfirmation")

ILL: list[tuple[str, dict[str, Any], dict[str, str], str, str]] = [
    (
        "account plan",
        {"freetier:GetAccountPlanState": FREE},
        {},
        "critical",
        "closes the account on 2027-02-01",
    ),
    (
        "region",
        {"account:GetRegionOptStatus": {"RegionOptStatus": "DISABLING"}},
        {},
        "critical",
        "is disabling in this account",
    ),
    (
        "Lambda concurrency",
        limits(10),
        {"PagingConcurrency": "0"},
        "critical",
        "send_pages 3, send_bulk 2, run_timers 2",
    ),
    (
        "Lambda concurrency",
        limits(10),
        {"PagingConcurrency": "0"},
        "critical",
        "somebody starves: api, sweep, send_notices, audit",
    ),
    ("Lambda concurrency", limits(113), {"PagingConcurrency": "0"}, "warning", "nothing is kept for paging"),
    (
        "SMS sandbox",
        {"sns:GetSMSSandboxAccountStatus": {"IsInSandbox": True}},
        {},
        "critical",
        "only numbers that",
    ),
    ("SMS spend limit", attributes(MonthlySpendLimit="1"), {}, "critical", "US$ 1 a month"),
    ("SMS spend limit", attributes(MonthlySpendLimit=""), {}, "unseen", "none is set"),
    ("SMS spend limit", attributes(MonthlySpendLimit="100"), {}, "warning", "the alarm comes only at 160"),
    ("SMS spend", {"cloudwatch:GetMetricStatistics": spent(3, 160)}, {}, "warning", "US$ 160.00 this month"),
    ("SMS spend", {"cloudwatch:GetMetricStatistics": spent(201)}, {}, "critical", "delivers none"),
    ("SMS spend", {"cloudwatch:GetMetricStatistics": spent()}, {}, "unseen", "no figure this month"),
    ("SMS spend", attributes(MonthlySpendLimit=""), {}, "unseen", "a limit that is not set"),
    ("SMS sender", {}, {"SmsSenderId": ""}, "critical", "or never"),
    (
        "SMS sender",
        {"sms-voice:DescribeSenderIds": {"SenderIds": [UNREGISTERED]}},
        {},
        "critical",
        "not registered",
    ),
    (
        "SMS sender",
        {"sms-voice:DescribeSenderIds": "ResourceNotFoundException"},
        {},
        "warning",
        "knows no KOTIM112",
    ),
    ("SMS delivery logging", attributes(DeliveryStatusIAMRole=""), {}, "warning", "stands nowhere"),
    ("SMS delivery logging", {"iam:GetRole": "NoSuchEntity"}, {}, "warning", "is not there"),
    (
        "SMS delivery logging",
        attributes(DeliveryStatusSuccessSamplingRate="100"),
        {},
        "warning",
        "delivered too",
    ),
    (
        "SMS delivery logging",
        {"logs:DescribeLogGroups": {"logGroups": [{"logGroupName": "endless"}]}},
        {},
        "warning",
        "endless keeps crews' numbers",
    ),
    ("certificate", {"acm:DescribeCertificate": certificate(Status="EXPIRED")}, {}, "critical", "is expired"),
    (
        "certificate",
        {"acm:DescribeCertificate": certificate(NotAfter=NOW + timedelta(days=14))},
        {},
        "critical",
        "ends 2026-12-14",
    ),
    (
        "certificate",
        {"acm:DescribeCertificate": certificate(NotAfter=NOW + timedelta(days=45))},
        {},
        "warning",
        "ends 2027-01-14",
    ),
    (
        "certificate",
        {
            "acm:DescribeCertificate": certificate(
                RenewalSummary={
                    "RenewalStatus": "FAILED",
                    "DomainValidationOptions": [{"DomainName": "112.example.go.id"}],
                    "UpdatedAt": NOW,
                }
            )
        },
        {},
        "warning",
        "renewal failed",
    ),
    (
        "certificate",
        {"acm:DescribeCertificate": {"Certificate": {"Status": "PENDING_VALIDATION"}}},
        {},
        "critical",
        "is pending_validation",
    ),
    ("alarms", subscribed(), {}, "critical", "reach nobody"),
    ("alarms", subscribed(PENDING), {}, "critical", "reach nobody"),
    (
        "alarms",
        subscribed(subscription("sms", "+62811"), PENDING),
        {},
        "warning",
        "it@example.id has not confirmed",
    ),
    ("alarms", subscribed(subscription("email", "it@example.id")), {}, "warning", "no phone rings"),
    ("alarm address", subscribed(), {}, "critical", "reach nobody"),
    (
        "point-in-time recovery",
        {"dynamodb:DescribeContinuousBackups": recovery("DISABLED")},
        {},
        "critical",
        "off for kentongan-trial-incidents, kentongan-trial-registry, kentongan-trial-keys",
    ),
    (
        "deletion protection",
        {"dynamodb:DescribeTable": {"Table": {"DeletionProtectionEnabled": False}}},
        {},
        "critical",
        "off for kentongan-trial-incidents",
    ),
    (
        "deletion protection",
        {"cognito-idp:DescribeUserPool": {"UserPool": {"DeletionProtection": "INACTIVE"}}},
        {},
        "critical",
        "sign-ins ap-southeast-3_1",
    ),
    (
        "lock of the seals",
        {
            "s3:GetBucketObjectLockConfiguration": {
                "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}
            }
        },
        {},
        "critical",
        "locks nothing",
    ),
    (
        "lock of the seals",
        {"s3:GetBucketObjectLockConfiguration": lock("GOVERNANCE")},
        {},
        "critical",
        "an administrator can lift it",
    ),
    (
        "drift",
        {
            "cloudformation:DescribeStacks": stack("DRIFTED"),
            "cloudformation:DescribeStackResourceDrifts": {"StackResourceDrifts": [MODIFIED]},
        },
        {},
        "warning",
        "KeysTable modified",
    ),
    ("drift", {"cloudformation:DescribeStacks": stack(None)}, {}, "unseen", "has not compared"),
    ("drift", {"cloudformation:DescribeStacks": stack("IN_SYNC", -2)}, {}, "unseen", "has not compared"),
    ("drift", {"cloudformation:DescribeStacks": stack("DRIFTED", -2)}, {}, "unseen", "has not compared"),
    (
        "runtime",
        {"lambda:ListFunctions": function("kentongan-trial-api", "python3.9")},
        {},
        "warning",
        "python3.9: no repairs after 2025-12-15",
    ),
    (
        "runtime",
        {"lambda:ListFunctions": function("kentongan-trial-api", "python2.7")},
        {},
        "critical",
        "python2.7",
    ),
    ("runtime", {"lambda:ListFunctions": function("kentongan-trial-api", "cobol")}, {}, "unseen", "of cobol"),
    ("runtime", {"lambda:ListFunctions": function("another", "python3.12")}, {}, "unseen", "of any function"),
]


@pytest.mark.parametrize(
    ("name", "answers", "settings", "state", "words"), ILL, ids=[f"{each[0]}: {each[4]}" for each in ILL]
)
def test_what_is_ill_is_found_and_comes_with_its_remedy(
    name: str, answers: dict[str, Any], settings: dict[str, str], state: str, words: str
) -> None:
    finding = found(name, subject(answers, **settings))
    assert (finding.state, words in finding.what, bool(finding.remedy)) == (state, True, True), finding


def test_every_check_has_been_seen_to_find_something() -> None:
    elsewhere = {"health"}
    assert {check.name for check in checks_after(subject())} - elsewhere <= {each[0] for each in ILL}


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (
            (503, {"database": {"ok": False, "detail": "gone"}}),
            "critical",
            "no call can be taken (503): database: gone",
        ),
        ((200, {"sweep": {"ok": False, "detail": "late"}}), "warning", "sweep: late"),
        (requests.ConnectionError(), "critical", "no usable answer (ConnectionError)"),
    ],
    ids=["no calls", "degraded", "silent"],
)
def test_the_deployed_system_is_asked_itself(health: list[Any], answer: Any, state: str, words: str) -> None:
    health.append(answer)
    finding = found("health", subject())
    assert (finding.state, words in finding.what) == (state, True), finding


def test_what_could_not_be_asked_is_never_shown_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    of = subject(dict.fromkeys(WELL, "AccessDeniedException"))
    asking = tuple(check for check in checks_after(of) if check.rights)
    assert examine(of, asking, Terminal(unattended=True)) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == f"· doctor: 0 critical, 0 warning, {len(asking)} unseen, 0 ok"
    for check, line in zip(asking, lines, strict=True):
        assert f"unseen   {check.name}: could not be asked" in line and check.rights[0] in line, line
        assert "AccessDeniedException" in line, line


@pytest.mark.parametrize("answer", [{}, {"AccountLimit": {}}], ids=["nothing", "half"])
def test_an_answer_that_lacks_what_was_asked_for_is_unseen(
    answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    of = subject({"lambda:GetAccountSettings": answer}, PagingConcurrency="0")
    assert examine(of, checks_after(of), Terminal(unattended=True)) == 0
    assert "unseen   Lambda concurrency: could not be asked" in capsys.readouterr().out


def test_each_check_reads_only_and_by_the_rights_that_it_names() -> None:
    well = subject()
    drifted = {"cloudformation:DescribeStacks": stack("DRIFTED")}
    for check in (*checks_after(well), stage.ADDRESS):
        of = subject(drifted)
        cloud = of.cloud
        assert isinstance(cloud, Answering)
        check.look(of)
        assert cloud.used <= set(check.rights), check.name
        if check is not stage.ADDRESS:
            assert cloud.used == set(check.rights), check.name
        assert all(re.match(r"[\w-]+:(Get|List|Describe)", right) for right in cloud.used), check.name


def test_the_rights_that_are_documented_are_those_that_are_needed() -> None:
    text = (REPO / "docs" / "operations-aws.md").read_text("utf-8")
    policy = re.search(r"```json\n(\{[^`]*KentonganDoctor[^`]*\})\n```", text)
    assert policy, "no policy"
    needed = {right for check in (*checks_after(subject()), stage.ADDRESS) for right in check.rights}
    written = set(re.findall(r'"([\w-]+:[A-Z]\w+)"', policy[1]))
    assert written == needed


def test_each_finding_stands_in_the_documentation() -> None:
    text = (REPO / "docs" / "operations-aws.md").read_text("utf-8")
    rows = {name for row in re.findall(r"^\| ([^|]+) \|", text, re.M) for name in row.split(", ")}
    assert {check.name for check in checks_after(subject())} <= {name.partition(" (")[0] for name in rows}


def test_before_the_first_deploy_production_without_an_address_for_alarms_is_refused() -> None:
    of = Subject(cloud=Answering(WELL), outputs={}, settings={}, now=NOW)
    (check,) = [each for each in checks_before(of) if each.name == "alarm address"]
    assert check.look(of).state is State.CRITICAL
    named = Subject(cloud=of.cloud, outputs={}, settings={"AlarmEmail": "it@example.id"}, now=NOW)
    assert check.look(named).state is State.OK


def test_an_address_that_is_being_given_is_not_refused_for_not_having_confirmed() -> None:
    """Else a stage whose alarms reach nobody could never be given an address."""
    assert found("alarm address", subject(subscribed(PENDING), AlarmEmail="it@example.id")).state is State.OK


def test_with_another_provider_nothing_of_sns_is_asked_nor_called_well() -> None:
    of = subject(SmsProvider="http", SmsSenderId="")
    names = {check.name for check in checks_after(of)}
    assert not names & {check.name for check in sms.CHECKS}
    assert found("SMS", of).state is State.UNSEEN


def test_governance_is_lock_enough_for_a_trial() -> None:
    of = subject({"s3:GetBucketObjectLockConfiguration": lock("GOVERNANCE")}, Production="no")
    assert found("lock of the seals", of).state is State.OK


def test_before_the_first_deploy_a_new_accounts_quota_is_found_too() -> None:
    of = Subject(cloud=Answering({**WELL, **limits(10)}), outputs={}, settings={}, now=NOW)
    assert concurrency(of).state is State.CRITICAL


def test_a_quota_of_which_the_next_deploy_takes_what_paging_needs_is_enough() -> None:
    assert found("Lambda concurrency", subject(limits(114), PagingConcurrency="0")).state is State.OK


def test_a_stage_without_a_domain_has_no_certificate_to_lose() -> None:
    of = subject({"acm:DescribeCertificate": "ValidationException"}, DomainName="", CertificateArn="")
    assert found("certificate", of).state is State.OK


def test_the_month_is_asked_from_its_first_moment_and_its_last_figure_counts() -> None:
    """In its first hours a month may still show the last one's sum."""
    finding = found("SMS spend", subject({"cloudwatch:GetMetricStatistics": spent(199, 0.5)}))
    assert (finding.state, "US$ 0.50" in finding.what) == (State.OK, True), finding


def test_the_templates_own_maximum_fits_a_new_account_and_leaves_no_one_for_each_other_function() -> None:
    taken, others = maximum_concurrencies()
    assert sum(taken.values()) == 7 < 10 < 7 + len(others)
    assert {"api", "sweep", "audit", "retention", "seal"} <= set(others)


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Subject]:
    """A stage in moto, of which the parts that a test asks about are made by it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    for name in [each for each in os.environ if each.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)
    with mock_aws():
        topic = boto3.client("sns", REGION).create_topic(Name="kentongan-trial-alarms")["TopicArn"]
        cloud = Cloud("trial", REGION, account="123456789012")
        yield Subject(cloud=cloud, outputs={**OUTPUTS, "AlarmTopicArn": topic}, settings=SETTINGS, now=NOW)


def test_the_tables_recovery_as_moto_has_it(moto: Subject) -> None:
    dynamodb, tables = moto.cloud.client("dynamodb"), ("incidents", "registry", "keys")
    for name in tables:
        dynamodb.create_table(
            TableName=f"kentongan-trial-{name}",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
    assert stage.recovery(moto).state is State.CRITICAL
    for name in tables:
        dynamodb.update_continuous_backups(
            TableName=f"kentongan-trial-{name}",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    assert stage.recovery(moto).state is State.OK


def test_the_bucket_of_the_seals_as_moto_has_it(moto: Subject) -> None:
    s3, bucket = moto.cloud.client("s3"), moto.outputs["AuditBucketName"]
    s3.create_bucket(
        Bucket=bucket,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    s3.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration=lock("COMPLIANCE")["ObjectLockConfiguration"]
    )
    assert stage.audit_lock(moto).state is State.OK


def test_the_log_of_what_was_not_delivered_as_moto_has_it(moto: Subject) -> None:
    iam, logs, sns = (moto.cloud.client(each) for each in ("iam", "logs", "sns"))
    assert sms.delivery_logging(moto).state is State.WARNING
    arn = iam.create_role(RoleName="sms-log", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    sns.set_sms_attributes(
        attributes={"DeliveryStatusIAMRole": arn, "DeliveryStatusSuccessSamplingRate": "0"}
    )
    assert sms.delivery_logging(moto).state is State.OK
    group = f"sns/{REGION}/123456789012/DirectPublishToPhoneNumber/Failure"
    logs.create_log_group(logGroupName=group)
    assert "keeps crews' numbers" in sms.delivery_logging(moto).what
    logs.put_retention_policy(logGroupName=group, retentionInDays=30)
    assert sms.delivery_logging(moto).state is State.OK
