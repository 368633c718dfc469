"""What the lines of a year are called: an item with its ceiling, or whose envelope it is."""

from __future__ import annotations

from typing import Any

from ..base.messages import Message, message, named
from ..results.budget_table import EVERY
from ..scenario.model import ScenarioModel
from ..wording.language import Translator, cap_title, category_title, item_titles

BOTH = Translator("zh"), Translator("en")


def line_title(scenario: ScenarioModel, row: Any) -> Message:
    """What a row of `MidYear.lines` is called."""
    if row.item != EVERY:
        item = next(item for item in scenario.items if item.key == row.item)
        caps = {f"{item.key}:{cap.key}": cap for cap in item.caps[scenario.years[0]]}
        titles = item_titles_in_both(scenario)[row.item], caps[row.line]
        return named(*(f"{titles[0].text(say.language)}{say('：', ': ')}{cap_title(titles[1], say.language)}"
                       for say in BOTH))  # fmt: skip
    if row.category == EVERY:
        return message("Total envelope")
    return message("Envelope of {category}", category=category_in_both(scenario, row.category))


def item_titles_in_both(scenario: ScenarioModel) -> dict[str, Message]:
    """The names of all items by their keys."""
    chinese, english = (item_titles(scenario, say) for say in BOTH)
    return {key: named(chinese[key], english[key]) for key in chinese}


def category_in_both(scenario: ScenarioModel, key: str) -> Message:
    """The name of a category."""
    return named(*(category_title(scenario, key, say) for say in BOTH))
