"""Co-financing (自筹及其他资金) out of the cells that are kept: what an `InvestmentObserver` records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from .caps import FEN_A_YUAN
from .claims import Claims, to_fen
from .compiled import compiled
from .draws import YUAN_A_WAN, Columns
from .investment_observer import INVESTMENT
from .kept_cells import Cells
from .kept_item import KeptItem
from .streams import group


class KeptInvestments:
    """The total investment of every row, whole yuan, kept while an item's claims are the same."""

    def __init__(self) -> None:
        self._of_rows: dict[tuple[str, int], tuple[np.ndarray, np.ndarray]] = {}  # what the rows ask, and invest

    def fork(self) -> KeptInvestments:
        """A copy that goes on by itself."""
        other = KeptInvestments()
        other._of_rows = dict(self._of_rows)
        return other

    def sums(self, blocks: Mapping[int, Cells], keys: Iterable[str]) -> dict[int, tuple[np.ndarray, np.ndarray]] | None:
        """By year index the investments and commitments of the projects committed under some items, fen by trial; None
        where an item's cells do not keep what each row is committed.
        """
        by_block = []
        for first in sorted(blocks):
            cells = blocks[first]
            states = [cells.by_key[key] for key in keys]
            if any(state.is_in_full for state in states):
                return None
            of_block = np.zeros((len(cells.years), 2, cells.trials), np.int64)
            for state in states:
                invested = self._invested(first, state)
                for y, (investment, commitment) in enumerate(of_block):
                    rows = state.claims.offsets[y * cells.trials :]
                    _add(rows, state.commitment, state.unit, invested, investment, commitment)
            by_block.append(of_block)
        every = np.concatenate(by_block, axis=2)
        return {y: (investment, commitment) for y, (investment, commitment) in enumerate(every)}

    def _invested(self, first: int, state: KeptItem) -> np.ndarray:
        at, asked = (state.item.key, first), state.claims.asked
        kept = self._of_rows.get(at)
        if kept is None or kept[0] is not asked:
            self._of_rows[at] = kept = asked, _whole_yuan(state.claims)
        return kept[1]


def _whole_yuan(claims: Claims) -> np.ndarray:
    """What each row invests in all, whole yuan: the very numbers that its column is kept in, where it is."""
    columns = claims.columns
    column = columns.packed(INVESTMENT) if isinstance(columns, Columns) and not len(claims.row) else None
    if column is not None and column.unit == YUAN_A_WAN:
        return column.values
    yuan = to_fen(claims.column(INVESTMENT)) // FEN_A_YUAN
    is_small = yuan.max(initial=0) <= np.iinfo(np.uint32).max
    return yuan.astype(np.uint32) if is_small else yuan


@compiled
def _add(offsets, commitments, unit, invested, investment, commitment):
    """Add up the rows of one year by trial, fen; a project costs no less than what is committed to it."""
    for t in range(len(commitment)):
        for i in group(offsets, t):
            if commitments[i] > 0:
                fen = np.int64(commitments[i]) * unit
                commitment[t] += fen
                investment[t] += max(np.int64(invested[i]) * FEN_A_YUAN, fen)
