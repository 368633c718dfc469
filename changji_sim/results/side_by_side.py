"""Results of the same futures beside each other (情景对比): each against the first, with how sure the difference is.

>>> runs = [load_scenario(name).run(trials=1_000, seed=7) for name in ("baseline", "growth")]     # doctest: +SKIP
>>> comparison(runs).query("quantity == 'need'")                                                  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.units import FEN_A_WAN
from .budget_table import EVERY, exact_sum
from .compare import must_share_futures, told_apart
from .run_result import RunResult
from .shortfall import short_by_envelope, short_trials
from .year_need import opening_arrears_fen

LATER = "later"  # all years after the last one in force of any of the results
QUANTITIES = {  # what is compared -> the section of the table of labels in which its title stands
    "year_need": "money",
    "arrears_before": "money",
    "envelope": "money",
    "probability_short": "money",
    "commitment": "flows",
    "payment": "flows",
}
COLUMNS = (
    "quantity", "when", "position", "scenario", "value", "p10", "p90", "difference", "low", "high", "is_same",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """After − before in the mean of all trials, its 95% interval, and whether no trial differs at all."""

    mean: float
    low: float
    high: float
    is_same: bool


NO_DIFFERENCE = Difference(0.0, 0.0, 0.0, True)
UNKNOWN = Difference(np.nan, np.nan, np.nan, False)


def difference(before: np.ndarray, after: np.ndarray, unit: float = FEN_A_WAN) -> Difference:
    """The mean of after − before, trial by trial: exactly 0, with ``is_same``, where no trial differs."""
    change = after.astype(np.int64) - before
    if not np.any(change):
        return NO_DIFFERENCE
    mean = exact_sum(change) / (len(change) * unit)
    margin = 1.96 * float(np.std(change)) / np.sqrt(len(change)) / unit
    return Difference(mean, mean - margin, mean + margin, False)


def comparison(results: Sequence[RunResult]) -> pd.DataFrame:
    """What several scenarios need, may spend, lack, promise and pay, by year, each against the first.

    Returns:
        ``quantity, when, position, scenario, value, p10, p90, difference, low, high, is_same``. ``quantity`` is a key
        of `QUANTITIES`; ``when`` a year in force of any of them as text, ``later`` (payments after those years) or
        ``*``: the years in force together, the same for every quantity; P(short) in at least one of them, and no
        arrears from before, which would count what is owed once a year. P(short) is that any envelope is short, 0–1;
        amounts are means, 万元, with the middle 80% from ``p10`` to ``p90``. ``difference`` is the mean of this result
        less the first, ``low`` to ``high`` its 95% interval; ``is_same`` where it is exactly 0 in every trial. NaN
        where one has no such thing: no envelope, or a year in which it is not in force. There, what is still paid is
        its need.

    Raises:
        FaultyInput: there is no result, or they have not met the same futures.
    """
    if not results:
        raise FaultyInput([Fault("", message("there is nothing to compare: give at least one result"))])
    for other in results[1:]:
        must_share_futures(results[0], other)
    years = sorted({year for result in results for year in result.years})
    rows = [
        row
        for quantity in QUANTITIES
        for when in (*map(str, years), *([LATER] if quantity == "payment" else []), EVERY)
        if (quantity, when) != ("arrears_before", EVERY)
        for row in _rows(results, quantity, when, years)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def is_same(before: RunResult, after: RunResult) -> bool:
    """Whether two results are the same in every flow of every item, year and trial: nothing changed at all."""
    one, other = before.run.flows, after.run.flows
    if before.years != after.years or set(one.keys()) != set(other.keys()):
        return False
    return all(np.array_equal(one.fen(*key), other.fen(*key)) for key in one.keys())  # noqa: SIM118


def amount_fen(result: RunResult, flow: str, year: int) -> np.ndarray:
    """One flow of any year, or a part of the need (`year_need`), fen by trial. A year after the last in force needs
    what is still paid then; a year of which that the result does not have is 0.
    """
    if flow == "arrears_before":
        is_there = year in (*result.years, *result.tail) and year > result.years[0]
        if year == result.years[0]:
            return np.full(result.trial_count, opening_arrears_fen(result.scenario))
        return result.fen("arrears", year - 1) if is_there else np.zeros(result.trial_count, np.int64)
    if flow == "year_need":
        return amount_fen(result, "need", year) - amount_fen(result, "arrears_before", year)
    if year in result.years:
        return result.fen(flow, year)
    if year in result.tail:
        return result.fen("payment" if flow == "need" else flow, year)
    return np.zeros(result.trial_count, np.int64)


def _rows(results: Sequence[RunResult], quantity: str, when: str, years: Sequence[int]) -> list[tuple[object, ...]]:
    trials = [_trials(result, quantity, when, years) for result in results]
    scenarios = [result.scenario for result in results]
    names = told_apart([scenario.name for scenario in scenarios], scenarios)
    unit = 1 if quantity == "probability_short" else FEN_A_WAN
    rows: list[tuple[object, ...]] = []
    for position, values in enumerate(trials):
        about: tuple[float, ...] = (np.nan, np.nan, np.nan)
        change, first = UNKNOWN, trials[0]
        if values is not None:
            spread = (np.nan, np.nan) if unit == 1 else tuple(np.quantile(values, [0.1, 0.9]) / unit)
            about = (exact_sum(values) / (len(values) * unit), *map(float, spread))
            change = UNKNOWN if first is None else difference(first, values, unit)
        rows.append((quantity, when, position, names[position], *about, *astuple(change)))
    return rows


def _trials(result: RunResult, quantity: str, when: str, years: Sequence[int]) -> np.ndarray | None:
    """One quantity by trial (fen, or 0 and 1 where it is short); None where the result has no such thing."""
    chosen = [year for year in (*result.years, *result.tail) if year > years[-1]] if when == LATER else list(years)
    chosen = [int(when)] if when.isdigit() else chosen
    if quantity in ("year_need", "arrears_before", "commitment", "payment"):
        amounts = [amount_fen(result, quantity, year) for year in chosen]
        return sum(amounts, start=np.zeros(result.trial_count, np.int64))
    chosen = [year for year in chosen if year in result.years]
    if quantity == "envelope":
        chosen = [year for year in chosen if result.envelope_fen(year) is not None]
        parts = [np.broadcast_to(result.envelope_fen(year), result.trial_count) for year in chosen]
        return sum(parts, start=np.zeros(result.trial_count, np.int64)) if chosen else None
    if not any(short_by_envelope(result, year) for year in chosen):
        return None
    return short_trials(result, chosen).astype(np.int64)
