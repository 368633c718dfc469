"""Sheets with live formulas: each is written with its value, worked out here from the cells it adds up or multiplies.

A formula without a stored value is 0 in LibreOffice and in every viewer that does not calculate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from ...wording.amounts import decimal
from ..workbook.workbook_cells import AMOUNT, DECIMALS, Page

THIN: dict[str, Any] = {"border": 1, "border_color": "#7F8C9A"}  # every cell of a form has its frame


@dataclass(frozen=True)
class Amount:
    """A number that stands in a cell."""

    page: FormulaPage
    row: int
    column: int
    value: float

    def seen_from(self, page: FormulaPage) -> str:
        """How a formula of a sheet names the cell."""
        cell = xl_rowcol_to_cell(self.row, self.column)
        return cell if page is self.page else f"'{self.page.name}'!{cell}"


class FormulaPage(Page):
    """A sheet of a form: amounts, and sums, products and shares of amounts that stand elsewhere."""

    def amount(self, row: int, column: int, value: float, form: str = AMOUNT, **look: Any) -> Amount:
        """A number as it is, rounded as ``budget.csv`` writes it."""
        value = round(float(value), DECIMALS) if form == AMOUNT else float(value)
        self.number(row, column, value, form, **THIN | look)
        return Amount(self, row, column, value)

    def sum_of(self, row: int, column: int, parts: Sequence[Amount], **look: Any) -> Amount:
        """The sum of some cells; neighbours in a row or column as a range."""
        value = 0.0
        for part in parts:
            value += part.value
        formula = f"SUM({','.join(self._ranges(parts))})" if parts else "0"
        return self._formula(row, column, formula, value, **look)

    def product_of(self, row: int, column: int, one: Amount, other: Amount, **look: Any) -> Amount:
        """One cell times another."""
        return self._formula(
            row, column, f"{one.seen_from(self)}*{other.seen_from(self)}", one.value * other.value, **look
        )

    def difference_of(self, row: int, column: int, one: Amount, other: Amount, **look: Any) -> Amount:
        """One cell less another."""
        return self._formula(
            row, column, f"{one.seen_from(self)}-{other.seen_from(self)}", one.value - other.value, **look
        )

    def share_of(self, row: int, column: int, part: Amount, whole: Amount, **look: Any) -> Amount:
        """A part in percent of a whole; 0 where the whole is nothing."""
        of = whole.seen_from(self)
        value = part.value / whole.value if whole.value else 0.0
        return self._formula(row, column, f"IF({of}=0,0,{part.seen_from(self)}/{of})", value, "0.0%", **look)

    def same_as(self, row: int, column: int, other: Amount, **look: Any) -> Amount:
        """What stands in another cell."""
        return self._formula(row, column, other.seen_from(self), other.value, **look)

    def _formula(self, row: int, column: int, formula: str, value: float, form: str = AMOUNT, **look: Any) -> Amount:
        assert math.isfinite(value)
        self.sheet.write_formula(row, column, f"={formula}", self.look(num_format=form, **THIN | look), value)
        self._count(column, len(decimal(value, 2)) + 1.0)
        return Amount(self, row, column, value)

    def _ranges(self, parts: Sequence[Amount]) -> list[str]:
        """Cells as ranges of neighbours: ``C5:C9``."""
        runs: list[list[Amount]] = []
        for part in parts:
            last = runs[-1] if runs else []
            if last and part.page is last[-1].page and _follows(last, part):
                last.append(part)
            else:
                runs.append([part])
        return [
            run[0].seen_from(self) + (f":{xl_rowcol_to_cell(run[-1].row, run[-1].column)}" if len(run) > 1 else "")
            for run in runs
        ]


def _follows(run: list[Amount], part: Amount) -> bool:
    """Whether a cell carries on a run of cells in one row or one column."""
    step = part.row - run[-1].row, part.column - run[-1].column
    before = (run[-1].row - run[-2].row, run[-1].column - run[-2].column) if len(run) > 1 else step
    return step == before and step in ((0, 1), (1, 0))
