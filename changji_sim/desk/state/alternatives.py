"""The scenarios that can be compared on the page of scenarios, and their results. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ...adjustable import reform_of
from ...base.faults import Fault, FaultyInput
from ...kernel.simulate import Progress, simulate
from ...measure import Reform, load_reform, reform_names
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...views import PictureTranslator
from ...whatif.marginal_costs import joined
from .session import Session
from .settings import Settings
from .shared_results import says_the_same

MOST = 4  # beside each other
NOW = "now"


@cache
def _shipped(name: str) -> Reform:
    """A reform that came with the program, read once."""
    return load_reform(name)


@dataclass(frozen=True)
class Alternative:
    """One that can be compared. ``reform`` is the name of one that ships, added to the settings."""

    key: str
    title: str
    settings: Settings
    reform: str = ""


@dataclass
class Alternatives:
    """Those of one session, and which of them are chosen; the others are compared with the first chosen."""

    session: Session
    chosen: list[str] = field(default_factory=list)
    kept: list[Settings] = field(default_factory=list)  # settings put aside
    now: RunResult | None = None
    faults: dict[str, list[Fault]] = field(default_factory=dict)  # of those that cannot be computed
    _failed: dict[str, ScenarioModel] = field(default_factory=dict)  # those whose run showed it

    @classmethod
    def of(cls, session: Session) -> Alternatives:
        """The alternatives of a session; they are kept when a page is closed."""
        there = session.memory.get("alternatives")
        if there is None:
            there = session.memory["alternatives"] = cls(session, [f"scenario:{session.settings.scenario}", NOW])
        there.meet(session.result)
        return there

    def meet(self, result: RunResult | None) -> None:
        """Take the result of the current settings; a preview is left out."""
        if result is not None and result is not self.now and self.is_whole(result):
            self.now = result
            self.session.desk_state.results.keep(result)

    def is_whole(self, result: RunResult) -> bool:
        """Whether it is of all trials: only such results are compared."""
        return result.trial_count == self.session.trials

    def keep(self) -> str:
        """Keep the current settings for comparison; gives their key."""
        settings = self.session.settings
        if settings not in self.kept:
            self.kept.append(settings)
        return f"kept:{self.kept.index(settings)}"

    def offered(self, say: PictureTranslator) -> dict[str, Alternative]:
        """All there is to choose from, by key: the current settings, scenarios, settings put aside, reforms."""
        now = self.session.settings
        found = [Alternative(NOW, say("当前设置", "current settings"), now)]
        for name in self.session.files.names:
            found.append(Alternative(f"scenario:{name}", self.title(name, say), Settings(name)))
        for number, settings in enumerate(self.kept):
            title = f"{say('留存', 'kept ')}{number + 1} · {self.title(settings.scenario, say)}"
            found.append(Alternative(f"kept:{number}", title, settings))
        for name in reform_names():
            reform = _shipped(name)
            title = say(f"当前＋办法调整方案：{reform.title}", f"current + reform: {reform.title_en}")
            found.append(Alternative(f"reform:{name}", title, now, name))
        return {one.key: one for one in found}

    def title(self, name: str, say: PictureTranslator) -> str:
        """A scenario's title; with its name where another has the same."""
        titles = [
            say(s.title, s.title_en or s.name) for s in map(self._original, self.session.files.names) if s is not None
        ]
        scenario = self._original(name)
        if scenario is None:
            return name
        title = say(scenario.title, scenario.title_en or scenario.name)
        return title if titles.count(title) == 1 else say(f"{title}（{name}）", f"{title} ({name})")

    def _original(self, name: str) -> ScenarioModel | None:
        try:
            return self.session.files.draft(name).original
        except FaultyInput as error:
            self.faults[f"scenario:{name}"] = list(error.faults)
            return None

    # --- results ------------------------------------------------------------------------------------------------------

    def scenario_of(self, one: Alternative) -> ScenarioModel | None:
        """The scenario it makes; None, with `faults`, where it makes none."""
        try:
            draft = self.session.files.draft(one.settings.scenario)
            reform = reform_of(one.settings.reform, draft.law)
            if one.reform:
                reform = joined(reform, load_reform(one.reform, draft.law))
            scenario = draft.scenario(one.settings.changes, reform)
        except FaultyInput as error:
            self.faults[one.key] = list(error.faults)
            return None
        failed = self._failed.get(one.key)
        if failed is None or not says_the_same(failed, scenario):
            self.faults.pop(one.key, None)
        return scenario

    def result(self, one: Alternative) -> RunResult | None:
        """The result, if it is there."""
        if one.key == NOW:
            return self.now
        scenario = self.scenario_of(one)
        return None if scenario is None else self.session.desk_state.results.of(scenario)

    def missing(self, every: Sequence[Alternative]) -> list[Alternative]:
        """Those whose results have still to be computed; the session computes that of the current settings."""
        others = [one for one in every if one.key != NOW]
        return [one for one in others if self.result(one) is None and one.key not in self.faults]

    def work_out(self, one: Alternative, progress: Progress) -> Any:
        """Run one, on the futures of the session; for any thread."""
        desk_state, scenario = self.session.desk_state, self.scenario_of(one)
        if scenario is None:
            return None
        try:
            result = RunResult(simulate(scenario, desk_state.trials, desk_state.seed, 1, progress=progress))
        except FaultyInput as error:  # a mode that cannot compute with these terms
            self.faults[one.key], self._failed[one.key] = list(error.faults), scenario
            return None
        assert result.table  # computed here, not where the page waits for it
        desk_state.results.keep(result)
        return result
