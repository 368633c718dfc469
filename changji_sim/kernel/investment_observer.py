"""Co-financing (自筹及其他资金): a project's total investment less its commitment.

A memo, never an entry of the ledger: only prefecture money is booked there (第二条).
"""

from __future__ import annotations

import numpy as np

from ..scenario.model import Item
from .claims import to_fen
from .draws import Chunk
from .item_state import ItemState
from .observers import Observer, by_trial
from .plan import ItemPlan
from .year import Block

INVESTMENT = "total_investment_wan"


def says_investment(item: Item) -> bool:
    """Whether an item's applications give their project's total investment."""
    return any(drawn.column.name == INVESTMENT for drawn in item.columns)


class InvestmentObserver(Observer):
    """Adds up, by year index, the total investment of the projects committed and their commitments, fen a trial."""

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.investment: dict[int, np.ndarray] = {}
        self.commitment: dict[int, np.ndarray] = {}

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y >= len(block.years) or INVESTMENT not in state.claims.columns:
            return
        offer, column = state.offer, state.claims.column(INVESTMENT)
        committed = offer.commitment
        investment = np.maximum(to_fen(column[offer.rows]), committed) * (committed > 0)
        self.investment[y] = by_trial(offer.ends, investment)
        self.commitment[y] = by_trial(offer.ends, committed)
