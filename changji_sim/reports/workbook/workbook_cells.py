"""Cells of a workbook: text as text whatever it begins with, amounts with two decimals, columns as wide as Chinese."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from ...base.text_width import text_width

FONT = "Microsoft YaHei"
AMOUNT, PERCENT, WHOLE = "#,##0.00", "0%", "0"
WAN = "[>=9.95]#,##0;[=0]0;0.0"  # as `wording.amounts.wan`: whole 万元 from 10 on, for bands are hundreds wide
DECIMALS = 6  # of an amount in 万元: a fen
DECIMALS_SHOWN = {AMOUNT: 2, WAN: 0}
HEAD, TOTAL, SUBTOTAL, RULE = "#DCE6F0", "#EDF2F7", "#F7F9FB", "#B8C4D0"
MOST_CHARACTERS = 32_767  # of one cell
LINE = 17.0  # height of a line, points
TALL_LINE = 14.0  # the same where there are many rows
PAGE_PIXELS, PAGE_POINTS = 1_020, 505  # what a landscape A4 page holds between its margins, with 2% to spare
CHARACTER, PADDING = 7, 5  # pixels of a digit, and beside those of a column
_FORMULA_STARTS = ("=", "+", "-", "@")
_NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Page:
    """One sheet being written. Rows and columns count from 0."""

    def __init__(self, book: Any, name: str, looks: dict[tuple[Any, ...], Any]):
        self.book, self.sheet, self.name = book, book.add_worksheet(name), name
        self._looks = looks  # one format each, shared by all sheets
        self._widths: dict[int, float] = {}
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        self.sheet.set_footer("&C&P / &N")

    def footnote(self, text: str) -> None:
        """A sentence at the foot of every printed page, left of its number."""
        self.sheet.set_footer(f"&L&8{text.replace('&', '&&')}&C&P / &N")

    def print_area(self, last_row: int, last_column: int, tall: int = 0) -> None:
        """Print the columns to ``last_column`` alone, on ``tall`` pages at most; 0 for as many as it takes."""
        self.sheet.print_area(0, 0, last_row, last_column)
        self.sheet.fit_to_pages(1, tall)

    def print_nothing(self, beyond: int) -> None:
        """Leave the sheet out of what is printed: its print area is an empty cell, in the column ``beyond``."""
        self.sheet.print_area(0, beyond, 0, beyond)

    def rows_a_page(self, row_points: float, widths: float, columns: int) -> float:
        """How many rows a page takes that is as wide as the columns, ``widths`` characters together."""
        scale = min(1.0, PAGE_PIXELS / (widths * CHARACTER + columns * PADDING))
        return PAGE_POINTS / scale / row_points

    def look(self, **properties: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            self._looks[key] = self.book.add_format(base | properties)
        return self._looks[key]

    def text(self, row: int, column: int, text: str, counts: bool = True, **look: Any) -> None:
        """A text, never a formula; ``counts`` towards the column's width."""
        text = cell_text(text)
        self.sheet.write_string(row, column, text, self.look(**_as_text(text, look)))
        if counts:
            self._count(column, text_width(text))

    def number(self, row: int, column: int, value: float | None, form: str = AMOUNT, **look: Any) -> None:
        """A number; an empty cell where there is none. An amount is kept as ``budget.csv`` writes it, to the fen."""
        style = self.look(num_format=form, **look)
        if value is None or math.isnan(value):
            self.sheet.write_blank(row, column, None, style)
            return
        if form in (AMOUNT, WAN):
            value = round(float(value), DECIMALS)  # exactly, as "%.6f" does and numpy does not
        self.sheet.write_number(row, column, value, style)
        self._count(column, len(f"{value:,.{DECIMALS_SHOWN[form]}f}") + 1.0 if form in DECIMALS_SHOWN else 6.0)

    def heads(self, row: int, titles: Iterable[str], names: int = 99) -> None:
        """A row of column headers: over the first ``names`` columns stand names, over the others numbers."""
        for column, title in enumerate(titles):
            side: dict[str, Any] = {"align": "left" if column < names else "right"}
            self.text(row, column, title, bold=True, bg_color=HEAD, bottom=1, bottom_color=RULE, text_wrap=True, **side)

    def across(self, row: int, first: int, last: int, text: str, room: float, **look: Any) -> None:
        """A text over several columns that are ``room`` characters wide together; the row grows with it."""
        text = cell_text(text)
        style = self.look(**_as_text(text, {"text_wrap": True, "align": "left"} | look))
        self.sheet.merge_range(row, first, row, last, "", style)
        self.sheet.write_string(row, first, text, style)
        size = look.get("font_size", 10) / 10
        lines = math.ceil(text_width(text) * size / room) if text else 1
        self.sheet.set_row(row, max(lines, 1) * LINE * size + 3)

    def tall(self, row: int, texts: Iterable[tuple[str, float]], **options: Any) -> None:
        """A row high enough for texts that wrap in columns of the given widths."""
        lines = max(math.ceil(text_width(text) / room) for text, room in texts) if texts else 1
        self.sheet.set_row(row, max(1, lines) * TALL_LINE + 2, None, options)

    def fit(self, least: float = 8, most: float = 40, **fixed: float) -> float:
        """Set the widths of the columns that were written; ``c3=20`` sets one. Gives their sum."""
        chosen = {column: min(max(wide + 2, least), most) for column, wide in self._widths.items()}
        chosen |= {int(name[1:]): wide for name, wide in fixed.items()}
        for column, wide in chosen.items():
            self.sheet.set_column(column, column, wide)
        return sum(chosen.values())

    def _count(self, column: int, wide: float) -> None:
        self._widths[column] = max(self._widths.get(column, 0.0), wide)


def cell_text(text: str) -> str:
    """A text as a cell can hold it: characters no workbook can hold left out, cut at the most there may be."""
    return _NOT_ALLOWED.sub("", text)[:MOST_CHARACTERS]


def _as_text(text: str, look: dict[str, Any]) -> dict[str, Any]:
    """A text that begins like a formula stays a text when the cell is edited."""
    return look | {"quote_prefix": True} if text.startswith(_FORMULA_STARTS) else look
