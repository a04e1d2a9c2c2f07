"""What is logged beside a message bears no name that a log record has itself: Python raises for it, in the middle of an error's handling."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TAKEN = {*logging.makeLogRecord({}).__dict__, "message", "asctime"}


def extras(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
            for key in node.value.keys:
                if isinstance(key, ast.Constant):
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", str(key.value)


def test_no_extra_field_of_a_log_line_bears_a_name_that_is_taken() -> None:
    files = [file for folder in ("chalicelib", "infra") for file in (ROOT / folder).rglob("*.py")]
    found = [each for file in files for each in extras(file)]
    assert len(found) > 20
    assert [each for each in found if each[1] in TAKEN] == []
