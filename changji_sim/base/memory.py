"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back_memory() -> None:
    """Give the system what was freed: on Linux each thread keeps that for itself. Elsewhere nothing is done."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of the usual C library
        if trim is not None:
            trim(0)
