"""Bokeh's stack of current documents, kept whole where a callback raises."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bokeh.io import doc as bokeh_doc

_lock = threading.Lock()  # pages are made on a thread beside the loop


@contextmanager
def patch_curdoc(doc: Any) -> Iterator[None]:
    """As bokeh's function of this name, which leaves the document on the stack where the block raises: once the
    session has ended, all other sessions would find a destroyed document there and their pages stay blank.
    """
    stack = bokeh_doc._PATCHED_CURDOCS
    entry = weakref.ref(doc)
    with _lock:
        stack.append(entry)
    del doc
    try:
        yield
    finally:
        with _lock:
            del stack[max(n for n, one in enumerate(stack) if one is entry)]


def keep_current_documents() -> None:
    """Have bokeh use the function above."""
    bokeh_doc.patch_curdoc = patch_curdoc
