"""The lines of an opening file (期初台账): cells as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..applications.cells import parse_name
from ..base.faults import Fault
from ..base.spelling import seen
from ..tables.table import Table


def opening_lines(table: Table, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row; a cell that holds no value is a fault, and empty."""
    for row in table.rows:
        texts = []
        for column, cell in enumerate(row.cells):
            try:
                texts.append(_text(cell))
            except ValueError as error:
                faults.append(Fault(table.where(row.line, column), error.args[0]))
                texts.append("")
        yield row.line, texts


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    return seen(parse_name(cell))
