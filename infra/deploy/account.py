"""What the account itself says of some parameters, so that nobody need know it: secrets' versions, quotas, the SMS limit."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ClientError

from infra.deploy.cloud import Cloud

# Lambda keeps a hundred executions for functions that reserve none.
UNRESERVED = 100
PAGING = 10
SHARE = 0.8


def measured(cloud: Cloud) -> dict[str, str]:
    """Values for parameters that nobody has set; what cannot be asked is left to the template."""
    return {**_paging(cloud), **_sms_limit(cloud)}


def _paging(cloud: Cloud) -> dict[str, str]:
    try:
        limits = cloud.client("lambda").get_account_settings()["AccountLimit"]
    except ClientError:
        return {}
    free = int(limits.get("UnreservedConcurrentExecutions", 0)) - UNRESERVED
    return {"PagingConcurrency": str(PAGING)} if free >= PAGING else {}


def _sms_limit(cloud: Cloud) -> dict[str, str]:
    try:
        found = cloud.client("sns").get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"]
    except ClientError:
        return {}
    limit = found.get("MonthlySpendLimit", "")
    return {"SmsAlarmUsd": f"{SHARE * float(limit):g}"} if limit else {}


def secret_version(cloud: Cloud, data: Mapping[str, str]) -> dict[str, str]:
    """The version in force of what SMS providers know, so that a change of it reaches the functions with this deploy."""
    secret = data.get("ProviderSecretArn")
    if not secret:
        return {}
    versions = cloud.client("secretsmanager").list_secret_version_ids(SecretId=secret)["Versions"]
    current = [each["VersionId"] for each in versions if "AWSCURRENT" in each.get("VersionStages", ())]
    return {"ProviderSecretVersion": current[0]} if current else {}
