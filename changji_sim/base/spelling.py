"""What people write into tables, and what they mean by it: names spelled two ways, full-width letters, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from .radicals import RADICALS

WRITTEN_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[+-]?\d{1,3})?", re.IGNORECASE)

CHINESE_DIGITS = str.maketrans("0123456789〇", "零一二三四五六七八九零")


# Characters that nobody sees: controls but for white space, format characters, fillers, variation selectors, halves of
# a pair. What is white space stays: it is a space to those who look.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a workbook writes a character that XML cannot hold
_SAME_LOOK = str.maketrans(
    {
        **dict.fromkeys("([{（［｛【〔〖〘〚⟦⟨❨❲⦅﹙﹛﹝", "("),
        **dict.fromkeys(")]}）］｝】〕〗〙〛⟧⟩❩❳⦆﹚﹜﹞", ")"),
        **dict.fromkeys("〈《<«‹", "<"),
        **dict.fromkeys("〉》>»›", ">"),
        **dict.fromkeys("-‐‑‒–—―⁃−－ー─━﹘﹣⸺⸻", "-"),
        **dict.fromkeys("·.•‧∙⋅・･．。｡․◦⚫●", "·"),
        **dict.fromkeys("\"'“”„‟‘’‚‛″′‴‵‶`´＂＇「」『』｢｣﹁﹂﹃﹄〝〞〟ˈʹʻʼ", '"'),
        **dict.fromkeys("○◯⭕", "〇"),
        **dict.fromkeys("~～〜∼˜", "~"),
    }
)
_RUNS = re.compile(r"([-\"·])\1+")
_AT_THE_ENDS = "·,，、;；:："


def plain_text(cell: Any) -> str:
    """A cell as text to compare by: full-width letters made narrow, radicals characters, nothing unseen, no space at
    the ends.
    """
    if cell is None:
        return ""
    text = cell if type(cell) is str else str(cell)
    if text.isascii() and text.isprintable() and "_x" not in text:
        return text.strip()
    return _plain(text)


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", seen(text)).translate(RADICALS).strip()


def seen(text: str) -> str:
    """A text without what is invisible (zero-width spaces, byte order marks, soft hyphens, controls, ``_x000D_``)."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)


@lru_cache(maxsize=100_000)
def identity(name: str) -> str:
    """What two spellings of one name have in common.

    Width, case, spaces, invisible characters and marks at the ends do not count; brackets, dashes, dots, quotes and
    radicals of one look are one.
    """
    folded = re.sub(r"\s", "", plain_text(name)).translate(_SAME_LOOK)
    return _RUNS.sub(r"\1", folded).strip(_AT_THE_ENDS).casefold()


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
