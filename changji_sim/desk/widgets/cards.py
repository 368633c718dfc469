"""A picture in a card: its title, its choices, its data to download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import panel as pn

from ...base.faults import FaultyInput
from ...results.run_result import RunResult
from ...views.drawing import Drawing
from ...views.ghosts import with_ghost
from .card_tools import HandOnTools
from .desk_theme import CARD
from .live_picture import LivePicture
from .safe_html import safe_html
from .ui_text import PictureTranslator, html

Choices = Mapping[str, Any]
Before = Callable[[], RunResult | None]


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
    are_choices_below: bool = False  # the title, where a card is too narrow for both and its tools
    besides: Callable[[], Any] = field(default=lambda: None)  # what else the drawing depends on


class PictureCard:
    """A card on a page. `prepare` may run on any thread; `show` belongs to the page's.

    Args:
        before: gives the result that is shown behind the one there is, as the scenario's file has it.
    """

    def __init__(self, of: PictureOf, result: RunResult, say: PictureTranslator, before: Before | None = None):
        self.of, self.say, self.result, self._before = of, say, result, before
        self._kept: tuple[RunResult, Any, Drawing | None] | None = None
        self._widgets = dict(of.choices(result, say))
        for widget in self._widgets.values():
            widget.param.watch(self._chosen, "value")
        self.picture = LivePicture(self.prepare(result), say(*of.title))
        title = safe_html(f"<h3>{html(say(*of.title))}</h3>", margin=(0, 8), align="center")
        tools = HandOnTools(of.key, say, lambda: self.of.frame(self.result, self._choices), lambda: self.result)
        beside, below = ([], [pn.Row(*self._widgets.values(), margin=0)]) if of.are_choices_below else (
            [*self._widgets.values()], [])  # fmt: skip
        self.view = pn.Column(
            pn.Row(title, *beside, tools, sizing_mode="stretch_width", margin=0, align="center"), *below,
            self.picture.view, sizing_mode="stretch_width", margin=8,
            css_classes=["picture-card", f"card-{of.key}"], stylesheets=[CARD],
        )  # fmt: skip

    def choice(self, name: str) -> Any:
        """The widget of one of the reader's choices."""
        return self._widgets[name]

    @property
    def _choices(self) -> dict[str, Any]:
        return {name: widget.value for name, widget in self._widgets.items()}

    def prepare(self, result: RunResult) -> Drawing:
        """The drawing of a result, with what the file's result looks like."""
        before = self._before() if self._before else None
        was = self._drawing_before(before) if before is not None and before is not result else None
        return with_ghost(self.of.drawing(result, self.say.language, self._choices), was, self.say.language)

    def _drawing_before(self, before: RunResult) -> Drawing | None:
        """The drawing of the file's result, kept while the reader's choices are the same: it does not change."""
        about = self._choices, self.of.besides()
        if self._kept is None or self._kept[0] is not before or self._kept[1] != about:
            was = None
            with suppress(FaultyInput):  # the file has no such year, limit or application
                was = self.of.drawing(before, self.say.language, self._choices)
            self._kept = before, about, was
        return self._kept[2]

    def show(self, result: RunResult, drawing: Drawing) -> None:
        """Put a prepared drawing on the page."""
        self.result = result
        self.picture.show(drawing)

    def _chosen(self, _: Any) -> None:
        self.picture.show(self.prepare(self.result))
