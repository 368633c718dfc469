"""Whom commitments go to (资金给谁): enterprises, and institutes, which are all other applicants.

>>> runs = [load_scenario(name).run(trials=1_000, seed=7) for name in ("baseline", "growth")]     # doctest: +SKIP
>>> recipient_comparison(runs)                                                                    # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..kernel.observers import Observers
from ..kernel.recipient_observer import RecipientObserver
from ..scenario.model import ScenarioModel
from .budget_table import exact_sum
from .compare import must_share_futures
from .observed import observed
from .run_result import RunResult
from .side_by_side import difference

KINDS = ("enterprise", "institute")
COLUMNS = ("kind", "position", "value_wan", "difference_wan", "low_wan", "high_wan", "is_same")


def recipient_observers(scenario: ScenarioModel) -> Observers:
    """What records whom commitments go to, to be given to a run; `record_recipients` reads it."""
    return Observers({item.key: RecipientObserver for item in scenario.items})


def record_recipients(result: RunResult, observe: Observers) -> None:
    """Keep with a result what the observers of its run have recorded."""
    parts = [observe.of(item.key) for item in result.scenario.items]
    by_item = [np.concatenate([sum(one.committed.values()) for one in of_item], axis=1) for of_item in parts]
    result.cache["recipients"] = dict(zip(KINDS, np.sum(by_item, axis=0), strict=True))


def committed_by_kind(result: RunResult) -> dict[str, np.ndarray]:
    """What is committed in all years in force to enterprises and to institutes, fen by trial; the trials are simulated
    once more where the run was not observed.

    Raises:
        FaultyInput: the trials were summed as they ran.
    """
    if "recipients" not in result.cache:
        record_recipients(result, observed(result, RecipientObserver))
    return result.cache["recipients"]


def recipient_comparison(results: Sequence[RunResult]) -> pd.DataFrame:
    """What several scenarios commit to enterprises and to institutes, each against the first.

    Returns:
        ``kind, position, value_wan, difference_wan, low_wan, high_wan, is_same``: the mean a year in force, and the
        difference from the first result with its 95% interval, 万元.

    Raises:
        FaultyInput: they have not met the same futures.
    """
    for other in results[1:]:
        must_share_futures(results[0], other)
    rows = []
    for kind in KINDS:
        first = committed_by_kind(results[0])[kind]
        for position, result in enumerate(results):
            fen, unit = committed_by_kind(result)[kind], FEN_A_WAN * len(result.years)
            change = difference(first, fen, unit)
            rows.append((kind, position, exact_sum(fen) / (len(fen) * unit), *astuple(change)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
