"""Quantiles of so many trials that their values are not all kept: exact, from those near the quantiles.

What is known after some trials says where the quantiles of all will lie: the rank of a quantile among n of N trials
strays from its share of them by √(p(1−p)·n·(1−n/N)). Values within `DEVIATIONS` of that are kept, with how often each
came; what lies between is only counted, as one lump. A value that falls into a lump can no more be told from its
others: should a quantile end in one, that is seen, and the run is made again with more deviations.
"""

from __future__ import annotations

import numpy as np

from .budget_table import QUANTILES, between, quantile_positions

DEVIATIONS = 6.0  # so that about one run of a thousand is made again
_SHARES = np.array(list(QUANTILES.values()))
_ABOVE_ALL = np.iinfo(np.int64).max


class OrderStatistics:
    """The values of ``trials`` trials in order, as far as their quantiles may need them.

    ``values`` ascend; ``counts`` say how many trials have each. A negative count is that of a lump: of trials with
    values above the entry before and up to its own.

    Args:
        beside: how far from its quantiles values are kept to the end, in standard deviations of their ranks.
    """

    def __init__(self, trials: int, deviations: float = DEVIATIONS, beside: float = 0.0):
        self.trials, self.deviations, self.beside = trials, deviations, beside
        self.seen = 0
        self.values, self.counts = np.empty(0, np.int64), np.empty(0, np.int32)

    def add(self, values: np.ndarray, counts: np.ndarray) -> None:
        """Take in more trials: their values, ascending and each once, and how often each comes."""
        at = np.searchsorted(self.values, values)
        is_inside = at < len(self.values)
        near = at[is_inside]
        is_lump, is_known = np.zeros((2, len(values)), bool)
        is_lump[is_inside] = self.counts[near] < 0
        is_known[is_inside] = self.values[near] == values[is_inside]
        is_known &= ~is_lump
        more = self.counts.copy()
        np.subtract.at(more, at[is_lump], counts[is_lump].astype(np.int32))
        more[at[is_known]] += counts[is_known].astype(np.int32)
        is_new = ~(is_lump | is_known)
        self.values = np.insert(self.values, at[is_new], values[is_new])
        self.counts = np.insert(more, at[is_new], counts[is_new].astype(np.int32))
        self.seen += int(counts.sum())
        self._forget()

    def _forget(self) -> None:
        """Make lumps of what lies too far from every quantile."""
        sizes = np.abs(self.counts)
        spread = self.deviations * np.sqrt(_SHARES * (1 - _SHARES) * self.seen * (1 - self.seen / self.trials))
        spread += self.beside * np.sqrt(_SHARES * (1 - _SHARES) / self.trials) * self.seen
        rank = _SHARES * (self.seen - 1)
        ends = np.cumsum(sizes)
        first = np.searchsorted(ends, np.floor(rank - spread) - 1, "right")
        last = np.searchsorted(ends, np.ceil(rank + spread) + 1, "right")
        is_kept = np.zeros(len(sizes), bool)
        for begin, end in zip(first, last, strict=True):
            is_kept[begin : end + 1] = True
        is_first = is_kept.copy()
        is_first[0] = True
        is_first[1:] |= is_kept[:-1]
        starts = np.flatnonzero(is_first)
        stops = np.append(starts[1:], len(sizes))
        is_lump = (stops - starts > 1) | (self.counts[starts] < 0)
        together = np.add.reduceat(sizes, starts)
        self.counts = np.where(is_lump, -together, together).astype(np.int32)
        self.values = self.values[stops - 1]
        if is_lump[-1]:
            self.values[-1] = _ABOVE_ALL

    def quantiles(self) -> np.ndarray | None:
        """The `QUANTILES` of all trials: those of `budget_table.quantiles_of`, to the bit; None where one fell into a
        lump.
        """
        position, weight = quantile_positions(self.trials)
        ends = np.cumsum(np.abs(self.counts))
        low, high = (np.searchsorted(ends, at, "right") for at in (position, np.minimum(position + 1, self.trials - 1)))
        if (self.counts[low] < 0).any() or (self.counts[high] < 0).any():
            return None
        return between(self.values[low], self.values[high], weight)

    def ranked(self, rank: int) -> float:
        """The value of a rank, from 0, of all trials in ascending order; NaN where it fell into a lump."""
        at = int(np.searchsorted(np.cumsum(np.abs(self.counts)), rank, "right"))
        return float(self.values[at]) if self.counts[at] > 0 else float("nan")
