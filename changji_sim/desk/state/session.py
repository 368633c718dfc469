"""One user's session at the desk: settings, and the result of them. No widgets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from ...adjustable import Adjustable
from ...base.faults import Fault, FaultyInput
from ...base.messages import message
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...scenario_file.draft import Draft
from .address import FILE, SCENARIO, Query, brought_file, query_of, settings_in
from .background_runs import BackgroundRuns, Wanted
from .desk_state import DeskState
from .refused_value import refused_value
from .session_files import SessionFiles
from .session_parameters import SessionParameters
from .settings import History, Settings

Shown = Callable[[RunResult], Awaitable[None]]
NO_SETTINGS = Fault("", message("the settings in the address will not do: the desk opens without them"))


class Session:
    """Computes the result of the user's settings; of settings asked for meanwhile only the last count.

    ``result`` is that of ``settings`` unless ``runs.is_busy``: while a slider moves it is the preview of the first
    trials, as its ``trial_count`` says. Faults of settings that cannot be are in ``faults``; settings and result stay
    what they were, also where only a run shows that they cannot be.
    """

    def __init__(
        self, desk_state: DeskState, settings: Settings | None = None, brought: Mapping[str, Draft] | None = None
    ):
        """``brought`` are files of the user's, by the names the settings give them."""
        self.desk_state = desk_state
        self.trials, self.seed, self.save_folder = desk_state.trials, desk_state.seed, desk_state.save_folder
        self.files = SessionFiles(desk_state)
        self.memory: dict[str, Any] = {}  # what pages keep when they are built anew in another language
        for name, draft in (brought or {}).items():
            self.files.bring(name, draft)
        first = settings or Settings(next(iter(desk_state.paths)))
        self.history = History(first)
        self.faults: list[Fault] = []
        self.refused = ""  # the key of the parameter that was to be set when the faults were found
        self.announced: tuple[Sequence[Fault], object] = (self.faults, None)  # and the control that announces them
        self.is_reforming = bool(first.reform)
        self.scenario = self.files.scenario(first)
        of_file = first.scenario if first.scenario in self.files.shared else next(iter(desk_state.paths))
        self.runs = BackgroundRuns(desk_state, of_file, self._took, self._refuse, self._tell)
        self.result: RunResult | None = None
        original = Settings(next(iter(desk_state.paths)))
        self._of_file = Wanted(original, self.files.draft(original.scenario).original)
        self._shown = Wanted(first, self.scenario)  # what the result is of; until there is one, what it begins with
        self.on_result: Shown | None = None
        self.on_state: Callable[[], None] | None = None
        self.parameters = SessionParameters()

    @property
    def settings(self) -> Settings:
        return self.history.now

    @property
    def is_current(self) -> bool:
        """Whether the result is that of the settings now."""
        return self.result is not None and self._shown.settings == self.settings

    @property
    def draft(self) -> Draft:
        """The file of the scenario that is shown."""
        return self.files.draft(self.settings.scenario)

    def adjustables(self) -> list[Adjustable]:
        """The adjustable parameters with their values now."""
        return self.parameters.of(self.draft, self.scenario, self.settings)

    def query(self) -> dict[str, str] | None:
        """The settings as the parts of an address; None where they are more than one carries."""
        query = query_of(self.settings, self.parameters.in_file(self.draft), next(iter(self.desk_state.paths)))
        digest = self.files.digests.get(self.settings.scenario)
        return query if query is None or digest is None else {FILE: digest, SCENARIO: self.settings.scenario} | query

    # --- changes ------------------------------------------------------------------------------------------------------

    async def set_value(self, adjustable: Adjustable, value: Any) -> None:
        """Set one parameter and compute the result. The doubt about it (its range) goes in proportion with the number
        from the file's: from the last one it would drift, and be lost at 0.
        """
        refused = refused_value(adjustable, value, self.scenario, self.is_reforming)
        if refused is not None:
            self.faults, self.refused = [refused], adjustable.key
            self._tell()
            return
        in_file = self.parameters.in_file(self.draft).get(adjustable.key, adjustable)
        await self.change(self.settings.with_value(in_file, value, self.is_reforming), adjustable.key)

    async def change(self, settings: Settings, key: str = "") -> None:
        """Take new settings, unless they are at fault: then `faults` says why and everything stays.

        ``key`` names what was changed: moves of one slider that follow each other closely are one step of undo.
        """
        try:
            scenario = self.files.scenario(settings)
        except FaultyInput as error:
            self.faults, self.refused = list(error.faults), key
            self._tell()
            return
        self.history.record(settings, key, time.monotonic())
        await self._go_on(settings, scenario)

    async def reset(self, adjustable: Adjustable) -> None:
        """Set one parameter as the scenario's file has it."""
        await self.change(self.parameters.without(self.draft, self.settings, adjustable), f"reset {adjustable.key}")

    async def try_reform(self, is_on: bool) -> None:
        """Let sliders go beyond the law, or take back what went beyond it."""
        self.is_reforming = is_on
        if not is_on and self.settings.reform:
            await self.change(self.settings.without_reform(), "reform")
        else:
            self._tell()

    async def undo(self) -> None:
        await self._restore(self.history.undo())

    async def redo(self) -> None:
        await self._restore(self.history.redo())

    async def replay(self, pause: float = 1.0) -> None:
        """Show the state before the last change once more, then the state after it."""
        if last := self.history.last_change:
            before, after = last
            await self.show(before, self.files.scenario(before))
            await asyncio.sleep(pause)
            if self.settings is after:  # else there were changes meanwhile
                await self.show(after, self.scenario)

    async def _restore(self, settings: Settings) -> None:
        try:
            scenario = self.files.scenario(settings)
        except FaultyInput as error:  # a step that was kept over a reload, of a file that has changed
            self.history.refuse(self._shown.settings)
            self.scenario, self.faults, self.refused = self._shown.scenario, list(error.faults), ""
            if self.runs.is_busy:  # at settings that are given up now
                self.runs.ask(self._shown)
            self._tell()
            return
        await self._go_on(settings, scenario)

    async def _go_on(self, settings: Settings, scenario: ScenarioModel) -> None:
        self.scenario, self.faults, self.refused = scenario, [], ""
        await self.show(settings, scenario)

    # --- results ------------------------------------------------------------------------------------------------------

    async def show(self, settings: Settings, scenario: ScenarioModel) -> None:
        """Compute the result of settings in the background and hand it over."""
        await self.runs.show(Wanted(settings, scenario))

    def first_result(self, is_waited_for: bool = True) -> RunResult | None:
        """The result of the settings the session begins with, of changed ones a preview.

        Args:
            is_waited_for: else only a result that is there already is taken; where there is none, `show` computes it.

        Raises:
            FaultyInput: the run shows that these settings cannot be.
        """
        wanted, name = Wanted(self.settings, self.scenario), self.settings.scenario
        is_of_file = not self.settings.is_changed and name in self.files.shared
        if not is_waited_for:
            self.result = self.desk_state.known_result(name) if is_of_file else None
        else:
            self.result = self.desk_state.first_result(name) if is_of_file else self.runs.look(wanted)
        if self.result is not None:
            self._shown = wanted
        return self.result

    async def _took(self, wanted: Wanted, result: RunResult) -> None:
        self.result, self._shown = result, wanted
        if not wanted.settings.is_changed and result.trial_count == self.trials:
            self.files.results[wanted.settings.scenario] = result
        if self.on_result:
            await self.on_result(result)

    def _refuse(self, faults: Sequence[Fault]) -> None:
        """Go back to the settings of the result that is shown, unless others were asked for meanwhile; where there is
        none yet, to those the session began with, and from these to those of the file.
        """
        if self.runs.is_superseded:
            return
        refused, is_first = self.settings, False
        if self.result is None and refused == self._shown.settings:
            is_first = refused != self._of_file.settings
            self._shown = self._of_file
            self.is_reforming = False
        self.faults, self.refused = [*([NO_SETTINGS] if is_first else []), *faults], ""
        self.history.refuse(self._shown.settings)
        self.scenario = self._shown.scenario
        if self.result is None and refused != self.settings:
            self.runs.ask(self._shown)

    def _tell(self) -> None:
        self.is_reforming = self.is_reforming or bool(self.settings.reform)  # undo may bring one back
        if self.on_state:
            self.on_state()


def restore_steps(session: Session, text: str) -> None:
    """Take back the steps of undo that a browser kept over a reload."""
    if session.history.restore(text, dict.fromkeys(session.files.names)) and session.on_state:
        session.on_state()


def faults_beside(session: Session) -> str:
    """The key of the parameter whose control says the faults; empty where the page does."""
    is_there = bool(session.faults) and any(one.key == session.refused for one in session.adjustables())
    return session.refused if is_there else ""


def dismiss_refusal(session: Session) -> None:
    """What was refused is not wanted any more, or its control goes: its faults need not be said."""
    if session.refused:
        session.faults, session.refused = [], ""
        if session.on_state:
            session.on_state()


async def return_to(session: Session, query: Query) -> None:
    """Take the settings of an address that the browser's history goes to: a step of undo or redo where they are that,
    else a change, which can be undone.
    """
    history = session.history
    try:
        brought = brought_file(query, session.desk_state)
        settings = settings_in(query, session.desk_state) or Settings(next(iter(session.desk_state.paths)))
    except FaultyInput as error:  # of a file that is not here any more
        session.faults, session.refused = list(error.faults), ""
        if session.on_state:
            session.on_state()
        return
    is_another = [session.files.take_back(name, draft, query[FILE]) for name, draft in brought.items()]
    if history.before and settings == history.before[-1]:
        await session.undo()
    elif history.after and settings == history.after[-1]:
        await session.redo()
    elif settings != session.settings or any(is_another):
        await session.change(settings)
