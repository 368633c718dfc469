"""The flows of a run, trial by trial, in as little memory as they fit into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from .ledger import FLOWS, Account

FEN_A_YUAN = 100
KINDS = (np.uint16, np.uint32, np.int32)  # the smallest first

Key = tuple[str, int, str]  # item, year, flow


@dataclass(frozen=True, eq=False)
class Packed:
    """Fen of one flow over trials, in the smallest whole numbers that hold it: ``values · unit``."""

    values: np.ndarray
    unit: int

    @classmethod
    def of(cls, fen: np.ndarray) -> Packed | None:
        """Packed, or None where every trial has 0."""
        low, high, is_yuan = ranges(fen[None])
        return cls.within(fen, int(low[0]), int(high[0]), bool(is_yuan[0])) if low[0] or high[0] else None

    @classmethod
    def within(cls, fen: np.ndarray, low: int, high: int, is_yuan: bool) -> Packed:
        """Packed, when the smallest and largest value are known, and whether all are whole yuan."""
        unit = FEN_A_YUAN if is_yuan else 1
        scaled = in_yuan(fen) if is_yuan else fen
        for kind in KINDS:
            if np.iinfo(kind).min <= low // unit and high // unit <= np.iinfo(kind).max:
                return cls(scaled.astype(kind), unit)
        return cls(scaled.copy(), unit)

    @property
    def fen(self) -> np.ndarray:
        return self.values.astype(np.int64) * self.unit


@njit(nogil=True, cache=True)
def ranges(amounts):
    """Smallest and largest value of each row, and whether all of it is whole yuan."""
    low, high = np.zeros(len(amounts), np.int64), np.zeros(len(amounts), np.int64)
    is_yuan = np.ones(len(amounts), np.bool_)
    for r in range(len(amounts)):
        odd = 0
        least = most = amounts[r, 0]
        for t in range(amounts.shape[1]):
            fen = amounts[r, t]
            least, most = min(least, fen), max(most, fen)
            odd |= fen - fen // 100 * 100
        low[r], high[r], is_yuan[r] = least, most, odd == 0
    return low, high, is_yuan


@njit(nogil=True, cache=True)
def in_yuan(fen):
    """Whole yuan; dividing by a constant is a multiplication, which numpy would not know."""
    out = np.empty(len(fen), np.int64)
    for t in range(len(fen)):
        out[t] = fen[t] // 100
    return out


class Flows:
    """Every flow of every item, year and trial that is not 0 throughout."""

    def __init__(self, trials: int):
        self.trials = trials
        self._parts: dict[Key, dict[int, Packed]] = {}
        self.headroom: dict[Key, int] = {}  # sum over trials, fen

    def add(self, account: Account, start: int) -> None:
        """Book one item's account of the trials from ``start`` on."""
        for year, amounts in account.amounts.items():
            caps = account.caps.get(year, ())
            names = (*FLOWS, *(f"cut:{cap}" for cap in caps))
            low, high, is_yuan = ranges(amounts[: len(names)])
            for row in np.flatnonzero((low != 0) | (high != 0)).tolist():
                packed = Packed.within(amounts[row], int(low[row]), int(high[row]), bool(is_yuan[row]))
                self._parts.setdefault((account.item, year, names[row]), {})[start] = packed
            for cap, headroom in zip(caps, account.headrooms(year), strict=True):
                key = (account.item, year, cap)
                self.headroom[key] = self.headroom.get(key, 0) + int(headroom.sum())

    def keys(self) -> list[Key]:
        """(item, year, flow) of all flows that are not 0 throughout."""
        return list(self._parts)

    def fen(self, item: str, year: int, flow: str) -> np.ndarray:
        """One flow in fen, shape ``(trials,)``, trial by trial."""
        out = np.zeros(self.trials, np.int64)
        for start, packed in self._parts.get((item, year, flow), {}).items():
            out[start : start + len(packed.values)] = packed.fen
        return out

    def packed(self, item: str, year: int, flow: str) -> Packed | None:
        """One flow of all trials as it is kept, or None where every trial has 0."""
        parts = self._parts.get((item, year, flow))
        if not parts:
            return None
        ordered = [parts[start] for start in sorted(parts)]
        if sum(len(part.values) for part in ordered) == self.trials and len({part.unit for part in ordered}) == 1:
            values = np.concatenate([part.values for part in ordered]) if len(ordered) > 1 else ordered[0].values
            return Packed(values, ordered[0].unit)
        return Packed.of(self.fen(item, year, flow))
