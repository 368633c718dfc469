"""The frame of a form on a sheet: title, who fills it in and the unit, headers that repeat, notes, the signatures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...base.text_width import text_width
from ...wording.labels import label
from ...wording.language import Translator
from ..workbook.workbook_cells import HEAD, LINE, SUBTOTAL, TOTAL
from .formula_page import THIN, FormulaPage

TITLE_ROW, ABOUT_ROW, HEAD_ROW = 0, 1, 2
LEVELS: tuple[dict[str, Any], ...] = ({"bold": True, "bg_color": TOTAL}, {"bold": True, "bg_color": SUBTOTAL}, {})
NOTE: dict[str, Any] = {"font_size": 9, "font_color": "#5A6B7B", "valign": "top"}
BODY = 3  # the first row below the headers


class FormSheet:
    """A form being written; ``widths`` are those of its columns, ``row`` the next free one."""

    def __init__(self, page: FormulaPage, say: Translator, widths: Sequence[float]):
        self.page, self.say, self.widths = page, say, widths
        self.row = BODY
        for column, wide in enumerate(widths):
            page.sheet.set_column(column, column, wide)
        page.sheet.set_paper(9)
        page.sheet.center_horizontally()

    @property
    def last(self) -> int:
        return len(self.widths) - 1

    def begin(self, title: str, about: str, heads: Sequence[str], names: int) -> None:
        """Title, what the numbers are, and the headers: over the first ``names`` columns stand names."""
        page, room = self.page, 0.93 * sum(self.widths)
        page.across(TITLE_ROW, 0, self.last, title, room, bold=True, font_size=18, align="center")
        unit = label("money_unit", self.say, "notes")
        filled = label("filled_by", self.say, "submission") + self.say("：", ": ")
        page.across(ABOUT_ROW, 0, self.last, f"{filled}{'　' * 12}{about}{'　' * 2}{unit}", room, font_size=9)
        for column, head in enumerate(heads):
            look: dict[str, Any] = THIN | {"bold": True, "bg_color": HEAD, "text_wrap": True, "align": "center"}
            page.text(HEAD_ROW, column, head, counts=False, **look)
        self._heighten(HEAD_ROW, list(zip(heads, self.widths, strict=True)))
        page.sheet.repeat_rows(HEAD_ROW)
        page.sheet.freeze_panes(BODY, names)

    def words(self, column: int, text: str, level: int = 2, **look: Any) -> None:
        """A text in the row being written."""
        self.page.text(self.row, column, text, counts=False, **THIN | {"text_wrap": True} | LEVELS[level] | look)

    def blank(self, columns: Sequence[int], level: int = 2) -> None:
        """Cells of the row that hold nothing, framed like the others."""
        for column in columns:
            self.page.number(self.row, column, None, **THIN | LEVELS[level])

    def next(self, texts: Sequence[tuple[str, int]] = ()) -> None:
        """End the row: as high as its texts need in their columns."""
        self._heighten(self.row, [(text, self.widths[column]) for text, column in texts])
        self.row += 1

    def _heighten(self, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """A row as high as its texts need, each in a column of a width; a text may have lines of its own."""
        lines = [
            sum(max(1, math.ceil(text_width(line) / wide)) for line in text.splitlines() or [""])
            for text, wide in texts
        ]
        self.page.sheet.set_row(row, max(lines, default=1) * LINE + 2)

    def end(self, notes: Sequence[str]) -> None:
        """Notes below the table, the signatures, and what is printed."""
        room = 0.93 * sum(self.widths)
        for note in notes:
            self.page.across(self.row, 0, self.last, note, room, **NOTE)
            self.row += 1
        self.page.across(self.row + 1, 0, self.last, label("signature", self.say, "submission"), room)
        self.page.sheet.print_area(0, 0, self.row + 1, self.last)
