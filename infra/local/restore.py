"""Puts a backup into DATA: `make restore FILE=`. What stood there is moved aside, whole, and nothing is deleted."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from infra.local.archive import look_through, unpack
from infra.local.stack import OWN_FILES, Stack, StackError

_LIBC = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
# A folder with this in it was never whole.
UNFINISHED = "unfinished"


def main() -> int:
    """Restore the file named by FILE into DATA; 1 when nothing was changed, or when its trails do not hold."""
    os.umask(0o077)
    try:
        return restore(Stack.from_env(), Path(os.environ.get("FILE", "")).expanduser())
    except StackError as error:
        print(f"! {error}", file=sys.stderr)
    except OSError as error:
        print(f"! Nothing was changed: {error.strerror}: {error.filename}", file=sys.stderr)
    return 1


def restore(stack: Stack, file: Path) -> int:
    """Unpack beside DATA, look through, and only then put the folder in DATA's place, in one step."""
    data = stack.data
    if stack.database:
        raise StackError(
            f"The data are in a database of your own, {stack.database}: restore it by its means."
        )
    if not file.is_file():
        raise StackError(f"There is no file {file}.")
    with ExitStack() as held:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _keep_out_stacks(data, held)
        foreign = set(data.iterdir()) - set(chain.from_iterable(map(data.glob, OWN_FILES)))
        if foreign:
            raise StackError(
                f"In {data} stands what is not the stack's ({min(foreign).name}). Take a folder of its own: "
                f"make restore FILE={file} DATA=.data2"
            )
        _remove_unfinished(data)
        beside = data.with_name(f"{data.name}.{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        holds, said = _unpack(file, beside, held)
        _put_in_place(beside, data)
    for line in said:
        print(f"    {line}")
    print(f"· {file} stands in {data}")
    print(f"    make run DATA={data} sends what was due then and has not expired; look at the board first.")
    if not holds:
        print("! The audit trail does not hold, see above.", file=sys.stderr)
    return 0 if holds else 1


def _keep_out_stacks(data: Path, held: ExitStack) -> None:
    """Let no stack start on a folder until this is over."""
    lock = held.enter_context((data / "lock").open("a"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StackError(f"A stack runs with the data in {data}. Stop it first with Ctrl-C.") from None


def _remove_unfinished(data: Path) -> None:
    """Of restores that were killed; whoever still works on one holds DATA's lock."""
    for mark in data.parent.glob(f"{data.name}.*/{UNFINISHED}"):
        shutil.rmtree(mark.parent)


def _unpack(file: Path, beside: Path, held: ExitStack) -> tuple[bool, list[str]]:
    beside.mkdir(mode=0o700)
    mark = beside / UNFINISHED
    mark.touch()
    try:
        unpack(file, beside)
        found = look_through(beside)
        _keep_out_stacks(beside, held)
        mark.unlink()
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    os.sync()
    return found


def _put_in_place(beside: Path, data: Path) -> None:
    """Exchange the two folders: at no moment is there neither, or half of one."""
    paths = os.fsencode(beside), os.fsencode(data)
    if _LIBC.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE):
        # A disk that knows no exchange, or DATA is where a disk is mounted.
        why = os.strerror(ctypes.get_errno()).lower()
        raise StackError(
            f"The folders cannot be exchanged ({why}), so {data} is as it was; what was restored stands in {beside}: "
            f"make run DATA={beside}"
        )
    if {each.name for each in beside.iterdir()} == {"lock"}:
        shutil.rmtree(beside)
    else:
        print(f"· What stood in {data} until now is kept in {beside}")


if __name__ == "__main__":
    sys.exit(main())
