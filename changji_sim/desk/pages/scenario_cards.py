"""The pictures on the page of scenarios: what differs, fans on one axis, and the items that move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from ... import views
from ...reports.differing import most_moved_sentence
from ...results import breakdown
from ...results.run_result import RunResult
from ...views import flow_title, item_titles
from ...views.drawing import Drawing
from ...wording.labels import label
from ..state.alternatives import Alternative
from ..widgets.card_tools import HandOnTools
from ..widgets.desk_theme import CARD
from ..widgets.live_picture import LivePicture, PictureTheme
from ..widgets.printed_page import NOT_PRINTED
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, html
from .overview_page import FAN

FLOWS = ("commitment", "payment", "need", "entitlement", "demand")


def paper(title: str, *views: Any, beside: Sequence[Any] = (), is_printed: bool = True) -> Any:
    """A card; its title is our own words. One that only serves to choose or to save is not printed."""
    head = pn.Row(
        safe_html(f"<h3>{html(title)}</h3>", margin=(0, 8), align="center"),
        *beside,
        sizing_mode="stretch_width",
        margin=0,
    )
    card = _card(head, *views)
    set_printed(card, is_printed)
    return card


def set_printed(card: Any, is_printed: bool) -> None:
    """Have a card printed with the page, or left out."""
    classes = [name for name in card.css_classes if name != NOT_PRINTED]
    card.css_classes = classes if is_printed else [*classes, NOT_PRINTED]


def _card(*views: Any) -> Any:
    """Not of the component library: its containers set a picture up while the page around it moves."""
    return pn.Column(*views, sizing_mode="stretch_width", margin=8, css_classes=["picture-card"], stylesheets=[CARD])


class LaterPicture:
    """The place of a picture that is drawn when there is something to show."""

    def __init__(self) -> None:
        self.picture: LivePicture | None = None
        self._theme = PictureTheme()
        self.place = pn.Column(sizing_mode="stretch_width", margin=0)

    def put(self, drawing: Drawing) -> None:
        """Show a drawing, in the picture that stands here or in a new one."""
        if self.picture is None:
            self.picture = LivePicture(drawing)
            self.picture.set_theme(self._theme)
            self.place.objects = [self.picture.view]
        else:
            self.picture.show(drawing)

    def set_theme(self, theme: PictureTheme) -> None:
        """As of `LivePicture`, also of a picture that is still to come."""
        self._theme = theme
        if self.picture is not None:
            self.picture.set_theme(theme)


class LeadCard(LaterPicture):
    """What the scenarios differ in: a sentence about each, and one picture of all differences with their intervals."""

    def __init__(self, say: PictureTranslator):
        super().__init__()
        self._words = safe_html("", margin=(0, 8))
        self.view = paper(say("有什么不同", "What differs"), self._words, self.place)

    def show(self, words: str, drawing: Drawing | None) -> None:
        """Sentences (HTML already), and the picture where anything differs."""
        self._words.object = words
        self.place.visible = drawing is not None
        if drawing is not None:
            self.put(drawing)


class FanCard(LaterPicture):
    """Need against envelope of one scenario; empty until it is shown something."""

    def __init__(self, say: PictureTranslator) -> None:
        super().__init__()
        self._title = safe_html("", margin=(0, 8), align="center")
        self._about = say("：", ": ") + say(*FAN.title)
        self._result: RunResult | None = None
        tools = HandOnTools("fan", say, self._frame, lambda: self._result)
        self.view = _card(pn.Row(self._title, tools, sizing_mode="stretch_width", margin=0), self.place)

    def _frame(self) -> pd.DataFrame | None:
        return None if self._result is None else breakdown.fan(self._result)

    def show(self, title: str, drawing: Drawing, result: RunResult) -> None:
        """The scenario's title (HTML already), its picture and what that is made from."""
        self._title.object, self._result = f"<h3>{title}{self._about}</h3>", result
        self.put(drawing)


class DifferenceCard(LaterPicture):
    """What one flow gains or loses by item and year, from the first scenario to one of the others."""

    def __init__(self, say: PictureTranslator):
        super().__init__()
        self.say = say
        self._shown: Sequence[tuple[Alternative, RunResult]] = ()
        self._is_quiet = False
        common = {"size": "small", "margin": (0, 4)}
        self.other = pmui.Select(options={}, label=label("scenario", say, "columns"), width=230, **common)
        flows = {flow_title(flow, say): flow for flow in FLOWS}
        self.flow = pmui.Select(
            options=flows, value=FLOWS[0], label=label("amount", say, "columns"), width=150, **common
        )
        self.year = pmui.Select(
            options={label("each_year", say, "columns"): ""},
            value="",
            label=label("year", say, "columns"),
            width=110,
            **common,
        )
        for widget in (self.other, self.flow, self.year):
            widget.param.watch(self._chosen, "value")

        def frame() -> pd.DataFrame:
            return breakdown.differences(*self._pair(), self.flow.value)

        tools = HandOnTools("differences", say, frame, lambda: self._pair()[1])
        title = say("变化来自哪些方向（平均，与第1个相比）", "Which items move (mean, compared with no. 1)")
        self._words = safe_html("", margin=(0, 8))
        self.view = paper(title, self._words, self.place, beside=[self.other, self.flow, self.year, tools])

    def show(self, shown: Sequence[tuple[Alternative, RunResult]]) -> None:
        """The scenarios there are now, the first of them what the others are compared with."""
        self._shown = shown
        self.view.visible = len(shown) > 1
        if len(shown) < 2:
            return
        others = {f"{place} {one.title}": one.key for place, (one, _) in enumerate(shown[1:], start=2)}
        years = sorted({year for _, result in shown for year in result.years})
        self._is_quiet = True
        try:
            is_new = set(others.values()) - set(self.other.options.values())
            is_kept = not is_new and self.other.value in others.values()
            kept = self.other.value if is_kept else list(others.values())[-1]
            self.other.param.update(options=others, value=kept)
            options = {label("each_year", self.say, "columns"): "", **{str(year): str(year) for year in years}}
            is_there = self.year.value in options.values() and len(self.year.options) > 1
            year = self.year.value if is_there else str(shown[0][1].years[-1])  # every year is a long picture
            self.year.param.update(options=options, value=year)
        finally:
            self._is_quiet = False
        self._draw()

    def _pair(self) -> tuple[RunResult, RunResult]:
        after = next(result for one, result in self._shown if one.key == self.other.value)
        return self._shown[0][1], after

    def _draw(self) -> None:
        year = int(self.year.value) if self.year.value else None
        (before, after), say = self._pair(), self.say
        frame = breakdown.differences(before, after, self.flow.value)
        frame = frame if year is None else frame[frame.year == year]
        titles = item_titles(before.scenario, say) | item_titles(after.scenario, say)
        self._words.object = html(most_moved_sentence(frame, titles, self.flow.value, say.language))
        self.put(views.differences.drawing(*self._pair(), self.flow.value, year, self.say.language))

    def _chosen(self, _: Any) -> None:
        if not self._is_quiet and len(self._shown) > 1:
            self._draw()
