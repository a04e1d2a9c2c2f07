"""Each function may do what its deployed role says and nothing else; all other stories run under these roles too."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.iam.access_control import IAMPolicy, PermissionResult

from tests.deploy.stage import ACCOUNT, REGION, Stage

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:kentongan-uji-alarms"
INCIDENTS, REGISTRY = "kentongan-uji-incidents", "kentongan-uji-registry"
AUDIT = f"kentongan-uji-audit-{ACCOUNT}"
WORKBOOKS = f"kentongan-uji-workbooks-{ACCOUNT}"
READING = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
KEY = {"pk": {"S": "none"}, "sk": {"S": "none"}}


def as_function(stage: Stage, function: str, service: str) -> Any:
    """A client that asks as a function does, with its role."""
    name = f"kentongan-{stage.name}-{function}"
    found = stage.aws.client("lambda").get_function_configuration(FunctionName=name)
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=found["Environment"]["Variables"]["AWS_ENDPOINT_URL"],
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="nothing",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.parametrize(
    ("function", "service", "operation", "request_"),
    [
        ("api", "sns", "publish", {"PhoneNumber": "+6281234567890", "Message": "x"}),
        ("retention", "sns", "publish", {"PhoneNumber": "+6281234567890", "Message": "x"}),
        ("send_pages", "sns", "publish", {"TopicArn": TOPIC, "Message": "x"}),
        ("send_pages", "dynamodb", "delete_item", {"TableName": INCIDENTS, "Key": KEY}),
        ("run_timers", "dynamodb", "delete_item", {"TableName": REGISTRY, "Key": KEY}),
        ("api", "dynamodb", "delete_table", {"TableName": INCIDENTS}),
        ("seal", "dynamodb", "put_item", {"TableName": INCIDENTS, "Item": KEY}),
        ("seal", "s3", "delete_object", {"Bucket": AUDIT, "Key": "seals/00000001.json"}),
        ("seal", "s3", "put_object", {"Bucket": AUDIT, "Key": "other.json", "Body": b"x"}),
        ("workbooks", "dynamodb", "get_item", {"TableName": REGISTRY, "Key": KEY}),
        ("workbooks", "s3", "get_object", {"Bucket": WORKBOOKS, "Key": "read/x"}),
        ("workbooks", "s3", "put_object", {"Bucket": WORKBOOKS, "Key": "brought/x", "Body": b"x"}),
        ("api", "s3", "delete_object", {"Bucket": WORKBOOKS, "Key": "read/x"}),
        ("api", "s3", "get_object", {"Bucket": AUDIT, "Key": "seals/00000001.json"}),
        (
            "retention",
            "dynamodb",
            "update_table",
            {"TableName": INCIDENTS, "DeletionProtectionEnabled": False},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_function_need_not_do_it_may_not_do(
    stage: Stage, function: str, service: str, operation: str, request_: dict[str, Any]
) -> None:
    client = as_function(stage, function, service)
    with stage.refusals_expected(), pytest.raises(ClientError) as refused:
        getattr(client, operation)(**request_)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 403)
    assert "not authorized to perform" in str(refused.value)


def test_the_other_way_round_it_may(stage: Stage) -> None:
    page = {"PhoneNumber": "+6281234567899", "Message": "uji hak"}
    assert as_function(stage, "send_pages", "sns").publish(**page)["MessageId"]
    assert "Item" not in as_function(stage, "api", "dynamodb").get_item(TableName=REGISTRY, Key=KEY)


def test_a_stage_cannot_reach_another_stages_tables(stage: Stage) -> None:
    other = REGISTRY.replace("uji", "lain")
    with stage.refusals_expected(), pytest.raises(ClientError, match="AccessDenied"):
        as_function(stage, "api", "dynamodb").get_item(TableName=other, Key=KEY)


def test_lambda_itself_may_do_for_a_function_what_no_request_of_it_shows(stage: Stage) -> None:
    """Fetch from its queue, open its sealed environment, keep its log."""
    functions = stage.aws.client("lambda")
    mappings = functions.list_event_source_mappings()["EventSourceMappings"]
    queues = {each["FunctionArn"]: each["EventSourceArn"] for each in mappings}
    # Other stories' stages make more of them than one answer holds.
    answers = functions.get_paginator("list_functions").paginate()
    ours = [
        each
        for answer in answers
        for each in answer["Functions"]
        if each["FunctionName"].startswith(f"kentongan-{stage.name}-")
    ]
    assert len(ours) == 10 and sum(each["FunctionArn"] in queues for each in ours) == 3
    for each in ours:
        arn, name = each["FunctionArn"], each["FunctionName"]
        log = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{name}:log-stream:x"
        needed = [("logs:PutLogEvents", log), ("kms:Decrypt", stage.data["KeyArn"])]
        if queue := queues.get(arn):
            needed += [(f"sqs:{what}", queue) for what in READING]
        context = {"kms:EncryptionContext:aws:lambda:FunctionArn": arn}
        for action, resource in needed:
            assert role_allows(stage, each["Role"], action, resource, context), (name, action)
        other = "kentongan-uji-api" if not name.endswith("-api") else "kentongan-uji-sweep"
        elsewhere = {"kms:EncryptionContext:aws:lambda:FunctionArn": arn.replace(name, other)}
        assert not role_allows(stage, each["Role"], "kms:Decrypt", stage.data["KeyArn"], elsewhere), name


def role_allows(stage: Stage, role: str, action: str, resource: str, context: dict[str, str]) -> bool:
    """What the deployed role says, with a request's context."""
    iam, name = stage.aws.client("iam"), role.rpartition("/")[2]
    documents = [
        iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"]
        for each in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    verdicts = [
        IAMPolicy(json.dumps(each)).is_action_permitted(action, resource, incoming_condition_values=context)
        for each in documents
    ]
    return PermissionResult.PERMITTED in verdicts and PermissionResult.DENIED not in verdicts
