"""One sheet of a file before its table is looked for: cells by line, and marks besides their values (隐藏, 删除线)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_WHOLE = 1e15  # beyond it a binary fraction holds no whole number of fifteen digits more exactly than text does


class Place(NamedTuple):
    """A cell: its line, counted from 1, and its column, counted from 0."""

    line: int
    column: int


NOWHERE = Place(0, 0)


class Block(NamedTuple):
    """Cells merged into one, corners included."""

    first: Place
    last: Place


@dataclass
class Marks:
    """What a sheet says of its cells besides their values.

    Args:
        formats: number format of each cell whose format is not the general one, by line and column.
        hidden, hidden_columns: lines and columns that are not shown.
        struck: lines of which every cell that holds something is struck out.
        partly_struck: cells struck out in other lines.
        part_struck: cells of which a part is struck out; ``values`` has what is left.
        values: what a cell holds where the first reader cannot tell: the text of an error, `NOT_CALCULATED`.
        formulas: cells with a formula and a value.
        filled: how many lines hold something.
        last: the lowest line and the rightmost column with something in it, each with its cell.
    """

    formats: dict[int, Mapping[int, str]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    partly_struck: list[Place] = field(default_factory=list)
    part_struck: list[Place] = field(default_factory=list)
    merged: list[Block] = field(default_factory=list)
    values: dict[Place, Any] = field(default_factory=dict)
    formulas: list[Place] = field(default_factory=list)
    filled: int = 0
    lowest: Place = NOWHERE
    rightmost: Place = NOWHERE


@dataclass
class SheetCells:
    """A sheet: line and cells of each line that holds something, None for an empty cell; and its marks."""

    name: str
    lines: Sequence[tuple[int, list[Any]]]
    marks: Marks = field(default_factory=Marks)
    is_1904: bool = False


def tidy(cells: Collection[Any]) -> list[Any]:
    """Cells as calamine gives them: nothing is None, and a whole number is an int."""
    return [_tidy(cell) for cell in cells]


def _tidy(cell: Any) -> Any:
    if cell.__class__ is float:
        return int(cell) if cell.is_integer() and abs(cell) < MOST_WHOLE else cell
    return None if cell == "" else cell
