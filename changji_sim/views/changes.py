"""Differences of one flow between two results, in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..results import breakdown
from ..results.breakdown import EVERY
from ..results.run_result import RunResult
from ..wording.amounts import signed_wan
from ..wording.labels import label
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, flow_title, headline, item_titles, scenario_title
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_segments, draw_texts, only_words
from .theme import DARK, INK, LINE, colour_of

SMALL = 0.01  # a movement this much smaller than the largest is counted, not drawn


@Picture
def differences(
    before: RunResult, after: RunResult, flow: str = "commitment", year: int | None = None, language: str = "zh"
) -> Drawing:
    """What one flow gains or loses, by item and year, with the 95% interval of the mean (`breakdown.differences`).

    Drawn are the total and the items that move by at least a hundredth of the largest movement; a line below counts the
    others, apart from those that differ by exactly 0. ``year`` picks one year.

    Raises:
        FaultyInput: the two have not met the same futures; there is no such flow, year or language.
    """
    say = PictureTranslator(language)
    frame = breakdown.differences(before, after, flow)
    if year is not None and year not in set(frame.year):
        raise FaultyInput(
            [Fault("", f"there is no year {year} (there are {', '.join(map(str, frame.year.unique()))})")]
        )
    frame = frame[frame.year == year] if year is not None else frame
    name = flow_title(flow, say)
    what = say(f"{name}的变化（平均，95%置信区间）", f"change of {name} (mean, 95% interval)")
    title = headline(what, before.scenario, say)
    if after.scenario.title != before.scenario.title:
        title += f" → {scenario_title(after.scenario, say)}"
    is_moved, is_large = movement(frame)
    if not is_moved.any():
        return only_words(say("没有变化：每一次模拟都恰好相差0", "no change: exactly 0 in every trial"), title, say)
    note = _others(int((is_moved & ~is_large).sum()), int((~is_moved).sum()), say)
    titles = item_titles(before.scenario, say) | item_titles(after.scenario, say)
    titles[EVERY] = label("total", say, "columns")
    frame = frame[frame.item.isin(is_large.index[is_large]) | (frame.item == EVERY)]
    return _drawn(frame, titles, Frame(title, say, value_axis="x", note=note))


def _others(small: int, same: int, say: PictureTranslator) -> str:
    """How many items are not drawn: those that hardly move, and those that do not."""
    others = (
        [say(f"另有{small}个方向变化不足百分之一", f"{small} more items move by less than a hundredth")]
        if small
        else []
    )
    if same:
        others.append(say(f"{same}个方向恰好为0", f"{same} items move by exactly 0"))
    return say("，", ", ").join(others)


def _drawn(frame: pd.DataFrame, titles: Mapping[str, str], around: Frame) -> Drawing:
    """The bars item by item, the total last, with their intervals and amounts."""
    say = around.say
    order = {item: n for n, item in enumerate(dict.fromkeys([*frame.item[frame.item != EVERY], EVERY]))}
    frame = frame.sort_values("item", key=lambda items: items.map(order), kind="stable", ignore_index=True)
    y = -(frame.index + 0.5 * frame.item.map(order))
    rows = zip(frame.item.tolist(), frame.year.tolist(), ~frame.item.duplicated(), strict=True)
    names = [f"{titles[item]}  {year}" if is_first else str(year) for item, year, is_first in rows]
    ends = frame.difference_wan
    zero = pd.DataFrame({"x0": [0.0], "y0": [y.min() - 0.7], "x1": [0.0], "y1": [0.7]})
    layers: list[Layer] = [draw_segments(zero, LINE, 1, dash="dashed")]
    boxes, hover = _boxes(frame, y, titles, say), say.hover("name", "when", "amount", "sure", "wide")
    for category in dict.fromkeys(frame.category):
        colour = INK if category == EVERY else colour_of(category)
        layers.append(draw_boxes(boxes[frame.category == category], colour, "", hover))
    layers.append(draw_segments(pd.DataFrame({"x0": frame.low_wan, "y0": y, "x1": frame.high_wan, "y1": y}), DARK))
    low, high = min(frame.low_wan.min(), 0), max(frame.high_wan.max(), 0)
    pad = (high - low) * 0.16
    for is_side, shift, align in ((ends >= 0, 0.02, "left"), (ends < 0, -0.02, "right")):
        edge = frame.high_wan if align == "left" else frame.low_wan
        text = ends.map(signed_wan)[is_side]
        layers.append(draw_texts(edge[is_side] + (high - low) * shift, y[is_side], text, LINE, align, "middle"))
    return finish(
        layers, replace(around, height=int(24 * (-y.min() + 1))),
        xlim=(low - (pad if (ends < 0).any() else pad / 8), high + (pad if (ends >= 0).any() else pad / 8)),
        ylim=(y.min() - 0.7, 0.7), yticks=list(zip(y, names, strict=True)),
    )  # fmt: skip


def _boxes(frame: pd.DataFrame, y: pd.Series, titles: Mapping[str, str], say: PictureTranslator) -> pd.DataFrame:
    """Where the bars stand and what a pointer shows of them."""
    ends = frame.difference_wan
    return pd.DataFrame(
        {
            "x0": ends.clip(upper=0), "y0": y - 0.34, "x1": ends.clip(lower=0), "y1": y + 0.34,
            "name": frame.item.map(titles), "when": frame.year.astype(str),
            "amount": ends.map(signed_wan) + f" {say.unit}",
            "sure": frame.low_wan.map(signed_wan) + " … " + frame.high_wan.map(signed_wan),
            "wide": frame.p05_wan.map(signed_wan) + " … " + frame.p95_wan.map(signed_wan),
        }
    )  # fmt: skip


def movement(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Of each item: whether it moves in any future, and whether by enough to be seen beside the largest movement."""
    items = frame[frame.item != EVERY]
    spread = ["difference_wan", "low_wan", "high_wan", "p05_wan", "p95_wan"]
    is_moved = items[spread].ne(0).any(axis=1).groupby(items.item, sort=False).any()
    size = items.difference_wan.abs().groupby(items.item, sort=False).max()
    return is_moved, is_moved & (size >= SMALL * size.max())
