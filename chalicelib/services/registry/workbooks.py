"""Workbooks brought in and taken out: handed to the function that knows their format, and fetched from it."""

from __future__ import annotations

from ...bootstrap import World
from ...domain.ids import fingerprint
from ...domain.sheets import workbooks
from ...domain.sheets.grid import COLUMNS_MOST, ROWS_MOST, Grid
from ...domain.sheets.workbooks import BROUGHT, ORDERED, READ, WRITTEN, OrderedBook, ReadBook
from ...errors import Busy, Invalid, NotFound
from ...faults import Fault
from ...gateways.workbooks import Workbooks


def hand_in(world: World, account_id: str, content: bytes) -> str:
    """Hand a file in to be read; its id."""
    return _hand_in(world, BROUGHT, account_id, content)


def order(world: World, account_id: str, ordered: OrderedBook) -> str:
    """Have a workbook written; its id."""
    return _hand_in(world, ORDERED, account_id, workbooks.packed(ordered))


def look(world: World, account_id: str, workbook_id: str) -> ReadBook | None:
    """What was read of a file, None while it is being read; NotFound once its day is over, and for everybody else's."""
    content = _outcome(world, (BROUGHT, READ), account_id, workbook_id)
    return workbooks.read_book(content) if content is not None else None


def written(world: World, account_id: str, workbook_id: str) -> bytes | None:
    """A workbook that was ordered, None while it is being written; NotFound as for `look`."""
    return _outcome(world, (ORDERED, WRITTEN), account_id, workbook_id)


def grid(world: World, account_id: str, workbook_id: str, sheet: int) -> Grid:
    """One of a workbook's sheets; Invalid for one that is larger than a list is, NotFound where there is none."""
    book = look(world, account_id, workbook_id)
    if book is None or sheet >= len(book.sheets):
        raise NotFound("no such sheet, or it is still being read", Fault("workbook", "not_found"))
    found = book.sheets[sheet]
    if found.configuration:
        return found
    if found.cut or len(found.rows) > ROWS_MOST or found.width > COLUMNS_MOST:
        raise Invalid("the sheet is too large", Fault("workbook", "too_many", {"most": str(ROWS_MOST)}))
    return found


def _hand_in(world: World, folder: str, account_id: str, content: bytes) -> str:
    workbook_id = world.mint.id()
    _store(world).put(folder + _name(account_id, workbook_id), content)
    return workbook_id


def _outcome(world: World, folders: tuple[str, str], account_id: str, workbook_id: str) -> bytes | None:
    store, name = _store(world), _name(account_id, workbook_id)
    asked, done = folders
    content = store.get(done + name)
    # The outcome is put there before what asked for it goes: looked for in this order, and once more, one of both is seen.
    if content is None and store.get(asked + name) is None:
        content = store.get(done + name)
        if content is None:
            raise NotFound("no such workbook, or its day is over", Fault("workbook", "not_found"))
    return content


def _store(world: World) -> Workbooks:
    if world.workbooks is None:
        raise Busy("workbooks are not read here")
    return world.workbooks


def _name(account_id: str, workbook_id: str) -> str:
    """Where it stands: whoever knows another's id finds nothing by it."""
    return fingerprint(f"workbook\n{account_id}\n{workbook_id}")
