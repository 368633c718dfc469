"""The exact distribution of an item's money beside the simulated one, in a picture."""

from __future__ import annotations

import numpy as np

from ..results.exact import Exact, beside_simulated
from ..results.run_result import RunResult
from ..wording.amounts import decimal, exact_percent, percent_with_error
from ..wording.labels import label
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, headline, item_titles
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_points, draw_segments
from .theme import DARK, INK, colour_of

SEEN = 0.001  # amounts that are less likely are not drawn


@Picture
def exactly(of: Exact, result: RunResult, language: str = "zh") -> Drawing:
    """How likely each amount is: exactly as bars, in the run as points with their 95% intervals
    (`exact.beside_simulated`).

    Raises:
        FaultyInput: the run has no such item or year; there is no such language.
    """
    say = PictureTranslator(language)
    frame = beside_simulated(of, result)
    frame = frame[(frame.exact >= SEEN) | (frame.simulated >= SEEN)].reset_index(drop=True)
    title = headline(
        f"{item_titles(result.scenario, say)[of.item.key]} {of.year} · {label(of.flow, say)}", result.scenario, say
    )
    x = np.arange(len(frame), dtype=float)
    names = [decimal(amount, 0) for amount in frame.amount_wan]
    exact_title, run_title = (
        say("精确", "exact"),
        say(f"模拟{result.trial_count:,}次", f"{result.trial_count:,} trials"),
    )
    texts = [percent_with_error(*row) for row in frame[["simulated", "low", "high"]].itertuples(index=False)]
    boxes = {
        "x0": x - 0.36, "y0": np.zeros(len(x)), "x1": x + 0.36, "y1": frame.exact.to_numpy(float),
        "amount": [f"{name} {say.unit}" for name in names], "chance_of": list(map(exact_percent, frame.exact)),
    }  # fmt: skip
    points = {"x": x, "simulated": frame.simulated, "amount": boxes["amount"], "chance_of": texts}
    colour = colour_of(of.item.category)
    layers = [
        draw_boxes(boxes, colour, exact_title, say.hover("amount", "chance_of")),
        draw_segments({"x0": x, "y0": frame.low, "x1": x, "y1": frame.high}, DARK, 2),
        draw_points(points, "x", "simulated", ["amount", "chance_of"], say),
    ]
    every = max(1, len(names) // 14)
    return finish(
        layers, Frame(title, say, value_axis="", key=[(exact_title, colour, 1.0), (run_title, INK, "dot")], height=300),
        xlim=(-0.7, len(names) - 0.3), ylim=(0, 1.1 * float(max(frame.exact.max(), frame.high.max()))),
        xticks=[(place, name) for n, (place, name) in enumerate(zip(x, names, strict=True)) if n % every == 0],
        yaxis=None,
    )  # fmt: skip
