"""Execution of the budget (预算执行率): what is paid of an envelope, what lapses of it (结余), what is refused beside.

What is unused at the year's end lapses, in a year in which entitlements may be refused. Both are compared trial by
trial, in cash of the year: the first payments of what is not funded against what lapses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from .budget_table import EVERY, exact_sum, statistics_wan
from .run_result import RunResult, cached_frame
from .year_need import year_need_fen

LOW, USUAL = 0.9, 0.97  # executions that a budget is held to
COLUMNS = (
    "year", "category", "envelope_wan", "payment_wan", "rate", "rate_p10", "rate_p90", "probability_below_90",
    "probability_below_97", "lapse_wan", "lapse_p10_wan", "lapse_p90_wan", "refused_wan", "refused_first_wan",
)  # fmt: skip
BOTH = ("later", "order", "elsewhere")  # lapses and is refused in the same trial
REASON_COLUMNS = (
    "year", "lapse_wan", "idle_wan", *(f"{one}_wan" for one in BOTH), "gone_wan", "refused_first_wan",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class LapseReasons:
    """What lapses of a year's total envelope beside the first payments that are refused, fen, each ``(trials,)``.

    ``lapse = idle + later + order + elsewhere`` and ``refused = gone + later + order + elsewhere``, in every trial.

    Attributes:
        idle: lapses beyond all that is refused: there is no demand for it.
        later: would fit into what lapses where it belongs, so that only its later payments do not fit, into the
            envelopes of their years (`forward_cover`).
        order: less lapses where it belongs than the item is refused: the next in order does not fit, into this year or
            a later one.
        elsewhere: lapses outside the envelope of the category that is refused: in another's, or in the reserve.
        gone: refused where nothing is left.
    """

    lapse: np.ndarray
    refused: np.ndarray
    idle: np.ndarray
    later: np.ndarray
    order: np.ndarray
    elsewhere: np.ndarray
    gone: np.ndarray


@cached_frame
def execution(result: RunResult) -> pd.DataFrame:
    """Payment over envelope, what lapses and what is refused, by year in force and envelope; means over the trials.

    Returns:
        the columns `COLUMNS`, a row for each category that has an envelope, then for the total, ``*``. ``rate`` is a
        share, NaN where the envelope is 0; ``probability_below_…`` how likely it is below 90% and 97%. ``refused`` are
        the entitlements not funded, later tranches included, ``refused_first`` what of them would be paid in the year.
        Amounts are 万元. In every trial the total envelope, with what `refill` adds to it, is payment and
        lapse; of a category paid out of the pool (`pooling`) the rate may be above 1.

    Raises:
        FaultyInput: the trials were summed as they ran.
    """
    rows = [
        _row(result, year, category)
        for year in result.years
        for category in (*result.scenario.categories, None)
        if result.has_envelope(year, category)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(result: RunResult, year: int, category: str | None) -> tuple[float | str, ...]:
    rate, lapse = execution_rate(result, year, category), lapse_fen(result, year, category)
    assert lapse is not None  # there is an envelope
    of_rate = rate_statistics(rate, LOW, USUAL)
    refused = (result.fen("unfunded", year, category=category), refused_first_fen(result, year, None, category))
    envelope = result.mean_envelope(year, category) / FEN_A_WAN
    paid, *means = (_mean_wan(fen) for fen in (result.fen("payment", year, category=category), *refused))
    spread = statistics_wan(lapse, ("mean_wan", "p10_wan", "p90_wan"))
    return (year, category or EVERY, envelope, paid, *of_rate, *spread, *means)


def rate_statistics(rate: np.ndarray | None, *limits: float) -> tuple[float, ...]:
    """The mean of a share, its middle 80%, and how likely it is below each limit; NaN where there is none."""
    if rate is None:
        return (np.nan,) * (3 + len(limits))
    ends = (float(np.quantile(rate, share)) for share in (0.1, 0.9))
    return (float(np.mean(rate)), *ends, *(float(np.mean(rate < limit)) for limit in limits))


def execution_rate(result: RunResult, year: int, category: str | None = None) -> np.ndarray | None:
    """What is paid of an envelope (预算执行率), a share, ``(trials,)``; None where it is unlimited, or 0 in a trial."""
    envelope = result.envelope_fen(year, category)
    if envelope is None or not np.all(envelope):
        return None
    return np.asarray(result.fen("payment", year, category=category) / envelope)


def lapse_fen(result: RunResult, year: int, category: str | None = None) -> np.ndarray | None:
    """What is left of an envelope at the year's end (结余), fen, ``(trials,)``; None where it is unlimited.

    Payments exceed a category's envelope by what it gets of the pool (`pooling`; what it gives is left of it here), and
    any envelope where that limits commitments (reading `envelope_limits`); then nothing is left.
    """
    envelope = result.envelope_fen(year, category)
    return None if envelope is None else np.maximum(envelope - result.fen("payment", year, category=category), 0)


def refused_first_fen(result: RunResult, year: int, item: str | None = None, category: str | None = None) -> np.ndarray:
    """What of the entitlements not funded would be paid in the year itself, fen, ``(trials,)``: its need less what is
    due of what was promised.
    """
    return np.maximum(year_need_fen(result, year, item, category) - result.fen("due", year, item, category), 0)


def lapse_reasons_fen(result: RunResult, year: int) -> LapseReasons | None:
    """What lapses and what is refused in a year, side by side; None where the total is unlimited.

    An envelope's room only falls within a year. Where all that an item is refused fits into what is left at its end,
    each part of it fitted when it was refused: only the envelopes of later years can have been too small for it.
    """
    lapse = lapse_fen(result, year)
    if lapse is None:
        return None
    refused, in_own, fits_in_own = (np.zeros_like(lapse) for _ in range(3))
    for category in result.scenario.categories:
        own = lapse_fen(result, year, category)
        left = lapse if own is None else np.minimum(lapse, own)
        of_category, fits = np.zeros_like(lapse), np.zeros_like(lapse)
        for item in result.scenario.items:
            if item.category == category:
                first = refused_first_fen(result, year, item.key)
                of_category += first
                fits += np.where(first <= left, first, 0)
        refused += of_category
        in_own += np.minimum(of_category, left)
        fits_in_own += np.minimum(fits, left)
    both = np.minimum(lapse, refused)
    in_own = np.minimum(in_own, both)
    later = np.minimum(fits_in_own, in_own)
    return LapseReasons(lapse, refused, lapse - both, later, in_own - later, both - in_own, refused - both)


@cached_frame
def lapse_reasons(result: RunResult) -> pd.DataFrame:
    """Why money lapses and is refused in the same year, by year in force whose total is limited; means, 万元.

    Returns:
        the columns `REASON_COLUMNS`, as `LapseReasons` explains them.
    """
    rows = []
    for year in result.years:
        of = lapse_reasons_fen(result, year)
        if of is not None:
            amounts = (of.lapse, of.idle, of.later, of.order, of.elsewhere, of.gone, of.refused)
            rows.append((year, *map(_mean_wan, amounts)))
    return pd.DataFrame(rows, columns=list(REASON_COLUMNS))


def _mean_wan(fen: np.ndarray) -> float:
    return exact_sum(fen) / (len(fen) * FEN_A_WAN)
