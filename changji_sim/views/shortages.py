"""How likely money is short, in a picture: envelope by year, and over all years."""

from __future__ import annotations

from math import isnan, nan

import numpy as np

from ..results import year_columns
from ..results.breakdown import ANY, EVERY
from ..results.run_result import RunResult
from ..wording.amounts import percent, wan
from ..wording.labels import label
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, category_title, headline
from .plot_frame import Frame, finish
from .shapes import draw_cells, only_words, row_ticks


@Picture
def shortage(result: RunResult, language: str = "zh") -> Drawing:
    """Envelope by year: how likely need exceeds it, and by how much on average; then in any year, and in every year
    (`breakdown.shortfall`, `breakdown.shortfall_ever`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    title = headline(say(label("probability_short", say, "money"), "how likely money is short"), result.scenario, say)
    cells = _cells(result, say)
    if not cells:
        return only_words(
            say("情景未设控制数（预算额度），不作缺口判断", "no envelope is set, so none is short"), title, say
        )
    name, when, probability, lacking = zip(*cells, strict=True)
    names, whens = list(dict.fromkeys(name)), list(dict.fromkeys(when))
    x, y = np.array(list(map(whens.index, when)), float), -np.array(list(map(names.index, name)), float)
    x += 0.12 * (x >= len(result.years))  # what is over all years stands apart
    chance = list(map(percent, probability))
    boxes = {
        "name": name, "when": when,
        "x0": x - 0.48, "y0": y - 0.46, "x1": x + 0.48, "y1": y + 0.46,
        "chance": chance, "lacks": list(map(wan, lacking)), "short": chance,
    }  # fmt: skip
    below = ["" if isnan(amount) else say("\n平均缺", "\nlacks ") + wan(amount) for amount in lacking]
    texts = np.array([above + rest for above, rest in zip(chance, below, strict=True)], object)
    layers = draw_cells(boxes, x, y, np.array(probability), texts, 1, say.hover("name", "when", "short", "lacks"))
    ticks = [(place + 0.12 * (place >= len(result.years)), when) for place, when in enumerate(whens)]
    return finish(
        layers, Frame(title, say, value_axis="", height=100 * len(names)),
        xlim=(-0.6, len(whens) - 0.28), ylim=(-len(names) + 0.5, 0.5), xticks=ticks, yticks=row_ticks(names),
    )  # fmt: skip


def _cells(result: RunResult, say: PictureTranslator) -> list[tuple[str, str, float, float]]:
    """Name, when, probability, what is lacking (万元); what is lacking in every year is one row."""
    by_year, ever = year_columns.shortfall(result), year_columns.shortfall_ever(result)
    names = {key: category_title(result.scenario, key, say) for key in result.scenario.categories}
    names |= {key: label(of, say, "money") for key, of in ((EVERY, "envelope_total"), (ANY, "envelope_any"))}
    if set(by_year["category"]) == {EVERY, ANY}:  # one envelope is any of one
        del names[ANY]
    ever_title, always_title = (label(key, say, "columns") for key in ("any_year", "every_year"))
    cells: dict[str, list[tuple[str, str, float, float]]] = {key: [] for key in names}
    columns = ("category", "year", "probability_short", "expected_short_wan")
    for key, year, probability, lacking in zip(*(by_year[column] for column in columns), strict=True):
        if key in cells:
            cells[key].append((names[key], str(year), probability, lacking))
    columns = ("category", "probability_ever", "probability_every_year", "expected_short_wan")
    for key, in_any, in_every, lacking in zip(*(ever[column] for column in columns), strict=True):
        if key in cells:
            cells[key] += [(names[key], ever_title, in_any, lacking), (names[key], always_title, in_every, nan)]
    return [cell for of_one in cells.values() for cell in of_one]
