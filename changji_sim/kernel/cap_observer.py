"""How many applications, and how many applicants, a cap or the envelopes cut (核减涉及的份数和家数)."""

from __future__ import annotations

import numpy as np

from .cap_rules import CapContext
from .draws import Chunk
from .item_state import ItemState
from .observers import Observer
from .plan import ItemPlan
from .row_counts import Counts, counts_of_rows
from .year import Block

ENVELOPES = "envelope"  # in the place of a cap's key: what the envelopes left unfunded


class CapObserver(Observer):
    """Counts by trial: ``touched[cap, y]``, applications that the cap cut and different applicants among them."""

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.touched: dict[tuple[str, int], Counts] = {}
        self._before = np.empty(0, np.int64)

    def selected(self, block: Block, state: ItemState, y: int) -> None:
        self._before = state.left.copy()

    def capped(self, state: ItemState, y: int, n: int, context: CapContext) -> None:
        year = state.account.years[min(y, len(state.account.years) - 1)]
        self.touched[state.item.caps[year][n].key, y] = counts_of_rows(state, self._before > state.left)
        self._before = state.left.copy()

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y < len(block.years):
            self.touched[ENVELOPES, y] = counts_of_rows(state, state.left > state.commitment_by_row)
