"""Two numbers against each other (两项对照图), coloured by how likely money is short or by the limit that decides."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui

from ...kernel.simulate import Progress
from ...reports.map_sentences import map_sentences
from ...scenario.model import ScenarioModel
from ...views import two_numbers
from ...views.two_numbers import COLOURS
from ...whatif.regime_map import STEPS, RegimeMap, regime_map
from ...wording.labels import label
from ..state.session import Session
from ..widgets.ui_text import PictureTranslator
from .answer_card import AnswerCard, Asked, Question
from .number_choices import number_choices

FIRST = "growth", "envelopes.total"  # the two that are chosen at the beginning


def map_card(session: Session, say: PictureTranslator, year: Any) -> AnswerCard:
    """A chooser for each of the two numbers, one for the year, and one for what colours the picture."""
    (x_item, x), (y_item, y) = (
        number_choices(session, say, first, axis)
        for first, axis in zip(FIRST, (say("横轴", "X"), say("纵轴", "Y")), strict=True)
    )
    colours = label("probability_short", say, "money"), say("哪项限额起决定作用", "which limit decides")
    colour = pmui.Select(
        options=dict(zip(colours, COLOURS, strict=True)), value=COLOURS[0],
        label=say("颜色表示", "coloured by"), size="small", width=230, margin=(8, 4),
    )  # fmt: skip
    question = Question(
        "map", ("两项对照", "Two numbers against each other"), _mapped,
        lambda found, scenario: map_sentences(found), lambda found: found.cells,
        lambda found, scenario, language: two_numbers.drawing(found, colour.value, language),
    )  # fmt: skip
    choices = {"x_item": x_item, "x": x, "y_item": y_item, "y": y, "year": year, "colour": colour}
    card = AnswerCard(question, session, say, choices, together=[("x_item", "x"), ("y_item", "y")])
    colour.param.watch(lambda _: card.show(), "value")  # the same runs in another colour
    return card


def _mapped(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> RegimeMap:
    runs = STEPS * STEPS
    return regime_map(
        scenario, asked["x"], asked["y"], year=asked["year"] or None, trials=trials, seed=seed, workers=1,
        progress=lambda done: progress(done, runs),
    )  # fmt: skip
