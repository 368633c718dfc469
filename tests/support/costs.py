"""What the tests of a run cost in CPU seconds: the costliest, and the sums of folders.

CPU seconds are nearly the same on a busy machine. Processes that a test starts and waits for are counted. One that
serves several tests (a desk, a browser, the Python of notebooks) counts as a whole for the test after which it ends,
which then seems dear. The processes in which chromium draws pages are not counted: nobody waits for them.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator

import pytest

MOST_S = 0.5  # of CPU; what costs more is marked slow, or made smaller


def cpu_seconds() -> float:
    """CPU seconds of this process and of those it has started and waited for."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _measured(item: pytest.Item, phase: str) -> Iterator[None]:
    start = cpu_seconds()
    try:
        yield
    finally:
        item.user_properties.append((phase, cpu_seconds() - start))


class Costs:
    """A plugin of pytest. Each worker measures its tests; where the reports come together they are summed up."""

    def __init__(self, shown: int) -> None:
        self.shown = shown
        self.phases: dict[str, dict[str, float]] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        yield from _measured(item, "setup")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        yield from _measured(item, "call")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        yield from _measured(item, "teardown")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self.phases[report.nodeid] = dict(report.user_properties)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List them, the costliest first; `setup` is what is made for the test, perhaps for later ones too."""
        cost = Counter({test: sum(phases.values()) for test, phases in self.phases.items()})
        folders: Counter[str] = Counter()
        for test, seconds in cost.items():
            folders["/".join(test.split("::")[0].split("/")[:-1])] += seconds
        terminalreporter.section(f"{cost.total():.0f} CPU seconds")
        for folder, seconds in folders.most_common():
            terminalreporter.write_line(f"{seconds:7.1f}  {folder}")
        terminalreporter.write_line(f"  setup    call  the {self.shown} costliest tests")
        for test, _ in cost.most_common(self.shown):
            phases = self.phases[test]
            of_call = sum(seconds for phase, seconds in phases.items() if phase != "setup")  # none where setup failed
            terminalreporter.write_line(f"{phases['setup']:7.1f} {of_call:7.1f}  {test}")
