"""What has been promised past the last year (期后支出责任), what is left for new money, and how bad it may get.

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)     # doctest: +SKIP
>>> promises(result)                                                 # doctest: +SKIP

A result keeps sums, not the years of promises: `promises` simulates once more with an observer. Amounts are 万元.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..kernel.observers import Observers
from ..kernel.promise_observer import PromiseObserver
from .breakdown import ANY, carried_fen, shortfall_ever
from .budget_table import EVERY, exact_sum, quantiles_of, statistics_wan
from .observed import observed
from .run_result import RunResult, cached_frame
from .shortfall import LACKING, lacking_fen, short_by_envelope
from .year_need import year_need_fen

BEFORE = 0  # in the place of a year of promise: before the first year (the opening position)
STATISTICS = ("mean_wan", "p10_wan", "p50_wan", "p90_wan")
WORST = 0.05  # of all trials
ROOM_COLUMNS = (
    "year", "category", "envelope_wan", "promised_wan", "room_wan", "room_p10_wan", "room_p90_wan", "probability_none",
)  # fmt: skip
WORST_COLUMNS = ("quantity", "year", "mean_wan", "p95_wan", "worst_wan")

Paid = Mapping[tuple[str, int, int], np.ndarray]  # item, year of promise, year of payment -> fen by trial


@cached_frame
def promises(result: RunResult) -> pd.DataFrame:
    """What is paid after the last year in force, by year of promise, item and year of payment.

    Returns:
        ``promised, item, year, mean_wan, p10_wan, p50_wan, p90_wan``: ``promised`` is the year of commitment, 0 for the
        opening position; item ``*`` is all items together and ``year`` 0 all years together. Nothing that is 0 in every
        trial has a row. In every trial the payments add up to the ledger's.
    """
    paid = promised_fen(result)
    sums: dict[tuple[int, str, int], Any] = {}
    for (item, promised, year), fen in paid.items():
        for key in ((promised, item, year), (promised, item, 0), (promised, EVERY, year), (promised, EVERY, 0)):
            sums[key] = sums.get(key, 0) + fen
    order = {item.key: n for n, item in enumerate(result.scenario.items)} | {EVERY: -1}
    rows = [
        (*key, *statistics_wan(fen, STATISTICS))
        for key, fen in sorted(sums.items(), key=lambda one: (one[0][0], order[one[0][1]], one[0][2]))
        if fen.any()
    ]
    return pd.DataFrame(rows, columns=["promised", "item", "year", *STATISTICS])


def promised_fen(result: RunResult) -> Paid:
    """Payments after the last year in force, fen by trial, by item, year of promise (`BEFORE`) and year of payment."""
    cache = result.cache.setdefault("promises", {})
    if "paid" not in cache:
        observe = observed(result, PromiseObserver)
        cache["paid"] = {at: fen for key in observe.makers_of for at, fen in _of_item(result, observe, key)}
    return cache["paid"]


def _of_item(result: RunResult, observe: Observers, key: str) -> list[tuple[tuple[str, int, int], np.ndarray]]:
    """What an item's observers recorded, all trials in order; a block in which nothing was paid has 0."""
    observers, years = observe.of(key), (*result.years, *result.tail)
    found: dict[tuple[str, int, int], np.ndarray] = {}
    for start, y in sorted({at for observer in observers for at in observer.paid}):
        parts = [one.paid.get((start, y), np.zeros(one.trials, np.int64)) for one in observers]
        fen, at = np.concatenate(parts), (key, BEFORE if start < 0 else years[start], years[y])
        if fen.any():
            found[at] = found[at] + fen if at in found else fen
    return list(found.items())


@cached_frame
def room(result: RunResult) -> pd.DataFrame:
    """What the envelopes leave for new money each year: what is promised and owed from before is paid first.

    Returns:
        ``year, category, envelope_wan, promised_wan, room_wan, room_p10_wan, room_p90_wan, probability_none``: means,
        the middle 80% of what is left, and how likely nothing is; a row for each envelope, category ``*`` the total's.
    """
    rows: list[tuple[Any, ...]] = []
    for year in result.years:
        for category in short_by_envelope(result, year):
            of = None if category == EVERY else category
            items = [item for item in result.scenario.items if of in (None, item.category)]
            promised = sum((carried_fen(result, item, year) for item in items), np.zeros(result.trial_count, np.int64))
            envelope = np.broadcast_to(result.envelope_fen(year, of), result.trial_count)
            left = np.maximum(envelope - promised, 0)
            amounts = statistics_wan(left, ("mean_wan", "p10_wan", "p90_wan"))
            means = (statistics_wan(fen, ("mean_wan",))[0] for fen in (envelope, promised))
            rows.append((year, category, *means, *amounts, float(np.mean(left == 0))))
    return pd.DataFrame(rows, columns=list(ROOM_COLUMNS))


def worst_mean(fen: np.ndarray, share: float = WORST) -> float:
    """The mean of the worst trials, 万元: of the largest ``share`` of them, at least one."""
    count = max(1, math.ceil(share * len(fen) - 1e-9))
    return exact_sum(np.sort(fen)[-count:]) / (count * FEN_A_WAN)


@cached_frame
def worst(result: RunResult) -> pd.DataFrame:
    """How bad it may get: the mean of the worst 5% of trials, beside the mean of all and the P95.

    Returns:
        ``quantity, year, mean_wan, p95_wan, worst_wan``: ``year_need`` of each year, ``lacking`` of each year in which
        an envelope limits it, and ``tail``, all that is paid after the last year (its year is 0).
    """
    quantities: list[tuple[str, int, np.ndarray]] = []
    for year in result.years:
        quantities.append(("year_need", year, year_need_fen(result, year)))
    for year in result.years:
        if short_by_envelope(result, year):
            quantities.append((LACKING, year, lacking_fen(result, year)))
    later = [result.fen("payment", year) for year in result.tail]
    quantities.append(("tail", 0, sum(later, np.zeros(result.trial_count, np.int64))))
    rows = []
    for quantity, year, fen in quantities:
        p95 = float(quantiles_of(fen)[-1]) / FEN_A_WAN
        rows.append((quantity, year, statistics_wan(fen, ("mean_wan",))[0], p95, worst_mean(fen)))
    return pd.DataFrame(rows, columns=list(WORST_COLUMNS))


def any_and_all(result: RunResult) -> tuple[float, float]:
    """P(an envelope is short in at least one year) and P(in every year), as `shortfall_ever`; NaN without envelopes."""
    ever = shortfall_ever(result)
    row = ever[ever.category == ANY]
    if row.empty:
        return math.nan, math.nan
    return float(row.probability_ever.iloc[0]), float(row.probability_every_year.iloc[0])
