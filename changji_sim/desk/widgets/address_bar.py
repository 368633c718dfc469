"""The address of the page, kept as the settings are.

Panel's own `Location` sends every change as a new entry of the browser's history and does not hear of Back, so that
the page would stay while its address goes. Here another page is a new entry, and so is a step of undo: moves of one
slider that follow each other within a second and a half are one. Back and Forward open the page of their entry and take
its settings. While the desk does so, its address is left to the browser; then it is written into the entry that is
there. The title's link leads to the settings of the moment it is used: to change its address on the server would have
Bokeh walk through all the page's parts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import panel as pn
import param

from .scripted import Scripted

HOME = "?"  # where the title's link leads by itself


class AddressBar(Scripted):
    """A part of no size that writes ``query`` into the address.

    Calls ``on_back`` with the query of the entry that the browser went to, which sets ``query`` and ``move`` before it
    awaits anything; where that entry lacks settings, ``on_page`` with its page's key, or ``""``; after a reload
    ``on_steps`` with the steps that were kept.
    """

    query = param.String("", doc="What stands after the address's question mark.")
    steps = param.String("", doc="The steps of undo, which the tab keeps over a reload.")
    move = param.Integer(0, doc="The number of the step that the settings are of; set before the query is.")
    is_whole = param.Boolean(True, doc="Whether the query says all settings; set before the query is.")

    on_back: Callable[[str], Coroutine[Any, Any, None]]
    on_page: Callable[[str], None] = staticmethod(lambda page: None)
    on_steps: Callable[[str], None] = staticmethod(lambda steps: None)

    _esm = """
export function render({model, el}) {
  const pageOf = (query) => new URLSearchParams(query).get("page") ?? "";
  let move = null;  // of the entry that is there
  let asked = 0, answered = 0;  // how often the browser went to another entry, and the desk has followed

  function write(said = model, isFollowing = false) {
    if (asked > answered) return;
    const query = said.query ? `?${said.query}` : "", address = location.pathname + query;
    const isNew = move !== null && !isFollowing && (said.move !== move || pageOf(query) !== pageOf(location.search));
    move = said.move;
    if (query === location.search) return;
    const state = {isPart: !model.is_whole};
    if (isNew) history.pushState(state, "", address);
    else history.replaceState(state, "", address);
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

  function back() {
    if (history.state?.isPart) model.send_msg({page: pageOf(location.search)});
    else model.send_msg({query: location.search.slice(1), number: ++asked});
  }
  model.on("msg:custom", ({data, ...message}) => {
    const answer = data ?? message;
    if (!answer.number) return;
    answered = Math.max(answered, answer.number);  // the first may be answered last
    write(answer, true);
  });
  const uses = ["click", "auxclick", "contextmenu"];
  addEventListener("popstate", back);
  for (const use of uses) addEventListener(use, lead, true);
  model.on("change:query", () => write());
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
        for name, hears in (("page", self.on_page), ("steps", self.on_steps)):
            if isinstance(text := msg.get(name), str):
                hears(text)
        if isinstance(query := msg.get("query"), str):
            pn.state.execute(partial(self._follow, query, msg.get("number")))

    async def _follow(self, query: str, number: Any) -> None:
        """Answer as soon as the settings are taken: what is changed while they are computed is an entry of its own."""
        following = asyncio.ensure_future(self.on_back(query))
        await asyncio.sleep(0)  # until it awaits the run
        self._send_msg({"number": number, "query": self.query, "move": self.move})
        await following
