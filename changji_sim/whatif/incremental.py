"""An incremental run: after a change only the items whose inputs changed are simulated again.

What an item draws depends on its assumptions, what it claims on its terms besides; both are kept for every chunk of
trials. A moved ceiling, envelope, rule or reading leaves them as they are, and only the years are gone through again.
The flows are those of :func:`changji_sim.kernel.simulate.simulate`, to the fen.

>>> live = cs.Live(cs.load_scenario("baseline"), trials=2_000)     # doctest: +SKIP
>>> live.run()                                               # doctest: +SKIP
>>> live.run(cs.load_scenario("my_plan.yaml"))               # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np

from ..base.memory import give_back_memory
from ..kernel.calendar import CalendarObserver, days_of_rows, gathered
from ..kernel.claims import ClaimsMaker
from ..kernel.claims_of_other_counts import with_other_counts
from ..kernel.draws import Chunk, Drawn, TrialDraws
from ..kernel.investment_observer import InvestmentObserver
from ..kernel.kept_calendars import Joined, KeptCalendars
from ..kernel.kept_cells import TooMany
from ..kernel.kept_investments import KeptInvestments
from ..kernel.observers import Observers
from ..kernel.plan import ItemPlan, Plan, terms
from ..kernel.recompute import Recompute, is_covered
from ..kernel.simulate import CHUNK as SMALL_CHUNK
from ..kernel.simulate import Progress, Run, make_claims, simulate
from ..modes.support_mode import SupportMode
from ..results.exhaustion import limits_recorded
from ..results.matching_funds import items_with_investment, record_sums, summed
from ..results.run_result import RunResult
from ..scenario.distributions import Distribution
from ..scenario.model import Item, ScenarioModel

CHUNK = 5000  # trials a block: what is kept outweighs what a larger block takes, and there is less Python to it
PROVENANCE = {"source", "mark", "line"}  # where a number comes from changes nothing
DRAWN_BY = (
    "applications", "is_count_fixed", "growth", "economy_elasticity", "quality_pass", "reapply", "pool",
    "claimants", "other_claimants",
    "is_distinct", "platforms", "platform_pool", "once_per", "columns", "item_columns", "tiers", "cases", "registers",
)  # fmt: skip
DRAWN_BY_SCENARIO = ("years", "pools", "growth", "economy_log_sd", "has_doubt", "in_force", "actuals")
COUNTED_BY = {"applications", "growth", "economy_elasticity", "economy_log_sd"}  # of these, what decides counts alone
DRAWN_BY_READINGS = ("trade_claimant", "in_force", "equity_scope", "public_money", "claims_after_expiry")


class IncrementalRun:
    """Runs scenario after scenario with the same random numbers, keeping what did not change from one to the next.

    Args:
        scenario: the first one.
        trials, seed, workers, chunk: as in :func:`changji_sim.kernel.simulate.simulate`, the same for all runs.
    """

    result_class: type[RunResult] = RunResult  # what `run` gives; a subclass may have more methods

    def __init__(
        self,
        scenario: ScenarioModel,
        trials: int = 10_000,
        seed: int = 0,
        workers: int | None = None,
        chunk: int = CHUNK,
    ):
        self.scenario = scenario
        self.trials, self.seed, self.workers, self.chunk = trials, seed, workers, chunk
        self.redrawn_items: tuple[str, ...] = ()
        self.is_by_cells = False  # whether the last run was, and the next may go on from what it keeps
        self._content_keys: dict[str, Any] = {}
        self._known_keys: dict[str, tuple[Any, ...]] = {}  # item, what of the scenario it is drawn by, its key
        self._known_parts = _KnownContents()
        self._known_content: tuple[list[str], list[Any], tuple[str, str]] = [], [], ("", "")
        self._kept: dict[tuple[str, int], ClaimsMaker] = {}
        self._former: dict[tuple[str, int], ClaimsMaker] = {}  # of items whose numbers of applications alone changed
        self._days: dict[tuple[str, int], np.ndarray] = {}
        self._cells = Recompute(trials, seed, workers, chunk)
        self._investments = KeptInvestments()
        self._calendars: Joined = {}

    def run(
        self,
        scenario: ScenarioModel | None = None,
        progress: Progress | None = None,
        calendar_of: Iterable[str] = (),
        has_matching_funds: bool = False,
    ) -> RunResult:
        """Run the scenario given, or the last one again.

        Args:
            calendar_of: keys of items of which it is recorded how their limits are used up, so that `calendar` has its
                answer at once; one that this scenario does not have is left out.
            has_matching_funds: whether to record what projects cost in all, so that `matching_funds` has its answer at
                once.

        Returns:
            the result; `redrawn_items` then names the items that were drawn and worked out anew.

        Raises:
            FaultyInput: as `simulate` does.
        """
        self.scenario = scenario or self.scenario
        people, around = self._content_of_scenario()
        now = {item.key: (people, self._content_key(item, around)) for item in self.scenario.items}
        is_first, keeps_no_cells = not self._content_keys, not self._cells.blocks
        self.redrawn_items = tuple(key for key, made_of in now.items() if self._content_keys.get(key) != made_of)
        same_but_for_counts = {
            key for key in self.redrawn_items if _is_same_but_for_counts(self._content_keys.get(key), now[key])
        }
        self._former = {at: maker for at, maker in self._kept.items() if at[0] in same_but_for_counts}
        self._kept = {at: maker for at, maker in self._kept.items() if at[0] in now and at[0] not in self.redrawn_items}
        self._content_keys = now
        self._days = {at: days for at, days in self._days.items() if at in self._kept}
        calendars = KeptCalendars([key for key in calendar_of if key in now], self._days_of, self._calendars)
        costed = items_with_investment(self.scenario) if has_matching_funds else None
        run = self._by_cells(progress, calendars) if is_covered(self.scenario) else None
        sums = self._investments.sums(self._cells.blocks, costed) if run is not None and costed else None
        self.is_by_cells = run is not None and not (costed and sums is None)
        if run is None or not self.is_by_cells:
            result = self._from_nothing(progress, is_first, calendars.keys, costed)
        else:
            result = self.result_class(run)
            of_blocks = {key: calendars.seen(self._cells.blocks, key) for key in calendars.keys}
            limits_recorded(result).update(of_blocks)
            if costed is not None:
                record_sums(result, sums or {})
        if keeps_no_cells:  # a run from nothing: it freed as much as it kept
            give_back_memory()
        return result

    def _from_nothing(
        self, progress: Progress | None, is_first: bool, dated: Sequence[str], costed: Sequence[str] | None
    ) -> RunResult:
        """A run that keeps no cells, its calendars and investments recorded by observers, of which an item has one."""
        alone = [key for key in costed or () if key not in dated]
        observe_days = CalendarObserver if is_first else self._observer
        observe = Observers(dict.fromkeys(dated, observe_days) | dict.fromkeys(alone, InvestmentObserver))
        # The first run may be the last: it takes small blocks, and keeps no claims.
        chunk, claims = (min(self.chunk, SMALL_CHUNK), make_claims) if is_first else (self.chunk, self._claims)
        run = simulate(self.scenario, self.trials, self.seed, self.workers, chunk, progress, claims, observe)
        result = self.result_class(run)
        limits_recorded(result).update({key: gathered(observe, key) for key in dated})
        if alone == costed:
            record_sums(result, summed(observe, alone))
        return result

    def _by_cells(self, progress: Progress | None, calendars: KeptCalendars) -> Run | None:
        """The run worked out where it differs from the last; None where that cannot be kept track of."""
        try:
            return self._cells.run(self.scenario, self._claims, progress, calendars)
        except TooMany:
            return None

    def _content_of_scenario(self) -> tuple[str, tuple[str, dict[str, str]]]:
        """What of the scenario decides who there is, and how items are drawn; what is equal has the same content."""
        scenario, keys = self.scenario, [item.key for item in self.scenario.items]
        made_of = [getattr(scenario, name) for name in ("pools", "opening", *DRAWN_BY_SCENARIO)]
        keys_before, made_of_before, known = self._known_content
        if keys != keys_before or made_of != made_of_before:
            known = _content((*made_of[:2], keys)), _content(made_of[2:])
        self._known_content = keys, made_of, known
        return known[0], (known[1], dict(scenario.readings))

    def _content_key(self, item: Item, around: Any) -> tuple:
        """That of :func:`content_key`; an item that is the very object it was last time has the same."""
        before = self._known_keys.get(item.key)
        if before is None or before[0] is not item or before[1] != around:
            self._known_keys[item.key] = before = (item, around, content_key(item, self.scenario, self._known_parts))
        return before[2]

    def _observer(self, item: ItemPlan, chunk: Chunk) -> CalendarObserver:
        return CalendarObserver(item, chunk, partial(self._days_of, item.item.key, chunk))

    def _days_of(self, item: str, chunk: Chunk, drawn: Drawn) -> np.ndarray:
        if (item, chunk.first) not in self._days:
            self._days[item, chunk.first] = days_of_rows(drawn, item, chunk)
        return self._days[item, chunk.first]

    @property
    def has_books(self) -> bool:
        """Whether a run keeps what the next one can go on from."""
        return bool(self._cells.blocks)

    def forget(self) -> None:
        """Keep nothing: the next run is one from nothing, and gives the same."""
        self._kept, self._former, self._days = {}, {}, {}
        self._cells = Recompute(self.trials, self.seed, self.workers, self.chunk)
        self._investments = KeptInvestments()
        self._calendars = {}

    def fork(self) -> IncrementalRun:
        """A copy that begins with what this one has cached; what either caches later, the other does not have."""
        other = copy(self)
        other._kept, other._days, other._known_keys = dict(self._kept), dict(self._days), dict(self._known_keys)
        other._cells, other._known_parts = Recompute(self.trials, self.seed, self.workers, self.chunk), _KnownContents()
        other._investments, other._calendars = self._investments.fork(), {}
        return other

    def _claims(self, plan: Plan, item: ItemPlan, shared: TrialDraws) -> ClaimsMaker:
        if plan.scenario.actuals is not None:  # what one item has seen tells about the economy, and so about all
            return make_claims(plan, item, shared)
        at = (item.item.key, shared.chunk.first)
        if at not in self._kept:
            former = self._former.pop(at, None)
            made = with_other_counts(former, plan, item, shared) if former else None
            self._kept[at] = made or make_claims(plan, item, shared)
            self._kept[at].keep_only_what_caps_read()
        self._kept[at] = self._kept[at].under(item.item)
        return self._kept[at]


class _KnownContents:
    """The content of the parts of items and scenarios: worked out where another object stands in a part's place."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], tuple[Any, str]] = {}

    def of(self, item: str, part: str, value: Any) -> str:
        """The content of a part of an item, or of the scenario if the item's key is empty."""
        before = self._of.get((item, part))
        if before is None or before[0] is not value:
            before = self._of[item, part] = value, _content(value)
        return before[1]


def content_key(item: Item, scenario: ScenarioModel, known: _KnownContents) -> tuple:
    """All that the draws and claims of an item depend on. A ceiling is none of it: modes cap nothing."""
    readings = {name: scenario.readings[name] for name in (*DRAWN_BY_READINGS, "payable_rounding")}
    modes = [(type(mode), _terms_of_claims(mode)) for mode in item.modes.values()]
    return (
        [known.of(item.key, name, getattr(item, name)) for name in DRAWN_BY],
        [known.of("", name, getattr(scenario, name)) for name in DRAWN_BY_SCENARIO],
        [(condition.column, condition.must_be) for condition in item.requires],
        sorted(readings.items()),
        repr(modes),
    )


def _is_same_but_for_counts(before: tuple | None, now: tuple) -> bool:
    """Whether two items, as `IncrementalRun` has their content, differ in nothing but how many apply."""
    if before is None or before[0] != now[0]:
        return False
    (of_item, around, *rest), (of_item_now, around_now, *rest_now) = before[1], now[1]
    differing = [name for name, *both in zip(DRAWN_BY, of_item, of_item_now, strict=True) if both[0] != both[1]]
    differing += [name for name, *both in zip(DRAWN_BY_SCENARIO, around, around_now, strict=True) if both[0] != both[1]]
    return rest == rest_now and COUNTED_BY.issuperset(differing)


def _terms_of_claims(mode: SupportMode) -> dict[str, Any]:
    ceilings = {cap.term for cap in mode.caps}
    return {name: value for name, value in terms(mode).items() if name not in ceilings}


def _content(value: Any) -> str:
    """The content of a value, without its source and mark."""
    if isinstance(value, Distribution):
        return repr(dict(value.spec))
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{f.name}={_content(getattr(value, f.name))}" for f in fields(value) if f.name not in PROVENANCE)
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_content(k)}: {_content(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_content, value)) + "]"
    return repr(value)
