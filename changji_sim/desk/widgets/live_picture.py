"""A picture on a page: drawn once, then only its numbers change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import panel as pn
from bokeh.core.properties import value
from bokeh.models import Axis

from ...views.drawing import Drawing
from .dark import in_theme, recolour
from .figures import figure_of
from .safe_html import safe_html
from .ui_text import html


@dataclass(frozen=True)
class PictureTheme:
    """How pictures are shown: type so many times its usual size, on a light or a dark page."""

    factor: float = 1.0
    is_dark: bool = False


class LivePicture:
    """A drawing that stands on a page; `show` puts new numbers into it, or draws anew where its shape is another.

    Bokeh's models belong to the page they were made for, so every session has pictures of its own.

    Args:
        label: what a screen reader calls it.
    """

    def __init__(self, drawing: Drawing, label: str = ""):
        self._label = label
        self.pane = pn.pane.Bokeh(None, sizing_mode="stretch_width", margin=0)
        self._legend = safe_html("", margin=(0, 8, 4, 8))
        self.view = pn.Column(self.pane, self._legend, sizing_mode="stretch_width", margin=0)
        self._theme = PictureTheme()
        self._draw(drawing)

    def show(self, drawing: Drawing) -> None:
        """Show another drawing of the same picture."""
        if drawing.shape != self._drawing.shape:
            self._draw(drawing)
        else:
            self._fill(drawing)

    def set_theme(self, theme: PictureTheme) -> None:
        """Show it larger, or on a dark page, or as usual again."""
        if theme.factor != self._theme.factor:
            self._enlarge(theme.factor / self._theme.factor)
        if theme.is_dark != self._theme.is_dark:
            recolour(self._figure, theme.is_dark)
        self._theme = theme
        self._surround()

    def _enlarge(self, factor: float) -> None:
        """All words but those of axes: the browser sees to these (`presentation`), for the component library gives them
        its own type again and again; were both to change them, they would end too small.
        """
        for model in self._figure.references():
            if isinstance(model, Axis):
                continue
            for name in model.properties():
                if name.endswith("text_font_size"):
                    _scale(model, name, factor)

    def _draw(self, drawing: Drawing) -> None:
        self._figure = figure_of(drawing)
        if self._label:
            self._figure.html_attributes = {"role": "figure", "aria-label": self._label}
        theme, self._theme = self._theme, PictureTheme()
        self._fill(drawing)
        self.set_theme(theme)
        self.pane.object = self._figure

    def _fill(self, drawing: Drawing) -> None:
        """Numbers, axes, and what surrounds them."""
        self._drawing = drawing
        for layer, renderer in zip(drawing.layers, self._figure.renderers, strict=True):
            _put(renderer.data_source, layer.source())
        self._set_axes(drawing)
        self._surround()

    def _surround(self) -> None:
        """The legend, and as much height as the rows need: how many there are differs between results."""
        height = round(self._drawing.height * self._theme.factor)
        if self._figure.height != height:
            self._figure.height = height
        self._legend.object = _legend(self._drawing.key, self._theme.is_dark)

    def _set_axes(self, drawing: Drawing) -> None:
        about = drawing.bokeh
        for axis, span in ((self._figure.x_range, about.get("xlim")), (self._figure.y_range, about.get("ylim"))):
            if span is not None and (axis.start, axis.end) != tuple(span):
                axis.update(start=span[0], end=span[1])
        for axis, ticks in ((self._figure.xaxis[0], about.get("xticks")), (self._figure.yaxis[0], about.get("yticks"))):
            if ticks is not None:
                places = [place for place, _ in ticks]
                words = dict(ticks)
                if list(getattr(axis.ticker, "ticks", [])) != places:
                    axis.ticker.ticks = places
                if axis.major_label_overrides != words:
                    axis.major_label_overrides = words


def _put(source: Any, columns: Mapping[str, Any]) -> None:
    """Send what is new. Lists go within the page's one message; every array would be two more of its own."""
    new = {name: _listed(values) for name, values in columns.items()}
    there = source.data
    old = {name: _listed(there[name]) for name in new if name in there}
    if old.keys() != new.keys() or any(len(old[name]) != len(new[name]) for name in new):
        source.data = new
    elif changed := {name: values for name, values in new.items() if not _is_alike(values, old[name])}:
        there.update(changed)


def _listed(values: Any) -> list[Any]:
    """Values as a list; as they are where they are one: what was put there before."""
    if isinstance(values, list):
        return values
    listed: list[Any] = np.asarray(values).tolist()
    return listed


def _is_alike(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return some == others or all(
        one == other or (one != one and other != other) for one, other in zip(some, others, strict=True)
    )


def _legend(key: Sequence[tuple[str, str, Any]], is_dark: bool) -> str:
    return "".join(_mark(text, in_theme(colour, is_dark), look) for text, colour, look in key)


def _mark(text: str, colour: str, look: Any) -> str:
    """One entry of a legend: a patch of an opacity, or a line of a dash, and its name."""
    kind = look if isinstance(look, str) else "patch"
    strength = "" if isinstance(look, str) else f" strength-{round(10 * look)}"
    mark = f'<span class="key {kind}{strength} colour-{colour.lstrip("#")}"></span>'
    return f'<span class="key-text">{mark}{html(text)}</span> '


def _scale(model: Any, name: str, factor: float) -> None:
    """One text size of a model, in points or pixels."""
    size = getattr(model, name)
    text = size if isinstance(size, str) else getattr(size, "value", None)
    if not isinstance(text, str):
        return
    unit = text.lstrip("0123456789.")
    scaled = f"{float(text.removesuffix(unit)) * factor:.2f}{unit}"
    setattr(model, name, scaled if isinstance(size, str) else value(scaled))
