"""What a session begins with, made on the thread for pages: the server's loop goes on for all others meanwhile."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any
from weakref import WeakSet

from bokeh.application.handlers import Handler
from panel.io.state import set_curdoc, state

from ..widgets.page_making import made


class SessionStart(Handler):
    """Fills the documents of an application's sessions before bokeh does so on the loop.

    Args:
        application: of which bokeh asks this, and then to fill a document.
    """

    def __init__(self, application: Any):
        super().__init__()
        self._fill = application.initialize_document
        self._filled: WeakSet[Any] = WeakSet()
        application.initialize_document = self.initialize_document
        application.add(self)

    async def on_session_created(self, session_context: Any) -> None:
        document = session_context._document
        try:
            with set_curdoc(document):
                await made(partial(self._fill, document))
        finally:
            state._thread_id_[document] = threading.get_ident()  # the loop's: from now on, it alone changes the page
        self._filled.add(document)

    def initialize_document(self, document: Any) -> None:
        """Nothing more; but where filling it has failed, do it now, so that the failure is heard of."""
        if document not in self._filled:
            self._fill(document)

    def modify_document(self, doc: Any) -> None:
        """Nothing: another handler of the application has the page."""
