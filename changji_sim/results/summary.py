"""The summary of a result: need (资金需求) against envelope (预算额度), year by year and category by category."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ..base.units import FEN_A_WAN
from .budget_table import EVERY, QUANTILES
from .run_result import RunResult, cached_frame
from .shortfall import LACKING, lacking_fen
from .year_need import opening_arrears_fen, year_need_fen


class SummaryRow(NamedTuple):
    """A row of the `summary`."""

    year: int
    category: str
    need_mean_wan: float
    need_p10_wan: float
    need_p90_wan: float
    year_need_mean_wan: float
    year_need_p10_wan: float
    year_need_p90_wan: float
    arrears_before_wan: float
    envelope_wan: float
    probability_short: float
    mean_short_wan: float


SUMMARY_COLUMNS = SummaryRow._fields
YEAR_NEED = "year_need"  # summed beside the ledger's flows, as `LACKING` is, where flows are not kept


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
    rows = [
        summary_row(result, year, category) for year in result.years for category in (*result.scenario.categories, None)
    ]
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def summary_row(result: RunResult, year: int, category: str | None = None) -> SummaryRow:
    """One row of the `summary`, of a year in force: of a category, or the year's total. Worked out once for a result,
    and without the others.
    """
    rows = result.cache.setdefault("summary", {})
    if (year, category) not in rows:
        rows[year, category] = _row(result, year, category)
    return rows[year, category]


def _row(result: RunResult, year: int, category: str | None) -> SummaryRow:
    of, whole = category or EVERY, result.trial_count * FEN_A_WAN
    need, is_first = (year, of, EVERY, "need"), year == result.years[0]
    own = result.of_trials(YEAR_NEED, year, category, lambda: year_need_fen(result, year, category=category))
    p10, p90 = (float(own.quantiles[list(QUANTILES).index(name)]) / FEN_A_WAN for name in ("p10_wan", "p90_wan"))
    is_limited = result.has_envelope(year, category)
    return SummaryRow(
        year,
        of,
        result.rows.mean_wan(*need),
        result.rows.quantile_wan("p10_wan", *need),
        result.rows.quantile_wan("p90_wan", *need),
        own.sum / whole,
        p10,
        p90,
        opening_arrears_fen(result.scenario, category=category) / FEN_A_WAN
        if is_first
        else result.rows.mean_wan(year - 1, of, EVERY, "arrears"),
        result.mean_envelope(year, category) / FEN_A_WAN if is_limited else float("nan"),
        *_short(result, year, category),
    )


def _short(result: RunResult, year: int, category: str | None) -> tuple[float, float]:
    """How likely money is short, and what is lacking on average; NaN where nothing limits it."""
    limits = (*result.scenario.categories, None) if category is None else (category,)
    if not any(result.has_envelope(year, limit) for limit in limits):
        return float("nan"), float("nan")
    whole = result.trial_count * FEN_A_WAN
    if category is None:
        lacking = result.of_trials(LACKING, year, None, lambda: lacking_fen(result, year))
        return lacking.moved / result.trial_count, lacking.sum / whole
    return result.trials_short(year, category) / result.trial_count, result.envelope_use(year, category).short / whole
