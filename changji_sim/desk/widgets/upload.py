"""A button that takes a file from the user's computer, of a bounded size."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import panel_material_ui as pmui


class Upload(pmui.FileInput):
    """The library's file input, which raises where its own script reports an error and bounds sizes in the browser
    alone. Here whatever is refused calls ``on_refused``, and an oversized message is dropped before it is kept.
    """

    on_refused: Callable[[], None] = staticmethod(lambda: None)

    def _handle_msg(self, msg: Any) -> None:
        try:
            if msg.get("status") == "error" or self._is_too_large(msg):
                self._refuse()
            else:
                super()._handle_msg(msg)
        except Exception:  # an error here would reach the server's other sessions
            logging.getLogger(__name__).exception("an upload could not be read")
            self._refuse()

    def _is_too_large(self, msg: Any) -> bool:
        most = self.max_file_size
        return most is not None and (msg.get("total_chunks", 1) > 1 or len(msg.get("data", b"")) > most)

    def _refuse(self) -> None:
        self._buffer.clear()
        self._file_buffer.clear()
        self.on_refused()
