"""The lines of an opening file (期初台账): a csv, or a sheet of a workbook; cells as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..applications.cells import parse_name
from ..applications.grid import Grid, read_grid
from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.spelling import seen
from ..base.yaml_lines import read_text

WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class OpeningLines:
    """The header and the rows below it, each with its line.

    Args:
        lines: line and cells; the header first.
        where: the place of a line as a fault names it.
        notes: warnings about the file as a whole.
    """

    lines: Sequence[tuple[int, list[str]]]
    where: Callable[[int], str]
    notes: tuple[Fault, ...] = ()


def read_opening_lines(path: Path, is_header: Callable[[Sequence[str]], bool]) -> OpeningLines:
    """Read a csv in UTF-8 or GBK, or a workbook one of whose sheets has a row of headers.

    Raises:
        FaultyInput: it cannot be read, or it is empty.
    """
    if path.suffix.lower() in WORKBOOKS:
        grid = read_grid(path, is_header)
        return OpeningLines(list(_lines_of(grid)), grid.where, grid.notes)
    notes: list[Fault] = []
    try:
        lines = list(_csv_lines(read_text(path, notes)))
    except csv.Error as error:
        raise FaultyInput([Fault(path.name, message("this is no CSV file: {error}", error=str(error)))]) from None
    if not lines:
        raise FaultyInput([Fault(path.name, message("the file is empty"))])
    return OpeningLines(lines, lambda line: f"{path.name}:{line}", tuple(notes))


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    for cells in reader:
        yield reader.line_num, [seen(cell).strip() for cell in cells]


def _lines_of(grid: Grid) -> Iterator[tuple[int, list[str]]]:
    """The header and rows of a sheet; a cell that holds no value is a fault, all of them at once."""
    faults = []
    yield grid.header_line, list(grid.headers)
    for line, cells in grid.rows:
        texts = []
        for column, cell in enumerate(cells):
            try:
                texts.append(_text(cell))
            except ValueError as error:
                faults.append(Fault(grid.where(line, column), error.args[0]))
        yield line, texts
    if faults:
        raise FaultyInput(faults)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    return seen(parse_name(cell))
