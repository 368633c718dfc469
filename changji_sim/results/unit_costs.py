"""How an amount is worked out for a budget (测算说明): number × mean amount of one = entitlement; what of it is due.

>>> unit_costs(load_scenario("baseline").run(trials=1_000, seed=7), 2026)     # doctest: +SKIP

Numbers, means of one and amounts are those of `counts.unit_amounts`; here they meet what is paid when.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..base.units import FEN_A_WAN
from ..kernel.investment_observer import InvestmentObserver
from ..kernel.simulate import make_claims
from .budget_table import exact_sum
from .counts import unit_amounts
from .matching_funds import items_with_investment, record_sums, recorded_sums, summed
from .observed import observed
from .run_result import RunResult, cached_frame
from .submitted_amounts import PARTS, part_fen, planned_years

COLUMNS = (
    "year", "item", "count", "standard_wan", "amount_wan", "first_wan", "carried_wan", "total_wan", "investment_wan",
    "own_wan",
)  # fmt: skip
FLOW_OF = {"need": "entitlement", "payment": "commitment"}  # what is counted, and its amount


@cached_frame
def unit_costs(result: RunResult, year: int | None = None, basis: str = "need") -> pd.DataFrame:
    """Each item of a year: number × standard = amount, what of it is paid this year, and what earlier years promised.

    Args:
        year: a year in force; by default the first.
        basis: ``need`` counts applications with an entitlement, ``payment`` those committed something.

    Returns:
        ``year, item, count, standard_wan, amount_wan, first_wan, carried_wan, total_wan, investment_wan, own_wan``:
        means over trials. ``standard_wan`` is the mean amount of one, NaN where none is; ``amount_wan`` the
        entitlement (of ``payment`` the commitment); ``first_wan`` its first payments and ``carried_wan`` what falls due
        of earlier promises, together ``total_wan``. ``investment_wan`` is the total investment of the projects
        committed, ``own_wan`` what of it is not the fund's; NaN where applications do not say it.

    Raises:
        FaultyInput: there is no such basis, or the year is none in force.
    """
    year = planned_years(result, year)[0]
    amounts = unit_amounts(result)
    amounts = amounts[(amounts.year == year) & (amounts.amount == FLOW_OF[basis])].set_index("item")
    rows = []
    for item in result.scenario.items:
        parts = part_fen(result, item, year, basis)
        carried, fresh = _mean_wan(parts["carried"]), _mean_wan(sum(parts[part] for part in PARTS[1:]))
        investment, committed = _invested_wan(result).get((item.key, year), (float("nan"),) * 2)
        counted = (float(amounts[name][item.key]) for name in ("count", "unit_wan", "amount_wan"))
        rows.append((year, item.key, *counted, fresh, carried, fresh + carried, investment, investment - committed))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _invested_wan(result: RunResult) -> Mapping[tuple[str, int], tuple[float, float]]:
    """By item and year: the total investment of the projects committed and their commitments, means in 万元; a result
    keeps no investments, so that its trials are simulated once more.
    """
    cache = result.cache.setdefault("invested", {})
    if not cache:
        keys = items_with_investment(result.scenario)
        observe = observed(result, InvestmentObserver, keys, make_claims)
        if recorded_sums(result) is None:
            record_sums(result, summed(observe, keys))
        for key in keys:
            for y, both in summed(observe, [key]).items():
                investment, committed = (exact_sum(fen) / (result.trial_count * FEN_A_WAN) for fen in both)
                cache[key, result.years[y]] = investment, committed
    return cache


def _mean_wan(fen: Any) -> float:
    return exact_sum(fen) / (len(fen) * FEN_A_WAN)
