"""The tables of a run with titles to read in front and their keys behind: for a spreadsheet, not for a program.

``budget.csv`` and ``caps.csv`` are for programs: their columns and bytes do not change, and no mark or title stands in
their way. Beside them a run writes the same numbers as 预算.csv and 上限.csv, which Excel opens in Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..applications.written_table import csv_table
from ..kernel.ledger import is_count
from ..results import breakdown
from ..results.budget_table import EVERY
from ..results.run_result import RunResult
from ..wording.labels import head, label, section
from ..wording.language import Translator, cap_title, category_title, cited, item_titles, total_title

TITLED = {"budget": "预算.csv", "caps": "上限.csv"}
NAMED = ("category", "item", "flow")  # the columns of `RunResult.budget` that hold keys
DECIMALS = 6  # of an amount in 万元: a fen

Table = tuple[list[str], list[Sequence[Any]]]  # headers, rows


def titled_files(result: RunResult) -> dict[str, bytes]:
    """The tables as CSV by name: UTF-8 with a mark, Chinese titles, keys behind; text that looks like a formula is
    marked as text.
    """
    say = Translator("zh")
    tables = {"budget": titled_budget(result, say, has_counts=True), "caps": titled_caps(result, say)}
    return {TITLED[key]: csv_table(*table) for key, table in tables.items()}


def titled_budget(result: RunResult, say: Translator, has_counts: bool = False) -> Table:
    """The rows of ``budget.csv``: year, names to read, its numbers to the fen, its own keys.

    Args:
        has_counts: the numbers of applications, applicants and projects too, and the unit of each row.
    """
    frame, scenario = result.budget(), result.scenario
    if not has_counts:
        frame = frame[~frame.flow.map(is_count)]
    statistics = [name for name in frame.columns if name not in ("year", *NAMED)]
    unit = "" if has_counts else say("（万元）", " (万元)")
    headers = [head(key, say) for key in ("year", *NAMED)]
    headers += [label("unit", say, "columns")] if has_counts else []
    headers += [statistic_title(name, say) + unit for name in statistics]
    headers += [label(f"{key}_key", say, "columns") for key in NAMED]
    items = item_titles(scenario, say) | {EVERY: label("subtotal", say, "columns")}
    categories = {key: category_title(scenario, key, say) for key in scenario.categories}
    categories[EVERY] = head("total", say)
    caps = {cap.key: cap_title(cap, say.language) for item in scenario.items for of in item.caps.values() for cap in of}
    flows = {flow: flow_title(flow, say, caps) for flow in frame.flow.unique()}
    numbers = zip(*(_rounded(frame[name].tolist()) for name in statistics), strict=True)
    keys = list(zip(*(frame[name].tolist() for name in NAMED), strict=True))
    rows: list[Sequence[Any]] = [
        (
            year, categories[key[0]], "" if key[0] == EVERY else items[key[1]], flows[key[2]],
            *([_unit(key[2])] if has_counts else []), *amounts, *key,
        )
        for year, key, amounts in zip(frame.year.tolist(), keys, numbers, strict=True)
    ]  # fmt: skip
    return headers, rows


def _unit(flow: str) -> str:
    return section("counts")[flow].unit if is_count(flow) else "万元"


def titled_caps(result: RunResult, say: Translator) -> Table:
    """The whole of ``caps.csv``: year, names to read, how often a cap cuts and what, its own keys."""
    unit = say("（万元）", " (万元)")
    headers = [head(key, say) for key in ("year", "category", "item", "cap", "article", "probability_binding")]
    headers += [head(key, say) + unit for key in ("mean_cut", "p95_cut", "mean_headroom")]
    headers += [label("item_key", say, "columns"), label("cap_key", say, "columns")]
    items = item_titles(result.scenario, say)
    found: list[Any] = list(breakdown.binding(result).itertuples(index=False))
    rows: list[Sequence[Any]] = []
    for row in found:
        of = None if row.category == EVERY else row.category
        names = total_title(result.scenario, of, say, head("total", say)), items.get(row.item, head("all", say))
        amounts = _rounded([row.mean_cut_wan, row.p95_cut_wan, row.mean_headroom_wan])
        title = say(row.cap_title, row.cap_title_en), cited(row.article, say)
        rows.append((row.year, *names, *title, row.probability_binding, *amounts, row.item, row.cap))
    return headers, rows


def flow_title(flow: str, say: Translator, caps: dict[str, str] | None = None) -> str:
    """What a flow is called; ``cut:<cap>`` by its cap's title."""
    if flow.startswith("cut:"):
        key = flow.removeprefix("cut:")
        title = (caps or {}).get(key, key.replace("_", " "))
        return f"{label('cut', say)}{say('：', ': ')}{title}"
    return label(flow, say, "counts" if is_count(flow) else "flows")


def statistic_title(name: str, say: Translator) -> str:
    """What a statistic is called: ``平均``, ``P10``."""
    return label("mean", say, "columns") if name == "mean_wan" else name[:3].upper()


def _rounded(amounts: Sequence[float]) -> list[float]:
    """Amounts as ``budget.csv`` writes them; what is missing stays missing."""
    return [round(float(amount), DECIMALS) for amount in amounts]
