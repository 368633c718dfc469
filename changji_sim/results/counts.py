"""How many applications, applicants and projects a year has (件数), beside its money; and what one of them costs.

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)     # doctest: +SKIP
>>> counts(result, item="new_hightech")                              # doctest: +SKIP
>>> unit_amounts(result).query("amount == 'commitment'")             # doctest: +SKIP

What each count counts is said in ``wording/labels.yaml`` and in docs/the-year.md. They hold in every trial:
applications = ineligible + not selected + selected; entitled = funded + unfunded, and no more than are selected;
acceptances due + mended = accepted + failed.
"""

from __future__ import annotations

import pandas as pd

from ..kernel.ledger import COUNTS
from ..wording.labels import section, titles
from .budget_table import EVERY, QUANTILES, counts_of
from .run_result import RunResult, cached_frame

COUNT_COLUMNS = (
    "count",
    "title",
    "title_en",
    "unit",
    "year",
    "mean",
    *(name.removesuffix("_wan") for name in QUANTILES),
)
# What an amount is the sum of: so many of these.
COUNTED = {
    "asked": "count:applications",
    "demand": "count:selected",
    "entitlement": "count:entitled",
    "commitment": "count:funded",
}
UNIT_COLUMNS = ("year", "category", "item", "amount", "count_of", "count", "unit_wan", "amount_wan")


@cached_frame
def counts(result: RunResult, item: str | None = None, category: str | None = None) -> pd.DataFrame:
    """Every count by year: mean and quantiles over the trials.

    Args:
        item, category: of one item, or of one category; of everything if neither is given. An applicant of two items
            counts twice in a total.

    Returns:
        ``count, title, title_en, unit, year, mean, p05, p10, p50, p90, p95``, count by count and year by year; the
        years after the measure too, in which projects still end. A count that cannot be there has no row.

    Raises:
        FaultyInput: there is no such item or category.
    """
    result.check(COUNTS[0], result.years[0], item, category)
    of_item = {one.key: one.category for one in result.scenario.items}
    name = (of_item.get(item, EVERY) if item is not None else category or EVERY, item or EVERY)
    rows = []
    for count in COUNTS:
        for year in (*result.years, *result.tail):
            if count in _there(result, year, item, category):
                statistics = result.rows.statistics_wan(year, *name, count)
                rows.append((count, *titles(count, "counts"), section("counts")[count].unit, year, *statistics))
    return pd.DataFrame(rows, columns=list(COUNT_COLUMNS))


def _there(result: RunResult, year: int, item: str | None, category: str | None) -> set[str]:
    meant = [one for one in result.scenario.items if item in (None, one.key) and category in (None, one.category)]
    return {count for one in meant for count in counts_of(result.scenario, one, year)}


@cached_frame
def unit_amounts(result: RunResult) -> pd.DataFrame:
    """What stands in a statement of calculation (测算说明): unit × standard × count, by item and year in force.

    The standard is the mean amount over the mean count, so that the product is the mean amount of ``budget.csv``, and
    the items' products add up to its totals.

    Returns:
        ``year, category, item, amount, count_of, count, unit_wan, amount_wan``: ``amount`` is a flow (``asked``,
        ``demand``, ``entitlement``, ``commitment``), ``count_of`` what it is counted by (``count:applications``,
        ``count:selected``, ``count:entitled``, ``count:funded``), ``count`` its mean number, ``unit_wan`` the mean
        万元 of one (NaN where there is none), ``amount_wan`` the mean 万元 of all.
    """
    rows = []
    for year in result.years:
        for item in result.scenario.items:
            for amount, count_of in COUNTED.items():
                name = (year, item.category, item.key)
                count, wan = (result.rows.mean_wan(*name, flow) for flow in (count_of, amount))
                rows.append((*name, amount, count_of, count, wan / count if count else float("nan"), wan))
    return pd.DataFrame(rows, columns=list(UNIT_COLUMNS))
