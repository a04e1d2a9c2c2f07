"""An account that would swallow pages: what may not be sent waits and is told aloud, and leaves once the account allows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.deploy.stage import Stage, eventually
from tests.deploy.test_main_job import log_call

SCHEDULED = {
    "version": "0",
    "id": "1",
    "account": "1",
    "region": "",
    "time": "",
    "source": "hand",
    "detail-type": "hand",
    "detail": {},
    "resources": [],
}


@contextmanager
def no_right_to_send(stage: Stage) -> Iterator[None]:
    """A policy of the organisation, say, takes the right to publish from every function."""
    iam = stage.aws.client("iam")
    barred = {"Effect": "Deny", "Action": "sns:Publish", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [barred]})
    # Other stories' stages make more of them than one answer holds.
    answers = stage.aws.client("lambda").get_paginator("list_functions").paginate()
    roles = [
        function["Role"].rpartition("/")[2]
        for answer in answers
        for function in answer["Functions"]
        if function["FunctionName"].startswith(f"kentongan-{stage.name}-")
    ]
    for role in roles:
        iam.put_role_policy(RoleName=role, PolicyName="barred", PolicyDocument=document)
    try:
        yield
    finally:
        for role in roles:
            iam.delete_role_policy(RoleName=role, PolicyName="barred")


def sweep(stage: Stage) -> None:
    name = f"kentongan-{stage.name}-sweep"
    stage.aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(SCHEDULED))


def counted(silence: Any) -> Any:
    return silence and (silence["code"], silence["pages"])


def left(pages: list[dict[str, Any]]) -> bool:
    return {page["status"] for page in pages} <= {"sent", "delivered"}


def test_an_account_that_may_not_send_ends_no_page_and_every_page_of_the_site_says_so(
    stage: Stage, operator: str
) -> None:
    def pages(incident_id: str) -> list[dict[str, Any]]:
        incident = stage.call("GET", f"/api/incidents/{incident_id}", token=operator).json()
        found: list[dict[str, Any]] = incident["pages"]
        return found

    def silence() -> Any:
        return stage.call("GET", "/api/incidents?state=open", token=operator).json()["silence"]

    with stage.refusals_expected():
        with no_right_to_send(stage):
            incident_id = log_call(stage, operator, "Jalan Bisu")["incident"]["id"]
            eventually(lambda: all(page["attempts"] for page in pages(incident_id)), "a page was not tried")
            tried = [page["attempts"][0] for page in pages(incident_id)]
            assert {(each["outcome"], each["barred"]) for each in tried} == {("retry", True)}
            assert all("AuthorizationError" in each["detail"] for each in tried)
            sweep(stage)
            # The minute's own sweep may have counted while some of them were still being tried.
            every = ("barred", len(tried))
            eventually(lambda: counted(silence()) == every, "no page of the site says that SMS do not leave")
        # Their next try may be two minutes away, and whoever is asked meanwhile is asked too.
        eventually(lambda: left(pages(incident_id)), "a page has not left", 180)
    stage.sms("Jalan Bisu")


def test_indexes_are_watched_and_paging_has_concurrency_of_its_own_where_the_quota_allows_it(
    stage: Stage,
) -> None:
    found = stage.aws.client("cloudwatch").describe_alarms(AlarmNamePrefix="kentongan-uji-incidents-")
    watched = {
        tuple(sorted(each["Value"] for each in alarm["Dimensions"]))
        for alarm in found["MetricAlarms"]
        if len(alarm["Dimensions"]) == 2
    }
    table = "kentongan-uji-incidents"
    assert watched == {tuple(sorted((table, index))) for index in ("open", "due", "day", "link")}
    # The emulator's quota is 1,000.
    stack = stage.aws.client("cloudformation").describe_stacks(StackName="kentongan-uji")["Stacks"][0]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert values["PagingConcurrency"] == "10"
