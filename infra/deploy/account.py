"""What the account itself says of some parameters, so that nobody need know it: secrets' versions, quotas, the SMS limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.cloud import Cloud

# Lambda leaves a hundred executions to functions that reserve none (PutFunctionConcurrency), so that an account whose quota is a
# new one's 10, 50 or 100 can reserve nothing at all.
UNRESERVED = 100
# What infra/application.yaml reserves together, or not at all; of paging it is the parameter's value.
RESERVED = {"send_pages": 10, "run_timers": 2, "sweep": 2}
SHARE = 0.8
SECRETS = ("LinkSecret", "ProviderSecret")


def measured(cloud: Cloud) -> dict[str, str]:
    """Values for parameters that nobody has set; what cannot be asked is left to the template."""
    return {**_paging(cloud), **_sms_limit(cloud)}


def _paging(cloud: Cloud) -> dict[str, str]:
    functions = cloud.client("lambda")
    try:
        limits = functions.get_account_settings()["AccountLimit"]
        # What this stage holds by its last deploy is its own to hold again.
        held = sum(_held(functions, f"kentongan-{cloud.stage}-{name}") for name in RESERVED)
    except ClientError:
        return {}
    free = int(limits.get("UnreservedConcurrentExecutions", 0)) + held - UNRESERVED
    return {"PagingConcurrency": str(RESERVED["send_pages"])} if free >= sum(RESERVED.values()) else {}


def _held(functions: Any, name: str) -> int:
    try:
        found = functions.get_function_concurrency(FunctionName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return 0
    return int(found.get("ReservedConcurrentExecutions", 0))


def _sms_limit(cloud: Cloud) -> dict[str, str]:
    try:
        found = cloud.client("sns").get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"]
    except ClientError:
        return {}
    limit = found.get("MonthlySpendLimit", "")
    return {"SmsAlarmUsd": f"{SHARE * float(limit):g}"} if limit else {}


def secret_versions(cloud: Cloud, data: Mapping[str, str]) -> dict[str, str]:
    """The versions in force of both secrets, so that a change of one reaches the functions with this deploy."""
    found = {name: _current(cloud, data[f"{name}Arn"]) for name in SECRETS if data.get(f"{name}Arn")}
    return {f"{name}Version": version for name, version in found.items() if version}


def _current(cloud: Cloud, secret: str) -> str:
    versions = cloud.client("secretsmanager").list_secret_version_ids(SecretId=secret)["Versions"]
    return next((each["VersionId"] for each in versions if "AWSCURRENT" in each.get("VersionStages", ())), "")
