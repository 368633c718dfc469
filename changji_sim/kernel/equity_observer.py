"""Stakes (股权) by trial: what was turned into each and when, when it was given up and what it brought.

The ledger books what comes back and no more; what was turned and what is lost, a mode says of the same rows
(`SupportMode.stakes`).
"""

from __future__ import annotations

import numpy as np

from . import caps as ceilings
from .cohorts import Cohort
from .draws import Chunk
from .item_state import ItemState
from .observers import Observer
from .plan import FEN_A_WAN, ItemPlan, Plan
from .recoveries import holdings_of, joined
from .year import Block


class EquityObserver(Observer):
    """The stakes given up in any year, an array each: ``trial`` (of the block), ``since`` and ``until`` (year indexes
    of round and exit), ``turned`` and ``cash`` (fen).
    """

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.trials = chunk.trials
        self.parts: list[tuple[np.ndarray, ...]] = []
        self.plan: Plan

    def opened(self, block: Block, state: ItemState) -> None:
        self.plan = block.plan

    def recovered(self, state: ItemState, y: int, cohorts: list[tuple[Cohort, np.ndarray]], fen: np.ndarray) -> None:
        item, first = state.plan, self.plan.years[0]
        held = [(cohort, *cohort.held(y, item.recovery_years + 1)) for cohort, _ in cohorts]
        mode = item.modes[0 if item.is_steady else held[0][0].start]
        rows = holdings_of(self.plan, state.maker, held)
        found = mode.stakes(rows, first + y)
        if found is None:
            return
        wan, offset = (np.asarray(one) for one in found)
        turned = np.floor(wan * FEN_A_WAN * ceilings.SLACK).astype(np.int64)
        at = np.flatnonzero(turned > 0)
        since = (np.asarray(rows.year) - first + offset)[at].astype(np.int64)
        self.parts.append((joined(held, "trial")[at], since, np.full(len(at), y), turned[at], fen[at]))

    def stakes(self) -> tuple[np.ndarray, ...]:
        """``trial, since, until, turned, cash`` of all stakes."""
        if not self.parts:
            return (np.empty(0, np.int64),) * 5
        return tuple(np.concatenate(one) for one in zip(*self.parts, strict=True))
