"""What MiniStack 1.4.21 lacks or ignores of our templates, all of it, so that they are deployed here as they would be on AWS.

Added: types that CloudFormation there does not know are recorded and do nothing. An API is updated in place and guarded by
its Cognito authorizer and says in the template's words what it has not, a distribution is updated in place, a queue sends its dead letters on, secrets that templates refer to
reach the functions, which `rights.py` holds to their roles; buckets have their lock, and deletion policies are kept. Tables and
sign-ins are protected from deletion in place, and change sets say so. A restored table has its source's indexes, says where it
came from, and is being made for some looks.

Left out, because nothing here does it: IAM for all others, KMS, throttling, reserved and maximum concurrency, alarms' evaluation,
going back to a moment (a restore copies what stands there now), TTL, deletion protection of sign-ins. What only they would show is not shown by tests/deploy.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any

from tests.deploy.emulator import authorizer, rights

Resource = tuple[str, dict[str, Any]]
Properties = dict[str, Any]

# Recorded and otherwise without effect; the edge reads those of CloudFront.
WITHOUT_EFFECT = (
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::Cognito::ManagedLoginBranding",
)
REFERENCE = re.compile(
    r"\{\{resolve:secretsmanager:(?P<name>.+):SecretString:(?P<field>\w+)(?:::(?P<version>[\w-]+))?\}\}"
)
# What AWS changes in place of these; all other changes of theirs are called possible replacements, as everything is there.
IN_PLACE = {
    "AWS::DynamoDB::Table": ("DeletionProtectionEnabled",),
    "AWS::Cognito::UserPool": ("DeletionProtection", "AdminCreateUserConfig"),
}
# Every recorded resource's properties by its physical id.
recorded: dict[str, Properties] = {}


def add_all() -> None:
    """Add everything to the MiniStack of this process."""
    from ministack.services import apigateway_v1, cloudformation, cognito, dynamodb, s3, secretsmanager, sqs
    from ministack.services.cloudformation import changesets, provisioners

    handlers = provisioners._RESOURCE_HANDLERS
    for kind in WITHOUT_EFFECT:
        handlers[kind] = {"create": _record, "update": _record_again, "delete": _forget}
    handlers["AWS::CloudFront::Distribution"] = {
        "create": _create_distribution,
        "update": _update_distribution,
        "delete": _forget,
    }
    handlers["AWS::S3::Bucket"]["create"] = _bucket(s3, handlers["AWS::S3::Bucket"]["create"])
    cloudformation.stacks._delete_resource = _keep(cloudformation, cloudformation.stacks._delete_resource)
    handlers["AWS::SQS::Queue"] |= {
        "create": _queue_with_dead_letters(sqs, handlers["AWS::SQS::Queue"]["create"]),
        "update": _update_queue(sqs),
    }
    handlers["AWS::DynamoDB::Table"]["create"] = _recoverable(
        dynamodb, handlers["AWS::DynamoDB::Table"]["create"]
    )
    dynamodb._restore_table_to_point_in_time = _restored(dynamodb, dynamodb._restore_table_to_point_in_time)
    dynamodb._describe_continuous_backups = _since_yesterday(dynamodb._describe_continuous_backups)
    dynamodb._describe_table = _being_made(dynamodb, dynamodb._describe_table)
    dynamodb._delete_table = _once_made(dynamodb._delete_table)
    handlers["AWS::DynamoDB::Table"]["update"] = _protect(
        "AWS::DynamoDB::Table", dynamodb._tables, "TableArn"
    )
    handlers["AWS::Cognito::UserPool"]["update"] = _protect(
        "AWS::Cognito::UserPool", cognito._user_pools, "Arn"
    )
    changesets._resolve_props_for_diff = _with_outputs(changesets._resolve_props_for_diff)
    changesets._diff_resources = _changes(changesets._diff_resources)
    handlers["AWS::Lambda::Function"]["create"] = _function(
        secretsmanager, handlers["AWS::Lambda::Function"]["create"]
    )
    handlers["AWS::ApiGateway::RestApi"] |= {
        "create": _guarded_api(apigateway_v1, handlers["AWS::ApiGateway::RestApi"]["create"]),
        "update": _update_api(apigateway_v1),
    }
    handlers["AWS::ApiGateway::Stage"]["update"] = _update_stage(apigateway_v1)
    handlers["AWS::CloudWatch::Alarm"]["create"] = _alarm(handlers["AWS::CloudWatch::Alarm"]["create"])
    actions = cloudformation.handlers._ACTION_HANDLERS
    actions["DeleteChangeSet"] = _with_result(cloudformation, actions["DeleteChangeSet"])
    apigateway_v1._authorize_request_v1 = authorizer.instead_of(apigateway_v1._authorize_request_v1)


def _alarm(create: Callable[..., Resource]) -> Callable[..., Resource]:
    """One on an expression is recorded, and nothing watches it; all others stand in CloudWatch."""

    def create_alarm(logical_id: str, properties: Properties, stack: str) -> Resource:
        if "Metrics" in properties:
            return _record(logical_id, properties, stack)
        return create(logical_id, properties, stack)

    return create_alarm


def _record(logical_id: str, properties: Properties, stack: str) -> Resource:
    physical_id = f"{stack}-{logical_id}".lower()
    recorded[physical_id] = properties
    return physical_id, {"Id": physical_id}


def _record_again(physical_id: str, _old: Properties, new: Properties, _stack: str) -> Resource:
    recorded[physical_id] = new
    return physical_id, {"Id": physical_id}


def _forget(physical_id: str, _properties: Properties) -> None:
    recorded.pop(physical_id, None)


def _with_result(cloudformation: Any, delete: Callable[..., Any]) -> Callable[..., Any]:
    """botocore finds no answer in an answer without its result."""

    def delete_change_set(params: Any) -> Any:
        status, headers, body = delete(params)
        if status != 200:
            return status, headers, body
        result = "<DeleteChangeSetResult></DeleteChangeSetResult>"
        return cloudformation.helpers._xml(200, "DeleteChangeSetResponse", result)

    return delete_change_set


def _create_distribution(logical_id: str, properties: Properties, stack: str) -> Resource:
    from ministack.services import cloudfront

    physical_id = cloudfront._dist_id()
    # For invalidations, which the deploy command asks for.
    cloudfront._distributions[physical_id] = {"Id": physical_id, "Status": "Deployed"}
    cloudfront._invalidations[physical_id] = []
    return _update_distribution(physical_id, {}, properties, stack)


def _update_distribution(physical_id: str, _old: Properties, new: Properties, _stack: str) -> Resource:
    recorded[physical_id] = new
    return physical_id, {"Id": physical_id, "DomainName": f"{physical_id.lower()}.cloudfront.net"}


def _protect(kind: str, kept: dict[str, Any], arn: str) -> Callable[..., Resource]:
    def protect(physical_id: str, old: Properties, new: Properties, _stack: str) -> Resource:
        names = IN_PLACE[kind]
        if {**old, **dict.fromkeys(names)} != {**new, **dict.fromkeys(names)}:
            raise ValueError(f"{kind}: nothing but {', '.join(names)} is changed in place here")
        kept[physical_id] |= {name: new[name] for name in names if name in new}
        return physical_id, {"Arn": kept[physical_id][arn]}

    return protect


# How often a restored table is still to be described as being made.
being_made: dict[str, int] = {}


def _recoverable(dynamodb: Any, create: Callable[..., Resource]) -> Callable[..., Resource]:
    def create_table(logical_id: str, properties: Properties, stack: str) -> Resource:
        name, attributes = create(logical_id, properties, stack)
        recovery = properties.get("PointInTimeRecoverySpecification", {})
        dynamodb._pitr_settings[name] = bool(recovery.get("PointInTimeRecoveryEnabled"))
        return name, attributes

    return create_table


def _since_yesterday(describe: Callable[..., Any]) -> Callable[..., Any]:
    """Recovery that has been on for a day."""

    def describe_backups(data: Properties) -> Any:
        status, headers, body = describe(data)
        found = json.loads(body)
        recovery = found.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
        if "EarliestRestorableDateTime" in recovery:
            recovery["EarliestRestorableDateTime"] -= 86400
        return status, headers, json.dumps(found).encode()

    return describe_backups


def _restored(dynamodb: Any, restore: Callable[..., Any]) -> Callable[..., Any]:
    def restore_table(data: Properties) -> Any:
        source = dynamodb._tables[data["SourceTableName"]]
        create = dynamodb._create_table
        names = ("IndexName", "KeySchema", "Projection")
        indexes = [
            {name: each[name] for name in names} for each in source.get("GlobalSecondaryIndexes") or ()
        ]
        wanted = {"GlobalSecondaryIndexes": indexes} if indexes else {}
        dynamodb._create_table = lambda request: create({**request, **wanted})
        try:
            answer = restore(data)
        finally:
            dynamodb._create_table = create
        if answer[0] == 200:
            target = dynamodb._tables[data["TargetTableName"]]
            target["RestoreSummary"] = {
                "SourceTableArn": source["TableArn"],
                "RestoreDateTime": data["RestoreDateTime"],
                "RestoreInProgress": True,
            }
            being_made[data["TargetTableName"]] = 3
        return answer

    return restore_table


def _being_made(dynamodb: Any, describe: Callable[..., Any]) -> Callable[..., Any]:
    def describe_table(data: Properties) -> Any:
        status, headers, body = describe(data)
        table = dynamodb._tables.get(data["TableName"], {})
        if status != 200 or "RestoreSummary" not in table:
            return status, headers, body
        left = being_made.pop(data["TableName"], 0)
        if left > 1:
            being_made[data["TableName"]] = left - 1
        found = json.loads(body)
        found["Table"]["RestoreSummary"] = table["RestoreSummary"] | {"RestoreInProgress": left > 0}
        if left:
            found["Table"]["TableStatus"] = "CREATING"
        return status, headers, json.dumps(found).encode()

    return describe_table


def _once_made(delete: Callable[..., Any]) -> Callable[..., Any]:
    def delete_table(data: Properties) -> Any:
        if being_made.get(data["TableName"]):
            from ministack.core.responses import error_response_json

            return error_response_json("ResourceInUseException", "Attempt to change a resource in use", 400)
        return delete(data)

    return delete_table


class _OutputsAlone(list[dict[str, Any]]):
    """No resource changes; AWS carries such a change set out all the same (aws/aws-cdk#2029)."""

    def __bool__(self) -> bool:
        return True


def _with_outputs(resolve: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def resolve_with_outputs(template: dict[str, Any], *more: Any) -> dict[str, Any]:
        return resolve(template, *more) | {"Outputs": template.get("Outputs", {})}

    return resolve_with_outputs


def _changes(diff: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    def changes(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
        found = diff(old, new)
        for change in [
            each["ResourceChange"] for each in found if each["ResourceChange"]["Action"] == "Modify"
        ]:
            names = IN_PLACE.get(change["ResourceType"], ())
            before, after = (
                each["Resources"][change["LogicalResourceId"]]["Properties"] for each in (old, new)
            )
            if names and {**before, **dict.fromkeys(names)} == {**after, **dict.fromkeys(names)}:
                change["Replacement"] = "False"
        return found or (_OutputsAlone() if old["Outputs"] != new["Outputs"] else [])

    return changes


def _bucket(s3: Any, create: Callable[..., Resource]) -> Callable[..., Resource]:
    def create_bucket(logical_id: str, properties: Properties, stack: str) -> Resource:
        name, attributes = create(logical_id, properties, stack)
        if lock := properties.get("ObjectLockConfiguration"):
            retention = lock["Rule"]["DefaultRetention"]
            days = {"Mode": retention["Mode"], "Days": int(retention["Days"])}
            s3._bucket_object_lock[name] = {"enabled": True, "default_retention": days}
        return name, attributes

    return create_bucket


def _keep(cloudformation: Any, delete: Callable[..., None]) -> Callable[..., None]:
    """Deletion policies: what is to be retained stays, except when its creation is taken back."""

    def delete_resource(
        kind: str, physical_id: str, properties: Properties, stack: str, logical_id: str
    ) -> None:
        found = cloudformation._stacks[stack]
        resource = found["_template"].get("Resources", {}).get(logical_id, {})
        created_in_vain = found["StackStatus"] == "ROLLBACK_IN_PROGRESS"
        if created_in_vain or not resource.get("DeletionPolicy", "").startswith("Retain"):
            delete(kind, physical_id, properties, stack, logical_id)

    return delete_resource


def _queue_with_dead_letters(sqs: Any, create: Callable[..., Resource]) -> Callable[..., Resource]:
    def create_queue(logical_id: str, properties: Properties, stack: str) -> Resource:
        url, attributes = create(logical_id, properties, stack)
        if policy := properties.get("RedrivePolicy"):
            sqs._queues[url]["attributes"]["RedrivePolicy"] = json.dumps(policy)
        return url, attributes

    return create_queue


def _update_queue(sqs: Any) -> Callable[..., Resource]:
    def update_queue(url: str, _old: Properties, new: Properties, _stack: str) -> Resource:
        attributes = sqs._queues[url]["attributes"]
        attributes |= {name: str(new[name]) for name in ("VisibilityTimeout",) if name in new}
        return url, {"Arn": attributes["QueueArn"], "QueueName": sqs._queues[url]["name"], "QueueUrl": url}

    return update_queue


def _function(secrets: Any, create: Callable[..., Resource]) -> Callable[..., Resource]:
    """A function whose environment has the secrets that dynamic references name, and its own way to AWS."""

    def resolve(value: Any) -> Any:
        found = REFERENCE.fullmatch(str(value))
        if not found:
            return value
        name, field, version = found.group("name", "field", "version")
        versions = secrets._secrets[name]["Versions"]
        current = next(
            each
            for id_, each in versions.items()
            if (id_ == version if version else "AWSCURRENT" in each["Stages"])
        )
        return json.loads(current["SecretString"])[field]

    def create_function(logical_id: str, properties: Properties, stack: str) -> Resource:
        variables = properties["Environment"]["Variables"]
        resolved = {name: resolve(value) for name, value in variables.items()}
        resolved["AWS_ENDPOINT_URL"] = rights.endpoint(
            properties["FunctionName"], properties["Role"], int(os.environ["GATEWAY_PORT"])
        )
        return create(logical_id, {**properties, "Environment": {"Variables": resolved}}, stack)

    return create_function


def _guarded_api(gateway: Any, create: Callable[..., Resource]) -> Callable[..., Resource]:
    def create_api(logical_id: str, properties: Properties, stack: str) -> Resource:
        api_id, attributes = create(logical_id, properties, stack)
        authorizer.guard(gateway, api_id, properties["Body"])
        recorded[api_id] = properties
        return api_id, attributes

    return create_api


def _update_api(gateway: Any) -> Callable[..., Resource]:
    """The routes of the new body in place of the old, under the same id as on AWS."""

    def update_api(api_id: str, _old: Properties, new: Properties, _stack: str) -> Resource:
        resources = gateway._resources[api_id]
        (root,) = (each for each, value in resources.items() if value["path"] == "/")
        for each in [each for each in resources if each != root]:
            del resources[each]
        for path, item in new["Body"]["paths"].items():
            gateway._import_path_item(api_id, path, item)
        authorizer.guard(gateway, api_id, new["Body"])
        recorded[api_id] = new
        return api_id, {"RootResourceId": root}

    return update_api


def _update_stage(gateway: Any) -> Callable[..., Resource]:
    def update_stage(name: str, _old: Properties, new: Properties, _stack: str) -> Resource:
        gateway._stages_v1[new["RestApiId"]][name]["deploymentId"] = new["DeploymentId"]
        return name, {"StageName": name}

    return update_stage
