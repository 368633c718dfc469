"""Other money per yuan of the fund (每1元财政资金带动的自筹及其他资金), as a tidy frame.

>>> matching_funds(load_scenario("baseline").run(trials=1_000, seed=7))     # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..kernel.investment_observer import InvestmentObserver, says_investment
from ..kernel.observers import Observers
from ..kernel.simulate import make_claims
from ..scenario.model import ScenarioModel
from .budget_table import exact_sum
from .observed import observed
from .run_result import RunResult

Sums = Mapping[int, tuple[np.ndarray, np.ndarray]]  # year index -> investment, commitment, fen by trial


def items_with_investment(scenario: ScenarioModel) -> list[str]:
    """Keys of the items with the column of the total investment (项目总投资)."""
    return [item.key for item in scenario.items if says_investment(item)]


def matching_funds(result: RunResult) -> pd.DataFrame:
    """Other money in the projects committed each year, 万元.

    Only items with a total investment (项目总投资) count; what is not the fund's is the applicant's own money and other
    public money. A result keeps sums, not rows: unless the sums were recorded while it ran, it is simulated once more.

    Returns:
        ``year, investment_wan, commitment_wan, own_wan, own_per_yuan``: means over trials; the last is the ratio of
        the means, NaN where nothing is committed.
    """
    return pd.DataFrame(
        [(year, *row) for year, row in other_money(result).items()], columns=["year", *OtherMoney._fields]
    )


class OtherMoney(NamedTuple):
    """A year's row of `matching_funds`."""

    investment_wan: float
    commitment_wan: float
    own_wan: float
    own_per_yuan: float


def other_money(result: RunResult) -> dict[int, OtherMoney]:
    """The rows of `matching_funds` by year in force."""
    sums = recorded_sums(result)
    if sums is None:
        keys = items_with_investment(result.scenario)
        sums = record_sums(result, summed(observed(result, InvestmentObserver, keys, make_claims), keys))
    rows = {}
    for y, year in enumerate(result.years):
        nothing = (np.zeros(1, np.int64), np.zeros(1, np.int64))
        investment, commitment = (exact_sum(fen) / (result.trial_count * FEN_A_WAN) for fen in sums.get(y, nothing))
        own = investment - commitment
        rows[year] = OtherMoney(investment, commitment, own, own / commitment if commitment else float("nan"))
    return rows


def recorded_sums(result: RunResult) -> Sums | None:
    """Investments and commitments of a result's trials; None if they are not recorded yet."""
    return result.cache.get("matching funds", {}).get("sums")


def record_sums(result: RunResult, sums: Sums) -> Sums:
    """Cache them in the result."""
    result.cache["matching funds"] = {"sums": sums}
    return sums


def summed(observe: Observers, keys: list[str]) -> Sums:
    """What the observers of some items recorded: year index -> investment and commitment, fen by trial."""
    found: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for key in keys:
        observers = observe.of(key)
        for y in observers[0].investment if observers else ():
            parts = [
                np.concatenate([getattr(observer, name)[y] for observer in observers])
                for name in ("investment", "commitment")
            ]
            before = found.get(y, (0, 0))
            found[y] = (before[0] + parts[0], before[1] + parts[1])
    return found
