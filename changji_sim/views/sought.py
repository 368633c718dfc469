"""How likely money is short over the value that was sought, in a picture."""

from __future__ import annotations

from ..whatif.seek import Sought, amount
from ..wording.amounts import percent
from ..wording.labels import label
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, headline
from .plot_frame import Frame, finish
from .round_ticks import round_ticks
from .shapes import draw_band, draw_line, draw_points, draw_segments
from .theme import DARK, INK, LINE

TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
AROUND = 0.4  # of the value found, to either side
MOST_TICKS = 6  # along the value


@Picture
def sought(found: Sought, language: str = "zh") -> Drawing:
    """The probability that money is short over the value, with its 95% band; what is accepted, and the value found.

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    one, curve = found.parameter, found.curve
    name, chance = say(one.title, one.title_en), label(found.missed, say, "money")
    points = {
        "value": curve.value.to_numpy(), "probability": curve.probability.to_numpy(),
        "at": [amount(value, one.unit) for value in curve.value],
        "short": [f"{percent(p)} ({percent(low)}–{percent(high)})" for p, low, high in zip(
            curve.probability, curve.low, curve.high, strict=True)],
    }  # fmt: skip
    least, most = _span(found)
    level = {"x0": [least], "y0": [found.most], "x1": [most], "y1": [found.most]}
    accepted = say(f"可接受的概率{percent(found.most)}", f"accepted: {percent(found.most)}")
    sure = say("95%区间", "95% interval")
    layers = [
        draw_band(curve, "low", "high", DARK, 0.25, sure, "value"),
        draw_line(curve, "probability", DARK, chance, "solid", "value"),
        draw_segments(level, LINE, 1.5, accepted, "dashed"),
        draw_points(points, "value", "probability", ["at", "short"], say),
    ]
    key = [(chance, DARK, "solid"), (sure, DARK, 0.25), (accepted, LINE, "dashed")]
    if found.value is not None:
        layers.append(draw_segments({"x0": [found.value], "y0": [0], "x1": [found.value], "y1": [1]}, INK, 3))
        key.append((amount(found.value, one.unit), INK, "solid"))
    return finish(
        layers, Frame(headline(f"{chance} · {name}", found.scenario, say), say, value_axis="", key=key, height=300),
        xlim=(least, most if most > least else least + 1), ylim=(0, 1.02),
        xticks=round_ticks(least, most, one, MOST_TICKS),
        yticks=[(at, percent(at)) for at in TICKS],
    )  # fmt: skip


def _span(found: Sought) -> tuple[float, float]:
    """The values that are shown: around the one found, else all that were run."""
    least, most = float(found.curve.value.min()), float(found.curve.value.max())
    if found.value:
        least, most = max(least, (1 - AROUND) * found.value), min(most, (1 + AROUND) * found.value)
    return least, most
