"""A regency's configuration as a grid, a row a thing: section, id, its fields as JSON."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml

from chalicelib.domain.sheets.grid import Grid
from chalicelib.domain.sheets.workbooks import ReadBook
from infra.workbooks.strict_yaml import read_strictly

# What tells it from any other text.
_SECTION = re.compile(rb"^(?:agencies|districts|units|personnel):", re.MULTILINE)
THINGS_MOST = 20_000


def seems(content: bytes) -> bool:
    """Whether a file may be a configuration."""
    return bool(_SECTION.search(content.replace(b"\r", b"")))


def read_configuration(content: bytes) -> ReadBook:
    """Read it; what is wrong with its form is said with line and column."""
    try:
        return _read(read_strictly(content.decode("utf-8-sig")))
    except (yaml.YAMLError, ValueError, TypeError, KeyError, RecursionError) as error:
        # The last ones of a value that is tagged as what it is not, or has more digits than any number.
        return _refused(" ".join(str(error).split()))


def _read(document: Any) -> ReadBook:
    if not isinstance(document, dict):
        return _refused("no sections")
    rows: list[list[str]] = []
    for section, things in document.items():
        if isinstance(things, dict):
            rows += [[str(section), str(id_), _json(fields)] for id_, fields in things.items()]
        elif things is not None:
            rows.append(["", str(section), _json(things)])
    if len(rows) > THINGS_MOST:
        return ReadBook(refused="file_large")
    return ReadBook(sheets=[Grid(rows=rows, name="configuration", configuration=True)])


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _refused(what: str) -> ReadBook:
    return ReadBook(refused="file_yaml", what=what[:300])
