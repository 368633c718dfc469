"""Caps in pictures (上限): how often each binds."""

from __future__ import annotations

import numpy as np

from ..results import breakdown
from ..results.run_result import RunResult
from ..wording.amounts import percent, wan
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, cap_name, headline
from .plot_frame import Frame, finish
from .shapes import draw_cells, only_words, row_ticks, year_ticks


@Picture
def binding(result: RunResult, language: str = "zh") -> Drawing:
    """Cap by year: how often it cuts, as colour and number, empty where it cannot act (`breakdown.binding`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    frame = breakdown.binding(result)
    title = headline(say("上限起作用概率", "how often each cap binds"), result.scenario, say)
    if frame.empty:
        return only_words(say("没有上限", "there is no cap"), title, say)
    rows = [cap_name(result.scenario, row, say) for row in frame.itertuples()]
    names = list(dict.fromkeys(rows))
    year, y = frame.year.to_numpy(), -np.array(list(map(names.index, rows)))
    probability, chance = frame.probability_binding.to_numpy(), list(map(percent, frame.probability_binding))
    cells = {
        "x0": year - 0.48, "y0": y - 0.46, "x1": year + 0.48, "y1": y + 0.46,
        "name": rows, "when": list(map(str, year)),
        "chance": chance, "cut": list(map(wan, frame.mean_cut_wan)),
        "bad": list(map(wan, frame.p95_cut_wan)), "free": list(map(wan, frame.mean_headroom_wan)),
    }  # fmt: skip
    hover = say.hover("name", "when", "chance", "cut", "bad", "free")
    layers = draw_cells(cells, year, y, probability, np.array(chance, object), 1, hover)
    years = (year.min() - 0.5, year.max() + 0.5)
    return finish(
        layers, Frame(title, say, value_axis="", height=24 * len(names)),
        xlim=years, ylim=(-len(names) + 0.5, 0.5), xticks=year_ticks(year), yticks=row_ticks(names),
    )  # fmt: skip
