"""A result as an Excel workbook (工作簿): an overview with charts, and behind it every number and where it comes from.

>>> Path("budget.xlsx").write_bytes(workbook(result))     # doctest: +SKIP

Charts are Excel's own, drawn from cells of the same sheet. There are no macros, links or formulas: every cell holds a
value, and text from files is text.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from ...kernel.flows import NotKept
from ...results import breakdown
from ...results.budget_table import EVERY
from ...results.caveats import caveats
from ...results.equity import has_equity
from ...results.run_result import RunResult
from ...results.summary import summary
from ...wording.labels import head, label
from ...wording.language import (
    Translator,
    category_title,
    changed_title,
    envelope_standing,
    envelope_title,
    total_title,
)
from ..briefing import sentences
from ..summary_text import about_run, summary_notes
from .new_workbook import new_workbook
from .workbook_cells import FONT, PERCENT, RULE, TOTAL, WAN, WHOLE, Page
from .workbook_counts import write_counts
from .workbook_equity import write_equity
from .workbook_notes import write_notes
from .workbook_tables import write_assumptions, write_budget, write_caps, write_flows

SHEETS = ("overview", "budget", "counts", "caps", "equity", "flows", "assumptions", "notes")
BAND, LINE, DARK = "#9FB3C8", "#6B6B6B", "#1B2A38"
COLOURS = ("#0072B2", "#009E73", "#56B4E9", "#CC79A7", "#F0E442", "#E69F00")  # by category, as in the pictures
WIDTHS = (7.0, 25.0, *(12.5,) * 4, 19.0, *(11.5,) * 2, *(10.5,) * 6)  # of the overview's columns; charts over the last
SUMMARY = (  # the amounts of the overview's table
    "year_need_mean_wan", "year_need_p10_wan", "year_need_p90_wan", "arrears_before_wan", "envelope_wan",
    "mean_short_wan",
)  # fmt: skip
CHARTS, LAST = 9, len(WIDTHS) - 1
ROOM = 0.93 * sum(WIDTHS)  # characters across it
SUMMARY_ROOM = 0.93 * sum(WIDTHS[:CHARTS])  # characters across the summary beside the charts
CHART_ROWS, ROW = 15, 20  # rows a chart covers, pixels of one


def workbook(result: RunResult, language: str = "zh") -> bytes:
    """The workbook as bytes, the same for the same result.

    Amounts are 万元, whole from 10 on and with six decimals kept, as in ``budget.csv``; those of the flows show two.

    Raises:
        FaultyInput: xlsxwriter is not installed; there is no such language.
    """
    say = Translator(language)
    out = io.BytesIO()
    with new_workbook(out, changed_title(result.scenario, say)) as book:
        looks: dict[tuple[Any, ...], Any] = {}
        sheets = [key for key in SHEETS if key != "equity" or _has_equity_book(result)]
        pages = {key: Page(book, label(key, say, "pages"), looks) for key in sheets}
        write_overview(pages["overview"], result, say)
        write_budget(pages["budget"], result, say)
        write_counts(pages["counts"], result, say)
        write_caps(pages["caps"], result, say)
        if "equity" in pages:
            write_equity(pages["equity"], result, say)
        write_flows(pages["flows"], result, say)
        write_assumptions(pages["assumptions"], result, say)
        write_notes(pages["notes"], result, say)
    return out.getvalue()


def _has_equity_book(result: RunResult) -> bool:
    """Whether commitments may turn into stakes, and the trials are there to follow them."""
    return has_equity(result.scenario) and not isinstance(result.run.flows, NotKept)


# --- 总览 -------------------------------------------------------------------------------------------------------------


def write_overview(page: Page, result: RunResult, say: Translator) -> None:
    """Title, talking points, need against envelope, two charts and the caveats."""
    row = _head(page, result, say)
    _summary(page, row, result, say)
    years = 1 + len(result.years) * (1 + len(result.scenario.categories)) + len(summary_notes(result, say))
    data = _chart_data(page, row + 1 + max(years, 2 * CHART_ROWS), result, say)
    place = {"x_offset": 14, "y_offset": 2, "object_position": 2}
    page.sheet.insert_chart(row, CHARTS, _need_chart(page, data, result, say), place)
    page.sheet.insert_chart(row + CHART_ROWS, CHARTS, _structure_chart(page, data, result, say), place)
    for column, wide in enumerate(WIDTHS):
        page.sheet.set_column(column, column, wide)


def _head(page: Page, result: RunResult, say: Translator) -> int:
    scenario = result.scenario
    page.across(0, 0, LAST, changed_title(scenario, say), ROOM, bold=True, font_size=18, font_color=DARK)
    about = [f"{label('scenario', say, 'columns')} {scenario.name}", *about_run(result, say)]
    page.across(1, 0, LAST, " · ".join(about), ROOM, font_color="#5A6B7B")
    row = 2
    for sentence in sentences(result, say.language):
        page.across(row, 0, LAST, sentence, ROOM, font_size=12)
        row += 1
    for note in caveats(result, say.language):
        page.across(row, 0, LAST, f"• {note}", ROOM, font_color="#8A5A00")
        row += 1
    return row + 1


def _summary(page: Page, row: int, result: RunResult, say: Translator) -> None:
    """Need against envelope, by year and category: the year's own and its arrears, what is lacking and how often."""
    unit = "\n" + say("（万元）", "(万元)")
    names = [head("year_need", say, "money"), "P10", "P90", head("arrears", say, "flows")]
    names += [head("envelope", say, "money"), head("lacking", say, "money")]
    heads = [*(name + unit for name in names), head("probability_short", say, "money")]
    page.heads(row, [head("year", say), head("category", say), *heads], names=2)
    page.sheet.set_row(row, 36)
    page.sheet.freeze_panes(2, 0)
    page.sheet.fit_to_pages(1, 1)
    first = row + 1
    rows: list[Any] = list(summary(result).itertuples(index=False))
    for row, one in enumerate(rows, first):
        is_total = one.category == EVERY
        look: dict[str, Any] = {"bold": True, "bg_color": TOTAL, "bottom": 1, "bottom_color": RULE} if is_total else {}
        title = total_title(result.scenario, None if is_total else one.category, say, head("total", say))
        page.number(row, 0, one.year, WHOLE, align="left", **look)
        page.text(row, 1, title, **look)
        for column, name in enumerate(SUMMARY, 2):
            page.number(row, column, getattr(one, name), WAN, **look)
        page.number(row, CHARTS - 1, one.probability_short, PERCENT, **look)
    for below, note in enumerate(summary_notes(result, say), row + 1):
        page.across(below, 0, CHARTS - 1, note, SUMMARY_ROOM, font_size=9, font_color="#5A6B7B")


class ChartData:
    """Where the numbers of the charts stand: the columns of a block, its first and last row."""

    def __init__(self, page: Page, first: int, last: int):
        self.page, self.first, self.last = page, first, last

    def column(self, column: int) -> list[Any]:
        return [self.page.name, self.first, column, self.last, column]

    def title(self, column: int) -> list[Any]:
        return [self.page.name, self.first - 1, column]


def _chart_data(page: Page, row: int, result: RunResult, say: Translator) -> ChartData:
    """A block below the table, year by year: P10, the band above it, mean, envelope, then the categories' means."""
    scenario = result.scenario
    page.text(row, 0, say("图的数据（万元）", "Data of the charts (万元)"), counts=False, bold=True)
    row += 1
    limit = envelope_title(envelope_standing(scenario, say), say)
    names = [label("p10_p90", say, "columns"), head("mean_need", say), limit[:1].upper() + limit[1:]]
    titles = [category_title(scenario, key, say) for key in scenario.categories]
    page.heads(row, [head("year", say), "P10", *names, *titles], names=1)
    page.sheet.set_row(row, 36)
    total = summary(result).query(f"category == '{EVERY}'")
    parts = breakdown.structure(result)
    for n, year in enumerate(result.years, 1):
        one = total[total.year == year].iloc[0]
        amounts = [one.need_p10_wan, one.need_p90_wan - one.need_p10_wan, one.need_mean_wan, one.envelope_wan]
        amounts += list(parts.mean_wan[parts.year == year])
        page.text(row + n, 0, str(year), align="left")
        for column, amount in enumerate(amounts, 1):
            page.number(row + n, column, amount, WAN)
    return ChartData(page, row + 1, row + len(result.years))


def _need_chart(page: Page, data: ChartData, result: RunResult, say: Translator) -> Any:
    """Bars float from P10 to P90; the mean and the envelope lie over them as lines."""
    chart = page.book.add_chart({"type": "column", "subtype": "stacked"})
    years = data.column(0)
    nothing = {"none": True}
    chart.add_series(
        {"name": data.title(1), "categories": years, "values": data.column(1), "fill": nothing, "border": nothing}
    )
    chart.add_series(
        {
            "name": data.title(2), "categories": years, "values": data.column(2),
            "fill": {"color": BAND}, "border": nothing, "gap": 80,
        }
    )  # fmt: skip
    lines = page.book.add_chart({"type": "line"})
    lines.add_series(
        {
            "name": data.title(3), "categories": years, "values": data.column(3), "line": {"color": DARK, "width": 1.5},
            "marker": {"type": "circle", "size": 7, "fill": {"color": DARK}, "border": {"color": DARK}},
        }
    )  # fmt: skip
    if not np.isnan(summary(result).envelope_wan).all():
        dashed = {"color": LINE, "width": 2.25, "dash_type": "dash"}
        lines.add_series({"name": data.title(4), "categories": years, "values": data.column(4), "line": dashed})
    chart.combine(lines)
    need, limit = head("need", say, "flows"), label("envelope_short", say, "money")
    _frame(chart, say(f"{need}（P10–P90）与{limit}，万元", f"{need} (10–90%) against {limit}, 万元"), [0])
    return chart


def _structure_chart(page: Page, data: ChartData, result: RunResult, say: Translator) -> Any:
    chart = page.book.add_chart({"type": "column", "subtype": "stacked"})
    for n in range(len(result.scenario.categories)):
        chart.add_series(
            {
                "name": data.title(5 + n), "categories": data.column(0), "values": data.column(5 + n), "gap": 80,
                "fill": {"color": COLOURS[n % len(COLOURS)]}, "border": {"none": True},
            }
        )  # fmt: skip
    _frame(chart, say(f"{label('need', say)}结构（平均），万元", "Mean need by category, 万元"), [])
    return chart


def _frame(chart: Any, title: str, hidden: list[int]) -> None:
    font = {"name": FONT, "size": 9}
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "bold": False}, "overlay": False})
    chart.set_x_axis({"num_font": font})
    quiet = {"visible": True, "line": {"color": "#DDE3E9", "width": 0.75}}
    chart.set_y_axis(
        {"num_font": font, "num_format": "#,##0", "min": 0, "major_gridlines": quiet, "line": {"none": True}}
    )
    chart.set_legend({"position": "bottom", "font": font, "delete_series": hidden})
    chart.set_size({"width": 470, "height": CHART_ROWS * ROW - 8})
