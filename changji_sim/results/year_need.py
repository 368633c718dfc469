"""The need of a year in two: what the year itself asks for (当年需求), and what earlier years still owe (应拨未拨).

The ledger's ``need`` holds arrears of earlier years, so that it grows when an envelope is cut. What the year itself
asks for is what a budget has to provide for.
"""

from __future__ import annotations

import numpy as np

from ..base.units import FEN_A_WAN
from ..scenario.model import ScenarioModel
from .run_result import RunResult


def arrears_before_fen(
    result: RunResult, year: int, item: str | None = None, category: str | None = None
) -> np.ndarray:
    """What was due and not paid at the end of the year before, fen, shape ``(trials,)``; in the first year, what the
    opening position says is unpaid (应拨未拨).

    Raises:
        FaultyInput: there is no such item, category or year.
    """
    need = result.fen("need", year, item, category)  # refuses what there is not
    if year == result.years[0]:
        return np.full_like(need, opening_arrears_fen(result.scenario, item, category))
    return result.fen("arrears", year - 1, item, category)


def opening_arrears_fen(scenario: ScenarioModel, item: str | None = None, category: str | None = None) -> int:
    """What was due before the first year and is unpaid, of an item, a category or all, fen."""
    of = {one.key for one in scenario.items if item in (None, one.key) and category in (None, one.category)}
    return sum(round(row.arrears_wan * FEN_A_WAN) for row in scenario.opening if row.item in of)


def year_need_fen(result: RunResult, year: int, item: str | None = None, category: str | None = None) -> np.ndarray:
    """Need less arrears of earlier years: earlier promises that fall due, and the first payments of the year's
    entitlements. Fen, shape ``(trials,)``, never below 0; arguments and faults as of `arrears_before_fen`.
    """
    return result.fen("need", year, item, category) - arrears_before_fen(result, year, item, category)


NEED_PARTS = {"year_need": year_need_fen, "arrears_before": arrears_before_fen}  # they add up to ``need``
