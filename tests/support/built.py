"""What `make package` makes, once for all tests of a run."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from infra import package


@cache
def built() -> Path:
    """A folder with `deployment.zip`, `application.json` and `data.json`; it goes away with the process."""
    folder = Path(tempfile.mkdtemp(prefix="kentongan-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return package.package(package.REPO, folder)


def template(name: str) -> dict[str, Any]:
    """The template `data` or `application`, read anew."""
    content: dict[str, Any] = json.loads((built() / f"{name}.json").read_bytes())
    return content
