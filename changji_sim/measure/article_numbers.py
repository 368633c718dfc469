"""The number of an article (条) and of its paragraph (项), however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator


def article_number(text: str) -> tuple[int, int] | None:
    """``(article, paragraph)`` of 第十一条（三）, 十一, 11(3), 11.3 …, paragraph 0 if none is named; else ``None``."""
    words = re.sub(r"[第条项款().\-\s]+", " ", unicodedata.normalize("NFKC", text)).split()
    numbers = [int(word) if re.fullmatch("[0-9]{1,3}", word) else _NUMERALS.get(word, 0) for word in words]
    if not 1 <= len(numbers) <= 2 or 0 in numbers:
        return None
    return numbers[0], numbers[1] if len(numbers) == 2 else 0


def _numerals() -> Iterator[tuple[str, int]]:
    digits = ("", *"一二三四五六七八九")
    for tens in range(10):
        for ones in range(10):
            ten = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
            yield ten + digits[ones], 10 * tens + ones


_NUMERALS = dict(_numerals())  # 一 … 九十九
