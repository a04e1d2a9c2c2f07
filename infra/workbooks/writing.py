"""A grid of texts as a workbook that officers fill in: every cell a text, so that no number loses its 0 and nothing is a formula."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from chalicelib.domain.sheets.workbooks import CHOICES_SHEET, Choices, OrderedBook

TEXT = "@"
HEAD_FILL = "FFE7EDF5"
NARROWEST, WIDEST = 10, 44
TITLE_MOST = 31


def written(order: OrderedBook) -> bytes:
    """The workbook's bytes."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = order.title[:TITLE_MOST]
    _fill(sheet, order.rows, order.spare)
    _offer(book, sheet, order.choices, len(order.rows) + order.spare)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, rows: list[list[str]], spare: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    width = max((len(cells) for cells in rows), default=0)
    for number, cells in enumerate([*rows, *[[""] * width] * spare], 1):
        for n, text in enumerate(cells, 1):
            cell = sheet.cell(number, n)
            if text:
                cell.value = text
                # A text that begins with = would be written as a formula.
                cell.data_type = "s"
            cell.number_format = TEXT
            if number == 1:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor=HEAD_FILL)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for n in range(1, width + 1):
        longest = max(len(cells[n - 1]) for cells in rows)
        sheet.column_dimensions[get_column_letter(n)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"


def _offer(book: Any, sheet: Any, choices: list[Choices], last: int) -> None:
    """Lists of what a cell may say; another text is let through, as people write others, and the import asks."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = [each for each in choices if each.texts]
    if not offered:
        return
    lists = book.create_sheet(CHOICES_SHEET)
    lists.sheet_state = "veryHidden"
    for n, each in enumerate(offered, 1):
        for row, text in enumerate(each.texts, 1):
            cell = lists.cell(row, n, text)
            cell.data_type, cell.number_format = "s", TEXT
        at, column = get_column_letter(n), get_column_letter(each.column + 1)
        rule = DataValidation(
            type="list",
            formula1=f"'{CHOICES_SHEET}'!${at}$1:${at}${len(each.texts)}",
            allow_blank=True,
            showErrorMessage=False,
        )
        rule.add(f"{column}2:{column}{last}")
        sheet.add_data_validation(rule)
