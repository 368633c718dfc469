"""办法: the provisions, what each touches in the program, and what readings and reforms cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...measure import Provision
from ...results.run_result import RunResult
from ...views.picture_text import cited
from ...wording.labels import head, label
from ..widgets.card_tools import HandOnTools
from ..widgets.safe_html import safe_html
from .page import DeskPage, side_by_side
from .price_card import reading_card, reform_card
from .provision import gist, items_of, provision_html, search_text
from .scenario_cards import paper

FIRST = "第十条"  # the provision shown first


class MeasurePage(DeskPage):
    """A list of articles on the left, one of them on the right, prices below."""

    key = "measure"

    def build(self) -> Sequence[Any]:
        say, result = self.say, self.session.result
        assert result is not None
        self.law = self.session.draft.law
        self._texts = {provision.article: search_text(provision, self.law) for provision in self.law.provisions}
        self._listed: list[Provision] = []
        self._is_quiet = False
        self.find = pmui.TextInput(
            placeholder=say("查找：条款、词句、方向、数值", "find: article, word, item, number"), size="small",
            sizing_mode="stretch_width", margin=(4, 8),
        )  # fmt: skip
        self.find.param.watch(self._filter, "value_input")
        self.only = pmui.Switch(
            label=say("只看影响测算的条款", "only those that change numbers"), value=True, size="small", margin=(4, 8)
        )
        self.only.param.watch(self._filter, "value")
        self.list = pmui.MenuList(items=[], active=(0,), dense=True, margin=0, sizing_mode="stretch_width")
        self.list.param.watch(self._chosen, "active")
        self._none = safe_html("", margin=(0, 12))
        self.article = self.session.memory.get("article", FIRST)
        self.details = safe_html("", margin=(0, 12))
        self._links = pn.FlexBox(margin=(0, 8), sizing_mode="stretch_width")
        self.readings, self.reforms = reading_card(self.session, say, self.law), reform_card(self.session, say)
        self._filter(None)
        self.show(result, self.prepare(result))
        scroll = {"max-height": "70vh", "overflow-y": "auto"}
        entries = pn.Column(self.list, sizing_mode="stretch_width", margin=0, styles=scroll)
        return [
            side_by_side(
                paper(head("article", say), self.find, self.only, self._none, entries, is_printed=False),
                paper(say("内容与影响", "What it says and touches"), self.details, self._links,
                      beside=[HandOnTools("provision", say)]),
            ),
            self.readings.view,
            self.reforms.view,
        ]  # fmt: skip

    def prepare(self, result: RunResult) -> str:
        return provision_html(self._provision(), self.law, result, self.say)

    def show(self, result: RunResult, prepared: str) -> None:
        self.details.object = prepared
        self._links.objects = self._buttons()

    def refresh(self) -> None:
        self.readings.refresh()
        self.reforms.refresh()

    # --- the list -----------------------------------------------------------------------------------------------------

    def _provision(self) -> Provision:
        return next(one for one in self.law.provisions if one.article == self.article)

    def _filter(self, _: Any) -> None:
        """Leave only what all the words are found in, and as a rule only what changes a number."""
        words = (self.find.value_input or "").lower().split()
        self._listed = [
            one
            for one in self.law.provisions
            if (one.touches or not self.only.value) and all(word in self._texts[one.article] for word in words)
        ]
        entries = [
            {"label": cited(one.article, self.say), "secondary": gist(one, self.say), "icon": None}
            for one in self._listed
        ]
        articles = [one.article for one in self._listed]
        self._is_quiet = True
        try:
            active = (articles.index(self.article),) if self.article in articles else None
            self.list.param.update(items=entries, active=active)
        finally:
            self._is_quiet = False
        self._none.object = "" if entries else self.say("没有这样的条款。", "There is no such provision.")

    def _chosen(self, event: Any) -> None:
        if self._is_quiet or not event.new or self.session.result is None:
            return
        self.article = self.session.memory["article"] = self._listed[event.new[0]].article
        self.show(self.session.result, self.prepare(self.session.result))

    # --- onward -------------------------------------------------------------------------------------------------------

    def _buttons(self) -> list[Any]:
        """To the numbers of the items it touches, and to the caps."""
        items = items_of(self._provision(), self.session.scenario)
        titles = {item.key: self.say(item.title, item.title_en or item.key) for item in items}
        targets = [
            (self.say(f"假设：{title}", f"Assumptions: {title}"), "assumptions", key) for key, title in titles.items()
        ]
        if items:
            targets.append((label("caps", self.say, "pages"), "caps", ""))
        return [self._button(*target) for target in targets]

    def _button(self, label: str, page: str, item: str) -> Any:
        button = pmui.Button(
            label=label, size="small", variant="outlined", color="default", icon="arrow_forward", margin=2
        )
        button.on_click(lambda _: self.go(page, item))
        return button
