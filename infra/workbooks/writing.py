"""A grid of texts as a workbook that officers fill in: every cell a text, so that no number loses its 0 and nothing is a formula."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from chalicelib.domain.sheets.workbooks import CHOICES_SHEET, OrderedBook

TEXT = "@"
HEAD_FILL = "FFE7EDF5"
DAYS, NARROWEST, WIDEST = 5, 10, 44
TITLE_MOST = 31


def written(order: OrderedBook) -> bytes:
    """The workbook's bytes."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = order.title[:TITLE_MOST]
    _fill(sheet, order)
    _offer(book, sheet, order)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, order: OrderedBook) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    rows, columns = order.rows, order.rows[order.title_rows :]
    width = max((len(cells) for cells in rows), default=0)
    for number, cells in enumerate([*rows, *[[""] * width] * order.spare], 1):
        for n, text in enumerate(cells, 1):
            cell = sheet.cell(number, n)
            if text:
                cell.value = text
                # A text that begins with = would be written as a formula.
                cell.data_type = "s"
            cell.number_format = TEXT
            if number <= order.heads:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor=HEAD_FILL)
                cell.alignment = Alignment(wrap_text=number > order.title_rows, vertical="top")
    for n in range(1, width + 1):
        longest = max((len(cells[n - 1]) for cells in columns if n <= len(cells)), default=0)
        # Beside columns that stay there are many alike, such as a month's days.
        least = NARROWEST if n <= order.staying or not order.staying else DAYS
        sheet.column_dimensions[get_column_letter(n)].width = min(max(longest + 2, least), WIDEST)
    sheet.freeze_panes = f"{get_column_letter(order.staying + 1)}{order.heads + 1}"


def _offer(book: Any, sheet: Any, order: OrderedBook) -> None:
    """Lists of what a cell may say; another text is let through, as people write others, and the import asks."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = [each for each in order.choices if each.texts]
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
        rule.add(f"{column}{order.heads + 1}:{column}{len(order.rows) + order.spare}")
        sheet.add_data_validation(rule)
