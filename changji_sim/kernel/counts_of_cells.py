"""The flows of a run by cells, whose counts (件数) are worked out when they are asked for: few moves show any.

The numbers are those of :mod:`changji_sim.kernel.year`, by the same functions, from what the cells keep of each row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from . import cell_rows
from .count_rows import count_commitments, count_opening, count_projects, no_project_counts, unseen
from .flows import Flows, Key, Packed, YearFlows
from .kept_cells import Cells
from .kept_item import KeptItem
from .ledger import CONTRACTS, COUNTS, is_count
from .row_by_row import how_they_end

CountsOf = Callable[["FlowsByCells", str], Mapping[int, YearFlows] | None]
_NO_ROWS = np.empty(0, np.uint32)


class FlowsByCells(Flows):
    """The flows of a run; its counts are those of the cells, as long as these are at this run."""

    def __init__(self, trials: int, counts_of: CountsOf, run_anew: Callable[[], Flows]):
        """``counts_of``: an item's counts by year; None where the cells are at another run. ``run_anew``: this run."""
        super().__init__(trials)
        self._counts_of, self._run_anew = counts_of, run_anew
        self._anew: Flows | None = None
        self.counted: dict[str, Mapping[int, YearFlows]] = {}  # by item
        self.shown: set[str] = set()  # items of which somebody asked for a count

    def keys(self) -> list[Key]:
        counts = ((*at, count) for at in self._of for count in COUNTS)
        return [*super().keys(), *(key for key in counts if self._count(*key) is not None)]

    def packed(self, item: str, year: int, flow: str) -> Packed | None:
        if not is_count(flow) or (item, year) not in self._of:
            return super().packed(item, year, flow)
        self.shown.add(item)
        return self._count(item, year, flow)

    def _count(self, item: str, year: int, count: str) -> Packed | None:
        if item not in self.counted and self._anew is None:
            found = self._counts_of(self, item)
            if found is None:
                self._anew = self._run_anew()
            else:
                self.counted[item] = found
        if item in self.counted:
            return self.counted[item][year].packed(count)
        assert self._anew is not None  # where the cells had gone on
        return self._anew.packed(item, year, count)


def counts_by_year(blocks: Mapping[int, Cells], n: int, trials: int) -> dict[int, YearFlows]:
    """The counts of the n-th item in all trials, from blocks by their first trial."""
    years: dict[int, YearFlows] = {}
    for first, cells in blocks.items():
        for year, counts in zip(cells.all_years, _counts_in_block(cells, cells.items[n]), strict=True):
            of_year = years.setdefault(year, YearFlows((), trials))
            of_year.add(np.empty((0, cells.trials), np.int64), counts, first)
    return years


def _counts_in_block(cells: Cells, state: KeptItem) -> np.ndarray:
    """All counts of an item, int32 ``(years with those after the measure, COUNTS, trials)``, counted where they may
    differ from those that are kept.
    """
    if state.counts is None:
        state.counts = np.zeros((len(cells.all_years), len(COUNTS), cells.trials), np.int32)
    for y, is_uncounted in enumerate(state.uncounted):
        which = np.flatnonzero(is_uncounted)
        if len(which):
            state.counts[y][:CONTRACTS, which] = _of_applications(cells, state, y, which)
    which = np.flatnonzero(state.uncounted.any(axis=0))
    if state.plan.is_project and len(which):
        state.counts[:, CONTRACTS:][:, :, which] = _of_projects(cells, state, which).swapaxes(0, 1)
    state.uncounted[:] = 0
    return state.counts


def _of_applications(cells: Cells, state: KeptItem, y: int, which: np.ndarray) -> np.ndarray:
    """The counts of a year's applications in some trials."""
    counts, who = np.zeros((CONTRACTS, len(which)), np.int32), (len(cells.group_of), state.has_different_applicants)
    _, left, claims = cells.select_and_cap(state, y, which, counts, unseen(*who))
    committed = left if state.is_in_full else state.committed_in(y, which, claims.offsets)
    count_commitments(claims.offsets, _NO_ROWS, left, committed, claims.applicant, unseen(*who), counts)
    return counts


def _of_projects(cells: Cells, state: KeptItem, which: np.ndarray) -> np.ndarray:
    """The counts of an item's projects in some trials, as in :mod:`changji_sim.kernel.count_rows`."""
    counts, opening = (no_project_counts(len(cells.all_years), trials) for trials in (len(which), cells.trials))
    for cohort in state.cohorts:
        count_opening(cohort.trial, cohort.outcome, cohort.event, cohort.start, cohort.length, opening)
    counts += opening[:, :, which]
    claims = state.claims
    for y in range(len(cells.years)):
        _, ends, rows, _ = cell_rows.entitled_of_trials(
            state.commitment, state.unit, claims.offsets, y * cells.trials, which
        )
        term = np.full(len(rows), claims.term[0]) if len(claims.term) == 1 else claims.term[rows]
        outcome, _ = how_they_end(state.ending, rows, term, y)
        count_projects(ends, term.astype(np.int32), outcome, y, counts)
    return counts
