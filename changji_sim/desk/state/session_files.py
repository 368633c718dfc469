"""The scenario files of one session: those of the desk as the session first read them, and those it was given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ...adjustable import reform_of
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...scenario_file.draft import Draft
from .desk_state import DeskState
from .observations import ALL
from .settings import Settings


class SessionFiles:
    """Drafts by the scenario's name. What other sessions save meanwhile does not change a draft read before."""

    def __init__(self, desk_state: DeskState):
        self._desk_state = desk_state
        self._drafts: dict[str, Draft] = {}
        self.results: dict[str, RunResult] = {}  # of files shown unchanged, by the scenario's name
        self.digests: dict[str, str] = {}  # of the files this session brought, by the scenario's name

    @property
    def shared(self) -> Mapping[str, Path]:
        """The files that all sessions can open, by name; a link can name these alone."""
        return self._desk_state.known

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios this session can open."""
        return tuple(dict.fromkeys([*self.shared, *self._drafts]))

    def draft(self, name: str) -> Draft:
        """The file of a scenario as it was when this session first read it.

        Raises:
            FaultyInput: the file is at fault.
        """
        if name not in self._drafts:
            self._drafts[name] = self._desk_state.draft(name)
        return self._drafts[name]

    def register(self, name: str, draft: Draft) -> None:
        """Register a scenario that was uploaded or saved, under a name of its own or in place of an earlier one."""
        self._drafts[name] = draft
        self.results.pop(name, None)

    def bring(self, name: str, draft: Draft) -> None:
        """Register a file that the user brought; the desk keeps it for the address of the page."""
        self.register(name, draft)
        self.digests[name] = self._desk_state.keep_brought(draft)

    def take_back(self, name: str, draft: Draft, digest: str) -> bool:
        """Register a file that was brought before this session or under the name of another; says whether it was."""
        if self.digests.get(name) == digest:
            return False
        self.bring(name, draft)
        return True

    def scenario(self, settings: Settings) -> ScenarioModel:
        """The scenario that settings make.

        Raises:
            FaultyInput: they make none.
        """
        draft = self.draft(settings.scenario)
        return draft.scenario(settings.changes, reform_of(settings.reform, draft.law))

    def first_result(self, name: str) -> RunResult | None:
        """The result of a scenario as its file has it, with all observations; None for one that was uploaded and not
        shown unchanged yet.
        """
        if name in self.shared:
            return self._desk_state.first_result(name)
        found = self.results.get(name)
        return found if found is not None and ALL.are_in(found) else None
