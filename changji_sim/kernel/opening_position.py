"""The opening position (期初): bars, priorities, awards given and promises from a file, before the first year opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..scenario.model import OpeningRow
from . import cohorts
from .cohorts import Cohort
from .plan import FEN_A_WAN
from .streams import stream_key

if TYPE_CHECKING:
    from ..scenario.model import Item, ScenarioModel
    from .draws import Chunk
    from .plan import ItemPlan
    from .registry import Registry


class OpenedItem(Protocol):
    """What an opening file is entered into of an item: awards used up, commitments."""

    plan: ItemPlan
    used: np.ndarray
    cohorts: list[Cohort]

    @property
    def item(self) -> Item: ...


class OpenedBlock(Protocol):
    """What it is entered into of a block of trials: bars, priorities, promises, items."""

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
        rows = [row for row in block.scenario.opening if row.item == state.item.key]
        if rows:
            state.cohorts.append(_opening_cohort(block, state, rows))


def _opening_cohort(block: OpenedBlock, state: OpenedItem, rows: list[OpeningRow]) -> Cohort:
    """An opening file's rows as commitments of the year before the first; what was paid before is their tranche 0."""
    first, trials = block.years[0], block.trials
    last = max([year for row in rows for year in row.due_wan], default=first)
    due = np.zeros((len(rows), last - first + 3), np.int64)
    outcome = np.full((trials, len(rows)), cohorts.NO_END, np.uint8)
    event = np.full((trials, len(rows)), cohorts.NEVER_ENDS, np.int32)
    applicants = np.array([block.registry.applicant(row.applicant) for row in rows], np.uint32)
    position = {id(row): n for n, row in enumerate(block.scenario.opening)}
    keys = stream_key(block.chunk.seed, "*", "opening")
    for n, row in enumerate(rows):
        due[n, 0] = round(row.paid_wan * FEN_A_WAN)
        for year, amount in row.due_wan.items():
            due[n, 1 + year - first] = promised = round(amount * FEN_A_WAN)
            if year in block.years:
                block.forward_category[state.plan.category, year - first] -= promised
                block.forward_total[year - first] -= promised
        if row.acceptance_year is not None and state.plan.is_project and block.scenario.oversight.is_on:
            outcome[:, n] = cohorts.opening_ratings(position[id(row)], block.chunk.first, block.chances[0], *keys)
            event[:, n] = row.acceptance_year - first
            if row.acceptance_year in block.years[:-1]:
                is_excellent = outcome[:, n] == cohorts.EXCELLENT
                block.excellent[row.acceptance_year + 1 - first, is_excellent, applicants[n]] = 1
            block.tally["rating"] += trials
            block.tally["mending"] += int((outcome[:, n] >= cohorts.MENDED).sum())
    every_row = np.arange(len(rows) * trials, dtype=np.uint32)
    outcomes, events, stop = outcome.ravel(), event.ravel(), np.empty(0, np.int64)
    year_ends, acting = cohorts.acting_by_year(outcomes, events, stop, -1, len(block.all_years))
    return Cohort(
        start=-1,
        ends=np.arange(trials + 1) * len(rows),
        claim=every_row,
        due=np.tile(due, (trials, 1)),
        due_total=np.repeat(due.sum(axis=0)[:, None], trials, axis=1),
        owed=np.empty(0, np.int64),
        heard=every_row,
        trial=np.repeat(np.arange(trials, dtype=np.uint32), len(rows)),
        applicant=np.tile(applicants, trials),
        outcome=outcomes,
        event=events,
        stop=stop,
        year_ends=year_ends,
        acting=acting,
        index=every_row[:0],
    )
