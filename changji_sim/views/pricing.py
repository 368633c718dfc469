"""What one more, and one less, unit of each number costs, in a picture."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..scenario.model import ScenarioModel
from ..whatif.prices import by_size
from ..wording.amounts import signed_wan
from ..wording.labels import label
from ..wording.language import title_with_item
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, headline, item_titles, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_segments, only_words, row_ticks
from .theme import DARK, INK, LINE, PALE

MOST_ROWS = 15


@Picture
def pricing(prices: pd.DataFrame, scenario: ScenarioModel, flow: str = "commitment", language: str = "zh") -> Drawing:
    """A row a number: what one unit more and one unit less change of a flow a year, with 95% intervals
    (`whatif.prices`); those that change most.

    Args:
        flow: one of ``entitlement``, ``commitment``, ``payment``, ``year_need``.

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    of = label(flow, say, "money" if flow == "year_need" else "flows")
    what = say(f"多（少）一个单位，{of}每年变化（平均）", f"change of {of} a year by one unit more or less (mean)")
    title = headline(what, scenario, say)
    size = by_size(prices, flow)
    names = list(size[size > 0].index[:MOST_ROWS])
    if not names:
        return only_words(say("没有变化：每一次模拟都恰好相差0", "no change: exactly 0 in every trial"), title, say)
    items = item_titles(scenario, say)
    rows = {name: prices[prices.name == name].to_dict("records") for name in names}
    titles = [
        plain(title_with_item(items, more["item"], say(more["title"], more["title_en"]))) for more, _ in rows.values()
    ]
    layers: list[Layer] = []
    legend, ends = [], [0.0]
    for n, (words, colour) in enumerate(
        ((say("多一个单位", "one unit more"), INK), (say("少一个单位", "one less"), PALE))
    ):
        there = [(-place + 0.2 - 0.4 * n, rows[name][n], titles[place]) for place, name in enumerate(names)]
        known = [(y, row, name) for y, row, name in there if row[f"{flow}_wan"] == row[f"{flow}_wan"]]
        y = np.array([y for y, _, _ in known])
        mean, low, high = (
            np.array([row[f"{flow}{part}_wan"] for _, row, _ in known]) for part in ("", "_low", "_high")
        )
        boxes = {
            "x0": np.minimum(mean, 0), "y0": y - 0.17, "x1": np.maximum(mean, 0), "y1": y + 0.17,
            "name": np.array([name for _, _, name in known], object),
            "amount": np.array([f"{signed_wan(one)} {say.unit}" for one in mean], object),
            "sure": np.array([f"{signed_wan(a)} … {signed_wan(b)}" for a, b in zip(low, high, strict=True)], object),
        }  # fmt: skip
        layers.append(draw_boxes(boxes, colour, words, say.hover("name", "amount", "sure")))
        layers.append(draw_segments({"x0": low, "y0": y, "x1": high, "y1": y}, DARK))
        legend.append((words, colour, 1.0))
        ends += [*low, *high]
    pad = 0.06 * (max(ends) - min(ends) or 1)
    zero = {"x0": [0.0], "y0": [-len(names) + 0.4], "x1": [0.0], "y1": [0.6]}
    layers.append(draw_segments(zero, LINE, 1, dash="dashed"))
    return finish(
        layers, Frame(title, say, value_axis="x", key=legend, height=34 * len(names) + 20),
        xlim=(min(ends) - pad, max(ends) + pad), ylim=(-len(names) + 0.4, 0.6), yticks=row_ticks(titles),
    )  # fmt: skip
