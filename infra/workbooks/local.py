"""One workbook read or written in a process of its own, bounded as Lambda bounds the function: `python -m infra.workbooks.local FOLDER KEY`."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from infra.local.workbooks import Folder
from infra.workbooks.work import work

SECONDS = 60
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Work on one key of a folder."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    folder, key = sys.argv[1:]
    work(Folder(Path(folder)), key)


if __name__ == "__main__":
    main()
