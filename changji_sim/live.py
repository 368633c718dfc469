"""A scenario kept warm: after a change only what it touches is drawn and worked out again.

What an item draws depends on its assumptions, what it claims on its terms besides; both are kept for every chunk of
trials. A moved
ceiling, envelope, rule or reading leaves them as they are, and only the years are gone through again. The flows are
those of :func:`changji_sim.simulate.simulate`, to the fen.

>>> live = Live(load_scenario("baseline"), trials=2_000)     # doctest: +SKIP
>>> live.run()                                               # doctest: +SKIP
>>> live.run(load_scenario("my_plan.yaml"))                  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from .claims import ClaimsMaker
from .distributions import Distribution
from .draws import TrialDraws
from .plan import ItemPlan, Plan, terms
from .result import Result
from .scenario import Item, Scenario
from .simulate import CHUNK, Progress, make_claims, simulate

CERTIFICATES = {"source", "mark", "line"}  # where a number comes from changes nothing
DRAWN_BY = (
    "applications", "is_count_fixed", "growth", "economy_elasticity", "quality_pass", "reapply", "pool",
    "claimants", "other_claimants",
    "is_distinct", "platforms", "platform_pool", "once_per", "columns", "item_columns", "tiers", "cases", "registers",
)  # fmt: skip
DRAWN_BY_SCENARIO = ("years", "pools", "growth", "economy_log_sd", "has_doubt", "in_force")
DRAWN_BY_READINGS = ("trade_claimant", "in_force", "equity_scope", "public_money")


class Live:
    """Runs scenario after scenario on the same futures, keeping what did not change from one to the next.

    Args:
        scenario: the first one.
        trials, seed, workers, chunk: as in :func:`changji_sim.simulate.simulate`, the same for all runs.
    """

    def __init__(
        self, scenario: Scenario, trials: int = 10_000, seed: int = 0, workers: int | None = None, chunk: int = CHUNK
    ):
        self.scenario = scenario
        self.trials, self.seed, self.workers, self.chunk = trials, seed, workers, chunk
        self.redrawn: tuple[str, ...] = ()
        self._kept: dict[tuple[str, int], tuple[Any, ClaimsMaker]] = {}
        self._signatures: dict[str, Any] = {}

    def run(self, scenario: Scenario | None = None, progress: Progress | None = None) -> Result:
        """Run the scenario given, or the last one again.

        Returns:
            the result; `redrawn` then names the items that were drawn and worked out anew.

        Raises:
            FaultyInput: as `simulate` does.
        """
        self.scenario = scenario or self.scenario
        before, people = self._signatures, _essence(self.scenario.pools) + _essence(self.scenario.opening)
        self._signatures = {item.key: (people, signature(item, self.scenario)) for item in self.scenario.items}
        self.redrawn = tuple(key for key, made_of in self._signatures.items() if before.get(key) != made_of)
        self._kept = {key: kept for key, kept in self._kept.items() if self._signatures.get(key[0]) == kept[0]}
        return Result(simulate(self.scenario, self.trials, self.seed, self.workers, self.chunk, progress, self._claims))

    def _claims(self, plan: Plan, item: ItemPlan, shared: TrialDraws) -> ClaimsMaker:
        key = (item.item.key, shared.chunk.first)
        if key not in self._kept:
            self._kept[key] = (self._signatures[item.item.key], make_claims(plan, item, shared))
        maker = self._kept[key][1]
        maker.item = item.item  # its caps and envelope rule may be others now
        return maker


def signature(item: Item, scenario: Scenario) -> tuple:
    """All that the draws and claims of an item depend on, to be compared."""
    readings = {name: scenario.readings[name] for name in (*DRAWN_BY_READINGS, "payable_rounding")}
    modes = [(type(item.modes[year]), sorted(terms(item.modes[year]).items())) for year in scenario.years]
    return (
        [_essence(getattr(item, name)) for name in DRAWN_BY],
        [_essence(getattr(scenario, name)) for name in DRAWN_BY_SCENARIO],
        [(condition.column, condition.must_be) for condition in item.requires],
        sorted(readings.items()),
        repr(modes),
    )


def _essence(value: Any) -> str:
    """What a value says, without where it came from."""
    if isinstance(value, Distribution):
        return repr(dict(value.spec))
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{f.name}={_essence(getattr(value, f.name))}" for f in fields(value) if f.name not in CERTIFICATES)
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_essence(k)}: {_essence(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_essence, value)) + "]"
    return repr(value)
