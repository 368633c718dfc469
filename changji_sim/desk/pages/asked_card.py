"""What cards that answer on request have in common: a button, work in the background, an answer that is kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import panel_material_ui as pmui

from ...base.faults import FaultyInput
from ...kernel.simulate import Progress, simulate
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ..state.session import Session
from ..state.shared_results import says_the_same
from ..widgets.background import Job
from ..widgets.live_picture import PictureTheme
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, fault_list


def run_alone(scenario: ScenarioModel, trials: int, seed: int, progress: Progress) -> RunResult:
    """A run for an answer: on one thread, beside the runs that follow the sliders."""
    return RunResult(simulate(scenario, trials, seed, workers=1, progress=progress))


class AskedCard(ABC):
    """A card, ``view``, whose button works out an answer about the scenario of that moment; the session keeps both.

    Args:
        key: under which the session keeps the answer.
        above: margin above the button, pixels.
    """

    def __init__(self, session: Session, say: PictureTranslator, key: str, above: int):
        self.session, self.say, self._key = session, say, key
        self.job = Job(say)
        self.button = pmui.Button(
            label=say("计算", "Work out"), icon="calculate", size="small", variant="contained", margin=(above, 8)
        )
        self.button.on_click(self._pressed)
        self.view: Any = None
        self._note = safe_html("", margin=(0, 8))

    @abstractmethod
    def refresh(self) -> None:
        """The settings may be new: an answer about others is marked."""

    def set_theme(self, theme: PictureTheme) -> None:  # noqa: B027  # a card need not have a picture
        """Show its picture, if it has one, larger or on a dark page."""

    @abstractmethod
    def work(self, scenario: ScenarioModel) -> Callable[[Progress], Any]:
        """What is to be done in the background about a scenario, by what the reader has chosen now."""

    @abstractmethod
    def show(self) -> None:
        """Put the kept answer on the card."""

    @property
    def kept(self) -> tuple[ScenarioModel, Any] | None:
        """The last answer and the scenario it is about; None before there is one."""
        found: tuple[ScenarioModel, Any] | None = self.session.memory.get(self._key)
        return found

    @property
    def is_stale(self) -> bool:
        """Whether the answer is about other settings than those of now."""
        return self.kept is not None and not says_the_same(self.kept[0], self.session.scenario)

    async def _pressed(self, _: Any) -> None:
        if self.job.is_running:
            return
        scenario = self.session.scenario
        self.button.disabled = True
        try:
            found = await self.job.run(self.work(scenario), self.say("正在计算……", "working it out…"))
        except FaultyInput as error:
            self._note.object = fault_list(error.faults, self.say)
            return
        finally:
            self.button.disabled = False
        if found is not None:
            self.session.memory[self._key] = scenario, found
        self.show()
