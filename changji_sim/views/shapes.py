"""What pictures are made of: boxes, lines, bands, words at a place, and the ticks beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import holoviews as hv
import pandas as pd

from .looks import INK, LINE, looks_of
from .page import Frame, finish
from .words import Words


def draw_boxes(boxes: pd.DataFrame, colour: str, label: str, hover: list[tuple[str, str]]) -> hv.Rectangles:
    return draw_rectangles(boxes, label).opts(
        *looks_of(
            "Rectangles",
            bokeh={"color": colour, "line_color": None, "tools": ["hover"], "hover_tooltips": hover},
            matplotlib={"facecolor": colour, "edgecolor": "none"},
        )
    )


def draw_rectangles(boxes: pd.DataFrame, label: str = "") -> hv.Rectangles:
    corners = ["x0", "y0", "x1", "y1"]
    return hv.Rectangles(boxes, corners, [c for c in boxes.columns if c not in corners], label=label)


def draw_segments(lines: pd.DataFrame, colour: str, width: float = 1.5, label: str = "") -> hv.Segments:
    styled = looks_of(
        "Segments",
        bokeh={"color": colour, "line_width": width},
        matplotlib={"color": colour, "linewidth": width},
    )
    return hv.Segments(lines, ["x0", "y0", "x1", "y1"], label=label).opts(*styled)


def draw_band(
    frame: pd.DataFrame, low: str, high: str, colour: str, alpha: float, label: str, along: str = "year"
) -> hv.Area:
    styled = looks_of(
        "Area",
        bokeh={"color": colour, "alpha": alpha, "line_alpha": 0},
        matplotlib={"color": colour, "facecolor": colour, "alpha": alpha, "linewidth": 0},
    )
    return hv.Area(frame, along, [low, high], label=label).opts(*styled)


def draw_line(frame: pd.DataFrame, column: str, colour: str, label: str, dash: str, along: str = "year") -> hv.Curve:
    styled = looks_of(
        "Curve",
        bokeh={"color": colour, "line_width": 2.5, "line_dash": dash},
        matplotlib={"color": colour, "linewidth": 2.2, "linestyle": dash},
    )
    return hv.Curve(frame, along, column, label=label).opts(*styled)


def draw_points(frame: pd.DataFrame, x: str, y: str, columns: Sequence[str], say: Words) -> hv.Points:
    """Points to point at; ``columns`` are what a pointer shows."""
    styled = looks_of(
        "Points",
        bokeh={"color": INK, "size": 9, "tools": ["hover"], "hover_tooltips": say.hover(*columns)},
        matplotlib={"color": INK, "s": 28},
    )
    return hv.Points(frame, [x, y], list(columns)).opts(*styled)


def draw_texts(
    x: Iterable[Any], y: Iterable[Any], text: Iterable[str], colour: str, align: str, base: str
) -> hv.Labels:
    frame = pd.DataFrame({"x": list(x), "y": list(y), "text": list(text)}).astype({"x": float, "y": float, "text": str})
    vertical = {"middle": "center"}.get(base, base)
    styled = looks_of(
        "Labels",
        bokeh={"text_color": colour, "text_font_size": "10pt", "text_align": align, "text_baseline": base},
        matplotlib={"color": colour, "size": 9.5, "horizontalalignment": align, "verticalalignment": vertical},
    )
    return hv.Labels(frame, ["x", "y"], "text").opts(*styled)


def only_words(text: str, title: str, say: Words) -> hv.Overlay:
    """A picture of which there is nothing to draw says so."""
    layers = [draw_texts([0.5], [0.5], [text], LINE, "center", "middle")]
    return finish(
        layers, Frame(title, say, value_axis="", height=100), xlim=(0, 1), ylim=(0, 1), xaxis=None, yaxis=None
    )


def thin_line(dash: str) -> dict[str, Any]:
    return {"color": LINE, "line_width": 1, "line_dash": dash}


def thin_line_on_paper(dash: str) -> dict[str, Any]:
    return {"color": LINE, "linewidth": 1, "linestyle": dash}


def year_ticks(years: Iterable[int]) -> list[tuple[float, str]]:
    return [(float(year), str(year)) for year in sorted(set(years))]


def row_ticks(names: Sequence[str]) -> list[tuple[float, str]]:
    """Ticks of rows from the top down."""
    return [(-float(n), name) for n, name in enumerate(names)]


def with_air(top: float) -> float:
    """An axis with air above what it shows."""
    return float(top) * 1.12 if top > 0 else 1.0


def clear_of(limit: pd.Series, low: pd.Series, high: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The larger part of each box that a line at ``limit`` does not cross: where its words go."""
    is_crossed = (limit > low) & (limit < high)
    is_above = high - limit > limit - low
    return low.where(~(is_crossed & is_above), limit), high.where(~(is_crossed & ~is_above), limit)
