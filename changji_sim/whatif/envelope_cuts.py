"""What falls off when the total envelope is cut (压减): by item, against the envelope as it is, in the same futures.

>>> envelope_cuts(load_scenario("baseline"), 2026, trials=1_000)     # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ..adjustable.set_values import with_values
from ..base.units import FEN_A_WAN
from ..results.budget_table import EVERY, exact_sum
from ..results.run_result import RunResult
from ..results.shortfall import short_trials
from ..scenario.model import ScenarioModel
from .incremental import IncrementalRun

SHARES = (0.9, 0.8)  # of the envelope
COLUMNS = ("share", "item", "envelope_wan", "commitment_wan", "payment_wan", "arrears_wan", "probability_short")


def envelope_cuts(
    scenario: ScenarioModel,
    year: int,
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    before: RunResult | None = None,
) -> pd.DataFrame:
    """What a tenth and two tenths less of the total envelope take away in a year.

    Args:
        year: a year in force.
        progress: called with the number of runs done.
        before: the result of the scenario as it is, of the same trials and seed, if it is there already.

    Returns:
        ``share, item, envelope_wan, commitment_wan, payment_wan, arrears_wan, probability_short``: a row for each item
        and one, ``*``, for all. Amounts but the envelope are changes of means against the envelope as it is, 万元:
        commitments and payments of the year, arrears at its end. The probability is that any envelope is short in the
        year. No rows where no total limits the year.

    Raises:
        FaultyInput: a cut envelope cannot be, because those of the categories are more together.
    """
    if scenario.envelopes.total_wan.get(year) is None:
        return pd.DataFrame(columns=list(COLUMNS))
    live = IncrementalRun(scenario, trials, seed, workers)
    whole = before or live.run(scenario)
    rows = []
    for done, share in enumerate(SHARES, 1):
        cut = live.run(with_values(scenario, {"envelopes.total": f"-{round(100 * (1 - share))}%"}))
        envelope, chance = cut.mean_envelope(year) / FEN_A_WAN, float(np.mean(short_trials(cut, [year])))
        for key in (*(item.key for item in scenario.items), EVERY):
            item = None if key == EVERY else key
            changes = [
                exact_sum(cut.fen(flow, year, item) - whole.fen(flow, year, item)) / (trials * FEN_A_WAN)
                for flow in ("commitment", "payment", "arrears")
            ]
            rows.append((share, key, envelope, *changes, chance))
        if progress:
            progress(done)
    return pd.DataFrame(rows, columns=list(COLUMNS))
