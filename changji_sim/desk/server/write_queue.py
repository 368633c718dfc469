"""Panel's queue of messages to a browser, in which none stays behind.

Where a socket is being written to, Panel queues a change and has a task send it. A task that has sent its own messages
takes the queue's mark away, also where another change was queued while it was sending; the task of that change then
finds no mark and leaves the change where it is, until something else changes: a page would say without end that it is
computing.
"""

from __future__ import annotations

from typing import Any

from panel.io import document as panel_document

_send: Any = panel_document._dispatch_msgs


async def send_all(document: Any) -> None:
    """As Panel's function that sends what is queued, and what was queued meanwhile."""
    await _send(document)
    if document in panel_document._WRITE_MSGS and document not in panel_document._WRITE_BLOCK:
        panel_document._WRITE_BLOCK[document] = True
        panel_document._dispatch_write_task(document, send_all, document)


def leave_no_message() -> None:
    """Have Panel use the function above."""
    panel_document._dispatch_msgs = send_all
