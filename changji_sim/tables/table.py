"""A table of a file: its headers, its rows, the title above it; every cell with the row and column the file shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..base.faults import Fault
from ..base.messages import Message, message

MAX_ROWS = 200_000
MAX_COLUMNS = 256
HEADER_WITHIN = 20  # lines; titles may stand above the headers


class NotCalculated:
    """Stands for a formula whose value the file does not hold."""

    def __repr__(self) -> str:
        return "a formula without a saved value"


NOT_CALCULATED = NotCalculated()


@dataclass(frozen=True)
class ExpectedColumns:
    """What the reader of a table knows of its columns.

    Args:
        name_of: the name of the column that a header stands for; None where it is unknown.
        identifying: names of which a row of headers has at least two.
        entry: those of them of which an entry has at least one: a row without is the form's own (a sum, a signature).
        printed: those of them that a form may print in advance, before there is an entry (numbers of rows).
    """

    name_of: Callable[[str], str | None]
    identifying: tuple[str, ...]
    entry: tuple[str, ...]
    printed: tuple[str, ...]

    def are_in(self, texts: Sequence[str]) -> bool:
        """Whether a row of texts is the row of headers."""
        return len({self.name_of(text) for text in texts if text} & set(self.identifying)) >= 2


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """One row below the headers.

    Args:
        line: the row's number in the file.
        cells: one for each header, None where nothing stands: text, number, bool, day, day with time, time of day,
            duration, or `NOT_CALCULATED`; an error is its text (``#DIV/0!``).
        formats: the number format of each cell that has one of its own, by position.
        is_hidden: a filter or a person hid the row.
        is_struck: every cell that is not empty is struck out.
    """

    line: int
    cells: list[Any]
    formats: Mapping[int, str] = field(default_factory=dict)
    is_hidden: bool = False
    is_struck: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """The table of a file; empty rows are left out.

    Args:
        sheet: "" where the file has none (a csv).
        headers: one a column, from the file's first column on, "" where it has none.
        rows: those that are entries.
        header_line: the line of the headers; where they take two rows, of the lower one.
        titles: line and text of what stands above the headers, a unit (单位：万元) among it.
        is_1904: the workbook counts days from 1904.
        notes: warnings: what was converted or left out.
        faults: what is wrong with the table, to be told together with the faults of its rows.
    """

    path: Path
    sheet: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    header_line: int
    titles: tuple[tuple[int, str], ...] = ()
    is_1904: bool = False
    notes: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()

    def where(self, line: int, column: int | None = None) -> Message:
        """The place of a row or cell as a fault names it: ``申报.xlsx 申报 第3行 G列``."""
        if column is None:
            return message("{file} row {line}", file=self.file, line=line)
        letter = column_letter(column)
        return message("{file} row {line} column {column}", file=self.file, line=line, column=letter)

    @property
    def file(self) -> str:
        """The file, with the sheet where it has several, as a fault names it."""
        return f"{self.path.name} {self.sheet}" if self.sheet else self.path.name


def column_letter(column: int) -> str:
    """What a workbook calls a column that is counted from 0: A, B, … AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
