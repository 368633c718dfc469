"""The equity book (股权账): what turns into stakes, what they are worth, what is lost, against the tolerated loss.

A result keeps the ledger, which books what stakes bring back: `equity` simulates once more with an observer. Stakes are
followed from the financing round to the exit (buy-back, sale, loss), at what was turned into them. What stays a grant,
what a violation claims back before the exit, and what was promised before the first year are not in the book.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..kernel.equity_observer import EquityObserver
from ..scenario.model import ScenarioModel
from .budget_table import EVERY, exact_sum, quantiles_of
from .observed import observed
from .run_result import RunResult, cached_frame

AMOUNTS = ("turned", "exited", "cash", "loss", "gain", "held", "value")  # fen by year and trial
COLUMNS = (
    "year", "item", "turned_wan", "exited_wan", "recovery_wan", "loss_wan", "gain_wan", "held_wan", "held_p90_wan",
    "value_wan", "loss_share", "loss_share_p90", "tolerated_share", "probability_over",
)  # fmt: skip


@cached_frame
def equity(result: RunResult) -> pd.DataFrame:
    """The equity book by year and item, means over the trials, 万元; item ``*`` is all of them.

    Returns:
        the columns `COLUMNS`. ``turned`` becomes stakes in the year; ``exited`` is what was turned into those given up
        in it; they bring ``recovery``, of which ``loss`` is lacking and ``gain`` is above it. ``held`` stands at the
        year's end, ``value`` is what it brings later. ``loss_share`` is all loss up to the year over all exited;
        ``probability_over`` how often it exceeds ``tolerated_share`` among the trials with an exit. Years of which no
        trial has anything are left out.

    Raises:
        FaultyInput: the trials were summed as they ran.
    """
    rows = []
    for item, amounts in equity_fen(result).items():
        exited, lost = (np.cumsum(amounts[name], axis=0) for name in ("exited", "loss"))
        for y, year in enumerate((*result.years, *result.tail)):
            if any(amounts[name][y].any() for name in AMOUNTS):
                rows.append(
                    (year, item, *_row(result, {name: amounts[name][y] for name in AMOUNTS}, exited[y], lost[y]))
                )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def has_equity(scenario: ScenarioModel) -> bool:
    """Whether an item's commitments may bring something back, so that there is a book."""
    return any(item.modes[scenario.years[0]].recovery_years for item in scenario.items)


def _row(result: RunResult, of: dict[str, np.ndarray], exited: np.ndarray, lost: np.ndarray) -> tuple[float, ...]:
    means = {name: exact_sum(fen) / (result.trial_count * FEN_A_WAN) for name, fen in of.items()}
    held_p90 = float(quantiles_of(of["held"])[3]) / FEN_A_WAN
    tolerated = result.scenario.tolerated_loss_share
    limit = tolerated.at(result.years[0]) if tolerated is not None else np.nan
    some = exited > 0
    shares = lost[some] / exited[some]
    share = exact_sum(lost) / exact_sum(exited) if some.any() else np.nan
    over = float(np.mean(shares > limit)) if some.any() and limit == limit else np.nan
    amounts = (means[name] for name in ("turned", "exited", "cash", "loss", "gain", "held"))
    spread = float(np.quantile(shares, 0.9)) if some.any() else np.nan
    return (*amounts, held_p90, means["value"], share, spread, float(limit), over)


def equity_fen(result: RunResult) -> dict[str, dict[str, np.ndarray]]:
    """`AMOUNTS`, fen by year (tail included) and trial, by item; ``*`` all together, first. Nothing without stakes."""
    cache = result.cache.setdefault("equity", {})
    if "fen" not in cache:
        years, first = (*result.years, *result.tail), result.years[0]
        keys = [item.key for item in result.scenario.items if item.modes[first].recovery_years]
        observe = observed(result, EquityObserver, keys)
        of = {key: _by_year(observe.of(key), len(years), result.trial_count) for key in keys}
        of = {key: amounts for key, amounts in of.items() if amounts["turned"].any()}
        total = {name: sum((one[name] for one in of.values()), np.zeros(1, np.int64)) for name in AMOUNTS}
        cache["fen"] = ({EVERY: total} if of else {}) | of
    found: dict[str, dict[str, np.ndarray]] = cache["fen"]
    return found


def _by_year(observers: list[EquityObserver], years: int, trials: int) -> dict[str, np.ndarray]:
    """Sums of one item's stakes by year and trial."""
    amounts = {name: np.zeros((years, trials), np.int64) for name in AMOUNTS}
    before = 0
    for observer in observers:
        trial, since, until, turned, cash = observer.stakes()
        at = trial + before
        np.add.at(amounts["turned"], (since, at), turned)
        for name, fen in (
            ("exited", turned), ("cash", cash), ("loss", np.maximum(turned - cash, 0)),
            ("gain", np.maximum(cash - turned, 0)),
        ):  # fmt: skip
            np.add.at(amounts[name], (until, at), fen)
        for name, fen in (("held", turned), ("value", cash)):  # from the round until the year before the exit
            change = np.zeros((years + 1, trials), np.int64)
            np.add.at(change, (since, at), fen)
            np.add.at(change, (until, at), -fen)
            amounts[name] += np.cumsum(change, axis=0)[:-1]
        before += observer.trials
    return amounts
