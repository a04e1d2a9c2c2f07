"""CloudFormation by change sets: what would change is seen before it does, and a failure says what stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from infra.deploy.cloud import Cloud
from infra.deploy.polling import polls
from infra.deploy.terminal import DeployError, Terminal

# What is lost with these cannot be deployed again.
HOLDS_STATE = frozenset(
    {
        "AWS::Cognito::UserPool",
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }
)
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
# A failed first creation leaves a stack that holds nothing and takes no update.
CREATED_IN_VAIN = ("ROLLBACK_COMPLETE", "CREATE_FAILED")
BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
BY_HAND = {
    "DELETE_FAILED": "end what was begun with make destroy, or see in the console why {} could not be deleted.",
    "UPDATE_ROLLBACK_FAILED": "let AWS finish going back: aws cloudformation continue-update-rollback --stack-name {}",
    "ROLLBACK_FAILED": "delete it: aws cloudformation delete-stack --stack-name {}. What it keeps then (tables, sign-ins, buckets) "
    "keeps its name too: delete that in the console, or choose another stage.",
}


@dataclass(frozen=True)
class Change:
    """One resource of a change set; `replacement` is CloudFormation's True, False, Conditional or nothing."""

    action: str
    name: str
    type: str
    replacement: str
    details: tuple[str, ...] = ()

    @property
    def loses_state(self) -> bool:
        gone = self.action == "Remove" or self.replacement in ("True", "Conditional")
        return gone and self.type in HOLDS_STATE

    def __str__(self) -> str:
        mark = {"Add": "+", "Modify": "~", "Remove": "-"}.get(self.action, self.action)
        what = f" ({', '.join(self.details)})" if self.details else ""
        how = {"True": " REPLACED", "Conditional": " perhaps REPLACED"}.get(self.replacement, "")
        return f"{mark} {self.name} {self.type}{what}{how}"


@dataclass(frozen=True)
class Plan:
    """A change set that waits to be executed."""

    stack: str
    change_set: str
    first: bool
    changes: tuple[Change, ...]


class Stacks:
    """The stacks of one stage."""

    def __init__(self, cloud: Cloud, terminal: Terminal) -> None:
        self._client = cloud.client("cloudformation")
        self._terminal = terminal

    def find(self, name: str) -> dict[str, Any] | None:
        """The stack, or None when it was never created."""
        try:
            found: dict[str, Any] = self._client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return found if found["StackStatus"] != "REVIEW_IN_PROGRESS" else None

    def outputs(self, name: str) -> dict[str, str]:
        """A stack's outputs; empty when there is no such stack."""
        found = self.find(name) or {}
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}

    def parameters(self, name: str) -> dict[str, str]:
        """A stack's parameters as they are now; hidden ones are shown as ****."""
        found = self.find(name) or {}
        return {each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())}

    def settle(self, name: str) -> dict[str, Any] | None:
        """The stack once no change of it is under way; None when there is no such stack."""
        found = self.find(name)
        if found and found["StackStatus"].endswith("_IN_PROGRESS"):
            self._terminal.step(f"{name} is still changing ({found['StackStatus']}); waiting for it")
            self._wait(found["StackId"])
            found = self.find(name)
        return found

    def make_ready(self, name: str) -> None:
        """See that the stack takes a change, clearing away what a failed creation left; DeployError if it does not."""
        found = self.settle(name)
        if found and found["StackStatus"] in CREATED_IN_VAIN:
            self._terminal.step(f"{name} was never complete ({found['StackStatus']}); clearing it away")
            self.delete(name)
        elif found and found["StackStatus"] in BY_HAND:
            what = BY_HAND[found["StackStatus"]].format(name)
            raise DeployError(f"{name} stands in {found['StackStatus']}. First {what}")

    def plan(self, name: str, template: dict[str, str], parameters: list[dict[str, Any]]) -> Plan | None:
        """Work out what a template (TemplateBody or TemplateURL) would change; None when nothing would."""
        first = self.find(name) is None
        change_set = f"deploy-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
        try:
            self._client.create_change_set(
                StackName=name,
                ChangeSetName=change_set,
                ChangeSetType="CREATE" if first else "UPDATE",
                Capabilities=CAPABILITIES,
                Parameters=parameters,
                Tags=[{"Key": "application", "Value": "kentongan"}],
                **template,
            )
        except ClientError as error:
            raise DeployError(f"CloudFormation does not take the template of {name}: {error}") from error
        which = {"StackName": name, "ChangeSetName": change_set}
        for _ in polls():
            found = self._client.describe_change_set(**which)
            if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
                break
            self._terminal.waiting(f"{name}: AWS is working out what changes")
        if found["Status"] == "FAILED":
            self._client.delete_change_set(**which)
            reason = found.get("StatusReason", "")
            if "didn't contain changes" in reason or "No updates are to be performed" in reason:
                return None
            raise DeployError(f"CloudFormation cannot change {name}: {reason}")
        return Plan(name, change_set, first, tuple(self._changes(which)))

    def _changes(self, which: dict[str, str]) -> Iterator[Change]:
        pages = self._client.get_paginator("describe_change_set").paginate(**which)
        for page in pages:
            for each in page["Changes"]:
                change = each["ResourceChange"]
                details = {
                    detail["Target"].get("Name") or detail["Target"]["Attribute"]
                    for detail in change.get("Details", ())
                }
                yield Change(
                    action=change["Action"],
                    name=change["LogicalResourceId"],
                    type=change["ResourceType"],
                    replacement=change.get("Replacement", ""),
                    details=tuple(sorted(details)),
                )

    def show(self, plan: Plan) -> None:
        """Say what would change, a resource a line; of a first creation only how much of what."""
        self._terminal.step(
            f"{plan.stack}: {'new, ' if plan.first else ''}{len(plan.changes)} resources change"
        )
        if plan.first:
            kinds = sorted({change.type for change in plan.changes})
            counts = [f"{sum(each.type == kind for each in plan.changes)} {kind}" for kind in kinds]
            self._terminal.note(", ".join(counts))
        else:
            for change in plan.changes:
                self._terminal.note(str(change))
        for change in plan.changes:
            if change.loses_state:
                self._terminal.warn(
                    f"{change.name} holds state and would be lost to the running system: {change}"
                )

    def drop(self, plan: Plan) -> None:
        """Forget a plan that is not to be."""
        self._client.delete_change_set(StackName=plan.stack, ChangeSetName=plan.change_set)
        if plan.first:
            self._client.delete_stack(StackName=plan.stack)

    def carry_out(self, plan: Plan) -> None:
        """Execute a plan and wait; DeployError says which resources failed and why, and that AWS has gone back."""
        self._client.execute_change_set(StackName=plan.stack, ChangeSetName=plan.change_set)
        found = self._wait(plan.stack)
        status = found["StackStatus"]
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            reasons = "\n".join(f"    {each}" for each in self._failures(found["StackId"]))
            stands = (
                "Nothing of it stands; the same command clears it away and begins it again."
                if plan.first
                else "AWS has put it back as it was before; it runs as before."
            )
            raise DeployError(f"{plan.stack} could not be changed ({status}):\n{reasons}\n    {stands}")
        self._terminal.step(f"{plan.stack}: {status.lower().replace('_', ' ')}")

    def _failures(self, stack_id: str) -> Iterator[str]:
        """Why the last change failed, resource by resource, by AWS's own clock."""
        events = self._client.describe_stack_events(StackName=stack_id)["StackEvents"]
        began = max(
            event["Timestamp"]
            for event in events
            if event["ResourceType"] == "AWS::CloudFormation::Stack" and event["ResourceStatus"] in BEGINNINGS
        )
        for event in events:
            reason = event.get("ResourceStatusReason", "")
            cause = event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason
            if cause and event["Timestamp"] >= began:
                yield f"{event['LogicalResourceId']} {event['ResourceType']}: {reason}"

    def resources(self, name: str, status: str = "") -> list[tuple[str, str]]:
        """(type, physical id) of all that a stack holds, or of what has a status."""
        pages = self._client.get_paginator("list_stack_resources").paginate(StackName=name)
        return [
            (each["ResourceType"], each["PhysicalResourceId"])
            for page in pages
            for each in page["StackResourceSummaries"]
            if each.get("PhysicalResourceId") and status in ("", each["ResourceStatus"])
        ]

    def delete(self, name: str) -> list[tuple[str, str]]:
        """Delete a stack and wait until it is gone; (type, physical id) of what its template says to keep.

        DeployError says what could not be deleted.
        """
        found = self.find(name)
        if found is None:
            return []
        # By its id a deleted stack can still be asked for.
        self._client.delete_stack(StackName=name)
        status = self._wait(found["StackId"], ("DELETE_COMPLETE", "DELETE_FAILED"))["StackStatus"]
        if status != "DELETE_COMPLETE":
            reasons = "\n".join(f"    {each}" for each in self._failures(found["StackId"]))
            raise DeployError(
                f"{name} could not be deleted ({status}):\n{reasons}\n    The rest is gone; the same command goes on."
            )
        return self.resources(found["StackId"], "DELETE_SKIPPED")

    def deleted(self, name: str) -> str:
        """The id of the last stack of this name that was deleted, '' when AWS knows none any more."""
        pages = self._client.get_paginator("list_stacks").paginate(StackStatusFilter=["DELETE_COMPLETE"])
        found = [each for page in pages for each in page["StackSummaries"] if each["StackName"] == name]
        return max(found, key=lambda each: each["CreationTime"])["StackId"] if found else ""

    def _wait(self, name: str, ends: tuple[str, ...] = ()) -> dict[str, Any]:
        """Wait for one of the statuses, or for any that lasts."""
        for _ in polls():
            found: dict[str, Any] = self._client.describe_stacks(StackName=name)["Stacks"][0]
            status = found["StackStatus"]
            if status in ends or not (ends or status.endswith("_IN_PROGRESS")):
                return found
            self._terminal.waiting(f"{found['StackName']}: {found['StackStatus'].lower().replace('_', ' ')}")
        raise AssertionError("polls never end")
