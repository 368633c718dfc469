"""The summary of a result: need (资金需求) against envelope (预算额度), year by year and category by category."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from .budget_table import EVERY, statistics_wan
from .run_result import RunResult, cached_frame
from .shortfall import lacking_fen, short_trials, shortfall_fen
from .year_need import arrears_before_fen, year_need_fen

SUMMARY_COLUMNS = (
    "year", "category", "need_mean_wan", "need_p10_wan", "need_p90_wan", "year_need_mean_wan", "year_need_p10_wan",
    "year_need_p90_wan", "arrears_before_wan", "envelope_wan", "probability_short", "mean_short_wan",
)  # fmt: skip


@cached_frame
def summary(result: RunResult) -> pd.DataFrame:
    """Need against envelope by year in force, 万元; category ``*`` is the year's total.

    Returns:
        `SUMMARY_COLUMNS`. ``need`` is the ledger's; ``year_need`` that of the year alone and ``arrears_before_wan`` the
        rest, what earlier years still owe (the mean). ``probability_short`` is that of the category's envelope; in the
        year's total, that at least one envelope is short, the total's or a category's. ``mean_short_wan`` is what is
        then lacking, its mean over all trials: in the total the categories' shortfalls together, or the total's where
        that is more. Both are NaN where there is no envelope. With ``refill`` the envelope differs by trial; its mean
        is shown.
    """
    rows = [_row(result, year, category) for year in result.years for category in (*result.scenario.categories, None)]
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def _row(result: RunResult, year: int, category: str | None) -> tuple[Any, ...]:
    need, own = (year, category or EVERY, EVERY, "need"), year_need_fen(result, year, category=category)
    envelope, owed = result.envelope_fen(year, category), arrears_before_fen(result, year, category=category)
    return (
        year,
        category or EVERY,
        result.rows.mean_wan(*need),
        result.rows.quantile_wan("p10_wan", *need),
        result.rows.quantile_wan("p90_wan", *need),
        *statistics_wan(own, ("mean_wan", "p10_wan", "p90_wan")),
        *statistics_wan(owed, ("mean_wan",)),
        float("nan") if envelope is None else float(np.mean(envelope)) / FEN_A_WAN,
        *_short(result, year, category),
    )


def _short(result: RunResult, year: int, category: str | None) -> tuple[float, float]:
    """How likely money is short, and what is lacking on average; NaN where nothing limits it."""
    limits = (*result.scenario.categories, None) if category is None else (category,)
    if all(result.envelope_fen(year, limit) is None for limit in limits):
        return float("nan"), float("nan")
    lacking = lacking_fen(result, year) if category is None else shortfall_fen(result, year, category)
    is_short = short_trials(result, [year]) if category is None else lacking > 0
    return int(np.count_nonzero(is_short)) / result.trial_count, statistics_wan(lacking, ("mean_wan",))[0]
