"""The fewest and smallest rows that show what a mode does wrong, and rows as words in a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..base.messages import Message, joined, message

LONGEST = 2.0  # seconds of looking
MOST_COLUMNS, MOST_SHOWN = 12, 3  # of a row; rows


def smallest_rows(fails: Callable[[Any], bool], table: Any) -> Any:
    """The smallest row of a table that fails alone; where none does, as few of its first rows as fail together."""
    if len(table) < 2:
        return table
    end = time.monotonic() + LONGEST
    for row in np.argsort(_sizes(table), kind="stable"):
        alone = table.rows_at(np.array([row]))
        if fails(alone):
            return alone
        if time.monotonic() > end:
            break
    fine, failing = 1, len(table)
    while failing - fine > 1 and time.monotonic() < end + LONGEST:
        middle = (fine + failing) // 2
        if fails(table.rows_at(np.arange(middle))):
            failing = middle
        else:
            fine = middle
    return table.rows_at(np.arange(failing))


def _sizes(table: Any) -> np.ndarray:
    """How large each row is: the sum of its amounts, or of all its numbers where it has no amounts."""
    numbers = {name: values for name, values in table.columns().items() if np.ndim(values) == 1 and name != "year"}
    amounts = [values for name, values in numbers.items() if name.endswith("_wan")] or list(numbers.values())
    return np.nan_to_num(sum((np.abs(np.asarray(one, float)) for one in amounts), np.zeros(len(table))))


def table_in_words(table: Any) -> Message:
    """The rows of a table, each with its year and its columns."""
    columns = {name: values for name, values in table.columns().items() if name != "year"}
    return rows_in_words(columns, np.broadcast_to(table.year, len(table)))


def rows_in_words(columns: Mapping[str, np.ndarray], years: np.ndarray) -> Message:
    """A few rows, each with its year and its columns."""
    rows = [_row_in_words(columns, int(years[row]), row) for row in range(min(len(years), MOST_SHOWN))]
    more = [message("and {count} more", count=len(years) - MOST_SHOWN)] if len(years) > MOST_SHOWN else []
    return joined([*rows, *more], "；", "; ")


def _row_in_words(columns: Mapping[str, np.ndarray], year: int, row: int) -> Message:
    parts = [f"{name} {_shown(values[row])}" for name, values in list(columns.items())[:MOST_COLUMNS]]
    return message("year {year}: {columns}", year=year, columns=joined(parts))


def _shown(value: Any) -> str:
    if np.ndim(value):
        return "[" + ", ".join(_shown(part) for part in value) + "]"
    return f"{value:.10g}" if isinstance(value, int | float | np.number) else str(value)
