"""The flows of one item and year after some trials changed: what did not is that of the run before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .cell_books import KeptYear, book_counts, flows_of_cell, put_books
from .compiled import compiled, in_place
from .flows import FEN_A_YUAN, KEPT_AS, MOST_SMALL, CountsKept, Packed, YearFlows, put_counts, rows_kept
from .ledger import COUNTS, is_count

Change = tuple[int, KeptYear, np.ndarray]  # a block's first trial, what is kept of its year, which of its trials differ
_flows_of_cell = in_place(flows_of_cell)


class Layout(NamedTuple):
    """How the flows of an item and year are kept: ``(flow, row)`` of those with a row of their own, by kind."""

    yuan: np.ndarray
    fen: np.ndarray
    wide: np.ndarray
    like: np.ndarray  # (flow, flow it is the same as)
    nothing: np.ndarray  # flows that are 0 throughout


class ChangedFlows:
    """All flows of one item and year, a row of numbers for each that differs from the others."""

    def __init__(
        self, names: tuple[str, ...], layout: Layout, narrow: np.ndarray, wide: np.ndarray, counts: CountsKept
    ):  # fmt: skip
        self.names, self.layout = names, layout
        self.narrow, self.wide = narrow, wide  # uint32 and int64, (rows, trials)
        self.counts_kept = counts  # put together when they are asked for: most of what is shown after a move is money
        self._packed_counts: dict[str, Packed | None] = {}

    @classmethod
    def of(cls, flows: YearFlows) -> ChangedFlows:
        """The same flows in rows that can be changed together."""
        made: dict[int, int] = {}  # the first flow of each row, by the row's identity
        like: list[tuple[int, int]] = []
        nothing: list[int] = []
        narrow: list[np.ndarray] = []
        wide: list[np.ndarray] = []
        rows: dict[tuple[type, int], list[tuple[int, int]]] = {kept_as: [] for kept_as in KEPT_AS}
        for flow, name in enumerate(flows.names):
            packed = flows.packed(name)
            if packed is None:
                nothing.append(flow)
            elif id(packed) in made:
                like.append((flow, made[id(packed)]))
            else:
                made[id(packed)] = flow
                of_kind = wide if packed.values.dtype == np.int64 else narrow
                rows[packed.values.dtype.type, packed.unit].append((flow, len(of_kind)))
                of_kind.append(packed.values)
        yuan, fen, whole, same = (np.array(of, np.int64).reshape(-1, 2) for of in (*rows.values(), like))
        layout = Layout(yuan, fen, whole, same, np.array(nothing, np.int64))
        trials = flows.trials
        return cls(
            flows.names,
            layout,
            np.array(narrow, np.uint32).reshape(-1, trials),
            np.array(wide, np.int64).reshape(-1, trials),
            flows.counts_kept,
        )

    def changed(self, changes: Sequence[Change], caps: int, limits_commitments: bool, has_counts: bool) -> ChangedFlows:
        """These flows with those of some trials anew; ``has_counts``: their counts may differ too."""
        narrow, wide, layout = self.narrow.copy(), self.wide.copy(), self.layout
        is_any = np.zeros((2, max(len(narrow), len(wide))), np.uint8)
        is_fitting = True
        for first, kept, which in changes:
            is_fitting &= put_changed(which, kept, caps, limits_commitments, layout, narrow, wide, is_any, first)
        for rows, has_any in zip((narrow, wide), is_any, strict=True):
            is_fitting &= all(rows[row].any() for row in np.flatnonzero(has_any[: len(rows)] == 0))
        counts = self._changed_counts(changes) if has_counts else self.counts_kept
        if not is_fitting:
            return self._laid_anew(changes, caps, limits_commitments, counts)
        return ChangedFlows(self.names, layout, narrow, wide, counts)

    def _changed_counts(self, changes: Sequence[Change]) -> CountsKept:
        kept, later = self.counts_kept
        for first, of_year, which in changes:
            counts = np.zeros((len(COUNTS), len(which)), np.int32)
            book_counts(which, of_year, counts, 0)
            later += ((first + which, counts),)
        if sum(len(some) for some, _ in later) > self.narrow.shape[1] // 2:  # as much as they are themselves
            return _put_together(kept, later), ()
        return kept, later

    def _laid_anew(
        self, changes: Sequence[Change], caps: int, limits_commitments: bool, counts: CountsKept
    ) -> ChangedFlows:
        """The same where a flow no longer fits into its kind of numbers, or differs from one it was the same as."""
        trials = self.narrow.shape[1]
        book = np.zeros((len(self.names), trials), np.int64)
        for row, name in zip(book, self.names, strict=True):
            packed = self._flows.get(name)
            if packed is not None:
                row[:] = packed.fen
        for first, kept, which in changes:
            of_changed = np.zeros((len(book), len(which)), np.int64)
            put_books(which, kept, caps, limits_commitments, of_changed, 0)
            book[:, first + which] = of_changed
        flows = YearFlows(self.names, trials)
        flows.add(book, np.zeros((len(COUNTS), trials), np.int32), 0)
        anew = ChangedFlows.of(flows)
        return ChangedFlows(anew.names, anew.layout, anew.narrow, anew.wide, counts)

    @property
    def position(self) -> Mapping[str, Packed]:
        """The flows and counts that are there."""
        counts = {count: self.packed(count) for count in COUNTS}
        return self._flows | {count: packed for count, packed in counts.items() if packed is not None}

    @cached_property
    def _flows(self) -> dict[str, Packed]:
        """The flows that are there; the same object for flows that are the same."""
        made: dict[int, Packed] = {}
        for of, rows, (_, unit) in zip(self.layout[:3], (self.narrow, self.narrow, self.wide), KEPT_AS, strict=True):
            made |= {flow: Packed(rows[row], unit) for flow, row in of.tolist()}
        made |= {flow: made[other] for flow, other in self.layout.like.tolist()}
        return {self.names[flow]: made[flow] for flow in sorted(made)}

    def packed(self, flow: str) -> Packed | None:
        """One flow, or None where every trial has 0; the same object for flows that are the same."""
        if not is_count(flow):
            return self._flows.get(flow)
        if flow not in self._packed_counts:
            before, later = self.counts_kept
            row = COUNTS.index(flow)
            changes = [(which, counts[row]) for which, counts in later]
            old = Packed(before[row], 1) if isinstance(before, np.ndarray) else before.packed(flow)
            self._packed_counts[flow] = _with_changes(old, changes, self.narrow.shape[1])
        return self._packed_counts[flow]


def _put_together(counts: YearFlows | np.ndarray, changes: tuple[tuple[np.ndarray, np.ndarray], ...]) -> np.ndarray:
    """All counts after changes, as ``(COUNTS, trials)``."""
    together = counts.copy() if isinstance(counts, np.ndarray) else counts.counted[rows_kept(counts.count_like)]
    if together.dtype == np.uint16 and max(int(now.max(initial=0)) for _, now in changes) > MOST_SMALL:
        together = together.astype(np.uint32)
    for which, now in changes:
        put_counts(together, which, now)
    return together


def _with_changes(old: Packed | None, changes: list[tuple[np.ndarray, np.ndarray]], trials: int) -> Packed | None:
    """A count with other numbers in some trials, then in others; None where all are 0."""
    numbers = np.zeros(trials, np.int64) if old is None else old.fen
    for which, now in changes:
        numbers[which] = now
    if old is not None and changes and (numbers == old.values).all() and numbers.any():
        return old
    most = numbers.max(initial=0)
    return Packed(numbers.astype(np.uint16 if most <= MOST_SMALL else np.uint32), 1) if most else None


@compiled
def put_changed(which, kept, caps, limits_commitments, layout, narrow, wide, is_any, first):
    """Write the flows of some trials of a block, the block's trials standing from ``first`` on.

    Args:
        is_any: uint8 (narrow or wide, rows), set to 1 where a number but 0 is written.

    Returns:
        whether all flows fit into the layout; what is written is of no use where they do not.
    """
    flows = len(layout.yuan) + len(layout.fen) + len(layout.wide) + len(layout.like) + len(layout.nothing)
    flow_of, misfit = np.zeros(flows, np.int64), np.int64(0)
    for w in range(len(which)):
        t = which[w]
        _flows_of_cell(t, kept, caps, limits_commitments, flow_of)
        for n in range(len(layout.yuan)):
            row, fen = layout.yuan[n, 1], flow_of[layout.yuan[n, 0]]
            whole = fen // FEN_A_YUAN  # by a constant: a multiplication
            misfit |= (fen - whole * FEN_A_YUAN) | (whole >> 32)
            narrow[row, first + t] = whole
            is_any[0, row] |= fen != 0
        for n in range(len(layout.fen)):
            row, fen = layout.fen[n, 1], flow_of[layout.fen[n, 0]]
            misfit |= fen >> 32
            narrow[row, first + t] = fen
            is_any[0, row] |= fen != 0
        for n in range(len(layout.wide)):
            row, fen = layout.wide[n, 1], flow_of[layout.wide[n, 0]]
            wide[row, first + t] = fen
            is_any[1, row] |= fen != 0
        for n in range(len(layout.like)):
            misfit |= flow_of[layout.like[n, 0]] ^ flow_of[layout.like[n, 1]]
        for n in range(len(layout.nothing)):
            misfit |= flow_of[layout.nothing[n]]
    return misfit == 0
