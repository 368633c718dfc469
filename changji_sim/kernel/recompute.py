"""Scenario after scenario in the same trials: the flows of a run from nothing, worked out only where they differ.

Covered are all scenarios but those of :func:`is_covered`'s exceptions, which are run from nothing; a change of the
structure (`_structure`) makes all cells new.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any
from weakref import ref

import numpy as np

from ..scenario.model import ScenarioModel
from .cell_books import put_books, trials_marked
from .changed_flows import ChangedFlows
from .claims import ClaimsMaker
from .counts_of_cells import FlowsByCells, counts_by_year
from .draws import Chunk, TrialDraws
from .flows import NO_COUNTS, YearFlows
from .kept_calendars import KeptCalendars
from .kept_cells import MOST_YEARS, Cells
from .kept_item import KeptItem
from .ledger import FIRST_CUT, FLOWS
from .plan import ItemPlan, Plan
from .simulate import Progress, Run, check_arguments, make_registry, simulate

ClaimsOf = Callable[[Plan, ItemPlan, TrialDraws], ClaimsMaker]


def is_covered(scenario: ScenarioModel) -> bool:
    """Whether a scenario is worked out by cells."""
    envelopes = scenario.envelopes
    applies_again = any(
        item.reapply is not None and item.modes[scenario.years[0]].claim_years == 1 for item in scenario.items
    )
    readings, is_in_time = scenario.readings, len(scenario.years) <= MOST_YEARS
    is_odd = scenario.oversight.reaches_awards or readings["claims_after_expiry"] == "paid"
    is_odd |= readings["short_project_violations"] == "acceptance"
    is_in_time &= scenario.actuals is None  # what was approved already comes before all else
    is_odd |= any(row.goes_on for row in scenario.opening)
    return is_in_time and not (envelopes.pooling or envelopes.refill or applies_again or is_odd)


class Recompute:
    """Blocks of trials whose cells are kept from one scenario to the next.

    Args:
        trials, seed, workers, chunk: as in :func:`changji_sim.kernel.simulate.simulate`, the same for all runs.
    """

    def __init__(self, trials: int, seed: int, workers: int | None, chunk: int):
        self.trials, self.seed, self.workers, self.chunk = trials, seed, workers, chunk
        self._plan: Plan | None = None
        self._cells_are_moving = Lock()
        self.forget()

    def forget(self) -> None:
        """Keep nothing: the next run is one from nothing."""
        self.blocks: dict[int, Cells] = {}
        self._structure: Any = None
        self._years: dict[tuple[str, int], YearFlows | ChangedFlows] = {}
        self._headroom: dict[tuple[str, int], dict[str, int]] = {}
        self._last: Callable[[], FlowsByCells | None] = lambda: None  # the flows that the cells are at

    def run(
        self,
        scenario: ScenarioModel,
        claims_of: ClaimsOf,
        progress: Progress | None = None,
        calendars: KeptCalendars | None = None,
    ) -> Run:
        """The flows of a scenario. ``calendars`` are brought up to it.

        Raises:
            FaultyInput: as `simulate` does; nothing is kept then.
            TooMany: this scenario must be run from nothing.
        """
        check_arguments(self.trials, self.seed, self.chunk)
        with self._cells_are_moving:
            return self._run_on(scenario, claims_of, progress, calendars)

    def _run_on(
        self, scenario: ScenarioModel, claims_of: ClaimsOf, progress: Progress | None, calendars: KeptCalendars | None
    ) -> Run:
        plan = self._plan = Plan(scenario, make_registry(scenario), self.seed, self._plan)
        structure = _structure(plan)
        if structure != self._structure:
            self.forget()
            self._structure = structure
        try:
            return self._run(plan, claims_of, progress, calendars)
        except BaseException:
            self.forget()
            raise

    def _run(self, plan: Plan, claims_of: ClaimsOf, progress: Progress | None, calendars: KeptCalendars | None) -> Run:
        before, self._last = self._last(), lambda: None
        one_at_a_time = Lock()
        variates: Counter[str] = Counter()
        done = 0

        def run_block(first: int) -> tuple[int, Counter]:
            part = Chunk(self.seed, first, min(self.chunk, self.trials - first))
            shared = TrialDraws(plan.scenario, part)
            makers = {item.item.key: claims_of(plan, item, shared) for item in plan.items}
            cells = self.blocks.get(first)
            if cells is None:
                cells = Cells(plan, part, shared, makers)
            if calendars is not None:
                calendars.begin(cells)
            cells.run(plan, shared, makers)
            if calendars is not None:
                calendars.end(cells)
            with one_at_a_time:
                self.blocks[first] = cells
            tally = Counter(shared.tally)
            for maker in makers.values():
                tally.update(maker.drawn.tally)
            return part.trials, tally

        with ThreadPoolExecutor(self.workers or os.cpu_count() or 1) as pool:
            for number, tally in pool.map(run_block, range(0, self.trials, self.chunk)):
                done += number
                variates.update(tally)
                if progress:
                    progress(done, self.trials)
            list(pool.map(lambda n: self._keep_flows(plan, n), range(len(plan.items))))
        flows = self._flows(plan)
        for item in (one.item.key for one in plan.items if before and one.item.key in before.shown):
            flows.counted[item] = self._counts(plan, item)  # whoever asked for them will ask again
        return Run(plan.scenario, self.trials, self.seed, plan.tail, flows, dict(variates))

    def _flows(self, plan: Plan) -> FlowsByCells:
        this = ref(self)

        def counts_of(flows: FlowsByCells, item: str) -> Mapping[int, YearFlows] | None:
            recompute = this()
            if recompute is None or recompute._last() is not flows:
                return None
            with recompute._cells_are_moving:
                return recompute._counts(plan, item) if recompute._last() is flows else None

        flows = FlowsByCells(self.trials, counts_of, lambda: simulate(plan.scenario, self.trials, self.seed).flows)
        for item in plan.items:
            for year in (*plan.years, *plan.tail):
                key = item.item.key
                flows.take(key, year, self._years[key, year], self._headroom.get((key, year), {}))
        self._last = ref(flows)
        return flows

    def _counts(self, plan: Plan, item: str) -> Mapping[int, YearFlows]:
        n = [one.item.key for one in plan.items].index(item)
        return counts_by_year(self.blocks, n, self.trials)

    def _keep_flows(self, plan: Plan, n: int) -> None:
        """Pack the years of an item in which anything differs."""
        item = plan.items[n].item
        states = {first: block.items[n] for first, block in self.blocks.items()}
        years, key = (*plan.years, *plan.tail), item.key
        marked = [(first, state, *trials_marked(state.touched, len(years))) for first, state in states.items()]
        differs = np.logical_or.reduce([ends[1:] > ends[:-1] for _, _, ends, _ in marked]).tolist()
        has_other_headroom = _in_any_block(state.has_other_headroom for state in states.values())
        has_caps_anew = _in_any_block(state.has_caps_anew for state in states.values())
        is_first = (key, years[0]) not in self._years
        for y, year in enumerate(years):
            is_in_force = y < len(plan.years)
            if is_in_force and has_other_headroom[y]:
                headroom = sum(state.headrooms(y).sum(axis=1) for state in states.values())
                caps = (cap.key for cap in item.caps[year])
                self._headroom[key, year] = dict(zip(caps, headroom.tolist(), strict=True))
            if is_first or (is_in_force and has_caps_anew[y]):
                keys = [cap.key for cap in item.caps[year]] if is_in_force else []
                flows = YearFlows((*FLOWS, *(f"cut:{cap}" for cap in keys)), self.trials)
                for first, state in states.items():
                    flows.add(_books(state, y, len(keys), plan), NO_COUNTS, first)
                self._years[key, year] = flows
            elif differs[y]:
                before = self._years[key, year]
                kept = before if isinstance(before, ChangedFlows) else ChangedFlows.of(before)
                which = [(first, state, trials[ends[y] : ends[y + 1]]) for first, state, ends, trials in marked]
                changes = [(first, state.kept_year(y), some) for first, state, some in which if len(some)]
                number = len(item.caps[year]) if is_in_force else 0
                self._years[key, year] = kept.changed(changes, number, plan.limits_commitments)


def _in_any_block(flags: Iterable[np.ndarray]) -> list[bool]:
    """Flags by year that are set in one block or another."""
    return [any(of_year) for of_year in zip(*(of_block.tolist() for of_block in flags), strict=True)]


def _books(state: KeptItem, y: int, caps: int, plan: Plan) -> np.ndarray:
    """All flows of an item's year in a block, as an `Account` has them but without headrooms."""
    everybody = state.cells.everybody
    book = np.zeros((FIRST_CUT + caps, len(everybody)), np.int64)
    put_books(everybody, state.kept_year(y), caps, plan.limits_commitments, book, 0)
    return book


def _structure(plan: Plan) -> tuple:
    """What cells are kept for: where it differs, all cells are new."""
    scenario, registry = plan.scenario, plan.registry
    oversight, envelopes = scenario.oversight, scenario.envelopes
    items = [
        (
            item.item.key, item.category, item.rule, item.is_project, item.recovery_years, item.has_opening,
            item.is_upgraded, item.item.once_per, item.item.upgrade_of, item.item.platform_pool,
            type(item.modes[0]),
        )
        for item in plan.items
    ]  # fmt: skip
    has_opening_of_projects = bool(scenario.opening) and oversight
    return (
        plan.years, plan.tail, plan.categories, items, registry.names(), plan.group_of.tobytes(),
        plan.is_enterprise.tobytes(), dict(scenario.readings), scenario.opening, envelopes.forward_cover,
        oversight.is_on, oversight.recovery_delay_years, oversight.bar_years, oversight.violation_bar_years,
        has_opening_of_projects,
    )  # fmt: skip
