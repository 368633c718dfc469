"""假设: the adjustable parameters, item by item, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...adjustable import PARTS, WHOLE, Adjustable
from ...views import item_titles
from ...wording.labels import head
from ..widgets.cards import PictureCard
from ..widgets.hiding import hideable, set_away
from ..widgets.parameter_widgets import Control
from ..widgets.safe_html import safe_html
from ..widgets.session_controls import control_of, refresh_controls
from ..widgets.ui_text import html
from .overview_page import FAN, STRUCTURE
from .page import DeskPage, side_by_side

PART_TITLES = {  # part of an adjustable parameter -> its key among the parts of a scenario
    "envelope": "envelopes",
    "law": "law",
    "guide": "guide",
    "assumption": "assumptions",
    "oversight": "oversight",
    "reading": "readings",
}
WHOLE_TITLE = ("预算、宏观与监督", "Money, growth, oversight")


class Assumptions(DeskPage):
    """A list of items on the left, their numbers in the middle, what they do to the need on the right."""

    key = "assumptions"

    def build(self) -> Sequence[Any]:
        result = self.session.result
        assert result is not None
        self.group = WHOLE
        self._controls: dict[str, list[Control]] = {}
        self._panels: dict[str, Any] = {}
        self._list = pmui.MenuList(items=self._entries(), active=(0,), dense=True, margin=0, width=250)
        self._list.param.watch(self._chosen, "active")
        self._find = pmui.TextInput(
            placeholder=self.say("查找：名称、条款、来源", "find: name, article, source"), size="small",
            sizing_mode="stretch_width", margin=(4, 8),
        )  # fmt: skip
        self._find.param.watch(self._filter, "value_input")
        self._middle = pn.Column(sizing_mode="stretch_width", margin=0)
        self.cards = [PictureCard(of, result, self.say, self.before) for of in (FAN, STRUCTURE)]
        self._open(WHOLE)
        in_sight = {"position": "sticky", "top": "70px"}
        effect = pn.Column(*(card.view for card in self.cards), sizing_mode="stretch_width", margin=0, styles=in_sight)
        adjusted = pn.Column(self._find, self._middle, sizing_mode="stretch_width", margin=(8, 0))
        beside = side_by_side(adjusted, pn.Column(effect, sizing_mode="stretch_width", margin=0), narrowest=380)
        items = pn.Column(self._list, width=260, margin=(8, 0))
        return [pn.Row(items, beside, sizing_mode="stretch_width", margin=0)]

    def refresh(self) -> None:
        refresh_controls(self.session, self._controls.get(self.group, ()))
        entries = self._entries()
        if entries != self._list.items:
            self._list.items = entries

    def open_item(self, key: str) -> None:
        """Show the numbers of one item."""
        self._list.active = (self._groups().index(key),)

    # --- the list -----------------------------------------------------------------------------------------------------

    def _groups(self) -> list[str]:
        return [WHOLE, *(item.key for item in self.session.scenario.items)]

    def _entries(self) -> list[dict[str, Any]]:
        """Every item with how many of its numbers were changed."""
        titles = {WHOLE: self.say(*WHOLE_TITLE), **item_titles(self.session.scenario, self.say)}
        changed: dict[str, int] = {}
        for one in self.session.adjustables():
            changed[one.group] = changed.get(one.group, 0) + self.session.settings.has(one)
        return [
            {
                "label": titles[key] + (f"（{changed[key]}）" if changed.get(key) else ""),
                "icon": "tune" if changed.get(key) else None,
            }
            for key in self._groups()
        ]

    def _chosen(self, event: Any) -> None:
        if event.new:
            self._open(self._groups()[event.new[0]])

    def _open(self, group: str) -> None:
        self.group = group
        if group not in self._panels:
            every = [one for one in self.session.adjustables() if one.group == group]
            self._panels[group] = hideable(*self._sections(group, every))
            self._middle.append(self._panels[group])
        for name, panel in self._panels.items():
            set_away(panel, name != group)
        self.refresh()
        self._filter(None)

    # --- the middle ---------------------------------------------------------------------------------------------------

    def _sections(self, group: str, every: Sequence[Adjustable]) -> Iterable[Any]:
        """Controls part by part; ceilings that are not set come last, folded away."""
        title = self.say(*WHOLE_TITLE) if group == WHOLE else item_titles(self.session.scenario, self.say)[group]
        item = next((i for i in self.session.scenario.items if i.key == group), None)
        about = f"{html(item.article)} · {html(self.session.scenario.categories[item.category])}" if item else ""
        yield safe_html(f'<h3>{html(title)}</h3><div class="certificate">{about}</div>', margin=(4, 12))
        controls = self._controls[group] = []
        for part in PARTS:
            there = [one for one in every if one.part == part]
            unset = [one for one in there if one.value is None]
            title = head(PART_TITLES[part], self.say, "parts")
            for heading, ones in ((title, [o for o in there if o not in unset]), (self.say(*_UNSET), unset)):
                if ones:
                    made = [control_of(self.session, one, self.say) for one in ones]
                    controls += made
                    yield self._card(heading, made, is_folded=ones is unset)

    def _card(self, title: str, controls: Sequence[Control], is_folded: bool) -> Any:
        return pmui.Card(
            objects=[control.view for control in controls], title=title, collapsed=is_folded, collapsible=True,
            sizing_mode="stretch_width", margin=(4, 8), elevation=1,
        )  # fmt: skip

    def _filter(self, _: Any) -> None:
        """Show only parameters in which the words are found."""
        words = (self._find.value_input or "").strip().lower()
        for control in self._controls.get(self.group, ()):
            one = control.adjustable
            text = " ".join((one.title, one.title_en, one.article, one.source, one.key)).lower()
            control.view.visible = not words or words in text


_UNSET = ("可设而未设的上限", "Ceilings that could be set")
