"""Scenarios beside each other, year by year, in a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..results.side_by_side import QUANTITIES
from ..wording.amounts import percent, wan, wan_range
from ..wording.labels import label
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_segments, draw_texts, only_words, with_air
from .theme import CATEGORY_COLOURS, DARK, LINE, OTHER_CATEGORY

COLOURS = (*CATEGORY_COLOURS.values(), OTHER_CATEGORY)
CHANCE = "probability_short"


@Picture
def beside(frame: pd.DataFrame, names: Sequence[str], quantity: str = CHANCE, language: str = "zh") -> Drawing:
    """One quantity of several scenarios by year, a bar each; amounts with the middle 80% of trials
    (`side_by_side.comparison`).

    Args:
        names: of the scenarios, in their order.
        quantity: a key of `side_by_side.QUANTITIES`.

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    title = say(
        f"情景对比：{label(quantity, say, QUANTITIES[quantity])}",
        f"compared: {label(quantity, say, QUANTITIES[quantity])}",
    )
    shown = frame[(frame.quantity == quantity) & frame.when.str.isdigit() & frame.value.notna()]
    if shown.empty:
        return only_words(say("情景没有这一项", "no scenario has this"), title, say)
    years, count = sorted(set(shown.when)), len(names)
    wide, form = 0.8 / count, percent if quantity == CHANCE else wan
    layers: list[Layer] = []
    for position, name in enumerate(names):
        rows = shown[shown.position == position]
        x = np.array([years.index(year) for year in rows.when], float) - 0.4 + wide * (position + 0.5)
        value, low, high = (rows[column].to_numpy(float) for column in ("value", "p10", "p90"))
        texts = np.array(list(map(form, value)), object)
        boxes = {
            "x0": x - 0.45 * wide, "y0": np.zeros(len(x)), "x1": x + 0.45 * wide, "y1": value,
            "name": np.array([plain(name)] * len(x), object), "when": rows.when.to_numpy(object), "amount": texts,
            "range": np.array(["–" if a != a else wan_range(a, b) for a, b in zip(low, high, strict=True)], object),
        }  # fmt: skip
        layers.append(
            draw_boxes(
                boxes, COLOURS[position % len(COLOURS)], plain(name), say.hover("name", "when", "amount", "range")
            )
        )
        is_spread = ~np.isnan(low)
        layers.append(
            draw_segments({"x0": x[is_spread], "y0": low[is_spread], "x1": x[is_spread], "y1": high[is_spread]}, DARK)
        )
        layers.append(draw_texts(x, np.fmax(high, value), texts, LINE, "center", "bottom"))
    key = [(plain(name), COLOURS[n % len(COLOURS)], 1.0) for n, name in enumerate(names)]
    top = float(np.nanmax(shown[["value", "p90"]].to_numpy(float)))
    axis = {} if quantity != CHANCE else {"yaxis": None}
    return finish(
        layers, Frame(title, say, value_axis="" if quantity == CHANCE else "y", key=key, height=320),
        xlim=(-0.5, len(years) - 0.5), ylim=(0, with_air(top)), xticks=list(enumerate(years)), **axis,
    )  # fmt: skip
