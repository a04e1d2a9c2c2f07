"""What was deployed: who hears its alarms, whether its data are safe, whether it is as it was deployed, whether it answers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import requests

from infra.deploy.doctor.account import GLOBAL
from infra.deploy.doctor.finding import Check, Finding, Subject, critical, ok, unseen, warning

TABLES = ("IncidentsTableArn", "RegistryTableArn", "KeysTableArn")
# What rings: an e-mail at three in the morning does not.
RINGS = ("sms", "https", "http")
EXPIRES_SOON, EXPIRES = timedelta(days=45), timedelta(days=14)
DEPRECATED_SOON, BLOCKED_SOON = timedelta(days=180), timedelta(days=60)
DEPLOY = "make deploy STAGE={} puts it back"


def alarm_address(subject: Subject) -> Finding:
    """Before a deploy, which makes the topic or asks an address to confirm: whether anybody is named at all."""
    if email := subject.settings.get("AlarmEmail"):
        return ok(f"{email}, once it has confirmed")
    if "AlarmTopicArn" in subject.outputs:
        return alarms(subject)
    return critical("none: alarms would reach nobody", 'SET="AlarmEmail=…"')


def alarms(subject: Subject) -> Finding:
    topic = subject.outputs["AlarmTopicArn"]
    pages = subject.cloud.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    found = [each for page in pages for each in page["Subscriptions"]]
    confirmed = [each for each in found if each["SubscriptionArn"].startswith("arn:")]
    pending = ", ".join(
        each["Endpoint"] for each in found if each["SubscriptionArn"] == "PendingConfirmation"
    )
    confirm = (
        f"open the mail from AWS Notifications at {pending} and confirm" if pending else 'SET="AlarmEmail=…"'
    )
    if not confirmed:
        return critical("alarms reach nobody", confirm)
    if pending:
        return warning(f"{pending} has not confirmed", confirm)
    if not any(each["Protocol"] in RINGS for each in confirmed):
        return warning(
            "they reach e-mail alone, and no phone rings at night",
            f"aws sns subscribe --topic-arn {topic} --protocol sms --notification-endpoint +62…",
        )
    return ok(f"reach {len(confirmed)} confirmed addresses, a phone among them")


def certificate(subject: Subject) -> Finding:
    name, arn = subject.settings.get("DomainName", ""), subject.settings.get("CertificateArn", "")
    if not name:
        return ok("CloudFront's own, for CloudFront's own name")
    found = subject.cloud.client("acm", GLOBAL).describe_certificate(CertificateArn=arn)["Certificate"]
    renewal = found.get("RenewalSummary", {}).get("RenewalStatus", "")
    left = found["NotAfter"] - subject.now if "NotAfter" in found else timedelta()
    renew = "console ACM, us-east-1: an imported one is imported anew, AWS's own is renewed while its CNAME stands in your DNS"
    if found["Status"] != "ISSUED" or left <= EXPIRES:
        until = f", ends {found['NotAfter']:%Y-%m-%d}" if "NotAfter" in found else ""
        return critical(f"that of {name} is {found['Status'].lower()}{until}", renew)
    if left <= EXPIRES_SOON or renewal in ("PENDING_VALIDATION", "FAILED"):
        return warning(
            f"that of {name} ends {found['NotAfter']:%Y-%m-%d}"
            + (f", renewal {renewal.lower()}" if renewal else ""),
            renew,
        )
    return ok(f"that of {name} holds until {found['NotAfter']:%Y-%m-%d}")


def recovery(subject: Subject) -> Finding:
    """Point-in-time recovery of every table."""
    client = subject.cloud.client("dynamodb")
    without = []
    for table in _tables(subject):
        found = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        status = found.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
        if status != "ENABLED":
            without.append(table)
    if without:
        remedy = "aws dynamodb update-continuous-backups --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true --table-name …"
        return critical(f"off for {', '.join(without)}: a mistake there cannot be undone", remedy)
    return ok(f"on for all {len(TABLES)} tables")


def deletion_protection(subject: Subject) -> Finding:
    client, pool_id = subject.cloud.client("dynamodb"), subject.outputs["UserPoolId"]
    open_ = [
        table
        for table in _tables(subject)
        if not client.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled")
    ]
    pool = subject.cloud.client("cognito-idp").describe_user_pool(UserPoolId=pool_id)["UserPool"]
    if pool.get("DeletionProtection") != "ACTIVE":
        open_.append(f"sign-ins {pool_id}")
    if open_:
        return critical(
            f"off for {', '.join(open_)}: one wrong click deletes it", "console: Deletion protection, turn on"
        )
    return ok("on for tables and sign-ins")


def audit_lock(subject: Subject) -> Finding:
    """Object lock of the seals; in governance mode an administrator can lift it."""
    bucket = subject.outputs["AuditBucketName"]
    found = subject.cloud.client("s3").get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    retention = found.get("Rule", {}).get("DefaultRetention", {})
    if found.get("ObjectLockEnabled") != "Enabled" or "Mode" not in retention:
        return critical(
            f"{bucket} locks nothing: seals can be overwritten", DEPLOY.format(subject.cloud.stage)
        )
    if subject.is_production and retention["Mode"] != "COMPLIANCE":
        return critical(
            f"{retention['Mode'].lower()} mode: an administrator can lift it",
            DEPLOY.format(subject.cloud.stage),
        )
    span = f"{retention['Days']} days" if "Days" in retention else f"{retention.get('Years')} years"
    return ok(f"{retention['Mode'].lower()} mode, {span}")


def drift(subject: Subject) -> Finding:
    """What AWS found when it last compared both stacks with their templates; it compares only when it is told to."""
    client = subject.cloud.client("cloudformation")
    stacks = (subject.cloud.data_stack, subject.cloud.application_stack)
    found = {name: client.describe_stacks(StackName=name)["Stacks"][0] for name in stacks}
    drifted = [
        line
        for name, each in found.items()
        if _drift_of(each) == "DRIFTED"
        for line in _drifted(client, name)
    ]
    if drifted:
        return warning(
            f"changed by hand: {', '.join(drifted)}",
            "look in the console at the stack's drift and put it back, or into the template",
        )
    stale = [name for name, each in found.items() if _drift_of(each) != "IN_SYNC"]
    if stale:
        commands = "; ".join(f"aws cloudformation detect-stack-drift --stack-name {name}" for name in stale)
        return unseen(
            "AWS has not compared since the last change", f"{commands}; some minutes later look again"
        )
    return ok("none when AWS last compared")


def _drift_of(stack: dict[str, Any]) -> str:
    """The status, '' when the stack was changed after AWS compared."""
    about = stack.get("DriftInformation", {})
    changed = stack.get("LastUpdatedTime", stack["CreationTime"])
    compared = about.get("LastCheckTimestamp")
    return about["StackDriftStatus"] if compared and compared >= changed else ""


def _drifted(client: Any, stack: str) -> list[str]:
    """The first page is enough to begin with."""
    found = client.describe_stack_resource_drifts(
        StackName=stack, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"]
    )["StackResourceDrifts"]
    return [f"{each['LogicalResourceId']} {each['StackResourceDriftStatus'].lower()}" for each in found]


def health(subject: Subject) -> Finding:
    """What the deployed system says of itself: 503 when no call can be taken."""
    url = f"{subject.outputs['PublicUrl']}/api/health"
    remedy = "docs/operations-aws.md, Alarms"
    try:
        answer = requests.get(url, timeout=30)
        wrong = [
            f"{name}: {each['detail']}" for name, each in answer.json()["checks"].items() if not each["ok"]
        ]
    except (requests.RequestException, ValueError, KeyError) as error:
        return critical(f"{url} gives no usable answer ({type(error).__name__})", remedy)
    if answer.status_code != 200:
        return critical(f"no call can be taken ({answer.status_code}): {'; '.join(wrong)}", remedy)
    return warning("; ".join(wrong), remedy) if wrong else ok("all checks are well")


def runtime(subject: Subject) -> Finding:
    """When AWS ends the functions' Python: first no repairs any more, then no deploy, by the dates that cfn-lint keeps of AWS's."""
    pages = subject.cloud.client("lambda").get_paginator("list_functions").paginate()
    prefix = f"kentongan-{subject.cloud.stage}-"
    functions = [each for page in pages for each in page["Functions"]]
    names = sorted({each["Runtime"] for each in functions if each["FunctionName"].startswith(prefix)})
    lifecycle = json.loads(
        files("cfnlint.data.AdditionalSpecs").joinpath("LmbdRuntimeLifecycle.json").read_text("utf-8")
    )
    if not names or any(name not in lifecycle for name in names):
        return unseen(
            f"nothing is known of {', '.join(names) or 'any function'}",
            "docs.aws.amazon.com/lambda, Lambda runtimes",
        )
    name = min(names, key=lambda each: str(lifecycle[each]["update-block"]))
    deprecated, blocked = (
        date.fromisoformat(lifecycle[name][each]) for each in ("deprecated", "update-block")
    )
    today, what = subject.now.date(), f"{name}: no repairs after {deprecated}, no deploy after {blocked}"
    remedy = f"deploy a release for {lifecycle[name]['successor']} before"
    if today + BLOCKED_SOON >= blocked:
        return critical(what, remedy)
    return warning(what, remedy) if today + DEPRECATED_SOON >= deprecated else ok(what)


def _tables(subject: Subject) -> list[str]:
    return [subject.outputs[name].rpartition("/")[2] for name in TABLES]


CERTIFICATE = Check("certificate", ("acm:DescribeCertificate",), certificate)
ADDRESS = Check("alarm address", ("sns:ListSubscriptionsByTopic",), alarm_address)
CHECKS = (
    Check("alarms", ("sns:ListSubscriptionsByTopic",), alarms),
    Check("point-in-time recovery", ("dynamodb:DescribeContinuousBackups",), recovery),
    Check(
        "deletion protection", ("dynamodb:DescribeTable", "cognito-idp:DescribeUserPool"), deletion_protection
    ),
    Check("lock of the seals", ("s3:GetBucketObjectLockConfiguration",), audit_lock),
    Check("drift", ("cloudformation:DescribeStacks", "cloudformation:DescribeStackResourceDrifts"), drift),
    Check("health", (), health),
    Check("runtime", ("lambda:ListFunctions",), runtime),
)
