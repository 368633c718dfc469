"""A dialog with what makes the page's numbers again elsewhere: a link, a command, a snippet for a notebook."""

from __future__ import annotations

from typing import Any

import param

from ...scenario_file.draft import Draft
from ...views import FONTS
from ..state.reproduction import command_of, file_name_of, python_of, values_of
from ..state.session import Session
from ..state.settings import Settings
from .card_tools import CARD_TOOLS
from .copying import COPYING
from .picture_frame import PICTURE_FRAME
from .scripted import Scripted
from .ui_text import PictureTranslator

WORDS = {
    "open": ("转交当前设置", "Hand on these settings"),
    "link": ("链接（在本看板中打开）", "Link (opens in this desk)"),
    "command": ("命令", "Command"),
    "python": ("Python", "Python"),
    "copy": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
    "close": ("关闭", "Close"),
}
NOT_SAID = (
    "有些改动没有参数名称可写，请在“情景”页保存或下载情景文件。",
    "Some changes have no parameter's name: save or download the scenario's file on the page of scenarios.",
)
FILE = (
    "{name} 是情景文件：在“情景”页下载，与命令放在同一文件夹。",
    "{name} is the scenario's file: download it on the page of scenarios, into the folder of the command.",
)

_SCRIPT = (
    PICTURE_FRAME
    + COPYING
    + CARD_TOOLS
    + r"""
const FONTS = `__FONTS__`;
const STYLE = `
.open {height: 40px; width: 40px; padding: 0; border: 0; border-radius: 50%; background: transparent; color: #fff;}
.open, dialog button {cursor: pointer;}
.open:hover {background: rgba(255,255,255,.12);}
button:focus-visible, textarea:focus-visible {outline: 3px solid #8EC5FF; outline-offset: 1px;}
dialog {border: 0; border-radius: 8px; padding: 18px 24px; width: min(760px, 92vw); box-sizing: border-box;
  color: #1b2a38; background: #fff; box-shadow: 0 4px 24px rgba(0,0,0,.45); font: 1rem/1.5 ${FONTS};}
dialog::backdrop {background: rgba(20,30,40,.35);}
h2 {font-size: 1.15rem; margin: 0 0 8px;}
.row {display: grid; grid-template-columns: 1fr auto; gap: 2px 10px; margin: 0 0 10px; align-items: end;}
label {font-weight: 600; font-size: .9rem;}
textarea {grid-column: 1 / -1; width: 100%; box-sizing: border-box; resize: vertical; font: .82rem/1.45 monospace;
  padding: 6px 8px; border: 1px solid #6B7681; border-radius: 4px; background: #fff; color: #1b2a38;}
dialog button {height: 30px; padding: 0 14px; border: 1px solid #1b2a38; border-radius: 6px; background: #fff;
  color: #1b2a38; font: inherit; font-size: .85rem;}
p {margin: 0 0 10px; font-size: .9rem;}
.foot {display: flex; justify-content: space-between; align-items: center; min-height: 30px;}
@media print {:host {display: none;}}
`;
const ICON = "M16 5l4 4-4 4M20 9H10a6 6 0 0 0-6 6v4";

function make(tag, given = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

export function render({model, el}) {
  const words = model.words, dialog = make("dialog", {"aria-labelledby": "head"}), rows = make("div");
  const open = make("button", {type: "button", class: "open", title: words.open, "aria-label": words.open});
  const status = make("span", {role: "status"}), close = make("button", {type: "button"}, words.close);
  open.innerHTML = `<svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true"><path d="${ICON}" fill="none"
    stroke="currentColor" stroke-width="2"/></svg>`;

  function row(name, text) {
    const made = make("div", {class: "row"}), called = `${words.copy} ${words[name]}`;
    const copy = make("button", {type: "button", "aria-label": called}, words.copy);
    const high = Math.min(12, Math.max(2, text.split("\n").length));
    const field = make("textarea", {id: name, readonly: "", spellcheck: "false", rows: high});
    field.value = text;
    copy.addEventListener("click", async () => {
      status.textContent = "";
      if (await copyText(text, dialog)) status.textContent = words.copied;
      copy.focus();
    });
    made.append(make("label", {for: name}, words[name]), copy, field);
    rows.append(made);
  }

  function fill() {
    rows.replaceChildren();
    status.textContent = "";
    row("link", location.href);
    if (model.command) row("command", model.command);
    if (model.python) row("python", model.python);
    if (model.remark) rows.append(make("p", {}, model.remark));
  }

  open.addEventListener("click", () => { fill(); dialog.showModal(); });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => open.focus());
  const foot = make("div", {class: "foot"});
  foot.append(status, close);
  dialog.append(make("h2", {id: "head"}, words.open), rows, foot);
  el.append(make("style", {}, STYLE), open, dialog);
}
"""
)


class HandOver(Scripted):
    """A button on the header and the dialog it opens; `refresh` when the settings are others."""

    command = param.String()
    python = param.String()
    remark = param.String(doc="What is to be known beside them.")
    words = param.Dict({})

    _esm = _SCRIPT.replace("__FONTS__", FONTS)

    def __init__(self, say: PictureTranslator):
        self._say = say
        words = {name: say(*both) for name, both in WORDS.items()}
        super().__init__(words=words, width=40, height=40, margin=(0, 4))
        self._said: tuple[Settings, Draft] | None = None

    def refresh(self, session: Session) -> None:
        """Say the settings of now, unless it says them already."""
        if self._said is None or self._said[0] is not session.settings or self._said[1] is not session.draft:
            self.param.update(**reproduction(session, self._say))
            self._said = session.settings, session.draft


def reproduction(session: Session, say: PictureTranslator) -> dict[str, Any]:
    """Command, snippet and a remark for a session's settings; the first two are empty where they cannot say them."""
    settings, in_file = session.settings, session.parameters.in_file(session.draft)
    values, name = values_of(settings, in_file), file_name_of(session.draft.path)
    if values is None:
        return {"command": "", "python": "", "remark": say(*NOT_SAID)}
    plugins = session.desk_state.plugins_dir.name if session.desk_state.plugins_dir else ""
    run = (bool(settings.reform), session.trials, session.seed, plugins)
    is_file = name.endswith((".yaml", ".yml"))
    return {
        "command": command_of(name, values, in_file, *run),
        "python": python_of(name, values, *run),
        "remark": say(*FILE).format(name=name) if is_file else "",
    }
