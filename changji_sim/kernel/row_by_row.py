"""Commitments of one item row by row, where sums do not tell what becomes of them.

What comes back of a commitment that ends depends on what was paid of it, and so on which row's tranche found no room;
what a holding yields, on what its mode says of it. Both change no other cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import cell_rows, cohorts
from .cohorts import Cohort
from .commitments import UNLIMITED, split
from .compiled import compiled
from .later_effects import look_up
from .ledger import CLAWBACK, FIRST_CUT, PAYMENT_CARRIED, RECOVERY, RETURN
from .recoveries import exits_by_offset, joined, recoveries
from .streams import group

if TYPE_CHECKING:
    from .kept_cells import Cells, KeptItem

_NOTHING_OWED = np.empty(0, np.int64)
_NO_BARS = np.empty((0, 0, 0), np.uint8), np.empty((0, 0), np.uint8)


@dataclass(frozen=True, eq=False)
class CameBack:
    """Fen by year and trial, those after the measure included: what a replay works out."""

    returned: np.ndarray
    clawback: np.ndarray
    recovery: np.ndarray


KeepRows = Callable[[np.ndarray, int, np.ndarray], None]
Committed = tuple[np.ndarray, np.ndarray, np.ndarray]  # where each trial's rows end; which of all rows; fen of each


def replay(cells: Cells, state: KeptItem, which: np.ndarray) -> CameBack:
    """What comes back of all of an item's commitments in some trials."""
    offsets, trials = state.claims.offsets, cells.trials
    committed = []
    for y in range(len(cells.years)):
        _, ends, rows, fen = cell_rows.entitled_of_trials(state.commitment, state.unit, offsets, y * trials, which)
        committed.append((ends, rows.astype(np.int64), fen))
    return _replay(cells, state, which, state.cohorts, committed)


@dataclass(frozen=True, eq=False)
class BroughtBack:
    """What each row of an item brings back if it is committed in full, and nothing is owed: known as soon as its claim
    is, unless it comes in more than one year.
    """

    fen: np.ndarray
    year: np.ndarray  # uint8, its index; `NOTHING` comes, or it is `UNKNOWN` what does
    committed: np.ndarray  # for which that holds, fen


NOTHING, UNKNOWN = np.uint8(254), np.uint8(255)


def recovered_otherwise(cells: Cells, state: KeptItem, which: np.ndarray) -> np.ndarray:
    """What more comes back to an item in some trials in which nothing is owed, fen ``(years, trials)``: of the rows
    that changed, what they were committed taken away, and what they are now.
    """
    if state.brought_back is None:
        state.brought_back = _brought_back_in_full(cells, state)
    column = np.full(cells.trials, -1)
    column[which] = np.arange(len(which))
    more, left = np.zeros((len(cells.all_years), len(which)), np.int64), []
    for changes in state.recommitted:
        nothing = np.empty(0, np.int64)
        trial = np.concatenate([nothing, *(np.repeat(some, np.diff(ends)) for some, ends, *_ in changes)])
        rows, before, now = (np.concatenate([nothing, *(change[n] for change in changes)]) for n in (2, 3, 4))
        unknown = _add_what_is_known(column[trial], rows, before, now, *vars(state.brought_back).values(), more)
        left.append((trial[unknown], rows[unknown], before[unknown], now[unknown]))
    few = np.unique(np.concatenate([trial for trial, *_ in left]))  # a replay has a book for each
    if len(few):
        more[:, column[few]] += _recovered_of_rows(cells, state, few, left)
    return more


def _recovered_of_rows(
    cells: Cells, state: KeptItem, which: np.ndarray, changed: Sequence[tuple[np.ndarray, ...]]
) -> np.ndarray:
    """What more comes back in some trials, fen ``(years, trials)``, of rows by year: the trial of each, which it is,
    and what it was and is committed.
    """
    both, committed = np.concatenate([which, which]), []
    for trial, rows, before, now in changed:
        column = np.searchsorted(which, trial)
        of, fen = np.concatenate([column, column + len(which)]), np.concatenate([before, now])
        is_there = fen > 0
        order = np.flatnonzero(is_there)[np.argsort(of[is_there], kind="stable")]
        ends = np.concatenate([[0], np.cumsum(np.bincount(of[order], minlength=len(both)))])
        committed.append((ends, np.concatenate([rows, rows])[order], fen[order]))
    was, is_now = np.split(_replay(cells, state, both, [], committed).recovery, 2, axis=1)
    return np.asarray(is_now - was)


def _brought_back_in_full(cells: Cells, state: KeptItem) -> BroughtBack:
    offsets, trials = state.claims.offsets, cells.trials
    fen = state.fen(state.left)
    kept = BroughtBack(np.zeros(len(fen), np.int64), np.full(len(fen), NOTHING), fen)
    committed = []
    for y in range(len(cells.years)):
        everybody = cells.everybody
        _, ends, some, amounts = cell_rows.entitled_of_trials(state.left, state.unit, offsets, y * trials, everybody)
        rows = some.astype(np.int64)
        if len(state.ending):
            look_up(ends, rows, everybody, cells.endings(state, y), state.those.term)
        committed.append((ends, rows, amounts))

    def keep(rows: np.ndarray, y: int, came: np.ndarray) -> None:
        rows, came = rows[came > 0], came[came > 0]
        is_known = kept.year[rows] == NOTHING
        kept.year[rows] = np.where(is_known, np.uint8(y), UNKNOWN)
        kept.fen[rows] = came

    _replay(cells, state, cells.everybody, [], committed, keep)
    return kept


@compiled
def _add_what_is_known(column, rows, before, now, fen, year, committed, more):
    """Add to ``more``, ``(years, trials)``, what comes back of some rows, and take away what came back before.

    Args:
        column: the column of each row's trial; below 0: it is left out.

    Returns:
        which of the rows are still to be worked out.
    """
    left, m = np.empty(len(rows), np.int64), 0
    for n in range(len(rows)):
        i = rows[n]
        if column[n] < 0:
            continue
        is_known = (year[i] != UNKNOWN) & ((before[n] == 0) | (before[n] == committed[i]))
        if is_known & ((now[n] == 0) | (now[n] == committed[i])):
            if year[i] != NOTHING:
                more[year[i], column[n]] += fen[i] * (np.int64(now[n] > 0) - np.int64(before[n] > 0))
        else:
            left[m] = n
            m += 1
    return left[:m]


def _replay(
    cells: Cells, state: KeptItem, which: np.ndarray, opening: list[Cohort], committed: list[Committed],
    keep: KeepRows | None = None,
) -> CameBack:  # fmt: skip
    """What comes back of some commitments, by year of the measure; a trial may be there more than once.

    ``keep(rows, y, fen)`` is told what rows bring back in a year, where nothing is owed.
    """
    books = np.zeros((len(cells.all_years), FIRST_CUT, len(which)), np.int64)
    owed, unlimited = np.zeros(len(which), np.int64), np.full(len(which), UNLIMITED)
    has_arrears = bool(state.has_owed.any() or len(state.unpaid)) and keep is None
    running = [_some_trials(cohort, which, cells) for cohort in opening]
    for y, year in enumerate(cells.all_years):
        book = books[y]
        for held, fen in recoveries(cells.plan, state.plan, state.maker, running, y, year):
            np.add.at(book[RECOVERY], joined(held, "trial"), fen)
            if keep is not None:
                keep(joined(held, "claim"), y, fen)
        for cohort in running:
            _open(cells, cohort, y, book, books, which)
        for cohort in running if has_arrears else ():
            if len(cohort.owed):
                room = state.paid[y, which] - book[PAYMENT_CARRIED]
                cohorts.pay_arrears(cohort.ends, cohort.owed, owed, room, unlimited.copy(), book)
        paid_of_arrears = book[PAYMENT_CARRIED].copy()
        for cohort in running if has_arrears else ():
            k = y - cohort.start
            if k < cohort.width:
                room = (
                    state.carried[y, which] - state.over_carried[y, which] - (book[PAYMENT_CARRIED] - paid_of_arrears)
                )
                cohort.owed = cohort.owed if len(cohort.owed) else np.zeros(len(cohort.due), np.int64)
                cohorts.pay_due(
                    cohort.ends, cohort.due, k, cohort.due_total, cohort.owed, owed, room, unlimited.copy(), book
                )
        if y < len(cells.years):
            running.append(_new_cohort(cells, state, y, *committed[y]))
            if len(state.unpaid) and keep is None:
                cohorts.add_arrears(running[-1].ends, running[-1].owed, owed)
        if state.plan.recovery_years and owed.any():
            for cohort in running:
                cohort.owed_by[y - cohort.start] = cohort.owed.copy()
    return CameBack(books[:, RETURN], books[:, CLAWBACK], books[:, RECOVERY])


def _open(cells: Cells, cohort: Cohort, y: int, book: np.ndarray, books: np.ndarray, which: np.ndarray) -> None:
    acting = cohort.acting[cohort.year_ends[y] : cohort.year_ends[y + 1]]
    if not len(acting) and y - cohort.start >= cohort.width:
        return
    rules, nothing = cells.rules, np.empty((0, len(which)), np.int64)
    cohorts.open_year(
        acting, cohort.heard, cohort.trial, cohort.outcome, cohort.event, cohort.stop, cohort.applicant,
        cohort.due, cohort.owed, cohort.due_total, y, cohort.start, cells.chances[max(cohort.start, 0)][which],
        rules.is_unspent_only, rules.bar_years, rules.violation_bar_years, *_NO_BARS, nothing, nothing,
        book, books[min(y + rules.delay, rules.horizon - 1), CLAWBACK],
    )  # fmt: skip


def _some_trials(cohort: Cohort, which: np.ndarray, cells: Cells) -> Cohort:
    """An opening file's rows in some trials."""
    size = int(cohort.ends[1])  # the same in each
    rows = (which[:, None] * size + np.arange(size)).ravel()
    outcome, event = cohort.outcome[rows], cohort.event[rows]
    year_ends, acting = cohorts.acting_by_year(outcome, event, cohort.stop, -1, len(cells.all_years))
    return Cohort(
        start=-1,
        ends=np.arange(len(which) + 1) * size,
        claim=np.arange(len(rows), dtype=np.uint32),
        due=cohort.due[rows],
        due_total=np.take(cohort.due_total, which, axis=1),  # row by row, as every other
        owed=_NOTHING_OWED,
        heard=np.arange(len(rows), dtype=np.uint32),
        trial=np.repeat(np.arange(len(which), dtype=np.uint32), size),
        applicant=cohort.applicant[rows],
        outcome=outcome,
        event=event,
        stop=cohort.stop,
        year_ends=year_ends,
        acting=acting,
        index=cohort.index,
    )


def _new_cohort(cells: Cells, state: KeptItem, y: int, ends: np.ndarray, rows: np.ndarray, fen: np.ndarray) -> Cohort:
    """What was committed in a year, and how each commitment ends."""
    claims, those = state.claims, state.those
    due = np.zeros((len(rows), claims.shares.shape[1] + 1), np.int64)
    due_total = np.zeros((due.shape[1], len(ends) - 1), np.int64)
    _split_all(ends, rows, fen, claims.kind, those.early, those.last, due, due_total)
    term = claims.term[rows] if len(claims.term) > 1 else np.full(len(rows), claims.term[0])
    outcome, event = how_they_end(state.ending, rows, term, y)
    stop = claims.stop[rows] if len(claims.stop) else claims.stop
    year_ends, acting = cohorts.acting_by_year(outcome, event, stop, y, len(cells.all_years))
    every = np.arange(len(rows), dtype=np.uint32)
    cohort = Cohort(
        start=y,
        ends=ends,
        claim=rows,
        due=due,
        due_total=due_total,
        owed=state.unpaid[rows] if len(state.unpaid) else _NOTHING_OWED,
        heard=every,
        trial=np.repeat(np.arange(len(ends) - 1, dtype=np.uint32), np.diff(ends)),
        applicant=claims.applicant[rows].astype(np.uint32),
        outcome=outcome,
        event=event,
        stop=stop,
        year_ends=year_ends,
        acting=acting,
        index=every,
    )
    if state.plan.recovery_years:
        cohort.index = claims.row[rows] if len(claims.row) else rows
        cohort.exits = exits_by_offset(cells.plan, state.plan, state.maker, y, cohort.index)
    return cohort


def how_they_end(ending: np.ndarray, rows: np.ndarray, term: np.ndarray, y: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcome and year index of the event of some committed rows."""
    if not len(ending):
        return np.full(len(rows), cohorts.NO_END, np.uint8), np.full(len(rows), cohorts.NEVER_ENDS, np.int32)
    outcome, length = ending[rows], term.astype(np.int32)
    at = np.where(outcome >= cohorts.EXCELLENT, length, np.maximum(1, length >> 1))
    return outcome, (y + at).astype(np.int32)


@compiled
def _split_all(ends, rows, fen, kind, early, last, due, due_total):
    total = np.empty(early.shape[1], np.int64)
    for t in range(len(ends) - 1):
        for k in range(len(total)):
            total[k] = 0
        for n in group(ends, t):
            split(fen[n], early, kind[rows[n]] if len(kind) > 0 else np.uint32(0), last, due, n, total)
        for k in range(len(total)):
            due_total[k, t] = total[k]
