"""Writes all that an embedded stack holds into one file, while it runs or not: `make backup`."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from infra.local.archive import copy_files, look_through, pack, unpack
from infra.local.database import FILE
from infra.local.stack import REPO, Stack, StackError


def main() -> int:
    """Back up DATA into a new file in the folder TO; 1 when there is none, or when its trails do not hold."""
    os.umask(0o077)
    to = Path(os.environ.get("TO") or ".backups").expanduser()
    try:
        return back_up(Stack.from_env(), to if to.is_absolute() else REPO / to)
    except StackError as error:
        print(f"! {error}", file=sys.stderr)
    except OSError as error:
        print(f"! Nothing was backed up: {error.strerror}: {error.filename or to}", file=sys.stderr)
    return 1


def back_up(stack: Stack, to: Path) -> int:
    """Copy, pack, read back, look through, and only then give the file its name."""
    if stack.database:
        raise StackError(
            f"The data are in a database of your own, {stack.database}: back it up by its means."
        )
    if not (stack.data / FILE).exists():
        raise StackError(f"There are no data in {stack.data}.")
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = os.open(to, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        scratch = to / ".unfinished"
        # Of one that was killed.
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        try:
            return _write(stack, scratch, to)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            os.fsync(folder)
    finally:
        os.close(folder)


def _write(stack: Stack, scratch: Path, to: Path) -> int:
    copied, read_back = scratch / "copied", scratch / "read-back"
    for each in (copied, read_back):
        each.mkdir(mode=0o700)
    copied_at = datetime.now(UTC)
    copy_files(stack.data, copied)
    draft = scratch / "draft"
    pack(copied, draft)
    unpack(draft, read_back)
    holds, said = look_through(read_back)
    for line in said:
        print(f"    {line}")
    file = to / f"kentongan-{copied_at:%Y%m%dT%H%M%SZ}.tar.gz"
    draft.rename(file)
    print(f"· {file}: {file.stat().st_size / 1e6:.1f} MB, read back and looked through")
    print(
        "    It holds sign-ins, phone numbers and keys. Keep it where nobody else reads, and not on this disk."
    )
    print(f"    make restore FILE={file} DATA=.data2")
    if not holds:
        print(
            "! The audit trail does not hold, see above. Keep this file and the older ones.", file=sys.stderr
        )
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
