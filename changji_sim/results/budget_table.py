"""From the flows of a run to the rows of ``budget.csv``: exact means, and quantiles that every machine finds alike."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ..base.units import FEN_A_WAN
from ..kernel.flows import MOST, MOST_SMALL, Flows, Packed
from ..kernel.ledger import COUNTS, FLOWS, OF_APPLICATIONS, OF_PROJECTS, is_count
from ..kernel.ordered_counts import ordered_counts
from ..kernel.simulate import Run
from ..scenario.model import Item, ScenarioModel

EVERY = "*"  # stands for all items of a category, and for all categories
QUANTILES = {"p05_wan": 0.05, "p10_wan": 0.1, "p50_wan": 0.5, "p90_wan": 0.9, "p95_wan": 0.95}
AT_ONCE = 64  # columns sorted at once: enough that other threads run meanwhile, few enough to take little memory
P95 = list(QUANTILES).index("p95_wan")
_BEFORE_CUTS = FLOWS[: FLOWS.index("demand") + 1]  # the flows in the order money takes
_AFTER_CUTS = FLOWS[len(_BEFORE_CUTS) :]

Name = tuple[int, str, str, str]  # year, category, item, flow


def per_unit(flow: str) -> int:
    """What a flow's whole numbers are divided by: fen to 万元, and counts not at all."""
    return 1 if is_count(flow) else FEN_A_WAN


@dataclass(frozen=True)
class BudgetTable:
    """One row a year, category, item and flow; amounts in fen, counts in numbers."""

    names: list[Name]
    sums: list[int]  # over trials, exact
    quantiles: np.ndarray  # (rows, quantiles), see QUANTILES
    trials: int

    @cached_property
    def row(self) -> dict[Name, int]:
        """Position of each row by its name."""
        return {name: position for position, name in enumerate(self.names)}

    def mean_wan(self, *name: int | str) -> float:
        """Mean of one row in 万元, or of a count: the exact sum, divided once."""
        return self.sums[self.row[name]] / (self.trials * per_unit(str(name[3])))  # type: ignore[index]

    def quantile_wan(self, column: str, *name: int | str) -> float:
        """One quantile (a key of `QUANTILES`) of one row in 万元."""
        position = self.row[name]  # type: ignore[index]
        return float(self.quantiles[position, list(QUANTILES).index(column)]) / per_unit(str(name[3]))


class BudgetRows:
    """Rows of the budget by name, each worked out when first asked for, so that a few rows do not wait for all."""

    def __init__(self, run: Run):
        self._run = run
        self._items = {category: _items_of(run.scenario, category) for category in run.scenario.categories}
        self._columns: dict[Name, Packed | None] = {}
        self._sums: dict[Name, int] = {}
        self._quantiles: dict[Name, np.ndarray] = {}

    def column(self, *name: Any) -> Packed | None:
        """A row's fen, or numbers, by trial; None where all are 0. It must not be written into."""
        year, category, item, flow = name
        if item != EVERY:
            return self._run.flows.packed(item, year, flow)
        if name not in self._columns:
            if category == EVERY:
                parts = [self.column(year, of, EVERY, flow) for of in self._items]
            else:
                parts = [self._run.flows.packed(key, year, flow) for key in self._items[category]]
            self._columns[name] = add_up(parts)
        return self._columns[name]

    def sum(self, *name: Any) -> int:
        """The sum of one row over all trials, fen, or of a count: exact. It needs no quantiles, which take longer."""
        if name not in self._sums:
            packed = self.column(*name)
            self._sums[name] = 0 if packed is None else packed.unit * exact_sum(packed.values)
        return self._sums[name]

    def mean_wan(self, *name: Any) -> float:
        """Mean of one row in 万元, or of a count: the exact sum, divided once."""
        return self.sum(*name) / (self._run.trials * per_unit(name[3]))

    def quantile_wan(self, column: str, *name: Any) -> float:
        """One quantile (a key of `QUANTILES`) of one row in 万元."""
        return float(self.quantiles(*name)[list(QUANTILES).index(column)]) / per_unit(name[3])

    def quantiles(self, *name: Any) -> np.ndarray:
        """All quantiles of one row in fen, or of a count."""
        if name not in self._quantiles:
            packed = self.column(*name)
            nothing = np.zeros(len(QUANTILES))
            self._quantiles[name] = nothing if packed is None else quantiles_of(packed.values, packed.unit)
        return self._quantiles[name]

    def statistics_wan(self, *name: Any) -> tuple[float, ...]:
        """Mean and all quantiles of one row in 万元, or of a count."""
        return self.mean_wan(*name), *(self.quantiles(*name) / per_unit(name[3])).tolist()


def _items_of(scenario: ScenarioModel, category: str) -> list[str]:
    return [item.key for item in scenario.items if item.category == category]


def budget_table(run: Run) -> BudgetTable:
    """Means and quantiles of every flow in every year, by item, category (item ``*``) and in all (both ``*``)."""
    years = (*run.scenario.years, *run.tail)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(years))) as pool:  # ordering lets other threads run
        parts = list(pool.map(lambda year: _statistics_of_year(run, year), years))
    names = [name for part in parts for name in part[0]]
    sums = [total for part in parts for total in part[1]]
    return BudgetTable(names, sums, np.concatenate([part[2] for part in parts]), run.trials)


def _statistics_of_year(run: Run, year: int) -> tuple[list[Name], list[int], np.ndarray]:
    """Names, sums and quantiles of a year's rows; flows that are the same column are worked out once."""
    columns = list(columns_of_year(run.scenario, run.flows, year))
    distinct = {id(packed): packed for _, packed in columns if packed is not None}
    known: dict[int, tuple[int, np.ndarray]] = {}
    for number in {packed.values.dtype for packed in distinct.values()}:
        alike = [packed for packed in distinct.values() if packed.values.dtype == number]
        for some in (alike[n : n + AT_ONCE] for n in range(0, len(alike), AT_ONCE)):
            together = zip(some, *_sums_and_quantiles(some, run.trials), strict=True)
            known |= {id(packed): (total, quantiles) for packed, total, quantiles in together}
    nothing = 0, np.zeros(len(QUANTILES))
    rows = [nothing if packed is None else known[id(packed)] for _, packed in columns]
    return [name for name, _ in columns], [total for total, _ in rows], np.array([quantiles for _, quantiles in rows])


def _sums_and_quantiles(columns: list[Packed], trials: int) -> tuple[list[int], np.ndarray]:
    """Of columns of one kind of number at once: other threads run meanwhile."""
    values = np.stack([packed.values for packed in columns])
    position, weight = quantile_positions(trials)
    ends = position, np.minimum(position + 1, trials - 1)
    if values.dtype == np.uint16:  # counts
        places = np.unique(np.concatenate(ends))
        totals, found = ordered_counts(values, places)
        low, high = (found[:, np.searchsorted(places, at)] for at in ends)
        return totals.tolist(), between(low, high, weight)
    units = np.array([packed.unit for packed in columns])
    sums = [total * packed.unit for total, packed in zip(exact_sums(values), columns, strict=True)]
    values.partition(np.unique(ends), axis=1)
    low, high = (values[:, at].astype(np.int64) * units[:, None] for at in ends)
    return sums, between(low, high, weight)


def columns_of_year(scenario: ScenarioModel, flows: Flows, year: int) -> Iterator[tuple[Name, Packed | None]]:
    """Every row of a year with its fen by trial (None where all are 0): the total, then categories and their items."""
    columns: list[tuple[Name, Packed | None]] = []
    by_category: list[dict[str, Packed | None]] = []
    for category in scenario.categories:
        by_item = [
            (item.key, {flow: flows.packed(item.key, year, flow) for flow in flows_of(scenario, item, year)})
            for item in scenario.items
            if item.category == category
        ]
        together = _together([flows_of_item for _, flows_of_item in by_item])
        by_category.append(together)
        columns += (((year, category, EVERY, flow), packed) for flow, packed in together.items())
        for item, flows_of_item in by_item:
            columns += (((year, category, item, flow), packed) for flow, packed in flows_of_item.items())
    yield from (((year, EVERY, EVERY, flow), packed) for flow, packed in _together(by_category).items())
    yield from columns


def flows_of(scenario: ScenarioModel, item: Item, year: int) -> list[str]:
    """All rows of an item's year: amounts in the order money takes, then the counts there may be."""
    return [*in_order(cuts_of(item, year)), *counts_of(scenario, item, year)]


def counts_of(scenario: ScenarioModel, item: Item, year: int) -> tuple[str, ...]:
    """The counts of an item in a year: those of applications where it may have any, those of projects if it has any."""
    mode = item.modes[scenario.years[0]]
    has_claims = year in scenario.years or (mode.claim_years > 1 and scenario.readings["claims_after_expiry"] == "paid")
    return (*(OF_APPLICATIONS if has_claims else ()), *(OF_PROJECTS if mode.is_project else ()))


def cuts_of(item: Item, year: int) -> list[str]:
    """The ``cut:<cap>`` flows of an item in a year, in the order the caps apply; none in the tail."""
    return [f"cut:{cap.key}" for cap in item.caps.get(year, ())]


def in_order(cuts: list[str]) -> list[str]:
    """All amounts in the order money takes."""
    return [*_BEFORE_CUTS, *cuts, *_AFTER_CUTS]


def _together(parts: list[dict[str, Packed | None]]) -> dict[str, Packed | None]:
    there = dict.fromkeys(flow for part in parts for flow in part)
    cuts = [flow for flow in there if flow not in FLOWS and not is_count(flow)]
    flows = [*in_order(cuts), *(flow for flow in COUNTS if flow in there)]
    return {flow: add_up([part[flow] for part in parts if part.get(flow) is not None]) for flow in flows}


def add_up(parts: list[Packed | None]) -> Packed | None:
    """The sum of columns, trial by trial; None where there is nothing to add."""
    there = [part for part in parts if part is not None]
    if len(there) < 2:
        return there[0] if there else None
    unit = min(part.unit for part in there)
    number: Any = np.int64
    if all(part.values.dtype in (np.uint16, np.uint32) for part in there):  # none is below 0
        most = sum(int(part.values.max()) * (part.unit // unit) for part in there)
        number = np.uint32 if most <= MOST else np.int64
        if most <= MOST_SMALL and all(part.values.dtype == np.uint16 for part in there):
            number = np.uint16
    total = np.zeros(len(there[0].values), number)
    for part in there:
        total += part.values if part.unit == unit else part.values.astype(number) * number(part.unit // unit)
    if number == np.int64 and total.min() >= 0 and total.max() <= MOST:  # half as much to go through
        total = total.astype(np.uint32)
    return Packed(total, unit)


def exact_sum(values: np.ndarray) -> int:
    """The sum as a Python int, beyond 64 bits if it comes to that."""
    return exact_sums(values[None])[0]


def exact_sums(rows: np.ndarray) -> list[int]:
    """The sum of each row, likewise."""
    if rows.dtype.itemsize < 8:
        return rows.sum(axis=1, dtype=np.int64).tolist()  # at most 10⁷ trials of 32 bits
    high, low = (rows >> 20).sum(axis=1).tolist(), (rows & 0xFFFFF).sum(axis=1).tolist()
    return [(above << 20) + below for above, below in zip(high, low, strict=True)]


@lru_cache(maxsize=64)
def quantile_positions(trials: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the quantiles lie among sorted trials, and how far to the next: linear interpolation, as numpy's."""
    exact = np.array(list(QUANTILES.values())) * (trials - 1)
    position = np.floor(exact).astype(np.intp)
    return position, exact - position


@lru_cache(maxsize=64)
def _ends(trials: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Between which of sorted trials each quantile lies; all of these once."""
    position, _ = quantile_positions(trials)
    above = np.minimum(position + 1, trials - 1)
    return position, above, np.unique((position, above))


def quantiles_of(values: np.ndarray, unit: int = 1) -> np.ndarray:
    """The `QUANTILES` of values times a unit: `numpy.quantile`'s to the bit, in a fraction of the time."""
    *ends, places = _ends(len(values))
    placed = values.copy()
    placed.partition(places)
    low, high = (placed[at].astype(np.int64) * unit for at in ends)
    return between(low, high, quantile_positions(len(values))[1])


def between(low: np.ndarray, high: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Linear interpolation with numpy's own steps, so that ``numpy.quantile`` gives the same to the bit."""
    step = high - low
    return np.where(weight >= 0.5, high - step * (1 - weight), low + step * weight)


def statistics_wan(fen: np.ndarray, names: Sequence[str]) -> tuple[float, ...]:
    """Statistics of fen over trials, 万元: ``mean_wan``, an exact sum divided once, and keys of `QUANTILES`."""
    known = dict(zip(QUANTILES, (quantiles_of(fen) / FEN_A_WAN).tolist(), strict=True))
    known["mean_wan"] = exact_sum(fen) / (len(fen) * FEN_A_WAN)
    return tuple(known[name] for name in names)
