"""What pictures are made of: boxes, lines, bands, words at a place, and the ticks beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..base.text_width import PROPORTIONAL, text_width
from .drawing import Drawing, Layer
from .picture_text import PictureTranslator
from .plot_frame import Frame, finish
from .theme import DARK, INK, LEAST, LINE, MOST, ON_PALE, WHITE, colour_ramp, ink_on

FAINTEST = 0.08  # of `MOST`: so much of it on white is `LEAST`
Columns = Any  # values by name: a frame's, or a mapping's where many pictures are drawn in a moment


def draw_boxes(boxes: Columns, colour: str, label: str, hover: list[tuple[str, str]]) -> Layer:
    bokeh = {"color": colour, "line_color": None, "tools": ["hover"], "hover_tooltips": hover}
    return draw_rectangles(boxes, bokeh, {"facecolor": colour, "edgecolor": "none"}, label)


def draw_rectangles(boxes: Columns, bokeh: Mapping[str, Any], matplotlib: Mapping[str, Any], label: str = "") -> Layer:
    return Layer("Rectangles", columns_of(boxes), ("x0", "y0", "x1", "y1"), bokeh, matplotlib, label)


def draw_cells(
    boxes: Columns, x: np.ndarray, y: np.ndarray, chances: np.ndarray, texts: np.ndarray, most: float, hover: list[Any]
) -> list[Layer]:
    """Boxes that are the stronger, the likelier something is (from 0 to ``most``), and words at a place in each.

    On a page they are one colour, more or less of it, so that they stand on a light and on a dark one.
    """
    share = np.asarray(chances, float) / most
    colours = np.array([cell_colour(one) for one in share], object)
    cells = {**boxes, "probability": chances, "strength": FAINTEST + (1 - FAINTEST) * share, "colour": colours}
    on_page = {"color": MOST, "fill_alpha": "strength", "line_color": None, "tools": ["hover"], "hover_tooltips": hover}
    inks = np.array([ink_on_cell(one) for one in share])
    layers = [draw_rectangles(cells, on_page, {"color": "colour", "edgecolor": "none"})]
    for ink in (ON_PALE, WHITE):
        here = inks == ink
        layers.append(draw_texts(x[here], y[here], texts[here], ink, "center", "middle").with_ghost("words"))
    return layers


def cell_colour(share: float) -> str:
    """The colour of a cell, from 0 to 1."""
    return colour_ramp(LEAST, MOST)[round(255 * share)]


def ink_on_cell(share: float) -> str:
    """The colour of words on a cell, which on a dark page turns with the cell's."""
    return ON_PALE if ink_on(cell_colour(share)) == DARK else WHITE


def draw_segments(lines: Columns, colour: str, width: float = 1.5, label: str = "", dash: str = "solid") -> Layer:
    bokeh = {"color": colour, "line_width": width, "line_dash": dash}
    matplotlib = {"color": colour, "linewidth": width, "linestyle": dash}
    return Layer("Segments", columns_of(lines), ("x0", "y0", "x1", "y1"), bokeh, matplotlib, label)


def draw_band(frame: Columns, low: str, high: str, colour: str, alpha: float, label: str, along: str = "year") -> Layer:
    bokeh = {"color": colour, "alpha": alpha, "line_alpha": 0}
    matplotlib = {"color": colour, "facecolor": colour, "alpha": alpha, "linewidth": 0}
    return Layer("Area", columns_of(frame, along, low, high), (along, low, high), bokeh, matplotlib, label)


def draw_line(frame: Columns, column: str, colour: str, label: str, dash: str, along: str = "year") -> Layer:
    bokeh = {"color": colour, "line_width": 2.5, "line_dash": dash}
    matplotlib = {"color": colour, "linewidth": 2.2, "linestyle": dash}
    return Layer("Curve", columns_of(frame, along, column), (along, column), bokeh, matplotlib, label)


def draw_points(
    frame: Columns, x: str, y: str, columns: Sequence[str], say: PictureTranslator, colour: str = INK, size: int = 9
) -> Layer:
    """Points to point at; ``columns`` are what a pointer shows."""
    bokeh = {"color": colour, "size": size, "tools": ["hover"], "hover_tooltips": say.hover(*columns)}
    area = round(28 * (size / 9) ** 2)
    return Layer("Points", columns_of(frame, x, y, *columns), (x, y), bokeh, {"color": colour, "s": area})


def draw_texts(x: Iterable[Any], y: Iterable[Any], text: Iterable[str], colour: str, align: str, base: str) -> Layer:
    columns = {"x": np.array(list(x), float), "y": np.array(list(y), float), "text": np.array(list(text), object)}
    vertical = {"middle": "center"}.get(base, base)
    bokeh = {"text_color": colour, "text_font_size": "10pt", "text_align": align, "text_baseline": base}
    matplotlib = {"color": colour, "size": 9.5, "horizontalalignment": align, "verticalalignment": vertical}
    return Layer("Labels", columns, ("x", "y"), bokeh, matplotlib)


def draw_texts_inside(x: np.ndarray, y: np.ndarray, text: np.ndarray, box: str) -> Layer:
    """Words in the middle of boxes of a colour; those that ``hides`` is 1 of cover what is behind them with it."""
    plain_layer = draw_texts(x, y, text, ink_on(box), "center", "middle").with_ghost("inside")
    columns = {**plain_layer.columns, "hides": np.zeros(len(x))}
    look = {**plain_layer.bokeh, "background_fill_color": box, "background_fill_alpha": "hides"}
    return replace(plain_layer, columns=columns, bokeh=look)


def columns_of(frame: Columns, *names: str) -> dict[str, np.ndarray]:
    """Columns as arrays, all if none is named: numbers and text, nothing of pandas' own."""
    arrays = {name: np.asarray(frame[name]) for name in names or tuple(frame)}
    return {name: one.astype(float if one.dtype.kind in "iuf" else object) for name, one in arrays.items()}


def only_words(text: str, title: str, say: PictureTranslator) -> Drawing:
    """A picture of which there is nothing to draw says so."""
    layers = [draw_texts([0.5], [0.5], [text], LINE, "center", "middle")]
    return finish(
        layers, Frame(title, say, value_axis="", height=100), xlim=(0, 1), ylim=(0, 1), xaxis=None, yaxis=None
    )


def year_ticks(years: Iterable[int]) -> list[tuple[float, str]]:
    return [(float(year), str(year)) for year in sorted(set(years))]


def row_ticks(names: Sequence[str]) -> list[tuple[float, str]]:
    """Ticks of rows from the top down."""
    return [(-float(n), name) for n, name in enumerate(names)]


def with_air(top: float) -> float:
    """An axis with air above what it shows."""
    return float(top) * 1.12 if top > 0 else 1.0


def with_room(widest: float, texts: Iterable[str], letter: float = 0.028) -> float:
    """An axis with room for texts beyond the longest bar. A Chinese character is as wide as two digits.

    Args:
        letter: room for a digit, of the longest bar; more of it where texts are long and cards stand side by side.
    """
    return widest * (1.02 + letter * max((text_width(text, PROPORTIONAL) for text in texts), default=0))


def clear_of(limit: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The larger part of each box that a line at ``limit`` does not cross: where its words go."""
    is_crossed = (limit > low) & (limit < high)
    is_above = high - limit > limit - low
    return np.where(is_crossed & is_above, limit, low), np.where(is_crossed & ~is_above, limit, high)
