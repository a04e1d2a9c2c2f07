"""Deletes the data of an embedded stack that does not run: `make reset`."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys

from infra.local.stack import Stack, StackError


def main() -> int:
    """Ask (not with FORCE=1) and delete; 1 when nothing was deleted."""
    try:
        return reset(Stack.from_env(), os.environ.get("FORCE") == "1")
    except StackError as error:
        print(f"! {error}", file=sys.stderr)
        return 1


def reset(stack: Stack, force: bool) -> int:
    """Delete what the stack wrote, by name: DATA may have been pointed at a folder that holds other things."""
    lock_file = stack.data / "lock"
    if not lock_file.exists():
        print(f"There is no data in {stack.data}.")
        return 0
    with lock_file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(
                f"A stack runs with the data in {stack.data}. Stop it first with Ctrl-C."
            ) from None
        if not force and not _confirmed(f"Delete all calls, pages and accounts in {stack.data}? [y/N] "):
            print("Nothing was deleted.")
            return 1
        for pattern in ("dynamo.sqlite*", "phones.sqlite*", "stack.json*", "secrets.json*"):
            for file in stack.data.glob(pattern):
                file.unlink()
        for folder in ("signin", "log", "seals", "workbooks"):
            shutil.rmtree(stack.data / folder, ignore_errors=True)
        lock_file.unlink()
    try:
        stack.data.rmdir()
    except OSError:
        print(f"Deleted; what else was in {stack.data} is still there.")
    else:
        print(f"Deleted {stack.data}.")
    return 0


def _confirmed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes", "ya")
    except EOFError:
        return False


if __name__ == "__main__":
    sys.exit(main())
