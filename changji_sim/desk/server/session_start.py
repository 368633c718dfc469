"""What a session begins with, made on the thread for pages: the server's loop goes on for all others meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import panel as pn
from bokeh.application.handlers import Handler
from panel.io.state import set_curdoc

from ..widgets.page_making import made


class SessionStart(Handler):
    """Asked by bokeh before it has a session's document filled, which it does on the loop.

    Args:
        make: makes what a session begins with; the session's document is panel's current one.
    """

    def __init__(self, make: Callable[[], Any]):
        super().__init__()
        self._make = make
        self._made: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    async def on_session_created(self, session_context: Any) -> None:
        document = session_context._document
        with set_curdoc(document):
            self._made[document] = await made(self._make)

    def take(self) -> Any:
        """What was made for the current document; made now where that has failed, so that the failure is heard of."""
        document = pn.state.curdoc
        return self._made.pop(document) if document in self._made else self._make()

    def modify_document(self, doc: Any) -> None:
        """Nothing more: the page is put into the document by panel."""
