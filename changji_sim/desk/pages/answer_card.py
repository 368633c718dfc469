"""One question on the page of answers: what is asked, the sentence that answers it, the picture below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import panel as pn

from ...base.messages import Message
from ...kernel.simulate import Progress
from ...scenario.model import ScenarioModel
from ...views.drawing import Drawing
from ..state.session import Session
from ..widgets.card_tools import HandOnTools, MadeFrom
from ..widgets.live_picture import PictureTheme
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, html
from .asked_card import AskedCard
from .scenario_cards import LaterPicture, paper, set_printed

MOST_TRIALS = 2_000  # of an answer on the desk: it takes dozens of runs, and someone waits
MOST_LINES = 5  # that are said besides the answer, before the others are folded away
Asked = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A question that a card answers.

    Args:
        key: under which the session keeps the answer.
        work: the answer to a scenario, from what the reader chose, trials, seed and a progress to call.
        sentences: what is said of an answer.
        frame: its data to download.
        drawing: its picture, of the scenario it is about, in a language; None, or gives it, where there is none.
        table: its table as HTML; empty where the picture says it all.
    """

    key: str
    title: tuple[str, str]
    work: Callable[[ScenarioModel, Asked, int, int, Progress], Any]
    sentences: Callable[[Any, ScenarioModel], Iterable[Message]]
    frame: Callable[[Any], pd.DataFrame]
    drawing: Callable[[Any, ScenarioModel, str], Drawing | None] | None = None
    table: Callable[[Any, ScenarioModel, PictureTranslator], str] = lambda found, scenario, say: ""


def trials_of_answers(session: Session) -> int:
    """How many trials each run of an answer has."""
    return min(session.trials, MOST_TRIALS)


class AnswerCard(AskedCard):
    """A card that answers its question: sentences, a picture and a table.

    Args:
        choices: widgets by the names under which `Question.work` gets their values.
        beside: what stands behind the button.
        together: names of choices that stay on one row, where the card has room for them.
    """

    def __init__(
        self,
        question: Question,
        session: Session,
        say: PictureTranslator,
        choices: Mapping[str, Any],
        beside: Sequence[Any] = (),
        together: Sequence[Sequence[str]] = (),
    ):
        super().__init__(session, say, f"answer:{question.key}", above=12)
        self.question, self.choices = question, choices
        made = None if question.drawing is None else self._made_from
        self.tools = HandOnTools(question.key, say, lambda: self.frame, made)
        self.sentences, self.table = safe_html("", margin=(0, 8)), safe_html("", margin=(0, 8))
        self.later = LaterPicture()
        asked = pn.FlexBox(*_in_rows(choices, together), self.button, *beside, align_items="center", margin=0)
        self.view = paper(
            say(*question.title), asked, self.job.view, self._note, self.sentences, self.later.place, self.table,
            beside=[self.tools],
        )  # fmt: skip
        self.show()

    @property
    def frame(self) -> pd.DataFrame | None:
        """The data of the answer; None before there is one."""
        return None if self.kept is None else self.question.frame(self.kept[1])

    def _made_from(self) -> MadeFrom | None:
        return None if self.kept is None else MadeFrom(self.kept[0], self.trials, self.session.seed)

    def refresh(self) -> None:
        """The settings may be new: an answer about others is marked."""
        stale = self.say("设置在计算之后改过，下面是改动之前的答案。",
                         "The settings have changed since: below is the answer before.")  # fmt: skip
        self._note.object = f'<div class="about"><b class="warn">{html(stale)}</b></div>' if self.is_stale else ""

    def _said(self, lines: Sequence[str]) -> str:
        """The answer, what is said besides, and folded away what would push the picture out of sight."""
        first, *others = (html(line) for line in lines)
        text = f'<p class="answer"><b>{first}</b></p>' + "".join(f"<p>{line}</p>" for line in others[:MOST_LINES])
        if rest := others[MOST_LINES:]:
            more = self.say(f"另有{len(rest)}句", f"{len(rest)} more sentences")
            text += f"<details><summary>{more}</summary>{''.join(f'<p>{line}</p>' for line in rest)}</details>"
        return text

    @property
    def trials(self) -> int:
        return trials_of_answers(self.session)

    def set_theme(self, theme: PictureTheme) -> None:
        """Show its picture larger, or on a dark page."""
        self.later.set_theme(theme)

    def work(self, scenario: ScenarioModel) -> Callable[[Progress], Any]:
        asked, seed = {name: widget.value for name, widget in self.choices.items()}, self.session.seed
        return lambda progress: self.question.work(scenario, asked, self.trials, seed, progress)

    def show(self) -> None:
        """Put the kept answer on the card: its sentences, then its picture and its table."""
        self.refresh()
        self.tools.is_there = self.kept is not None
        set_printed(self.view, self.kept is not None)
        if self.kept is None:
            return
        scenario, found = self.kept
        lines: Sequence[str] = [one.text(self.say.language) for one in self.question.sentences(found, scenario)]
        self.sentences.object = self._said(lines)
        self.table.object = self.question.table(found, scenario, self.say)
        drawing = self.question.drawing and self.question.drawing(found, scenario, self.say.language)
        if drawing is not None:
            self.later.put(drawing)


def _in_rows(choices: Mapping[str, Any], together: Sequence[Sequence[str]]) -> list[Any]:
    """The widgets in their order, each that stays with others in a box with these."""
    row_of = {name: tuple(row) for row in together for name in row}
    rows = dict.fromkeys(row_of.get(name, (name,)) for name in choices)
    widgets = ([choices[name] for name in row] for row in rows)
    fitting = {"width": "fit-content", "max-width": "100%"}  # of the card, which breaks a row that is wider
    return [row[0] if len(row) == 1 else pn.FlexBox(*row, margin=0, styles=fitting) for row in widgets]
