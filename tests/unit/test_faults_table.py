"""The table of faults names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
NAMED = re.findall(r"\| `([a-z]+/test_\w+\.py)::(test_\w+)` \|$", TABLE, re.MULTILINE)


def test_every_fault_names_a_test_that_exists() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if f"def {name}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_line_of_the_table_names_a_test() -> None:
    lines = [line for line in TABLE.splitlines() if line.startswith("| ") and "---" not in line]
    faults = [line for line in lines if not line.startswith("| fault |")]
    assert len(faults) == len(NAMED)
