"""Commitments of one item row by row, where sums do not tell what becomes of them.

What comes back of a commitment that ends depends on what was paid of it, and so on which row's tranche found no room;
what a holding yields, on what its mode says of it. Both change no other cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import cohorts
from .cohorts import Cohort
from .commitments import UNLIMITED, early_shares, entitled_rows, split
from .compiled import compiled
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


def replay(cells: Cells, state: KeptItem, which: np.ndarray) -> CameBack:
    """What comes back of an item's commitments in some trials."""
    books = np.zeros((len(cells.all_years), FIRST_CUT, len(which)), np.int64)
    owed, unlimited = np.zeros(len(which), np.int64), np.full(len(which), UNLIMITED)
    has_arrears = bool(state.has_owed.any() or len(state.unpaid))
    running = [_some_trials(cohort, which, cells) for cohort in state.cohorts]
    for y, year in enumerate(cells.all_years):
        book = books[y]
        for held, fen in recoveries(cells.plan, state.plan, state.maker, running, y, year):
            np.add.at(book[RECOVERY], joined(held, "trial"), fen)
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
            running.append(_new_cohort(cells, state, y, which))
            if len(state.unpaid):
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
        due_total=cohort.due_total[:, which],
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


def _new_cohort(cells: Cells, state: KeptItem, y: int, which: np.ndarray) -> Cohort:
    """What was committed in a year in some trials, and how each commitment ends."""
    claims, rows = state.maker.of_trials(y, which, ("applicant", "kind", "stop"))
    ends, nth, wanted = entitled_rows(state.commitment[rows], claims.offsets)
    due = np.zeros((len(nth), claims.shares.shape[1] + 1), np.int64)
    due_total = np.zeros((due.shape[1], len(which)), np.int64)
    _split_all(ends, nth, wanted, claims.kind, early_shares(claims.shares, claims.last), claims.last, due, due_total)
    of = rows[nth]
    term = claims.term[of] if len(claims.term) > 1 else np.full(len(of), claims.term[0])
    outcome, event = how_they_end(state.fate, of, term, y)
    stop = claims.stop[nth] if len(claims.stop) else claims.stop
    year_ends, acting = cohorts.acting_by_year(outcome, event, stop, y, len(cells.all_years))
    every = np.arange(len(of), dtype=np.uint32)
    cohort = Cohort(
        start=y,
        ends=ends,
        claim=nth,
        due=due,
        due_total=due_total,
        owed=state.unpaid[of] if len(state.unpaid) else _NOTHING_OWED,
        heard=every,
        trial=np.repeat(np.arange(len(which), dtype=np.uint32), np.diff(ends)),
        applicant=claims.applicant[nth],
        outcome=outcome,
        event=event,
        stop=stop,
        year_ends=year_ends,
        acting=acting,
        index=every,
    )
    if state.plan.recovery_years:
        cohort.index = claims.drawn_rows(nth)
        cohort.exits = exits_by_offset(cells.plan, state.plan, state.maker, y, cohort.index)
    return cohort


def how_they_end(fate: np.ndarray, rows: np.ndarray, term: np.ndarray, y: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcome and year index of the event of some committed rows."""
    if not len(fate):
        return np.full(len(rows), cohorts.NO_END, np.uint8), np.full(len(rows), cohorts.NEVER_ENDS, np.int32)
    outcome, length = fate[rows], term.astype(np.int32)
    at = np.where(outcome >= cohorts.EXCELLENT, length, np.maximum(1, length >> 1))
    return outcome, (y + at).astype(np.int32)


@compiled
def _split_all(ends, nth, wanted, kind, early, last, due, due_total):
    total = np.empty(early.shape[1], np.int64)
    for t in range(len(ends) - 1):
        for k in range(len(total)):
            total[k] = 0
        for n in group(ends, t):
            split(wanted[n], early, kind[nth[n]] if len(kind) > 0 else np.uint32(0), last, due, n, total)
        for k in range(len(total)):
            due_total[k, t] = total[k]
