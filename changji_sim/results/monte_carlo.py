"""How sure a number is after so many trials (模拟误差): 95% intervals of means, probabilities and quantiles.

Trials are independent, so that the error of a mean is its standard deviation over the square root of their number. A
probability has Wilson's interval, which holds near 0 and 1 too; a quantile lies between two ordered trials, whose
places follow from the binomial distribution. The errors say how far another seed may move a number, and nothing about
the assumptions.

>>> budget_errors(load_scenario("baseline").run(trials=1_000, seed=7))     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from .breakdown import binding_caps
from .budget_table import EVERY, QUANTILES, columns_of_year, exact_sum, per_unit
from .run_result import CAP_COLUMNS, RunResult, cached_frame
from .shortfall import lacking_fen, short_trials, shortfall_fen
from .summary import SUMMARY_COLUMNS, summary
from .year_need import arrears_before_fen, year_need_fen

TWO_SIDED_95 = 1.959963984540054  # the normal quantile of a 95% interval
STATISTICS = ("mean_wan", *QUANTILES)
ENDS = ("low", "high")
SHOWN = SUMMARY_COLUMNS[SUMMARY_COLUMNS.index("year_need_mean_wan") :]  # of the summary: what is printed

Interval = tuple[float, float]
NONE: Interval = (math.nan, math.nan)


# --- of one number ----------------------------------------------------------------------------------------------------


def wilson(chance: float, trials: int) -> Interval:
    """The 95% interval of a probability of which a share was seen in so many trials, also where the share is 0 or 1."""
    z, n = TWO_SIDED_95, trials
    middle = (chance + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(chance * (1 - chance) / n + z * z / (4 * n * n))
    return (middle - half if chance > 0 else 0.0), (middle + half if chance < 1 else 1.0)


def mean_interval(values: np.ndarray) -> Interval:
    """The 95% interval of the mean, in the unit of the values; NaN for a single trial, which says nothing of it."""
    trials = len(values)
    if trials < 2:
        return NONE
    return around_mean(exact_sum(values) / trials, float(np.std(values, ddof=1)), trials)


def around_mean(mean: float, deviation: float, trials: int) -> Interval:
    """The 95% interval of a mean of so many trials with this standard deviation."""
    half = TWO_SIDED_95 * deviation / math.sqrt(trials)
    return mean - half, mean + half


def quantile_interval(ordered: np.ndarray, share: float) -> Interval:
    """The 95% interval of a quantile, from values in ascending order: the two between which it lies with that
    confidence; the least or the largest where so few trials have none beyond.
    """
    low, high = interval_ranks(len(ordered), share)
    return float(ordered[low]), float(ordered[high])


def interval_ranks(trials: int, share: float) -> tuple[int, int]:
    """The ranks, from 0, of the trials in ascending order between which a quantile lies with 95% confidence."""
    spread = TWO_SIDED_95 * math.sqrt(trials * share * (1 - share))
    low, high = round(trials * share - spread), round(trials * share + spread) + 1  # counted from 1
    return max(low, 1) - 1, min(high, trials) - 1


def intervals_wan(fen: np.ndarray, names: Sequence[str] = STATISTICS, unit: int = FEN_A_WAN) -> list[Interval]:
    """The 95% intervals of statistics (``mean_wan`` and keys of `QUANTILES`) of fen over trials, 万元.

    ``unit``: what is divided by; 1 for counts.
    """
    ordered, found = np.sort(fen), []
    for name in names:
        ends = mean_interval(fen) if name == "mean_wan" else quantile_interval(ordered, QUANTILES[name])
        found.append((ends[0] / unit, ends[1] / unit))
    return found


# --- of the tables ----------------------------------------------------------------------------------------------------


@cached_frame
def summary_errors(result: RunResult) -> pd.DataFrame:
    """The 95% intervals of what a summary prints.

    Returns:
        ``year, category``, then for each of `SHOWN` but the envelope its ends, ``…_low`` and ``…_high``; rows as in
        `summary`. NaN where the summary has no number.
    """
    names = [name for name in SHOWN if name != "envelope_wan"]
    rows = []
    for row in summary(result).to_dict("records"):
        year, category = int(row["year"]), None if row["category"] == EVERY else str(row["category"])
        need = intervals_wan(year_need_fen(result, year, category=category), ("mean_wan", "p10_wan", "p90_wan"))
        owed = intervals_wan(arrears_before_fen(result, year, category=category), ("mean_wan",))
        ends = [*need, *owed, *_short_intervals(result, row, year, category)]
        rows.append((year, row["category"], *(end for pair in ends for end in pair)))
    return pd.DataFrame(rows, columns=["year", "category", *(f"{name}_{end}" for name in names for end in ENDS)])


def _short_intervals(result: RunResult, row: dict[Any, Any], year: int, category: str | None) -> list[Interval]:
    """Of P(short) and of what is lacking on average."""
    if math.isnan(row["probability_short"]):
        return [NONE, NONE]
    lacking = lacking_fen(result, year) if category is None else shortfall_fen(result, year, category)
    return [wilson(row["probability_short"], result.trial_count), *intervals_wan(lacking, ("mean_wan",))]


@cached_frame
def cap_errors(result: RunResult) -> pd.DataFrame:
    """The 95% intervals of how often a cap cuts and of what it cuts.

    Returns:
        ``cap, item, year``, then ``probability_binding``, ``mean_cut_wan`` and ``p95_cut_wan`` with ``_low`` and
        ``_high``; rows as in `RunResult.caps`.
    """
    rows = []
    for row in result.caps().to_dict("records"):
        year, item, cap = int(row["year"]), str(row["item"]), str(row["cap"])
        if item == EVERY:
            category = cap.removeprefix("envelope:")
            fen = shortfall_fen(result, year, category if category in result.scenario.categories else None)
        else:
            fen = result.fen(f"cut:{cap}", year, item)
        ends = [wilson(row["probability_binding"], result.trial_count), *intervals_wan(fen, ("mean_wan", "p95_wan"))]
        rows.append((cap, item, year, *(end for pair in ends for end in pair)))
    ends_of = [f"{name}_{end}" for name in CAP_COLUMNS[4:7] for end in ENDS]
    return pd.DataFrame(rows, columns=["cap", "item", "year", *ends_of])


@cached_frame
def binding_errors(result: RunResult) -> pd.DataFrame:
    """The 95% intervals of `breakdown.binding_caps`, where a trial counts with its mean over the years in force.

    Returns:
        ``cap, item``, then ``probability_binding`` and ``mean_cut_wan`` with ``_low`` and ``_high``; rows as there.
    """
    rows, years = [], len(result.years)
    for row in binding_caps(result).to_dict("records"):
        cap, item = str(row["cap"]), str(row["item"])
        cuts = np.stack([result.run.flows.fen(item, year, f"cut:{cap}") for year in result.years])
        chance, cut = mean_interval((cuts > 0).sum(axis=0)), mean_interval(cuts.sum(axis=0))
        rows.append((cap, item, *(end / years for end in chance), *(end / (years * FEN_A_WAN) for end in cut)))
    names = [f"{name}_{end}" for name in ("probability_binding", "mean_cut_wan") for end in ENDS]
    return pd.DataFrame(rows, columns=["cap", "item", *names])


@cached_frame
def budget_errors(result: RunResult) -> pd.DataFrame:
    """The 95% intervals of every mean and quantile of the budget, 万元, or numbers of a count.

    Returns:
        ``year, category, item, flow``, then each statistic of `RunResult.budget` with ``_low`` and ``_high``; rows as
        there.
    """
    rows: list[tuple[Any, ...]] = []
    for year in (*result.years, *result.tail):
        columns = list(columns_of_year(result.scenario, result.run.flows, year))  # kept, so that an id stays one's own
        known = {(id(packed), per_unit(name[3])): packed for name, packed in columns if packed is not None}
        found = {
            key: [end for pair in intervals_wan(packed.fen, unit=key[1]) for end in pair]
            for key, packed in known.items()
        }
        nothing = [0.0] * (2 * len(STATISTICS))
        rows += [
            (*name, *(nothing if packed is None else found[id(packed), per_unit(name[3])])) for name, packed in columns
        ]
    ends = [f"{name}_{end}" for name in STATISTICS for end in ENDS]
    return pd.DataFrame(rows, columns=["year", "category", "item", "flow", *ends])


# --- of the headline --------------------------------------------------------------------------------------------------


def headline_error(result: RunResult) -> float:
    """How far the headline numbers may be off, with 95% confidence: the largest of all years' errors of P(short), of
    P(short in any year), and of the mean and the P90 of the need of the year as a share of the mean.
    """
    chances = [float(np.mean(short_trials(result, years))) for years in (*([y] for y in result.years), None)]
    needs = []
    for year in result.years:
        need = year_need_fen(result, year)
        mean = exact_sum(need) / len(need)
        needs.append((mean, intervals_wan(need, ("mean_wan", "p90_wan"), unit=1)))
    return largest_error(chances, needs, result.trial_count)


def largest_error(chances: Iterable[float], needs: Iterable[tuple[float, Sequence[Interval]]], trials: int) -> float:
    """The largest half of a 95% interval: of probabilities, and of amounts as a share of the mean that stands before
    their intervals; infinite where one is not known.
    """
    errors = [_half(wilson(chance, trials)) for chance in chances]
    errors += [_half(ends) / mean for mean, intervals in needs for ends in intervals if mean]
    return math.inf if any(math.isnan(error) for error in errors) else max(errors)


def _half(ends: Interval) -> float:
    return (ends[1] - ends[0]) / 2
