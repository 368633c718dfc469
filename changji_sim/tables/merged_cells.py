"""Merged cells below the headers: a text over several rows stands for each of them; an amount cannot."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence

from ..base.faults import Fault
from ..base.messages import Joined, joined, message
from .row_labels import amount_of
from .sheet_cells import Block, Place, SheetCells
from .table import Table, column_letter

MOST_NAMED = 20


def fill_merged(table: Table, sheet: SheetCells, start: int) -> list[Block]:
    """Give every row of a text or day that is merged over rows of one column its own; which blocks these were.

    Args:
        start: the position of the first line below the headers.
    """
    filled = []
    lines = dict(sheet.lines[start:])
    lowest = max(lines, default=0)  # a block may reach far below it
    for block in sheet.marks.merged:
        column = block.first.column
        if block.last.column != column or column >= len(table.headers):
            continue
        rows = [lines[n] for n in range(block.first.line, min(block.last.line, lowest) + 1) if n in lines]
        values = [row[column] if column < len(row) else None for row in rows]
        value = next(iter(values), None)
        is_name = isinstance(value, (str, datetime.date)) and amount_of(value) is None
        if len(rows) < 2 or not is_name or any(other is not None and other != value for other in values):
            continue
        for row in rows[1:]:
            row.extend([None] * (column + 1 - len(row)))
            row[column] = value
        filled.append(block)
    return filled


def about_merged(
    table: Table, sheet: SheetCells, filled: Sequence[Block], known: Collection[int], lines: Collection[int]
) -> Iterator[Fault]:
    """A warning about blocks that were filled, and a fault about others among the entries.

    Args:
        known: columns whose header is known.
        lines: those of entries.
    """
    if filled:
        what = message("merged cells: {cells}; what they hold counts for each of their rows", cells=_refs(filled))
        yield Fault(table.file, what, is_warning=True)
    refused = [
        block
        for block in sheet.marks.merged
        if block not in filled and _touches(block, lines) and _hides_values(block, table, known)
    ]
    if refused:
        what = message("the cells {cells} are merged; every row needs cells of its own", cells=_refs(refused))
        yield Fault(table.file, what)


def _touches(block: Block, lines: Collection[int]) -> bool:
    return any(block.first.line <= line <= block.last.line for line in lines)


def _hides_values(block: Block, table: Table, known: Collection[int]) -> bool:
    """Whether an entry lacks a cell because of a block: it spans columns with headers, or rows of a known one."""
    columns = range(block.first.column, min(block.last.column + 1, len(table.headers)))
    named = [n for n in columns if table.headers[n]]
    if block.first.line == block.last.line:
        return len(named) > 1 and any(n in known for n in named)
    return any(n in known for n in named)


def _refs(blocks: Sequence[Block]) -> Joined:
    refs = [f"{_ref(block.first)}:{_ref(block.last)}" for block in blocks]
    return joined([*refs[:MOST_NAMED], *("…" for _ in refs[MOST_NAMED : MOST_NAMED + 1])])


def _ref(place: Place) -> str:
    return f"{column_letter(place.column)}{place.line}"
