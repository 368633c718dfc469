"""The amounts a bureau submits (预算申报): what each item asks for a year, in 续建, 政策性 and 新增.

>>> submitted(load_scenario("baseline").run(trials=1_000, seed=7), 2026)     # doctest: +SKIP

Amounts are means over trials in 万元, unless they are called ``fen``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..scenario.model import Item
from .breakdown import carried_fen
from .budget_table import EVERY, statistics_wan
from .run_result import RunResult, cached_frame
from .unknown_names import no_such
from .year_need import arrears_before_fen

BASES = ("need", "payment")  # what the year itself needs (一上); what is paid within the envelope (二上)
PARTS = ("carried", "policy", "new")
STATISTICS = ("mean_wan", "p10_wan", "p90_wan")
YEARS = 3  # of a rolling plan (三年滚动规划)


def planned_years(result: RunResult, year: int | None = None) -> tuple[int, ...]:
    """The year of the budget and the two that follow, whether or not anything is paid in them.

    Args:
        year: a year in force; by default the first.

    Raises:
        FaultyInput: it is none.
    """
    first = result.years[0] if year is None else year
    if first not in result.years:
        what = message(
            "{year} is no year of the scenario; it has {first} to {last}",
            year=first,
            first=result.years[0],
            last=result.years[-1],
        )
        raise FaultyInput([Fault(result.scenario.name, what)])
    return tuple(range(first, first + YEARS))


def part_fen(result: RunResult, item: Item, year: int, basis: str = "need") -> dict[str, np.ndarray]:
    """What an item asks for a year in the three `PARTS`, fen, shape ``(trials,)`` each.

    Of ``need`` they add up to the need of the year, which leaves out arrears of earlier years; of ``payment`` to the
    payment, where what is paid of earlier promises, arrears too, is ``carried``. After the last year in force only
    what was promised falls due, and all arrears are paid. ``policy`` is of items that are no projects (第十五条).

    Raises:
        FaultyInput: there is no such basis or year.
    """
    if basis not in BASES:
        raise FaultyInput([no_such("basis", basis, BASES)])
    nothing = np.zeros(result.trial_count, np.int64)
    if year not in result.years:
        paid = result.fen("payment", year, item.key) if year in result.tail else nothing
        owed = result.fen("arrears", year - 1, item.key) if basis == "need" and year in result.tail else nothing
        return {"carried": paid - owed, "policy": nothing, "new": nothing}
    if basis == "payment":
        carried = result.fen("payment_carried", year, item.key)
        fresh = result.fen("payment", year, item.key) - carried
    else:
        promised = carried_fen(result, item, year)
        carried = promised - arrears_before_fen(result, year, item.key)
        fresh = result.fen("need", year, item.key) - promised
    is_project = item.modes[year].is_project
    return {"carried": carried, "policy": nothing if is_project else fresh, "new": fresh if is_project else nothing}


@cached_frame
def submitted(result: RunResult, year: int | None = None, basis: str = "need") -> pd.DataFrame:
    """The rolling plan (三年滚动规划) from a year on, by item and part.

    Args:
        year: the first year of the plan; by default the result's.
        basis: one of `BASES`.

    Returns:
        ``year, category, item, part, mean_wan, p10_wan, p90_wan``: ``part`` is one of `PARTS` or ``*``, all of them;
        item ``*`` is a category's total, category and item ``*`` the year's. Means add up over parts, items and
        categories; quantiles are those of the sums.

    Raises:
        FaultyInput: there is no such basis, or the year is none in force.
    """
    rows = []
    for one in planned_years(result, year):
        totals: dict[tuple[str, str, str], np.ndarray] = {}
        for item in result.scenario.items:
            for part, fen in part_fen(result, item, one, basis).items():
                for category, key in ((item.category, item.key), (item.category, EVERY), (EVERY, EVERY)):
                    for of in (part, EVERY):
                        totals[category, key, of] = totals.get((category, key, of), 0) + fen
        rows += [(one, *name, *statistics_wan(fen, STATISTICS)) for name, fen in totals.items()]
    return pd.DataFrame(rows, columns=["year", "category", "item", "part", *STATISTICS])
