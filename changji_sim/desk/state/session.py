"""One person at the desk: the settings, the futures kept warm, and the result of them. It knows no widgets."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...adjustable import Adjustable, Kept, adjustables, reform_of
from ...base.faults import Fault, FaultyInput
from ...base.messages import message
from ...kernel.calendar import is_used_in_order
from ...kernel.simulate import Progress
from ...results.exhaustion import limits_recorded
from ...results.matching_funds import recorded_sums
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...scenario_file.draft import Draft, with_changes
from ...scenario_file.load import find_scenario
from ...whatif.incremental import IncrementalRun
from .settings import History, Settings
from .shared_results import Results

PREVIEW_TRIALS = (
    1_000  # trials that a moving slider shows until all are there, where all take long: the first of the same futures
)
LONG = 0.3  # seconds
Shown = Callable[[RunResult], Awaitable[None]]


@dataclass(frozen=True)
class DeskState:
    """What a desk was started with, the same for everybody: scenarios by name, trials, seed."""

    paths: Mapping[str, Path]
    trials: int = 10_000
    seed: int = 0
    workers: int | None = None
    plugins_dir: Path | None = None
    save_folder: Path | None = None  # where scenarios may be saved; None: nowhere
    saved: dict[str, Path] = field(default_factory=dict)  # scenarios saved since then
    drafts: dict[str, Draft] = field(default_factory=dict)
    results: Results = field(default_factory=Results)
    _first: dict[str, tuple[Draft, IncrementalRun, IncrementalRun | None, RunResult]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    runs: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "run"))  # each has all cores: one by one
    first_looks: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "look"))  # wait for no long run

    @property
    def known(self) -> dict[str, Path]:
        """Every scenario there is to choose from, by name."""
        return {**self.paths, **self.saved}

    def draft(self, name: str) -> Draft:
        """A scenario's file, read again only if it, or one it names, has changed; a draft keeps what it was.

        Raises:
            FaultyInput: the file is at fault, and never was anything else.
        """
        kept = self.drafts.get(name)
        if kept is None or not kept.is_current:
            try:
                self.drafts[name] = Draft(self.known[name], self.plugins_dir)
            except FaultyInput:
                if kept is None:
                    raise
        return self.drafts[name]

    def first_result(self, name: str, progress: Progress | None = None) -> RunResult:
        """The result of a scenario as its file has it, worked out once for everybody."""
        return self._run_once(name, progress)[2]

    def lives(self, name: str) -> tuple[IncrementalRun, IncrementalRun | None]:
        """Futures to turn things on, and the first few of them to look at meanwhile (None where there are few anyway).

        What the file's own have in common with them is kept once for everybody.
        """
        live, few, _ = self._run_once(name)
        return live.fork(), few.fork() if few else None

    def _run_once(
        self, name: str, progress: Progress | None = None
    ) -> tuple[IncrementalRun, IncrementalRun | None, RunResult]:
        with self._lock:
            draft = self.draft(name)
            if name not in self._first or self._first[name][0] is not draft:
                live = IncrementalRun(draft.original, self.trials, self.seed, self.workers)
                result = live.run(progress=progress, calendar_of=used_in_order(live.scenario), has_matching_funds=True)
                few = (
                    IncrementalRun(draft.original, PREVIEW_TRIALS, self.seed, self.workers)
                    if self.trials >= 2 * PREVIEW_TRIALS
                    else None
                )
                if few:
                    few.run(calendar_of=used_in_order(few.scenario), has_matching_funds=True)
                self._first[name] = draft, live, few, result
            return self._first[name][1:]


def desk_state_from(
    names: Sequence[str | os.PathLike[str]],
    trials: int = 10_000,
    seed: int = 0,
    plugins_dir: str | os.PathLike[str] | None = None,
    save_folder: str | os.PathLike[str] | None = None,
) -> DeskState:
    """Scenarios to be opened, by files or by names of those that ship; each is known by its file's name.

    Raises:
        FaultyInput: every fault of every file; two files of one name; no folder to save to.
    """
    paths: dict[str, Path] = {}
    faults: list[Fault] = []
    desk_state = DeskState(
        paths, trials, seed,
        plugins_dir=Path(plugins_dir) if plugins_dir else None, save_folder=Path(save_folder) if save_folder else None,
    )  # fmt: skip
    if desk_state.save_folder and not desk_state.save_folder.is_dir():
        faults.append(Fault(str(desk_state.save_folder), message("there is no such folder to save to")))
    for name in names:
        try:
            path = find_scenario(name)
            if path.stem in paths:
                what = message("there is a scenario '{name}' among those given already", name=path.stem)
                raise FaultyInput([Fault(str(path), what)])
            paths[path.stem] = path
            desk_state.draft(path.stem)
        except FaultyInput as error:
            faults += error.faults
    if faults:
        raise FaultyInput(faults)
    return desk_state


class Superseded(Exception):
    """Other settings are wanted by now."""


class Session:
    """Settings in, results out; the last settings win.

    ``result`` is that of ``settings`` unless ``is_busy``: while a slider moves it is that of the first few futures, and
    says so by its ``trial_count``. Faults of settings that cannot be are in ``faults``; settings and result stay what
    they were, also where only a run shows that they cannot be.
    """

    def __init__(self, desk_state: DeskState, settings: Settings | None = None):
        self.desk_state = desk_state
        self._drafts: dict[str, Draft] = {}  # as this session met them, whatever others save meanwhile
        self.memory: dict[str, Any] = {}  # what pages keep when they are built anew in another language
        first = settings or Settings(next(iter(desk_state.paths)))
        self.history = History(first)
        self.faults: list[Fault] = []
        self.is_reforming = bool(first.reform)
        self.is_busy = False
        self.scenario = self.scenario_of(first)
        self._live, self._preview = desk_state.lives(first.scenario)
        self.result: RunResult | None = None
        self._shown = first  # settings of the result
        self._wanted: Settings | None = None
        self.on_result: Shown | None = None
        self.on_state: Callable[[], None] | None = None
        self._turnable: tuple[ScenarioModel, Settings, list[Adjustable]] | None = None
        self._turnable_items: dict[Draft, Kept] = {}
        self.is_matching_funds_open = True  # whether anybody looks at what stands beside the fund's money
        self.is_calendar_open = False  # whether anybody looks at the days on which limits are used up

    @property
    def settings(self) -> Settings:
        return self.history.now

    @property
    def is_current(self) -> bool:
        """Whether the result is one of the settings there are now."""
        return self._shown == self.settings

    @property
    def draft(self) -> Draft:
        return self.draft_of(self.settings.scenario)

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios this session can go to."""
        return tuple(dict.fromkeys([*self.desk_state.known, *self._drafts]))

    def draft_of(self, name: str) -> Draft:
        """The file of a scenario as it was when this session first met it."""
        if name not in self._drafts:
            self._drafts[name] = self.desk_state.draft(name)
        return self._drafts[name]

    def register(self, name: str, draft: Draft) -> None:
        """A scenario that came by file, or was saved: this session knows it now, under a name of its own or anew."""
        self._drafts[name] = draft

    def scenario_of(self, settings: Settings) -> ScenarioModel:
        """The scenario that settings make.

        Raises:
            FaultyInput: they make none.
        """
        draft = self.draft_of(settings.scenario)
        return draft.scenario(settings.changes, reform_of(settings.reform, draft.law))

    def adjustables(self) -> list[Adjustable]:
        """Everything that can be turned, with its value now; worked out once for the same settings."""
        if not (self._turnable and self._turnable[0] is self.scenario and self._turnable[1] is self.settings):
            draft = self.draft
            kept = self._turnable_items.setdefault(draft, {})
            data = with_changes(draft.data, self.settings.changes)
            self._turnable = self.scenario, self.settings, adjustables(draft, self.scenario, data, kept)
        return self._turnable[2]

    def refresh(self, control: Any, by_key: Mapping[str, Adjustable]) -> None:
        """Give a control the state of its thing as it is now; one that is gone stays as it was."""
        one = by_key.get(control.adjustable.key)
        if one is not None:
            is_beyond = (one.group, one.law_term) in self.settings.reform
            control.refresh(one, self.settings.has(one), is_beyond, self.is_reforming)

    # --- changes ----------------------------------------------------------------------------------------------------

    async def turn(self, adjustable: Adjustable, value: Any) -> None:
        """Set one thing and show what follows."""
        await self.change(self.settings.with_value(adjustable, value, self.is_reforming), adjustable.key)

    async def change(self, settings: Settings, key: str = "") -> None:
        """Take new settings, unless they are at fault; then `faults` says why and everything stays."""
        try:
            scenario = self.scenario_of(settings)
        except FaultyInput as error:
            self.faults = list(error.faults)
            self._tell()
            return
        self.history.record(settings, key, time.monotonic())
        self.scenario, self.faults = scenario, []
        await self.show(settings)

    async def reset(self, adjustable: Adjustable) -> None:
        """One thing as the scenario's file has it."""
        await self.change(self.settings.without(adjustable), f"reset {adjustable.key}")

    async def try_reform(self, is_on: bool) -> None:
        """Let sliders go beyond the law, or take back what went beyond it."""
        self.is_reforming = is_on
        if not is_on and self.settings.reform:
            await self.change(replace(self.settings, reform={}), "reform")
        else:
            self._tell()

    async def undo(self) -> None:
        await self._go(self.history.undo())

    async def redo(self) -> None:
        await self._go(self.history.redo())

    async def replay(self, pause: float = 1.0) -> None:
        """Show the state before the last change once more, then the state after it."""
        if last := self.history.last_change:
            before, after = last
            await self.show(before)
            await asyncio.sleep(pause)
            if self.settings is after:  # or somebody went on meanwhile
                await self.show(after)

    async def _go(self, settings: Settings) -> None:
        self.scenario, self.faults = self.scenario_of(settings), []
        await self.show(settings)

    async def show(self, settings: Settings) -> None:
        """Compute in the background and hand over the result; of settings that come meanwhile only the last counts."""
        self._wanted = settings
        if self.is_busy:
            self._tell()
            return
        self.is_busy = True
        try:
            while self._wanted is not None:
                wanted, self._wanted = self._wanted, None
                await self._show_all(wanted)
        finally:
            self.is_busy = False
            self._tell()

    async def _show_all(self, wanted: Settings) -> None:
        """Of the first few futures, where all take long, then of all, unless other settings are wanted by then."""
        for live in (self._preview, self._live) if self._preview and self._is_slow else (self._live,):
            try:
                await self._work(live, wanted)
            except FaultyInput as error:  # a mode that cannot compute with these terms
                self._refuse(list(error.faults))
                return
            if self._wanted is not None:
                return

    def _refuse(self, faults: list[Fault]) -> None:
        """Settings turned out to be at fault: those of the result that stands hold, unless others came meanwhile."""
        if self._wanted is None:
            self.faults = faults
            self.history.refuse(self._shown)
            self.scenario = self.scenario_of(self._shown)

    async def _work(self, live: IncrementalRun, wanted: Settings) -> None:
        """One run on a thread, handed over unless other settings are wanted by then."""
        try:
            loop = asyncio.get_running_loop()
            turns = self.desk_state.runs if live is self._live else self.desk_state.first_looks
            running = loop.run_in_executor(turns, self._run, live, self.scenario_of(wanted))
            self._tell()  # while it works
            result = await running
        except Superseded:
            return
        self.result, self._shown = result, wanted
        if self.on_result:
            await self.on_result(result)

    @property
    def _is_slow(self) -> bool:
        """Whether all trials take so long that a first look comes before, and newer settings end them."""
        return self._live.seconds > LONG

    def _give_way(self, done: int, trials: int) -> None:
        if self._wanted is not None:
            raise Superseded

    def first_result(self) -> RunResult:
        """The result of the settings the desk begins with."""
        if self.settings.is_changed:
            self.result = self._live.run(
                self.scenario, calendar_of=used_in_order(self.scenario), has_matching_funds=True
            )
        else:
            self.result = self.desk_state.first_result(self.settings.scenario)
        return self.result

    def _run(self, live: IncrementalRun, scenario: ScenarioModel) -> RunResult:
        items = used_in_order(scenario) if self.is_calendar_open else ()
        self._give_way(0, live.trials)
        # Others end, or a moving hand would see nothing.
        progress = self._give_way if live is self._live and self._is_slow else None
        return live.run(scenario, progress, calendar_of=items, has_matching_funds=self.is_matching_funds_open)

    def has_all(self, result: RunResult) -> bool:
        """Whether a result has what the page that is open shows besides the ledger's sums."""
        has_days = set(used_in_order(result.scenario)) <= set(limits_recorded(result))
        return (has_days or not self.is_calendar_open) and (
            recorded_sums(result) is not None or not self.is_matching_funds_open
        )

    def _tell(self) -> None:
        if self.on_state:
            self.on_state()


def used_in_order(scenario: ScenarioModel) -> list[str]:
    """Items with a cap that submission order uses up."""
    caps_of = {item.key: [cap for caps in item.caps.values() for cap in caps] for item in scenario.items}
    return [key for key, caps in caps_of.items() if any(map(is_used_in_order, caps))]
