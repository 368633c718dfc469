"""The tools of a card: its picture and its numbers to hand on, and a note on what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import param
from panel.custom import JSComponent

from ...reports.page_footer import footer_text
from ...results.run_result import RunResult
from ...views import DARK, FONTS
from .card_notes import note_lines
from .copying import COPYING
from .picture_svg import PICTURE_SVG
from .ui_text import UI_TEXT, PictureTranslator

MARK = "\ufeff"  # by which Excel reads Chinese
WORDS = ("picture", "svg", "numbers", "download", "explain", "copied", "saved", "close")

_SCRIPT = (
    PICTURE_SVG
    + COPYING
    + r"""
const INK = "__INK__", FONTS = `__FONTS__`, EDGE = 18, SHARP = 2;
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
const DASHES = {solid: "none", dashed: "6 4", dotted: "2 3"};  // of lines in a legend
const NAMESPACE = "http://www.w3.org/2000/svg";

function node(tag, given = {}, text = "") {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

function icon(path) {
  const made = node("svg", {width: 16, height: 16, viewBox: "0 0 24 24", "aria-hidden": "true"});
  made.append(node("path", {d: path, fill: "none", stroke: "currentColor", "stroke-width": 2}));
  return made;
}

// Everything below an element, through the shadows that components have.
function* below(root) {
  for (const child of [...(root.shadowRoot?.children ?? []), ...root.children]) {
    yield child;
    yield* below(child);
  }
}

const measured = document.createElement("canvas").getContext("2d");
const widthOf = (text, font) => { measured.font = font; return measured.measureText(text).width; };

// A text in lines that fit, broken between words or Chinese characters.
function lines(text, font, most) {
  const found = [""];
  for (const part of text.split(/(?<=[\s·，。、；])|(?<=[\u3400-\u9fff])/)) {
    if (found.at(-1) && widthOf(found.at(-1) + part, font) > most) found.push("");
    found[found.length - 1] += part;
  }
  return found;
}

// The legend beside a picture, drawn again: marks and names in lines.
function legend(marks, width, isDark) {
  const made = node("g"), font = `13px ${FONTS}`;
  let x = 0, y = 14;
  for (const mark of marks) {
    const key = mark.querySelector(".key"), text = mark.textContent.trim(), style = getComputedStyle(key);
    const isLine = Object.keys(DASHES).find((name) => key.classList.contains(name));
    const seen = (isLine ? style.borderTopColor : style.backgroundColor).replaceAll(" ", "");
    const colour = (isDark && PAPER[seen]) || seen, wide = 28 + widthOf(text, font) + 16;
    if (x && x + wide > width) [x, y] = [0, y + 20];
    if (isLine) {
      const drawn = {x1: x, x2: x + 20, y1: y - 4, y2: y - 4, stroke: colour, "stroke-width": 3};
      made.append(node("line", {...drawn, "stroke-dasharray": DASHES[isLine]}));
    } else if (key.classList.contains("dot")) {
      made.append(node("circle", {cx: x + 10, cy: y - 4, r: 4.5, fill: colour}));
    } else made.append(node("rect", {x, y: y - 10, width: 20, height: 12, fill: colour, opacity: style.opacity}));
    made.append(node("text", {x: x + 26, y, "font-size": 13, fill: INK}, text));
    x += wide;
  }
  return {made, height: marks.length ? y + 8 : 0};
}

// A card's pictures in a frame: above them what they are, below what they were made from.
function framed(card, pictures, source) {
  const isDark = isDarkPage(), all = [...below(card)];
  const chosen = all.filter((one) => one.matches("[role=combobox]")).map((one) => one.textContent.trim());
  const head = all.find((one) => one.tagName === "H3")?.textContent.trim() ?? "";
  const title = [head, ...chosen].filter(Boolean).join(" · ");
  const width = Math.max(420, ...pictures.map((view) => view.bbox.width)), parts = [];
  let height = EDGE;
  const put = (made, high) => {
    made.setAttribute("transform", `translate(${EDGE} ${height})`);
    parts.push(made);
    height += high;
  };
  const write = (text, size, weight, colour) => {
    for (const line of lines(text, `${weight} ${size}px ${FONTS}`, width)) {
      const made = node("g");
      made.append(node("text", {y: size, "font-size": size, "font-weight": weight, fill: colour}, line));
      put(made, size * 1.5);
    }
  };
  write(title, 18, 700, INK);
  height += 6;
  for (const view of pictures) {
    const made = node("g");
    made.append(...svgOf(view, isDark).childNodes);
    put(made, view.bbox.height + 4);
  }
  const {made, height: high} = legend(all.filter((one) => one.classList.contains("key-text")), width, isDark);
  put(made, high + 6);
  write(source, 11, 400, "#444");
  const size = {width: width + 2 * EDGE, height: height + EDGE - 6};
  const whole = node("svg", {...size, "font-family": FONTS.replaceAll('"', "'")});
  whole.append(node("rect", {width: "100%", height: "100%", fill: "#fff"}), ...parts);
  return whole;
}

const svgText = (svg) => new XMLSerializer().serializeToString(svg);

async function pngOf(svg) {
  const image = new Image(), canvas = document.createElement("canvas");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  [canvas.width, canvas.height] = [svg.getAttribute("width") * SHARP, svg.getAttribute("height") * SHARP];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export function render({model, view, el}) {
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
    return [up.el, figuresIn((one) => isInside(one) && one.el.checkVisibility())];
  }

  async function drawn() {
    const {text} = await ask("source"), day = new Date().toLocaleDateString(document.documentElement.lang);
    return framed(...cardOf(), `${text} · ${day}`);
  }

  const does = {
    async picture() {
      const made = drawn(), png = made.then(pngOf);
      if (await copyPicture(png)) say(words.copied);
      else {
        saveFile(await png, `${model.file}.png`);
        say(words.saved);
      }
    },
    async svg() {
      saveFile(new Blob([svgText(await drawn())], {type: "image/svg+xml"}), `${model.file}.svg`);
    },
    async numbers() {
      if (await copyText((await ask("numbers")).text, el)) say(words.copied);
    },
    async csv() {
      saveFile(new Blob([(await ask("csv")).text], {type: "text/csv"}), `${model.file}.csv`);
    },
  };

  const tools = document.createElement("div"), style = document.createElement("style");
  style.textContent = STYLE;
  tools.className = "tools";
  function button(name, shown, label) {
    const made = document.createElement("button");
    made.type = "button";
    made.append(shown);
    made.title = label;
    made.setAttribute("aria-label", label);
    if (does[name]) made.addEventListener("click", does[name]);
    tools.append(made);
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
  status.setAttribute("role", "status");
  tools.append(status);
  el.append(style, tools);
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
"""
)


class HandOnTools(JSComponent):
    """Buttons that copy a card's picture in a frame and its numbers, save both as files, and open its note.

    What they hand on is asked for when they are pressed.
    """

    file = param.String(doc="Name of the files, without an ending.")
    note = param.List([], doc="Heads and texts of the note.")
    words = param.Dict({}, doc="What the buttons are called.")
    has_picture = param.Boolean(True)
    has_numbers = param.Boolean(True)

    _esm = _SCRIPT.replace("__INK__", DARK).replace("__FONTS__", FONTS)

    def __init__(
        self,
        key: str,
        say: PictureTranslator,
        frame: Callable[[], pd.DataFrame | None] | None = None,
        result: Callable[[], RunResult | None] | None = None,
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
            self._send_msg({"what": what, "text": self.handed_on(what)})

    def handed_on(self, what: str) -> str:
        """``numbers`` for a spreadsheet, ``csv`` as a file's text, or the ``source`` of the picture."""
        if what == "source":
            result = self._result() if self._result else None
            lead = self._say(*UI_TEXT["title"])
            return (
                lead
                if result is None
                else f"{lead} · {footer_text(result.scenario, result.trial_count, result.seed, self._say)}"
            )
        frame = self._frame() if self._frame else None
        if frame is None:
            return ""
        return MARK + frame.to_csv(index=False) if what == "csv" else frame.to_csv(index=False, sep="\t")
