"""The opening position (期初): bars, priorities, awards given, promises and arrears from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..modes.support_mode import NEVER, Commitments, SupportMode
from ..scenario.model import OpeningRow
from . import cohorts
from .cohorts import Cohort
from .earlier_rows import earlier_chances
from .opening_outcomes import outcomes_of
from .plan import FEN_A_WAN
from .recoveries import exits_by_offset

if TYPE_CHECKING:
    from ..scenario.model import Item, ScenarioModel
    from .claims import ClaimsMaker
    from .draws import Chunk
    from .plan import ItemPlan, Plan
    from .registry import Registry


class OpenedItem(Protocol):
    """What an opening file is entered into of an item: awards used up, commitments."""

    plan: ItemPlan
    maker: ClaimsMaker
    used: np.ndarray
    cohorts: list[Cohort]

    @property
    def item(self) -> Item: ...


class OpenedBlock(Protocol):
    """What it is entered into of a block of trials: bars, priorities, promises, items."""

    plan: Plan
    scenario: ScenarioModel
    registry: Registry
    chunk: Chunk
    trials: int
    years: tuple[int, ...]
    all_years: tuple[int, ...]
    chances: np.ndarray
    barred: np.ndarray
    has_barred: np.ndarray
    excellent: np.ndarray
    forward_total: np.ndarray
    forward_category: np.ndarray
    tally: dict[str, int]

    @property
    def items(self) -> Sequence[OpenedItem]: ...

    @property
    def by_key(self) -> Mapping[str, OpenedItem]: ...

    def credits(self, item: Item) -> np.ndarray:
        """What each platform was committed under an item, fen, ``(trials, platforms)``."""
        ...


def open_books(block: OpenedBlock) -> None:
    """Enter the scenario's opening file into a block of trials."""
    for row in block.scenario.opening:
        applicant = block.registry.applicant(row.applicant)
        if row.bar_until is not None:
            for y, year in enumerate(block.all_years[: len(block.barred)]):
                block.barred[y, :, applicant] |= np.uint8(year <= row.bar_until)
                block.has_barred[y] |= np.uint8(year <= row.bar_until)
        if row.rating == "excellent":
            block.excellent[0, :, applicant] = 1
        state = block.by_key[row.item]
        if (row.is_award_given or row.committed_wan > 0) and state.item.once_per:
            key = applicant
            if state.item.once_per == "platform":
                key = block.registry.platform(state.item.platform_pool or state.item.key, row.platform)
            state.used[:, key] = 1
        if row.platform:
            platform = block.registry.platform(state.item.platform_pool or state.item.key, row.platform)
            block.credits(state.item)[:, platform] += round(row.committed_wan * FEN_A_WAN)
    for state in block.items:
        for start, rows in opening_cohorts(block.scenario, state.item.key).items():
            state.cohorts.append(_opening_cohort(block, state, start, rows))


def opening_cohorts(scenario: ScenarioModel, item: str) -> dict[int, list[tuple[int, OpeningRow]]]:
    """The promises of an item by the year index in which they begin, below 0, with their places in the file.

    Rows without a year of commitment come first; one by one the years of commitment follow.
    """
    first = scenario.years[0]
    of_year: dict[int, list[tuple[int, OpeningRow]]] = {}
    before: dict[int, list[tuple[int, OpeningRow]]] = {}
    for position, row in enumerate(scenario.opening):
        if row.item != item:
            continue
        if row.commitment_year is None and not row.goes_on:
            before.setdefault(first, []).append((position, row))
        elif row.commitment_year is None and row.committed_wan > 0:
            before.setdefault(row.application_year or first, []).append((position, row))
        elif row.commitment_year is not None and row.committed_wan > 0:
            of_year.setdefault(row.commitment_year - first, []).append((position, row))
    earliest = min(of_year, default=0)
    found = {earliest - len(before) + n: rows for n, (_, rows) in enumerate(sorted(before.items()))}
    return found | dict(sorted(of_year.items()))


def _opening_cohort(
    block: OpenedBlock, state: OpenedItem, start: int, numbered: list[tuple[int, OpeningRow]]
) -> Cohort:
    """An opening file's rows as commitments of one year before the first; what was paid before, where the file does not
    say when, is their tranche 0.
    """
    rows, first, trials = [row for _, row in numbered], block.years[0], block.trials
    last = max([year for row in rows for year in row.due_wan], default=first)
    due = np.zeros((len(rows), last - first + 2 - start), np.int64)
    applicants = np.array([block.registry.applicant(row.applicant) for row in rows], np.uint32)
    for n, row in enumerate(rows):
        due[n, :-start] = _paid_before(row, first, -start)
        for year, amount in row.due_wan.items():
            due[n, year - first - start] = promised = round(amount * FEN_A_WAN)
            if year in block.years:
                block.forward_category[state.plan.category, year - first] -= promised
                block.forward_total[year - first] -= promised
    chances, of_awards = _chances(block, rows[0], start)
    outcome, event = outcomes_of(block, state.plan, start, numbered, chances, of_awards)
    for n in range(len(rows)):
        for t in np.flatnonzero(outcome[:, n] == cohorts.EXCELLENT):
            if 0 <= event[t, n] < len(block.years) - 1:
                block.excellent[event[t, n] + 1, t, applicants[n]] = 1
    every_row = np.arange(len(rows) * trials, dtype=np.uint32)
    outcomes, events = outcome.ravel(), event.ravel()
    index = _drawn_rows(state, numbered, trials)
    stop = _stops(block, state, start, index)
    year_ends, acting = cohorts.acting_by_year(outcomes, events, stop, start, len(block.all_years))
    owed = np.tile([round(row.arrears_wan * FEN_A_WAN) for row in rows], trials).astype(np.int64)
    cohort = Cohort(
        start=start,
        ends=np.arange(trials + 1) * len(rows),
        claim=every_row,
        due=np.tile(due, (trials, 1)),
        due_total=np.repeat(due.sum(axis=0)[:, None], trials, axis=1),
        owed=owed if owed.any() else np.empty(0, np.int64),
        heard=every_row,
        trial=np.repeat(np.arange(trials, dtype=np.uint32), len(rows)),
        applicant=np.tile(applicants, trials),
        outcome=outcomes,
        event=events,
        stop=stop,
        year_ends=year_ends,
        acting=acting,
        index=index,
        chances=chances,
        length=np.tile([_term(row) for row in rows], trials).astype(np.int64),
    )
    if len(index) and state.plan.recovery_years:
        cohort.exits = exits_by_offset(block.plan, state.plan, state.maker, start, index)
        if len(cohort.owed):
            cohort.owed_by[-start - 1] = cohort.owed.copy()
    return cohort


def _term(row: OpeningRow) -> int:
    """Years from commitment to acceptance; 0 where the file does not say."""
    if row.commitment_year is None or row.acceptance_year is None:
        return 0
    return row.acceptance_year - row.commitment_year


def _paid_before(row: OpeningRow, first: int, years: int) -> np.ndarray:
    """What fell due of a row in each of the years before the first, fen; what is still owed of it in the last."""
    due = np.zeros(years, np.int64)
    known = {year: amount for year, amount in row.paid_by_year.items() if first - years <= year < first}
    for year, amount in known.items():
        due[year - first + years] = round(amount * FEN_A_WAN)
    due[0] += round(row.paid_wan * FEN_A_WAN) - due.sum()
    due[-1] += round(row.arrears_wan * FEN_A_WAN)
    return due


def _chances(block: OpenedBlock, row: OpeningRow, start: int) -> tuple[np.ndarray, np.ndarray]:
    """The chances of oversight of a cohort, ``(trials, 8)``: those of its year of commitment; where that is not known,
    of the first year of the ledger it came from. Then those of awards.
    """
    first = block.years[0]
    year = row.commitment_year or row.application_year or first
    if year in block.years:
        return block.chances[year - first], block.chances[year - first]
    return earlier_chances(block.scenario, block.chunk, (year,))[year]


def _drawn_rows(state: OpenedItem, numbered: list[tuple[int, OpeningRow]], trials: int) -> np.ndarray:
    """The row of the drawn table that each promise is, in the order of a cohort; empty where none is one."""
    earlier = state.maker.drawn.earlier
    if earlier is None or numbered[0][1].commitment_year is None:
        return np.empty(0, np.uint32)
    places = [earlier.of_opening(position) for position, _ in numbered]
    return np.stack(places, axis=1).ravel() if all(map(len, places)) else np.empty(0, np.uint32)


def _stops(block: OpenedBlock, state: OpenedItem, start: int, index: np.ndarray) -> np.ndarray:
    """The year offsets at which the mode stops the rows; empty where it stops none."""
    mode = state.plan.mode_of(start, block.years[0])
    if not len(index) or type(mode).stops is SupportMode.stops:
        return np.empty(0, np.int64)
    columns = state.maker.columns.of_rows(index)
    columns["is_enterprise"] = lambda: block.plan.is_enterprise[state.maker.drawn.applicant[index]]
    stop = mode.stops(Commitments(columns, block.years[0] + start, len(index)))
    return np.full(len(index), NEVER) if stop is None else np.asarray(stop).astype(np.int64)
