"""A result of any number of trials in bounded memory: trials are simulated some at a time, summed and forgotten.

Means, probabilities and quantiles are those of a run that keeps every flow, to the bit. What asks for a flow trial by
trial is told that there is none.
"""

from __future__ import annotations

import copy
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from ..kernel.flows import NotKept, Packed
from ..kernel.simulate import CHUNK, Progress, Run, check_arguments, simulate
from ..scenario.model import ScenarioModel
from .budget_table import EVERY, P95, BudgetRows, BudgetTable, Name, columns_of_year, exact_sum
from .monte_carlo import Interval, around_mean, interval_ranks, largest_error
from .order_statistics import DEVIATIONS, OrderStatistics
from .run_result import EnvelopeUse, OfTrials, RunResult
from .shortfall import LACKING, lacking_fen, short_trials
from .summary import YEAR_NEED
from .year_need import year_need_fen

AT_ONCE = 28 * CHUNK  # trials simulated before they are summed
# Of an envelope, beside the flows of the budget: what the need exceeds it by, what is left of it, and itself.
SHORT, FREE, ENVELOPE = "short", "free", "envelope"
EVER_SHORT = "ever_short"  # whether any envelope is short in any year, in the row of the first
BESIDE = (SHORT, FREE, ENVELOPE, YEAR_NEED, LACKING, EVER_SHORT)  # what is summed beside the budget
P90 = 0.9
BESIDE_QUANTILES = 2.0  # standard deviations of ranks: in them lie the 95% intervals of the quantiles of the need


class SummedRow:
    """One row of the budget over all trials: its sum in fen and that of its squares, in how many trials it is not 0,
    its quantiles.
    """

    def __init__(self, order: OrderStatistics):
        self.sum, self.moved, self.order = 0, 0, order
        self.squares = 0.0  # of the values, summed, where it is asked how sure the quantiles are

    def add(self, packed: Packed | None, trials: int) -> None:
        """Take in more trials; None where all of them have 0."""
        if packed is None:
            self.order.add(np.zeros(1, np.int64), np.array([trials]))
            return
        self.sum += packed.unit * exact_sum(packed.values)
        self.moved += int(np.count_nonzero(packed.values))
        if self.order.beside:
            amounts = packed.values.astype(float) * packed.unit
            self.squares += float(amounts @ amounts)
        values, counts = np.unique(packed.values, return_counts=True)
        self.order.add(values.astype(np.int64) * packed.unit, counts)

    def copy(self) -> SummedRow:
        """Another row that has been the same so far."""
        row = copy.copy(self)
        row.order = copy.copy(self.order)  # whose arrays are never written into
        return row


class _Year:
    """The rows of one year; names whose trials have all been the same so far share one.

    Args:
        rows: of names that have their own from the start.
    """

    def __init__(self, start: SummedRow, rows: Mapping[Name, SummedRow]):
        self.start, self.rows = start, dict(rows)

    def add(self, columns: Iterable[tuple[Name, Packed | None]], trials: int) -> None:
        together: dict[tuple[int, int], list[Name]] = {}
        found: dict[Name, Packed | None] = {}
        for name, packed in columns:
            found[name] = packed
            row = self.rows.setdefault(name, self.start)
            together.setdefault((id(row), id(packed)), []).append(name)
        whole = Counter(number for number, _ in together)
        for (number, _), names in together.items():
            now = self.rows[names[0]]
            if whole[number] > 1 or now is self.start:  # others that were the same are so no more
                whole[number] -= 1
                now = now.copy()
                self.rows.update(dict.fromkeys(names, now))
            now.add(found[names[0]], trials)


def summed(
    scenario: ScenarioModel,
    trials: int,
    seed: int = 0,
    workers: int | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
    deviations: float = DEVIATIONS,
) -> tuple[Run, dict[Name, SummedRow]]:
    """Run trials as `kernel.simulate.simulate` does, and sum every row of the budget and every envelope.

    Args:
        at_once: trials whose flows are held at the same time; it changes no number.
        deviations: how far from a quantile its values are kept (`order_statistics`); should they not suffice, all
            is run again with twice as many.

    Raises:
        FaultyInput, Unbalanced: as of `simulate`.
    """
    check_arguments(trials, seed, chunk)
    start = SummedRow(OrderStatistics(trials, deviations))
    years: dict[int, _Year] = {}
    variates: Counter[str] = Counter()
    headroom: Counter[tuple[str, int, str]] = Counter()
    for first in range(0, trials, at_once):
        part = simulate(
            scenario, min(at_once, trials - first), seed, workers, chunk, _shifted(progress, first, trials), first=first
        )
        years = years or {
            year: _Year(start, _need_row(year, trials, deviations) if year in scenario.years else {})
            for year in (*scenario.years, *part.tail)
        }
        _add(RunResult(part), years)
        variates.update(part.variates)
        headroom.update(part.flows.headroom)
    rows = {name: row for year in years.values() for name, row in year.rows.items()}
    if any(row.order.quantiles() is None for row in {id(row): row for row in rows.values()}.values()):
        return summed(scenario, trials, seed, workers, chunk, progress, at_once, 2 * deviations)
    flows = NotKept(trials)
    flows.headroom = dict(headroom)
    return replace(part, trials=trials, flows=flows, variates=dict(variates)), rows


def _need_row(year: int, trials: int, deviations: float) -> dict[Name, SummedRow]:
    """The row of the need of a year, which also knows how sure its quantiles are."""
    return {(year, EVERY, EVERY, YEAR_NEED): SummedRow(OrderStatistics(trials, deviations, BESIDE_QUANTILES))}


def _shifted(progress: Progress | None, first: int, trials: int) -> Progress | None:
    return progress and (lambda done, _: progress(first + done, trials))


def _add(part: RunResult, years: dict[int, _Year]) -> None:
    """Sum what some trials gave."""

    def add(year: int) -> None:
        columns = [*columns_of_year(part.scenario, part.run.flows, year), *_envelopes(part, year)]
        years[year].add(columns, part.trial_count)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(years))) as pool:  # sorting lets other threads run
        list(pool.map(add, years))


def _envelopes(part: RunResult, year: int) -> Iterator[tuple[Name, Packed]]:
    """What the need exceeds each envelope of a year by, what is left of it, and the envelope; the need of the year; and
    what is lacking in all; fen by trial.
    """
    if year in part.years:
        yield (year, EVERY, EVERY, LACKING), Packed(lacking_fen(part, year), 1)
    if year == part.years[0]:
        yield (year, EVERY, EVERY, EVER_SHORT), Packed(short_trials(part).astype(np.int64), 1)
    for category in (*part.scenario.categories, None):
        if year in part.years:
            yield (year, category or EVERY, EVERY, YEAR_NEED), Packed(year_need_fen(part, year, category=category), 1)
        if part.has_envelope(year, category):
            envelope = np.broadcast_to(part.envelope_fen(year, category), part.trial_count)
            beyond = part.fen("need", year, category=category) - envelope
            for name, fen in ((SHORT, np.maximum(beyond, 0)), (FREE, np.maximum(-beyond, 0)), (ENVELOPE, envelope)):
                yield (year, category or EVERY, EVERY, name), Packed(fen, 1)


class _Rows(BudgetRows):
    """Rows of the budget by name, from their sums."""

    def __init__(self, run: Run, rows: Mapping[Name, SummedRow]):
        super().__init__(run)
        self._rows = rows

    def sum(self, *name: Any) -> int:
        return self._rows[name].sum

    def quantiles(self, *name: Any) -> np.ndarray:
        if name not in self._quantiles:
            quantiles = self._rows[name].order.quantiles()
            assert quantiles is not None  # `summed` has seen to it
            self._quantiles[name] = quantiles
        return self._quantiles[name]


class SummedResult(RunResult):
    """A result whose trials were summed: tables of all of them, and no flow by trial."""

    def __init__(self, run: Run, rows: Mapping[Name, SummedRow]):
        """``run`` and ``rows``: of `summed`."""
        super().__init__(run)
        self.summed_rows = rows
        self.category_of = {item.key: item.category for item in run.scenario.items}

    @cached_property
    def rows(self) -> BudgetRows:
        return _Rows(self.run, self.summed_rows)

    @cached_property
    def table(self) -> BudgetTable:
        names = [name for name in self.summed_rows if name[3] not in BESIDE]
        sums = [self.summed_rows[name].sum for name in names]
        return BudgetTable(names, sums, np.array([self.rows.quantiles(*name) for name in names]), self.trial_count)

    def trials_moved(self, item: str, year: int, flow: str) -> int:
        row = self.summed_rows.get((year, self.category_of[item], item, flow))
        return row.moved if row else 0

    def envelope_use(self, year: int, category: str | None = None) -> EnvelopeUse:
        short, free = self._of_envelope(SHORT, year, category), self._of_envelope(FREE, year, category)
        return EnvelopeUse(short.sum, float(self.rows.quantiles(year, category or EVERY, EVERY, SHORT)[P95]), free.sum)

    def trials_short(self, year: int, category: str | None = None) -> int:
        return self._of_envelope(SHORT, year, category).moved

    def mean_envelope(self, year: int, category: str | None = None) -> float:
        return self._of_envelope(ENVELOPE, year, category).sum / self.trial_count

    def of_trials(self, name: str, year: int, category: str | None, fen: Callable[[], np.ndarray]) -> OfTrials:
        row = self._of_envelope(name, year, category)
        return OfTrials(row.sum, row.moved, self.rows.quantiles(year, category or EVERY, EVERY, name))

    def _of_envelope(self, name: str, year: int, category: str | None) -> SummedRow:
        return self.summed_rows[year, category or EVERY, EVERY, name]

    def headline_error(self) -> float:
        """That of `monte_carlo.headline_error`."""
        trials = self.trial_count
        rows = [self._of_envelope(LACKING, year, None) for year in self.years]
        rows.append(self._of_envelope(EVER_SHORT, self.years[0], None))
        needs = [self._of_envelope(YEAR_NEED, year, None) for year in self.years]
        spreads = ((row.sum / trials, self._need_intervals(row)) for row in needs)
        return largest_error((row.moved / trials for row in rows), spreads, trials)

    def _need_intervals(self, row: SummedRow) -> list[Interval]:
        """The 95% intervals of the mean and of the P90, fen."""
        trials, mean = self.trial_count, row.sum / self.trial_count
        deviation = math.sqrt(max(row.squares - trials * mean**2, 0.0) / (trials - 1))
        low, high = (row.order.ranked(rank) for rank in interval_ranks(trials, P90))
        return [around_mean(mean, deviation, trials), (low, high)]
