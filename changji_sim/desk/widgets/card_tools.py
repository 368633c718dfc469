"""The tools of a card: its picture and its numbers to hand on, and a note on what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import panel as pn
import param

from ...reports.page_footer import footer_text
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...wording.titled_frame import handed_frame
from .card_notes import note_lines
from .picture_svg import SVG_NODE
from .scripted import Scripted, without_comments
from .ui_text import UI_TEXT, PictureTranslator

MARK = "\ufeff"  # by which Excel reads Chinese
WORDS = ("picture", "svg", "numbers", "download", "explain", "copied", "saved", "close")

# Stands on the page once, in the dialog of the header; every card's own script only calls it. Needs `COPYING`.
CARD_TOOLS = (
    "{"
    + SVG_NODE
    + r"""
const STYLE = `
:host {display: block;}
.tools {display: flex; flex-wrap: wrap; gap: 4px; justify-content: flex-end; align-items: center;}
button {
  height: 28px; min-width: 28px; padding: 0 7px; border: 1px solid rgba(128,128,128,.6); border-radius: 6px;
  background: transparent; color: inherit; font: inherit; font-size: .8rem; line-height: 1; cursor: pointer;
}
button:hover {border-color: currentColor;}
button:focus-visible {outline: 3px solid #4A86BF; outline-offset: 1px;}
button svg {display: block;}
[role=status] {position: absolute; right: 12px; margin-top: 34px; padding: 2px 10px; border-radius: 6px; z-index: 5;
  background: #1b2a38; color: #fff; font-size: .8rem;}
[role=status]:empty {display: none;}
[popover] {max-width: 34rem; border: 1px solid rgba(128,128,128,.6); border-radius: 8px; padding: 14px 20px;
  background: #fff; color: #1b2a38; box-shadow: 0 4px 24px rgba(0,0,0,.35); line-height: 1.6;}
[popover] dt {font-weight: 600;}
[popover] dd {margin: 0 0 8px;}
[popover] button {border-color: #1b2a38;}
@media print {:host {display: none;}}
`;
const ICONS = {
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5a1 1 0 1 0 0-.1",
  numbers: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14",
};

function icon(path) {
  const made = node("svg", {width: 16, height: 16, viewBox: "0 0 24 24", "aria-hidden": "true"});
  made.append(node("path", {d: path, fill: "none", stroke: "currentColor", "stroke-width": 2}));
  return made;
}

function tools({model, view, el}) {
  const asked = new Map(), words = model.words, status = document.createElement("span");
  let timer = null;

  const ask = (what) => new Promise((done) => { asked.set(what, done); model.send_msg({what}); });
  model.on("msg:custom", ({data, ...message}) => {
    const answer = data ?? message;
    asked.get(answer.what)?.(answer);
    asked.delete(answer.what);
  });

  function say(text) {
    status.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { status.textContent = ""; }, 2500);
  }

  function cardOf() {
    let up = view;
    while (up && !up.el.classList?.contains("picture-card")) up = up.parent;
    const isInside = (one) => one === up || (!!one?.parent && isInside(one.parent));
    return [up.el, window.changji_pictures.figuresIn((one) => isInside(one) && one.el.checkVisibility())];
  }

  async function sourceNow() {
    const {text} = await ask("source"), day = new Date().toLocaleDateString(document.documentElement.lang);
    return `${text} · ${day}`;
  }
  const drawn = async () => window.changji_pictures.framed(...cardOf(), await sourceNow());

  const handing = [];  // buttons that wait for something to hand on
  const offer = () => { for (const one of handing) one.hidden = !model.is_there; };
  model.on("change:is_there", offer);

  const does = {
    async picture() {
      const made = drawn(), png = made.then(window.changji_pictures.pngOf);
      if (await copyPicture(png)) say(words.copied);
      else {
        saveFile(await png, `${model.file}.png`);
        say(words.saved);
      }
    },
    async svg() {
      const text = window.changji_pictures.svgText(await drawn());
      saveFile(new Blob([text], {type: "image/svg+xml"}), `${model.file}.svg`);
    },
    async numbers() {
      const {text} = await ask("numbers"), title = window.changji_pictures.titleOf(cardOf()[0]);
      if (await copyText([title, text.trimEnd(), await sourceNow()].join("\n"), el)) say(words.copied);
    },
    async csv() {
      saveFile(new Blob([(await ask("csv")).text], {type: "text/csv"}), `${model.file}.csv`);
    },
  };

  const row = document.createElement("div"), style = document.createElement("style");
  style.textContent = STYLE;
  row.className = "tools";
  function button(name, shown, label) {
    const made = document.createElement("button");
    made.type = "button";
    made.append(shown);
    made.title = label;
    made.setAttribute("aria-label", label);
    if (does[name]) {
      made.addEventListener("click", does[name]);
      handing.push(made);
    }
    row.append(made);
    return made;
  }
  if (model.has_picture) {
    button("picture", icon(ICONS.picture), words.picture);
    button("svg", "SVG", words.svg);
  }
  if (model.has_numbers) {
    button("numbers", icon(ICONS.numbers), words.numbers);
    button("csv", "CSV", words.download);
  }
  offer();
  status.setAttribute("role", "status");
  row.append(status);
  el.append(style, row);
  if (model.note.length) {
    const [note, list, close] = ["div", "dl", "button"].map((tag) => document.createElement(tag));
    note.popover = "auto";
    for (const [head, text] of model.note)
      for (const [tag, said] of [["dt", head], ["dd", text]]) {
        const made = document.createElement(tag);
        made.textContent = said;
        list.append(made);
      }
    close.type = "button";
    close.textContent = words.close;
    close.addEventListener("click", () => note.hidePopover());
    note.append(list, close);
    note.setAttribute("role", "dialog");
    note.setAttribute("aria-label", words.explain);
    el.append(note);
    const open = button("", "?", words.explain);
    open.setAttribute("aria-haspopup", "dialog");
    open.popoverTargetElement = note;
  }
}

window.changji_card_tools = tools;
dispatchEvent(new Event("changji-card-tools"));
}
"""
)


class MadeFrom(NamedTuple):
    """What a picture was made from, where it is no run that is kept."""

    scenario: ScenarioModel
    trial_count: int
    seed: int


class HandOnTools(Scripted):
    """Buttons that copy a card's picture in a frame and its numbers, save both as files, and open its note.

    What they hand on is asked for when they are pressed.
    """

    file = param.String(doc="Name of the files, without an ending.")
    note = param.List([], doc="Heads and texts of the note.")
    words = param.Dict({}, doc="What the buttons are called.")
    has_picture = param.Boolean(True)
    has_numbers = param.Boolean(True)
    is_there = param.Boolean(True, doc="Whether there is something to hand on yet.")

    _esm = without_comments("""
export function render(given) {
  const tools = () => window.changji_card_tools(given);
  if (window.changji_card_tools) tools();
  else addEventListener("changji-card-tools", tools, {once: true});  // the header's script is still on its way
}
""")

    def __init__(
        self,
        key: str,
        say: PictureTranslator,
        frame: Callable[[], pd.DataFrame | None] | None = None,
        result: Callable[[], RunResult | MadeFrom | None] | None = None,
    ):
        """
        Args:
            key: of the card, by which its note is found and its files are called.
            frame: the numbers that the card shows.
            result: what its picture is made from; None where it has none.
        """
        self._frame, self._result, self._say = frame, result, say
        super().__init__(
            file=key, note=note_lines(key, say), words={word: say(*UI_TEXT[word]) for word in WORDS},
            has_picture=result is not None, has_numbers=frame is not None, margin=(4, 4), align="center",
        )  # fmt: skip

    def _handle_msg(self, msg: Any) -> None:
        """Answer what a button asks for."""
        what = msg.get("what") if isinstance(msg, dict) else None
        if what in ("numbers", "csv", "source"):
            pn.state.execute(partial(self._answer, what))

    async def _answer(self, what: str) -> None:
        """Made on a thread: to write out what was changed may take a second, in which all others would wait."""
        self._send_msg({"what": what, "text": await asyncio.to_thread(self.handed_on, what)})

    def handed_on(self, what: str) -> str:
        """``numbers`` for a spreadsheet, ``csv`` as a file's text, or the ``source`` of the picture."""
        result = self._result() if self._result else None
        if what == "source":
            lead = self._say(*UI_TEXT["title"])
            if result is None:
                return lead
            made_from = footer_text(
                result.scenario, result.trial_count, result.seed, self._say, has_changes_written=True
            )
            return f"{lead} · {made_from}"
        frame = self._frame() if self._frame else None
        if frame is None:
            return ""
        read = handed_frame(frame, result.scenario if result else None, self._say)
        return MARK + read.to_csv(index=False) if what == "csv" else read.to_csv(index=False, sep="\t")
