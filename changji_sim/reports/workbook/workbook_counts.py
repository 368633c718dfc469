"""The workbook's sheet of counts (件数): applications, applicants and projects by year, category and item."""

from __future__ import annotations

from typing import Any

from ...kernel.ledger import COUNTS
from ...results.budget_table import EVERY
from ...results.run_result import RunResult
from ...wording.labels import head, label, section
from ...wording.language import Translator, item_titles, total_title
from .workbook_cells import HEAD, RULE, SUBTOTAL, TOTAL, WHOLE, Page

COUNT = "#,##0.0"
STATISTICS = ("mean_wan", "p10_wan", "p90_wan")
LEVELS: tuple[dict[str, Any], ...] = ({"bold": True, "bg_color": TOTAL}, {"bg_color": SUBTOTAL}, {})


def write_counts(page: Page, result: RunResult, say: Translator) -> None:
    """A line a year, category and item, a column a count: means; of the totals P10 and P90 too. An applicant of two
    items counts twice in a total.
    """
    names = [head(key, say) for key in ("year", "category", "item", "statistics")]
    units = [section("counts")[count].unit for count in COUNTS]
    heads = [head(c, say, "counts") + say(f"\n（{unit}）", "") for c, unit in zip(COUNTS, units, strict=True)]
    for column, title in enumerate(names + heads):
        side = "left" if column < len(names) else "right"
        page.text(
            0, column, title, column < len(names), bold=True, bg_color=HEAD, bottom=1, bottom_color=RULE,
            text_wrap=True, align=side,
        )  # fmt: skip
    page.sheet.set_row(0, 48)
    row = 0
    for year in (*result.years, *result.tail):
        for category, item in _parts(result):
            there = [count for count in COUNTS if (year, category, item, count) in result.table.row]
            if not any(result.table.mean_wan(year, category, item, count) for count in there):
                continue
            level = 0 if category == EVERY else 1 if item == EVERY else 2
            for statistic in STATISTICS if level == 0 else STATISTICS[:1]:
                row += 1
                _line(page, row, (year, category, item), statistic, LEVELS[level], there, result, say)
    page.footnote(label("counts", say, "notes"))
    page.sheet.freeze_panes(1, len(names))
    page.sheet.repeat_rows(0)
    page.sheet.autofilter(0, 0, max(row, 1), len(names) + len(COUNTS) - 1)
    page.print_nothing(beyond=len(names) + len(COUNTS) + 1)
    page.fit(least=8, most=26, c0=6, c3=7, **{f"c{len(names) + n}": 9.0 for n in range(len(COUNTS))})


def _parts(result: RunResult) -> list[tuple[str, str]]:
    """Total, categories and items in the order of the budget."""
    return list(dict.fromkeys(name[1:3] for name in result.table.names))


def _line(
    page: Page, row: int, name: tuple[int, str, str], statistic: str, look: dict[str, Any], there: list[str],
    result: RunResult, say: Translator,
) -> None:  # fmt: skip
    year, category, item = name
    below = item_titles(result.scenario, say).get(item, "" if category == EVERY else head("subtotal", say))
    title = total_title(result.scenario, None if category == EVERY else category, say, head("total", say))
    page.number(row, 0, year, WHOLE, align="left", **look)
    what = label("mean", say, "columns") if statistic == "mean_wan" else statistic[:3].upper()
    for column, text in enumerate((title, below, what), 1):
        page.text(row, column, text, **look)
    for column, count in enumerate(COUNTS, 4):
        value = _statistic(result, statistic, *name, count) if count in there else None
        page.number(row, column, value, COUNT, **look)


def _statistic(result: RunResult, statistic: str, *name: int | str) -> float:
    table = result.table
    return table.mean_wan(*name) if statistic == "mean_wan" else table.quantile_wan(statistic, *name)
