"""`make destroy`: takes the application away and keeps the data; takes the data too only if told so twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.cloud import Cloud, code_of
from infra.deploy.deploying import Deployment
from infra.deploy.tables import describe, restored_tables, wait_until_active
from infra.deploy.terminal import DeployError, Terminal


def destroy(deployment: Deployment, data: str) -> None:
    """Delete the application stack; with data == "destroy" and a second typed word all that it stood on."""
    cloud, terminal, wishes = deployment.cloud, deployment.terminal, deployment.wishes
    if data not in ("", "destroy"):
        raise DeployError(f"DATA={data} is not understood. Only DATA=destroy takes the data away.")
    stage = cloud.stage
    terminal.step(f"account {cloud.account}, region {cloud.region}: stage {stage}")
    question = f"{cloud.application_stack} stops: no call is taken and no page is sent from then on."
    words = f"destroy data of {stage}" if data else stage
    if data:
        terminal.warn("all calls, incidents, audit trails, people and sign-ins of this stage will be gone")
    terminal.must_type(words, question, wishes.confirm, f'CONFIRM="{words}"')
    if deployment.stacks.settle(cloud.application_stack):
        deployment.stacks.delete(cloud.application_stack)
        terminal.step(f"{cloud.application_stack}: gone")
    else:
        terminal.step(f"{cloud.application_stack}: there is none")
    if not data:
        terminal.step(
            f"{cloud.data_stack} stays, with all data; make deploy STAGE={stage} runs upon it again"
        )
        return
    _destroy_data(deployment)


def _destroy_data(deployment: Deployment) -> None:
    """Delete the data stack and what it keeps; after a failure in midway another run goes on with what is left."""
    cloud, terminal, stacks = deployment.cloud, deployment.terminal, deployment.stacks
    stands = stacks.settle(cloud.data_stack)
    stack_id = stands["StackId"] if stands else stacks.deleted(cloud.data_stack)
    if not stack_id:
        terminal.step(f"{cloud.data_stack}: there is none")
        return
    held = stacks.resources(stack_id)
    for bucket in [name for kind, name in held if kind == "AWS::S3::Bucket"]:
        for line in _empty(cloud, bucket):
            terminal.step(line)
    skipped = stacks.delete(cloud.data_stack)
    terminal.step(f"{cloud.data_stack}: gone; now what it had to keep")
    for kind, name in held:
        if kind in REMOVERS:
            terminal.step(REMOVERS[kind](cloud, name))
    for kind, name in skipped:
        if kind not in REMOVERS:
            terminal.step(f"{kind} {name}: stays, since others of this account may use it")
    for name in restored_tables(cloud):
        terminal.warn(
            f"table {name}: stays with all its data, as no stack holds what was restored; delete it by hand"
        )


def _empty(cloud: Cloud, bucket: str) -> Iterator[str]:
    """Delete every version of every object that no lock holds."""
    s3 = cloud.client("s3")
    deleted = locked = 0
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    try:
        for page in pages:
            versions = [
                {"Key": each["Key"], "VersionId": each["VersionId"]}
                for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            ]
            if versions:
                answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": versions, "Quiet": True})
                locked += len(answer.get("Errors", ()))
                deleted += len(versions) - len(answer.get("Errors", ()))
    except ClientError as error:
        if code_of(error) != "NoSuchBucket":
            raise
        return
    yield f"{bucket}: {deleted} object versions deleted"
    if locked:
        yield f"{bucket}: {locked} are locked (Object Lock) and stay until their time is over; so does the bucket"


def _gone(
    service: str, name: str, codes: tuple[str, ...], remove: Callable[[], Any], what: str = "deleted"
) -> str:
    try:
        remove()
    except ClientError as error:
        if code_of(error) not in codes:
            return f"{service} {name}: stays ({error})"
    return f"{service} {name}: {what}"


def _remove_table(cloud: Cloud, name: str) -> str:
    client = cloud.client("dynamodb")

    def remove() -> None:
        if (describe(cloud, name) or {}).get("DeletionProtectionEnabled"):
            client.update_table(TableName=name, DeletionProtectionEnabled=False)
            wait_until_active(cloud, name, Terminal(unattended=True))
        client.delete_table(TableName=name)

    what = "deleted; AWS keeps its last point-in-time backup for 35 days"
    return _gone("table", name, ("ResourceNotFoundException",), remove, what)


def _remove_pool(cloud: Cloud, pool_id: str) -> str:
    client = cloud.client("cognito-idp")

    def remove() -> None:
        pool = client.describe_user_pool(UserPoolId=pool_id)["UserPool"]
        if pool.get("DeletionProtection") == "ACTIVE":
            # What is not repeated here falls back to Cognito's defaults; it is gone a moment later. Of what it describes it
            # takes no deprecated field back, nor a second factor without SMS.
            client.update_user_pool(
                UserPoolId=pool_id,
                DeletionProtection="INACTIVE",
                AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
            )
        if domain := pool.get("Domain"):
            client.delete_user_pool_domain(UserPoolId=pool_id, Domain=domain)
        client.delete_user_pool(UserPoolId=pool_id)

    return _gone("sign-ins", pool_id, ("ResourceNotFoundException",), remove)


def _remove_bucket(cloud: Cloud, name: str) -> str:
    return _gone("bucket", name, ("NoSuchBucket",), lambda: cloud.client("s3").delete_bucket(Bucket=name))


def _remove_secret(cloud: Cloud, name: str) -> str:
    def remove() -> None:
        cloud.client("secretsmanager").delete_secret(SecretId=name, RecoveryWindowInDays=7)

    return _gone(
        "secret", name, ("ResourceNotFoundException",), remove, "can be restored for 7 days, then gone"
    )


def _remove_key(cloud: Cloud, key_id: str) -> str:
    def remove() -> None:
        cloud.client("kms").schedule_key_deletion(KeyId=key_id, PendingWindowInDays=30)

    codes = ("NotFoundException", "KMSInvalidStateException")
    return _gone("key", key_id, codes, remove, "deletion can be cancelled for 30 days, then gone")


# What the data stack's template tells CloudFormation to keep.
REMOVERS: dict[str, Callable[[Cloud, str], str]] = {
    "AWS::Cognito::UserPool": _remove_pool,
    "AWS::DynamoDB::Table": _remove_table,
    "AWS::KMS::Key": _remove_key,
    "AWS::S3::Bucket": _remove_bucket,
    "AWS::SecretsManager::Secret": _remove_secret,
}
