"""On the page of scenarios: the settings saved as a file, and downloaded."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...base.faults import FaultyInput
from ...scenario_file.load import check_name
from ...scenario_file.sheet import shipped_names
from ...wording.labels import label, section
from ..state.saving import Provenance, ToSave, reform_file, save, scenario_text, to_save
from ..state.session import Session
from ..widgets.downloads import download
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, fault_list, html
from .scenario_cards import paper

ASK = {
    "another_user": ("文件在读入之后已被其他用户修改。是否仍写入此处的改动？其他改动保留。",
                 "Another user changed the file after it was read. Write these changes into it? The others stay."),
    "there": ("已有同名文件。是否整个替换？", "There is a file of this name. Replace it as a whole?"),
}  # fmt: skip
SHIPPED = ("自带的情景叫这个名称，请换一个", "a scenario that ships has this name: choose another")
NAME_HINT = (
    "最多约40个汉字或120个字母数字，不含 / \\ : * ? 等符号",
    "up to 40 Chinese characters or 120 letters and digits; no / \\ : * ? and the like",
)


class SaveCard:
    """Saves the settings as a scenario file, and gives them as files to download.

    Args:
        came: called when the saved scenario has become the current one.
    """

    def __init__(self, session: Session, say: PictureTranslator, came: Callable[[], Awaitable[None]]):
        self.session, self.say, self._came = session, say, came
        self._to_save: ToSave | None = None
        self._build()
        self.view = paper(
            say("保存当前设置", "Save the current settings"), self.name,
            self.source,
            self.mark,
            pn.Row(self._save, self._download, self._reform, margin=0), self._question,
            pn.Row(self._yes, self._no, margin=0), self._said, is_printed=False,
        )  # fmt: skip

    def refresh(self) -> None:
        """The settings are new: what can be saved and downloaded follows."""
        self._reform.visible = bool(self.session.settings.reform)
        self._named(None)

    def suggest(self) -> None:
        """Suggest a name for the scenario that is current now."""
        self.name.value = self.name.value_input = self._own_name()

    def _build(self) -> None:
        say, common = self.say, {"size": "small", "variant": "outlined", "margin": (4, 8)}
        self.name = pmui.TextInput(
            label=say("名称（也是文件名）", "name (and that of the file)"), size="small", value=self._own_name(),
            sizing_mode="stretch_width", margin=(8, 8),
        )  # fmt: skip
        self.name.param.watch(self._named, "value_input")
        self.source = pmui.TextInput(
            label=say("改动数值的来源", "source of the changed numbers"),
            size="small", sizing_mode="stretch_width", margin=(8, 8),
        )  # fmt: skip
        marks = {f"{key} {label(key, say, 'marks')}": key for key in section("marks")}
        self.mark = pmui.Select(
            options=marks, value="D", label=label("mark", say, "columns"), size="small", width=300, margin=(8, 8)
        )
        self._save = pmui.Button(
            label=say("保存", "Save"), icon="save", visible=self.session.save_folder is not None,
            size="small", variant="contained", margin=(4, 8),
        )  # fmt: skip
        self._save.on_click(self._pressed_save)
        self._download = download(
            self._scenario_bytes, "scenario.yaml", say("下载情景（YAML）", "Download (YAML)"), width=150
        )
        self._reform = download(
            self._reform_bytes, "reform.yaml", say("下载办法调整方案（YAML）", "Download the reform (YAML)"), width=190
        )
        self._question, self._said = safe_html("", margin=(0, 12)), safe_html("", margin=(0, 12))
        self._yes = pmui.Button(label=say("仍要写入", "Write it"), color="warning", visible=False, **common)
        self._no = pmui.Button(label=say("不写", "Leave it"), color="default", visible=False, **common)
        self._yes.on_click(self._confirmed)
        self._no.on_click(self._declined)

    # --- saving -------------------------------------------------------------------------------------------------------

    def _own_name(self) -> str:
        """A name to save under: an uploaded file and one of the folder keep theirs, one that ships gets another."""
        name, folder = self.session.settings.scenario, self.session.save_folder
        path = self.session.files.shared.get(name)
        is_own = path is None or (folder is not None and path.resolve().parent == folder.resolve())
        return name if is_own else f"{name}-{self.say('试算', 'trial')}"

    @property
    def _provenance(self) -> Provenance:
        return Provenance((self.source.value_input or self.source.value or "").strip(), self.mark.value)

    def _typed(self) -> str:
        return (self.name.value_input or self.name.value or "").strip()

    def _named(self, _: Any) -> None:
        """Show beside the name whether it can be used."""
        name, hint = self._typed(), None
        if self._to_save is not None and self._to_save.name != name:
            self._ask(None)  # that question was about another name
        try:
            check_name(name)
        except FaultyInput:
            hint = NAME_HINT
        if hint is None and name in shipped_names():  # its name would mean the saved file from then on
            hint = SHIPPED
        is_fit = hint is None
        self.name.param.update(error_state=not is_fit, helper_text=self.say(*hint) if hint else "")
        self._save.disabled = not is_fit
        for button, tail in ((self._download, ""), (self._reform, self.say("-调整方案", "-reform"))):
            button.disabled = not is_fit
            if is_fit:
                button.filename = f"{name}{tail}.yaml"

    async def _pressed_save(self, _: Any) -> None:
        self._ask(None)
        await self._save_as(self._typed())

    async def _confirmed(self, _: Any) -> None:
        asked = self._to_save
        self._ask(None)
        if asked is not None:
            await self._save_as(asked.name, asked)

    async def _save_as(self, name: str, asked: ToSave | None = None) -> None:
        """Write the file, or ask first; ``asked`` is what was confirmed, for the file as it stood when it was asked."""
        try:
            file = await asyncio.to_thread(to_save, self.session, name, self._provenance)
        except FaultyInput as error:
            self._say_faults(self.say("没有保存：", "Not saved:"), error)
            return
        is_confirmed = asked is not None and (file.ask, file.found) == (asked.ask, asked.found)
        if file.ask and not is_confirmed:
            self._ask(file)
        else:
            await self._write(file)

    async def _declined(self, _: Any) -> None:
        self._ask(None)
        self._said.object = html(self.say("没有保存，文件照旧。", "Not saved; the file is as it was."))

    def _ask(self, file: ToSave | None) -> None:
        self._to_save = file
        self._question.object = "" if file is None else f'<b class="warn">{self.say(*ASK[file.ask])}</b>'
        self._yes.visible = self._no.visible = file is not None
        self._said.object = ""

    async def _write(self, file: ToSave) -> None:
        try:
            await save(self.session, file)
        except FaultyInput as error:
            self._say_faults(self.say("没有保存：", "Not saved:"), error)
        else:
            more = ""
            if self.session.settings.reform:
                more = self.say(
                    "试算的办法调整方案不在其中，请另行下载。", " The tried reform is not in it: download it besides."
                )
            done = self.say(f"已保存为 {file.path.name}。", f"Saved as {file.path.name}.")
            self._said.object = f'<div class="fine">{html(done + more)}</div>'
            await self._came()

    def _say_faults(self, lead: str, error: FaultyInput) -> None:
        self._said.object = html(lead) + fault_list(error.faults, self.say)

    # --- taking along -------------------------------------------------------------------------------------------------

    def _scenario_bytes(self) -> io.BytesIO:
        folder = self.session.save_folder or self.session.draft.path.parent
        return self._bytes(
            lambda name: scenario_text(self.session, name, folder / f"{name}.yaml", None, self._provenance)
        )

    def _reform_bytes(self) -> io.BytesIO:
        return self._bytes(lambda name: reform_file(self.session, name))

    def _bytes(self, make: Callable[[str], str]) -> io.BytesIO:
        """A file as bytes; a fault is shown on the page and written into the file instead of the content."""
        try:
            return io.BytesIO(make(self._typed()).encode("utf-8"))
        except FaultyInput as error:
            self._say_faults(self.say("文件未能写入：", "The file could not be written:"), error)
            return io.BytesIO("".join(f"# {fault.text(self.say.language)}\n" for fault in error.faults).encode("utf-8"))
