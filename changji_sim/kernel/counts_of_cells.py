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
from .replay import how_they_end

CountsOf = Callable[["FlowsByCells", str], Mapping[int, YearFlows] | None]
_NO_ROWS = np.empty(0, np.uint32)


class FlowsByCells(Flows):
    """The flows of a run; its counts are those of the cells, as long as these are at this run."""

    def __init__(self, trials: int, counts_of: CountsOf, run_anew: Callable[[], Flows]):
        """``counts_of``: an item's counts by year; None where the cells are at another run. ``run_anew``: this run."""
        super().__init__(trials)
        self._counts_of, self._run_anew = counts_of, run_anew
        self._anew: Flows | None = None
        self.counted: dict[str, Mapping[int, YearFlows]] = {}  # by item, those that were asked for

    def keys(self) -> list[Key]:
        counts = [(*at, count) for at in self._of for count in COUNTS]
        return [*super().keys(), *(key for key in counts if self.packed(*key) is not None)]

    def packed(self, item: str, year: int, flow: str) -> Packed | None:
        if not is_count(flow) or (item, year) not in self._of:
            return super().packed(item, year, flow)
        self.count(item)
        return self._anew.packed(item, year, flow) if self._anew else self.counted[item][year].packed(flow)

    def count(self, item: str) -> None:
        """Work out the counts of an item, unless they are known."""
        if item in self.counted or self._anew:
            return
        found = self._counts_of(self, item)
        if found is None:
            self._anew = self._run_anew()
        else:
            self.counted[item] = found


def counts_by_year(blocks: Mapping[int, Cells], n: int, trials: int) -> dict[int, YearFlows]:
    """The counts of the n-th item in all trials, from blocks by their first trial."""
    years: dict[int, YearFlows] = {}
    for first, cells in blocks.items():
        for year, counts in zip(cells.all_years, _counts_in_block(cells, cells.items[n]), strict=True):
            of_year = years.setdefault(year, YearFlows((), trials))
            of_year.add(np.empty((0, cells.trials), np.int64), counts, first)
    return years


def _counts_in_block(cells: Cells, state: KeptItem) -> np.ndarray:
    """All counts of an item, int32 ``(years with those after the measure, COUNTS, trials)``."""
    counts = np.zeros((len(cells.all_years), len(COUNTS), cells.trials), np.int32)
    applicants, are_different = len(cells.group_of), state.maker.has_different_applicants
    for y in range(len(cells.years)):
        seen = unseen(applicants, are_different)
        _, left, claims = cells.select_and_cap(state, y, cells.everybody, counts[y], seen)
        committed = left if state.is_in_full else state.committed_rows(y)
        seen = unseen(applicants, are_different)
        count_commitments(claims.offsets, _NO_ROWS, left, committed, claims.applicant, seen, counts[y])
    if state.plan.is_project:
        counts[:, CONTRACTS:] = _projects(cells, state).swapaxes(0, 1)
    return counts


def _projects(cells: Cells, state: KeptItem) -> np.ndarray:
    """The counts of an item's projects, as in :mod:`changji_sim.kernel.count_rows`."""
    counts, claims = no_project_counts(len(cells.all_years), cells.trials), state.claims
    for cohort in state.cohorts:
        count_opening(cohort.trial, cohort.outcome, cohort.event, cohort.start, cohort.length, counts)
    for y in range(len(cells.years)):
        _, ends, rows, _ = cell_rows.entitled_of_trials(
            state.commitment, state.unit, claims.offsets, y * cells.trials, cells.everybody
        )
        term = claims.term[rows] if len(claims.term) > 1 else np.full(len(rows), claims.term[0])
        outcome, _ = how_they_end(state.fate, rows, term, y)
        count_projects(ends, term.astype(np.int32), outcome, y, counts)
    return counts
