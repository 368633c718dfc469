"""The words of a line of the submission: what rule pays, in what it is counted, how its amount is worked out."""

from __future__ import annotations

from collections.abc import Sequence

from ...scenario.model import Item, ScenarioModel
from ...whatif.scenario_diff import measure_of
from ...wording.amounts import decimal
from ...wording.labels import label
from ...wording.language import Translator
from ..assumption_list import StatedInput

UNITS = {"applicant": "of_applicants", "platform": "of_platforms"}  # by what a one-off award is given to
PROCEDURE = ("basis", "when_short", "selection", "lpr")  # terms that are no standard of what is paid


def own_words(say: Translator) -> str:
    """In the place of an article where no article names an item."""
    return say("自设", "own item")


def unit_words(item: Item, year: int, say: Translator) -> str:
    """In what an item is counted: 项 of projects, 家, 个 or 份."""
    if item.modes[year].is_project:
        return label("of_projects", say, "submission")
    return label(UNITS.get(item.once_per or "", "of_applications"), say, "submission")


def standard_words(scenario: ScenarioModel, item: Item, stated: Sequence[StatedInput], say: Translator) -> str:
    """What the law fixes of an item, and what the guide adds: ``占总投资比例 ≤ 20%；指南：首笔拨付比例 0.6``.

    Args:
        stated: the inputs of the item.
    """
    law = measure_of(scenario)
    of_law = law.items.get(item.covered_by or item.key)  # an item of a planner's own may be held to those of another
    found = [
        f"{say(value['title'], value['title_en'])} {value['shown']}"
        for provision in (law.as_rows(of_law.article) if of_law else ())
        for value in provision["values"]
        if of_law and value["item"] == of_law.key and value["term"] not in PROCEDURE
    ]
    of_guide = [
        f"{one.title} {one.value if isinstance(one.value, str) else f'{one.value:,.10g}'}"
        for one in stated
        if one.path.split(".")[2] in ("guide", "caps") and one.path.split(".")[-1] not in PROCEDURE
    ]
    if item.is_negotiated:
        found.append(say("一事一议", "negotiated case by case"))
    if of_guide:
        found.append(say("指南：", "guide: ") + say("、", ", ").join(of_guide))
    return say("；", "; ").join(found) or say("办法未定，由指南确定", "left to the guide")


def calculation_words(
    count: float, unit: str, standard: float | None, first: float, carried: float, say: Translator
) -> str:
    """How the amount of a line comes about, in one sentence."""
    due = say(f"续建到期{decimal(carried, 2)}万元", f"{decimal(carried, 2)}万元 due of earlier promises")
    if standard is None:
        return due
    fresh = say(
        f"{decimal(count)}{unit}×平均{decimal(standard, 2)}万元，当年首笔{decimal(first, 2)}万元",
        f"{decimal(count)} {unit} × {decimal(standard, 2)}万元 on average, {decimal(first, 2)}万元 of it this year",
    )
    return say("；", "; ").join([fresh, due] if carried else [fresh])
