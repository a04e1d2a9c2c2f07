"""Which requests to DynamoDB something makes: they are what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from pynamodb.connection import base


def requests_of(work: Callable[[], Any]) -> list[str]:
    """The names of the operations in their order."""
    made: list[str] = []
    really = base.Connection._make_api_call

    def note(self: base.Connection, operation: str, *arguments: Any, **more: Any) -> Any:
        made.append(operation)
        return really(self, operation, *arguments, **more)

    with patch.object(base.Connection, "_make_api_call", note):
        work()
    return made
