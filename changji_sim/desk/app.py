"""The desk's page: header, sidebar, and the six pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..adjustable import Adjustable
from ..results.run_result import RunResult
from ..views import item_titles, load_backends, scenario_title
from ..wording.labels import label
from .pages.assumptions_page import Assumptions
from .pages.caps_page import Caps
from .pages.ledger_page import Ledger
from .pages.measure_page import MeasurePage
from .pages.overview_page import Overview
from .pages.page import DeskPage
from .pages.scenarios_page import Scenarios
from .state.session import DeskState, Session
from .state.settings import Settings
from .widgets.desk_theme import ON_PRIMARY, PAGE_STYLE, PRIMARY, SWITCH, THEME
from .widgets.export_buttons import export_buttons
from .widgets.live_picture import PictureTheme
from .widgets.parameter_widgets import Control
from .widgets.safe_html import safe_html
from .widgets.ui_text import PAGES, UI_TEXT, PictureTranslator, fault_list, html, say_page

BUILDERS: dict[str, type[DeskPage]] = {
    "overview": Overview,
    "assumptions": Assumptions,
    "caps": Caps,
    "scenarios": Scenarios,
    "ledger": Ledger,
    "measure": MeasurePage,
}
KEY_NUMBERS = ("envelopes.total", "growth")  # in the sidebar, before the law's ceilings
LARGE = 1.35  # type of a presentation, times the usual


class Desk:
    """One session's desk.

    Args:
        opened: what the desk was started with.
        session: whose it is; by default a new one.
        language: ``zh`` or ``en``.
    """

    def __init__(self, desk_state: DeskState, session: Session | None = None, language: str = "zh"):
        load_backends()
        self.session = session or Session(desk_state)
        if self.session.result is None:
            self.session.first_result()
        self.session.on_result = self._show
        self.session.on_state = self._refresh
        self.say = PictureTranslator(language)
        self.current = next(iter(BUILDERS))
        self.is_presenting = False
        self._page: Any = None
        self._around: tuple[Any, Any] | None = None  # header and sidebar of a cell
        # A page is as long as what stands on it: bokeh would keep each of its parts within the window's height, and
        # what is longer would lie on what follows.
        self._main = pn.Column(sizing_mode="stretch_width", margin=0, styles={"max-height": "none"})
        self._faults = safe_html("", margin=(4, 12))
        self._begin()
        self._open(self.current)
        self._refresh()

    # --- building -----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Everything that speaks, in the language there is now."""
        say = self.say
        self._pages: dict[str, DeskPage] = {}
        self._stale: set[str] = set()
        self._built_for = self._shape()
        self._awaiting = safe_html(say(*UI_TEXT["making"]), margin=(40, 12), visible=False)
        self._main[:] = [self._awaiting]
        self._status = safe_html("", margin=(0, 12), align="center")
        self.menu = pmui.MenuList(
            items=[{"label": say_page(key, say), "icon": PAGES[key]} for key in BUILDERS],
            active=(list(BUILDERS).index(self.current),), sizing_mode="stretch_width", margin=(4, 0),
        )  # fmt: skip
        self.menu.param.watch(self._chose_page, "active")
        self.menu.jscallback(active="window.scrollTo(0, 0)")
        self.language = pmui.RadioButtonGroup(
            options={"中文": "zh", "English": "en"},
            value=say.language,
            size="small",
            margin=(0, 8),
            sx=SWITCH,
            align="center",
        )
        self.language.param.watch(self._chose_language, "value")
        self._buttons = {
            "undo": self._button("undo", "undo", self.session.undo),
            "redo": self._button("redo", "redo", self.session.redo),
            "replay": self._button("replay", "slow_motion_video", self.session.replay),
            "reset": self._button("reset", "restart_alt", self._reset_all),
        }
        self.reforming = pmui.Switch(
            label=say(*UI_TEXT["reform"]), value=self.session.is_reforming, margin=(8, 12), color="secondary"
        )
        self.reforming.param.watch(self._chose_reforming, "value")
        titles = item_titles(self.session.scenario, say)
        self.controls = [self.control(one, titles.get(one.group, "")) for one in self._key_numbers()]

    def page(self) -> Any:
        """The whole as a page of its own."""
        self._page = pmui.Page(
            title=self.say(*UI_TEXT["title"]), header=[self._header()], main=[self._faults, self._main],
            sidebar=self._sidebar(), sidebar_width=330, theme_config=THEME, stylesheets=[PAGE_STYLE],
        )  # fmt: skip
        _leave_server(self._page)
        self._page.param.watch(self._dress_page, "dark_theme")
        self._dress_page()  # its address may ask for the dark theme
        return self._page

    def cell(self, hooks: Sequence[Callable[..., None]] = ()) -> Any:
        """The whole in a notebook's cell; hooks are called with what is put into it."""
        header = pn.Column(sizing_mode="stretch_width", margin=0, styles={"background": PRIMARY})
        side = pn.Column(*self._sidebar(), width=310, margin=0)
        self._around = header, side
        header.append(self._header())
        main = pn.Column(self._faults, self._main, sizing_mode="stretch_width", margin=0, min_width=500)
        below = pn.Row(side, main, sizing_mode="stretch_width", margin=0)
        about = {"sizing_mode": "stretch_width", "margin": 0, "theme_config": THEME, "hooks": list(hooks)}
        return pmui.Column(header, below, **about)

    def _header(self) -> Any:
        """What can be done at any time; in a cell, whose notebook is not ours to print or to enlarge, a little less."""
        say, is_cell = self.say, self._around is not None
        self._takeaways = export_buttons(lambda: self.session.result, say)
        whole_page: list[Any] = []
        if not is_cell:
            present = self._button("present", "fullscreen", self._present)
            present.js_on_click(code=_FULL_SCREEN)
            paper = pmui.IconButton(icon="print", description=say(*UI_TEXT["print"]), margin=(0, 4))
            paper.js_on_click(code="window.print()")
            whole_page = [paper, present]
        return pmui.Row(
            *self._buttons.values(), self._status, pn.Spacer(sizing_mode="stretch_width"),
            *self._takeaways, *whole_page, self.language,
            sizing_mode="stretch_width", margin=0, align="center", theme_config=ON_PRIMARY if is_cell else None,
        )  # fmt: skip

    def _sidebar(self) -> list[Any]:
        heading = safe_html(f"<h3>{self.say(*UI_TEXT['key_numbers'])}</h3>", margin=(8, 12, 0, 12))
        return [self.menu, pmui.Divider(), heading, self.reforming, *(control.view for control in self.controls)]

    def _button(self, key: str, icon: str, act: Callable[[], Awaitable[None]]) -> Any:
        faint = {"&.Mui-disabled": {"color": "rgba(255,255,255,.35)"}}
        button = pmui.IconButton(icon=icon, description=self.say(*UI_TEXT[key]), margin=(0, 2), sx=faint)

        async def clicked(_: Any) -> None:
            await act()

        button.on_click(clicked)
        return button

    def _shape(self) -> tuple[Any, ...]:
        """What pages are built for; in a scenario that differs in it they would ask for what is not there."""
        scenario, every = self.session.scenario, self.session.adjustables()
        return scenario.years, [(item.key, item.title) for item in scenario.items], [one.key for one in every]

    def control(self, adjustable: Adjustable, whose: str = "") -> Control:
        """A widget for one thing, bound to the session."""
        session = self.session
        return Control(adjustable, self.say, session.turn, session.reset, session.is_reforming, whose)

    def _key_numbers(self) -> list[Adjustable]:
        """What stands in the sidebar: the envelope, growth, and every ceiling of the law."""
        every = self.session.adjustables()
        chosen = [one for one in every if one.key in KEY_NUMBERS]
        return [*chosen, *(one for one in every if one.part == "law" and not one.is_fixed)]

    # --- pages --------------------------------------------------------------------------------------------------------

    def _chose_page(self, event: Any) -> None:
        if event.new:
            self._open(list(BUILDERS)[event.new[0]])

    def go(self, key: str, item: str = "") -> None:
        """To another page, and to an item on it."""
        self._open(key)
        self.menu.active = (list(BUILDERS).index(key),)
        if isinstance(page := self._pages.get(key), Assumptions) and item:
            page.open_item(item)

    def _open(self, key: str) -> None:
        """Show a page. A new one is put there last and whole: a change while a picture is set up breaks it."""
        self.current = key
        session, result, kind = self.session, self.session.result, BUILDERS[key]
        session.is_calendar_open, session.is_matching_funds_open = kind.needs_calendars, kind.needs_matching_funds
        is_new, is_old = key not in self._pages, key in self._stale
        is_awaited = (is_new or is_old) and result is not None and not session.has_all(result)
        self._stale.discard(key)
        if is_new and not is_awaited:
            self._pages[key] = kind(session, self.say)
            self._pages[key].go = self.go
        if (page := self._pages.get(key)) is not None:
            if is_old and not is_awaited and result is not None:
                page.show(result, page.prepare(result))
            page.refresh()
            self._dress_page()
        self._hide_others(key)
        if page is not None and is_new:
            self._main.append(page.view)
        if is_awaited:
            pn.state.execute(partial(session.show, session.settings))

    def _hide_others(self, key: str) -> None:
        """Only this page is seen; while there is none, that it is being made."""
        with pn.io.hold():
            for name, other in self._pages.items():
                if other.view.visible != (name == key):
                    other.view.visible = name == key
            self._awaiting.visible = key not in self._pages

    def _chose_language(self, event: Any) -> None:
        self.say = PictureTranslator(event.new)
        self._begin_anew()

    def _begin_anew(self) -> None:
        """In another language, or for a scenario with other items, years or numbers to turn."""
        with pn.io.hold():
            self._begin()
            if self._around is not None:
                self._around[0][:], self._around[1][:] = [self._header()], self._sidebar()
            if self._page is not None:
                self._page.title = self.say(*UI_TEXT["title"])
                self._page.header = [self._header()]
                self._page.sidebar = self._sidebar()
        self._open(self.current)  # alone: a change around a picture while it is set up breaks it
        self._refresh()

    # --- what happens -------------------------------------------------------------------------------------------------

    async def _show(self, result: RunResult) -> None:
        """A result is there: onto the page that is looked at; the others wait until they are."""
        page = self._pages.get(self.current)
        self._stale = set(self._pages) - {self.current}
        if self.session.is_current and self._built_for != self._shape():
            self._begin_anew()
            return
        if page is None:  # it was opened before there was what it shows
            if self.session.has_all(result):
                self._open(self.current)
            return
        prepared = await asyncio.to_thread(page.prepare, result)
        with pn.io.hold():
            page.show(result, prepared)
            self._say_status()

    def _refresh(self) -> None:
        """The settings are new: widgets, marks and buttons follow."""
        by_key = {one.key: one for one in self.session.adjustables()}
        with pn.io.hold():
            for control in self.controls:
                self.session.refresh(control, by_key)
            self.reforming.value = self.session.is_reforming
            if page := self._pages.get(self.current):
                page.refresh()
            history = self.session.history
            self._buttons["undo"].disabled = not history.before
            self._buttons["redo"].disabled = not history.after
            self._buttons["replay"].disabled = not history.before
            self._buttons["reset"].disabled = not self.session.settings.is_changed
            self._faults.object = fault_list(self.session.faults, self.say.language)
            self._say_status()

    def _say_status(self) -> None:
        session, say = self.session, self.say
        name = html(scenario_title(session.scenario, say))
        changes = len(session.settings.changes) + len(session.settings.reform)
        marks = [f"<b>{name}</b>"]
        if session.settings.reform:
            marks.append(f'<b class="beyond">{label("reform", say, "columns")}</b>')
        elif changes:
            marks.append(f'<b class="changed">{label("changed", say, "notes")}</b>')
        shown = session.result.trial_count if session.result else session.desk_state.trials
        marks.append(say(f"模拟{shown:,}次", f"{shown:,} trials"))
        if session.is_busy:
            marks.append(f'<span class="busy">{say(*UI_TEXT["busy"])}</span>')
        self._status.object = f'<div class="status">{" · ".join(marks)}</div>'

    async def _chose_reforming(self, event: Any) -> None:
        if event.new != self.session.is_reforming:
            await self.session.try_reform(event.new)

    async def _reset_all(self) -> None:
        await self.session.try_reform(False)
        await self.session.change(Settings(self.session.settings.scenario), "reset")

    async def _present(self) -> None:
        """Large type and no sidebar, or back again."""
        self.is_presenting = not self.is_presenting
        if self._page is not None:
            self._page.sidebar_open = not self.is_presenting
        for button in self._takeaways:  # nothing to press for those who look on
            button.visible = not self.is_presenting
        self._dress_page()

    def _dress_page(self, _: Any = None) -> None:
        """Pictures as large as the rest, in the colours of the theme. Held: bokeh's models change without its lock."""
        is_dark = self._page is not None and self._page.dark_theme
        if page := self._pages.get(self.current):
            with pn.io.hold():
                page.set_theme(PictureTheme(LARGE if self.is_presenting else 1.0, is_dark))


def _leave_server(page: Any) -> None:
    """Take a page from what the server's state keeps: each follows whether the server is busy, and would never go."""
    state = pn.state.param
    for watcher in [one for watchers in state.watchers["busy"].values() for one in watchers]:
        if getattr(getattr(watcher.fn, "__self__", None), "self", None) is page:
            state.unwatch(watcher)


_FULL_SCREEN = """
const page = document.documentElement, is_on = page.classList.toggle("presenting");
page.style.fontSize = is_on ? "22px" : "";
if (is_on && page.requestFullscreen) page.requestFullscreen().catch(() => {});
if (!is_on && document.fullscreenElement) document.exitFullscreen();
"""
