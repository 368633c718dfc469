"""What is paid after the last year in force, by the year in which it was promised (期后支出责任).

The ledger books payments by item and year; which year's commitments they keep stands in the cohorts alone.
"""

from __future__ import annotations

import numpy as np

from .draws import Chunk
from .item_state import ItemState
from .observers import Observer, by_trial
from .plan import ItemPlan
from .year import Block


class PromiseObserver(Observer):
    """Payments after the last year in force, fen a trial: ``paid[start, y]`` by year index of promise (below 0: an
    opening position) and of payment.
    """

    follows_rows = True  # arrears of what is paid at once are kept by year of promise too

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.trials = chunk.trials
        self.paid: dict[tuple[int, int], np.ndarray] = {}
        self._owed: dict[int, np.ndarray] = {}  # by year of promise, at the end of the year before

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y < len(block.years) - 1:
            return
        for cohort in state.cohorts:
            owed = by_trial(cohort.ends, cohort.owed) if len(cohort.owed) else np.zeros(self.trials, np.int64)
            if y >= len(block.years):
                k = y - cohort.start
                due = cohort.due_total[k] if k < cohort.width else 0
                self.paid[cohort.start, y] = self._owed.get(cohort.start, 0) + due - owed
            self._owed[cohort.start] = owed
