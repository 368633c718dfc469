"""What is paid of the total envelope and lapses, year by year, beside what is refused, in a picture."""

from __future__ import annotations

import numpy as np

from ..results.execution import lapse_reasons
from ..results.run_result import RunResult
from ..wording.amounts import percent, wan
from ..wording.labels import label
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, headline
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_texts, only_words, with_air, year_ticks
from .theme import INK, LEAST, LINE, OVER, PALE, colour_ramp, ink_on

COLOURS = {"paid": INK, "both": colour_ramp(INK, LEAST, 4)[1], "idle": PALE, "gone": OVER}
BARS = {"left": ("paid", "both", "idle"), "right": ("both", "gone")}  # from the bottom


@Picture
def executed(result: RunResult, language: str = "zh") -> Drawing:
    """By year two bars, means: the total envelope in what is paid, what lapses while as much is refused in the same
    trial, and what lapses beyond; beside it the first payments that are refused (`execution.lapse_reasons`).

    Raises:
        FaultyInput: there is no such language; the trials were summed.
    """
    say, frame = PictureTranslator(language), lapse_reasons(result)
    what = say("预算执行与结余，旁为未安排的首笔（平均）", "paid and lapsing, beside what is refused (mean)")
    title = headline(what, result.scenario, say)
    if frame.empty:
        return only_words(
            say("情景未设总额控制数，没有预算执行率", "no total envelope is set, so there is no rate"), title, say
        )
    year = frame.year.to_numpy(float)
    lapse, idle, gone, refused = (
        frame[f"{name}_wan"].to_numpy() for name in ("lapse", "idle", "gone", "refused_first")
    )
    envelope = np.array([result.mean_envelope(one) / 1e6 for one in frame.year])
    heights = {"paid": envelope - lapse, "both": lapse - idle, "idle": idle, "gone": gone}
    names = {"paid": label("payment", say)} | {key: label(key, say, "execution") for key in ("both", "idle", "gone")}
    top, layers = float(max(envelope.max(), refused.max())), []
    for bar, parts in BARS.items():
        low, (start, stop) = np.zeros(len(year)), (-0.4, 0.0) if bar == "left" else (0.04, 0.4)
        for part in parts:
            high = low + heights[part]
            layers += _part(part, names[part], (year + start, low, year + stop, high), top, say)
            low = high
    rates = [percent(share) for share in (envelope - lapse) / envelope]
    layers.append(draw_texts(year - 0.2, envelope + 0.015 * top, rates, LINE, "center", "bottom"))
    layers.append(draw_texts(year + 0.22, refused + 0.015 * top, list(map(wan, refused)), LINE, "center", "bottom"))
    key = [(names[part], colour, 1.0) for part, colour in COLOURS.items() if heights[part].any()]
    return finish(
        layers, Frame(title, say, value_axis="y", key=key, height=350),
        xlim=(year.min() - 0.6, year.max() + 0.6), ylim=(0, with_air(top)), xticks=year_ticks(frame.year),
    )  # fmt: skip


def _part(part: str, name: str, ends: tuple[np.ndarray, ...], top: float, say: PictureTranslator) -> list[Layer]:
    """One part of the bars of all years, and its amounts where there is room."""
    x0, low, x1, high = ends
    amounts = np.array(list(map(wan, high - low)), object)
    boxes = {
        "x0": x0, "y0": low, "x1": x1, "y1": high, "name": np.full(len(x0), name, object),
        "when": [str(round(one)) for one in x0], "amount": [f"{amount} {say.unit}" for amount in amounts],
    }  # fmt: skip
    fits = high - low > 0.05 * top
    words = draw_texts(
        (x0 + x1)[fits] / 2, (low + high)[fits] / 2, amounts[fits], ink_on(COLOURS[part]), "center", "middle"
    )
    return [draw_boxes(boxes, COLOURS[part], name, say.hover("name", "when", "amount")), words]
