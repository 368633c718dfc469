"""The last results of all sessions: showing a scenario again takes no time."""

from __future__ import annotations

import threading

from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel


class Results:
    """The last few results, by the content of their scenarios. All must be of the same trials and seed."""

    MOST = 8  # 10,000 trials of the baseline take 40 MB

    def __init__(self) -> None:
        self._results: list[RunResult] = []
        self._lock = threading.Lock()

    def of(self, scenario: ScenarioModel) -> RunResult | None:
        """The result of a scenario with the same content, if it is still there."""
        with self._lock:
            found = next((result for result in self._results if says_the_same(result.scenario, scenario)), None)
            if found is not None:
                self._results = [*(result for result in self._results if result is not found), found]
            return found

    def keep(self, result: RunResult) -> None:
        """Keep a result; of too many, the one not asked for for the longest time is dropped."""
        with self._lock:
            others = [one for one in self._results if not says_the_same(one.scenario, result.scenario)]
            self._results = [*others, result][-self.MOST :]


def says_the_same(one: ScenarioModel, other: ScenarioModel) -> bool:
    """Whether two scenarios are the same files with the same values under the same law, and so have the same result."""
    are_files_same = one.path == other.path and one.read_hashes == other.read_hashes
    return are_files_same and one.reform_text == other.reform_text and one.raw == other.raw
