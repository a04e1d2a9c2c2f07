"""The site's files in their bucket: what pages need comes before the pages, and nothing is served stale."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from infra.deploy.cloud import Cloud
from infra.deploy.releases import SITE, Release, Releases
from infra.local.static import FOREVER, TYPES

HASHED = ("assets/", "vendor/")


def publish(cloud: Cloud, releases: Releases, release: Release, bucket: str, distribution: str) -> None:
    """Put a release's site into its place; pages that it no longer has are deleted.

    Files whose names hold a hash stay, for pages that are still open in somebody's browser.
    """
    s3 = cloud.client("s3")

    def put(path: str) -> None:
        s3.copy_object(
            Bucket=bucket,
            Key=path,
            CopySource={"Bucket": releases.bucket, "Key": release.key(f"{SITE}/{path}")},
            MetadataDirective="REPLACE",
            ContentType=TYPES[path[path.rindex(".") :]],
            CacheControl=FOREVER if path.startswith(HASHED) else "no-cache",
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, [path for path in release.site if path.startswith(HASHED)]))
        list(pool.map(put, [path for path in release.site if not path.startswith(HASHED)]))
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    for key in [each["Key"] for page in pages for each in page.get("Contents", ())]:
        if not key.startswith(HASHED) and key not in release.site:
            s3.delete_object(Bucket=bucket, Key=key)
    cloud.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": uuid4().hex},
    )
