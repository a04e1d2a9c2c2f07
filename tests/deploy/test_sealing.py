"""The trail is sealed by the deployed function under its own role, and compared by whoever reads the bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain import seals
from infra.local.wakeups import schedule_event
from tests.deploy.stage import Stage
from tests.deploy.test_main_job import log_call
from tests.deploy.test_queues import schedule_off


def seal(stage: Stage) -> dict[str, Any]:
    """What the function answers when its schedule calls it."""
    answer = stage.aws.client("lambda").invoke(
        FunctionName=f"kentongan-{stage.name}-seal", Payload=json.dumps(schedule_event()).encode()
    )
    found = answer["Payload"].read()
    assert "FunctionError" not in answer, found
    counts: dict[str, Any] = json.loads(found)
    return counts


@pytest.fixture
def by_hand_alone(stage: Stage) -> Iterator[None]:
    """Neither a seal nor the auditor's look comes by its schedule meanwhile."""
    with schedule_off(stage, "seal"), schedule_off(stage, "audit"):
        yield


@pytest.mark.usefixtures("by_hand_alone")
def test_what_changed_is_sealed_in_the_audit_bucket_and_compared(stage: Stage, operator: str) -> None:
    incident_id = log_call(stage, operator, "Gang Segel")["incident"]["id"]
    stage.sms("Gang Segel")
    assert seal(stage)["failed"] == 0
    bucket = stage.data["AuditBucketName"]
    listed = stage.aws.client("s3").list_objects_v2(Bucket=bucket, Prefix=seals.FOLDER)["Contents"]
    newest = max(each["Key"] for each in listed)
    content = stage.aws.client("s3").get_object(Bucket=bucket, Key=newest)["Body"].read()
    assert incident_id in {each.id for each in seals.decode(content).incidents}

    assert seal(stage)["seals"] == 1
    compared = stage.verify("--seals", f"s3://{bucket}/seals")
    assert compared.code == 0, compared.said
    assert f", {len(listed) + 1} seals, 0 broken" in compared.said
    assert stage.call("GET", "/api/health").json()["checks"]["seal"]["ok"]

    table = stage.aws.client("dynamodb")
    key = {"pk": {"S": f"I#{incident_id}"}, "sk": {"S": "~00000001"}}
    name = f"kentongan-{stage.name}-incidents"
    kept = table.get_item(TableName=name, Key=key)["Item"]
    table.delete_item(TableName=name, Key=key)
    try:
        found = stage.verify("--incident", incident_id, "--seals", f"s3://{bucket}/seals")
        assert found.code == 1 and incident_id in found.said, found.said
    finally:
        table.put_item(TableName=name, Item=kept)
