"""Whether SNS would deliver a page: at a limit, or from the sandbox, `Publish` succeeds all the same and nobody is told."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.cloud import code_of
from infra.deploy.doctor.finding import Check, Finding, Subject, critical, ok, unseen, warning

COUNTRY = "ID"
FIRST_LIMIT_USD = 1.0
NEAR = 0.8
# No longer than the functions' own logs may be kept by default (LogDays).
LONGEST_LOG_DAYS = 90
RAISE = "raise it by a support case (docs/operations-aws.md, SMS spend), then aws sns set-sms-attributes --attributes MonthlySpendLimit=…"
LOGGING = "see docs/operations-aws.md, Delivery logging"


def sandbox(subject: Subject) -> Finding:
    if subject.cloud.client("sns").get_sms_sandbox_account_status()["IsInSandbox"]:
        return critical(
            "the account is in it: only numbers that were verified before get a page",
            "console SNS, Text messaging (SMS), Exit SMS sandbox: a support case that takes a day or more",
        )
    return ok("the account is out of it")


def spend_limit(subject: Subject) -> Finding:
    limit = _limit(subject)
    if limit is None:
        return unseen("none is set, so that AWS's own holds, which SNS does not tell (US$ 1 at first)", RAISE)
    if limit <= FIRST_LIMIT_USD:
        return critical(f"US$ {limit:g} a month, some tens of pages", RAISE)
    alarm = float(subject.settings.get("SmsAlarmUsd", 0))
    if alarm >= limit:
        return warning(
            f"US$ {limit:g} a month, and the alarm comes only at {alarm:g}",
            f'SET="SmsAlarmUsd={NEAR * limit:g}"',
        )
    return ok(f"US$ {limit:g} a month")


def spend(subject: Subject) -> Finding:
    """What has gone of the month's limit; the metric is silent as long as nothing is sent."""
    month = subject.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = subject.cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName="SMSMonthToDateSpentUSD",
        StartTime=month,
        EndTime=subject.now,
        Period=3600,
        Statistics=["Maximum"],
    )["Datapoints"]
    if not found:
        return unseen(
            "CloudWatch has no figure this month", "send a paging drill and look again after an hour"
        )
    spent = max(found, key=lambda each: each["Timestamp"])["Maximum"]
    limit = _limit(subject)
    if limit is None:
        return unseen(f"US$ {spent:.2f} this month, of a limit that is not set", RAISE)
    if spent >= limit:
        return critical(
            f"US$ {spent:.2f} this month, the limit is {limit:g}: SNS takes pages and delivers none",
            f'ring the crews; {RAISE}, or SET="SmsProvider=http"',
        )
    if spent >= NEAR * limit:
        return warning(f"US$ {spent:.2f} this month, the limit is {limit:g}", RAISE)
    return ok(f"US$ {spent:.2f} this month, the limit is {limit:g}")


def sender(subject: Subject) -> Finding:
    """Indonesian carriers filter what comes from a sender that is not registered."""
    name = subject.settings.get("SmsSenderId", "")
    registering = "register it (docs/operations-aws.md, Before the first real page)"
    if not name:
        return critical(
            "none is set: pages come late, from changing numbers, or never",
            f'{registering}, SET="SmsSenderId=…"',
        )
    which = [{"SenderId": name, "IsoCountryCode": COUNTRY}]
    try:
        found = subject.cloud.client("pinpoint-sms-voice-v2").describe_sender_ids(SenderIds=which)[
            "SenderIds"
        ]
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
        found = []
    if not found:
        return warning(
            f"End User Messaging knows no {name} for Indonesia in {subject.cloud.region}", registering
        )
    if not found[0]["Registered"]:
        return critical(f"{name} is not registered: carriers filter it", registering)
    return ok(f"{name} is registered")


def delivery_logging(subject: Subject) -> Finding:
    """The one place where AWS says why a message did not arrive; its lines hold numbers, so that they must end."""
    names = ["DeliveryStatusIAMRole", "DeliveryStatusSuccessSamplingRate"]
    found = subject.cloud.client("sns").get_sms_attributes(attributes=names)["attributes"]
    role = found.get("DeliveryStatusIAMRole", "")
    if not role:
        return warning("off: why a page did not arrive stands nowhere", LOGGING)
    if fault := _fault_of_role(subject, role):
        return warning(f"{role} {fault}: SNS can write no log", LOGGING)
    endless = [each["logGroupName"] for each in _log_groups(subject) if not _ends(each)]
    if endless:
        return warning(
            f"on, and {', '.join(endless)} keeps crews' numbers for more than {LONGEST_LOG_DAYS} days",
            LOGGING,
        )
    if found.get("DeliveryStatusSuccessSamplingRate", "0") != "0":
        return warning("on for what was delivered too: crews' numbers are kept without need", LOGGING)
    return ok("on for what was not delivered")


def _limit(subject: Subject) -> float | None:
    found = subject.cloud.client("sns").get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"]
    return float(found["MonthlySpendLimit"]) if found.get("MonthlySpendLimit") else None


def _fault_of_role(subject: Subject, arn: str) -> str:
    try:
        role = subject.cloud.client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except ClientError as error:
        if code_of(error) != "NoSuchEntity":
            raise
        return "is not there"
    return "" if "sns.amazonaws.com" in json.dumps(role["AssumeRolePolicyDocument"]) else "does not trust SNS"


def _log_groups(subject: Subject) -> list[dict[str, Any]]:
    cloud = subject.cloud
    prefix = f"sns/{cloud.region}/{cloud.account}/DirectPublishToPhoneNumber"
    found: list[dict[str, Any]] = cloud.client("logs").describe_log_groups(logGroupNamePrefix=prefix)[
        "logGroups"
    ]
    return found


def _ends(group: dict[str, Any]) -> bool:
    days: int = group.get("retentionInDays", 0)
    return 0 < days <= LONGEST_LOG_DAYS


CHECKS = (
    Check("SMS sandbox", ("sns:GetSMSSandboxAccountStatus",), sandbox),
    Check("SMS spend limit", ("sns:GetSMSAttributes",), spend_limit),
    Check("SMS spend", ("sns:GetSMSAttributes", "cloudwatch:GetMetricStatistics"), spend),
    Check("SMS sender", ("sms-voice:DescribeSenderIds",), sender),
    Check(
        "SMS delivery logging",
        ("sns:GetSMSAttributes", "iam:GetRole", "logs:DescribeLogGroups"),
        delivery_logging,
    ),
)


def _other_provider(subject: Subject) -> Finding:
    provider = subject.settings["SmsProvider"]
    return unseen(f"SmsProvider={provider}: what it delivers is known to it alone", "send a paging drill")


OTHER_PROVIDER = (Check("SMS", (), _other_provider),)
