"""What stands around the desk's pages in one language: header, menu, and the sidebar's key numbers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import panel as pn
import panel_material_ui as pmui

from ..adjustable import Adjustable
from ..reports.page_footer import css_string, footer_text
from ..scenario.model import ScenarioModel
from ..views import item_titles, scenario_title
from ..wording.labels import label
from .state.session import Session, dismiss_refusal, faults_beside
from .state.settings import Settings
from .widgets.desk_theme import ON_PRIMARY, SWITCH, WHITE
from .widgets.export_buttons import export_buttons
from .widgets.guided_visit import GUIDES, HANDS_ON, STEPS_BACK
from .widgets.hand_over import HandOver
from .widgets.page_actions import FILLS_SCREEN, GOES_UP, PRINTS
from .widgets.page_language import page_language
from .widgets.printed_page import printed_page
from .widgets.safe_html import safe_html
from .widgets.session_controls import control_of, refresh_controls
from .widgets.ui_text import PAGES, UI_TEXT, PictureTranslator, fault_list, html, say_page

KEY_NUMBERS = ("envelopes.total", "growth")  # in the sidebar, before the law's ceilings


class Actions(NamedTuple):
    """What the desk does when the user chooses a page or a language, or presses the button of a presentation."""

    open_page: Callable[[Any], None]
    choose_language: Callable[[Any], None]
    present: Callable[[], Awaitable[None]]


class Frame:
    """Header and sidebar, built anew in another language and for a scenario with other parameters.

    Args:
        pages: keys of the pages, in the menu's order.
        current: the key of the page that is open.
    """

    def __init__(self, session: Session, say: PictureTranslator, actions: Actions, pages: Sequence[str], current: str):
        self.session, self.say, self._actions, self._pages = session, say, actions, pages
        self.faults = safe_html("", margin=(4, 12))
        self._foot: tuple[ScenarioModel, int, str] | None = None  # what printed pages say, and of what
        self._status = safe_html("", margin=(0, 12), align="center", min_width=110)
        self.menu = pmui.MenuList(
            items=[{"label": say_page(key, say), "icon": PAGES[key]} for key in pages],
            active=(pages.index(current),), sizing_mode="stretch_width", margin=(4, 0), css_classes=[GOES_UP],
        )  # fmt: skip
        self.menu.param.watch(actions.open_page, "active")
        self.language = self._language_switch()
        self._buttons = {
            "undo": self._button("undo", "undo", session.undo),
            "redo": self._button("redo", "redo", session.redo),
            "replay": self._button("replay", "slow_motion_video", session.replay),
            "reset": self._button("reset", "restart_alt", self._reset_all),
        }
        self.paper, self._hand_over = printed_page(say), HandOver(say)
        self._hand_over.css_classes = [HANDS_ON]
        self._exports = export_buttons(lambda: session.result, say)
        for button in self._exports:
            button.css_classes = [HANDS_ON]
        self.reforming = pmui.Switch(
            label=say(*UI_TEXT["reform"]), value=session.is_reforming, margin=(8, 12), color="secondary"
        )
        self.reforming.param.watch(self._chose_reforming, "value")
        titles = item_titles(session.scenario, say)
        self.controls = [control_of(session, one, say, titles.get(one.group, "")) for one in self._key_numbers()]
        self.controls[0].view.css_classes = ["key-number"]

    def header(self, is_cell: bool = False) -> Any:
        """Buttons for what can be done at any time; in a cell without those that print or enlarge the whole page."""
        return pmui.Row(
            *self._buttons.values(), self._status, pn.Spacer(sizing_mode="stretch_width"),
            *self._exports, self._hand_over, *([] if is_cell else self._page_parts()), self.language,
            sizing_mode="stretch_width", margin=0, align="center", theme_config=ON_PRIMARY if is_cell else None,
            sx={"flexWrap": "wrap"},
        )  # fmt: skip

    def sidebar(self) -> list[Any]:
        """The menu, the switch of a tried reform, and the key numbers."""
        heading = safe_html(f"<h3>{self.say(*UI_TEXT['key_numbers'])}</h3>", margin=(8, 12, 0, 12))
        return [self.menu, pmui.Divider(), heading, self.reforming, *(control.view for control in self.controls)]

    def refresh(self) -> None:
        """The settings are new: controls, buttons, faults and status follow."""
        session = self.session
        refresh_controls(session, self.controls)
        self.reforming.value = session.is_reforming
        self._buttons["undo"].disabled = not session.history.before
        self._buttons["redo"].disabled = not session.history.after
        self._buttons["replay"].disabled = not session.history.before
        self._buttons["reset"].disabled = not session.settings.is_changed
        self.faults.object = fault_list([] if faults_beside(session) else session.faults, self.say)
        self._hand_over.refresh(session)
        self.show_status()

    def show_status(self) -> None:
        """The scenario, whether it is changed, how many trials are shown, and whether a run is under way."""
        session, say = self.session, self.say
        marks = [f"<b>{html(scenario_title(session.scenario, say))}</b>"]
        if session.settings.reform:
            marks.append(f'<b class="beyond">{label("reform", say, "columns")}</b>')
        elif session.settings.changes:
            marks.append(f'<b class="changed">{label("changed", say, "notes")}</b>')
        shown = session.result.trial_count if session.result else session.trials
        if session.result is not None:
            marks.append(say(f"模拟{shown:,}次", f"{shown:,} trials"))
        if session.runs.is_busy:
            marks.append(f'<span class="busy">{say(*UI_TEXT["busy"])}</span>')
        note = say(*UI_TEXT["busy"]) if session.runs.is_busy else ""
        self.paper.param.update(note=note, foot=self._foot_of(session.scenario, shown))
        for button in self._exports:
            button.disabled = session.result is None
        self._status.object = f'<div class="status">{" · ".join(marks)}</div>'

    def _foot_of(self, scenario: ScenarioModel, trials: int) -> str:
        """The foot of printed pages; found once for a scenario, since it counts the marks of all its numbers."""
        if self._foot is None or self._foot[0] is not scenario or self._foot[1] != trials:
            text = css_string(footer_text(scenario, trials, self.session.seed, self.say))
            self._foot = scenario, trials, text
        return self._foot[2]

    def set_presenting(self, is_presenting: bool) -> None:
        """Hide the download buttons during a presentation."""
        for button in self._exports:
            button.visible = not is_presenting

    # --- parts --------------------------------------------------------------------------------------------------------

    def _language_switch(self) -> Any:
        switch = pmui.RadioButtonGroup(
            options={"中文": "zh", "English": "en"}, value=self.say.language, size="small", margin=(0, 8), sx=SWITCH,
            align="center",
        )  # fmt: skip
        switch.param.watch(self._actions.choose_language, "value")
        return switch

    def _button(
        self, key: str, icon: str, act: Callable[[], Awaitable[None]], css_classes: Sequence[str] = (STEPS_BACK,)
    ) -> Any:
        faint = {**WHITE, "&.Mui-disabled": {"color": "rgba(255,255,255,.35)"}}
        about = self.say(*UI_TEXT[key])
        button = pmui.IconButton(icon=icon, description=about, margin=(0, 2), sx=faint, css_classes=[*css_classes])

        async def clicked(_: Any) -> None:
            await act()

        button.param.watch(clicked, "clicks")
        return button

    def _page_parts(self) -> list[Any]:
        """Buttons that print and present the page, and its language."""
        present = self._button("present", "fullscreen", self._actions.present, css_classes=[FILLS_SCREEN, HANDS_ON])
        guide, paper = (
            pmui.IconButton(icon=icon, description=self.say(*UI_TEXT[key]), margin=(0, 4), css_classes=does, sx=WHITE)
            for key, icon, does in (("guide", "help_outline", [GUIDES]), ("print", "print", [PRINTS, HANDS_ON]))
        )
        language = page_language(self.say.language, partial(dismiss_refusal, self.session))
        return [guide, paper, present, language, self.paper]

    def _key_numbers(self) -> list[Adjustable]:
        """The envelope, growth, and every ceiling of the law."""
        every = self.session.adjustables()
        chosen = [one for one in every if one.key in KEY_NUMBERS]
        return [*chosen, *(one for one in every if one.part == "law" and not one.is_fixed)]

    # --- what the user does -------------------------------------------------------------------------------------------

    async def _chose_reforming(self, event: Any) -> None:
        if event.new != self.session.is_reforming:
            await self.session.try_reform(event.new)

    async def _reset_all(self) -> None:
        await self.session.try_reform(False)
        await self.session.change(Settings(self.session.settings.scenario), "reset")
