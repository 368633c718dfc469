"""The flows of one item and year after some trials changed: what did not is that of the run before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .cell_books import KeptYear, flows_of_cell
from .compiled import compiled, compiled_uncounted, in_place
from .flows import FEN_A_YUAN, KEPT_AS, Packed, YearFlows

Change = tuple[int, KeptYear, np.ndarray]  # a block's first trial, what is kept of its year, which of its trials differ
MANY = 3  # of all trials, the part in which so much differs that whole rows are copied at once: one in so many
AT_ONCE = 64  # trials whose flows are worked out before they are written, row by row
_flows_of_cell = in_place(flows_of_cell)


class Layout(NamedTuple):
    """How the flows of an item and year are kept: ``(flow, row)`` of those with a row of their own, by kind."""

    yuan: np.ndarray
    fen: np.ndarray
    wide: np.ndarray
    like: np.ndarray  # (flow, flow it is the same as)
    nothing: np.ndarray  # flows that are 0 throughout

    def with_rows(self, yuan: Sequence[tuple[int, int]], wide: Sequence[tuple[int, int]], flows: int) -> Layout:
        """The layout of so many flows in which some have a row of their own, ``(flow, row)``, whatever they had."""
        more = [np.array(of, np.int64).reshape(-1, 2) for of in (yuan, wide)]
        stays = np.ones(flows, bool)
        stays[[flow for flow, _ in (*yuan, *wide)]] = False
        ours = [of[stays[of[:, 0]]] for of in self[:4]]
        return Layout(
            np.concatenate([ours[0], more[0]]), ours[1], np.concatenate([ours[2], more[1]]), ours[3],
            self.nothing[stays[self.nothing]],
        )  # fmt: skip


class Rows(NamedTuple):
    """Numbers by row and trial; then what changed of them: trials and their numbers, ``(rows, trials)``, and so on."""

    numbers: np.ndarray
    later: tuple[tuple[np.ndarray, np.ndarray], ...] = ()
    changes: int = 0  # how many trials stand in ``later``

    def changed(self, changes: Sequence[tuple[np.ndarray, np.ndarray]]) -> Rows:
        """These with other numbers in some trials."""
        if not len(self.numbers):
            return self
        now = Rows(self.numbers, (*self.later, *changes), self.changes + sum(len(some) for some, _ in changes))
        if now.changes <= self.numbers.shape[1]:
            return now
        return Rows(now.together())  # what changed would be as much as they are themselves

    def together(self, rows: Sequence[np.ndarray] = ()) -> np.ndarray:
        """A copy of the numbers as they now are, and of further rows behind them."""
        numbers = np.concatenate([self.numbers, np.array(rows, self.numbers.dtype)]) if rows else self.numbers.copy()
        for which, now in self.later:
            put_rows(numbers[: len(now)], which, now)
        return numbers

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
        narrow, wide, misfits = self.narrow, self.wide, np.zeros(len(self.names), np.int64)
        around = caps, limits_commitments, self.layout
        if sum(len(which) for *_, which in changes) * MANY > self.trials:
            narrow, wide = Rows(narrow.together()), Rows(wide.together())
            for first, kept, which in changes:
                put_changed(which, kept, *around, narrow.numbers, wide.numbers, first + which, misfits)
        else:
            parts = []
            for first, kept, which in changes:
                of_some = np.empty((len(narrow.numbers), len(which)), np.uint32)
                wide_of_some = np.empty((len(wide.numbers), len(which)), np.int64)
                put_changed(which, kept, *around, of_some, wide_of_some, np.arange(len(which)), misfits)
                parts.append((first + which, of_some, wide_of_some))
            narrow = narrow.changed([(some, of_some) for some, of_some, _ in parts])
            wide = wide.changed([(some, of_some) for some, _, of_some in parts])
        if misfits.any():
            return self._with_rows_of(misfits).changed(changes, caps, limits_commitments)
        return ChangedFlows(self.names, self.layout, narrow, wide)

    @property
    def trials(self) -> int:
        return self.narrow.numbers.shape[1]

    def _with_rows_of(self, misfits: np.ndarray) -> ChangedFlows:
        """The same flows, with a row of its own for each that no longer fits into its kind of numbers, or differs from
        one it was the same as: of whole yuan if it had none, else of fen of any size.
        """
        trials = self.trials
        had_one = {flow for of in self.layout[:2] for flow in of[:, 0].tolist()}
        of_yuan: dict[int, np.ndarray] = {}
        of_fen: dict[int, np.ndarray] = {}
        for flow in np.flatnonzero(misfits).tolist():
            packed = self.packed(self.names[flow])
            if flow in had_one or (packed is not None and packed.unit != FEN_A_YUAN):
                of_fen[flow] = np.zeros(trials, np.int64) if packed is None else packed.fen
            else:
                of_yuan[flow] = np.zeros(trials, np.uint32) if packed is None else packed.values
        yuan = [(flow, len(self.narrow.numbers) + n) for n, flow in enumerate(of_yuan)]
        wide = [(flow, len(self.wide.numbers) + n) for n, flow in enumerate(of_fen)]
        return ChangedFlows(
            self.names,
            self.layout.with_rows(yuan, wide, len(self.names)),
            Rows(self.narrow.together([*of_yuan.values()])) if of_yuan else self.narrow,
            Rows(self.wide.together([*of_fen.values()])) if of_fen else self.wide,
        )

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
def put_changed(which, kept, caps, limits_commitments, layout, narrow, wide, columns, misfits):
    """Write the flows of some trials of a block into ``columns`` of rows.

    ``misfits``, a number a flow, is set to another than 0 where it does not fit into the layout; what is written is of
    no use then.
    """
    _put_some(
        which, kept, caps, limits_commitments, layout, narrow, wide, columns, misfits,
        np.zeros((AT_ONCE, len(misfits)), np.int64),
    )  # fmt: skip


@compiled_uncounted
def _put_some(which, kept, caps, limits_commitments, layout, narrow, wide, columns, misfits, flows):
    """:func:`put_changed`, row by row of as many trials as ``flows``, ``(trials, flows)``, has room for."""
    for start in range(0, len(which), len(flows)):
        into = columns[start : start + len(flows)]
        for w in range(len(into)):
            _flows_of_cell(which[start + w], kept, caps, limits_commitments, flows[w])
        for n in range(len(layout.yuan)):
            flow, row, odd = layout.yuan[n, 0], narrow[layout.yuan[n, 1]], np.int64(0)
            for w in range(len(into)):
                whole = flows[w, flow] // FEN_A_YUAN  # by a constant: a multiplication
                odd |= (flows[w, flow] - whole * FEN_A_YUAN) | (whole >> 32)
                row[into[w]] = whole
            misfits[flow] |= odd
        for n in range(len(layout.fen)):
            flow, row, odd = layout.fen[n, 0], narrow[layout.fen[n, 1]], np.int64(0)
            for w in range(len(into)):
                odd |= flows[w, flow] >> 32
                row[into[w]] = flows[w, flow]
            misfits[flow] |= odd
        for n in range(len(layout.wide)):
            flow, of_flow = layout.wide[n, 0], wide[layout.wide[n, 1]]
            for w in range(len(into)):
                of_flow[into[w]] = flows[w, flow]
        for n in range(len(layout.like)):
            flow, odd = layout.like[n, 0], np.int64(0)
            for w in range(len(into)):
                odd |= flows[w, flow] ^ flows[w, layout.like[n, 1]]
            misfits[flow] |= odd
        for n in range(len(layout.nothing)):
            flow, odd = layout.nothing[n], np.int64(0)
            for w in range(len(into)):
                odd |= flows[w, flow]
            misfits[flow] |= odd
