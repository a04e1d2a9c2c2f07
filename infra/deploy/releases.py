"""Releases: what was deployed, kept whole (functions, template, site) in the artefacts' bucket, so that it can run again."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from chalicelib.models.shape import KNOWS, SHAPE
from infra.deploy.cloud import Cloud, code_of
from infra.deploy.terminal import DeployError

REPO = Path(__file__).resolve().parents[2]
FOLDER = "releases"
ZIP, WORKBOOKS, TEMPLATE, SITE, ABOUT = (
    "deployment.zip",
    "workbooks.zip",
    "application.json",
    "site",
    "release.json",
)


class Release(Struct, kw_only=True):
    """A release as its `release.json` describes it; times are UTC.

    `shape` is the generation of its records, `knows` what it reads that earlier ones did not (ADR 21). `deployed_at` is empty until it has passed its smoke test once,
    `abandoned_at` is set when one went back from it.
    """

    id: str
    commit: str
    made_at: str
    shape: int
    site: list[str]
    deployed_at: str = ""
    abandoned_at: str = ""
    knows: list[str] = []

    def key(self, name: str) -> str:
        return f"{FOLDER}/{self.id}/{name}"


class Releases:
    """The kept releases of one stage."""

    def __init__(self, cloud: Cloud, bucket: str) -> None:
        self._s3 = cloud.client("s3")
        self.bucket = bucket

    def upload(self, build: Path) -> Release:
        """Keep what `make package` has built; the same content is the same release and is kept once."""
        files = [file for file in sorted((build / SITE).rglob("*")) if file.is_file()]
        site = [file.relative_to(build / SITE).as_posix() for file in files]
        digest = hashlib.sha256()
        for file in (build / ZIP, build / WORKBOOKS, build / TEMPLATE, *files):
            digest.update(
                f"{file.relative_to(build)}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
            )
        commit = _commit()
        release_id = f"{commit}-{digest.hexdigest()[:12]}"
        kept = self.get(release_id)
        if kept:
            return kept
        release = Release(
            id=release_id, commit=commit, made_at=_now(), shape=SHAPE, site=site, knows=[*KNOWS]
        )
        template = self._placed(msgspec.json.decode((build / TEMPLATE).read_bytes()), release)
        self._s3.put_object(Bucket=self.bucket, Key=release.key(TEMPLATE), Body=msgspec.json.encode(template))
        for name in (ZIP, WORKBOOKS, *(f"{SITE}/{each}" for each in site)):
            self._s3.upload_file(str(build / name), self.bucket, release.key(name))
        # Last: what has no such file was never whole.
        self.save(release)
        return release

    def _placed(self, template: dict[str, Any], release: Release) -> dict[str, Any]:
        """The template with the packages where they are kept, and the release's name among the outputs."""
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                resource["Properties"]["CodeUri"] = {"Bucket": self.bucket, "Key": release.key(ZIP)}
            elif resource["Type"] == "AWS::Lambda::Function":
                resource["Properties"]["Code"] = {"S3Bucket": self.bucket, "S3Key": release.key(WORKBOOKS)}
        template["Outputs"]["Release"] = {"Value": release.id}
        return template

    def get(self, release_id: str) -> Release | None:
        """A kept release, None if there is no such one."""
        try:
            found = self._s3.get_object(Bucket=self.bucket, Key=f"{FOLDER}/{release_id}/{ABOUT}")
        except ClientError as error:
            if code_of(error) in ("NoSuchKey", "404"):
                return None
            raise
        return msgspec.json.decode(found["Body"].read(), type=Release)

    def save(self, release: Release) -> None:
        """Write what is known of a release."""
        body = msgspec.json.format(msgspec.json.encode(release), indent=1)
        self._s3.put_object(
            Bucket=self.bucket, Key=release.key(ABOUT), Body=body, ContentType="application/json"
        )

    def mark_deployed(self, release: Release) -> None:
        """Remember that it runs and has passed its smoke test."""
        release.deployed_at, release.abandoned_at = _now(), ""
        self.save(release)

    def mark_abandoned(self, release: Release) -> None:
        """Remember that one went back from it, so that nobody is taken back to it."""
        release.abandoned_at = _now()
        self.save(release)

    def all(self) -> list[Release]:
        """All kept releases, oldest deployment first."""
        return sorted(self._kept(), key=lambda each: (each.deployed_at, each.made_at))

    def _kept(self) -> Iterator[Release]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"{FOLDER}/", Delimiter="/"
        )
        for page in pages:
            for each in page.get("CommonPrefixes", ()):
                if found := self.get(each["Prefix"].split("/")[1]):
                    yield found

    def before(self, running: Release) -> Release:
        """The release that ran well before this one; DeployError when there is none."""
        earlier = [
            each
            for each in self.all()
            if each.id != running.id and each.deployed_at and not each.abandoned_at
            if not running.deployed_at or each.deployed_at < running.deployed_at
        ]
        if not earlier:
            raise DeployError(f"There is no release before {running.id} to go back to.")
        return earlier[-1]

    def template_url(self, release: Release) -> str:
        """Where CloudFormation finds its template: S3's own address of it, which needs the caller's right to read it."""
        which = {"Bucket": self.bucket, "Key": release.key(TEMPLATE)}
        url: str = self._s3.generate_presigned_url("get_object", Params=which)
        return url.partition("?")[0]

    def template(self, release: Release) -> dict[str, Any]:
        """Its application template."""
        found = self._s3.get_object(Bucket=self.bucket, Key=release.key(TEMPLATE))
        template: dict[str, Any] = msgspec.json.decode(found["Body"].read())
        return template


def _commit() -> str:
    """The commit that is checked out, with -dirty when files differ from it; `unknown` outside a repository."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        found = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
