"""The tables that a budget is submitted with (预算申报) and the brief for leaders (汇报), as files to download."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import panel as pn
import panel_material_ui as pmui

from ...kernel.simulate import Progress
from ...reports.brief.brief import brief_of
from ...reports.brief.brief_files import brief_files
from ...reports.submission.submission import submission_of
from ...reports.submission.submission_files import submission_files
from ...scenario.model import ScenarioModel
from ...whatif.envelope_cuts import envelope_cuts
from ...wording.labels import label
from ..state.session import Session
from ..widgets.card_tools import HandOnTools
from ..widgets.downloads import download
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, html
from .asked_card import AskedCard, run_alone
from .scenario_cards import paper, set_printed

KEY = "hand-in"
BASES = ("need", "payment")


class HandIn(NamedTuple):
    """What the brief says, and the files by name."""

    sentences: tuple[str, ...]
    files: dict[str, bytes]


class HandInCard(AskedCard):
    """A year and a basis to choose, a button that makes the files, and a button for each of them."""

    def __init__(self, session: Session, say: PictureTranslator):
        super().__init__(session, say, f"answer:{KEY}:{say.language}", above=12)
        common: dict[str, Any] = {"size": "small", "margin": (8, 4)}
        years = {str(year): year for year in session.scenario.years}
        self.year = pmui.Select(options=years, value=session.scenario.years[0], label=label("year", say, "columns"),
                                width=110, **common)  # fmt: skip
        bases = {label(one, say, "submission"): one for one in BASES}
        self.basis = pmui.Select(options=bases, value=BASES[0], label=say("依据", "basis"), width=430, **common)
        self.sentences, self.files = safe_html("", margin=(0, 8)), pn.FlexBox(margin=(0, 4))
        asked = pn.FlexBox(self.year, self.basis, self.button, align_items="center", margin=0)
        self.view = paper(
            say("报送材料：预算申报表和汇报", "To hand in: submission tables and a brief"),
            asked, self.job.view, self._note, self.sentences, self.files, beside=[HandOnTools(KEY, say)],
        )  # fmt: skip
        self.show()

    def refresh(self) -> None:
        """The settings may be new: files about others are marked."""
        say, note = self.say, self.say("按当前设置模拟后生成。", "Made from a run of the settings now.")
        if self.is_stale:
            note += f' <b class="warn">{say("设置在生成之后改过。", "The settings have changed since.")}</b>'
        self._note.object = f'<div class="about">{note}</div>'

    def work(self, scenario: ScenarioModel) -> Callable[[Progress], HandIn]:
        year, basis, language = self.year.value, self.basis.value, self.say.language
        trials, seed = self.session.trials, self.session.seed

        def make(progress: Progress) -> HandIn:
            result = run_alone(scenario, trials, seed, progress)
            has_word = importlib.util.find_spec("docxtpl") is not None
            files = submission_files(submission_of(result, year, basis, language), language, has_word=has_word)
            cuts = envelope_cuts(scenario, year, trials, seed, workers=1, before=result)
            brief = brief_of([result], cuts, year, language=language)
            return HandIn(brief.sentences, files | (brief_files(brief, language) if has_word else {}))

        return make

    def show(self) -> None:
        """What the brief says, and the files that were made."""
        self.refresh()
        set_printed(self.view, self.kept is not None)
        if self.kept is None:
            return
        made: HandIn = self.kept[1]
        self.sentences.object = "".join(f"<p>{html(one)}</p>" for one in made.sentences)
        self.files.objects = [
            download(partial(io.BytesIO, content), name, name, width=150) for name, content in made.files.items()
        ]
