"""Parts of a page hidden without taking them apart, and laid out apart from each other.

Bokeh's ``visible`` and a change of ``css_classes`` make the browser work out styles and sizes of everything below anew,
for seconds on a page with hundreds of parts. What is hidden here keeps its size, so that nothing is worked out, and
takes no room; the browser leaves it out of painting, of the keyboard's way, of search and of what is read aloud.

Whenever one part changes its size, bokeh lays out the whole document, hidden parts too: each part of a new page would
cost a pass through all pages before. What can be hidden here lays out itself alone, only while it is shown, and once
for all parts that ask for it by the next frame: each pass measures all pictures, for which the browser works out all
styles anew.
"""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from .scripted import Scripted, without_comments

_SCRIPT = """
const AWAY = {position: "fixed", top: "0", left: "0", contentVisibility: "hidden", pointerEvents: "none", zIndex: "-1"};

const PASSES = ["update_layout", "measure_layout", "update_bbox", "_compute_layout", "after_layout"];  // of bokeh

// Containers that are to be laid out, once each, however many of their parts ask for it: with the next frame, or later
// where the last passes took long, so that while a page is set up most of the time is left for setting it up.
const late = new Set(), SHARE = 4, LONGEST = 100;  // ms
let next = 0;  // when a pass may be made again

function layOut() {
  const begun = performance.now(), now = [...late];
  late.clear();
  for (const pass of now) pass();
  const ended = performance.now();
  next = ended + Math.min(SHARE * (ended - begun), LONGEST);
}

function later(pass) {
  const wait = next - performance.now();
  if (!late.size) wait > 0 || document.hidden ? setTimeout(layOut, wait) : requestAnimationFrame(layOut);
  late.add(pass);
}

window.changji_lay_out = layOut;  // at once, for what is read in the same breath

// Have a container lay out itself when a part of it, or what it stands in, asks for that, and nothing while it is
// hidden.
function layOutAlone(container) {
  const alone = {isAway: false, catchUp: () => isAsked && later(pass)};
  let isAsked = false, isAnew = false;  // whether a pass is awaited, and whether parts' styles are worked out in it
  const own = PASSES.map((name) => container[name].bind(container));
  function pass() {
    if (alone.isAway || !isAsked) return;
    const now = isAnew ? own : own.slice(1);
    isAsked = isAnew = false;
    for (const part of now) part();
    container._layout_computed = true;
    container.notify_finished();
  }
  const hasFinished = container.has_finished.bind(container);
  container.has_finished = () => hasFinished() && (alone.isAway || !isAsked);
  function ask() {
    isAsked = true;
    isAnew ||= alone.isAway;  // what it leaves out meanwhile may be any of it
    if (!alone.isAway) later(pass);
  }
  for (const name of ["compute_layout", ...PASSES.slice(1)]) container[name] = ask;
  for (const name of ["invalidate_layout", PASSES[0]]) container[name] = () => {
    isAnew = true;
    ask();
  };
  setUpOnce(container);
  return alone;
}

// Whenever a part is put beside it, bokeh sets up a container's parts once more, though none of them is new.
function setUpOnce(container) {
  const {render, update_children: update, r_after_render: setUp} = container;
  let isNew = false;
  container.render = () => {
    isNew = true;
    render.call(container);
  };
  container.update_children = () => {
    isNew = true;
    return update.call(container);
  };
  container.r_after_render = () => {
    if (isNew || !container._was_built) setUp.call(container);
    isNew = false;
  };
}

export function render({model, view, el}) {
  el.style.display = "none";
  function follow() {
    const container = view.parent;
    if (!container) return;
    const alone = container.changji_alone ??= layOutAlone(container);  // once, also where all is drawn anew
    if (alone.isAway === model.is_away) return;
    alone.isAway = model.is_away;
    const {style} = container.el, {width, height} = container.el.getBoundingClientRect();
    const size = {width: `${width}px`, height: `${height}px`};
    for (const [name, value] of Object.entries({...size, ...AWAY})) style[name] = alone.isAway ? value : "";
    if (!alone.isAway) alone.catchUp();
  }

  model.on("change:is_away", follow);
  model.on("after_render", follow);
}
"""


class Hider(Scripted):
    """A part of no size that hides the container it stands in, and has it laid out alone."""

    is_away = param.Boolean(False, doc="Whether the container is hidden.")

    _esm = without_comments(_SCRIPT)


def hideable(*parts: Any, **more: Any) -> Any:
    """A column that `set_away` hides."""
    hider = Hider(width=0, height=0, margin=0)
    return pn.Column(hider, *parts, sizing_mode="stretch_width", margin=0, **more)


def set_away(view: Any, is_away: bool) -> None:
    """Hide a `hideable` column, or show it again."""
    view[0].is_away = is_away


def is_away(view: Any) -> bool:
    """Whether it is hidden."""
    return bool(view[0].is_away)
