"""The flows of a run, trial by trial, in as little memory as they fit into."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit

from .ledger import Account

FEN_A_YUAN = 100
MOST = 2**32 - 1
# How the numbers of a flow are kept in a block of trials: not at all where all are 0, in whole yuan if they may be.
NOTHING, YUAN, FEN, WIDE = range(4)
KEPT_AS = {YUAN: (np.uint32, FEN_A_YUAN), FEN: (np.uint32, 1), WIDE: (np.int64, 1)}

Key = tuple[str, int, str]  # item, year, flow


@dataclass(frozen=True, eq=False)
class Packed:
    """Fen of one flow over trials: ``values · unit``."""

    values: np.ndarray
    unit: int

    @property
    def fen(self) -> np.ndarray:
        return self.values.astype(np.int64) * self.unit


class YearFlows:
    """The flows of one item and year over all trials.

    Each kind of number has an array with a row for every flow, of which a system gives memory only to what is written:
    most flows are 0 throughout.
    """

    def __init__(self, names: tuple[str, ...], trials: int):
        self.names = names
        self.kept = {kind: np.zeros((len(names), trials), number) for kind, (number, _) in KEPT_AS.items()}
        self.is_kept = {kind: np.zeros(len(names), bool) for kind in KEPT_AS}

    def add(self, book: np.ndarray, start: int) -> None:
        """Keep a block's book, the trials from ``start`` on."""
        kinds = keep(book, self.kept[YUAN], self.kept[FEN], self.kept[WIDE], start)
        for kind in KEPT_AS:
            self.is_kept[kind] |= kinds == kind

    @cached_property
    def position(self) -> dict[str, int]:
        """Row of each flow that is there."""
        there = np.any(list(self.is_kept.values()), axis=0)
        return {self.names[row]: row for row in np.flatnonzero(there).tolist()}

    def packed(self, flow: str) -> Packed | None:
        """One flow, or None where every trial has 0; blocks kept as different kinds add up."""
        if flow not in self.position:
            return None
        row = self.position[flow]
        kinds = [kind for kind, is_kept in self.is_kept.items() if is_kept[row]]
        parts = [Packed(self.kept[kind][row], KEPT_AS[kind][1]) for kind in kinds]
        return parts[0] if len(parts) == 1 else Packed(np.sum([part.fen for part in parts], axis=0), 1)


@njit(nogil=True, cache=True)
def keep(book, in_yuan, in_fen, wide, start):
    """Keep each row of a book, fen, as the smallest kind of numbers it fits into; the kinds.

    Rows are written as whole yuan before it is known that they are: most turn out to be.
    """
    trials = book.shape[1]
    kinds = np.empty(len(in_yuan), np.uint8)
    for r in range(len(kinds)):
        row, into = book[r], in_yuan[r, start : start + trials]
        least = most = row[0]
        for t in range(trials):
            least, most = min(least, row[t]), max(most, row[t])
        kinds[r] = NOTHING if least == 0 and most == 0 else YUAN if least >= 0 and most <= FEN_A_YUAN * MOST else WIDE
        odd = 0
        if kinds[r] == YUAN:
            for t in range(trials):
                yuan = row[t] // FEN_A_YUAN  # by a constant: a multiplication
                into[t] = yuan
                odd |= row[t] - yuan * FEN_A_YUAN
        if odd != 0:
            kinds[r] = FEN if most <= MOST else WIDE
            into[:] = 0
        if kinds[r] == FEN:
            in_fen[r, start : start + trials] = row
        elif kinds[r] == WIDE:
            wide[r, start : start + trials] = row
    return kinds


class Flows:
    """Every flow of every item, year and trial that is not 0 throughout."""

    def __init__(self, trials: int):
        self.trials = trials
        self._of: dict[tuple[str, int], YearFlows] = {}
        self.headroom: dict[Key, int] = {}  # sum over trials, fen

    def add(self, account: Account, start: int) -> None:
        """Keep one item's account of the trials from ``start`` on."""
        for year, book in account.books.items():
            if (account.item, year) not in self._of:
                self._of[account.item, year] = YearFlows(account.names(year), self.trials)
            self._of[account.item, year].add(book, start)
            for cap, headroom in zip(account.caps.get(year, ()), account.headrooms(year).sum(axis=1), strict=True):
                key = (account.item, year, cap)
                self.headroom[key] = self.headroom.get(key, 0) + int(headroom)

    def keys(self) -> list[Key]:
        """(item, year, flow) of all flows that are not 0 throughout."""
        return [(item, year, flow) for (item, year), flows in self._of.items() for flow in flows.position]

    def fen(self, item: str, year: int, flow: str) -> np.ndarray:
        """One flow in fen, shape ``(trials,)``, trial by trial."""
        packed = self.packed(item, year, flow)
        return np.zeros(self.trials, np.int64) if packed is None else packed.fen

    def packed(self, item: str, year: int, flow: str) -> Packed | None:
        """One flow of all trials as it is kept, or None where every trial has 0."""
        flows = self._of.get((item, year))
        return flows.packed(flow) if flows else None
