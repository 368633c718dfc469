"""The split over categories with the least sum (分专项额度): envelopes that all hold jointly with a probability.

What each category needs with that probability by itself is too little for all of them together: where one holds another
may not. The split raises them until they hold jointly, and leaves no two of which one could be lowered by more than the
other would have to rise.

>>> joint_split(load_scenario("baseline").run(trials=1_000), 2026, 0.9)     # doctest: +SKIP
"""

from __future__ import annotations

import heapq
import math
from itertools import combinations

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from .run_result import RunResult

COLUMNS = ["year", "category", "alone_wan", "split_wan"]


def joint_split(result: RunResult, year: int, sure: float) -> pd.DataFrame:
    """Envelopes of the categories with which the need of a year fits into all of them with probability ``sure``.

    Returns:
        ``year, category, alone_wan, split_wan``: what the category needs with that probability by itself, and its part
        of the split with the least sum, whole 万元. Categories in the scenario's order.
    """
    categories = list(result.scenario.categories)
    needs = [-(-result.fen("need", year, category=key) // FEN_A_WAN) for key in categories]  # whole 万元, up
    count = math.ceil(sure * result.trial_count - 1e-9)  # of trials that must fit
    alone = [int(np.sort(need)[max(count, 1) - 1]) for need in needs]
    split = least_split(np.stack(needs), count)
    rows = [(year, *row) for row in zip(categories, alone, split.tolist(), strict=True)]
    return pd.DataFrame(rows, columns=COLUMNS)


def least_split(needs: np.ndarray, count: int) -> np.ndarray:
    """Limits with a sum so small that no two can be changed for a smaller one, into which ``count`` trials fit.

    Args:
        needs: shape ``(categories, trials)``, whole numbers.
    """
    if count < 1:
        return needs.min(axis=1)
    limits = _equal_ranks(needs, count)
    while True:
        before = limits.sum()
        for one, other in combinations(range(len(needs)), 2):
            others = np.delete(np.arange(len(needs)), [one, other])
            fits = (needs[others] <= limits[others, None]).all(axis=0)
            limits[[one, other]] = _least_pair(needs[one, fits], needs[other, fits], count)
        if limits.sum() == before:
            return limits


def _equal_ranks(needs: np.ndarray, count: int) -> np.ndarray:
    """Of each the value of the same rank, the lowest at which enough trials fit into all."""
    ordered = np.sort(needs, axis=1)
    low, high = count - 1, needs.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        is_enough = np.count_nonzero((needs <= ordered[:, middle, None]).all(axis=0)) >= count
        low, high = (low, middle) if is_enough else (middle + 1, high)
    return ordered[:, low].copy()


def _least_pair(one: np.ndarray, other: np.ndarray, count: int) -> tuple[int, int]:
    """The two limits with the least sum into which ``count`` trials fit: for every limit of the one, the lowest of the
    other.
    """
    best = (int(one.max()), int(other.max()))
    smallest: list[int] = []  # of the other, in the trials that fit the one so far: negative, so a heap of the largest
    for trial in np.argsort(one, kind="stable"):
        heapq.heappush(smallest, -int(other[trial]))
        if len(smallest) > count:
            heapq.heappop(smallest)
        if len(smallest) == count and int(one[trial]) - smallest[0] < sum(best):
            best = int(one[trial]), -smallest[0]
    return best
