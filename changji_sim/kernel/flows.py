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
        self.names, self.trials = names, trials
        self.kept: dict[int, np.ndarray] = {}
        self.is_kept: dict[int, np.ndarray] = {}

    def add(self, book: np.ndarray, start: int) -> None:
        """Keep a block's book, the trials from ``start`` on."""
        kinds = kinds_of(book, len(self.names))
        for kind, (number, unit) in KEPT_AS.items():
            rows = np.flatnonzero(kinds == kind)
            if len(rows):
                if kind not in self.kept:
                    self.kept[kind] = np.zeros((len(self.names), self.trials), number)
                    self.is_kept[kind] = np.zeros(len(self.names), bool)
                self.is_kept[kind][rows] = True
                keep(book, rows, unit, self.kept[kind], start)

    @cached_property
    def position(self) -> dict[str, int]:
        """Row of each flow that is there."""
        there = np.any(list(self.is_kept.values()), axis=0) if self.is_kept else ()
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
def kinds_of(book, flows):
    """What kind of numbers holds each of the first rows of a book."""
    kinds = np.empty(flows, np.uint8)
    for r in range(flows):
        row = book[r]
        odd = 0
        least = most = row[0]
        for t in range(len(row)):
            least, most = min(least, row[t]), max(most, row[t])
            odd |= row[t] - row[t] // FEN_A_YUAN * FEN_A_YUAN
        is_nothing = least == 0 and most == 0
        is_small = least >= 0 and most <= (FEN_A_YUAN * MOST if odd == 0 else MOST)
        kinds[r] = NOTHING if is_nothing else WIDE if not is_small else YUAN if odd == 0 else FEN
    return kinds


@njit(nogil=True, cache=True)
def keep(book, rows, unit, kept, start):
    """Write rows of a book, fen, into ``kept`` in numbers of ``unit``; dividing by a constant is a multiplication."""
    for r in rows:
        row, into = book[r], kept[r, start : start + book.shape[1]]
        if unit == FEN_A_YUAN:
            for t in range(len(row)):
                into[t] = row[t] // FEN_A_YUAN
        else:
            for t in range(len(row)):
                into[t] = row[t]


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
