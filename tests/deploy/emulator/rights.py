"""IAM for functions, which MiniStack knows and does not enforce: what a function asks, its role must allow.

Each function gets an address of its own on the loopback network to reach AWS by, so that who asks is seen; moto's evaluator
judges by the role as it was deployed. Refusals are also written to `refused` in the folder, since functions bear many of them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from moto.iam.access_control import IAMPolicy, PermissionResult

from tests.support.rights import IN_TRANSACTION

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
ADDRESSES = tuple(f"127.0.1.{number}" for number in range(1, 100))
# function's name -> its address, and address -> its role's ARN
_address_of: dict[str, str] = {}
_role_at: dict[str, str] = {}


def endpoint(function: str, role_arn: str, port: int) -> str:
    """Where a function finds AWS."""
    address = _address_of.setdefault(function, ADDRESSES[len(_address_of)])
    _role_at[address] = role_arn
    return f"http://{address}:{port}"


def guarded(app: Any, refused: Path) -> Any:
    """Let a function's request through if its role allows all that it asks."""

    async def run(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        role_arn = _role_at.get((scope.get("server") or ("",))[0])
        if scope["type"] != "http" or role_arn is None:
            await app(scope, receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        for action, resource in asked(headers, body, scope["method"], scope["path"]):
            if not allows(role_arn, action, resource):
                with refused.open("a") as file:
                    file.write(f"{role_arn.rpartition('/')[2]} {action} {resource}\n")
                await _refuse(send, headers, action)
                return

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await app(scope, again, send)

    return run


def asked(headers: dict[str, str], body: bytes, method: str, path: str) -> Iterator[tuple[str, str]]:
    """Each (action, resource) that a request asks its caller's role for."""
    service, _, operation = headers.get("x-amz-target", "").partition(".")
    if service.startswith("DynamoDB"):
        for each, table, index in _of_tables(operation, json.loads(body)):
            place = f"arn:aws:dynamodb:ap-southeast-3:000000000000:table/{table}"
            yield f"dynamodb:{each}", place + (f"/index/{index}" if index else "")
    elif service == "AmazonSQS":
        queue = json.loads(body)["QueueUrl"].rpartition("/")[2]
        yield f"sqs:{operation.removesuffix('Batch')}", f"arn:aws:sqs:ap-southeast-3:000000000000:{queue}"
    elif "/s3/aws4_request" in headers.get("authorization", ""):
        bucket, _, key = path.lstrip("/").partition("/")
        verb = {"GET": "Get", "HEAD": "Get", "PUT": "Put", "DELETE": "Delete"}[method]
        yield (
            f"s3:{verb}Object" if key else "s3:ListBucket",
            f"arn:aws:s3:::{bucket}" + (f"/{key}" if key else ""),
        )
    else:
        form = parse_qs(body.decode())
        topic = form.get("TopicArn") or form.get("TargetArn") or ["*"]
        yield f"sns:{form['Action'][0]}", topic[0]


def _of_tables(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if operation == "TransactWriteItems":
        for item in request["TransactItems"]:
            for kind, write in item.items():
                yield IN_TRANSACTION[kind], write["TableName"], ""
    elif operation.startswith("Batch"):
        for table in request["RequestItems"]:
            yield operation, table, ""
    else:
        yield operation, request["TableName"], request.get("IndexName", "")


def allows(role_arn: str, action: str, resource: str) -> bool:
    """Whether a role's policies allow an action on a resource, and none denies it."""
    from ministack.services import iam

    role = iam._roles[role_arn.rpartition("/")[2]]
    verdicts = [
        IAMPolicy(document).is_action_permitted(action, resource)
        for document in role["InlinePolicies"].values()
    ]
    return PermissionResult.PERMITTED in verdicts and PermissionResult.DENIED not in verdicts


async def _refuse(send: Send, headers: dict[str, str], action: str) -> None:
    message = f"not authorized to perform: {action}"
    if "x-amz-target" in headers:
        status, kind = 400, b"application/x-amz-json-1.0"
        answer = json.dumps({"__type": "AccessDeniedException", "message": message})
    else:
        status, kind = 403, b"text/xml"
        answer = f"<Error><Code>AuthorizationError</Code><Message>{message}</Message></Error>"
        # S3's errors stand in nothing, SNS's in this.
        if "/s3/aws4_request" not in headers.get("authorization", ""):
            answer = f"<ErrorResponse>{answer}</ErrorResponse>"
    start = {"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]}
    await send(start)
    await send({"type": "http.response.body", "body": answer.encode()})
