"""Parts of the page with a script of our own."""

from __future__ import annotations

import re
from typing import Any

from panel.custom import JSComponent

_COMMENT = re.compile(r"^\s*//.*\n|  //.*$|^\s+", re.MULTILINE)


class Scripted(JSComponent):
    """A part whose script stands in its class, ``_esm``."""

    _bundle_path = None  # for each that is made, panel would look for a file of it in every folder above

    def _update_properties(self, *events: Any, doc: Any) -> dict[str, Any]:
        """What is sent of a change. Panel would ask the page's design for its style sheets each time, which looks for
        files.
        """
        changes = {event.name: event.new for event in events}
        return super()._update_properties(*events, doc=doc) if "stylesheets" in changes else (
            self._process_param_change(changes)
        )  # fmt: skip


def without_comments(script: str) -> str:
    """A script without its comments and indents, for one that is sent many times."""
    return _COMMENT.sub("", script)
