"""A picture in a card: its title, its choices, its data to download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import panel as pn

from ...results.run_result import RunResult
from ...views.drawing import Drawing
from .card_tools import HandOnTools
from .desk_theme import CARD
from .live_picture import LivePicture
from .safe_html import safe_html
from .ui_text import PictureTranslator, html

Choices = Mapping[str, Any]


@dataclass(frozen=True)
class PictureOf:
    """What a card shows: the drawing and the frame of a result, each from the same choices of the reader."""

    key: str
    title: tuple[str, str]
    drawing: Callable[[RunResult, str, Choices], Drawing]
    frame: Callable[[RunResult, Choices], pd.DataFrame]
    choices: Callable[[RunResult, PictureTranslator], Mapping[str, Any]] = field(
        default=lambda result, say: {}
    )  # widgets by name


class PictureCard:
    """A card on a page. `prepare` may run on any thread; `show` belongs to the page's."""

    def __init__(self, of: PictureOf, result: RunResult, say: PictureTranslator):
        self.of, self.say, self.result = of, say, result
        self._widgets = dict(of.choices(result, say))
        for widget in self._widgets.values():
            widget.param.watch(self._chosen, "value")
        self.picture = LivePicture(self.prepare(result), say(*of.title))
        title = safe_html(f"<h3>{html(say(*of.title))}</h3>", margin=(0, 8), align="center")
        tools = HandOnTools(of.key, say, lambda: self.of.frame(self.result, self._choices), lambda: self.result)
        self.view = pn.Column(
            pn.Row(title, *self._widgets.values(), tools, sizing_mode="stretch_width", margin=0, align="center"),
            self.picture.view, sizing_mode="stretch_width", margin=8,
            css_classes=["picture-card", f"card-{of.key}"], stylesheets=[CARD],
        )  # fmt: skip

    @property
    def _choices(self) -> dict[str, Any]:
        return {name: widget.value for name, widget in self._widgets.items()}

    def prepare(self, result: RunResult) -> Drawing:
        """The drawing of a result."""
        return self.of.drawing(result, self.say.language, self._choices)

    def show(self, result: RunResult, drawing: Drawing) -> None:
        """Put a prepared drawing on the page."""
        self.result = result
        self.picture.show(drawing)

    def _chosen(self, _: Any) -> None:
        self.picture.show(self.prepare(self.result))
