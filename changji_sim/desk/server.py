"""Serving the desk."""

from __future__ import annotations

import panel as pn

from .app import Desk
from .session import Opened


def serve(opened: Opened, port: int = 5006, address: str = "localhost") -> None:
    """Serve the desk until interrupted."""
    pn.extension()
    pn.serve({"/": lambda: Desk(opened).page()}, port=port, address=address, show=False, threaded=False)
