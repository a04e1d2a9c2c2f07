"""What a restore on one PC says where it cannot put the folder in DATA's place."""

from __future__ import annotations

import ctypes
import errno
from pathlib import Path

import pytest

from infra.local import restore
from infra.local.stack import Stack, StackError


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.EBUSY])
def test_where_folders_cannot_be_exchanged_it_says_where_the_restored_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A mount point, as of a disk of its own for DATA, is busy."""

    class Kernel:
        @staticmethod
        def renameat2(*_: object) -> int:
            ctypes.set_errno(number)
            return -1

    def unpack(file: Path, folder: Path) -> None:
        (folder / "dynamo.sqlite").touch()

    monkeypatch.setattr(restore, "_LIBC", Kernel)
    monkeypatch.setattr(restore, "unpack", unpack)
    monkeypatch.setattr(restore, "look_through", lambda _: (True, []))
    file = tmp_path / "backup.tar.gz"
    file.touch()
    with pytest.raises(StackError, match="is as it was") as refused:
        restore.restore(Stack(tmp_path / "data", 8112), file)
    (beside,) = tmp_path.glob("data.*")
    assert f"make run DATA={beside}" in str(refused.value)
