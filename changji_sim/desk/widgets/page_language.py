"""The language attribute of the page, the component library's words in the reader's language, and what a keyboard and
a screen reader need of its parts.

The library writes ``<html lang="en">``, and a few of its labels in English alone. The field beside a slider has no
name, drops without a word what is no row of digits, and leaves out a second number typed after Enter. Its switches show
no focus, its movements do not stop for readers who asked their system for that, and bokeh's pictures take the focus for
nothing. There is no setting for any of these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .scripted import Scripted
from .typed_numbers import COUNTED, REFUSED, TYPED_NUMBERS
from .ui_text import UI_TEXT

LIBRARY_WORDS = {  # what the library writes: Chinese, English
    "Close drawer": ("收起侧栏", "Close the sidebar"),
    "Open drawer": ("展开侧栏", "Open the sidebar"),
    "Toggle theme": ("切换深浅色", "Light or dark"),
    "Resize sidebar": ("调整侧栏宽度", "Resize the sidebar"),
    "Drag to resize sidebar": ("拖动可调整侧栏宽度", "Drag to resize the sidebar"),
    "show more": ("展开或收起", "Show or hide"),
    "PNG": ("保存图片（PNG）", "Save the picture (PNG)"),
}
NAMES = {"progress": "busy", "less": "less", "more": "more"}


class PageLanguage(Scripted):
    """A part of no size that keeps the page's language; the page has one."""

    language = param.String("zh-CN", doc="Of the page, as HTML writes it.")
    names = param.Dict({}, doc="What the library gives no name: a bar of progress, the buttons beside a number.")
    words = param.Dict({}, doc="What the library's labels are replaced by.")
    refused = param.Dict({}, doc="What is said of what is no number, by unit or reason; it stands in {typed}.")
    counted = param.Dict({}, doc="What is said of a number that was worked out, by how it was; it stands in {number}.")

    on_dismissed: Callable[[], None] = staticmethod(lambda: None)  # what was refused is not wanted any more

    _esm = (
        TYPED_NUMBERS
        + r"""
const LABELS = ["aria-label", "title"];
const SHEET = new CSSStyleSheet();  // of every part of the page: each has a shadow of its own
SHEET.replaceSync(`
:focus-visible, .Mui-focusVisible {outline: 2px solid #fff !important; box-shadow: 0 0 0 4px #1A6FC4 !important;}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after {
    transition: none !important; animation-duration: 1ms !important; animation-iteration-count: 1 !important;
    scroll-behavior: auto !important;
  }
}
`);
const ROLES = {  // a grid may hold rows alone
  "tabulator-tableholder": "rowgroup", "tabulator-table": "presentation",
  "tabulator-footer": "row", "tabulator-footer-contents": "gridcell",
};
const UNITS = {"万元": "万元", "%": "%", "年": "年", "years": "年"};
const OWN = "changji";  // of an event that is ours
const SET = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

export function render({model, el}) {
  const seen = new WeakSet(), tended = new WeakSet(), observers = [];

  // The field beside a slider is called as the slider is, takes numbers as people write them, says what it does not
  // take, and is left by Enter.
  function tend(element) {
    const around = element.closest(".MuiTextField-root")?.parentElement?.closest(".MuiFormControl-root");
    const label = around?.querySelector(".MuiFormLabel-root")?.textContent.replace(/[:：]\s*$/, "");
    if (!label) return;
    if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
    if (tended.has(element)) return;
    tended.add(element);
    let isTyped = false, note = null, said = null;  // since the field was last taken; what was said of it, of a number

    // What the slider stands at. Its own value is rounded to a step of its.
    const slider = around.querySelector("input[type=range]"), stands = () => slider.getAttribute("aria-valuenow");

    // How a number was worked out is said as long as the slider stands there.
    let wasThere = false;
    const follow = new MutationObserver(() => {
      if (said === null) return;
      if (Number(stands()) === said) wasThere = true;
      else if (wasThere) forget();
    });
    follow.observe(slider, {attributeFilter: ["aria-valuenow"]});

    // The number that is meant in the library's own writing, before it looks; else a sentence. Whether there is one.
    function taken() {
      const typed = element.value, unit = UNITS[label.match(/[（(]([^（）()]*)[）)]$/)?.[1]] ?? "";
      if (!isTyped) return true;
      const before = Number(stands()), found = meant(typed, unit, before);
      const number = found?.number;
      const isNew = number !== undefined && number !== before;
      if (!isNew) model.send_msg({dismissed: true});  // nothing new will be asked for
      if (number === undefined && typed.trim()) { refuse(typed, found?.why ?? unit); return false; }
      const text = number === undefined ? stands() : `${number}`;
      if (text !== typed) put(text);
      if (found?.counted) count(typed, unit, before, found);
      isTyped = false;
      return true;
    }

    function put(text) {
      SET.call(element, text);  // not by the element's own setter, which React has replaced
      element.dispatchEvent(new CustomEvent("input", {bubbles: true, detail: OWN}));
    }

    function say(text, role, border) {
      note?.remove();
      note = document.createElement("div");
      note.setAttribute("role", role);
      note.style.cssText = `font-size: .8rem; line-height: 1.4; border-left: ${border}; padding-left: 6px`;
      around.after(note);
      note.textContent = text;
    }

    const fill = (text, given) => text.replace(/{(\w+)}/g, (_, name) => given[name]);
    const short = (typed) => typed.trim().slice(0, 20);

    function refuse(typed, why) {
      say(fill(model.refused[why] ?? model.refused[""], {typed: short(typed)}), "alert", "4px double");
    }

    function count(typed, unit, before, {number, counted}) {
      const written = (amount) => amount.toLocaleString("en-US", {maximumFractionDigits: 6});
      const given = {typed: short(typed), before: written(before), number: written(number), unit};
      say(fill(model.counted[counted], given), "status", "4px solid");
      [said, wasThere] = [number, Number(stands()) === number];
      // The library has taken it by then: rounded where it takes whole numbers, kept within the slider's ends.
      const look = () => { if (said === number && Number(stands()) !== number) forget(); };
      requestAnimationFrame(() => requestAnimationFrame(look));
    }

    function forget() {
      note?.remove();
      said = null;
    }

    element.addEventListener("input", (event) => {
      if (event.detail === OWN) return;
      isTyped = true;
      forget();
    });
    marked(element);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      if (taken()) setTimeout(() => element.blur());
      else event.stopImmediatePropagation();
    });
    element.addEventListener("blur", () => {
      if (!taken()) put(stands());
      isTyped = false;
    });
  }

  // What stands in the field, so that it is replaced by what is typed. The library writes the number anew, without its
  // separators, some time after the field has the focus: then nothing is marked any more.
  function marked(element) {
    let left = 0, last = null;  // frames; what was marked
    const look = () => {
      if (left-- <= 0 || !element.matches(":focus")) return;
      if (element.value !== last) element.select();
      last = element.value;
      requestAnimationFrame(look);
    };
    for (const use of ["keydown", "pointerdown"]) element.addEventListener(use, () => { left = 0; });
    element.addEventListener("focus", () => {
      [left, last] = [20, null];
      setTimeout(look);
    });
  }

  // Panel's button for a file does nothing by itself, only the link in it: the mouse meets that, Enter does not.
  function follow(button, link) {
    if (tended.has(link)) return;
    tended.add(link);
    button.addEventListener("click", (event) => { if (event.target === button) link.click(); });
  }

  // Names and roles that the library leaves out.
  function describe(element) {
    const role = element.getAttribute("role"), isNamed = element.hasAttribute("aria-label");
    if (role === "progressbar" && !isNamed) element.setAttribute("aria-label", model.names.progress);
    if (element.tagName === "BUTTON" && !isNamed && !element.textContent.trim()) {
      const adornment = element.closest(".MuiInputAdornment-root");  // of a number that is counted up and down
      const isLess = adornment?.classList.contains("MuiInputAdornment-positionStart");
      if (adornment) element.setAttribute("aria-label", isLess ? model.names.less : model.names.more);
    }
    if (element.tagName === "DIV" && isNamed && !role) element.setAttribute("role", "group");
    if (element.tagName === "A" && element.parentElement?.tagName === "BUTTON") follow(element.parentElement, element);
    if (/\bmaterial-icons/.test(element.className)) element.setAttribute("aria-hidden", "true");  // its name is no word
    const part = Object.keys(ROLES).find((name) => element.classList.contains(name));
    if (part && role !== ROLES[part]) element.setAttribute("role", ROLES[part]);
    if (element.classList.contains("bk-events")) element.tabIndex = -1;  // of a picture: no key does anything there
  }

  function translate(element) {
    if (element.tagName === "INPUT" && element.type === "text") tend(element);
    describe(element);
    for (const name of LABELS) {
      const word = model.words[element.getAttribute(name)];
      if (word) element.setAttribute(name, word);
    }
    if (element.classList.contains("MuiTooltip-tooltip")) {
      for (const node of element.childNodes) {
        const word = node.nodeType === Node.TEXT_NODE && model.words[node.nodeValue];
        if (word) node.nodeValue = word;
      }
    }
  }

  // Each component has a shadow of its own, which an observer of the page does not see into.
  function watch(root) {
    if (seen.has(root)) return;
    seen.add(root);
    if (root.adoptedStyleSheets && root.host) root.adoptedStyleSheets.push(SHEET);
    const observer = new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === "attributes") translate(change.target);
        else for (const node of change.addedNodes) walk(node);
      }
    });
    observer.observe(root, {subtree: true, childList: true, attributes: true, attributeFilter: LABELS});
    observers.push(observer);
    for (const child of root.children) walk(child);
  }

  function walk(node) {
    if (!(node instanceof Element)) return;
    translate(node);
    if (node.shadowRoot) watch(node.shadowRoot);
    for (const child of node.children) walk(child);
  }

  document.documentElement.lang = model.language;
  if (!document.adoptedStyleSheets.includes(SHEET)) document.adoptedStyleSheets.push(SHEET);
  if (Object.keys(model.words).length) watch(document.body);
  model.on("remove", () => observers.forEach((one) => one.disconnect()));
  el.style.display = "none";
}
"""
    )

    def _handle_msg(self, msg: Any) -> None:
        if isinstance(msg, dict) and msg.get("dismissed"):
            self.on_dismissed()


def page_language(language: str, on_dismissed: Callable[[], None]) -> PageLanguage:
    """The part for a page in a language of the desk, ``zh`` or ``en``.

    Args:
        on_dismissed: called when a reader types what changes nothing, after something else may have been refused.
    """
    is_english = language == "en"
    words = {  # what was written in the other language, too
        written: both[is_english]
        for library, both in LIBRARY_WORDS.items()
        for written in (library, both[not is_english])
    }
    made = PageLanguage(
        language="en" if is_english else "zh-CN", words=words,
        names={name: UI_TEXT[text][is_english] for name, text in NAMES.items()},
        refused={unit: both[is_english] for unit, both in REFUSED.items()},
        counted={how: both[is_english] for how, both in COUNTED.items()},
        width=0, height=0, margin=0,
    )  # fmt: skip
    made.on_dismissed = on_dismissed
    return made
