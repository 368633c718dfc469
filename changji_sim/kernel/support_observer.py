"""How many applications an item owes something and commits something to (应补份数和立项份数), and their investment."""

from __future__ import annotations

import numpy as np

from .draws import Chunk
from .investment_observer import InvestmentObserver
from .item_state import ItemState
from .plan import ItemPlan
from .row_counts import Counts, counts_of_rows
from .year import Block


class SupportObserver(InvestmentObserver):
    """By year index and trial: applications with an entitlement, those committed something, different applicants
    among each; total investment and commitments of projects, fen.
    """

    def __init__(self, item: ItemPlan, chunk: Chunk):
        super().__init__(item, chunk)
        self.entitled: dict[int, Counts] = {}
        self.committed: dict[int, Counts] = {}

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        super().closed(block, state, y)
        if y < len(block.years):
            self.entitled[y] = counts_of_rows(state, np.asarray(state.left > 0))
            self.committed[y] = counts_of_rows(state, np.asarray(state.commitment_by_row > 0))
