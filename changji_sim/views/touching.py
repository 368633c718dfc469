"""Whom the caps touch: applications and applicants cut a year, in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..results.run_result import RunResult
from ..results.touched import touched_a_year
from ..wording.amounts import decimal, percent, wan
from ..wording.labels import label
from ..wording.language import Translator
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, headline, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_texts, only_words, row_ticks, with_room
from .theme import INK, LINE, colour_of


@Picture
def touching(result: RunResult, language: str = "zh") -> Drawing:
    """Caps that ever cut: applications cut a year as bars, beside them applicants and money (`touched.touched_a_year`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    frame = touched_a_year(result)
    frame = frame[frame.mean_applications > 0].reset_index(drop=True)
    title = headline(say("上限每年涉及的申报份数", "applications that caps cut a year"), result.scenario, say)
    if frame.empty:
        return only_words(say("没有申报被核减", "no application is cut"), title, say)
    names = [cap_of_item(row, say) for row in frame.to_dict("records")]
    y, counts = -np.arange(len(frame), dtype=float), frame.mean_applications.to_numpy(float)
    words = [
        say(
            f"{decimal(applications)}份 · {decimal(applicants)}家 · {wan(cut)}万元",
            f"{decimal(applications)} of {decimal(applicants)} applicants · {wan(cut)}万元",
        )
        for applications, applicants, cut in zip(counts, frame.mean_applicants, frame.mean_cut_wan, strict=True)
    ]
    boxes = {
        "x0": np.zeros(len(y)), "y0": y - 0.36, "x1": counts, "y1": y + 0.36, "name": np.array(names, object),
        "chance": np.array(list(map(percent, frame.probability_binding)), object), "amount": np.array(words, object),
    }  # fmt: skip
    layers: list[Layer] = []
    for category in dict.fromkeys(frame.category):
        is_here = (frame.category == category).to_numpy()
        colour = INK if category == "*" else colour_of(category)
        here = {name: values[is_here] for name, values in boxes.items()}
        layers.append(draw_boxes(here, colour, "", say.hover("name", "amount", "chance")))
    layers.append(draw_texts(counts + 0.01 * counts.max(), y, words, LINE, "left", "middle"))
    return finish(
        layers, Frame(title, say, value_axis="", height=26 * len(names)),
        xlim=(0, with_room(counts.max(), words, 0.06)), ylim=(-len(names) + 0.4, 0.6), yticks=row_ticks(names),
        xaxis=None,
    )  # fmt: skip


def cap_of_item(row: Mapping[Any, Any], say: Translator) -> str:
    """A cap and its item, or an envelope and its category."""
    item = say(str(row["item_title"]), str(row["item_title_en"]))
    if row["item"] == "*" and row["category"] == "*":
        item = label("total", say, "columns")
    return plain(f"{say(str(row['cap_title']), str(row['cap_title_en']))} · {item}")
