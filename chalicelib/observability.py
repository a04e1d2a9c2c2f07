"""The logger: one JSON line a record, with ids and without personal data, codes or tokens."""

from __future__ import annotations

from aws_lambda_powertools.logging import Logger

logger = Logger(service="kentongan")
