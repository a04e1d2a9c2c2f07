"""What is done with each file that stands in the bucket: read or written, its outcome put beside it, itself removed."""

from __future__ import annotations

from typing import Protocol

from chalicelib.domain.sheets import workbooks
from infra.workbooks.reading import read_workbook
from infra.workbooks.writing import written


class Store(Protocol):
    """Objects by their keys."""

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, content: bytes) -> None: ...
    def delete(self, key: str) -> None: ...


def work(store: Store, key: str) -> None:
    """Read a workbook that was brought, or write one that was ordered; what is not there any more was done before."""
    content = store.get(key)
    if content is None:
        return
    if key.startswith(workbooks.BROUGHT):
        name = key.removeprefix(workbooks.BROUGHT)
        store.put(workbooks.READ + name, workbooks.packed(read_workbook(content)))
    elif key.startswith(workbooks.ORDERED):
        name = key.removeprefix(workbooks.ORDERED)
        store.put(workbooks.WRITTEN + name, written(workbooks.ordered_book(content)))
    else:
        return
    # Last: a run that died is told again, and does it again. It is personal data, and the bucket forgets it in a day too.
    store.delete(key)
