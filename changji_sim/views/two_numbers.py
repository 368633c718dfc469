"""Two numbers against each other (两项对照图), in a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..adjustable.adjustable import Adjustable
from ..base.faults import Fault, FaultyInput
from ..base.messages import joined, message
from ..whatif.regime_map import NOTHING, RegimeMap
from ..whatif.seek import amount
from ..wording.amounts import percent, wan
from ..wording.labels import label
from ..wording.language import title_with_item
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, headline, item_titles, plain
from .plot_frame import Frame, finish
from .shapes import draw_cells, draw_points, draw_rectangles, draw_segments, draw_texts, ink_on_cell
from .theme import CATEGORY_COLOURS, DARK, LEAST, ON_PALE, PALE

COLOURS = ("short", "limit")  # what may colour the cells
LEVELS = (0.1, 0.5, 0.9)  # of the probability, where lines are drawn
REGIMES = (*CATEGORY_COLOURS.values(), "#E69F00", "#999999")  # of limits, the commonest first
MOST_TICKS = 6
WORDS = 0.32, 0.3  # of a cell, to each side of its middle: where its number stands
END = -0.3, 0.2  # of a cell, from the end of a line to the middle of its number
Lines = dict[float, list[np.ndarray]]  # by level


@Picture
def two_numbers(found: RegimeMap, colour: str = "short", language: str = "zh") -> Drawing:
    """Cells coloured by how likely money is short, or by the limit that decides; lines where that probability is 10%,
    50% and 90%; the point is what is set now.

    Raises:
        FaultyInput: there is no such colour or language.
    """
    if colour not in COLOURS:
        what = message("found {found}; write one of {choices}", found=str(colour)[:60], choices=joined(COLOURS))
        raise FaultyInput([Fault("colour", what)])
    say = PictureTranslator(language)
    xs, ys, short = found.grid()
    cells = found.cells
    dx, dy = (np.diff(values).min() if len(values) > 1 else 1.0 for values in (xs, ys))
    boxes = {
        "x0": (cells.x - dx / 2).to_numpy(), "y0": (cells.y - dy / 2).to_numpy(),
        "x1": (cells.x + dx / 2).to_numpy(), "y1": (cells.y + dy / 2).to_numpy(),
        "name": [_place(found, x, y) for x, y in zip(cells.x, cells.y, strict=True)],
        "short": [percent(one) for one in cells.probability_short],
        "decides": [_limit(found, key, say) for key in cells.limit],
        "cut": [wan(one) for one in cells.mean_cut_wan],
    }  # fmt: skip
    hover = say.hover("name", "short", "decides", "cut")
    lines = _lines(xs, ys, short)
    layers, key = (
        _short(found, boxes, hover, lines, (dx, dy)) if colour == "short" else _regimes(found, boxes, hover, say)
    )
    for level, some in lines.items():
        layers += _line(level, some, xs, ys, short, (dx, dy), is_on_cells=colour == "short")
    layers += _today(found, say)
    key.append((say("目前取值", "set now"), DARK, "dot"))
    chance, decides = label("probability_short", say, "money"), say("哪项限额起决定作用", "which limit decides")
    years = found.years[0] if len(found.years) == 1 else f"{found.years[0]}–{found.years[-1]}"
    frame = Frame(
        headline(f"{chance if colour == 'short' else decides} · {years}", found.scenario, say),
        say,
        value_axis="",
        key=key,
        height=420,
    )
    return finish(
        layers, frame, xlim=(xs[0] - dx / 2, xs[-1] + dx / 2), ylim=(ys[0] - dy / 2, ys[-1] + dy / 2),
        xlabel=_name(found, found.x, say), ylabel=_name(found, found.y, say),
        xticks=_ticks(xs, found.x.unit), yticks=_ticks(ys, found.y.unit),
    )  # fmt: skip


def _short(
    found: RegimeMap, boxes: dict[str, Any], hover: list[Any], lines: Lines, size: tuple[float, float]
) -> tuple[list[Layer], list[Any]]:
    """Cells by the probability, with its number in each that no line crosses; what cannot be had is empty."""
    known = found.cells.probability_short.notna().to_numpy()
    some = {
        name: np.asarray(values, object if isinstance(values, list) else float)[known] for name, values in boxes.items()
    }
    chances, texts = found.cells.probability_short.to_numpy()[known], np.array(some["short"], object)
    x, y = found.cells.x.to_numpy(float)[known], found.cells.y.to_numpy(float)[known]
    for ends in (one for of_level in lines.values() for one in of_level):
        texts[_near(ends, x, y, size)] = ""
    return draw_cells(some, x, y, chances, texts, 1.0, hover), []


def _near(line: np.ndarray, x: np.ndarray, y: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    """Whether a line, or the number at its end, stands on the number in the middle of each cell."""
    steps = np.linspace(0, 1, 9)[:, None, None]
    points = (line[:-1] + steps * (line[1:] - line[:-1])).reshape(-1, 2)
    points = np.vstack([points, line[-1] + np.multiply(END, size)])
    apart = np.abs(points[:, None] - np.column_stack([x, y])) / np.array(size)
    return ((apart[..., 0] < WORDS[0]) & (apart[..., 1] < WORDS[1])).any(axis=0)


def _regimes(
    found: RegimeMap, boxes: dict[str, Any], hover: list[Any], say: PictureTranslator
) -> tuple[list[Layer], list[Any]]:
    """Cells by the limit that decides, each with a colour of its own."""
    layers, key = [], []
    for n, limit in enumerate([*found.limits, NOTHING]):
        here = (found.cells.limit == limit).to_numpy() & found.cells.probability_short.notna().to_numpy()
        if not here.any():
            continue
        fill = LEAST if limit == NOTHING else REGIMES[n % len(REGIMES)]
        some = {
            name: np.asarray(values, object if isinstance(values, list) else float)[here]
            for name, values in boxes.items()
        }
        bokeh = {"color": fill, "fill_alpha": 0.75, "line_color": None, "tools": ["hover"], "hover_tooltips": hover}
        layers.append(draw_rectangles(some, bokeh, {"facecolor": fill, "edgecolor": "none", "alpha": 0.75}))
        key.append((_limit(found, limit, say), fill, 0.75))
    return layers, key


def _lines(xs: np.ndarray, ys: np.ndarray, short: np.ndarray) -> Lines:
    """Where the probability is that of each level: lines of points, shape ``(points, 2)``."""
    from contourpy import contour_generator  # what bokeh and matplotlib draw contours with

    if min(short.shape) < 2:
        return {}
    made: Any = contour_generator(xs, ys, np.ma.masked_invalid(short))
    lines = {level: [line for line in made.lines(level) if len(line) > 1] for level in LEVELS}
    # From left to right: the number at the end of one stands to its left, and at the left edge there is no room for it.
    return {level: [one if one[0, 0] <= one[-1, 0] else one[::-1] for one in some] for level, some in lines.items()}


def _line(
    level: float, lines: list[np.ndarray], xs: np.ndarray, ys: np.ndarray, short: np.ndarray,
    size: tuple[float, float], is_on_cells: bool,
) -> list[Layer]:  # fmt: skip
    """The lines of a level, with its number at an end. A pale edge lets dark lines be seen on dark cells, and the
    number has the colour of words on the cell it stands on.
    """
    if not lines:
        return []
    ends = np.concatenate([np.hstack([line[:-1], line[1:]]) for line in lines])
    columns = dict(zip(("x0", "y0", "x1", "y1"), ends.T, strict=True))
    x, y = max(lines, key=len)[-1]
    below = _nearest(short, xs, x + END[0] * size[0], ys, y + END[1] * size[1])
    ink = ink_on_cell(below) if is_on_cells and below == below else ON_PALE
    return [
        draw_segments(columns, PALE, 4),
        draw_segments(columns, DARK, 2, dash="solid" if level == 0.5 else "dashed"),
        draw_texts([x], [y], [percent(level)], ink, "right", "bottom"),
    ]


def _nearest(short: np.ndarray, xs: np.ndarray, x: float, ys: np.ndarray, y: float) -> float:
    """The probability of the cell at a place."""
    return float(short[np.abs(ys - y).argmin(), np.abs(xs - x).argmin()])


def _today(found: RegimeMap, say: PictureTranslator) -> list[Layer]:
    """Where the scenario stands, where both numbers are set."""
    if found.x.value is None or found.y.value is None:
        return []
    place = f"{say('目前取值：', 'set now: ')}{_place(found, found.x.value, found.y.value)}"
    at = {"x": [float(found.x.value)], "y": [float(found.y.value)], "name": [place]}
    return [draw_points(at, "x", "y", ["name"], say, PALE, 15), draw_points(at, "x", "y", ["name"], say, DARK)]


def _place(found: RegimeMap, x: float, y: float) -> str:
    return " · ".join(amount(float(f"{at:.5g}"), one.unit) for at, one in ((x, found.x), (y, found.y)))


def _limit(found: RegimeMap, key: str, say: PictureTranslator) -> str:
    return (
        " · ".join(map(plain, say(*found.limits[key]).split(" · "))) if key else say("均不起决定作用", "none decides")
    )


def _name(found: RegimeMap, one: Adjustable, say: PictureTranslator) -> str:
    return title_with_item(item_titles(found.scenario, say), one.group, plain(say(one.title, one.title_en)))


def _ticks(values: np.ndarray, unit: str) -> list[tuple[float, str]]:
    step = -(-len(values) // MOST_TICKS)
    return [(float(at), amount(float(f"{at:.5g}"), unit)) for at in values[::step]]
