"""What is paid by the end of each month of a year, beside the part of the year gone by (序时进度), in a picture."""

from __future__ import annotations

import numpy as np

from ..results.paid_by_month import paid_by_month
from ..results.run_result import RunResult
from ..wording.amounts import percent, wan
from ..wording.labels import label
from .calendars import month_names
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, headline
from .plot_frame import Frame, finish
from .shapes import draw_band, draw_line, draw_points, draw_segments, only_words, with_air
from .theme import INK, LINE

SHARES = ("rate", "rate_p10", "rate_p90")


@Picture
def paid_months(result: RunResult, year: int | None = None, language: str = "zh") -> Drawing:
    """The share of the total envelope paid by the end of each month: mean and middle 80%, beside the time elapsed.

    Args:
        year: by default the first.

    Raises:
        FaultyInput: there is no such language; the scenario says no months; the trials were summed.
    """
    say, year = PictureTranslator(language), result.years[0] if year is None else year
    frame = paid_by_month(result)
    frame = frame[(frame.category == "*") & (frame.year == year)]
    title = headline(
        say(f"{year}年逐月执行率与序时进度", f"{year}: paid by month, and the year elapsed"), result.scenario, say
    )
    if not frame.rate.notna().any():
        return only_words(say(f"{year}年未设总额控制数", f"no total envelope is set for {year}"), title, say)
    shares = {key: 100 * frame[key].to_numpy(float) for key in SHARES}
    curve = {key: np.concatenate([[0.0], of]) for key, of in shares.items()} | {"month": np.arange(13.0)}
    points = {
        "x": frame.month.to_numpy(float), "y": shares["rate"], "name": month_names(say),
        "rate": list(map(percent, frame.rate)), "elapsed": list(map(percent, frame.elapsed)),
        "amount": [f"{wan(one)} {say.unit}" for one in frame.paid_wan],
    }  # fmt: skip
    names = {key: label(key, say, "execution") for key in ("rate", "middle", "elapsed")}
    layers = [
        draw_band(curve, "rate_p10", "rate_p90", INK, 0.25, names["middle"], "month"),
        draw_line(curve, "rate", INK, names["rate"], "solid", "month"),
        draw_segments({"x0": [0], "y0": [0], "x1": [12], "y1": [100]}, LINE, 2, names["elapsed"], "dashed"),
        draw_points(points, "x", "y", ["name", "rate", "elapsed", "amount"], say),
    ]
    top = max(100.0, float(shares["rate_p90"].max()))
    return finish(
        layers,
        Frame(title, say, value_axis="", height=330, key=[
            (names["middle"], INK, 0.25), (names["rate"], INK, "solid"), (names["elapsed"], LINE, "dashed")]),
        xlim=(0, 12.4), ylim=(0, with_air(top)), yticks=[(float(y), f"{y}%") for y in range(0, 101, 25)],
        xticks=[(m + 0.5, text) for m, text in enumerate(month_names(say))],
    )  # fmt: skip
