"""What buttons do in the browser alone: print, fill the screen, go to the top of a page.

A script of the button's own (``js_on_click``) would have Panel look through all parts of the page for such scripts
whenever a part is added: a third of the time in which a page is opened.
"""

from __future__ import annotations

from .scripted import Scripted

PRINTS, FILLS_SCREEN, GOES_UP = "prints", "fills-screen", "goes-up"  # classes of parts whose click does so


class PageActions(Scripted):
    """A part of no size that answers clicks on parts of the classes above."""

    _esm = """
const page = document.documentElement;
const DOES = {
  "prints": () => window.print(),
  "fills-screen": () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (page.requestFullscreen) page.requestFullscreen().catch(() => {});
  },
  "goes-up": () => window.scrollTo(0, 0),
};

export function render({model, el}) {
  function clicked(event) {
    for (const node of event.composedPath())
      for (const name of node.classList ?? []) DOES[name]?.();
  }

  addEventListener("click", clicked, true);
  model.on("remove", () => removeEventListener("click", clicked, true));
  el.style.display = "none";
}
"""

    def __init__(self) -> None:
        super().__init__(width=0, height=0, margin=0)
