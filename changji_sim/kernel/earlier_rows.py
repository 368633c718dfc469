"""Applications of years before the first that an opening ledger (期初台账) names: what they stated, or is drawn.

A loan that still claims, an application that may come again and a stake that is held are rows of an earlier year.
Their columns are those of the ledger; what it leaves open is drawn as in the year they applied, from the same streams,
so that a run that begins later goes on with the same futures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from ..modes.support_mode import SupportMode
from ..scenario.input_files import SCORE
from ..scenario.model import Item, OpeningRow, ScenarioModel
from . import streams
from .draws import Chunk, Columns, Drawn, EarlierRows, ItemDraws, TrialDraws
from .registry import Registry


def application_year(row: OpeningRow, first: int) -> int:
    """The year in which the application of an opening row was submitted, as far as its draws go."""
    return row.application_year or row.commitment_year or first - 1


def mode_in(item: Item, year: int) -> SupportMode:
    """The item's mode under the terms of a year; before the measure, under its first ones."""
    return item.modes.get(year) or item.modes[min(item.modes)]


def earlier_of(scenario: ScenarioModel, item: Item) -> Iterator[tuple[int, OpeningRow]]:
    """The opening rows of an item whose columns are needed, with their places in the ledger."""
    mode = mode_in(item, scenario.years[0])
    is_followed = mode.recovery_years > 0 or type(mode).stops is not SupportMode.stops
    for position, row in enumerate(scenario.opening):
        if row.item != item.key:
            continue
        is_held = is_followed and row.commitment_year is not None
        if is_held or _may_claim(row, mode) or _may_come(row, item, mode):
            yield position, row


def _may_claim(row: OpeningRow, mode: SupportMode) -> bool:
    return mode.claim_years > 1 and bool(row.values)


def _may_come(row: OpeningRow, item: Item, mode: SupportMode) -> bool:
    return row.may_apply_again and item.reapply is not None and mode.claim_years == 1


def earlier_chances(
    scenario: ScenarioModel, chunk: Chunk, years: tuple[int, ...]
) -> Mapping[int, tuple[np.ndarray, np.ndarray]]:
    """The chances of oversight of some years before the first: those of projects, ``(trials, 8)``, and of awards."""
    if not years:
        return {}
    shared = TrialDraws(replace(scenario, years=years), chunk)
    of_projects = np.stack(list(shared.probabilities.values()), axis=2)
    found = {}
    for y, year in enumerate(years):
        of_awards = of_projects[y].copy()
        of_awards[:, 0], of_awards[:, 1:6] = shared.award_violation[y], 0.0
        found[year] = of_projects[y], of_awards
    return found


def with_earlier(drawn: Drawn, scenario: ScenarioModel, item: Item, chunk: Chunk, registry: Registry) -> Drawn:
    """The rows of an item with those of its opening ledger behind them; ``drawn`` itself where there are none."""
    rows = list(earlier_of(scenario, item))
    return EarlierDraws(scenario, item, chunk, registry, rows).behind(drawn) if rows else drawn


class EarlierDraws(ItemDraws):
    """Draws the columns of some rows of earlier years."""

    def __init__(
        self,
        scenario: ScenarioModel,
        item: Item,
        chunk: Chunk,
        registry: Registry,
        rows: list[tuple[int, OpeningRow]],
    ):
        self.of_item, self.first_year = item, scenario.years[0]
        by_year: dict[int, list[tuple[int, OpeningRow]]] = {}
        for position, row in rows:
            by_year.setdefault(application_year(row, self.first_year), []).append((position, row))
        self.by_year = dict(sorted(by_year.items()))
        years = tuple(self.by_year)
        modes = {year: mode_in(item, year) for year in years}
        plain = replace(item, modes=modes, registers={}, cases=(), tiers=())
        earlier = replace(scenario, years=years)
        super().__init__(earlier, plain, TrialDraws(earlier, chunk), registry)
        sizes = np.array([len(self.by_year[year]) for year in years])
        self.counts = np.repeat(sizes[:, None], chunk.trials, axis=1)
        self.offsets = streams.offsets_of(self.counts)
        self.rows = int(self.offsets[-1])
        self.numbers = self.of_rows(lambda row, n: n if row.application_row is None else row.application_row, np.int64)
        self.in_year = np.repeat(self.years, sizes * chunk.trials)
        trial = [np.repeat(np.arange(chunk.trials), size) for size in sizes]
        self.in_trial = np.concatenate(trial)

    def of_rows(self, value_of: Callable[[OpeningRow, int], float], kind: type) -> np.ndarray:
        """A value of every row in every trial, from those of the ledger and their places in it."""
        parts: list[np.ndarray] = [
            np.tile(np.array([value_of(row, position) for position, row in rows], kind), self.chunk.trials)
            for rows in self.by_year.values()
        ]
        return np.concatenate(parts)

    def behind(self, drawn: Drawn) -> Drawn:
        """``drawn`` with these rows behind its own."""
        applicant = self.of_rows(lambda row, _: self.registry.applicant(row.applicant, row.group), np.uint32)
        applicant = applicant.astype(self.registry.number_type)  # as those that are drawn
        pool = self.of_item.platform_pool or self.of_item.key
        platform = self.of_rows(
            lambda row, _: self.registry.platform(pool, row.platform) if row.platform else 0, np.uint32
        )
        score = self.of_rows(lambda row, _: row.values.get(SCORE, -100.0) / 100, np.float64)
        if not len(drawn.score) and (score >= 0).any():
            drawn = replace(drawn, score=np.full(len(drawn.applicant), -1.0))
        mine = self.columns()
        columns = {name: partial(self._joined, name, drawn.columns, mine) for name in drawn.columns}
        has_days = self.scenario.readings["in_force"] == "dates"
        return replace(
            drawn,
            applicant=np.concatenate([drawn.applicant, applicant]),
            columns=Columns(columns, drawn.columns),
            passes=_joined(drawn.passes, np.ones(self.rows), len(drawn.passes) > 0),
            score=_joined(drawn.score, score, len(drawn.score) > 0 or bool((score >= 0).any())),
            platform=_joined(drawn.platform, platform, self._has_platforms),
            day=_joined(drawn.day, np.zeros(self.rows), has_days),
            earlier=self._rows(len(drawn.applicant)),
        )

    @property
    def _has_platforms(self) -> bool:
        return self.of_item.once_per == "platform" or bool(self.of_item.platform_pool)

    def _rows(self, first: int) -> EarlierRows:
        mode, reapply, before = mode_in(self.of_item, self.first_year), self.of_item.reapply, self.first_year - 1
        chance = np.empty(0)
        if reapply is not None:
            last = TrialDraws(replace(self.scenario, years=(before,)), self.chunk)
            chance = last.value(reapply, self.of_item.key, "reapply", before)
        return EarlierRows(
            first=first,
            years=self.years,
            offsets=self.offsets,
            year=self.in_year,
            number=self.numbers,
            trial=self.in_trial,
            may_claim=self.of_rows(lambda row, _: _may_claim(row, mode), np.bool_),
            may_come=self.of_rows(lambda row, _: _may_come(row, self.of_item, mode), np.bool_),
            position=self.of_rows(lambda _, position: position, np.int64),
            reapply=chance,
        )

    def _joined(self, name: str, own: Columns, mine: Columns) -> np.ndarray:
        """A column of the rows of the years, with that of the earlier rows behind."""
        column = np.array(mine[name]) if name in mine else np.full(self.rows, self._default(name))
        given = self.of_rows(lambda row, _: row.values.get(name, np.nan), np.float64)
        is_given = ~np.isnan(given)
        column[is_given] = given[is_given]
        return np.concatenate([own[name], column])

    def _words(self, purpose: str) -> np.ndarray:
        counters = self.numbers, self.in_year, self.in_trial + self.chunk.first
        rows, years, trials = (values.astype(np.uint64) for values in counters)
        return streams.words_of_rows(rows, years, trials, *self._key(purpose))


def _joined(values: np.ndarray, behind: np.ndarray, is_there: bool) -> np.ndarray:
    """A value a row, with those of the earlier rows behind; as it is where the item has none."""
    return np.concatenate([values, behind.astype(values.dtype)]) if is_there else values
