"""BucketSeals and `infra.verify --seals s3://…` against moto's S3, on a bucket with Object Lock like infra/data.yaml's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.domain import seals as domain
from chalicelib.domain.chain import digest
from chalicelib.domain.seals import Head, RecordsHead, Seal
from chalicelib.gateways.seals import BucketSeals
from infra.local.seals import FolderSeals
from infra.verify import seals

REGION = "ap-southeast-3"
BUCKET = "kentongan-test-audit"
POLICY = Path(__file__).parents[2] / ".chalice" / "policy-seal.json"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(
            Bucket=BUCKET,
            ObjectLockEnabledForBucket=True,
            CreateBucketConfiguration={"LocationConstraint": REGION},
        )
        lock = {"Mode": "COMPLIANCE", "Days": 365}
        client.put_object_lock_configuration(
            Bucket=BUCKET,
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": lock},
            },
        )
        yield client


@pytest.fixture(params=["bucket", "folder"])
def store(request: pytest.FixtureRequest, s3: Any, tmp_path: Path) -> BucketSeals | FolderSeals:
    return BucketSeals(BUCKET) if request.param == "bucket" else FolderSeals(tmp_path / "seals")


def chain(count: int) -> list[bytes]:
    """Contents of seals that follow each other, one incident in each."""
    made: list[bytes] = []
    for number in range(1, count + 1):
        at = f"2026-11-26T{number:02d}:00:00.000Z"
        seal = Seal(
            number=number,
            prev=digest(made[-1]) if made else "",
            at=at,
            since=at,
            until=at,
            records=RecordsHead(),
            incidents=[Head(id=f"I{number}", seq=number, head="ab" * 32)],
        )
        made.append(domain.encode(seal))
    return made


def test_what_was_written_is_read_back_and_found_as_the_last(store: BucketSeals | FolderSeals) -> None:
    assert (store.last(0), store.read(1)) == (0, None)
    assert store.write(1, b"one") and store.write(2, b"two")
    assert (store.read(1), store.read(2)) == (b"one", b"two")
    assert (store.last(0), store.last(1), store.last(2)) == (2, 2, 2)


def test_a_seal_is_never_written_over(store: BucketSeals | FolderSeals) -> None:
    assert store.write(1, b"one")
    assert not store.write(1, b"other")
    assert store.read(1) == b"one"


def test_a_seal_in_the_bucket_is_locked_and_has_its_own_sha256(s3: Any) -> None:
    BucketSeals(BUCKET).write(1, b"one")
    found = s3.head_object(Bucket=BUCKET, Key="seals/00000001.json", ChecksumMode="ENABLED")
    assert found["ObjectLockMode"] == "COMPLIANCE"
    versions = s3.list_object_versions(Bucket=BUCKET)["Versions"]
    assert [each["Key"] for each in versions] == ["seals/00000001.json"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=BUCKET, Key="seals/00000001.json", VersionId=versions[0]["VersionId"])


def test_the_request_is_conditional_and_carries_the_checksum_that_object_lock_demands(s3: Any) -> None:
    store, sent = BucketSeals(BUCKET), []
    store._client.meta.events.register("before-send.s3.PutObject", lambda request, **_: sent.append(request))
    store.write(1, b"one")
    headers = {name.lower(): value for name, value in sent[0].headers.items()}
    assert headers["if-none-match"] in (b"*", "*")
    assert any(name.startswith("x-amz-checksum-sha256") for name in headers) or (
        headers.get("x-amz-trailer") in (b"x-amz-checksum-sha256", "x-amz-checksum-sha256")
    )


def test_a_bucket_that_does_not_let_us_in_is_no_missing_seal(s3: Any) -> None:
    store = BucketSeals("kentongan-nobodys")
    with pytest.raises(ClientError):
        store.last(0)
    with pytest.raises(ClientError):
        store.write(1, b"one")


def test_the_role_may_do_what_the_gateway_does_and_no_more() -> None:
    policy = json.loads(POLICY.read_bytes())
    s3_statements = {
        each["Action"]: each for each in policy["Statement"] if str(each["Action"]).startswith("s3:")
    }
    assert set(s3_statements) == {"s3:PutObject", "s3:GetObject", "s3:ListBucket"}
    assert s3_statements["s3:PutObject"]["Condition"] == {"Null": {"s3:if-none-match": "false"}}
    for action in ("s3:PutObject", "s3:GetObject"):
        assert s3_statements[action]["Resource"]["Fn::Sub"].endswith(":${AuditBucketName}/seals/*")


# --- Read back by verify --------------------------------------------------------------------------------------------


def test_seals_in_a_bucket_are_read_as_those_in_a_folder(s3: Any, tmp_path: Path) -> None:
    for store in (BucketSeals(BUCKET), FolderSeals(tmp_path / "seals")):
        for number, content in enumerate(chain(3), start=1):
            store.write(number, content)
    for place in (f"s3://{BUCKET}/seals", f"s3://{BUCKET}", str(tmp_path / "seals")):
        found = seals.read(place)
        assert (found.findings, found.count) == ([], 3)
        assert found.ends["I2"] == {2: ("ab" * 32, "00000002.json")}


def test_a_newer_version_in_front_of_a_seal_is_named_and_the_first_is_read(s3: Any) -> None:
    for number, content in enumerate(chain(2), start=1):
        BucketSeals(BUCKET).write(number, content)
    s3.put_object(Bucket=BUCKET, Key="seals/00000001.json", Body=b"{}", ChecksumAlgorithm="SHA256")
    s3.delete_object(Bucket=BUCKET, Key="seals/00000002.json")
    found = seals.read(f"s3://{BUCKET}/seals")
    assert [each.split(" at ")[0] for each in found.findings] == [
        "seal 00000001.json: was written over or deleted",
        "seal 00000002.json: was written over or deleted",
    ]
    assert set(found.ends) == {"I1", "I2"}


def test_a_bucket_without_seals_is_no_success(s3: Any) -> None:
    with pytest.raises(seals.PlaceError, match="There are no seals in s3://kentongan-test-audit/seals"):
        seals.read(f"s3://{BUCKET}/seals")


def test_a_bucket_that_cannot_be_read_is_no_success(s3: Any) -> None:
    with pytest.raises(seals.PlaceError, match=r"s3://kentongan-nobodys cannot be read: .*NoSuchBucket"):
        seals.read("s3://kentongan-nobodys")
