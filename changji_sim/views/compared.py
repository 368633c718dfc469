"""Scenarios beside each other in one picture: what each has more or less than the first, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..results.budget_table import EVERY
from ..results.side_by_side import QUANTITIES
from ..wording.amounts import signed_wan
from ..wording.labels import label
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_segments, draw_texts, only_words
from .theme import DARK, INK, LINE, PALE

AMOUNTS = ("need", "envelope", "commitment", "payment")  # a probability has no place on an axis of money
TITLES = {name: (name, of) for name, of in QUANTITIES.items()} | {"envelope": ("envelope_short", "money")}
PLACES = "①②③④⑤⑥⑦⑧⑨"
ROW = 25  # pixels


@Picture
def compared(frame: pd.DataFrame, titles: Sequence[str], language: str = "zh") -> Drawing:
    """What each scenario has more than the first in all years together, with the 95% interval of the mean.

    Amounts that differ in no trial are left out; a scenario without any other says that it is the same.

    Args:
        frame: of `side_by_side.comparison`.
        titles: of its scenarios, the first of them the one the others are compared with.

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    title = say(
        "与第1个情景的差额（各年合计，平均，95%区间）", "More or less than no. 1 (all years, mean, 95% interval)"
    )
    if len(titles) < 2:
        return only_words(say("再选一个情景即可对比", "Choose another scenario to compare"), title, say)
    whole = frame[(frame.when == EVERY) & frame.quantity.isin(AMOUNTS) & (frame.position > 0)]
    moved = whole[~whole.is_same.astype(bool) & whole.difference.notna()]
    if moved.empty:
        same = say("没有差异：每一次模拟都恰好相差0", "No difference: exactly 0 in every trial")
        return only_words(same, title, say)
    rows, heads, names, level = [], [], [], 0.0
    for position in range(1, len(titles)):
        own = moved[moved.position == position]
        same = say("：恰好相同", ": exactly the same") if own.empty else ""
        heads.append((level, f"{PLACES[position]} {plain(titles[position])}{same}"))
        for quantity in (name for name in AMOUNTS if name in set(own.quantity)):
            level -= 1
            rows.append((level, *own[own.quantity == quantity].iloc[0][["difference", "low", "high"]]))
            names.append((level, label(TITLES[quantity][0], say, TITLES[quantity][1])))
        level -= 1.25
    return _drawn(np.array(rows, float), heads, names, Frame(title, say, value_axis="x"))


def _drawn(
    rows: np.ndarray, heads: Sequence[tuple[float, str]], names: Sequence[tuple[float, str]], around: Frame
) -> Drawing:
    """Bars with their intervals and amounts, under the name of each scenario."""
    y, change, low, high = rows.T
    bottom = min(y.min(), *(place for place, _ in heads)) - 0.8
    least, most = min(low.min(), 0), max(high.max(), 0)
    span = most - least
    text = [
        f"{signed_wan(mean)} [{signed_wan(a)}, {signed_wan(b)}]" if a != b else signed_wan(mean)
        for mean, a, b in rows[:, 1:]
    ]
    shown = [f"{one} {around.say.unit}" for one in text]
    boxes = {
        "x0": np.minimum(change, 0), "y0": y - 0.32, "x1": np.maximum(change, 0), "y1": y + 0.32,
        "name": [name for _, name in names], "amount": shown,
    }  # fmt: skip
    layers = [
        draw_segments({"x0": [0.0], "y0": [bottom], "x1": [0.0], "y1": [0.6]}, LINE, 1, dash="dashed"),
        draw_boxes(boxes, PALE, "", around.say.hover("name", "amount")),
        draw_segments({"x0": low, "y0": y, "x1": high, "y1": y}, DARK),
    ]
    is_more = change >= 0
    for is_side, edge, shift, align in ((is_more, high, 0.015, "left"), (~is_more, low, -0.015, "right")):
        words = [one for one, is_here in zip(text, is_side, strict=True) if is_here]
        layers.append(draw_texts(edge[is_side] + shift * span, y[is_side], words, LINE, align, "middle"))
    room = 0.4 * span  # of the words beyond the longest bar
    left, right = least - room * bool((~is_more).any()), most + room * bool(is_more.any())
    width = right - left
    left -= 0.02 * width
    beside = [left + 0.005 * width] * len(heads)
    at, said = [place for place, _ in heads], [text for _, text in heads]
    layers.append(draw_texts(beside, at, said, INK, "left", "middle"))
    return finish(
        layers, Frame(around.title, around.say, around.value_axis, height=round(ROW * (0.8 - bottom))),
        xlim=(left, right + 0.02 * width), ylim=(bottom, 0.8), yticks=list(names),
    )  # fmt: skip
