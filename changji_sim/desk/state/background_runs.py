"""Runs in the background: of the settings asked for meanwhile only the last count."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from ...base.faults import Fault, FaultyInput
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from .desk_state import DeskState, FileRuns
from .observations import ALL, Observations
from .settings import Settings
from .shared_runs import SharedRuns

FEW = 4  # items drawn anew, up to which all trials take little longer than a preview


class Wanted(NamedTuple):
    """Settings whose result is asked for, and the scenario they make."""

    settings: Settings
    scenario: ScenarioModel


class Superseded(Exception):
    """Other settings were asked for while a run was under way."""


class BackgroundRuns:
    """The runs of one session: where all trials take long, a preview of the first trials comes before.

    Args:
        desk_state: has the threads and, of each scenario's file, the runs to go on from; of a file that only this
            session has, those of the scenario ``name``.
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
        self._state, self._name = desk_state, name
        self._on_result, self._on_faults, self._on_busy = on_result, on_faults, on_busy
        self.is_busy = False
        self.observations = Observations(has_matching_funds=True)
        self._wanted: Wanted | None = None
        self._is_slow = True  # whether the last run of all trials did much: its time would say how busy all are

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

    def ask(self, wanted: Wanted) -> None:
        """Have the call that is computing do this next."""
        self._wanted = wanted

    def look(self, wanted: Wanted) -> RunResult:
        """The result of the first trials, or of all where they are few, with all observations; at once.

        Raises:
            FaultyInput: these settings cannot be.
        """
        runs = self._state.runs_of(self._file_of(wanted))
        shared, threads = (runs.preview, self._state.previews) if runs.preview else (runs.full, self._state.runs)
        return threads.submit(lambda: ALL.run(shared.nearest(wanted.settings, self), wanted.scenario)).result()

    def _file_of(self, wanted: Wanted) -> str:
        name = wanted.settings.scenario
        return name if name in self._state.known else self._name

    async def _runs_of(self, wanted: Wanted) -> FileRuns:
        """The runs to go on from. Those of a file that nobody opened yet are made on the thread of long runs."""
        name = self._file_of(wanted)
        if (known := self._state.known_runs(name)) is not None:
            return known
        making = asyncio.get_running_loop().run_in_executor(self._state.runs, self._state.runs_of, name)
        self._on_busy()
        return await making

    async def _run_both(self, wanted: Wanted) -> None:
        """The preview, where all trials take long, then all trials, unless other settings are asked for by then."""
        try:
            runs = await self._runs_of(wanted)
            for shared in (runs.preview, runs.full) if runs.preview and self._is_slow else (runs.full,):
                if self.is_superseded:
                    return
                await self._run_one(shared, wanted, is_whole=shared is runs.full)
        except FaultyInput as error:  # a mode that cannot compute with these terms
            self._on_faults(error.faults)

    async def _run_one(self, shared: SharedRuns, wanted: Wanted, is_whole: bool) -> None:
        threads = self._state.runs if is_whole else self._state.previews
        try:
            running = asyncio.get_running_loop().run_in_executor(threads, self.run, shared, wanted, is_whole)
            self._on_busy()  # while it computes
            result = await running
        except Superseded:
            return
        await self._on_result(wanted, result)

    def run(self, shared: SharedRuns, wanted: Wanted, is_whole: bool) -> RunResult:
        """The result of settings; on the thread of such runs.

        Raises:
            Superseded: other settings were asked for meanwhile. A preview and a short run end all the same, or a moving
                slider would show nothing.
        """
        self._give_way(0, 0)
        live = shared.nearest(wanted.settings, self)
        if is_whole and not live.has_books:
            self._let_preview_go(wanted)
        result = self.observations.run(live, wanted.scenario, self._give_way if is_whole and self._is_slow else None)
        if is_whole:
            self._is_slow = not live.is_by_cells or len(live.redrawn_items) > FEW
        if is_whole and not self._is_slow:
            self._let_preview_go(wanted)
        return result

    def _let_preview_go(self, wanted: Wanted) -> None:
        """Let go of the books of the preview, a tenth of all, until one is wanted again."""
        known = self._state.known_runs(self._file_of(wanted))
        if known is not None and known.preview:
            self._state.previews.submit(known.preview.let_go, self)

    def _give_way(self, done: int, trials: int) -> None:
        if self.is_superseded:
            raise Superseded
