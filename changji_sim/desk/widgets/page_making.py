"""A page made on a thread beside the server's loop, so that other sessions need not wait until it is whole.

Its parts and bokeh's models of them are made there, and written for the browser. Then it is put onto the page whole,
since a change around a picture that the browser is setting up breaks it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import panel as pn
from panel.io.state import set_curdoc

from .written_ahead import write_ahead

Made = TypeVar("Made")
_thread = ThreadPoolExecutor(1, "page")  # one: HoloViews and param keep what they draw and define in one place


def is_served() -> bool:
    """Whether this is about a page of a server, and not a notebook's cell or a test."""
    document = pn.state.curdoc
    return document is not None and document.session_context is not None


class Making:
    """Pages on their way to one place, by key.

    Args:
        around: the container they will stand in.
    """

    def __init__(self, around: Any):
        self._around = around
        self._keys: set[str] = set()
        self.is_dropped = False  # whether all is built anew, so that nobody waits for these any more

    def begin(self, key: str, make: Callable[[], Any], put: Callable[[Any], None]) -> None:
        """Make a page, unless it is being made, and hand it on once the browser has the rest: what it is sent before,
        it may miss.
        """
        if key not in self._keys:
            self._keys.add(key)
            pn.state.execute(partial(self._make, key, make, put))

    async def _make(self, key: str, make: Callable[[], Any], put: Callable[[Any], None]) -> None:
        try:
            page = await made(partial(self._made_whole, make))
        except BaseException:
            self._keys.discard(key)
            raise
        if page is not None:
            pn.state.onload(partial(self._hand_on, key, page, put))

    def _made_whole(self, make: Callable[[], Any]) -> Any:
        """A page with its models; None where nobody awaits it any more, since the visitor has left."""
        page = make()
        return page if make_models(page.view, self._around) else None

    def _hand_on(self, key: str, page: Any, put: Callable[[Any], None]) -> None:
        self._keys.discard(key)
        if not self.is_dropped:
            put(page)


def make_ready(prepare: Callable[[], None]) -> None:
    """Have the thread for pages do something before it makes any."""
    _thread.submit(prepare)


async def made(make: Callable[[], Made]) -> Made:
    """What a function makes, on the thread for pages."""
    document = pn.state.curdoc

    def made_there() -> Made:
        with set_curdoc(document):
            return make()

    return await asyncio.get_running_loop().run_in_executor(_thread, made_there)


def make_models(view: Any, around: Any) -> bool:
    """Make the models of a view that is going to be put into `around`, and write them for the browser.

    Returns:
        Whether it is still awaited: not where the visitor has left meanwhile, and the session has ended.
    """
    for ref, (above, _) in list(around._models.items()):
        if ref not in pn.state._views:
            return False
        _, root, document, comm = pn.state._views[ref]
        try:
            model = view._get_model(document, root, above, comm)
        except Exception:
            if _has_ended(ref, document):
                return False
            raise
        try:
            write_ahead(model, document.models)
        except Exception:  # it only saves time: what is not written ahead, is written later
            if _has_ended(ref, document):
                return False
            logging.getLogger(__name__).exception("a page could not be written ahead")
    return True


def _has_ended(ref: str, document: Any) -> bool:
    """Whether the session of a document has: the document is emptied before panel forgets its view."""
    return ref not in pn.state._views or document.session_context is None
