"""What the need exceeds the envelope by (资金缺口), trial by trial."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..base.units import FEN_A_WAN
from .budget_table import EVERY
from .run_result import RunResult

LACKING, SHORT = "lacking", "probability_short"  # what is lacking in all, and how likely anything is: as tables name it


def shortfall_fen(result: RunResult, year: int, category: str | None = None) -> np.ndarray:
    """What the need exceeds the envelope by, fen, shape ``(trials,)``; 0 where it fits or nothing limits it."""
    envelope = result.envelope_fen(year, category)
    need = result.fen("need", year, category=category)
    return np.zeros_like(need) if envelope is None else np.maximum(need - envelope, 0)


def short_by_envelope(result: RunResult, year: int) -> dict[str, np.ndarray]:
    """What each envelope of a year lacks, fen by trial: categories by their keys first, then the total (``*``)."""
    envelopes = [key for key in (*result.scenario.categories, None) if result.envelope_fen(year, key) is not None]
    return {key or EVERY: shortfall_fen(result, year, key) for key in envelopes}


def lacking_fen(result: RunResult, year: int) -> np.ndarray:
    """What is lacking in a year in all, fen, shape ``(trials,)``: the categories' shortfalls together, or the total's
    where that is more.
    """
    short = short_by_envelope(result, year)
    nothing = np.zeros(result.trial_count, np.int64)
    total = short.pop(EVERY, nothing)
    return np.maximum(total, sum(short.values(), start=nothing))


def lacking_when_short_wan(result: RunResult, year: int) -> float:
    """What is lacking in a year in all, 万元: the mean over the trials in which anything is, or NaN."""
    lacking = lacking_fen(result, year)
    return float(np.mean(lacking[lacking > 0])) / FEN_A_WAN if lacking.any() else np.nan


def short_trials(result: RunResult, years: Iterable[int] | None = None) -> np.ndarray:
    """Whether the need exceeds an envelope, the total's or a category's, in one of the years, bool ``(trials,)``.

    Args:
        years: by default all years in force. Money that is short in one year is owed in the next, so the first year in
            which it is short counts in either.
    """
    is_short = np.zeros(result.trial_count, bool)
    for year in result.years if years is None else years:
        for fen in short_by_envelope(result, year).values():
            is_short |= fen > 0
    return is_short
