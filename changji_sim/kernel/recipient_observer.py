"""What is committed to enterprises and to institutes (资金给谁): the ledger books items, not applicants."""

from __future__ import annotations

import numpy as np

from .draws import Chunk
from .item_state import ItemState
from .observers import Observer, by_trial
from .plan import ItemPlan
from .year import Block


class RecipientObserver(Observer):
    """Commitments by trial: ``committed[y]``, fen, shape ``(2, trials)``: those to enterprises, those to institutes."""

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.trials = chunk.trials
        self.committed: dict[int, np.ndarray] = {}

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y >= len(block.years):
            return
        claims, fen = state.claims, state.commitment_by_row
        to_enterprises = np.where(block.plan.is_enterprise[claims.applicant], fen, 0)
        whole, part = by_trial(claims.offsets, fen), by_trial(claims.offsets, to_enterprises)
        self.committed[y] = np.stack([part, whole - part])
