"""When an application was submitted, and the year it counts in, as the row of a table says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base.messages import Message, message
from ..base.spelling import plain_text
from ..modes.support_mode import Column
from ..tables.table import Table
from .cells import is_empty, parse_cell, refuse_errors
from .chosen_columns import Place
from .days import Moment, parse_clock, parse_moment
from .known_columns import CLOCK

YEAR = re.compile(r"(\d+)(?:\.0)?\s*年?度?")  # 2026, 2026年, 2026年度; 2026.0 of a spreadsheet


@dataclass
class RowDays:
    """The columns of a table that say when.

    Args:
        at: name of a column -> where it stands.
        fault: notes a fault, by line and name of the column.
        undated: lines of rows without a budget year, though there is a column for it.
    """

    table: Table
    columns: Mapping[str, Column]
    at: Mapping[str, Place]
    fault: Callable[[int, str, str], None]
    undated: list[int] = field(default_factory=list)

    def moment(self, line: int, cells: list[Any]) -> Moment | None:
        column, cell = self.columns["submitted"], cells[self.at["submitted"].position]
        if is_empty(cell):
            self.fault(line, "submitted", is_missing(column))
            return None
        try:
            refuse_errors(cell)
            moment = parse_moment(cell, self.table.is_1904)
        except ValueError as error:
            self.fault(line, "submitted", of_column(column.header, error.args[0]))
            return None
        if CLOCK.name not in self.at or is_empty(cells[self.at[CLOCK.name].position]):
            return moment
        return self._with_clock(line, cells[self.at[CLOCK.name].position], moment)

    def _with_clock(self, line: int, cell: Any, moment: Moment) -> Moment:
        """The moment with the time of day that stands in a column of its own, with or without the day."""
        header = self.table.headers[self.at[CLOCK.name].position]
        try:
            refuse_errors(cell)
            try:
                other = parse_moment(cell, self.table.is_1904)
            except ValueError:
                other = Moment(moment.day, parse_clock(cell))
        except ValueError as error:
            self.fault(line, CLOCK.name, of_column(header, error.args[0]))
            return moment
        if other.day != moment.day or (moment.clock and other.clock and moment.clock != other.clock):
            what = message(
                "found {other}, but the other column says {day}", other=_written(other), day=_written(moment)
            )
            self.fault(line, CLOCK.name, of_column(header, what))
        return Moment(moment.day, moment.clock or other.clock)

    def year(self, line: int, cells: list[Any], moment: Moment | None) -> int | None:
        """The year an application counts in: what the column 预算年度 says, else that of its day."""
        if "budget_year" not in self.at:
            return moment.day.year if moment else None
        column, cell = self.columns["budget_year"], cells[self.at["budget_year"].position]
        if is_empty(cell):
            self.undated.append(line)
            return moment.day.year if moment else None
        try:
            refuse_errors(cell)
            return self._budget_year(cell, column)
        except ValueError as error:
            self.fault(line, "budget_year", of_column(column.header, error.args[0]))
            return None

    def _budget_year(self, cell: Any, column: Column) -> int:
        if isinstance(cell, datetime.date):
            return cell.year
        text = plain_text(cell)
        written = YEAR.fullmatch(text.strip())
        return int(parse_cell(written[1] if written else text, column))


def of_column(header: str, what: str) -> Message:
    """A sentence about what stands in a column."""
    return message("{of}: {what}", of=header, what=what)


def is_missing(column: Column) -> Message:
    """The sentence about an empty cell."""
    return message("{header} ({name}) is empty", header=column.header, name=column.name)


def _written(moment: Moment) -> str:
    return f"{moment.day} {moment.clock}" if moment.clock else str(moment.day)
