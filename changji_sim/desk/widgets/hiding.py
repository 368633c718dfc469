"""Parts of a page hidden without taking them apart, and laid out apart from each other.

Bokeh's ``visible`` and a change of ``css_classes`` make the browser work out styles and sizes of everything below anew,
for seconds on a page with hundreds of parts. What is hidden here keeps its size, so that nothing is worked out, and
takes no room; the browser leaves it out of painting, of the keyboard's way, of search and of what is read aloud.

Whenever one part changes its size, bokeh lays out the whole document, hidden parts too: each part of a new page would
cost a pass through all pages before. What can be hidden here lays out itself alone, and only while it is shown.
"""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from .scripted import Scripted


class Hider(Scripted):
    """A part of no size that hides the container it stands in, and has it laid out alone."""

    is_away = param.Boolean(False, doc="Whether the container is hidden.")

    _esm = """
const AWAY = {position: "fixed", top: "0", left: "0", contentVisibility: "hidden", pointerEvents: "none", zIndex: "-1"};

const PASSES = ["update_layout", "measure_layout", "update_bbox", "_compute_layout", "after_layout"];  // of bokeh

// Have a container lay out itself when a part of it asks for that, and nothing while it is hidden.
function layOutAlone(container, isAway) {
  let isLate = false;  // whether a part asked for it meanwhile
  for (const name of PASSES) {
    const pass = container[name].bind(container);
    container[name] = () => !isAway() && pass();
  }
  container.compute_layout = () => {
    if (isAway()) { isLate = true; return; }
    for (const name of PASSES.slice(1)) container[name]();
    container._layout_computed = true;
  };
  container.invalidate_layout = () => {
    container.update_layout();
    container.compute_layout();
  };
  return () => {
    if (isLate) container.invalidate_layout();
    isLate = false;
  };
}

export function render({model, view, el}) {
  el.style.display = "none";
  let isAway = false, catchUp = null;

  function follow() {
    if (!view.parent) return;
    catchUp ??= layOutAlone(view.parent, () => isAway);
    if (isAway === model.is_away) return;
    isAway = model.is_away;
    const {style} = view.parent.el, {width, height} = view.parent.el.getBoundingClientRect();
    const size = {width: `${width}px`, height: `${height}px`};
    for (const [name, value] of Object.entries({...size, ...AWAY})) style[name] = isAway ? value : "";
    if (!isAway) catchUp();
  }

  model.on("change:is_away", follow);
  model.on("after_render", follow);
}
"""


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
