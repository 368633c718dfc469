"""Which guess moves an answer (先查清哪个假设), in a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..results.shortfall import SHORT
from ..whatif.find_out import FoundOut
from ..wording.amounts import percent
from ..wording.guess_texts import answer_amount, answer_title, guess_range
from ..wording.language import title_with_item
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, headline, item_titles, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_segments, draw_texts, row_ticks
from .theme import INK, LINE, OTHER_CATEGORY

MOST_BARS = 12


@Picture
def tornado(found: FoundOut, language: str = "zh") -> Drawing:
    """The answer with each number in doubt at its lowest and its highest, that which moves it most on top; behind each
    bar its share of the variance.

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    table, y = found.table.head(MOST_BARS), -np.arange(min(MOST_BARS, len(found.table)), dtype=float)
    items = item_titles(found.scenario, say)
    rows: list[Any] = list(table.itertuples())
    names = [title_with_item(items, row.item, plain(say(row.title, row.title_en))) for row in rows]
    scale = 100.0 if found.answer == SHORT else 1.0
    middle, layers = found.mean_a_year * scale, []
    ends = (
        ("at_low", OTHER_CATEGORY, say("取最低值", "at its lowest")),
        ("at_high", INK, say("取最高值", "at its highest")),
    )
    for column, colour, title in ends:
        boxes = {
            "x0": np.full(len(table), middle), "y0": y - 0.32, "x1": table[column].to_numpy() * scale, "y1": y + 0.32,
            "name": names, "amount": [f"{title}: {answer_amount(found.answer, one)}" for one in table[column]],
            "between": [guess_range(row.low, row.high, row.unit) for row in rows],
            "variance": [percent(one) for one in table.share],
        }  # fmt: skip
        layers.append(draw_boxes(boxes, colour, "", say.hover("name", "amount", "between", "variance")))
    layers.append(draw_segments({"x0": [middle], "y0": [y[-1] - 0.6], "x1": [middle], "y1": [0.6]}, LINE, 1.5))
    reach = scale * np.array([table[["at_low", "at_high"]].min(axis=1), table[["at_low", "at_high"]].max(axis=1)])
    low, high = min(reach.min(), middle), max(reach.max(), middle)
    air = max(0.02 * (high - low), 1e-9)
    layers += _shares(reach[1], y, table.share.to_numpy(), air, say)
    ends_of = say("假设取最低值与最高值时", "with each guess at its lowest and highest")
    title = f"{answer_title(found.answer, say)} · {ends_of}"
    note = say("每年平均", "a year") if len(found.years) > 1 and found.answer != SHORT else ""
    frame = Frame(
        headline(title, found.scenario, say), say, value_axis="" if found.answer == SHORT else "x", note=note,
        key=[(name, colour, 1.0) for _, colour, name in ends], height=int(26 * (len(table) + 1)),
    )  # fmt: skip
    axes = {"xlabel": f"{answer_title(found.answer, say)}, %"} if found.answer == SHORT else {}
    return finish(
        layers, frame, xlim=(low - air, high + 8 * air), ylim=(y[-1] - 0.6, 0.6), yticks=row_ticks(names), **axes
    )


def _shares(at: np.ndarray, y: np.ndarray, shares: np.ndarray, air: float, say: PictureTranslator) -> list[Layer]:
    """The shares of the variance behind the bars; nothing where none was worked out."""
    known = np.isfinite(shares) & (shares > 0)
    texts = [percent(one) for one in shares[known]]
    return [draw_texts(at[known] + air / 2, y[known], texts, LINE, "left", "middle")] if known.any() else []
