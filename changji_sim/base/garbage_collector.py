"""The garbage collector, kept from going again and again through what is only being built up."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Inside, nothing is collected: for work that makes many objects that stay, or that form no circle of references.

    Python goes through every object there is each time a quarter more were made; on a register of 10,000 rows that took
    a fourth of the time, and an eighth of a second start.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def without_last_collection() -> None:
    """Have Python end without going through every object once more, which takes longer than reading a scenario where
    numba and pandas are there.

    What then is held by nothing but itself is not taken apart; nobody may count on that when Python ends.
    """
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
