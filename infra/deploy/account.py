"""What the account itself says of some parameters, so that nobody need know it: secrets' versions, quotas, the SMS limit."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import ClientError

from infra.deploy.cloud import Cloud

# Lambda keeps a hundred executions for functions that reserve none.
UNRESERVED = 100
PAGING = 10
SHARE = 0.8
SECRETS = ("LinkSecret", "ProviderSecret")


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


def secret_versions(cloud: Cloud, data: Mapping[str, str]) -> dict[str, str]:
    """The versions in force of both secrets, so that a change of one reaches the functions with this deploy."""
    found = {name: _current(cloud, data[f"{name}Arn"]) for name in SECRETS if data.get(f"{name}Arn")}
    return {f"{name}Version": version for name, version in found.items() if version}


def _current(cloud: Cloud, secret: str) -> str:
    versions = cloud.client("secretsmanager").list_secret_version_ids(SecretId=secret)["Versions"]
    return next((each["VersionId"] for each in versions if "AWSCURRENT" in each.get("VersionStages", ())), "")
