"""The flows of one item and year after some trials changed: what did not is that of the run before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .cell_books import KeptYear, flows_of_cell, put_books
from .compiled import compiled, in_place
from .flows import FEN_A_YUAN, KEPT_AS, NO_COUNTS, Packed, YearFlows

Change = tuple[int, KeptYear, np.ndarray]  # a block's first trial, what is kept of its year, which of its trials differ
_flows_of_cell = in_place(flows_of_cell)


class Layout(NamedTuple):
    """How the flows of an item and year are kept: ``(flow, row)`` of those with a row of their own, by kind."""

    yuan: np.ndarray
    fen: np.ndarray
    wide: np.ndarray
    like: np.ndarray  # (flow, flow it is the same as)
    nothing: np.ndarray  # flows that are 0 throughout


class Rows(NamedTuple):
    """Numbers by row and trial; then what changed of them: trials and their numbers, ``(rows, trials)``, and so on."""

    numbers: np.ndarray
    later: tuple[tuple[np.ndarray, np.ndarray], ...] = ()

    def changed(self, changes: Iterable[tuple[np.ndarray, np.ndarray]]) -> Rows:
        """These with other numbers in some trials."""
        later = (*self.later, *changes)
        if not len(self.numbers) or sum(len(some) for some, _ in later) <= self.numbers.shape[1]:
            return Rows(self.numbers, later)
        together = self.numbers.copy()  # what changed would be as much as they are themselves
        for which, now in later:
            put_rows(together, which, now)
        return Rows(together)

    def row(self, n: int) -> np.ndarray:
        """One row, as it now is; it must not be written into."""
        if not self.later:
            return self.numbers[n]
        row = self.numbers[n].copy()
        for which, now in self.later:
            row[which] = now[n]
        return row


class ChangedFlows:
    """All flows of one item and year, a row of numbers for each that differs from the others.

    A row is put together when it is asked for: what is shown after a move is a few of them.
    """

    def __init__(self, names: tuple[str, ...], layout: Layout, narrow: Rows, wide: Rows):
        self.names, self.layout = names, layout
        self.narrow, self.wide = narrow, wide  # uint32 and int64
        self._packed: dict[int, Packed | None] = {}

    @cached_property
    def _kept_in(self) -> dict[int, tuple[Rows, int, int]]:
        """By flow: its rows, which of them, unit."""
        kept_in: dict[int, tuple[Rows, int, int]] = {}
        for of, rows, (_, unit) in zip(self.layout[:3], (self.narrow, self.narrow, self.wide), KEPT_AS, strict=True):
            kept_in |= {flow: (rows, row, unit) for flow, row in of.tolist()}
        return kept_in

    @cached_property
    def _first(self) -> dict[int, int]:
        """By flow the first that is the same."""
        return {flow: flow for flow in self._kept_in} | dict(self.layout.like.tolist())

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
            Rows(np.array(narrow, np.uint32).reshape(-1, trials)),
            Rows(np.array(wide, np.int64).reshape(-1, trials)),
        )

    def changed(self, changes: Sequence[Change], caps: int, limits_commitments: bool) -> ChangedFlows:
        """These flows with those of some trials anew."""
        narrow, wide, is_fitting = [], [], True
        for first, kept, which in changes:
            some, number = first + which, len(which)
            of_some = np.empty((len(self.narrow.numbers), number), np.uint32)
            wide_of_some = np.empty((len(self.wide.numbers), number), np.int64)
            is_fitting &= put_changed(which, kept, caps, limits_commitments, self.layout, of_some, wide_of_some)
            narrow.append((some, of_some))
            wide.append((some, wide_of_some))
        if not is_fitting:
            return self._laid_anew(changes, caps, limits_commitments)
        return ChangedFlows(self.names, self.layout, self.narrow.changed(narrow), self.wide.changed(wide))

    def _laid_anew(self, changes: Sequence[Change], caps: int, limits_commitments: bool) -> ChangedFlows:
        """The same where a flow no longer fits into its kind of numbers, or differs from one it was the same as."""
        trials = self.narrow.numbers.shape[1]
        book = np.zeros((len(self.names), trials), np.int64)
        for row, name in zip(book, self.names, strict=True):
            packed = self.packed(name)
            if packed is not None:
                row[:] = packed.fen
        for first, kept, which in changes:
            of_changed = np.zeros((len(book), len(which)), np.int64)
            put_books(which, kept, caps, limits_commitments, of_changed, 0)
            book[:, first + which] = of_changed
        flows = YearFlows(self.names, trials)
        flows.add(book, NO_COUNTS, 0)
        return ChangedFlows.of(flows)

    @property
    def position(self) -> Mapping[str, Packed]:
        """The flows that are there."""
        there = {name: self.packed(name) for name in self.names}
        return {name: packed for name, packed in there.items() if packed is not None}

    def packed(self, flow: str) -> Packed | None:
        """One flow, or None where every trial has 0; the same object for flows that are the same."""
        first = self._first.get(self.names.index(flow)) if flow in self.names else None
        if first is None:
            return None
        if first not in self._packed:
            rows, n, unit = self._kept_in[first]
            row = rows.row(n)
            self._packed[first] = Packed(row, unit) if row.any() else None
        return self._packed[first]


@compiled
def put_rows(rows, which, now):
    """Put other numbers in the place of those of some trials."""
    for r in range(len(rows)):
        row, of_row = rows[r], now[r]
        for n in range(len(which)):
            row[which[n]] = of_row[n]


@compiled
def put_changed(which, kept, caps, limits_commitments, layout, narrow, wide):
    """Write the flows of some trials of a block into rows of their own, ``(rows, trials of which)``.

    Returns:
        whether all flows fit into the layout; what is written is of no use where they do not.
    """
    flows = len(layout.yuan) + len(layout.fen) + len(layout.wide) + len(layout.like) + len(layout.nothing)
    flow_of, misfit = np.zeros(flows, np.int64), np.int64(0)
    for w in range(len(which)):
        _flows_of_cell(which[w], kept, caps, limits_commitments, flow_of)
        for n in range(len(layout.yuan)):
            row, fen = layout.yuan[n, 1], flow_of[layout.yuan[n, 0]]
            whole = fen // FEN_A_YUAN  # by a constant: a multiplication
            misfit |= (fen - whole * FEN_A_YUAN) | (whole >> 32)
            narrow[row, w] = whole
        for n in range(len(layout.fen)):
            row, fen = layout.fen[n, 1], flow_of[layout.fen[n, 0]]
            misfit |= fen >> 32
            narrow[row, w] = fen
        for n in range(len(layout.wide)):
            row, fen = layout.wide[n, 1], flow_of[layout.wide[n, 0]]
            wide[row, w] = fen
        for n in range(len(layout.like)):
            misfit |= flow_of[layout.like[n, 0]] ^ flow_of[layout.like[n, 1]]
        for n in range(len(layout.nothing)):
            misfit |= flow_of[layout.nothing[n]]
    return misfit == 0
