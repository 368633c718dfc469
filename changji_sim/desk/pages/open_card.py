"""On the page of scenarios: another scenario opened, a file uploaded, a link with the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...base.faults import FaultyInput
from ...base.yaml_lines import MAX_BYTES
from ..state.alternatives import Alternatives
from ..state.desk_state import MOST_BROUGHT
from ..state.saving import link_of, take_file
from ..state.session import Session
from ..state.settings import Settings
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, fault_list, html
from ..widgets.upload import Upload
from .scenario_cards import paper

REFUSED = (
    f"文件未载入：只接受不超过{MAX_BYTES // 1_000_000} MB的YAML文件。",
    f"The file was not loaded: a YAML file of at most {MAX_BYTES // 1_000_000} MB is expected.",
)


class OpenCard:
    """Opens a scenario of the desk or an uploaded file, and shows the link to the settings.

    Args:
        came: called when another scenario has become the current one.
    """

    def __init__(self, session: Session, say: PictureTranslator, came: Callable[[], Awaitable[None]]):
        self.session, self.say, self._came = session, say, came
        self._alternatives = Alternatives.of(session)
        self._build()
        self.view = paper(
            say("打开情景", "Open a scenario"), pn.Row(self.open, self.file, sizing_mode="stretch_width"),
            self._brought, self.link, self._about_link, is_printed=False,
        )  # fmt: skip

    def _build(self) -> None:
        say = self.say
        self.open = pmui.Select(
            options=self._names(), value=self.session.settings.scenario, size="small",
            label=say("已有的情景", "scenarios there are"), width=240, margin=(8, 8),
        )  # fmt: skip
        self.open.param.watch(self._chose, "value")
        self.file = Upload(
            accept=".yaml,.yml", max_file_size=MAX_BYTES, label=say("载入文件（YAML）", "Bring a file (YAML)"),
            uploaded_label=say("已载入", "brought"), variant="outlined", color="default", size="small", margin=(12, 8),
        )  # fmt: skip
        self.file.param.watch(self._brought_file, "value")
        self.file.on_refused = self._say_refused
        self._brought = safe_html("", margin=(0, 12))
        self.link = pmui.TextInput(
            label=say("带当前设置的链接（全选后复制）", "a link with the current settings (select all, copy)"),
            size="small", sizing_mode="stretch_width", margin=(8, 8),
        )  # fmt: skip
        self._about_link = safe_html("", margin=(0, 12))
        self._is_quiet = False

    def refresh(self) -> None:
        """The settings are new: the link follows."""
        settings, say = self.session.settings, self.say
        self._is_quiet = True
        try:
            self.open.param.update(options=self._names(), value=settings.scenario)
        finally:
            self._is_quiet = False
        location = pn.state.location
        self.link.value = link_of(self.session, (location.href if location else "") or "")
        about = ""
        if not self.link.value:
            about = say("改动过多，链接无法容纳，请保存为文件。", "Too many changes for a link: save them as a file.")
        elif settings.scenario not in self.session.files.shared:
            about = say(
                f"载入的文件尚未保存：看板重新启动，或其后又载入{MOST_BROUGHT}个文件，链接即失效。",
                f"The file you brought is not saved: the link opens until the desk is started again or {MOST_BROUGHT} "
                "other files are brought.",
            )
        self._about_link.object = f'<span class="about">{about}</span>'

    def _names(self) -> dict[str, str]:
        say, titles = self.say, {}
        for name in self.session.files.names:
            title = self._alternatives.title(name, say)
            titles[title if name in title else say(f"{title}（{name}）", f"{title} ({name})")] = name
        return titles

    def _chose(self, event: Any) -> None:
        if not self._is_quiet and event.new and event.new != self.session.settings.scenario:
            pn.state.execute(partial(self._go_to, event.new))

    async def _go_to(self, name: str) -> None:
        await self.session.change(Settings(name), f"open {name}")
        await self._came()

    def _say_refused(self) -> None:
        self._brought.object = f'<b class="warn">{self.say(*REFUSED)}</b>'

    async def _brought_file(self, event: Any) -> None:
        if not event.new:
            return
        content, name = bytes(event.new), str(self.file.filename or "scenario.yaml")
        self.file.clear()
        try:
            settings = await asyncio.to_thread(take_file, self.session, name, content)
        except FaultyInput as error:
            number = len(error.faults)
            lead = self.say(f"{name} 有{number}处问题，未载入：", f"{name} has {number} faults and was not taken:")
            self._brought.object = html(lead) + fault_list(error.faults, self.say)
            return
        await self.session.change(settings, f"open {settings.scenario}")
        done = self.say(
            f"已载入“{settings.scenario}”，为当前情景。", f'"{settings.scenario}" is the current scenario now.'
        )
        self._brought.object = f'<div class="fine">{html(done)}</div>'
        await self._came()
