"""Performance targets (绩效目标) beside what a run gives: mean, the middle 80% and how likely a target is reached.

>>> target_bands(load_scenario("baseline").run(trials=1_000, seed=7), 2026)     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..kernel.ledger import COUNT
from ..scenario.target import COUNTED, Target
from .budget_table import per_unit
from .execution import execution_rate
from .matching_funds import matching_funds
from .run_result import RunResult, cached_frame
from .submitted_amounts import planned_years

TOLERANCE = 1e-9  # of a value that is to be equalled
COLUMNS = ("key", "value", "mean", "p10", "p90", "probability")


@cached_frame
def target_bands(result: RunResult, year: int | None = None) -> pd.DataFrame:
    """Every target of the scenario in a year, in the order of its form.

    Args:
        year: a year in force; by default the first.

    Returns:
        ``key, value, mean, p10, p90, probability``: the value to be reached, NaN where none is set; mean and quantiles
        of its quantity over trials, NaN where the run says nothing of it; the probability that it is reached. Amounts
        are 万元, an execution is a share.

    Raises:
        FaultyInput: the year is none in force.
    """
    return bands_of(result, result.scenario.targets, year)


def bands_of(result: RunResult, targets: Sequence[Target], year: int | None = None) -> pd.DataFrame:
    """The same of targets that need not be the scenario's."""
    year = planned_years(result, year)[0]
    return pd.DataFrame([_row(result, target, year) for target in targets], columns=list(COLUMNS))


def _row(result: RunResult, target: Target, year: int) -> tuple[str, float, float, float, float, float]:
    wanted = target.at(year)
    value = math.nan if wanted is None else float(wanted)
    of_trials = quantity(result, target, year)
    if of_trials is None or np.isnan(of_trials).all():
        return target.key, value, *(math.nan,) * 4
    low, high = (float(np.quantile(of_trials, share)) for share in (0.1, 0.9))
    is_single = len(of_trials) == 1  # a ratio of means has no trials
    chance = math.nan if wanted is None or is_single else float(np.mean(_is_reached(of_trials, value, target.sense)))
    ends = (math.nan, math.nan) if is_single else (low, high)
    return target.key, value, float(np.mean(of_trials)), *ends, chance


def _is_reached(of_trials: np.ndarray, value: float, sense: str) -> np.ndarray:
    if sense == "equal":
        return np.asarray(np.abs(of_trials - value) <= TOLERANCE)
    return np.asarray(of_trials >= value - TOLERANCE if sense == "at_least" else of_trials <= value + TOLERANCE)


def quantity(result: RunResult, target: Target, year: int) -> np.ndarray | None:
    """What a run says of a target, by trial; one number for a ratio of means; None where it says nothing."""
    if not target.quantity:
        return None
    if target.quantity == "own_per_yuan":
        frame = matching_funds(result)
        return frame.own_per_yuan[frame.year == year].to_numpy()
    if target.quantity == "execution":
        return execution_rate(result, year, target.category or None)
    flow = f"{COUNT}{target.quantity}" if target.quantity in COUNTED else target.quantity
    return result.fen(flow, year, target.item or None, target.category or None) / per_unit(flow)
