"""How wide a text is where columns are counted in digits (等宽): a Chinese character takes two."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)  # a workbook asks thirty thousand times for some hundreds of texts
def text_width(text: str) -> float:
    """The width of the widest line of a text, in digits."""
    lines = text.splitlines() or [""]
    return max(sum(2.0 if unicodedata.east_asian_width(c) in "WFA" else 1.0 for c in line) for line in lines)


def lines_in(text: str, room: float) -> int:
    """How many lines a text takes in a column ``room`` digits wide, at least one."""
    return max(math.ceil(text_width(text) / room), 1)
