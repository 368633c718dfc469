"""Applications of past years and what was fitted to them (往年), in a picture."""

from __future__ import annotations

import numpy as np

from ..base.faults import FaultyInput
from ..history.fit import APPLICATIONS, FittedHistory
from ..results.unknown_names import no_such
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, about_whom, headline
from .plot_frame import Frame, finish
from .shapes import draw_band, draw_line, draw_points, draw_texts, with_air, year_ticks
from .theme import INK, LINE, colour_of


@Picture
def fitted(history: FittedHistory, item: str, language: str = "zh") -> Drawing:
    """The applications of an item in each past year, and the expected number fitted, with its 80% range, up to the
    base year.

    Raises:
        FaultyInput: nothing was fitted to the numbers of this item, or there is no such language.
    """
    say = PictureTranslator(language)
    levels = {one.item: one.estimate for one in history.numbers if one.name == APPLICATIONS and one.estimate}
    if item not in levels:
        raise FaultyInput([no_such("item", item, tuple(levels))])
    base, level = history.scenario.base_year, levels[item]
    category, own = next((one.category, one.growth) for one in history.scenario.items if one.key == item)
    rate = history.growth.mean if own is None else float(np.log1p(own.at(base)))
    years = np.arange(min(history.years), max(base, *history.years) + 1, dtype=float)
    grown = np.exp(rate * (years - base))
    frame = {"year": years, "low": level.low * grown, "middle": level.middle * grown, "high": level.high * grown}
    seen = history.counts[item]
    points = {"when": np.array(list(seen), float), "count": np.array(list(seen.values()), float)}
    colour, top = colour_of(category), float(max(frame["high"].max(), points["count"].max()))
    layers = [
        draw_band(frame, "low", "high", colour, 0.25, ""),
        draw_line(frame, "middle", colour, "", "solid"),
        draw_points(points, "when", "count", ("when", "count"), say, INK),
        draw_texts(points["when"], points["count"] + top * 0.03, [f"{n:g}" for n in points["count"]], LINE, "center",
                   "bottom"),
    ]  # fmt: skip
    about = about_whom(history.scenario, item, None, say)
    title = say(f"{about}往年申报数与拟合", f"{about}applications of past years and the fit")
    key = [
        (say("往年申报数", "applications"), INK, "dot"),
        (say("拟合的期望数", "expected number fitted"), colour, "solid"),
        (say("八成区间", "80% range"), colour, 0.25),
    ]
    return finish(
        layers, Frame(headline(title, history.scenario, say), say, value_axis="", key=key),
        xlim=(years[0] - 0.4, years[-1] + 0.4), ylim=(0, with_air(top)), xticks=year_ticks(map(int, years)),
    )  # fmt: skip
