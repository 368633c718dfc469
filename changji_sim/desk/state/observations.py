"""What a run records for pages that show more than the ledger's sums."""

from __future__ import annotations

from dataclasses import dataclass

from ...kernel.calendar import is_used_in_order
from ...kernel.simulate import Progress
from ...results.exhaustion import limits_recorded
from ...results.matching_funds import recorded_sums
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...whatif.incremental import IncrementalRun


@dataclass(frozen=True)
class Observations:
    """What a page needs recorded: how limits are used up (用完日历), and the co-financing of projects."""

    has_calendars: bool = False
    has_matching_funds: bool = False

    def run(self, live: IncrementalRun, scenario: ScenarioModel, progress: Progress | None = None) -> RunResult:
        """The result of a scenario with these observations recorded."""
        items = used_in_order(scenario) if self.has_calendars else ()
        return live.run(scenario, progress, calendar_of=items, has_matching_funds=self.has_matching_funds)

    def are_in(self, result: RunResult) -> bool:
        """Whether they were recorded when the result was computed."""
        has_calendars = set(used_in_order(result.scenario)) <= set(limits_recorded(result))
        return (has_calendars or not self.has_calendars) and (
            recorded_sums(result) is not None or not self.has_matching_funds
        )


ALL = Observations(has_calendars=True, has_matching_funds=True)


def used_in_order(scenario: ScenarioModel) -> list[str]:
    """Items with a cap that submission order uses up."""
    caps_of = {item.key: [cap for caps in item.caps.values() for cap in caps] for item in scenario.items}
    return [key for key, caps in caps_of.items() if any(map(is_used_in_order, caps))]
