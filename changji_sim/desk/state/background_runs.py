"""Runs in the background: of the settings asked for meanwhile only the last count."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from ...base.faults import Fault, FaultyInput
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...whatif.incremental import IncrementalRun
from .desk_state import DeskState
from .observations import Observations
from .settings import Settings

LONG = 0.3  # seconds of a run of all trials, from which on a preview comes before it


class Wanted(NamedTuple):
    """Settings whose result is asked for, and the scenario they make."""

    settings: Settings
    scenario: ScenarioModel


class Superseded(Exception):
    """Other settings were asked for while a run was under way."""


class BackgroundRuns:
    """The runs of one session: where all trials take long, a preview of the first trials comes before.

    Args:
        desk_state: has the threads and, of the scenario ``name``, the runs to begin from.
        on_result: called with every result and what was asked for.
        on_faults: called where only a run shows that settings cannot be.
        on_busy: called when a run begins and when all have ended.
    """

    def __init__(
        self,
        desk_state: DeskState,
        name: str,
        on_result: Callable[[Wanted, RunResult], Awaitable[None]],
        on_faults: Callable[[Sequence[Fault]], None],
        on_busy: Callable[[], None],
    ):
        self._threads = desk_state
        self.full, self.preview = desk_state.forks(name)
        self._on_result, self._on_faults, self._on_busy = on_result, on_faults, on_busy
        self.is_busy = False
        self.observations = Observations(has_matching_funds=True)
        self._wanted: Wanted | None = None

    @property
    def is_superseded(self) -> bool:
        """Whether other settings were asked for after the current run began."""
        return self._wanted is not None

    async def show(self, wanted: Wanted) -> None:
        """Compute the result of settings, or have the call that is computing do it next."""
        self._wanted = wanted
        if self.is_busy:
            self._on_busy()
            return
        self.is_busy = True
        try:
            while self._wanted is not None:
                latest, self._wanted = self._wanted, None
                await self._run_both(latest)
        finally:
            self.is_busy = False
            self._on_busy()

    async def _run_both(self, wanted: Wanted) -> None:
        """The preview, where all trials take long, then all trials, unless other settings are asked for by then."""
        for live in (self.preview, self.full) if self.preview and self._is_slow else (self.full,):
            try:
                await self._run_one(live, wanted)
            except FaultyInput as error:  # a mode that cannot compute with these terms
                self._on_faults(error.faults)
                return
            if self.is_superseded:
                return

    async def _run_one(self, live: IncrementalRun, wanted: Wanted) -> None:
        threads = self._threads.runs if live is self.full else self._threads.previews
        try:
            running = asyncio.get_running_loop().run_in_executor(threads, self.run, live, wanted.scenario)
            self._on_busy()  # while it computes
            result = await running
        except Superseded:
            return
        await self._on_result(wanted, result)

    @property
    def _is_slow(self) -> bool:
        return self.full.seconds > LONG

    def run(self, live: IncrementalRun, scenario: ScenarioModel) -> RunResult:
        """The result of a scenario; on the calling thread.

        Raises:
            Superseded: other settings were asked for meanwhile. A preview and a short run end all the same, or a moving
                slider would show nothing.
        """
        self._give_way(0, live.trials)
        is_long = live is self.full and self._is_slow
        return self.observations.run(live, scenario, self._give_way if is_long else None)

    def _give_way(self, done: int, trials: int) -> None:
        if self.is_superseded:
            raise Superseded
