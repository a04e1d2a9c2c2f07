"""The bucket of the trails' heads, on moto."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.gateways.heads import S3Heads
from infra import heads as checking

BUCKET = "kentongan-test-audit"
NAME = "heads/2026-11-23/2026-11-23T03:00:00.001Z.jsonl"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(
            Bucket=BUCKET,
            ObjectLockEnabledForBucket=True,
            CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"},
        )
        yield client


def test_a_file_is_found_though_somebody_hid_it_behind_a_delete_marker(s3: Any) -> None:
    S3Heads(BUCKET).keep(NAME, b'{"chain":"A","seq":1,"hash":"x"}\n')
    s3.delete_object(Bucket=BUCKET, Key=NAME)
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    assert list(checking._files(BUCKET)) == [b'{"chain":"A","seq":1,"hash":"x"}\n']


def test_a_file_that_was_written_over_is_found_as_it_was_and_as_it_is(s3: Any) -> None:
    S3Heads(BUCKET).keep(NAME, b"first\n")
    S3Heads(BUCKET).keep(NAME, b"second\n")
    assert sorted(checking._files(BUCKET)) == [b"first\n", b"second\n"]


def test_a_bucket_that_is_not_there_is_told_in_one_line(s3: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert checking.main(["kentongan-other-audit"]) == 2
    told = capsys.readouterr().err
    assert "NoSuchBucket" in told and told.count("\n") == 1
