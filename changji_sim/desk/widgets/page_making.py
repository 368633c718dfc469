"""A page made a little at a turn of the server's loop, so that other sessions need not wait until it is whole.

Its parts are made on a thread, bokeh's models of them a few at a turn; then it is put onto the page whole, since a
change around a picture that the browser is setting up breaks it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import panel as pn
from panel.custom import ReactiveESM
from panel.io.state import set_curdoc

Made = TypeVar("Made")
TURN = 0.05  # seconds of one turn
FEW = 8  # parts, whose models are made in one turn
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
            page = await made(make)
            is_awaited = await make_models(page.view, self._around)
        except BaseException:
            self._keys.discard(key)
            raise
        if is_awaited:
            pn.state.onload(partial(self._hand_on, key, page, put))

    def _hand_on(self, key: str, page: Any, put: Callable[[Any], None]) -> None:
        self._keys.discard(key)
        if not self.is_dropped:
            put(page)


def make_ready(prepare: Callable[[], None]) -> None:
    """Have the thread for pages do something before it makes any."""
    _thread.submit(prepare)


def define_parameters(page: Any) -> None:
    """Have each part of a page know its parameters. Param copies their definitions when an object is first asked for
    them: else a quarter of the time in which models are made.
    """
    for part in page.select(ReactiveESM):
        for name in part.param:
            part.param[name]


async def made(make: Callable[[], Made]) -> Made:
    """What a function makes, on the thread for pages."""
    document = pn.state.curdoc

    def made_there() -> Made:
        with set_curdoc(document):
            return make()

    return await asyncio.get_running_loop().run_in_executor(_thread, made_there)


async def make_models(view: Any, around: Any) -> bool:
    """Make the models of a view that is going to be put into `around`, a few at a turn.

    Returns:
        Whether it is still awaited: not where the visitor has left meanwhile, and the session has ended.
    """
    for ref, (above, _) in list(around._models.items()):
        if ref not in pn.state._views:
            return False
        _, root, document, comm = pn.state._views[ref]
        began = time.perf_counter()
        for part in _parts(view):
            if time.perf_counter() - began > TURN:
                await asyncio.sleep(0)
                if ref not in pn.state._views:
                    return False
                began = time.perf_counter()
            if ref not in part._models:
                part._get_model(document, root, above, comm)
        _name_parents(view, ref)
    return True


def _children(view: Any) -> list[Any]:
    objects = getattr(view, "objects", None)
    return objects if isinstance(objects, list) else []


def _parts(view: Any) -> Iterator[Any]:
    """A view's parts, each after its own: those of a few parts as one."""
    if len(view.select()) > FEW:
        for child in _children(view):
            yield from _parts(child)
    yield view


def _name_parents(view: Any, ref: str) -> None:
    """Tell each part in what it stands: it was made before that."""
    for child in _children(view):
        if ref in child._models:
            child._models[ref] = child._models[ref][0], view._models[ref][0]
            _name_parents(child, ref)
