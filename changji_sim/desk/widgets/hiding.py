"""Parts of a page hidden without taking them apart.

Bokeh's ``visible`` and a change of ``css_classes`` make the browser work out styles and sizes of everything below anew,
for seconds on a page with hundreds of parts. What is hidden here keeps its size, so that nothing is worked out, and
takes no room; the browser leaves it out of painting, of the keyboard's way, of search and of what is read aloud.
"""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from .scripted import Scripted


class Hider(Scripted):
    """A part of no size that hides the container it stands in."""

    is_away = param.Boolean(False, doc="Whether the container is hidden.")

    _esm = """
const AWAY = {position: "fixed", top: "0", left: "0", contentVisibility: "hidden", pointerEvents: "none", zIndex: "-1"};

export function render({model, view, el}) {
  el.style.display = "none";
  let isAway = false;

  function follow() {
    const style = view.parent?.el.style;
    if (!style || isAway === model.is_away) return;
    isAway = model.is_away;
    const {width, height} = view.parent.el.getBoundingClientRect();
    const size = {width: `${width}px`, height: `${height}px`};
    for (const [name, value] of Object.entries({...size, ...AWAY})) style[name] = isAway ? value : "";
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
