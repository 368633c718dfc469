"""How likely money is short, year by year, and how sure that is after so many trials, in a picture."""

from __future__ import annotations

import numpy as np

from ..results.breakdown import ANY, shortfall, shortfall_ever
from ..results.monte_carlo import wilson
from ..results.run_result import RunResult
from ..wording.amounts import percent, percent_with_error
from ..wording.labels import label
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, headline
from .plot_frame import Frame, finish
from .shapes import draw_points, draw_segments, draw_texts, only_words
from .theme import DARK, LINE


@Picture
def chances(result: RunResult, language: str = "zh") -> Drawing:
    """The probability that an envelope is short, by year and in any year, each with its 95% interval (Wilson).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    name = label("probability_short", say, "money")
    title = headline(say(f"{name}及其模拟误差", f"{name} and how sure it is"), result.scenario, say)
    by_year, ever = (frame[frame.category == ANY] for frame in (shortfall(result), shortfall_ever(result)))
    if by_year.empty:
        return only_words(
            say("情景未设控制数（预算额度），不作缺口判断", "no envelope is set, so none is short"), title, say
        )
    short = [*by_year.probability_short, *ever.probability_ever]
    ends = [wilson(chance, result.trial_count) for chance in short]
    low, high = np.array(ends).T
    names = [*map(str, by_year.year), label("any_year", say, "columns")]
    texts = [percent_with_error(chance, *of) for chance, of in zip(short, ends, strict=True)]
    x = np.arange(len(names), dtype=float)
    points = {"x": x, "chance": short, "when": names, "short": texts}
    layers = [
        draw_segments({"x0": x, "y0": low, "x1": x, "y1": high}, DARK, 3, "95%"),
        draw_points(points, "x", "chance", ["when", "short"], say),
        draw_texts(x, high + 0.03, list(map(percent, short)), LINE, "center", "bottom"),
    ]
    trials = say(f"模拟{result.trial_count:,}次", f"{result.trial_count:,} trials")
    return finish(
        layers, Frame(f"{title} · {trials}", say, value_axis="", key=[("95%", DARK, "solid")], height=280),
        xlim=(-0.6, len(names) - 0.4), ylim=(0, max(0.1, float(high.max()) * 1.2)), yaxis=None,
        xticks=list(zip(x, names, strict=True)),
    )  # fmt: skip
