"""The Lambda function, told by EventBridge of each object that came into its bucket."""

from __future__ import annotations

import os
from typing import Any

from chalicelib.gateways.workbooks import Bucket
from infra.workbooks.work import work

_bucket: Bucket | None = None


def handler(event: dict[str, Any], _context: object) -> None:
    """Do the work that an object asks for; whatever is raised is tried again by Lambda, twice."""
    global _bucket
    if _bucket is None:
        _bucket = Bucket(os.environ["WORKBOOKS_BUCKET"])
    work(_bucket, event["detail"]["object"]["key"])
