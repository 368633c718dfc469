"""The workbook's sheet of stakes (股权): the equity book by year and item, and how it is to be read."""

from __future__ import annotations

from typing import Any

from ...results.budget_table import EVERY
from ...results.equity import COLUMNS, equity
from ...results.run_result import RunResult
from ...wording.labels import head, label, meaning
from ...wording.language import Translator, item_titles
from .workbook_cells import PERCENT, TOTAL, WAN, WHOLE, Page

NUMBERS = COLUMNS[2:]
WIDTH = 13.0  # of a column of numbers


def write_equity(page: Page, result: RunResult, say: Translator) -> None:
    """All stakes together first, a row a year, then those of each item; what the columns mean below."""
    unit = say("\n（万元）", "\n(万元)")
    titles = [label(name, say, "equity") + (unit if name.endswith("_wan") else "") for name in NUMBERS]
    page.heads(0, [head("item", say), head("year", say), *titles], names=2)
    page.sheet.set_row(0, 50)
    items = item_titles(result.scenario, say) | {EVERY: head("total", say)}
    rows: list[dict[Any, Any]] = equity(result).to_dict("records")
    for n, row in enumerate(rows, 1):
        look: dict[str, Any] = {"bg_color": TOTAL} if row["item"] == EVERY else {}
        page.text(n, 0, items[row["item"]], **look)
        page.number(n, 1, row["year"], WHOLE, align="left", **look)
        for column, name in enumerate(NUMBERS, 2):
            page.number(n, column, row[name], WAN if name.endswith("_wan") else PERCENT, **look)
    last, line = len(NUMBERS) + 1, len(rows) + 2
    room = 30 + 8 + WIDTH * len(NUMBERS)
    page.across(line, 0, last, label("about", say, "equity"), room)
    for name in NUMBERS:
        said = meaning(name, say, "equity")
        if said:
            line += 1
            page.across(line, 0, last, f"{label(name, say, 'equity')}{say('：', ': ')}{said}", room)
    page.sheet.set_column(0, 0, 30)
    page.sheet.set_column(1, 1, 8)
    page.sheet.set_column(2, last, WIDTH)
    page.sheet.freeze_panes(1, 2)
    page.sheet.repeat_rows(0)
    page.print_area(line, last, tall=1)
