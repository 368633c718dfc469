"""The summary of a result as text (年度×专项): what a terminal, a notebook's cell and an HTML page have in common."""

from __future__ import annotations

from dataclasses import dataclass

from ..results.budget_table import EVERY
from ..results.run_result import RunResult
from ..wording.amounts import percent, wan, wan_range
from ..wording.labels import label
from ..wording.language import (
    Translator,
    category_title,
    changed_places,
    left_out_titles,
    reform_title,
    scenario_title,
    total_title,
)


@dataclass(frozen=True)
class SummaryRow:
    """One row: whether it is a year's total, P(short) (NaN without envelope), and the text of its cells."""

    is_total: bool
    short: float
    cells: tuple[str, ...]


def title_line(result: RunResult, say: Translator) -> str:
    """What was run: scenario and reform, how many trials, which seed, the unit of the amounts."""
    return " · ".join([scenario_title(result.scenario, say), *about_run(result, say)])


def about_run(result: RunResult, say: Translator) -> list[str]:
    """What stands below the heading of a page or workbook: changes, reform, number of trials, seed, unit."""
    scenario = result.scenario
    return [
        *filter(None, [left_out_titles(scenario, say), changed_places(scenario, say), reform_title(scenario, say)]),
        f"{label('trials', say, 'columns')} {result.trial_count:,}",
        f"{label('seed', say, 'columns')} {result.seed}",
        label("money_unit", say, "notes"),
    ]


def summary_heads(say: Translator) -> list[str]:
    """The heads of the summary's columns."""
    return [
        label("year", say, "columns"), label("category", say, "columns"), label("mean_need", say, "columns"),
        label("p10_p90", say, "columns"), label("envelope", say, "money"), label("probability_short", say, "money"),
    ]  # fmt: skip


def summary_rows(result: RunResult, say: Translator) -> list[SummaryRow]:
    """The summary as text, a row a category and year, then the year's total; a year stands in its first row alone."""
    first, rows = next(iter(result.scenario.categories)), []
    total = total_title(result.scenario, None, say, label("total", say, "columns"))
    for year, category, mean, low, high, envelope, short in result.summary().itertuples(index=False):
        is_total = category == EVERY
        name = total if is_total else category_title(result.scenario, category, say)
        amounts = (wan(mean), wan_range(low, high), wan(envelope))
        cells = (str(year) if category == first else "", name, *amounts, percent(short))
        rows.append(SummaryRow(is_total, short, cells))
    return rows


def summary_notes(result: RunResult, say: Translator) -> list[str]:
    """What stands below the summary: who shares the total, what a total's P(short) is, that parts are rounded."""
    envelopes = result.scenario.envelopes
    own = [key for key in result.scenario.categories if envelopes.category_wan.get(key)]
    has_total = any(amount is not None for amount in envelopes.total_wan.values())
    keys = {
        "shared_total": has_total and len(own) < len(result.scenario.categories),
        "total_row": has_total and bool(own),
        "rounding": True,
    }
    return [label(key, say, "notes") for key, is_needed in keys.items() if is_needed]


def tail_text(result: RunResult, say: Translator) -> str:
    """What is still to be paid after the last year, year by year, as one sentence; empty if nothing is.

    The last year's arrears are paid in the year after it; the sentence says how much of that year's payment they are.
    """
    last = result.years[-1]
    mean = {year: result.table.mean_wan(year, EVERY, EVERY, "payment") for year in result.tail}
    owed = result.table.mean_wan(last, EVERY, EVERY, "arrears")
    arrears = label("arrears", say)
    parts = []
    for year, amount in mean.items():
        if amount < 0.5:
            continue
        part = say(f"{year}年{wan(amount)}", f"{year} {wan(amount)}")
        if year == last + 1 and owed >= 0.5:
            part += say(f"（其中{last}年末{arrears}{wan(owed)}）", f" (of which {arrears} of {last}: {wan(owed)})")
        parts.append(part)
    if not parts:
        return ""
    return say(
        f"{last}年以后仍须支付（各次模拟的平均，万元）：{'、'.join(parts)}。",
        f"Still to be paid after {last} (mean over all trials, 万元): {' · '.join(parts)}",
    )
