"""How likely money is short, in a picture: envelope by year, and over all years."""

from __future__ import annotations

import pandas as pd

from .. import breakdown
from ..breakdown import ANY, EVERY
from ..result import Result
from ..terminal import percent, wan
from .drawing import Drawing, Layer, Picture
from .looks import DARK, LEAST, MOST, WHITE, colour_ramp, ink_on
from .page import Frame, finish
from .shapes import draw_rectangles, draw_texts, only_words, row_ticks
from .words import Words, category_title, headline

EVER, ALWAYS = ("任一年", "any year"), ("每年都", "every year")


@Picture
def shortage(result: Result, language: str = "zh") -> Drawing:
    """Envelope by year: how likely need exceeds it, and by how much on average; then in any year, and in every year
    (`breakdown.shortfall`, `breakdown.shortfall_ever`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = Words(language)
    title = headline(say("缺口概率", "how likely money is short"), result.scenario, say)
    cells = _cells(result, say)
    if cells.empty:
        return only_words(say("情景未设预算额度，没有缺口可言", "no envelope is set, so none is short"), title, say)
    names, whens = list(dict.fromkeys(cells.name)), list(dict.fromkeys(cells.when))
    x, y = cells.when.map(whens.index).astype(float), -cells.name.map(names.index).astype(float)
    x += 0.12 * (x >= len(result.years))  # what is over all years stands apart
    boxes = cells.assign(x0=x - 0.48, y0=y - 0.46, x1=x + 0.48, y1=y + 0.46, chance=cells.probability.map(percent))
    boxes["lacks"] = cells.lacking_wan.map(wan)
    ramp = colour_ramp(LEAST, MOST)
    look = {"color": "probability", "cmap": ramp, "clim": (0, 1)}
    hover = say.hover("name", "when", "short", "lacks")
    boxes["short"] = boxes.chance
    on_page = {**look, "line_color": None, "tools": ["hover"], "hover_tooltips": hover}
    layers: list[Layer] = [draw_rectangles(boxes, on_page, {**look, "edgecolor": "none"})]
    lacking = cells.lacking_wan.map(lambda amount: "" if pd.isna(amount) else say("\n平均缺", "\nlacks ") + wan(amount))
    inks = cells.probability.map(lambda probability: ink_on(ramp[round(255 * probability)]))
    for ink in (DARK, WHITE):
        here = inks == ink
        layers.append(draw_texts(x[here], y[here], (boxes.chance + lacking)[here], ink, "center", "middle"))
    ticks = [(place + 0.12 * (place >= len(result.years)), when) for place, when in enumerate(whens)]
    return finish(
        layers, Frame(title, say, value_axis="", height=56 * len(names)),
        xlim=(-0.6, len(whens) - 0.28), ylim=(-len(names) + 0.5, 0.5), xticks=ticks, yticks=row_ticks(names),
    )  # fmt: skip


def _cells(result: Result, say: Words) -> pd.DataFrame:
    """``name, when, probability, lacking_wan``; what is lacking in every year is not told apart."""
    by_year, ever = breakdown.shortfall(result), breakdown.shortfall_ever(result)
    names = {key: category_title(result.scenario, key, say) for key in result.scenario.categories}
    names |= {EVERY: say("总额度", "the total"), ANY: say("任一额度", "any of these")}
    alone = {ANY} if set(by_year.category) == {EVERY, ANY} else set()  # one envelope is any of one
    rows = [(r.category, str(r.year), r.probability_short, r.expected_short_wan) for r in by_year.itertuples()]
    for r in ever.itertuples():
        rows.append((r.category, say(*EVER), r.probability_ever, r.expected_short_wan))
        rows.append((r.category, say(*ALWAYS), r.probability_every_year, float("nan")))
    ordered = [key for key in names if key not in alone]
    frame = pd.DataFrame(rows, columns=["category", "when", "probability", "lacking_wan"])
    frame = frame[frame.category.isin(ordered)]
    frame = frame.sort_values("category", key=lambda keys: keys.map(ordered.index), kind="stable")
    return frame.assign(name=frame.category.map(names)).reset_index(drop=True)
