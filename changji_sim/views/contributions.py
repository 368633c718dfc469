"""What each change of a reform does, in a picture: effects that add up, beside what each does alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..whatif.article_effects import Effects
from ..wording.amounts import signed_wan
from ..wording.labels import label
from ..wording.language import cited
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_points, draw_segments, draw_texts, only_words, row_ticks
from .theme import DARK, INK, LINE, PALE


@Picture
def contributions(found: Effects, language: str = "zh") -> Drawing:
    """Each change's effect (Shapley) as a bar with its 95% interval, and what it does alone as a point; the whole below
    (`article_effects.Effects.frame`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    frame, flow = found.frame(), label(found.flow, say)
    title = say(f"各条贡献：{flow}（各年合计，平均）", f"effects on {flow} (all years, mean)")
    if frame.is_same.iloc[-1]:
        return only_words(say("没有变化：每一次模拟都恰好相差0", "no change: exactly 0 in every trial"), title, say)
    names = [plain(cited(say(zh, en), say)) for zh, en in zip(frame.title, frame.title_en, strict=True)]
    y, effect, alone = -np.arange(len(frame), dtype=float), frame.effect_wan.to_numpy(), frame.alone_wan.to_numpy()
    boxes = {
        "x0": np.minimum(effect, 0), "y0": y - 0.34, "x1": np.maximum(effect, 0), "y1": y + 0.34,
        "name": np.array(names, object), "amount": np.array(list(map(signed_wan, effect)), object),
    }  # fmt: skip
    is_total = np.arange(len(frame)) == len(frame) - 1
    hover = say.hover("name", "amount")
    points = {"x": alone, "y": y, "name": names, "amount": list(map(signed_wan, alone))}
    low, high = min(frame.low_wan.min(), alone.min(), 0), max(frame.high_wan.max(), alone.max(), 0)
    pad = 0.18 * (high - low or 1)
    alone_title, effect_title = say("单独作用", "alone"), say("分摊交互作用之后", "with its share of cross effects")
    layers = [
        draw_segments({"x0": [0], "y0": [y.min() - 0.6], "x1": [0], "y1": [0.6]}, LINE, 1, dash="dashed"),
        *(draw_boxes({name: values[mask] for name, values in boxes.items()}, colour, "", hover)
          for mask, colour in ((~is_total, PALE), (is_total, INK))),
        draw_segments({"x0": frame.low_wan, "y0": y, "x1": frame.high_wan, "y1": y}, DARK),
        draw_points(points, "x", "y", ["name", "amount"], say),
        *_amounts(frame, y, 0.1 * pad),
    ]  # fmt: skip
    return finish(
        layers, Frame(title, say, value_axis="x", key=[(effect_title, PALE, 1.0), (alone_title, INK, "dot")],
                      height=34 * len(frame) + 30),
        xlim=(low - pad, high + pad), ylim=(y.min() - 0.6, 0.6), yticks=row_ticks(names),
    )  # fmt: skip


def _amounts(frame: pd.DataFrame, y: np.ndarray, gap: float) -> list[Layer]:
    """Each effect in words beyond its bar."""
    layers = []
    for is_side, column, shift, align in (
        (frame.effect_wan >= 0, frame[["high_wan", "alone_wan"]].max(axis=1), gap, "left"),
        (frame.effect_wan < 0, frame[["low_wan", "alone_wan"]].min(axis=1), -gap, "right"),
    ):
        mask = is_side.to_numpy()
        words = map(signed_wan, frame.effect_wan[mask])
        layers.append(draw_texts(column[mask] + shift, y[mask], words, LINE, align, "middle"))
    return layers
