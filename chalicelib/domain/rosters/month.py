"""Of which month a roster is: what its titles, its tab, its days and their weekdays say, told where the open page says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from ..sheets.grid import Grid, address
from .days import day_head, fits, months_in, weekdays
from .layout import ABOVE, Block, Layout, Listing
from .reading import Sign


def signs_against(grid: Grid, layout: Layout, month: str) -> list[Sign]:
    """All that a sheet says of its month where anything of it says another than the open one; none where nothing does."""
    said = list(_said(grid, layout, month))
    return said if any(each.says != month for each in said) else []


def _said(grid: Grid, layout: Layout, month: str) -> Iterator[Sign]:
    heads = [each.head for each in layout.blocks] or [layout.listing.head if layout.listing else 1]
    for row in range(1, min(heads)):
        for n, text in enumerate(grid.rows[row - 1]):
            # What is merged stands in each of its cells.
            if text and text not in grid.rows[row - 1][:n] and (says := _nearest(text, month)):
                yield Sign(where="title", says=says, at=address(row, n))
    if says := _nearest(grid.name, month):
        yield Sign(where="tab", says=says, at=grid.name)
    for block in layout.blocks:
        yield from _above(grid, block, min(heads), month)
        named = [(n, each) for n, each in sorted(block.days.items()) if each.month]
        # The days of another month beside this one's are none of it, and are not read.
        if named and not any(each.of_month(month) for _, each in named):
            n, head = named[0]
            yield Sign(
                where="days",
                says=f"{head.year or int(month[:4])}-{head.month:02d}",
                at=address(block.head, n),
            )
        yield from _weekdays(grid, block, month)
    if layout.listing:
        yield from _listed(grid, layout.listing, month)


def _above(grid: Grid, block: Block, top: int, month: str) -> Iterator[Sign]:
    """A title over a grid below another, which may be another month's; of people's names none says a year."""
    for row in range(max(top + 1, block.head - ABOVE), block.head):
        for n, text in enumerate(grid.rows[row - 1]):
            says = [f"{year}-{number:02d}" for year, number in months_in(text) if year]
            if says and text not in grid.rows[row - 1][:n] and month not in says:
                yield Sign(where="title", says=says[0], at=address(row, n))


def _listed(grid: Grid, listing: Listing, month: str) -> Iterator[Sign]:
    """A list whose days are all of another month."""
    days = [
        (row, head)
        for row in range(listing.head + 1, len(grid.rows) + 1)
        if (head := day_head(grid.cell(row, listing.day))) and head.month
    ]
    if days and not any(head.of_month(month) for _, head in days):
        row, head = days[0]
        says = f"{head.year or int(month[:4])}-{head.month:02d}"
        yield Sign(where="days", says=says, at=address(row, listing.day))
    wrong = [
        row
        for row in range(listing.head + 1, len(grid.rows) + 1)
        if (head := day_head(grid.cell(row, listing.day)))
        and head.of_month(month)
        and not fits([(head.day, head.weekdays)], month)
    ]
    if wrong:
        yield Sign(where="weekdays", says="", at=address(wrong[0], listing.day))


def _nearest(text: str, month: str) -> str:
    """The month that a text names, the open one if it is among several; '' for none."""
    named = [f"{year or int(month[:4])}-{number:02d}" for year, number in months_in(text)]
    return month if month in named else (named[0] if named else "")


def _weekdays(grid: Grid, block: Block, month: str) -> Iterator[Sign]:
    """The month whose weekdays stand at the days, if they are not the open one's."""
    rows = [row for row in (block.head - 1, block.head + 1) if 1 <= row <= len(grid.rows)]
    beside = [
        (
            address(row, min(block.days)),
            [
                (head.day, weekdays(grid.cell(row, n)))
                for n, head in block.days.items()
                if head.of_month(month)
            ],
        )
        for row in rows
    ]
    beside.append(
        (
            address(block.head, min(block.days)),
            [(head.day, head.weekdays) for head in block.days.values() if head.of_month(month)],
        )
    )
    for at, heads in beside:
        if 2 * sum(bool(named) for _, named in heads) > len(heads) and not fits(heads, month):
            near = [each for each in _about(month) if fits(heads, each)]
            yield Sign(where="weekdays", says=near[0] if near else "", at=at)
            return


def _about(month: str) -> Iterator[str]:
    """The months about one, the nearest first."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1
    for away in (-1, 1, *(sign * far for far in range(2, 13) for sign in (-1, 1))):
        year, at = divmod(number + away, 12)
        yield f"{year}-{at + 1:02d}"
