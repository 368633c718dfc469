"""Assumptions (假设) fitted to the applications of past years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..applications.application import Application
from ..base.messages import Message, message, named
from ..scenario.model import Assumption, Item, ScenarioModel
from .fitted_columns import fit_column
from .posteriors import Estimate, Growth, count_level, growth, log_doubt, share, triangular_doubt

FEWEST_YEARS = 3  # with fewer no growth is fitted
FEWEST_DECIDED = 5  # with fewer no pass rate is
FEW_ROWS = 30  # of an item: below it the width of the ranges is said
COLUMNS = ("item", "assumption", "rows", "low", "middle", "high")
GROWTH, APPLICATIONS, QUALITY_PASS = "growth", "applications", "quality_pass"


@dataclass(frozen=True)
class FittedNumber:
    """One assumption fitted.

    Args:
        item: its key, ``""`` for the growth of all.
        name: ``growth``, ``applications``, ``quality_pass`` or a column.
        rows: what it rests on.
        estimate: its 80% range, the numbers of a year as of the base year; None where the file holds no doubt of it.
        written: what stands in the scenario file, without source and mark.
    """

    item: str
    name: str
    rows: int
    estimate: Estimate | None
    written: dict[str, Any]


@dataclass(frozen=True, eq=False)
class FittedHistory:
    """What past years say.

    Args:
        years: those that some row is of; each counts as complete.
        counts: applications by item and year, 0 where an item has none; items without any are not in it.
        growth: growth as fitted, or as the scenario has it where there are too few years.
        numbers: the assumptions fitted, item by item in the scenario's order.
        notes: what is thin, and what was not fitted, a sentence each.
    """

    scenario: ScenarioModel
    years: tuple[int, ...]
    counts: dict[str, dict[int, int]]
    growth: Growth
    numbers: tuple[FittedNumber, ...]
    notes: tuple[Message, ...] = field(default=())

    @property
    def frame(self) -> pd.DataFrame:
        """A row each assumption: rows it rests on, the 10%, 50% and 90% quantiles."""
        nothing = Estimate(np.nan, np.nan, np.nan)
        rows = [
            (one.item, one.name, one.rows, found.low, found.middle, found.high)
            for one in self.numbers
            for found in [one.estimate or nothing]
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def fit(rows: Sequence[Application], scenario: ScenarioModel) -> FittedHistory:
    """Fit the assumptions of every item that has rows; what has none stays as the scenario has it.

    Args:
        rows: all applications of each year that has any.
        scenario: says how numbers and columns are drawn; its economy moves the counts of a year.
    """
    years = tuple(sorted({row.year for row in rows}))
    by_item: dict[str, list[Application]] = {}
    for row in rows:
        by_item.setdefault(row.item, []).append(row)
    items = [item for item in scenario.items if item.key in by_item]
    counts = {item.key: _by_year(by_item[item.key], years) for item in items}
    grown, found = _growth(items, counts, years, scenario)
    numbers: list[FittedNumber] = list(found)
    notes: list[Message] = []
    if not numbers:
        what = message(
            "years with rows: {count}; growth is fitted from {fewest} on; the scenario's brings numbers to {base}",
            count=len(years),
            fewest=FEWEST_YEARS,
            base=scenario.base_year,
        )
        notes.append(what)
    for item in items:
        of_item, said = _item(item, by_item[item.key], counts[item.key], grown, scenario)
        numbers += of_item
        notes += said
    return FittedHistory(scenario, years, counts, grown, tuple(numbers), tuple(notes))


def _by_year(rows: Sequence[Application], years: Sequence[int]) -> dict[int, int]:
    seen = Counter(row.year for row in rows)
    return {year: seen[year] for year in years}


def _growth(
    items: Sequence[Item], counts: dict[str, dict[int, int]], years: Sequence[int], scenario: ScenarioModel
) -> tuple[Growth, list[FittedNumber]]:
    """Growth over the items that grow with the scenario and were applied for in enough years."""
    together = [item.key for item in items if item.growth is None and item.applications is not None]
    together = [key for key in together if sum(map(bool, counts[key].values())) >= FEWEST_YEARS]
    if not together:
        return _of_scenario(scenario.growth, scenario), []
    totals = [sum(counts[key][year] for key in together) for year in years]
    fitted = growth(years, totals, scenario.economy_log_sd)
    low, value, high = triangular_doubt(fitted.estimate)
    written = {"value": value, "range": [low, high]}
    return fitted, [FittedNumber("", GROWTH, sum(totals), fitted.estimate, written)]


def _of_scenario(assumed: Assumption, scenario: ScenarioModel) -> Growth:
    """An assumption about growth on a log scale; its range, where it has one, as a triangular distribution."""
    value = assumed.at(scenario.base_year)
    sd = assumed.log_sd or 0.0
    if assumed.low is not None and assumed.high is not None:
        a, b, c = assumed.low, value, assumed.high
        sd = float(np.sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18)) / (1 + value)
    return Growth(float(np.log1p(value)), sd)


def _item(
    item: Item, rows: Sequence[Application], counts: dict[int, int], grown: Growth, scenario: ScenarioModel
) -> tuple[list[FittedNumber], list[Message]]:
    numbers, notes = [], []
    title = named(item.title, item.title_en or item.title)
    if item.applications is not None and not item.tiers and not item.is_count_fixed:
        estimate = _level(item, counts, grown, scenario)
        value, log_sd = log_doubt(estimate)
        numbers.append(FittedNumber(item.key, APPLICATIONS, len(rows), estimate, {"value": value, "log_sd": log_sd}))
        if len(rows) < FEW_ROWS:
            notes.append(message(
                "{item}: few rows ({rows}, years: {years}), so the range is wide: {low:.3g} to {high:.3g} "
                "applications a year (80%)", item=title, rows=len(rows), years=len(counts),
                low=estimate.low, high=estimate.high,
            ))  # fmt: skip
    else:
        notes.append(message("{item}: the scenario draws no number of applications; none is fitted", item=title))
    numbers += _pass_rate(item, rows, notes)
    for drawn in item.columns:
        found = fit_column(drawn, rows)
        if isinstance(found, Message):
            name = named(drawn.column.label or drawn.column.name, drawn.column.name)
            notes.append(message("{item}, {column}: {why}; the scenario's stays", item=title, column=name, why=found))
        elif found is not None:
            written, estimate_of, seen = found
            for key in ("share_of", "added_to"):
                if getattr(drawn, key):
                    written = {**written, key: getattr(drawn, key)}
            numbers.append(FittedNumber(item.key, drawn.column.name, seen, estimate_of, written))
    return numbers, notes


def _level(item: Item, counts: dict[int, int], grown: Growth, scenario: ScenarioModel) -> Estimate:
    """The expected number of the base year: what was seen, less the growth since."""
    own = grown if item.growth is None else _of_scenario(item.growth, scenario)
    since = np.array(list(counts), float) - scenario.base_year
    weights = np.exp(own.mean * since)
    economy = (item.economy_elasticity * scenario.economy_log_sd) ** 2 * (weights**2).sum() / weights.sum() ** 2
    lever = (weights * since).sum() / weights.sum()
    return count_level(sum(counts.values()), float(weights.sum()), float(economy + (lever * own.sd) ** 2))


def _pass_rate(item: Item, rows: Sequence[Application], notes: list[Message]) -> Iterator[FittedNumber]:
    decided = [row.decision["is_passed"] for row in rows if "is_passed" in row.decision]
    if item.quality_pass is None or not decided:
        return
    if len(decided) < FEWEST_DECIDED:
        title = named(item.title, item.title_en or item.title)
        what = message(
            "{item}: rows that say what passed: {count}; at least {fewest} are needed; the scenario's rate stays",
            item=title,
            count=len(decided),
            fewest=FEWEST_DECIDED,
        )
        notes.append(what)
        return
    estimate = share(sum(passed > 0 for passed in decided), len(decided))
    low, value, high = triangular_doubt(estimate, 0, 1)
    yield FittedNumber(item.key, QUALITY_PASS, len(decided), estimate, {"value": value, "range": [low, high]})
