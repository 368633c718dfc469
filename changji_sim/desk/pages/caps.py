"""上限: which cap binds, how often, what it cuts; when the money runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import panel_material_ui as pmui

from ... import breakdown, views
from ...result import Result
from ...views import Words, category_title, item_titles
from ..cards import Choices, PictureCard, PictureOf
from .page import DeskPage, side_by_side

BINDING = PictureOf(
    "binding", ("上限起作用的概率", "How often each cap binds"),
    lambda result, language, _: views.binding.drawing(result, language=language),
    lambda result, _: breakdown.binding(result),
)  # fmt: skip


def about_whom(result: Result, say: Words) -> dict[str, str]:
    """Everything, a programme or an item, by its name."""
    scenario = result.scenario
    programmes = {
        f"{say('专项', 'programme')} · {category_title(scenario, key, say)}": f"category:{key}"
        for key in scenario.categories
    }
    items = {title: f"item:{key}" for key, title in item_titles(scenario, say).items()}
    return {say("全部", "everything"): "", **programmes, **items}


def _waterfall_of(choices: Choices) -> dict[str, Any]:
    kind, _, key = choices["about"].partition(":")
    return {"year": choices["year"], **({kind: key} if kind else {})}


def _waterfall_choices(result: Result, say: Words) -> Mapping[str, Any]:
    common = {"size": "small", "margin": (0, 4)}
    return {
        "about": pmui.Select(options=about_whom(result, say), value="", label=say("范围", "of"), width=210, **common),
        "year": pmui.Select(
            options=list(result.years), value=result.years[0], label=say("年度", "year"), width=95, **common
        ),
    }


WATERFALL = PictureOf(
    "waterfall", ("从申报到拨付", "From asked to paid"),
    lambda result, language, choices: views.waterfall.drawing(result, **_waterfall_of(choices), language=language),
    lambda result, choices: breakdown.waterfall(result, **_waterfall_of(choices)),
    _waterfall_choices,
)  # fmt: skip


class Caps(DeskPage):
    """The calendar of what is used up in date order, how often each cap binds, and the way from asked to paid."""

    key = "caps"

    def build(self) -> Sequence[Any]:
        result = self.session.result
        assert result is not None
        self.cards = [PictureCard(of, result, self.say) for of in (WATERFALL, BINDING)]
        return [side_by_side(*(card.view for card in self.cards))]
