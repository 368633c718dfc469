"""The desk: the pages of one session's scenario, as a page of its own or in a notebook's cell."""

from __future__ import annotations

import asyncio
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
from panel.util import edit_readonly

from ..results.run_result import RunResult
from ..views import load_backends
from .frame import Actions, Frame
from .pages.answers_page import AnswersPage
from .pages.assumptions_page import Assumptions
from .pages.caps_page import Caps
from .pages.ledger_page import Ledger
from .pages.measure_page import MeasurePage
from .pages.overview_page import Overview
from .pages.page import DeskPage
from .pages.scenarios_page import Scenarios
from .state.address import query_in, query_text
from .state.desk_state import DeskState
from .state.session import Session, dismiss_refusal, restore_steps, return_to
from .widgets.address_bar import HOME, AddressBar
from .widgets.connection_watch import ConnectionWatch
from .widgets.desk_theme import PAGE_STYLE, PRIMARY, THEME
from .widgets.guided_visit import GuidedVisit
from .widgets.hiding import set_away
from .widgets.live_picture import PictureTheme
from .widgets.page_actions import PageActions
from .widgets.page_making import Making, is_served
from .widgets.presentation import FACTOR, Presentation
from .widgets.safe_html import safe_html
from .widgets.ui_text import UI_TEXT, PictureTranslator

BUILDERS: dict[str, type[DeskPage]] = {
    "overview": Overview,
    "assumptions": Assumptions,
    "caps": Caps,
    "answers": AnswersPage,
    "scenarios": Scenarios,
    "ledger": Ledger,
    "measure": MeasurePage,
}
PAGE_KEYS = list(BUILDERS)
PRESENTED = ("overview", "caps", "scenarios")  # that arrow keys lead to: the others are for work


class Desk:
    """One session's desk.

    Args:
        desk_state: what the desk was started with.
        session: by default a new one.
        language: ``zh`` or ``en``.
        page: the key of the page that is open first.
        own_language: the one that pages begin with, which the address does not say.
    """

    def __init__(
        self,
        desk_state: DeskState,
        session: Session | None = None,
        language: str = "zh",
        page: str = PAGE_KEYS[0],
        own_language: str = "zh",
    ):
        load_backends()
        self.session = session or Session(desk_state)
        if self.session.result is None and not is_served():  # a server's page says meanwhile that it computes
            self.session.first_result()
        self.session.on_result = self._show
        self.session.on_state = self._refresh
        self.say = PictureTranslator(language)
        self._own_language = own_language
        self.address = AddressBar()
        self.address.on_page, self.address.on_back = self._went_back, partial(_went_to, self)
        self.address.on_steps = lambda text: pn.state.onload(partial(restore_steps, self.session, text))
        self.presentation = Presentation(self.say)
        self.presentation.on_turn, self.presentation.on_end = self._turned, partial(pn.state.execute, self._present)
        self.presentation.on_there = self._enlarged
        self._item = ""  # that is to be opened on the page of assumptions
        self._large: set[str] = set()  # pages whose pictures are enlarged in a presentation
        self.current = page if page in PAGE_KEYS else PAGE_KEYS[0]
        self.is_presenting = False
        self._page: Any = None
        self._around: tuple[Any, Any] | None = None  # header and sidebar of a cell
        self._refreshed: tuple[Any, ...] = ()  # what the frame and the page have followed
        # A page is as long as its content: bokeh would keep each of its parts within the window's height, and
        # what is longer would cover what follows.
        self._main = pn.Column(sizing_mode="stretch_width", margin=0, styles={"max-height": "none"})
        self._making = Making(self._main)
        self._begin()
        self._open(self.current)
        self._refresh()

    # --- building -----------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """The frame and no page yet, in the language now."""
        actions = Actions(self._chose_page, self._chose_language, self._present)
        self.frame = Frame(self.session, self.say, actions, PAGE_KEYS, self.current)
        self._pages: dict[str, DeskPage] = {}
        self._stale: set[str] = set()
        self._making.is_dropped = True
        self._making = Making(self._main)
        self._built_for = _shape(self.session)
        self._awaiting = safe_html(self.say(*UI_TEXT["making"]), margin=(40, 12), css_classes=["busy"], visible=False)
        self._main[:] = [self.frame.faults, self._awaiting]

    def page(self, hooks: Sequence[Callable[..., None]] = ()) -> Any:
        """The whole as a page of its own; hooks are called with its models."""
        self._page = pmui.Page(
            title=self.say(*UI_TEXT["title"]), header=self._header(), main=[self._main],
            site_url=HOME, sidebar=self.frame.sidebar(), sidebar_width=330,
            theme_config=THEME, stylesheets=[PAGE_STYLE], hooks=list(hooks),
        )  # fmt: skip
        _leave_server(self._page)
        with edit_readonly(self._page):  # it may have been made while the server was at somebody else's event
            self._page.busy = False
        self._page.param.watch(self._apply_theme, "dark_theme")
        self._apply_theme()  # its address may ask for the dark theme
        if self.session.result is not None and self.session.result.trial_count < self.session.trials:  # a preview
            pn.state.onload(partial(self.session.show, self.session.settings, self.session.scenario))
        return self._page

    def _header(self) -> list[Any]:
        """What a page's header holds besides its title: the frame's, and what keeps address and connection."""
        return [self.frame.header(), self.address, ConnectionWatch(self.say), self.presentation, PageActions(),
                GuidedVisit(self.say)]  # fmt: skip

    def cell(self, hooks: Sequence[Callable[..., None]] = ()) -> Any:
        """The whole in a notebook's cell; hooks are called with what is put into it."""
        header = pn.Column(sizing_mode="stretch_width", margin=0, styles={"background": PRIMARY})
        side = pn.Column(*self.frame.sidebar(), width=310, margin=0)
        self._around = header, side
        header.append(self.frame.header(is_cell=True))
        main = pn.Column(self._main, sizing_mode="stretch_width", margin=0, min_width=500)
        below = pn.Row(side, main, sizing_mode="stretch_width", margin=0)
        about = {"sizing_mode": "stretch_width", "margin": 0, "theme_config": THEME, "hooks": list(hooks)}
        return pmui.Column(header, below, **about)

    def _begin_anew(self) -> None:
        """Build all in another language, or for a scenario with other items, years or parameters."""
        with pn.io.hold():
            self._begin()
            if self._around is not None:
                self._around[0][:], self._around[1][:] = [self.frame.header(is_cell=True)], self.frame.sidebar()
            if self._page is not None:
                self._page.title = self.say(*UI_TEXT["title"])
                self._page.header = self._header()
                self._page.sidebar = self.frame.sidebar()
        self._open(self.current)  # alone: a change around a picture while it is set up breaks it
        self._refresh()

    # --- pages --------------------------------------------------------------------------------------------------------

    def _chose_page(self, event: Any) -> None:
        if event.new:
            self._open(PAGE_KEYS[event.new[0]])

    def go(self, key: str, item: str = "") -> None:
        """Open another page, and an item on it."""
        self._item = item
        self._open(key)
        self.frame.menu.active = (PAGE_KEYS.index(key),)

    def _went_back(self, key: str) -> None:
        """Open the page that the browser's history goes to."""
        self.go(key if key in PAGE_KEYS else PAGE_KEYS[0])
        self._write_address()  # of the settings now

    def _write_address(self) -> None:
        """Have the address say the settings and what is open, so that a reload, Back and the title's link keep them."""
        if self._page is None:
            return
        settings, history = self.session.query(), self.session.history
        query = dict(settings or {})
        said = {
            "page": (self.current, PAGE_KEYS[0]),
            "language": (self.say.language, self._own_language),
            "theme": ("dark" if self._page.dark_theme else "default", "default"),
        }
        query |= {name: now for name, (now, unsaid) in said.items() if now != unsaid}
        self.address.param.update(move=history.moves, is_whole=settings is not None)
        steps = history.text() if history.before or history.after else ""
        self.address.param.update(query=query_text(query), **({"steps": steps} if steps else {}))

    def _open(self, key: str) -> None:
        """Show a page. A new one of a server is made beside the loop; the line that it is being made stands meanwhile,
        or that what it shows is being computed.
        """
        if key != self.current:
            dismiss_refusal(self.session)  # its control may be on the page that is left
        self.current = key
        session, result, kind = self.session, self.session.result, BUILDERS[key]
        session.runs.observations = kind.observations
        is_new = key not in self._pages
        is_awaited = result is None or (not kind.observations.are_in(result) and (is_new or key in self._stale))
        self._awaiting.object = self.say(*UI_TEXT["busy" if is_awaited else "making"])
        if is_new and not is_awaited and not is_served():
            self._put(key, result, kind(session, self.say))
        elif not is_new:
            self._bring_up(key, is_awaited)
        _hide_others(self._pages, key, self._awaiting)
        self._write_address()
        self.presentation.page = key
        if is_awaited:
            self._stale.discard(key)
            pn.state.execute(partial(session.show, session.settings, session.scenario))
        elif is_new and is_served():
            self._making.begin(key, partial(kind, session, self.say), partial(self._put, key, result))

    def _bring_up(self, key: str, is_awaited: bool = False) -> None:
        """Show on a page that is there what holds now, and the item that was asked for."""
        page, result = self._pages[key], self.session.result
        if key in self._stale and not is_awaited and result is not None:
            page.bring_up(result)
            self._stale.discard(key)
        page.refresh()
        self._apply_theme()
        if self._item and isinstance(page, Assumptions):
            page.open_item(self._item)
            self._item = ""

    def _put(self, key: str, result: RunResult | None, page: DeskPage) -> None:
        """Put a new page last, and whole: a change while a picture is set up breaks it. It was made for a result; what
        is new by then it shows at once.
        """
        self._pages[key], page.go = page, self.go
        if self.session.result is not result:
            self._stale.add(key)
        if key == self.current:
            self._bring_up(key)
        _hide_others(self._pages, self.current, self._awaiting)
        self._main.append(page.view)
        page.begin()
        self.frame.show_status()

    def _chose_language(self, event: Any) -> None:
        self.say = PictureTranslator(event.new)
        self.presentation.speak(self.say)
        self._begin_anew()

    # --- results ------------------------------------------------------------------------------------------------------

    async def _show(self, result: RunResult) -> None:
        """Put a result on the page that is open; the others follow when they are opened."""
        page = self._pages.get(self.current)
        self._stale = set(self._pages) - {self.current}
        if self.session.is_current and self._built_for != _shape(self.session):
            self._begin_anew()
            return
        if page is None:  # it was opened before there was a result with what it needs
            if BUILDERS[self.current].observations.are_in(result):
                self._open(self.current)
            return
        for turn in page.turns(result):  # until the last, the frame says that it is being computed
            prepared = await asyncio.to_thread(turn.prepare)
            with pn.io.hold():
                turn.show(prepared)
                self.frame.show_status()

    def _refresh(self) -> None:
        """Whether a run is under way is new, or the settings are: then the frame and the page that is open follow."""
        session, page = self.session, self._pages.get(self.current)
        steps = len(session.history.before), len(session.history.after)
        now = self.frame, page, session.settings, session.scenario, session.faults, session.is_reforming, *steps
        is_followed = len(now) == len(self._refreshed) and all(map(operator.is_, now, self._refreshed))
        self._refreshed = now
        with pn.io.hold():
            if is_followed:
                self.frame.show_status()
                return
            self.frame.refresh()
            if page:
                page.refresh()
            self._write_address()

    # --- looks --------------------------------------------------------------------------------------------------------

    async def _present(self) -> None:
        """Large type, one card at a time and no sidebar, or back again."""
        self.is_presenting = not self.is_presenting
        self._large = {self.current} if self.is_presenting else set()
        if self._page is not None:
            self._page.sidebar_open = not self.is_presenting
        self.frame.set_presenting(self.is_presenting)
        self._apply_theme()
        self.presentation.is_on = self.is_presenting

    def _turned(self, step: int) -> None:
        """The reader turns beyond the cards of a page: to the page before or behind it."""
        at = PAGE_KEYS.index(self.current)
        others = [key for key in (PAGE_KEYS[at + 1 :] if step > 0 else PAGE_KEYS[:at][::-1]) if key in PRESENTED]
        if others:
            self.go(others[0])

    def _enlarged(self, key: str) -> None:
        """A page stands: its pictures become larger. The browser gives those it draws anew the usual size."""
        if self.is_presenting and key == self.current:
            self._large.add(key)
            self._apply_theme()

    def _apply_theme(self, _: Any = None) -> None:
        """Pictures as large as the rest, in the colours of the theme. Held: bokeh's models change without its lock."""
        is_dark = self._page is not None and self._page.dark_theme
        self._write_address()
        if page := self._pages.get(self.current):
            with pn.io.hold():
                page.set_theme(PictureTheme(FACTOR if self.current in self._large else 1.0, is_dark))


async def _went_to(desk: Desk, address: str) -> None:
    """Open the page, and take the settings, that the browser's history goes to."""
    query = query_in(address)
    desk._went_back(query.get("page", ""))
    await return_to(desk.session, query)


def _shape(session: Session) -> tuple[Any, ...]:
    """What pages are built for: for a scenario that differs in it they would ask for what is not there."""
    scenario, every = session.scenario, session.adjustables()
    return scenario.years, [(item.key, item.title) for item in scenario.items], [one.key for one in every]


def _hide_others(pages: Mapping[str, DeskPage], key: str, awaiting: Any) -> None:
    """Leave only this page visible; while it is not there yet, a line that it is being made."""
    with pn.io.hold():
        for name, other in pages.items():
            set_away(other.view, name != key)
        awaiting.visible = key not in pages


def _leave_server(page: Any) -> None:
    """Take a page from what the server's state keeps: each follows whether the server is busy, and would never go."""
    state = pn.state.param
    for watcher in [one for watchers in state.watchers["busy"].values() for one in watchers]:
        if getattr(getattr(watcher.fn, "__self__", None), "self", None) is page:
            state.unwatch(watcher)
