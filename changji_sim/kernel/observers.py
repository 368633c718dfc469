"""Observers of the year loop (逐行记录): what caps cut of each row, and how each row ended.

An :class:`Observer` belongs to one item in one block; the year loop calls it after each step. It changes nothing: an
observed run books the same flows, to the fen, as any other. :class:`RowObserver` records every step of every row; for
less (a calendar of one cap) there are observers of their own.

Arrays are copied, since the loop uses its buffers again, and hold the rows of one year alone: rows of trial t are
``offsets[t]`` … ``offsets[t + 1]``, the first of them 0. Money is fen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..modes.support_mode import NEVER, Cap
from . import cohorts, selection
from .cap_rules import CapContext
from .claims import Claims
from .count_rows import no_project_counts
from .draws import Chunk
from .plan import ItemPlan

if TYPE_CHECKING:
    from .cohorts import Cohort
    from .item_state import ItemState
    from .year import Block

Rooms = tuple[np.ndarray, np.ndarray]  # fen a trial: of the category, in total

# Why a row is ineligible (docs/the-year.md, step 2); the first that holds.
ELIGIBLE, BARRED, UNFIT, USED_BEFORE, USED_THIS_YEAR = range(5)


class Observer:
    """Records nothing; subclasses override the steps they record.

    ``follows_rows``: every row is followed, even where the item's sums would be known without it.
    """

    follows_rows = False

    def opened(self, block: Block, state: ItemState) -> None:
        """The opening position stands; no year has begun."""

    def selected(self, block: Block, state: ItemState, y: int) -> None:
        """``state.left`` is the demand of the selected rows of year index ``y``, ``state.state`` the state of all."""

    def capped(self, state: ItemState, y: int, n: int, context: CapContext) -> None:
        """``state.left`` is what the n-th cap of the year left."""

    def offered(self, block: Block, state: ItemState, y: int, rooms: Rooms, again: bool) -> None:
        """New commitments are about to be made within ``rooms``; ``again``: from the pool."""

    def recovered(self, state: ItemState, y: int, cohorts: list[tuple[Cohort, np.ndarray]], fen: np.ndarray) -> None:
        """Recoveries were booked for some rows of some cohorts, one after the other."""

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        """The year is over, its commitments stand in ``state.cohorts``."""


ObserverOf = Callable[[ItemPlan, Chunk], Observer]


def no_observer(item: ItemPlan, chunk: Chunk) -> Observer:
    """An observer that records nothing."""
    return Observer()


@dataclass(eq=False)
class YearRecord:
    """One item's rows of one year in force: applied, selected, capped, committed."""

    claims: Claims
    offsets: np.ndarray  # of the rows kept here
    state: np.ndarray  # uint8: INELIGIBLE_ROW … SELECTED_ROW
    why: np.ndarray  # uint8: ELIGIBLE … USED_THIS_YEAR
    is_excellent: np.ndarray  # bool: rated 优秀 the year before, so first in the ranking
    left: list[np.ndarray]  # after selection, then after each cap
    limits: list[np.ndarray | None] = field(default_factory=list)  # by cap: what it read besides its level, if anything
    rooms: list[Rooms] = field(default_factory=list)  # before the item's commitments; then the pool's, if there is one
    ahead: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.int64))  # forward room, (years, trials)
    commitment: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    outcome: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint8))  # how each project ends, PASS included
    event: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))  # in which year index
    stop: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))  # year offset at which the mode stops it

    @property
    def trial(self) -> np.ndarray:
        """The trial of each row within its block."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))


@dataclass(eq=False)
class CohortRecord:
    """The commitments of one year (``start``; below 0 from the opening file) at the end of the years that followed.

    ``odds`` are the chances of a year before the first, ``(8, trials)``; empty for the years simulated.
    """

    start: int
    offsets: np.ndarray
    outcome: np.ndarray
    event: np.ndarray
    due: dict[int, np.ndarray] = field(default_factory=dict)  # year index -> (offsets, rows)
    owed: dict[int, np.ndarray] = field(default_factory=dict)  # year index -> arrears of each row
    recovered: dict[int, np.ndarray] = field(default_factory=dict)  # year index -> cash recovered
    odds: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def size(self) -> int:
        """How many rows applied."""
        return int(self.offsets[-1])

    def place(self, cohort: Cohort) -> np.ndarray:
        """Where the rows of the cohort, which are those with an entitlement, stand among all that applied."""
        return cohort.claim


class RowObserver(Observer):
    """Records every step of every row of an item: `years` by year index, `cohorts` by the year they began in."""

    follows_rows = True

    def __init__(self, item: ItemPlan, chunk: Chunk):
        self.item, self.chunk = item, chunk
        self.years: dict[int, YearRecord] = {}
        self.cohorts: dict[int, CohortRecord] = {}
        self.probabilities = np.empty((0, 0, 0))
        self.caps: list[tuple[Cap, ...]] = []  # by year index

    def opened(self, block: Block, state: ItemState) -> None:
        self.probabilities = block.chances.transpose(0, 2, 1)
        self.caps = [state.item.caps[min(year, block.years[-1])] for year in block.all_years]
        for cohort in state.cohorts:
            seen = CohortRecord(cohort.start, cohort.ends, cohort.outcome.copy(), cohort.event.copy())
            seen.odds = cohort.chances.T
            self.cohorts[cohort.start] = seen
            self._remember(cohort, -1)

    def selected(self, block: Block, state: ItemState, y: int) -> None:
        claims, size = state.claims, len(state.left)
        seen = YearRecord(
            claims,
            claims.offsets,
            state.state.copy(),
            np.zeros(size, np.uint8),
            np.zeros(size, bool),
            [state.left.copy()],
        )
        self.years[y] = seen
        applicant = claims.applicant
        seen.is_excellent = block.excellent[min(y, len(block.years) - 1)][seen.trial, applicant] != 0
        seen.why = _why(seen, block.bars(state, y)[seen.trial, applicant] != 0, state.used)

    def capped(self, state: ItemState, y: int, n: int, context: CapContext) -> None:
        seen, cap = self.years[y], self.caps[y][n]
        seen.left.append(state.left.copy())
        limit = None
        if cap.key == "upgrade_credit":
            limit = context.credit()
        elif cap.per == "count":
            limit = context.count(cap.of or "").copy()
        elif cap.per == "item_year" and cap.net_of_carried:
            limit = np.array(context.carried())
        seen.limits.append(limit)

    def offered(self, block: Block, state: ItemState, y: int, rooms: Rooms, again: bool) -> None:
        seen = self.years[y]
        seen.rooms.append((rooms[0].copy(), rooms[1].copy()))
        if not again:
            seen.ahead = np.minimum(block.forward_category[state.plan.category], block.forward_total)

    def recovered(self, state: ItemState, y: int, cohorts: list[tuple[Cohort, np.ndarray]], fen: np.ndarray) -> None:
        first = 0
        for cohort, nth in cohorts:
            seen, part = self.cohorts[cohort.start], fen[first : first + len(nth)]
            at = seen.place(cohort)[cohort.heard[nth]]
            np.add.at(seen.recovered.setdefault(y, np.zeros(seen.size, np.int64)), at, part)
            first += len(nth)

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y in self.years:
            seen = self.years[y]
            seen.commitment = state.commitment_by_row.copy()
            self._record_outcomes(block, state, seen, y)
            self.cohorts[y] = CohortRecord(y, seen.claims.offsets, seen.outcome, seen.event)
        for cohort in state.cohorts:
            self._remember(cohort, y)

    def _remember(self, cohort: Cohort, y: int) -> None:
        seen = self.cohorts[cohort.start]
        seen.due[y], seen.owed[y] = np.zeros((cohort.width, seen.size), np.int64), np.zeros(seen.size, np.int64)
        seen.due[y][:, seen.place(cohort)] = cohort.due.T
        if len(cohort.owed):
            seen.owed[y][seen.place(cohort)] = cohort.owed

    def _record_outcomes(self, block: Block, state: ItemState, seen: YearRecord, y: int) -> None:
        """How each project of the year ends, also where the loop drops the row because nothing follows from it."""
        heard, _, _, outcome, event, stop, _ = block.project_outcomes(
            state, y, True, np.empty((0, 0, 0), np.uint8), no_project_counts(0, 0)
        )
        size, at = len(seen.state), state.offer.rows[heard]
        seen.outcome, seen.event = np.full(size, cohorts.NO_END, np.uint8), np.full(size, cohorts.NEVER_ENDS, np.int64)
        seen.stop = np.full(size, NEVER, np.int64)
        seen.outcome[at], seen.event[at] = outcome, event
        if len(stop):
            seen.stop[at] = stop


def _why(seen: YearRecord, is_barred: np.ndarray, used: np.ndarray) -> np.ndarray:
    claims, why = seen.claims, np.zeros(len(seen.state), np.uint8)
    is_out = seen.state == selection.INELIGIBLE_ROW
    if len(claims.once):
        why[is_out] = USED_THIS_YEAR
        why[is_out & (used[seen.trial, claims.once] != 0)] = USED_BEFORE
    if len(claims.is_fit):
        why[is_out & (claims.is_fit == 0)] = UNFIT
    why[is_out & is_barred] = BARRED
    return why


# --- what each row was paid -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RowFlows:
    """What one cohort's rows did in one year, fen a row: the ledger's flows of the year, row by row.

    ``claimed`` is what was claimed back in the year; ``clawback`` is the part recovered, some years later.
    """

    due: np.ndarray
    paid: np.ndarray
    arrears: np.ndarray
    put_off: np.ndarray
    cancelled: np.ndarray
    returned: np.ndarray
    claimed: np.ndarray
    clawback: np.ndarray
    recovery: np.ndarray


def row_flows(cohort: CohortRecord, y: int, probabilities: np.ndarray, is_unspent_only: bool) -> RowFlows:
    """The flows of one cohort's rows in year index ``y``, from its state before and after.

    Args:
        probabilities: the block's, ``(years, 8, trials)``; those of the year of commitment hold.
        is_unspent_only: reading ``clawback_scope = unspent``.

    Raises:
        KeyError: the cohort was not there at the end of ``y``: after its last year there are no flows.
    """
    odds = cohort.odds if len(cohort.odds) else probabilities[max(cohort.start, 0)]
    k, due, owed = y - cohort.start, cohort.due[y], cohort.owed[y]
    nothing = np.zeros(due.shape[1], np.int64)
    due_now = due[k] if k < len(due) else nothing
    if y == cohort.start:
        return RowFlows(due_now, due_now - owed, owed, *[nothing] * 6)
    before, owed_before = cohort.due[y - 1], cohort.owed[y - 1]
    cancelled = before.sum(axis=0) - due.sum(axis=0)
    put_off = np.maximum(due[k + 1] - before[k + 1], 0) if k + 1 < len(due) else nothing
    is_end, is_return = _ends(cohort, y)
    trial = np.repeat(np.arange(len(cohort.offsets) - 1), np.diff(cohort.offsets))
    paid_so_far = due[: min(k, len(due))].sum(axis=0) - owed_before
    unspent = np.floor(paid_so_far * odds[6, trial]).astype(np.int64)
    claim = np.where(is_end & ~is_return, unspent if is_unspent_only else paid_so_far, 0)
    clawback = np.floor(claim * odds[7, trial]).astype(np.int64)
    returned = np.where(is_end & is_return, unspent, 0)
    recovery = cohort.recovered.get(y, nothing)
    paid = owed_before + due_now - owed
    return RowFlows(due_now, paid, owed, put_off, cancelled, returned, claim, clawback, recovery)


def _ends(cohort: CohortRecord, y: int) -> tuple[np.ndarray, np.ndarray]:
    """Which rows oversight stops in year index ``y``, and which of those give back what is unspent."""
    outcome, is_now = cohort.outcome, cohort.event == y
    is_return = is_now & ((outcome == cohorts.TERMINATED) | (outcome == cohorts.CLOSED_EARLY))
    is_not_mended = (cohort.event + 1 == y) & (outcome == cohorts.NOT_MENDED)
    return is_return | is_not_mended | (is_now & (outcome == cohorts.VIOLATION)), is_return


def by_trial(offsets: np.ndarray, fen: np.ndarray) -> np.ndarray:
    """Sums over the rows of each trial, shape ``(trials,)``."""
    sums = np.concatenate([[0], np.cumsum(fen)])
    return np.diff(sums[offsets])


RecordedBy = dict[tuple[str, int], Any]


class Observers:
    """Keeps an observer for every observed item and block: given to ``simulate(observe=…)``, then read by `of`.

    Args:
        makers_of: item key -> what makes its observer (``RowObserver``, or another class of the same arguments).
    """

    def __init__(self, makers_of: dict[str, Callable[[ItemPlan, Chunk], Observer]]):
        self.makers_of = makers_of
        self.observers: RecordedBy = {}

    def __call__(self, item: ItemPlan, chunk: Chunk) -> Observer:
        make = self.makers_of.get(item.item.key)
        if make is None:
            return no_observer(item, chunk)
        observer = self.observers[item.item.key, chunk.first] = make(item, chunk)
        return observer

    def of(self, item: str) -> list[Any]:
        """The observers of one item, in order of trials."""
        return [
            observer for (key, _), observer in sorted(self.observers.items(), key=lambda at: at[0][1]) if key == item
        ]
