"""What people write into tables, and what they mean by it: names spelled two ways, full-width letters, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

WRITTEN_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[+-]?\d{1,3})?", re.IGNORECASE)

CHINESE_DIGITS = str.maketrans("0123456789〇", "零一二三四五六七八九零")


def plain_text(cell: Any) -> str:
    """A cell as text to compare by: full-width letters made narrow, nothing unseen, no space at the ends."""
    return "" if cell is None else seen(unicodedata.normalize("NFKC", str(cell))).strip()


def seen(text: str) -> str:
    """A text without its format characters (zero-width spaces, byte order marks, soft hyphens), which are invisible."""
    return text if text.isprintable() else "".join(c for c in text if unicodedata.category(c) != "Cf")


def identity(name: str) -> str:
    """What two spellings of one name have in common: width, case, spaces and invisible characters do not count."""
    return re.sub(r"\s", "", plain_text(name)).casefold()


def written_otherwise(name: str, known: Iterable[str]) -> str:
    """The known name that is the same thing in another spelling (``3等奖`` is ``三等奖``); ``""`` if there is none.

    Names that only resemble it are not: a tier that resembles another pays another amount.
    """
    return next((other for other in known if _spelled_out(other) == _spelled_out(name)), "")


def _spelled_out(name: str) -> str:
    return re.sub(r"[（）()\[\]【】“”\"'‘’、，,.。·_-]", "", identity(name)).translate(CHINESE_DIGITS)


def number_of_text(text: str) -> float | None:
    """A number as people write it into tables, ``1,234.5`` with commas only between thousands; None if it is none."""
    is_number = WRITTEN_NUMBER.fullmatch(text) and any(c.isdigit() for c in text)
    return float(text.replace(",", "")) if is_number else None
