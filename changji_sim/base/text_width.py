"""How wide a text is, counted in digits: a Chinese character takes two."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

EQUAL, PROPORTIONAL = "WFA", "WF"  # classes of Unicode (UAX 11) that take two digits, by the kind of type


@lru_cache(maxsize=4096)  # a workbook asks thirty thousand times for some hundreds of texts
def text_width(text: str, wide: str = EQUAL) -> float:
    """The width of the widest line of a text, in digits.

    Args:
        wide: classes of characters that take two: in type of equal width (等宽) also “ and −, which elsewhere do not.
    """
    lines = text.splitlines() or [""]
    return max(sum(2.0 if unicodedata.east_asian_width(c) in wide else 1.0 for c in line) for line in lines)


def lines_in(text: str, room: float) -> int:
    """How many lines a text takes in a column ``room`` digits wide, at least one."""
    return max(math.ceil(text_width(text) / room), 1)
