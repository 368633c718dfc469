"""Pictures on a dark page: ink that is dark on paper becomes light. What has a colour of its own keeps it."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models.glyph import Glyph

from ...views import DARK, INK, LINE, MOST, ON_PALE, OVER, PALE, PART_COLOURS

ON_DARK = {
    INK: "#6F92B5",
    LINE: "#B6BFC8",
    DARK: "#FFFFFF",
    PALE: "#5D6B78",
    MOST: "#4F6F8C",
    OVER: "#F07C2E",
    PART_COLOURS["carried"]: "#4F7398",
    ON_PALE: "#F4F7FA",
    PART_COLOURS["policy"]: "#93A9BE",
    PART_COLOURS["new"]: "#BCCAD7",
}
ON_PAPER = {light: dark for dark, light in ON_DARK.items()}


def in_theme(colour: str, is_dark: bool) -> str:
    """A colour as the page's theme needs it."""
    return ON_DARK.get(colour, colour) if is_dark else ON_PAPER.get(colour, colour)


def recolour(figure: Any, is_dark: bool) -> None:
    """Give everything drawn in a figure the colours of the theme. The page sees to axes and background itself."""
    for glyph in (model for model in figure.references() if isinstance(model, Glyph)):
        for name in glyph.properties():
            if name.endswith("_color"):
                _recolour(glyph, name, is_dark)


def _recolour(glyph: Any, name: str, is_dark: bool) -> None:
    """Dark words stand on something light, in either theme; those on cells have a colour of their own, `ON_PALE`."""
    now = getattr(glyph, name)
    colour = now if isinstance(now, str) else getattr(now, "value", None)
    if not isinstance(colour, str) or (name == "text_color" and colour == DARK):
        return
    new = in_theme(colour, is_dark)
    if new != colour and not (name == "text_color" and new == DARK):
        setattr(glyph, name, new if isinstance(now, str) else value(new))
