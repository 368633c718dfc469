"""How an amount is worked out for a budget (测算说明): number × mean amount of one = entitlement; what of it is due.

>>> unit_costs(load_scenario("baseline").run(trials=1_000, seed=7), 2026)     # doctest: +SKIP

A result keeps sums, not rows: the numbers are counted by simulating once more with an observer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..kernel.observers import Observers
from ..kernel.simulate import make_claims, simulate
from ..kernel.support_observer import SupportObserver
from .budget_table import exact_sum
from .run_result import RunResult, cached_frame
from .submitted_amounts import PARTS, part_fen, planned_years

COLUMNS = (
    "year", "item", "count", "applicants", "standard_wan", "amount_wan", "first_wan", "carried_wan", "total_wan",
    "investment_wan", "own_wan",
)  # fmt: skip
COUNTED = {"need": ("entitled", "entitlement"), "payment": ("committed", "commitment")}  # what is counted, its flow


@cached_frame
def unit_costs(result: RunResult, year: int | None = None, basis: str = "need") -> pd.DataFrame:
    """Each item of a year: number × standard = amount, what of it is paid this year, and what earlier years promised.

    Args:
        year: a year in force; by default the first.
        basis: ``need`` counts applications with an entitlement, ``payment`` those committed something.

    Returns:
        ``year, item, count, applicants, standard_wan, amount_wan, first_wan, carried_wan, total_wan, investment_wan,
        own_wan``: means over trials. ``standard_wan`` is the mean amount of one, NaN where none is; ``amount_wan`` the
        entitlement (of ``payment`` the commitment); ``first_wan`` its first payments and ``carried_wan`` what falls due
        of earlier promises, together ``total_wan``. ``investment_wan`` is the total investment of the projects
        committed, ``own_wan`` what of it is not the fund's; NaN where applications do not say it.

    Raises:
        FaultyInput: there is no such basis, or the year is none in force.
    """
    year = planned_years(result, year)[0]
    rows = []
    for item in result.scenario.items:
        parts = part_fen(result, item, year, basis)
        kind, flow = COUNTED[basis]
        counts, applicants, investment, committed = counted(result, item.key, year, kind)
        count, amount = _mean(counts), _mean_wan(result.fen(flow, year, item.key))
        carried, fresh = _mean_wan(parts["carried"]), _mean_wan(sum(parts[part] for part in PARTS[1:]))
        standard = amount / count if count else float("nan")
        own = investment - committed
        rows.append(
            (year, item.key, count, _mean(applicants), standard, amount, fresh, carried, fresh + carried, investment,
             own)
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def counted(result: RunResult, item: str, year: int, kind: str) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Of an item in a year in force: applications and applicants by trial, mean investment and commitment, 万元.

    Args:
        kind: ``entitled``, what has an entitlement, or ``committed``, what is committed something.
    """
    return _all_counted(result)[item, result.years.index(year), kind]


def _all_counted(result: RunResult) -> dict[tuple[str, int, str], tuple[Any, Any, float, float]]:
    cache = result.cache.setdefault("support counted", {})
    if not cache:
        result.run.flows.must_be_kept()
        keys = [item.key for item in result.scenario.items]
        observe = Observers(dict.fromkeys(keys, SupportObserver))
        simulate(result.scenario, result.trial_count, result.seed, claims_of=make_claims, observe=observe)
        for key in keys:
            blocks = observe.of(key)
            for y in range(len(result.years)):
                money = [_sum_wan(result, [getattr(one, name).get(y) for one in blocks])
                         for name in ("investment", "commitment")]  # fmt: skip
                for kind, _ in COUNTED.values():
                    counts = [getattr(one, kind).get(y) for one in blocks]
                    both = [np.concatenate([one[n] for one in counts if one is not None]) for n in range(2)]
                    cache[key, y, kind] = (*both, *money)
    return cache


def _sum_wan(result: RunResult, blocks: list[Any]) -> float:
    """The mean over all trials, 万元; NaN where nothing was recorded."""
    there = [block for block in blocks if block is not None]
    if not there:
        return float("nan")
    return sum(map(exact_sum, there)) / (result.trial_count * FEN_A_WAN)


def _mean(counts: np.ndarray) -> float:
    return int(counts.sum()) / len(counts)


def _mean_wan(fen: Any) -> float:
    return exact_sum(fen) / (len(fen) * FEN_A_WAN)
