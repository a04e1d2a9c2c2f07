"""Requests to DynamoDB as they go over the wire: signed as botocore signs, and left to botocore when something is odd."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.aws_json import JsonService
from chalicelib.models import connection
from chalicelib.models.connection import SharedConnection

NOW = datetime(2026, 11, 23, 3, 0, 7, tzinfo=UTC)
ITEM = {"Item": {"pk": {"S": "LIVE"}, "doc": {"S": "Rumah Bu Noé 🔥"}}}
THROTTLED = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slower"}
TAKEN = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no"}
CANCELLED = {
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "Message": "Transaction cancelled",
    "CancellationReasons": [
        {"Code": "None"},
        {"Code": "ConditionalCheckFailed", "Message": "no", "Item": {"pk": {"S": "x"}}},
    ],
}
GET = {"TableName": "t", "Key": {"pk": {"S": "LIVE"}}, "ConsistentRead": True}
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Database:
    """A server that gives the answers of a list, the last of them for ever, and keeps what it was asked."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def says(status: int, body: Any, crc: int | None = None) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/x-amz-json-1.0")
        handler.send_header("x-amz-crc32", str(zlib.crc32(raw) if crc is None else crc))
        handler.send_header("x-amzn-requestid", "R1")
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An address that botocore and we take for DynamoDB's."""
    made = Database()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.asked.append((self.headers["X-Amz-Target"], body))
            (made.answers.pop(0) if len(made.answers) > 1 else made.answers[0])(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", made.url)
    monkeypatch.setattr(connection, "_shared", None)
    yield made
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("token", [None, "a-session-token"], ids=["long-lived", "of a role"])
def test_a_request_is_signed_as_botocore_signs_it(
    token: str | None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    if token:
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    database.answers = [says(200, {})]
    service = JsonService("dynamodb", "DynamoDB_20120810", connect_s=2, read_s=4, now=lambda: NOW)
    service.call("GetItem", GET)
    content = b'{"TableName":"t"}'
    ours = service.headers("GetItem", content)

    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: NOW.replace(tzinfo=None))
    theirs = AWSRequest(
        "POST",
        database.url + "/",
        {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.GetItem"},
        content,
    )
    keys = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    botocore.auth.SigV4Auth(keys, "dynamodb", "ap-southeast-3").add_auth(theirs)
    assert ours["authorization"] == theirs.headers["Authorization"]
    assert ours["x-amz-date"] == theirs.headers["X-Amz-Date"]
    assert ours.get("x-amz-security-token") == theirs.headers.get("X-Amz-Security-Token")


def test_a_plain_answer_takes_one_request(database: Database) -> None:
    database.answers = [says(200, ITEM)]
    assert SharedConnection().ask("GetItem", dict(GET)) == ITEM
    assert database.asked == [("DynamoDB_20120810.GetItem", GET)]


@pytest.mark.parametrize(
    "trouble",
    [
        says(500, {"__type": "InternalServerError"}),
        says(503, b"<html>Service Unavailable</html>"),
        says(400, THROTTLED),
        says(200, b'{"Item": {"pk"'),
        says(200, {"Item": {}}, crc=1),
        hangs_up,
    ],
    ids=["500", "503", "throttled", "half an answer", "spoilt on its way", "hung up"],
)
def test_what_another_try_may_change_is_left_to_botocore(trouble: Answer, database: Database) -> None:
    database.answers = [trouble, says(200, ITEM)]
    answer = SharedConnection().ask("GetItem", dict(GET))
    assert answer["Item"] == ITEM["Item"]
    assert [operation for operation, _ in database.asked] == ["DynamoDB_20120810.GetItem"] * 2


def test_a_transaction_that_is_sent_again_is_the_same_transaction(database: Database) -> None:
    database.answers = [hangs_up, says(200, {})]
    SharedConnection().ask("TransactWriteItems", {"TransactItems": []})
    (_, first), (_, second) = database.asked
    assert first["ClientRequestToken"] == second["ClientRequestToken"]


def test_three_tries_are_all_that_a_request_gets(database: Database) -> None:
    database.answers = [says(500, {"__type": "InternalServerError"})]
    with pytest.raises(ClientError):
        SharedConnection().ask("GetItem", dict(GET))
    assert len(database.asked) == 3


@pytest.mark.parametrize("refusal", [TAKEN, CANCELLED], ids=["condition", "transaction"])
def test_a_refusal_is_told_as_botocore_tells_it_and_asked_once(
    refusal: dict[str, Any], database: Database
) -> None:
    database.answers = [says(400, refusal)]
    operation, request = "TransactWriteItems", {"TransactItems": [], "ClientRequestToken": "x"}
    with pytest.raises(ClientError) as ours:
        SharedConnection().ask(operation, dict(request))
    assert len(database.asked) == 1
    with pytest.raises(ClientError) as theirs:
        SharedConnection().by_botocore()._make_api_call(operation, dict(request))
    told: Any = ours.value.response
    expected: Any = theirs.value.response
    assert told["Error"] == expected["Error"]
    assert told.get("CancellationReasons") == expected.get("CancellationReasons")
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert told["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"] == "R1"


def test_without_credentials_botocore_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    database.answers = [says(200, ITEM)]
    with pytest.raises(Exception, match="credentials"):
        SharedConnection().ask("GetItem", dict(GET))
    assert database.asked == []


# --- How long a request waits ---------------------------------------------------------------------------------------


@pytest.fixture
def silent(database: Database) -> Iterator[Database]:
    """It takes every request and never answers."""
    over = threading.Event()
    database.answers = [lambda handler: hangs_up(handler) if over.wait(60) else None]
    yield database
    over.set()


def test_a_request_that_has_no_patience_left_asks_a_silent_database_no_more(silent: Database) -> None:
    shared = SharedConnection()
    with connection.patience(0.2):
        for _ in range(3):
            with pytest.raises(ReadTimeoutError):
                shared.ask("GetItem", dict(GET))
    # The first waited for all there was; no other was sent, and none went to botocore with its seconds.
    assert len(silent.asked) == 1


def test_what_fails_at_once_is_tried_again_within_the_patience(database: Database) -> None:
    database.answers = [says(400, THROTTLED), says(200, ITEM)]
    with connection.patience(5):
        assert SharedConnection().ask("GetItem", dict(GET))["Item"] == ITEM["Item"]


def test_patience_ends_with_its_request(silent: Database) -> None:
    shared = SharedConnection()
    with connection.patience(0.1), pytest.raises(ReadTimeoutError):
        shared.ask("GetItem", dict(GET))
    silent.answers = [says(200, ITEM)]
    assert shared.ask("GetItem", dict(GET))["Item"] == ITEM["Item"]
