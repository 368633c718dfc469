"""Applications and projects of a year in numbers (件数), in a picture: from applications to acceptances."""

from __future__ import annotations

import numpy as np

from ..base.faults import FaultyInput
from ..results.counts import counts
from ..results.run_result import RunResult
from ..results.unknown_names import no_such
from ..wording.amounts import wan, wan_range
from ..wording.labels import label
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, about_whom, headline
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_texts, only_words, row_ticks, with_room
from .theme import INK, LINE, OVER, PALE, colour_of

LOST = ("count:ineligible", "count:not_selected", "count:failed", "count:ended_early")  # pale: nothing comes of them


@Picture
def counted(
    result: RunResult, year: int, item: str | None = None, category: str | None = None, language: str = "zh"
) -> Drawing:
    """Every count of a year, its mean as a bar and the middle 80% of trials beside it (`results.counts`).

    Counts that are 0 throughout are left out. Orange-red is what the envelope leaves unfunded.

    Raises:
        FaultyInput: there is no such year, item, category or language.
    """
    say = PictureTranslator(language)
    years = (*result.years, *result.tail)
    if year not in years:
        raise FaultyInput([no_such("year", year, years)])
    frame = counts(result, item, category)
    frame = frame[(frame.year == year) & (frame["mean"] > 0)].reset_index(drop=True)
    about = about_whom(result.scenario, item, category, say)
    title = headline(
        say(f"{year}年{about}件数：从申报到验收（平均）", f"{year} {about}from applications to acceptances (mean)"),
        result.scenario, say,
    )  # fmt: skip
    if frame.empty:
        return only_words(say("本年没有申报，也没有在研项目", "no application and no project in this year"), title, say)
    colour = INK
    if item is not None or category is not None:
        colour = colour_of(category or next(one.category for one in result.scenario.items if one.key == item))
    names = [label(count, say, "counts") for count in frame["count"]]
    ranges = [wan_range(low, high) for low, high in zip(frame.p10, frame.p90, strict=True)]
    of = [say(f"{unit}", "") for unit in frame.unit]
    means = [f"{wan(mean)}{unit}" for mean, unit in zip(frame["mean"], of, strict=True)]
    texts = [f"{mean}{say(f'（八成{spread}）', f' ({spread})')}" for mean, spread in zip(means, ranges, strict=True)]
    y = -np.arange(len(frame), dtype=float)
    boxes = {
        "x0": np.zeros(len(y)), "y0": y - 0.36, "x1": frame["mean"].to_numpy(float), "y1": y + 0.36,
        "name": np.array(names, object), "mean": np.array(means, object), "range": np.array(ranges, object),
    }  # fmt: skip
    colours = [OVER if one == "count:unfunded" else PALE if one in LOST else colour for one in frame["count"]]
    layers = []
    for one in dict.fromkeys(colours):
        is_here = np.array([of_row == one for of_row in colours])
        here = {name: values[is_here] for name, values in boxes.items()}
        layers.append(draw_boxes(here, one, "", say.hover("name", "mean", "range")).with_ghost("outline"))
    widest = float(frame["mean"].max())
    beside = draw_texts(boxes["x1"] + widest * 0.01, y, texts, LINE, "left", "middle")
    layers.append(beside.with_ghost("beside"))
    return finish(
        layers, Frame(title, say, value_axis="", height=25 * len(frame)),
        xlim=(0, with_room(widest, texts)), ylim=(-len(frame) + 0.4, 0.6), yticks=row_ticks(names), xaxis=None,
    )  # fmt: skip
