"""What docs/privacy.md says of periods is what the program keeps to."""

from __future__ import annotations

import re
from pathlib import Path

from chalicelib.domain.retention import DAYS, LEAST_DAYS

PAGE = (Path(__file__).parents[2] / "docs/privacy.md").read_text(encoding="utf-8")


def test_the_page_names_every_kind_with_its_period() -> None:
    said = re.findall(r"^\| `(\w+)` \|[^|]*\| (\d+)", PAGE, re.MULTILINE)
    assert {kind: int(days) for kind, days in said} == DAYS
    assert f"less than {LEAST_DAYS} days" in PAGE
