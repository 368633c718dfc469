"""The flows of a run, trial by trial, in as little memory as they fit into."""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from .compiled import compiled
from .ledger import (
    APPLICANTS,
    APPLICATIONS,
    CONTRACTS,
    COUNTS,
    ENTITLED,
    FIRST_CUT,
    FUNDED,
    FUNDED_APPLICANTS,
    SELECTED,
    Account,
    is_count,
)

if TYPE_CHECKING:
    from .changed_flows import ChangedFlows
    from .joined_flows import JoinedYear

FEN_A_YUAN = 100
MOST, MOST_SMALL = 2**32 - 1, 2**16 - 1
# How the numbers of a flow are kept in a block of trials: in whole yuan if they may be, not at all where all are 0.
YUAN, FEN, WIDE = range(3)
NOTHING = 3
KEPT_AS = ((np.uint32, FEN_A_YUAN), (np.uint32, 1), (np.int64, 1))
UNKNOWN = -1
# A count that each often equals: where nobody applies twice, nothing is cut away, every award is given.
OFTEN_ALIKE = np.arange(len(COUNTS))
OFTEN_ALIKE[APPLICANTS] = OFTEN_ALIKE[SELECTED] = APPLICATIONS
OFTEN_ALIKE[ENTITLED], OFTEN_ALIKE[FUNDED] = SELECTED, ENTITLED
OFTEN_ALIKE[FUNDED_APPLICANTS] = OFTEN_ALIKE[CONTRACTS] = FUNDED
AT_ONCE = 128  # trials compared side by side before it is asked whether one differed
SMALL = 2**16  # bytes that numpy is asked for: to map pages takes longer than to write them
# Pages that no other process sees: to read one that was never written takes none either.
_OWN = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}

NO_COUNTS = np.zeros((len(COUNTS), 0), np.int32)
Key = tuple[str, int, str]  # item, year, flow


@dataclass(frozen=True, eq=False)
class Packed:
    """Fen of one flow over trials, or the numbers of a count: ``values · unit``."""

    values: np.ndarray
    unit: int

    @property
    def fen(self) -> np.ndarray:
        return self.values.astype(np.int64) * self.unit


class YearFlows:
    """The flows and counts of one item and year over all trials.

    Each kind of number has an array with a row for every flow, of which a system gives memory only to what is written:
    most flows are 0 throughout, and half of the others repeat another (what is committed in full, what is paid when
    due). Those are kept once. Counts are kept in 16 bits, or in 32 where one is larger.
    """

    def __init__(self, names: tuple[str, ...], trials: int):
        self.names, self.trials = names, trials
        self.like = np.full(len(names), UNKNOWN)  # the first flow that has been the same in all trials so far
        self.is_kept = np.zeros((len(KEPT_AS), len(names)), bool)
        self.kept = tuple(unwritten((len(names), trials), number) for number, _ in KEPT_AS)
        self.counted = unwritten((len(COUNTS), trials), np.uint16)
        self.count_like = OFTEN_ALIKE.copy()  # the count that each has been the same as so far; itself where it is kept
        self.is_counted = np.zeros(len(COUNTS), bool)
        self._packed: dict[int | str, Packed] = {}

    def add(self, book: np.ndarray, counts: np.ndarray, start: int) -> None:
        """Keep a block's book and its counts, the trials from ``start`` on."""
        in_yuan, in_fen, wide = self.kept
        keep(book, self.like, self.is_kept, in_yuan, in_fen, wide, start)
        if not keep_counts(counts, MOST_SMALL, self.counted, self.count_like, self.is_counted, start):
            self.counted = self.counted.astype(np.uint32)
            keep_counts(counts, MOST, self.counted, self.count_like, self.is_counted, start)

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each flow and count that is there is kept."""
        there = np.asarray(self.is_kept.any(axis=0))[self.like]
        flows = {self.names[row]: int(self.like[row]) for row in np.flatnonzero(there)}
        is_counted = self.is_counted.tolist()
        rows = zip(COUNTS, rows_kept(self.count_like).tolist(), strict=True)
        return flows | {count: row for count, row in rows if is_counted[row]}

    @cached_property
    def _kinds(self) -> list[list[int]]:
        """The kinds of numbers that each row is kept as."""
        return [[kind for kind, is_kept in enumerate(of_row) if is_kept] for of_row in self.is_kept.T.tolist()]

    def packed(self, flow: str) -> Packed | None:
        """One flow, or None where every trial has 0; the same object for flows that are the same."""
        row = self.position.get(flow)
        if row is None:
            return None
        if is_count(flow):
            if COUNTS[row] not in self._packed:
                self._packed[COUNTS[row]] = Packed(self.counted[row], 1)
            return self._packed[COUNTS[row]]
        if row not in self._packed:
            parts = [Packed(self.kept[kind][row], KEPT_AS[kind][1]) for kind in self._kinds[row]]
            # Blocks that were kept as different kinds add up: each has 0 in the others' place.
            self._packed[row] = parts[0] if len(parts) == 1 else Packed(np.sum([part.fen for part in parts], axis=0), 1)
        return self._packed[row]


def unwritten(shape: tuple[int, ...], number: type) -> np.ndarray:
    """Zeros that take memory by pages of 4 KiB as they are written; numpy's own ask for pages of 2 MiB, many rows."""
    size = prod(shape) * np.dtype(number).itemsize
    if size <= SMALL:
        return np.zeros(shape, number)
    pages = mmap.mmap(-1, size, **_OWN)
    return np.frombuffer(pages, number).reshape(shape)


@compiled
def keep(book, like, is_kept, in_yuan, in_fen, wide, start):
    """Keep each row of a book, fen, as the smallest kind of numbers it fits into, unless it equals an earlier row."""
    stop = start + book.shape[1]
    was_kept = is_kept.copy()
    for r in range(len(like)):
        twin = like[r] if like[r] != UNKNOWN else _first_alike(book, r)
        if twin != r and _is_alike(book, twin, r):
            like[r] = twin
            continue
        yuan, fen, any_fen = in_yuan[r], in_fen[r], wide[r]
        if like[r] != UNKNOWN and like[r] != r:  # alike until now
            if was_kept[YUAN, twin]:
                _copy(in_yuan[twin], yuan, start, stop)
            if was_kept[FEN, twin]:
                _copy(in_fen[twin], fen, start, stop)
            if was_kept[WIDE, twin]:
                _copy(wide[twin], any_fen, start, stop)
            for kind in range(len(is_kept)):
                is_kept[kind, r] = was_kept[kind, twin]
        like[r] = r
        kind = _keep_row(book[r], yuan, fen, any_fen, start, is_kept[FEN, r])
        if kind != NOTHING:
            is_kept[kind, r] = True


@compiled
def keep_counts(counts, most, kept, like, is_kept, start):
    """Keep each row of a block's counts, unless it equals the one that it is ``like``; False if one has numbers above
    ``most``.
    """
    for r in range(len(counts)):
        row, into, largest = counts[r], kept[r], np.int32(0)
        if like[r] != r:
            if _is_alike(counts, like[r], r):
                continue
            twin = kept_as(like, like[r])
            like[r] = r
            for t in range(len(into)):
                into[t] = kept[twin, t] if t < start or t >= start + len(row) else 0
                is_kept[r] |= into[t] != 0
        for t in range(len(row)):
            largest = max(largest, row[t])
        if largest > most:
            return False
        if largest > 0:
            is_kept[r] = True
            for t in range(len(row)):
                into[start + t] = row[t]
    return True


@compiled
def kept_as(like, r):
    """The row that a count is kept in."""
    while like[r] != r:
        r = like[r]
    return r


def rows_kept(like: np.ndarray) -> np.ndarray:
    """The row that each count is kept in."""
    while (like != like[like]).any():
        like = like[like]
    return like


@compiled
def _copy(row, other, start, stop):
    """Make another row the same, but 0 from ``start`` to ``stop``."""
    for t in range(len(row)):
        other[t] = row[t] if t < start or t >= stop else 0


@compiled
def _keep_row(row, yuan, fen, any_fen, start, is_odd):
    """Write one row; as whole yuan before it is known that all of it is, unless others of it were not (``is_odd``)."""
    least = most = row[0]
    for t in range(len(row)):
        least, most = min(least, row[t]), max(most, row[t])
    if least == 0 and most == 0:
        return NOTHING
    if is_odd and least >= 0 and most <= MOST:
        for t in range(len(row)):
            fen[start + t] = row[t]
        return FEN
    if least >= 0 and most <= FEN_A_YUAN * MOST:
        odd = 0
        for t in range(len(row)):
            whole = row[t] // FEN_A_YUAN  # by a constant: a multiplication
            yuan[start + t] = whole
            odd |= row[t] - whole * FEN_A_YUAN
        if odd == 0:
            return YUAN
        for t in range(len(row)):
            yuan[start + t] = 0
        if most <= MOST:
            for t in range(len(row)):
                fen[start + t] = row[t]
            return FEN
    for t in range(len(row)):
        any_fen[start + t] = row[t]
    return WIDE


@compiled
def _first_alike(book, r):
    for other in range(r):
        if _is_alike(book, other, r):
            return other
    return r


@compiled
def _is_alike(book, one, other):
    for start in range(0, book.shape[1], AT_ONCE):
        odd = book[one, 0] ^ book[one, 0]
        for t in range(start, min(start + AT_ONCE, book.shape[1])):
            odd |= book[one, t] ^ book[other, t]
        if odd != 0:
            return False
    return True


class Flows:
    """Every flow of every item, year and trial that is not 0 throughout."""

    def __init__(self, trials: int):
        self.trials = trials
        self._of: dict[tuple[str, int], YearFlows | ChangedFlows | JoinedYear] = {}
        self.headroom: dict[Key, int] = {}  # sum over trials, fen

    def add(self, account: Account, year: int, book: np.ndarray, counts: np.ndarray, start: int) -> None:
        """Keep one item's book and counts of a year, the trials from ``start`` on."""
        item, caps = account.item, account.caps.get(year, ())
        of_year = self._of.get((item, year))
        if of_year is None:
            of_year = self._of[item, year] = YearFlows(account.names(year), self.trials)
        assert isinstance(of_year, YearFlows)  # what is added to was begun here
        of_year.add(book, counts, start)
        if caps:
            for cap, headroom in zip(caps, book[FIRST_CUT + len(caps) :].sum(axis=1).tolist(), strict=True):
                self.headroom[item, year, cap] = self.headroom.get((item, year, cap), 0) + headroom

    def take(
        self, item: str, year: int, flows: YearFlows | ChangedFlows | JoinedYear, headroom: Mapping[str, int]
    ) -> None:
        """Take what was kept of one item and year in all trials; others may have it too. ``headroom``: fen by cap."""
        self._of[item, year] = flows
        for cap, total in headroom.items():
            self.headroom[item, year, cap] = total

    def keys(self) -> list[Key]:
        """(item, year, flow) of all flows that are not 0 throughout."""
        return [(item, year, flow) for (item, year), flows in self._of.items() for flow in flows.position]

    def years(self) -> list[tuple[str, int]]:
        """(item, year) of all that was booked."""
        return [*self._of]

    def names(self, item: str, year: int) -> tuple[str, ...]:
        """All flows and counts of an item and year that may be there."""
        return tuple(dict.fromkeys((*self._of[item, year].names, *COUNTS)))

    def fen(self, item: str, year: int, flow: str) -> np.ndarray:
        """One flow in fen, shape ``(trials,)``, trial by trial."""
        packed = self.packed(item, year, flow)
        return np.zeros(self.trials, np.int64) if packed is None else packed.fen

    def packed(self, item: str, year: int, flow: str) -> Packed | None:
        """One flow of all trials as it is kept, or None where every trial has 0."""
        flows = self._of.get((item, year))
        return flows.packed(flow) if flows else None

    def must_be_kept(self) -> None:
        """Let nobody work on who needs so many trials one by one as are here not kept.

        Raises:
            FaultyInput: the trials were summed.
        """


class NotKept(Flows):
    """The flows of a run that was summed as it went on: none is kept trial by trial, and whoever asks is told so."""

    def keys(self) -> list[Key]:
        self.must_be_kept()
        return []

    def packed(self, item: str, year: int, flow: str) -> Packed | None:
        self.must_be_kept()
        return None

    def must_be_kept(self) -> None:
        what = message(
            "the {trials:,} trials were summed as they ran, and this needs them one by one; run fewer trials, or in "
            "Python with keep_trials=True, which takes about 5 GiB a million",
            trials=self.trials,
        )
        raise FaultyInput([Fault("", what)])
