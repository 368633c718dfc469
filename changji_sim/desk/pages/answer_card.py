"""One question on the page of answers: what is asked, the sentence that answers it, the picture below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from ...base.faults import FaultyInput
from ...base.messages import Message
from ...kernel.simulate import Progress
from ...scenario.model import ScenarioModel
from ...views.drawing import Drawing
from ..state.session import Session
from ..state.shared_results import says_the_same
from ..widgets.background import Job
from ..widgets.card_tools import HandOnTools
from ..widgets.live_picture import LivePicture, PictureTheme
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, fault_list, html
from .scenario_cards import paper

MOST_TRIALS = 2_000  # of an answer on the desk: it takes dozens of runs, and someone waits
Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A question that a card answers.

    Args:
        key: under which the session keeps the answer.
        work: the answer to a scenario, from what the reader chose, trials, seed and a progress to call.
        sentences: what is said of an answer.
        frame: its data to download.
        drawing: its picture, in a language; None where there is none.
        table: its table as HTML; empty where the picture says it all.
    """

    key: str
    title: tuple[str, str]
    work: Callable[[ScenarioModel, Asked, int, int, Progress], Any]
    sentences: Callable[[Any, ScenarioModel], Iterable[Message]]
    frame: Callable[[Any], pd.DataFrame]
    drawing: Callable[[Any, str], Drawing] | None = None
    table: Callable[[Any, ScenarioModel, PictureTranslator], str] = lambda found, scenario, say: ""


class AnswerCard:
    """A card with the button that answers its question in the background; the answer is kept.

    Args:
        choices: widgets by the names under which `Question.work` gets their values.
    """

    def __init__(self, question: Question, session: Session, say: PictureTranslator, choices: Mapping[str, Any]):
        self.question, self.session, self.say, self.choices = question, session, say, choices
        self._key = f"answer:{question.key}"
        self.job = Job(say)
        self.button = pmui.Button(
            label=say("计算", "Work out"), icon="calculate", size="small", variant="contained", margin=(12, 8)
        )
        self.button.on_click(self._pressed)
        tools = HandOnTools(question.key, say, lambda: self.frame)
        self.sentences, self._note = safe_html("", margin=(0, 8)), safe_html("", margin=(0, 8))
        self.table = safe_html("", margin=(0, 8))
        self.picture: LivePicture | None = None
        self._theme = PictureTheme()
        self._place = pn.Column(sizing_mode="stretch_width", margin=0)
        asked = pn.FlexBox(*choices.values(), self.button, align_items="center", margin=0)
        self.view = paper(
            say(*question.title), asked, self.job.view, self._note, self.sentences, self._place, self.table,
            beside=[tools],
        )  # fmt: skip
        self._show()

    @property
    def frame(self) -> pd.DataFrame | None:
        """The data of the answer; None before there is one."""
        kept = self.session.memory.get(self._key)
        return None if kept is None else self.question.frame(kept[1])

    def refresh(self) -> None:
        """The settings may be new: an answer about others is marked."""
        say, kept = self.say, self.session.memory.get(self._key)
        trials = f"{self.trials:,}"
        note = html(say(f"每次测算模拟{trials}次。", f"{trials} trials a run."))
        if kept is not None and not says_the_same(kept[0], self.session.scenario):
            stale = say("设置在计算之后改过，下面是改动之前的答案。",
                        "The settings have changed since: below is the answer before.")  # fmt: skip
            note += f' <b class="over">{html(stale)}</b>'
        self._note.object = f'<div class="about">{note}</div>'

    @property
    def trials(self) -> int:
        return min(self.session.trials, MOST_TRIALS)

    def set_theme(self, theme: PictureTheme) -> None:
        """Show its picture larger, or on a dark page."""
        self._theme = theme
        if self.picture is not None:
            self.picture.set_theme(theme)

    async def _pressed(self, _: Any) -> None:
        if self.job.is_running:
            return
        session, scenario = self.session, self.session.scenario
        asked = {name: widget.value for name, widget in self.choices.items()}
        self.button.disabled = True
        try:
            found = await self.job.run(
                lambda progress: self.question.work(scenario, asked, self.trials, session.seed, progress),
                self.say("正在计算……", "working it out…"),
            )
        except FaultyInput as error:
            self._note.object = fault_list(error.faults, self.say)
            return
        finally:
            self.button.disabled = False
        if found is not None:
            session.memory[self._key] = scenario, found
        self._show()

    def _show(self) -> None:
        """Put the kept answer on the card: its sentences, then its picture and its table."""
        self.refresh()
        kept = self.session.memory.get(self._key)
        if kept is None:
            return
        scenario, found = kept
        lines: Sequence[str] = [one.text(self.say.language) for one in self.question.sentences(found, scenario)]
        first = f'<p class="answer"><b>{html(lines[0])}</b></p>'
        self.sentences.object = first + "".join(f"<p>{html(line)}</p>" for line in lines[1:])
        self.table.object = self.question.table(found, scenario, self.say)
        if self.question.drawing is None:
            return
        drawing = self.question.drawing(found, self.say.language)
        if self.picture is None:
            self.picture = LivePicture(drawing)
            self.picture.set_theme(self._theme)
            self._place.objects = [self.picture.view]
        else:
            self.picture.show(drawing)
