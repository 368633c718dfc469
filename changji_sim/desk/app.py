"""The desk's page: header, sidebar, and the six pages."""

from __future__ import annotations

import asyncio
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..adjustable import Adjustable
from ..result import Result
from ..views import item_titles, load_backends
from .looks import STYLE, THEME
from .pages.overview import Overview
from .pages.page import DeskPage
from .session import Opened, Session
from .widgets import Control
from .words import PAGES, SAID, Words, say_page

BUILDERS: dict[str, type[DeskPage]] = {"overview": Overview}
HEADLINE = 9  # sliders in the sidebar, at most


class Desk:
    """One session's desk."""

    def __init__(self, opened: Opened, session: Session | None = None, language: str = "zh"):
        load_backends()
        self.session = session or Session(opened)
        if self.session.result is None:
            self.session.first_result()
        self.say = Words(language)
        self.session.on_result = self._show
        self.session.on_state = self._refresh
        self._pages: dict[str, DeskPage] = {}
        self._stale: set[str] = set()
        self.current = "overview"
        self._main = pmui.Column(sizing_mode="stretch_width", margin=0)
        self._build()

    # --- building -----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        say = self.say
        self.menu = pmui.MenuList(
            items=[{"label": say_page(key, say), "icon": icon} for key, (_, _, icon) in PAGES.items()],
            active=(list(PAGES).index(self.current),), sizing_mode="stretch_width", margin=(4, 0),
        )  # fmt: skip
        self.menu.param.watch(self._chose_page, "active")
        titles = item_titles(self.session.scenario, say)
        self.controls = [
            Control(one, say, self.session.turn, self._reset_one, self.session.is_reforming, titles.get(one.group, ""))
            for one in self._headline()
        ]
        self._undo = self._button("undo", self.session.undo)
        self._redo = self._button("redo", self.session.redo)
        self._replay = self._button("replay", self.session.replay)
        self.language = pmui.RadioButtonGroup(options={"中文": "zh", "English": "en"}, value=say.language, size="small")
        self._open("overview")

    def page(self) -> Any:
        """The whole as a page of its own."""
        header = pmui.Row(self._undo, self._redo, self._replay, self.language, sizing_mode="stretch_width")
        return pmui.Page(
            title=self.say(*SAID["title"]), header=[header], main=[self._main],
            sidebar=[self.menu, pmui.Divider(), *(control.view for control in self.controls)],
            sidebar_width=320, theme_config=THEME, stylesheets=[STYLE],
        )  # fmt: skip

    def _button(self, key: str, act: Any) -> Any:
        icons = {"undo": "undo", "redo": "redo", "replay": "replay"}
        button = pmui.IconButton(icon=icons[key], description=self.say(*SAID[key]), margin=(0, 4))

        async def clicked(_: Any) -> None:
            await act()

        button.on_click(clicked)
        return button

    def _headline(self) -> list[Adjustable]:
        """What stands in the sidebar: the envelope, the law's ceilings, growth."""
        every = self.session.adjustables()
        chosen = [one for one in every if one.key in ("envelopes.total", "growth")]
        laws = [one for one in every if one.part == "law" and not one.is_fixed]
        return [*chosen, *laws][:HEADLINE]

    # --- pages --------------------------------------------------------------------------------------------------------

    def _chose_page(self, event: Any) -> None:
        self._open(list(PAGES)[event.new[0]])

    def _open(self, key: str) -> None:
        self.current = key
        if key not in self._pages and key in BUILDERS:
            page = self._pages[key] = BUILDERS[key](self.session, self.say)
            self._main.append(page.view)
        elif key in self._stale and self.session.result is not None:
            page = self._pages[key]
            page.show(self.session.result, page.prepare(self.session.result))
        self._stale.discard(key)
        for name, page in self._pages.items():
            page.view.visible = name == key

    # --- what happens -------------------------------------------------------------------------------------------------

    async def _show(self, result: Result) -> None:
        page = self._pages.get(self.current)
        self._stale = set(self._pages) - {self.current}
        if page is None:
            return
        prepared = await asyncio.to_thread(page.prepare, result)
        with pn.io.hold():
            page.show(result, prepared)

    def _refresh(self) -> None:
        by_key = {one.key: one for one in self.session.adjustables()}
        settings = self.session.settings
        for control in self.controls:
            one = by_key.get(control.adjustable.key)
            if one is not None:
                is_beyond = (one.group, one.law_term) in settings.reform
                control.refresh(one, settings.has(one), is_beyond, self.session.is_reforming)

    async def _reset_one(self, adjustable: Adjustable) -> None:
        await self.session.change(self.session.settings.without(adjustable), f"reset {adjustable.key}")
