"""First payments by the month of the application (拨付月份): what is paid in the year it is applied for."""

from __future__ import annotations

import numpy as np

from .calendar import MONTHS, days_of_claims, days_of_rows, month_ends
from .draws import Chunk
from .item_state import ItemState
from .observers import Observer
from .plan import ItemPlan
from .year import Block


class PaymentObserver(Observer):
    """What falls due at once of each year's commitments, by the month of the application: ``due[y]`` by year index,
    fen, ``(months, trials)``.
    """

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.item, self.chunk = item, chunk
        self.due: dict[int, np.ndarray] = {}
        self._days = np.empty(0)

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y >= len(block.years):
            return
        drawn = state.maker.drawn
        if not self.due:
            self._days = days_of_rows(drawn, self.item.item.key, self.chunk)
        days = days_of_claims(self._days, state.claims, drawn, y)
        month = np.searchsorted(month_ends(block.years[y])[:-1], days, side="right")
        trial = np.repeat(np.arange(block.trials), np.diff(state.claims.offsets))
        fen = np.bincount(month * block.trials + trial, state.first_due_by_row, MONTHS * block.trials)
        self.due[y] = np.rint(fen).astype(np.int64).reshape(MONTHS, block.trials)
