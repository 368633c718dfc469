"""A guided first visit (导览): six steps, each about one part of the page, that can be skipped and begun again."""

from __future__ import annotations

from typing import Any

import param

from .scripted import Scripted
from .ui_text import PictureTranslator

GUIDES = "begins-guide"  # the class of the button that begins it
STEPS_BACK, HANDS_ON = "steps-back", "hands-on"  # of those a step is about
STEPS: tuple[tuple[str, tuple[str, str]], ...] = (  # what is shown (a selector), and what is said
    (".first", ("先看这一句话和这个数：钱够不够，差多少。改动设置以后，原来的数显示在旁边。",
                "Begin with one sentence and one number: is the money enough. After a change the old number stays "
                "beside it.")),
    (".goes-up", ("七个页面：总览给领导看；假设、上限、情景供测算；答案回答应报多少；台账和办法供核对。",
                  "Seven pages: the overview for leaders; assumptions, caps and scenarios to plan; answers on what to "
                  "ask for; the ledger and the measure to check.")),
    (".key-number", ("拖动滑块，或直接输入数值：所有的图和数随即重算。滑块到办法规定的上限为止；改过的可以单独还原。",
                     "Move a slider or type a value: all pictures and numbers follow. Sliders end where the law does; "
                     "each change has its own way back.")),
    (f".{STEPS_BACK}", ("撤销、重做、重放上一步、全部还原。设置记在网址里，刷新页面不会丢；浏览器的后退也回到上一步。",
                     "Undo, redo, replay the last change, begin again. Settings stand in the address: a reload keeps "
                     "them, and the browser's Back takes the last change back.")),
    (".picture-card .tools", ("每张图都能复制图片或数字、下载数据；“？”说明看什么、取自哪些数、依据哪一条。",
                              "Copy each picture or its numbers, or save them; ? says what it shows, from which "
                              "numbers and under which article.")),
    (f".{HANDS_ON}", ("交出去：Excel、报告、网址、Python 代码和命令都能得到同样的数；打印和演示也在这里。",
                   "To hand on: workbook, report, link, snippet and command give the same numbers; print and present "
                   "are here too.")),
)  # fmt: skip


class GuidedVisit(Scripted):
    """A part of no size that guides a reader through the page: by itself at the first visit with a browser, later when
    its button is pressed.
    """

    steps = param.List([], doc="Selectors and texts.")
    words = param.Dict({}, doc="What the buttons are called.")

    _esm = r"""
const KEY = "changji-visited";
const ENDS = ["beforeprint", "changji-presents"];  // it would stand on the sheet, or before the leaders
const STYLE = `
position: fixed; right: 24px; bottom: 24px; z-index: 1500; width: min(25rem, calc(100vw - 48px));
box-sizing: border-box;
padding: 14px 18px; border-radius: 8px; background: #1F4E79; color: #fff; font: 1rem/1.6 inherit;
box-shadow: 0 4px 24px rgba(0,0,0,.4);`;
const BUTTON = `
margin: 10px 8px 0 0; padding: 4px 12px; border: 1px solid #fff; border-radius: 6px; background: transparent;
color: inherit; font: inherit; cursor: pointer;`;
const RING = `
position: fixed; z-index: 1499; border: 3px solid #F0A030; border-radius: 8px; pointer-events: none;
box-shadow: 0 0 0 3px rgba(0,0,0,.35); box-sizing: border-box;`;

export function render({model, el}) {
  el.style.display = "none";
  let box = null, ring = null, at = 0, timer = null;

  function visited(now) {
    try { return now ? localStorage.setItem(KEY, "1") : localStorage.getItem(KEY); } catch { return "1"; }
  }

  function* deep(root) {
    for (const node of root.querySelectorAll("*")) {
      yield node;
      if (node.shadowRoot) yield* deep(node.shadowRoot);
    }
  }

  // All that a selector names; of two parts, which may stand in shadows of their own, the first.
  function found(selector) {
    const [first, second] = selector.split(" ");
    const all = [...deep(document)].filter((node) => node.matches(first) && node.checkVisibility());
    if (!second) return all;
    for (const node of all)
      for (const inner of deep(node.shadowRoot ?? node))
        if (inner.matches(second) && inner.checkVisibility()) return [inner];
    return [];
  }

  function surround(nodes) {
    const rects = nodes.map((node) => node.getBoundingClientRect()).filter((rect) => rect.width);
    ring.hidden = !rects.length;
    if (ring.hidden) return;
    const [left, top] = ["left", "top"].map((side) => Math.min(...rects.map((rect) => rect[side])) - 6);
    const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...rects.map((rect) => rect[side])) + 6);
    const to = {left, top, width: right - left, height: bottom - top};
    for (const [name, value] of Object.entries(to)) ring.style[name] = `${value}px`;
  }

  function make(tag, style, text) {
    const made = document.createElement(tag);
    made.style.cssText = style;
    if (text) made.textContent = text;
    return made;
  }

  function close() {
    clearInterval(timer);
    box?.remove();
    ring?.remove();
    box = ring = null;
  }

  function end() {
    visited(true);
    close();
  }

  function show(n, isAsked) {
    at = n;
    const [selector, text] = model.steps[n], nodes = found(selector), words = model.words;
    nodes[0]?.scrollIntoView({block: "nearest"});
    box.replaceChildren(make("div", "", text), make("div", "margin-top: 6px", `${n + 1} / ${model.steps.length}`));
    const last = n === model.steps.length - 1;
    const does = [
      [last ? words.done : words.next, last ? end : () => show(n + 1, true)],
      ...(n ? [[words.back, () => show(n - 1, true)]] : []),
      ...(last ? [] : [[words.skip, end]]),
    ];
    for (const [name, act] of does) {
      const button = make("button", BUTTON, name);
      button.type = "button";
      button.addEventListener("click", act);
      box.append(button);
    }
    if (isAsked) box.querySelector("button").focus();
    clearInterval(timer);
    surround(nodes);
    timer = setInterval(() => surround(found(selector)), 500);  // the page is built, scrolled, made smaller
  }

  function begin(isAsked) {
    close();
    [box, ring] = [make("div", STYLE), make("div", RING)];
    box.className = "guided-visit";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", model.words.guide);
    box.setAttribute("aria-live", "polite");
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });
    document.body.append(ring, box);
    show(0, isAsked);
  }

  function clicked(event) {
    if (event.composedPath().some((node) => node.classList?.contains("begins-guide"))) begin(true);
  }

  addEventListener("click", clicked);
  for (const use of ENDS) addEventListener(use, end);
  function leave() {
    removeEventListener("click", clicked);
    for (const use of ENDS) removeEventListener(use, end);
    close();
  }
  window.changji_guide?.();  // of this part drawn before: it is drawn anew with what stands around it
  window.changji_guide = leave;
  model.on("remove", leave);
  if (!visited()) begin(false);
}
"""

    def __init__(self, say: PictureTranslator, **more: Any):
        super().__init__(width=0, height=0, margin=0, **more)
        words = {
            "guide": ("导览", "A guided visit"), "next": ("下一步", "Next"), "back": ("上一步", "Back"),
            "skip": ("跳过", "Skip"), "done": ("知道了", "Done"),
        }  # fmt: skip
        self.param.update(
            steps=[[selector, say(*text)] for selector, text in STEPS],
            words={name: say(*text) for name, text in words.items()},
        )
