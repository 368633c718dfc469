"""Parts of the page with a script of our own."""

from __future__ import annotations

from panel.custom import JSComponent


class Scripted(JSComponent):
    """A part whose script stands in its class, ``_esm``."""

    _bundle_path = None  # for each that is made, panel would look for a file of it in every folder above
