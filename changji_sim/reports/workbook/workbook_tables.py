"""The tables of the workbook: the budget with its subtotals, the caps, every flow, every assumption."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ...kernel.ledger import FLOWS
from ...results import breakdown
from ...results.budget_table import EVERY, statistics_wan
from ...results.run_result import RunResult
from ...results.year_need import NEED_PARTS
from ...wording.labels import head, label
from ...wording.language import Translator, cited, item_titles, total_title
from ..assumption_list import assumption_list
from ..titled_tables import NAMED, statistic_title, titled_budget
from .workbook_cells import AMOUNT, HEAD, PERCENT, RULE, SUBTOTAL, TOTAL, WAN, WHOLE, Page

STATISTICS = ("mean_wan", "p10_wan", "p50_wan", "p90_wan")
BUDGET_FLOWS = ("year_need", "arrears_before", "commitment", "payment")
BUDGET_ROW = 13.5  # points: two years of the baseline on a page
LEVELS: tuple[dict[str, Any], ...] = (  # the looks of a total, a subtotal, an item
    {"bold": True, "bg_color": TOTAL, "top": 1, "top_color": RULE},
    {"bg_color": SUBTOTAL},
    {},
)
IN_FORCE_ONLY = ("year_need", "arrears_before", "commitment")  # in the tail nothing is asked or promised


# --- 预算 -------------------------------------------------------------------------------------------------------------


def write_budget(page: Page, result: RunResult, say: Translator) -> None:
    """Year × category × item: need of the year, arrears from before, commitment, payment. Totals and subtotals are
    quantiles of sums over trials, as in ``budget.csv``.
    """
    unit = say("（万元）", " (万元)")
    look: dict[str, Any] = {"bold": True, "bg_color": HEAD, "align": "center", "bottom": 1, "bottom_color": RULE}
    for column, title in enumerate((head("year", say), head("category", say), head("item", say))):
        page.sheet.merge_range(0, column, 1, column, "", page.look(**look | {"align": "left"}))
        page.text(0, column, title, **look | {"align": "left"})
    for n, flow in enumerate(BUDGET_FLOWS):
        first = 3 + n * len(STATISTICS)
        title = head(flow, say, "flows" if flow in FLOWS else "money") + unit
        page.sheet.merge_range(0, first, 0, first + len(STATISTICS) - 1, "", page.look(**look))
        page.text(0, first, title, counts=False, **look)
        for m, statistic in enumerate(STATISTICS):
            page.text(1, first + m, statistic_title(statistic, say), **look | {"align": "right"})
    amounts = budget_amounts(result)
    row, firsts = 1, []  # the first row of each year that stands on its own, and of what is paid later
    for name in dict.fromkeys(name[:3] for name in amounts):
        is_tail = name[0] not in result.years
        if is_tail and not any(amounts[(*name, "payment")]):
            continue  # nothing is left to pay
        row += 1
        if name[1] == EVERY and (not is_tail or name[0] == result.years[-1] + 1):
            firsts.append(row)
        _budget_row(page, row, name, amounts, result, say)
    page.footnote(label("rounding", say, "notes"))
    page.sheet.freeze_panes(2, 3)
    page.sheet.repeat_rows(0, 1)
    last = 2 + len(BUDGET_FLOWS) * len(STATISTICS)
    page.sheet.autofilter(1, 0, row, last)
    widths = page.fit(least=9.3, most=26, c0=6)
    breaks = page_breaks([*firsts, row + 1], page.rows_a_page(BUDGET_ROW, widths, last + 1) - 2)
    page.sheet.set_h_pagebreaks(breaks)  # LibreOffice heeds them; Excel, which fits the pages, breaks where one is full
    page.print_area(row, last)


def page_breaks(firsts: list[int], room: float) -> list[int]:
    """Where pages begin, of years that begin at ``firsts`` (last the end), so that a page holds as many as it can."""
    breaks = [firsts[0]]
    for first, end in pairwise(firsts):
        if end - breaks[-1] > room and first != breaks[-1]:
            breaks.append(first)
    return breaks[1:]


def budget_amounts(result: RunResult) -> dict[tuple[int, str, str, str], tuple[float, ...]]:
    """The `STATISTICS` of the `BUDGET_FLOWS` by year, category, item and flow, 万元; in the order of the sheet."""
    amounts: dict[tuple[int, str, str, str], tuple[float, ...]] = {}
    for year, category, item in dict.fromkeys(name[:3] for name in result.table.names):
        of = (item, None) if item != EVERY else (None, None if category == EVERY else category)
        for flow in BUDGET_FLOWS:
            if flow in FLOWS:
                quantiles = (result.table.quantile_wan(name, year, category, item, flow) for name in STATISTICS[1:])
                amounts[year, category, item, flow] = (result.table.mean_wan(year, category, item, flow), *quantiles)
            elif year in result.years:
                fen = NEED_PARTS[flow](result, year, *of)
                amounts[year, category, item, flow] = statistics_wan(fen, STATISTICS)
    return amounts


def _budget_row(
    page: Page, row: int, name: tuple[int, str, str], amounts: dict[Any, Any], result: RunResult, say: Translator
) -> None:
    year, category, item = name
    level = 0 if category == EVERY else 1 if item == EVERY else 2
    look = LEVELS[level]
    title = total_title(result.scenario, None if level == 0 else category, say, head("total", say))
    below = "" if level == 0 else head("subtotal", say) if level == 1 else item_titles(result.scenario, say)[item]
    page.number(row, 0, year, WHOLE, align="left", **look)
    page.text(row, 1, title, **look)
    page.text(row, 2, below, **look)
    for n, flow in enumerate(BUDGET_FLOWS):
        is_nothing = flow in IN_FORCE_ONLY and year not in result.years
        values = [None] * len(STATISTICS) if is_nothing else amounts[(*name, flow)]
        for m, value in enumerate(values):
            page.number(row, 3 + n * len(STATISTICS) + m, value, WAN, **look)
    page.sheet.set_row(row, BUDGET_ROW, None, {"level": level})


# --- 上限 -------------------------------------------------------------------------------------------------------------


def write_caps(page: Page, result: RunResult, say: Translator) -> None:
    """Every cap and envelope by year: how often it cuts, what, and what stays free under it."""
    unit = say("（万元）", " (万元)")
    page.heads(
        0,
        [
            *(head(key, say) for key in ("year", "category", "item", "cap", "article", "probability_binding")),
            *(head(key, say) + unit for key in ("mean_cut", "p95_cut", "mean_headroom")),
        ],
        names=5,
    )  # fmt: skip
    page.sheet.set_row(0, 34)
    frame = breakdown.binding(result)
    items = item_titles(result.scenario, say)
    rows: list[Any] = list(frame.itertuples(index=False))
    for n, row in enumerate(rows, 1):
        of = None if row.category == EVERY else row.category
        category = total_title(result.scenario, of, say, head("total", say))
        page.number(n, 0, row.year, WHOLE, align="left")
        page.text(n, 1, category)
        page.text(n, 2, items.get(row.item, label("all", say, "columns")))
        page.text(n, 3, say(row.cap_title, row.cap_title_en))
        page.text(n, 4, cited(row.article, say))
        page.number(n, 5, row.probability_binding, PERCENT)
        for column, amount in enumerate((row.mean_cut_wan, row.p95_cut_wan, row.mean_headroom_wan), 6):
            page.number(n, column, amount, WAN)
    last = max(len(frame), 1)
    page.sheet.autofilter(0, 0, last, 8)
    page.sheet.freeze_panes(1, 4)
    page.sheet.repeat_rows(0)
    page.print_area(last, 8, tall=2)
    page.fit(least=11, most=30, c0=8, c5=14, c6=15, c7=15, c8=16)


# --- 资金流 -----------------------------------------------------------------------------------------------------------


def write_flows(page: Page, result: RunResult, say: Translator) -> None:
    """The amounts of ``budget.csv``, names to read in front and its own keys behind.

    Seventy pages long, it is not printed until its print area is cleared.
    """
    headers, rows = titled_budget(result, say)
    page.sheet.add_table(
        0, 0, len(rows), len(headers) - 1,
        {"name": "budget", "style": "Table Style Light 1", "columns": [{"header": title} for title in headers]},
    )  # fmt: skip
    page.heads(0, headers)
    page.sheet.set_row(0, 34)
    keys = len(headers) - len(NAMED)
    for n, row in enumerate(rows, 1):
        page.number(n, 0, row[0], WHOLE, align="left")
        for column, value in enumerate(row[1:], 1):
            if isinstance(value, str):
                look: dict[str, Any] = {"font_color": "#5A6B7B", "indent": 1} if column >= keys else {}
                page.text(n, column, value, **look)
            else:
                page.number(n, column, value, AMOUNT)
    page.sheet.freeze_panes(1, 4)
    page.sheet.repeat_rows(0)
    page.print_nothing(beyond=len(headers) + 1)
    page.fit(least=11, most=30, c0=8)


# --- 假设 -------------------------------------------------------------------------------------------------------------


def write_assumptions(page: Page, result: RunResult, say: Translator) -> None:
    """Every guide value and assumption with its range, source, mark and line."""
    keys = ("part", "item", "name", "value", "range", "source", "mark", "line", "key")
    titles = [head(key, say) for key in keys]
    page.heads(0, titles)
    wide = {2: 26.0, 3: 44.0, 4: 20.0, 5: 60.0}
    rows = assumption_list(result.scenario, say.language)
    for n, one in enumerate(rows, 1):
        look: dict[str, Any] = {"text_wrap": True, "valign": "top"}
        placeholder: dict[str, Any] = {"bg_color": "#FFF4D6"} if one.mark in ("C", "D") else {}
        for column, text in ((0, one.group), (1, one.item), (2, one.title), (4, one.range), (5, one.source)):
            page.text(n, column, text, **look)
        if isinstance(one.value, str):
            page.text(n, 3, one.value, **look)
        else:
            page.number(n, 3, one.value, "General", align="left", valign="top")
        page.text(n, 6, one.mark, align="center", valign="top", **placeholder)
        page.text(n, 7, one.line, valign="top", font_color="#5A6B7B")  # or that it was changed
        page.text(n, 8, one.path, valign="top", font_color="#5A6B7B")
        page.tall(n, [(str(one.value), wide[3]), (one.source, wide[5]), (one.title, wide[2]), (one.range, wide[4])])
    page.sheet.autofilter(0, 0, len(rows), len(titles) - 1)
    page.sheet.freeze_panes(1, 3)
    page.sheet.repeat_rows(0)
    page.print_area(len(rows), 6, tall=3)  # lines and keys are for who changes the file
    page.fit(least=7, most=26, c8=48, **{f"c{column}": chars + 2 for column, chars in wide.items()})
