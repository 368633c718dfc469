"""Presentation (演示): one card fills the screen at a time, arrow keys turn, nothing is smaller than 24 px at 1920."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .scripted import Scripted
from .ui_text import PictureTranslator

FACTOR = 2.2  # of pictures' type, whose smallest is 11 px
SLIDE = "slide"  # a part of a page that fills the screen, as cards do
LEAD = "lead"  # one that shares the screen with the card below it
AT_DESK = "at-desk"  # one that is not presented: it only serves to choose, or explains what stands above


class Presentation(Scripted):
    """A part of no size that arranges the open page for a presentation.

    Calls ``on_there`` with the key of a page that stands, ``on_turn`` with −1 or 1 where the reader turns beyond a
    page's first or last card, ``on_end`` where the reader leaves.
    """

    is_on = param.Boolean(False, doc="Whether the desk is presented.")
    page = param.String("", doc="The key of the page that is open.")
    hint = param.String("", doc="How to turn and to leave, shown beside the number of the card.")

    on_there: Callable[[str], None] = staticmethod(lambda page: None)
    on_turn: Callable[[int], None] = staticmethod(lambda step: None)
    on_end: Callable[[], None] = staticmethod(lambda: None)

    _esm = r"""
const TYPE = "32px";  // of the root: the smallest text is three quarters of it
const AROUND = ".MuiAppBar-root, .MuiToolbar-root";  // the header, and the room that the page keeps for it
const EDGE = 16;  // pixels above and below a slide
const LABELS = "26px", USUAL = {major_label_text_font_size: "0.925em", axis_label_text_font_size: "1em"};
const FORWARD = new Set(["ArrowRight", "PageDown"]), BACK = new Set(["ArrowLeft", "PageUp"]);
const HIDDEN = 60, READ = 0.8;  // pixels below the screen that are read next; of its height, what a step goes on
const FULL = {  // it may be higher than the screen, so it never shrinks
  flex: "1 0 auto", minWidth: "100%", maxWidth: "100%", minHeight: `calc(100vh - ${EDGE}px)`, boxSizing: "border-box",
  justifyContent: "center", alignContent: "center", padding: "26px 48px 68px",  // for lists' names, the foot
};
const LARGER = 1.9;  // how much larger words are than usual
const NAME = "translate(14px, -20px) scale(0.75)";  // of a list, clear of what is chosen in it
const LEAST_PICTURE = 240;  // pixels of height

export function render({model, el}) {
  el.style.display = "none";
  const kept = new Map(), given = new Map();  // element -> its style before; figure -> its height before and after fit
  let slides = [], at = 0,  // slides: each the parts that share a screen
    foot = null, sizes = "", arranging = 0, keeping = 0, resizing = 0;

  function* deep(root, selector) {
    for (const node of root.querySelectorAll("*")) {
      if (node.matches(selector)) yield node;
      if (node.shadowRoot) yield* deep(node.shadowRoot, selector);
    }
  }

  function restyle(node, style) {
    if (!kept.has(node)) kept.set(node, node.getAttribute("style") ?? "");
    Object.assign(node.style, style);
  }

  function restoreStyles() {
    for (const [node, style] of kept) node.setAttribute("style", style);
    kept.clear();
  }

  // The component library gives all axes its own type again whenever a part comes to the page.
  function label(sizes) {
    for (const {model: {below, left}} of Bokeh.index.query((view) => view.model.type === "Figure"))
      for (const axis of [...below, ...left])
        if (Object.keys(sizes).some((name) => axis[name] !== sizes[name])) axis.setv(sizes);
  }

  const isWithin = (view, parts) => !!view && (parts.includes(view.el) || isWithin(view.parent, parts));

  // Pixels of height that the parts of a slide leave of the screen, were they no higher than what stands in them.
  function room(parts) {
    const least = parts.map((part) => part.style.minHeight);
    for (const part of parts) part.style.minHeight = "0";
    const high = parts.at(-1).getBoundingClientRect().bottom - parts[0].getBoundingClientRect().top;
    parts.forEach((part, n) => { part.style.minHeight = least[n]; });
    return innerHeight - EDGE - high;
  }

  // Pictures give way until their slide fits the screen, and take back what is left of it.
  function fit() {
    for (const parts of slides) {
      const plots = [...Bokeh.index.query((view) => view.model.type === "Figure" && isWithin(view, parts))];
      if (!plots.length || plots.some(({el, model}) => Math.abs(el.offsetHeight - model.height) > 1))
        continue;  // not laid out yet
      const more = Math.floor(room(parts) / plots.length);
      for (const {model} of plots) stretch(model, Math.max(LEAST_PICTURE, model.height + more));
    }
  }

  // Another height, at most the one that a picture had before it gave way.
  function stretch(figure, height) {
    const {whole, now} = given.get(figure) ?? {};
    const most = figure.height === now ? whole : figure.height, next = Math.min(height, most);
    if (next === figure.height) return;
    given.set(figure, {whole: most, now: next});
    figure.height = next;
  }

  // As high as before they gave way; one that was given another height meanwhile keeps it.
  function restore() {
    for (const [figure, {whole, now}] of given) if (figure.height === now) figure.height = whole;
    given.clear();
  }

  // The screen has another size, as after F11: slides fill it anew, with pictures as high as it has room for.
  function resized() {
    clearTimeout(resizing);
    if (!model.is_on) return;
    resizing = setTimeout(() => {
      restore();
      share();
      const turn = arranging;
      for (const wait of [100, 400]) setTimeout(() => {  // pictures are laid out anew a moment later
        if (turn !== arranging) return;
        share();
        fit();
        show(at);
      }, wait);
    }, 200);
  }

  // Pixels from a part to the slide that is shown, between which other parts of the page may grow.
  const below = (part) => Math.round(slides[at][0].getBoundingClientRect().top - part.getBoundingClientRect().top);

  // Cards, lists, words and pictures may come to a page after its first cards: each slide fills the screen again.
  function keep() {
    label({major_label_text_font_size: LABELS, axis_label_text_font_size: LABELS});
    if (!slides.length) return;
    gather();
    suit();
    share();
    fit();
    const [first] = slides[0], now = [...slides.flat().map((part) => part.offsetHeight), below(first)].join();
    if (now !== sizes) show(at);
    sizes = now;
  }

  // Lists are as wide as their words at the usual size, and a card's tools are for the hand at the desk.
  function suit() {
    for (const list of [...deep(document, "[role=combobox]")].map((one) => one.closest(".select")).filter(Boolean)) {
      const around = list.getRootNode().host, wide = around.getBoundingClientRect().width;
      if (kept.has(list) || !wide) continue;
      const width = `${Math.round(LARGER * wide)}px`;
      restyle(around, {width, minWidth: width, maxWidth: "none"});
      restyle(list, {width: "100%", minWidth: "100%"});
      for (const name of list.querySelectorAll(".MuiInputLabel-root")) restyle(name, {transform: NAME});
    }
    for (const one of deep(document, ".tools")) restyle(one, {display: "none"});
  }

  const isShown = (node) => node.getClientRects().length > 0 && node.offsetHeight > 8;

  // What serves to choose, to save or to ask is no slide, unless there is nothing else on the page.
  const isForDesk = (node) => node.matches(".at-desk, .not-printed");

  function found() {
    for (const page of deep(document, `.page-${model.page}`)) {
      const all = [...deep(page.shadowRoot ?? page, ".picture-card, .slide")].filter(isShown);
      const parts = all.filter((one) => !isForDesk(one));
      if (parts.length) for (const one of all.filter(isForDesk)) restyle(one, {display: "none"});
      return parts.length ? parts : all;
    }
    return [];
  }

  function show(n) {
    at = Math.max(0, Math.min(n, slides.length - 1));
    slides[at]?.[0].scrollIntoView({block: "start"});
    tell();
  }

  // Pixels of the slide that is shown which are still to be read: below the screen (1), or above it (-1).
  function unread(step) {
    const parts = slides[at];
    if (!parts) return 0;
    const more = step > 0 ? parts.at(-1).getBoundingClientRect().bottom - innerHeight
      : -parts[0].getBoundingClientRect().top;
    return more > HIDDEN ? more : 0;
  }

  function tell() {
    if (!foot) return;
    const number = slides.length ? `${at + 1} / ${slides.length}${unread(1) ? " ↓" : ""}　` : "";
    foot.textContent = number + model.hint;
  }

  // A slide higher than the screen, as a long table is, is read on before the next is shown; false where it is read.
  function readOn(step) {
    const more = unread(step);
    if (!more) return false;
    let around = slides[at][0];
    do around = around.parentElement ?? around.getRootNode().host;
    while (around && !/auto|scroll/.test(getComputedStyle(around).overflowY));
    (around ?? document.scrollingElement).scrollBy({top: step * Math.min(more + EDGE, READ * innerHeight)});
    tell();
    return unread(step) < more;  // the page may be at its end
  }

  // The cards of the page that is open, as slides; the first shares its screen with the second where it leads.
  function gather() {
    const parts = found();
    if (parts.length === slides.flat().length && parts.every((one) => kept.has(one))) return;
    for (const one of parts) {
      restyle(one, FULL);
      for (let node = one; node; node = node.parentElement ?? node.getRootNode().host)
        if (getComputedStyle(node).position === "sticky") restyle(node, {position: "static"});  // else it stays
    }
    slides = parts.map((one) => [one]);
    if (parts[0].classList.contains("lead") && parts[1]) slides.splice(0, 2, parts.slice(0, 2));
  }

  // A slide of two parts: the upper has the height it needs, the lower the rest.
  function share() {
    for (const [upper, lower] of slides) {
      if (!lower) continue;
      restyle(upper, {minHeight: "0", paddingBottom: "0"});
      const above = lower.getBoundingClientRect().top - upper.getBoundingClientRect().top;
      restyle(lower, {minHeight: `calc(100vh - ${above + EDGE}px)`});
    }
  }

  // The cards of the page that is open, each as large as the screen; a page may still be on its way.
  function arrange(isFromEnd = false) {
    const turn = ++arranging;
    slides = [];
    show(0);
    (function look() {
      if (turn !== arranging || !model.is_on) return;
      gather();
      if (!slides.length) { setTimeout(look, 200); return; }
      share();
      for (const one of deep(document, AROUND)) restyle(one, {display: "none"});
      suit();
      show(isFromEnd ? slides.length - 1 : 0);
      model.send_msg({there: model.page});  // its pictures can be enlarged now: what is drawn anew has the usual size
      setTimeout(() => turn === arranging && show(at), 600);  // pictures have their new size
    })();
  }

  function begin() {
    dispatchEvent(new Event("changji-presents"));
    document.documentElement.style.fontSize = TYPE;
    document.documentElement.classList.add("presenting");
    foot = document.createElement("div");
    foot.className = "presentation-foot";
    foot.style.cssText = "position: fixed; right: 24px; bottom: 8px; z-index: 2000; font: 24px/1.3 sans-serif;"
      + "padding: 2px 14px; border-radius: 6px; background: #1F4E79; color: #fff";
    document.body.append(foot);
    keeping = setInterval(keep, 1000);
    arrange();
  }

  function end() {
    arranging++;
    document.documentElement.style.fontSize = "";
    document.documentElement.classList.remove("presenting");
    if (!foot) return;
    foot.remove();
    [foot, slides] = [null, []];
    clearInterval(keeping);
    label(USUAL);
    restoreStyles();
    given.clear();
    if (document.fullscreenElement) document.exitFullscreen();
  }

  const isTyping = (event) => event.composedPath().some(
    (node) => node.matches?.("input, textarea, [contenteditable=true], [role=combobox], [role=listbox], [role=grid]"));
  let isBack = false;

  function pressed(event) {
    if (!model.is_on || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") { model.send_msg({end: true}); return; }
    const step = FORWARD.has(event.key) ? 1 : BACK.has(event.key) ? -1 : 0;
    if (!step || isTyping(event)) return;
    event.preventDefault();
    if (!slides.length) return;  // the page is on its way
    if (readOn(step)) return;
    if (slides[at + step]) { show(at + step); return; }
    isBack = step < 0;
    model.send_msg({step});
  }

  // Esc leaves the full screen without a key's event.
  function left() {
    if (model.is_on && !document.fullscreenElement) model.send_msg({end: true});
  }

  addEventListener("keydown", pressed, true);
  addEventListener("resize", resized);
  document.addEventListener("fullscreenchange", left);
  model.on("change:is_on", () => model.is_on ? begin() : end());
  model.on("change:page", () => {
    if (!model.is_on) return;
    restoreStyles();
    given.clear();
    arrange(isBack);
    isBack = false;
  });
  model.on("remove", () => {
    removeEventListener("keydown", pressed, true);
    removeEventListener("resize", resized);
    document.removeEventListener("fullscreenchange", left);
    end();
  });
}
"""

    def __init__(self, say: PictureTranslator, **more: Any):
        super().__init__(width=0, height=0, margin=0, **more)
        self.speak(say)

    def speak(self, say: PictureTranslator) -> None:
        """Say the hint in another language."""
        self.hint = say("← → 翻页　Esc 退出", "← → turn, Esc ends")

    def _handle_msg(self, msg: Any) -> None:
        """What the browser says: a turn beyond the page, or the end."""
        if not isinstance(msg, dict) or not self.is_on:
            return
        if msg.get("end"):
            self.is_on = False  # both the key and the browser's own end of a full screen say it
            self.on_end()
        elif isinstance(msg.get("there"), str):
            self.on_there(msg["there"])
        elif msg.get("step") in (-1, 1):
            self.on_turn(msg["step"])
