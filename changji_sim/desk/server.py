"""Serving the desk."""

from __future__ import annotations

import panel as pn

from .app import Desk
from .saving import begin
from .session import Opened


def serve(opened: Opened, port: int = 5006, address: str = "localhost") -> None:
    """Serve the desk until interrupted."""
    pn.extension()
    pn.serve(
        {"/": lambda: Desk(opened, begin(opened, asked_for())).page()},
        port=port,
        address=address,
        show=False,
        threaded=False,
    )


def asked_for() -> str:
    """The settings in the address of the page that is asked for (``?s=…``); empty if there are none."""
    arguments = pn.state.session_args or {}
    return arguments.get("s", [b""])[0].decode("utf-8", "replace")
