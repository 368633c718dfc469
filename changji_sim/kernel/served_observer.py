"""How many applications, and how many applicants, an item supports (立项份数和家数)."""

from __future__ import annotations

import numpy as np

from .draws import Chunk
from .item_state import ItemState
from .observers import Observer
from .plan import ItemPlan
from .row_counts import Counts, counts_of_rows
from .year import Block


class ServedObserver(Observer):
    """Counts by year index and trial: applications committed something, and different applicants among them."""

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.served: dict[int, Counts] = {}

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y < len(block.years):
            self.served[y] = counts_of_rows(state, np.asarray(state.commitment_by_row > 0))
