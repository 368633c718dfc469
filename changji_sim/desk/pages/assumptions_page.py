"""假设: the adjustable parameters, item by item, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...adjustable import PARTS, WHOLE, Adjustable
from ...adjustable.dated_values import can_be_dated, split_by_year
from ...results.run_result import RunResult
from ...views import PictureTranslator, item_titles
from ...wording.labels import head
from ..state.session import Session, dismiss_refusal
from ..widgets.desk_theme import AS_WORDS
from ..widgets.hiding import hideable, set_away
from ..widgets.printed_page import NOT_PRINTED
from ..widgets.safe_html import safe_html
from ..widgets.session_controls import control_of, refresh_controls
from ..widgets.ui_text import html
from .changed_card import ChangedCard
from .page import DeskPage, side_by_side
from .related_pictures import RelatedPictures

PART_TITLES = {  # part of an adjustable parameter -> its key among the parts of a scenario
    "envelope": "envelopes",
    "law": "law",
    "guide": "guide",
    "assumption": "assumptions",
    "oversight": "oversight",
    "reading": "readings",
}
WHOLE_TITLE = ("预算、宏观与监督", "Money, growth, oversight")


MOST_FOUND = 12  # controls that a search shows; each costs a browser time


class Assumptions(DeskPage):
    """A list of items on the left, what was changed and their numbers in the middle, what they do on the right."""

    key = "assumptions"

    def build(self) -> Sequence[Any]:
        result, say = self.session.result, self.say
        assert result is not None
        self.group = self._kept_group()
        self._panels: dict[tuple[str, bool], GroupPanel] = {}
        self._found: dict[str, Any] = {}  # controls that a search has shown, by key
        active = (self._groups().index(self.group),)
        self._list = pmui.MenuList(items=self._entries(), active=active, dense=True, margin=0, width=250)
        self._list.param.watch(self._chosen, "active")
        self._find = pmui.TextInput(
            placeholder=say("查找全部参数：名称、条款、来源", "find any parameter: name, article, source"),
            size="small", sizing_mode="stretch_width", margin=(4, 8),
        )  # fmt: skip
        self._find.param.watch(self._search, "value_input")
        self._with_ends = pmui.Switch(
            label=say("同时设定可能范围", "with the range thinkable"), size="small", margin=(4, 12),
            css_classes=[NOT_PRINTED],
        )  # fmt: skip
        self._with_ends.param.watch(self._chose_ends, "value")
        self.changed = ChangedCard(self.session, say)
        self.found = pn.Column(sizing_mode="stretch_width", margin=0)
        self.results = hideable(self.found)
        self._middle = pn.Column(self.results, sizing_mode="stretch_width", margin=0)
        self.related = RelatedPictures(self.session, say, result, self.before)
        self.cards = self.related.cards
        self._open(self.group)
        in_sight = {"position": "sticky", "top": "70px"}
        effect = pn.Column(self.related.view, sizing_mode="stretch_width", margin=0, styles=in_sight)
        adjusted = pn.Column(
            self._find, self._with_ends, self.changed.view, self._middle, sizing_mode="stretch_width", margin=(8, 0)
        )
        beside = side_by_side(adjusted, pn.Column(effect, sizing_mode="stretch_width", margin=0), narrowest=380)
        items = pn.Column(self._list, width=260, margin=(8, 0))
        return [pn.Row(items, beside, sizing_mode="stretch_width", margin=0)]

    def show(self, result: RunResult, prepared: Any) -> None:
        super().show(result, prepared)
        self.related.follow(result)

    def refresh(self) -> None:
        self.changed.refresh()
        refresh_controls(self.session, self._shown_controls())
        entries = self._entries()
        if entries != self._list.items:
            self._list.items = entries

    def open_item(self, key: str) -> None:
        """Show the numbers of one item."""
        self._list.active = (self._groups().index(key),)

    def _shown_controls(self) -> list[Any]:
        if self._words():
            return [control for control in self._found.values() if control.view in self.found.objects]
        panel = self._panels.get((self.group, self._with_ends.value))
        return panel.controls if panel else []

    # --- the list -----------------------------------------------------------------------------------------------------

    def _kept_group(self) -> str:
        """The item that was open before the page was built anew."""
        kept = self.session.memory.get("group", WHOLE)
        return kept if kept in self._groups() else WHOLE

    def _groups(self) -> list[str]:
        return [WHOLE, *(item.key for item in self.session.scenario.items)]

    def _titles(self) -> dict[str, str]:
        return {WHOLE: self.say(*WHOLE_TITLE), **item_titles(self.session.scenario, self.say)}

    def _entries(self) -> list[dict[str, Any]]:
        """Every item with how many of its numbers were changed."""
        say, titles = self.say, self._titles()
        changed: dict[str, int] = {}
        for one in self.session.adjustables():
            changed[one.group] = changed.get(one.group, 0) + (one.end is None and self.session.settings.has(one))
        return [
            {
                "label": titles[key] + (say(f"（{changed[key]}）", f" ({changed[key]})") if changed.get(key) else ""),
                "icon": "tune" if changed.get(key) else None,
            }
            for key in self._groups()
        ]

    def _chosen(self, event: Any) -> None:
        if event.new:
            dismiss_refusal(self.session)
            self._find.value = self._find.value_input = ""
            self._open(self._groups()[event.new[0]])

    def _chose_ends(self, _: Any) -> None:
        dismiss_refusal(self.session)
        self._open(self.group)

    def _open(self, group: str) -> None:
        """The numbers of an item, in the place of what was found or open before."""
        self.group = self.session.memory["group"] = group
        key = (group, self._with_ends.value)
        if not self._words() and key not in self._panels:
            self._panels[key] = GroupPanel(self.session, self.say, group, self._titles()[group], self._with_ends.value)
            self._middle.append(self._panels[key].view)
        for name, panel in self._panels.items():
            set_away(panel.view, bool(self._words()) or name != key)
        set_away(self.results, not self._words())
        self.refresh()

    # --- the search ---------------------------------------------------------------------------------------------------

    def _words(self) -> list[str]:
        return (self._find.value_input or "").lower().split()

    def _search(self, _: Any) -> None:
        """Show the parameters of all items in which every word is found; without words, the item that was open."""
        dismiss_refusal(self.session)
        words, say, titles = self._words(), self.say, self._titles()
        if words:
            every = [one for one in self.session.adjustables() if _has(one, titles[one.group], words)]
            for one in every[:MOST_FOUND]:
                if one.key not in self._found:
                    about = titles[one.group] if one.group != WHOLE else ""
                    self._found[one.key] = control_of(self.session, one, say, about)
            more = len(every) - MOST_FOUND
            note = say(f"找到{len(every)}项", f"{len(every)} found")
            if more > 0:
                note += say(
                    f"，先列{MOST_FOUND}项；再加一个词可缩小范围", f", the first {MOST_FOUND} of them; add a word"
                )
            views = [self._found[one.key].view for one in every[:MOST_FOUND]]
            self.found.objects = [safe_html(f'<div class="about">{note}</div>', margin=(4, 12)), *views]
        self._open(self.group)


def _has(one: Adjustable, item: str, words: Sequence[str]) -> bool:
    text = " ".join((item, one.title, one.title_en, one.article, one.source, one.key)).lower()
    return all(word in text for word in words)


class GroupPanel:
    """The numbers of one item, part by part, and a choice of one to be given by year.

    Args:
        has_ends: with the ends of what is thinkable of each number.
    """

    def __init__(self, session: Session, say: PictureTranslator, group: str, title: str, has_ends: bool):
        self.session, self.say = session, say
        self.controls: list[Any] = []
        every = [one for one in session.adjustables() if one.group == group and (has_ends or one.end is None)]
        self.view = hideable(*self._sections(group, title, every))

    def _sections(self, group: str, title: str, every: Sequence[Adjustable]) -> Iterable[Any]:
        """Controls part by part; ceilings that are not set come last, folded away."""
        scenario = self.session.scenario
        item = next((i for i in scenario.items if i.key == group), None)
        about = f"{html(item.article)} · {html(scenario.categories[item.category])}" if item else ""
        yield safe_html(f'<h3>{html(title)}</h3><div class="certificate">{about}</div>', margin=(4, 12))
        for part in PARTS:
            there = [one for one in every if one.part == part]
            unset = [one for one in there if one.value is None]
            heading = head(PART_TITLES[part], self.say, "parts")
            for text, ones in ((heading, [o for o in there if o not in unset]), (self.say(*_UNSET), unset)):
                if ones:
                    made = [control_of(self.session, one, self.say) for one in ones]
                    self.controls += made
                    yield _card(text, [control.view for control in made], is_folded=ones is unset)
        if dated := [one for one in every if can_be_dated(one)]:
            yield _card(self.say("逐年设定", "A number for each year"), self._by_year(dated), is_folded=True)

    def _by_year(self, dated: Sequence[Adjustable]) -> list[Any]:
        """A choice of a parameter and a button that gives it a number for each year."""
        say = self.say
        by_key = {one.key: one for one in dated}
        options = {say(one.title, one.title_en): one.key for one in dated}
        choice = pmui.Select(
            options=options, value=dated[0].key, label=say("参数", "parameter"), size="small", width=300, margin=(8, 8)
        )
        button = pmui.Button(
            label=say("按年份分别设定", "Set year by year"), icon="calendar_month", size="small", variant="outlined",
            color="default", margin=(12, 8),
        )  # fmt: skip
        button.on_click(lambda _: pn.state.execute(partial(self._split, by_key[choice.value])))
        return [pn.Row(choice, button, margin=0)]

    async def _split(self, one: Adjustable) -> None:
        settings = self.session.settings
        split = split_by_year(one, self.session.scenario)
        await self.session.change(replace(settings, changes={**settings.changes, **split}), f"by year {one.key}")


def _card(title: str, views: Sequence[Any], is_folded: bool) -> Any:
    return pmui.Card(
        objects=[*views], title=title, collapsed=is_folded, collapsible=True, sizing_mode="stretch_width",
        margin=(4, 8), elevation=1, sx=AS_WORDS,
    )  # fmt: skip


_UNSET = ("可设而未设的上限", "Ceilings that could be set")
