"""The address of the page, kept as the settings are.

Panel's own `Location` sends every change as a new entry of the browser's history and does not hear of Back, so that
the page would stay while its address goes. Here only another page is a new entry, and Back opens the page before it:
the settings stay what they are. The title's link leads to the settings of the moment it is used: to change its
address on the server would have Bokeh walk through all the page's parts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import param

from .scripted import Scripted

HOME = "?"  # where the title's link leads by itself


class AddressBar(Scripted):
    """A part of no size that writes ``query`` into the address.

    Calls ``on_back`` with a page's key, or ``""``; after a reload ``on_steps`` with the steps that were kept.
    """

    query = param.String("", doc="What stands after the address's question mark.")
    steps = param.String("", doc="The steps of undo, which the tab keeps over a reload.")

    on_back: Callable[[str], None] = staticmethod(lambda page: None)
    on_steps: Callable[[str], None] = staticmethod(lambda steps: None)

    _esm = """
export function render({model, el}) {
  const pageOf = (query) => new URLSearchParams(query).get("page") ?? "";
  let written = null;

  function write() {
    const query = model.query ? `?${model.query}` : "";
    if (query === written && query === location.search) return;
    const address = location.pathname + query;
    if (written !== null && pageOf(query) !== pageOf(location.search)) history.pushState(null, "", address);
    else if (query !== location.search) history.replaceState(history.state, "", address);
    written = query;
  }

  // Before a link home is followed, opened in another tab or copied.
  function lead(event) {
    for (const link of event.composedPath())
      if (link.tagName === "A" && link.getAttribute("href")?.startsWith("?")) link.href = location.search || "?";
  }

  // The tab's own storage, where the browser allows one; what is there was put by the page before the reload.
  const place = `changji-steps ${location.pathname}`;
  function kept(text) {
    try {
      return text ? sessionStorage.setItem(place, text) : sessionStorage.getItem(place);
    } catch { return null; }
  }
  const before = kept();
  if (before) model.send_msg({steps: before});
  model.on("change:steps", () => kept(model.steps));

  const back = () => model.send_msg({page: pageOf(location.search)});
  const uses = ["click", "auxclick", "contextmenu"];
  addEventListener("popstate", back);
  for (const use of uses) addEventListener(use, lead, true);
  model.on("change:query", write);
  model.on("remove", () => {
    removeEventListener("popstate", back);
    for (const use of uses) removeEventListener(use, lead, true);
  });
  write();
  el.style.display = "none";
}
"""

    def __init__(self, **params: Any):
        super().__init__(width=0, height=0, margin=0, **params)

    def _handle_msg(self, msg: Any) -> None:
        if not isinstance(msg, dict):
            return
        for name, hears in (("page", self.on_back), ("steps", self.on_steps)):
            if isinstance(text := msg.get(name), str):
                hears(text)
