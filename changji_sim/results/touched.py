"""Whom caps and envelopes touch (核减涉及面): how many applications and applicants each cuts, beside the money.

>>> touched(load_scenario("baseline").run(trials=1_000, seed=7))     # doctest: +SKIP

A result keeps sums, not rows: the counts are made by simulating once more with an observer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..kernel.cap_observer import ENVELOPES, CapObserver
from .breakdown import binding
from .budget_table import EVERY
from .monte_carlo import mean_interval
from .observed import observed
from .run_result import RunResult, cached_frame

TOUCHED = ("mean_applications", "mean_applicants")
ENDS = tuple(f"{name}_{end}" for name in TOUCHED for end in ("low", "high"))

Counts = Mapping[tuple[str, str, int], tuple[np.ndarray, np.ndarray]]  # item, cap, year -> by trial


@cached_frame
def touched(result: RunResult) -> pd.DataFrame:
    """Every cap and envelope by year: how often it cuts, what, and how many applications and applicants it touches.

    Returns:
        the columns of `breakdown.binding`, then ``mean_applications, mean_applicants``, means over all trials, with
        their 95% intervals (``_low``, ``_high``). An applicant is counted once a cap, item and year. Of an envelope:
        the applications of its items that are not committed in full; an applicant is counted once an item.
    """
    frame, counts = binding(result), counts_of(result)
    rows = []
    for cap, item, year, category in zip(frame.cap, frame.item, frame.year, frame.category, strict=True):
        if item == EVERY:
            items = [one.key for one in result.scenario.items if category in (EVERY, one.category)]
            both = [sum(counts[key, ENVELOPES, year][n] for key in items) for n in range(2)]
        else:
            both = list(counts[item, cap, year])
        ends = (end for count in both for end in mean_interval(np.asarray(count)))
        rows.append((*(float(np.mean(count)) for count in both), *ends))
    return pd.concat([frame, pd.DataFrame(rows, columns=[*TOUCHED, *ENDS], index=frame.index)], axis=1)


@cached_frame
def touched_a_year(result: RunResult) -> pd.DataFrame:
    """The same, a year: those that cut most first, as `breakdown.binding_caps` has them, and envelopes.

    Returns:
        ``cap, article, item, category, item_title, item_title_en, cap_title, cap_title_en``, then of
        ``probability_binding, mean_cut_wan, p95_cut_wan, mean_headroom_wan, mean_applications, mean_applicants`` the
        means over the years in force: nothing is cut in a year in which a cap cannot act. Headroom is the mean over the
        years in which it can.
    """
    names = ["cap", "article", "item", "category", "item_title", "item_title_en", "cap_title", "cap_title_en"]
    means = ["probability_binding", "mean_cut_wan", "p95_cut_wan", "mean_headroom_wan", *TOUCHED]
    groups = touched(result).groupby(names, sort=False)
    together = groups[means].sum() / len(result.years)
    together["mean_headroom_wan"] = groups.mean_headroom_wan.mean()
    together = together.reset_index()
    return together.sort_values("mean_cut_wan", ascending=False, kind="stable", ignore_index=True)


def counts_of(result: RunResult) -> Counts:
    """Applications and applicants that each cap, or the envelopes (`ENVELOPES`), cut, by trial."""
    cache: dict[str, Any] = result.cache.setdefault("touched", {})
    if "counts" not in cache:
        observe = observed(result, CapObserver)
        cache["counts"] = {
            (key, cap, result.years[y]): _joined(observe.of(key), (cap, y))
            for key in observe.makers_of
            for cap, y in observe.of(key)[0].touched
            if y < len(result.years)
        }
    return cache["counts"]


def _joined(observers: list[CapObserver], at: tuple[str, int]) -> tuple[np.ndarray, np.ndarray]:
    applications, applicants = zip(*(observer.touched[at] for observer in observers), strict=True)
    return np.concatenate(applications), np.concatenate(applicants)
