"""The tables of the workbook: the budget with its subtotals, the caps, every flow, every assumption."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...kernel.ledger import FLOW_TITLES
from ...results import breakdown
from ...results.budget_table import EVERY, QUANTILES
from ...results.run_result import RunResult
from ...wording.language import Translator, cap_title, category_title, cited, item_titles
from ..assumption_list import assumption_list
from .workbook_cells import AMOUNT, HEAD, PERCENT, RULE, SUBTOTAL, TOTAL, WHOLE, Page

STATISTICS = {
    "mean_wan": ("平均", "mean"),
    "p10_wan": ("P10", "P10"),
    "p50_wan": ("P50", "P50"),
    "p90_wan": ("P90", "P90"),
}
BUDGET_FLOWS = ("need", "commitment", "payment")
LEVELS: tuple[dict[str, Any], ...] = (  # the looks of a total, a subtotal, an item
    {"bold": True, "bg_color": TOTAL, "top": 1, "top_color": RULE},
    {"bg_color": SUBTOTAL},
    {},
)
IN_FORCE_ONLY = ("need", "commitment")  # in the tail nothing is asked or promised


def flow_title(flow: str, say: Translator, caps: dict[str, str] | None = None) -> str:
    """What a flow is called; ``cut:<cap>`` by its cap's title."""
    if flow.startswith("cut:"):
        key = flow.removeprefix("cut:")
        title = (caps or {}).get(key, key.replace("_", " "))
        return say(f"核减：{title}", f"cut: {title}")
    return say(FLOW_TITLES.get(flow, flow), breakdown.FLOW_TITLES_EN.get(flow, flow.replace("_", " ")))


# --- 预算 -------------------------------------------------------------------------------------------------------------


def write_budget(page: Page, result: RunResult, say: Translator) -> None:
    """Year × category × item: need, commitment, payment. Totals and subtotals are rows of ``budget.csv`` themselves."""
    unit = say("（万元）", " (万元)")
    head: dict[str, Any] = {"bold": True, "bg_color": HEAD, "align": "center", "bottom": 1, "bottom_color": RULE}
    for column, title in enumerate((say("年度", "Year"), say("专项", "Category"), say("支持方向", "Item"))):
        page.sheet.merge_range(0, column, 1, column, "", page.look(**head | {"align": "left"}))
        page.text(0, column, title, **head | {"align": "left"})
    for n, flow in enumerate(BUDGET_FLOWS):
        first = 3 + n * len(STATISTICS)
        title = flow_title(flow, say)
        title = title[:1].upper() + title[1:] + unit
        page.sheet.merge_range(0, first, 0, first + len(STATISTICS) - 1, "", page.look(**head))
        page.text(0, first, title, counts=False, **head)
        for m, names in enumerate(STATISTICS.values()):
            page.text(1, first + m, say(*names), **head | {"align": "right"})
    budget = result.budget()
    budget = budget[budget.flow.isin(BUDGET_FLOWS)]
    amounts = {
        tuple(row[:4]): row[4:]
        for row in budget[["year", "category", "item", "flow", *STATISTICS]].itertuples(index=False)
    }
    row, breaks = 1, []
    for name in (name[:3] for name in amounts if name[3] == BUDGET_FLOWS[0]):
        is_tail = name[0] not in result.years
        if is_tail and not any(amounts[(*name, "payment")]):
            continue  # nothing is left to pay
        row += 1
        if name[1] == EVERY and row > 2 and (not is_tail or name[0] == result.years[-1] + 1):
            breaks.append(row)
        _budget_row(page, row, name, amounts, result, say)
    page.sheet.set_h_pagebreaks(breaks)
    page.sheet.freeze_panes(2, 3)
    page.sheet.repeat_rows(0, 1)
    page.sheet.autofilter(1, 0, row, 2 + len(BUDGET_FLOWS) * len(STATISTICS))
    page.fit(least=11, most=30, c0=8)


def _budget_row(
    page: Page, row: int, name: tuple[int, str, str], amounts: dict[Any, Any], result: RunResult, say: Translator
) -> None:
    year, category, item = name
    level = 0 if category == EVERY else 1 if item == EVERY else 2
    look = LEVELS[level]
    title = say("合计", "Total") if level == 0 else category_title(result.scenario, category, say)
    below = "" if level == 0 else say("小计", "Subtotal") if level == 1 else item_titles(result.scenario, say)[item]
    page.number(row, 0, year, WHOLE, align="left", **look)
    page.text(row, 1, title, **look)
    page.text(row, 2, below, **look)
    for n, flow in enumerate(BUDGET_FLOWS):
        is_nothing = flow in IN_FORCE_ONLY and year not in result.years
        values = amounts[(*name, flow)]
        for m, value in enumerate(values):
            page.number(row, 3 + n * len(STATISTICS) + m, None if is_nothing else value, **look)
    page.sheet.set_row(row, None, None, {"level": level})


# --- 上限 -------------------------------------------------------------------------------------------------------------


def write_caps(page: Page, result: RunResult, say: Translator) -> None:
    """Every cap and envelope by year: how often it cuts, what, and what stays free under it."""
    unit = say("（万元）", " (万元)")
    page.heads(
        0,
        [
            say("年度", "Year"), say("专项", "Category"), say("支持方向", "Item"), say("上限", "Cap"),
            say("条款", "Article"), say("起作用的概率", "P(binding)"), say("平均核减", "Mean cut") + unit,
            say("核减P95", "P95 cut") + unit, say("平均余量", "Mean headroom") + unit,
        ],
        names=5,
    )  # fmt: skip
    page.sheet.set_row(0, 34)
    frame = breakdown.binding(result)
    items = item_titles(result.scenario, say)
    rows: list[Any] = list(frame.itertuples(index=False))
    for n, row in enumerate(rows, 1):
        category = say("合计", "Total") if row.category == EVERY else category_title(result.scenario, row.category, say)
        page.number(n, 0, row.year, WHOLE, align="left")
        page.text(n, 1, category)
        page.text(n, 2, items.get(row.item, say("全部", "all")))
        page.text(n, 3, say(row.cap_title, row.cap_title_en))
        page.text(n, 4, cited(row.article, say))
        page.number(n, 5, row.probability_binding, PERCENT)
        for column, amount in enumerate((row.mean_cut_wan, row.p95_cut_wan, row.mean_headroom_wan), 6):
            page.number(n, column, amount)
    last = max(len(frame), 1)
    bar = {"type": "data_bar", "bar_solid": True}
    ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
    page.sheet.conditional_format(1, 5, last, 5, bar | ends | {"bar_color": "#9DB9D9"})
    for column, colour in ((6, "#C9D6E3"), (7, "#C9D6E3"), (8, "#CFE5D8")):
        page.sheet.conditional_format(
            1, column, last, column, bar | {"bar_color": colour, "min_type": "num", "min_value": 0}
        )
    page.sheet.autofilter(0, 0, last, 8)
    page.sheet.freeze_panes(1, 4)
    page.sheet.repeat_rows(0)
    page.fit(least=11, most=30, c0=8, c5=14, c6=15, c7=15, c8=16)


# --- 流量 -------------------------------------------------------------------------------------------------------------


def write_flows(page: Page, result: RunResult, say: Translator) -> None:
    """The whole of ``budget.csv``, names to read in front and its own keys behind."""
    frame: pd.DataFrame = result.budget()
    unit = say("（万元）", " (万元)")
    statistics = {"mean_wan": say("平均", "mean"), **{name: name[:3].upper() for name in QUANTILES}}
    titles = [say("年度", "Year"), say("专项", "Category"), say("支持方向", "Item"), say("流量", "Flow")]
    titles += [title + unit for title in statistics.values()] + [
        say("专项（键）", "category key"),
        say("支持方向（键）", "item key"),
    ]
    titles.append(say("流量（键）", "flow key"))
    items = item_titles(result.scenario, say) | {EVERY: say("小计", "subtotal")}
    categories = {key: category_title(result.scenario, key, say) for key in result.scenario.categories}
    categories[EVERY] = say("合计", "Total")
    caps = {
        cap.key: cap_title(cap, say.language)
        for item in result.scenario.items
        for of in item.caps.values()
        for cap in of
    }
    flows = {flow: flow_title(flow, say, caps) for flow in frame.flow.unique()}
    page.sheet.add_table(
        0, 0, len(frame), len(titles) - 1,
        {"name": "budget", "style": "Table Style Light 1", "columns": [{"header": title} for title in titles]},
    )  # fmt: skip
    page.heads(0, titles)
    page.sheet.set_row(0, 34)
    rows: list[Any] = list(frame.itertuples(index=False))
    for n, row in enumerate(rows, 1):
        item = "" if row.category == EVERY else items[row.item]
        page.number(n, 0, row.year, WHOLE, align="left")
        for column, text in enumerate((categories[row.category], item, flows[row.flow]), 1):
            page.text(n, column, text)
        for column, name in enumerate(statistics, 4):
            page.number(n, column, getattr(row, name), AMOUNT)
        for column, key in enumerate((row.category, row.item, row.flow), 4 + len(statistics)):
            page.text(n, column, key, font_color="#5A6B7B", indent=1)
    page.sheet.freeze_panes(1, 4)
    page.sheet.repeat_rows(0)
    page.fit(least=11, most=30, c0=8)


# --- 假设 -------------------------------------------------------------------------------------------------------------


def write_assumptions(page: Page, result: RunResult, say: Translator) -> None:
    """Every guide value and assumption with its range, source, mark and line."""
    titles = [
        say("部分", "Part"), say("支持方向", "Item"), say("名称", "Name"), say("取值", "Value"), say("范围", "Range"),
        say("来源", "Source"), say("标记", "Mark"), say("文件行", "Line"), say("键", "Key"),
    ]  # fmt: skip
    page.heads(0, titles)
    wide = {3: 34.0, 5: 52.0}
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
        page.tall(n, [(str(one.value), wide[3]), (one.source, wide[5]), (one.title, 28)])
    page.sheet.autofilter(0, 0, len(rows), len(titles) - 1)
    page.sheet.freeze_panes(1, 3)
    page.sheet.repeat_rows(0)
    page.fit(least=7, most=30, c3=wide[3] + 2, c5=wide[5] + 2, c8=48)
