"""The table of a sweep (多组试算), in a picture."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import named_parameter
from ..base.faults import Fault, FaultyInput
from ..base.messages import joined, message
from ..results.shortfall import SHORT
from ..scenario.model import ScenarioModel
from ..whatif.seek import amount
from ..whatif.sweep import ALL_YEARS
from ..wording.amounts import percent, wan
from ..wording.guess_texts import answer_title
from ..wording.labels import label
from ..wording.language import title_with_item
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, headline, item_titles, plain
from .plot_frame import Frame, finish
from .round_ticks import round_ticks
from .shapes import draw_points, draw_segments, only_words, with_air
from .theme import INK, PALE

TICKS = 6  # along the parameter


@Picture
def swept(
    table: pd.DataFrame, scenario: ScenarioModel, x: str, quantity: str = "payment", year: str = ALL_YEARS,
    language: str = "zh",
) -> Drawing:  # fmt: skip
    """A quantity of each setting over the value of one parameter: a point at the mean, a line from P10 to P90.

    Args:
        table: of `changji_sim.whatif.sweep.sweep`.
        scenario: that was swept, for the names.
        x: key of a parameter that is a column of the table and a number.
        quantity, year: as in the table; the year as text.

    Raises:
        FaultyInput: the table has no such parameter, quantity or year; there is no such language.
    """
    say = PictureTranslator(language)
    rows = table[(table.quantity == quantity) & (table.year == str(year))]
    if x not in table or rows.empty:
        wanted = {"x": x not in table, "quantity": quantity not in set(table.quantity), "year": rows.empty}
        what = message("the table has no such {names}", names=joined(name for name, lacks in wanted.items() if lacks))
        raise FaultyInput([Fault("", what)])
    one = named_parameter(scenario, x)
    name = title_with_item(item_titles(scenario, say), one.group, plain(say(one.title, one.title_en)))
    when = say("全部年度", "all years") if str(year) == ALL_YEARS else str(year)
    title = headline(f"{answer_title(quantity, say)} · {when}", scenario, say)
    rows = rows[rows[x].notna()]
    if rows.empty:
        return only_words(say("没有取值", "no value is set"), title, say)
    is_chance = quantity == SHORT
    mean, at = rows["mean"].to_numpy(float) * (100 if is_chance else 1), rows[x].to_numpy(float)
    points = {
        "x": at, "y": mean, "at": [amount(float(f"{value:.5g}"), one.unit) for value in at],
        "name": [say(f"第{number}组", f"setting {number}") for number in rows.setting],
        "amount": [percent(value) if is_chance else wan(value) for value in rows["mean"]],
    }  # fmt: skip
    layers: list[Layer] = []
    if not is_chance:
        lines = {"x0": at, "y0": rows.p10.to_numpy(float), "x1": at, "y1": rows.p90.to_numpy(float)}
        layers.append(draw_segments(lines, PALE, 3, label("p10_p90", say, "columns")))
    layers.append(draw_points(points, "x", "y", ["name", "at", "amount"], say))
    top = with_air(max(mean.max(), 0 if is_chance else rows.p90.max()))
    air = 0.04 * (at.max() - at.min()) or 1.0
    key = [(label("mean", say, "columns"), INK, "dot")]
    key += [] if is_chance else [(label("p10_p90", say, "columns"), PALE, "solid")]
    frame = Frame(title, say, value_axis="" if is_chance else "y", key=key, height=360)
    axes = {"ylabel": f"{answer_title(quantity, say)}, %"} if is_chance else {}
    return finish(
        layers, frame, xlim=(at.min() - air, at.max() + air), ylim=(0, 105 if is_chance else top),
        xlabel=name, xticks=_ticks(at, one), **axes,
    )  # fmt: skip


def _ticks(at: np.ndarray, one: Adjustable) -> list[tuple[float, str]]:
    """At the values that were set where they are few, else at round numbers."""
    values = np.unique(at)
    if len(values) > TICKS:
        return round_ticks(float(values[0]), float(values[-1]), one, TICKS)
    return [(float(value), amount(float(f"{value:.4g}"), one.unit)) for value in values]
