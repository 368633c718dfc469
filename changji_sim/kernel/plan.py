"""What a run computes once, before any trial: terms that never change, levels in fen, keys of streams, how long
the tail is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ..modes.support_mode import Commitments, SupportMode
from ..scenario.model import Item, ScenarioModel
from .claims import to_fen
from .commitments import RULES, UNLIMITED
from .earlier_rows import application_year, earlier_of, mode_in
from .registry import Registry
from .streams import stream_key

FEN_A_WAN = 1_000_000
# What is drawn a row, and the name of its stream, which decides its numbers.
PURPOSES = {"score": "score", "ending": "fate", "reapply": "reapply"}


@dataclass(frozen=True, eq=False)
class ItemPlan:
    """One item in the form the year loop reads. ``modes``, ``levels`` (fen, by cap) and ``places`` stand in order of
    years.
    """

    item: Item
    category: int
    modes: tuple[SupportMode, ...]
    is_steady: bool  # the same terms in every year
    is_project: bool
    is_by_score: bool
    rule: int
    recovery_years: int
    levels: tuple[tuple[int, ...], ...]
    places: tuple[int, ...]
    keys: Mapping[str, tuple[np.uint64, np.uint64]]
    has_opening: bool
    is_upgraded: bool  # another item's award takes this one's into account

    def mode_of(self, y: int, first: int) -> SupportMode:
        """The mode under the terms of year index ``y``, which may lie before the first year."""
        return self.modes[y] if y >= 0 else mode_in(self.item, first + y)

    @classmethod
    def of(cls, item: Item, scenario: ScenarioModel, seed: int) -> ItemPlan:
        modes = tuple(item.modes[year] for year in scenario.years)
        first, before = modes[0], [mode_in(item, year) for year in _earlier_years(item, scenario)]
        of_first, *of_others = [terms(mode) for mode in (*modes, *before)]
        return cls(
            item=item,
            category=list(scenario.categories).index(item.category),
            modes=modes,
            is_steady=all(of_another == of_first for of_another in of_others),
            is_project=first.is_project,
            is_by_score=item.selection == "by_score",
            rule=RULES[item.when_short],
            recovery_years=first.recovery_years,
            levels=tuple(tuple(fen(cap.level) for cap in item.caps[year]) for year in scenario.years),
            places=tuple(_places(item, year) if first.is_project else -1 for year in scenario.years),
            keys={purpose: stream_key(seed, item.key, name) for purpose, name in PURPOSES.items()},
            has_opening=any(row.item == item.key for row in scenario.opening),
            is_upgraded=scenario.readings["upgrade_pays"] == "difference"
            and any(other.upgrade_of == item.key for other in scenario.items),
        )


class Plan:
    """A scenario prepared for one seed."""

    def __init__(self, scenario: ScenarioModel, registry: Registry, seed: int, before: Plan | None = None):
        """``before``: a plan whose items are taken over where nothing about them has changed."""
        self.scenario, self.registry, self.seed = scenario, registry, seed
        self.years = scenario.years
        known = before.items_for(scenario, seed) if before else {}
        self.items = [known.get(id(item)) or ItemPlan.of(item, scenario, seed) for item in scenario.items]
        self._longest: dict[int, int] = {}  # of some items by identity, as `tail_years` has it
        if before and before.scenario.oversight == scenario.oversight and before.scenario.actuals is scenario.actuals:
            self._longest = {at: longest for at, longest in before._longest.items() if at in known}
        self.categories = list(scenario.categories)
        self.group_of = registry.group_of
        self.is_enterprise = registry.is_enterprise
        self.limits_commitments = scenario.readings["envelope_limits"] == "commitments"

    def items_for(self, scenario: ScenarioModel, seed: int) -> dict[int, ItemPlan]:
        """The items by identity, if all that they depend on besides themselves is the same in another scenario."""
        ours = self.scenario
        is_same = seed == self.seed and ours.years == scenario.years and ours.readings == scenario.readings
        is_same &= list(ours.categories) == list(scenario.categories) and ours.opening == scenario.opening
        is_same &= [(i.key, i.upgrade_of) for i in ours.items] == [(i.key, i.upgrade_of) for i in scenario.items]
        return {id(item.item): item for item in self.items} if is_same else {}

    @cached_property
    def tail(self) -> tuple[int, ...]:
        """Years after the measure in which payments, clawbacks, returns or recoveries may still fall."""
        return tail_years(self.scenario, self._longest)

    @cached_property
    def envelope_total(self) -> np.ndarray:
        """Fen by year."""
        return np.array([fen(self.scenario.envelopes.total_wan.get(year)) for year in self.years])

    @cached_property
    def envelope_category(self) -> np.ndarray:
        """Fen, shape ``(categories, years)``."""
        by_category = self.scenario.envelopes.category_wan
        return np.array([[fen(by_category.get(c, {}).get(year)) for year in self.years] for c in self.categories])


def _earlier_years(item: Item, scenario: ScenarioModel) -> set[int]:
    """The years before the first whose terms still matter."""
    return {application_year(row, scenario.years[0]) for _, row in earlier_of(scenario, item)}


@lru_cache(maxsize=1024)  # a mode's terms stay as they are, and it takes param 10 µs to give one
def terms(mode: SupportMode) -> dict:
    """The values of a mode's terms; not to be changed."""
    return {name: getattr(mode, name) for name in mode.param if name != "name"}


def fen(wan: float | None) -> int:
    """万元 to fen in whole yuan; no amount is no limit."""
    return int(UNLIMITED) if wan is None else int(to_fen(np.array([float(wan)]))[0])


def _places(item: Item, year: int) -> int:
    places = item.places.get(year)
    return -1 if places is None else places


def tail_years(scenario: ScenarioModel, known: dict[int, int] | None = None) -> tuple[int, ...]:
    """Years after the last in which a tranche, a mended project, a claim or an exit may still fall.

    ``known``: how many years that is for some items, by identity; all are written into it.
    """
    longest, known = 1, {} if known is None else known  # arrears of the last year
    delay = scenario.oversight.recovery_delay_years
    for item in scenario.items:
        if id(item) not in known:
            known[id(item)] = _longest_of(item, scenario)
        longest = max(longest, known[id(item)])
    promised = [year for row in scenario.opening for year in row.due_wan]
    promised += [year for row in scenario.opening for year in row.inflow_wan]
    accepted = [row.acceptance_year + 1 + delay for row in scenario.opening if row.acceptance_year]
    last = max([scenario.years[-1] + longest, *promised, *accepted])
    return tuple(range(scenario.years[-1] + 1, last + 1))


def _longest_of(item: Item, scenario: ScenarioModel) -> int:
    """How many years after the last an item's commitments may still have effects."""
    longest, delay, mode = 0, scenario.oversight.recovery_delay_years, item.modes[scenario.years[0]]
    if scenario.oversight.reaches_awards and not mode.is_project:
        longest = 1 + delay
    if mode.is_project:
        longest = _longest_term(item, scenario) + 1 + delay
    if scenario.readings["claims_after_expiry"] == "paid" and mode.claim_years > 1:
        longest = max(longest, mode.claim_years - 1 + (1 + delay) * scenario.oversight.reaches_awards)
    return max(longest, mode.recovery_years, *(longest_schedule(item, year, scenario) for year in scenario.years))


def _longest_term(item: Item, scenario: ScenarioModel) -> int:
    real = scenario.actuals.rows.get(item.key, ()) if scenario.actuals is not None else ()
    known = max((int(row["term_years"]) for row in real if "term_years" in row), default=1)
    for drawn in item.columns:
        if drawn.column.name == "term_years" and not item.registers:
            return max(int(max(drawn.distribution.values, default=10)), known)
    return 10 if item.registers else known


def longest_schedule(item: Item, year: int, scenario: ScenarioModel) -> int:
    """Offsets beyond the year of commitment in the mode's own schedule, for one row."""
    columns = tuple(drawn.column.name for drawn in item.columns)
    return _schedule_of(item.modes[year], columns, _longest_term(item, scenario), year)


@lru_cache(maxsize=1024)  # asked of every item and year in every run, and of most of its tables
def _schedule_of(mode: SupportMode, columns: tuple[str, ...], term: int, year: int) -> int:
    row = {name: np.ones(1) for name in columns}
    row |= {"is_enterprise": np.ones(1, bool), "term_years": np.full(1, float(term))}
    return np.atleast_2d(mode.payments(Commitments(row, year, 1))).shape[1] - 1
