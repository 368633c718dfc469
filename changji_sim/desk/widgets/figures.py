"""Figures for pages: HoloViews draws each kind of picture once, and every page gets a copy.

A copy takes a quarter of the time of drawing, and while a page is made all other sessions wait. What was drawn is kept
for the desks that are started later.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import holoviews as hv
import numpy as np
from bokeh.core.properties import field
from bokeh.core.serialization import Deserializer, Serializer
from bokeh.models import Grid, SaveTool
from bokeh.models.annotations import Legend
from bokeh.util.serialization import make_id

from ...views.drawing import Drawing
from .kept_figures import keep_figure, kept_figure

MOST = 200  # kinds; a desk has some thirty in each language
_drawing = Lock()  # HoloViews keeps in one place what it draws
_drawn: dict[tuple[Any, ...], Any] = {}  # by shape of the drawing, as bokeh writes a figure for a browser


def figure_of(drawing: Drawing) -> Any:
    """A figure of the drawing's shape, of models that no page has yet. Its numbers may be another drawing's."""
    with _drawing:
        if drawing.shape not in _drawn:
            if len(_drawn) >= MOST:  # scenarios of many shapes came and went
                _drawn.clear()
            _drawn[drawing.shape] = kept_figure(drawing.shape) or _newly_drawn(drawing)
        written = _drawn[drawing.shape]
    return Deserializer().decode(_renamed(written, {}))


def _newly_drawn(drawing: Drawing) -> Any:
    written = Serializer().encode(_draw(drawing))
    keep_figure(drawing.shape, written)
    return written


def _draw(drawing: Drawing) -> Any:
    figure: Any = hv.render(drawing.overlay(), backend="bokeh")
    for layer, renderer in zip(drawing.layers, figure.renderers, strict=True):
        for look, named in layer.bokeh.items():  # HoloViews makes a constant of a column that is the same throughout
            if isinstance(named, str) and named in layer.columns and look in renderer.glyph.properties():
                setattr(renderer.glyph, look, field(look))
        _hold_lists(renderer.data_source)
    figure.sizing_mode = "stretch_width"
    figure.output_backend = "canvas"  # a few marks: webgl would copy every picture twice
    _take_off(figure)
    for tool in figure.select({"type": SaveTool}):
        tool.description = "PNG"  # what it saves, the same in every language
    figure.min_border_bottom, figure.min_border_top = 24, 12
    return figure


def _hold_lists(source: Any) -> None:
    """Lists go within a page's one message; every array would be two more of its own."""
    lists = {name: np.asarray(values).tolist() for name, values in source.data.items()}
    source.data = {}  # bokeh would leave arrays that are equal to them where they are
    source.data = lists


def _take_off(figure: Any) -> None:
    """What is not shown, for at every painting bokeh measures it all the same: the title, which the card around it
    says; the legend, which is text below, where it wraps; the lines of a grid that are not drawn.
    """
    figure.title = None
    for side in ("left", "right", "above", "below", "center"):
        there = getattr(figure, side)
        setattr(figure, side, [one for one in there if not (isinstance(one, Legend) or _is_hidden_grid(one))])


def _is_hidden_grid(one: Any) -> bool:
    return isinstance(one, Grid) and not one.visible


def _renamed(written: Any, names: dict[str, str]) -> Any:
    """The same with a new name for every model, since two models of a page may not share one."""
    if isinstance(written, dict):
        renamed = {key: _renamed(value, names) for key, value in written.items()}
        if isinstance(name := written.get("id"), str):
            renamed["id"] = names[name] = names.get(name) or make_id()
        return renamed
    return [_renamed(one, names) for one in written] if isinstance(written, list | tuple) else written
