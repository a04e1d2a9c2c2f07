"""What a backup of an embedded stack holds: one compressed file, read back and looked through before it is believed."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from infra.local.database import FILE, database_of
from infra.local.stack import REPO, Stack, StackError, write_durably

DATABASES = (FILE, "phones.sqlite")
NEEDED = frozenset({FILE, "secrets.json"})
# Of the sign-in service: accounts, and the key that it signs with. Seals: a file an hour.
OTHERS = ("secrets.json", "signin/*.json", "signin/*.pem", "seals/[0-9]*.json")
NAMES = re.compile(r"dynamo\.sqlite|phones\.sqlite|secrets\.json|signin/[\w.-]+\.(json|pem)|seals/\d+\.json")
TRIES = 5


def copy_files(data: Path, to: Path) -> None:
    """Copy a stack's files as they stand at one moment, while it works on them or not; StackError when that cannot be."""
    for _ in range(TRIES):
        sealed = _seals(data)
        for name in DATABASES:
            if (data / name).exists():
                _copy_database(data / name, to / name)
        # A seal knows what the database held when it was written, and the database knows the last seal.
        if _seals(data) == sealed:
            break
    else:
        raise StackError(f"Seals were written into {data} all the while. Try again in a minute.")
    for file in (each for pattern in OTHERS for each in sorted(data.glob(pattern))):
        copied = to / file.relative_to(data)
        if file.parent.name != "seals" or file.name in sealed:
            copied.parent.mkdir(exist_ok=True)
            shutil.copyfile(file, copied)


def _seals(data: Path) -> set[str]:
    return {each.name for each in data.glob("seals/[0-9]*.json")}


def _copy_database(source: Path, to: Path) -> None:
    """By SQLite's own online backup, in one step: a writer neither waits for it nor changes what is copied."""
    to.unlink(missing_ok=True)
    opened, copied = sqlite3.connect(source, timeout=30), sqlite3.connect(to)
    try:
        opened.backup(copied)
    except sqlite3.Error as error:
        raise StackError(f"{source} cannot be copied: {error}") from error
    finally:
        copied.close()
        opened.close()


def pack(folder: Path, file: Path) -> None:
    """Write a folder's files into one, for the owner's eyes alone, and wait for the disk."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        # Already the lightest compression makes a tenth of it, at the disk's own speed.
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as packed:
            for each in sorted(folder.rglob("*")):
                if each.is_file():
                    packed.add(each, str(each.relative_to(folder)), filter=_without_owner)
        out.flush()
        os.fsync(out.fileno())


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def unpack(file: Path, folder: Path) -> None:
    """Write what a backup holds into an empty folder; StackError in one line when it is damaged or no backup."""
    try:
        with gzip.open(file, "rb") as packed:
            with tarfile.open(fileobj=packed, mode="r|") as members:
                found = set(_write(members, folder))
            # The sum of all stands at the very end.
            while packed.read(1 << 20):
                pass
    except FileNotFoundError as error:
        raise StackError(f"There is no file {file}.") from error
    except (gzip.BadGzipFile, EOFError, zlib.error, tarfile.TarError, ValueError) as error:
        raise StackError(f"{file} is damaged or no backup: {error}") from error
    if missing := sorted(NEEDED - found):
        raise StackError(f"{file} is no whole backup: it lacks {', '.join(missing)}")
    for name in found & set(DATABASES):
        _check_database(folder / name, file)


def _write(members: tarfile.TarFile, folder: Path) -> Iterator[str]:
    for member in members:
        content = members.extractfile(member) if member.isreg() else None
        if content is None or not NAMES.fullmatch(member.name):
            raise ValueError(f"it holds {member.name!r}")
        written = folder / member.name
        written.parent.mkdir(exist_ok=True, mode=0o700)
        _write_file(content, written)
        yield member.name


def _write_file(content: IO[bytes], to: Path) -> None:
    with open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())


def _check_database(database: Path, file: Path) -> None:
    opened = sqlite3.connect(database)
    try:
        found = opened.execute("pragma integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    finally:
        opened.close()
    if found != "ok":
        raise StackError(f"{file} is damaged: {database.name}: {found.splitlines()[0]}")


def look_through(folder: Path) -> tuple[bool, list[str]]:
    """Walk every audit trail of a stack's files as `make verify` does: whether all holds, and what it says.

    StackError when they cannot be read at all.
    """
    stack = Stack(folder, 1).with_private_database()
    stack.logs.mkdir(exist_ok=True, mode=0o700)
    database = database_of(stack)
    database.start()
    try:
        database.wait_until_ready(60)
        write_durably(
            stack.state_file, json.dumps({"port": stack.port, "database": stack.database_url}).encode()
        )
        environment = os.environ | {"DATA": str(folder), "STAGE": "local", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "infra.verify", "--embedded"]
        done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=False)
    finally:
        database.ask_to_stop()
        database.wait_or_kill(5.0)
        stack.state_file.unlink(missing_ok=True)
        shutil.rmtree(stack.logs)
    lines = done.stdout.strip().splitlines()
    # Having nothing to look at yet is no fault.
    if done.returncode == 2 and not lines:
        raise StackError(f"It cannot be read: {(done.stderr.strip().splitlines() or ['no reason'])[-1]}")
    return done.returncode != 1, lines
