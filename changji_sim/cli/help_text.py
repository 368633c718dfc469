"""Layout of help pages by display width: Chinese letters are two columns wide and have no spaces between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

WIDEST_NAMES = 34  # columns; a longer name has its explanation on the next line
_WIDE = "⺀-鿿豈-﫿＀-￯　-〿“”‘’—…·"
_PIECES = re.compile(rf"[（“《(\[]*(?:[^\s{_WIDE}]+|[{_WIDE}])[，。；：、）”》！？),.;:\]]*|\s+")


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; no line begins with what closes or ends what stands before."""
    lines, line = [], ""
    for piece in _PIECES.findall(" ".join(text.split())):
        if line and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or not piece.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def paragraph(text: str, columns: int, indent: int = 2) -> str:
    """A text as indented lines."""
    return "".join(f"{' ' * indent}{line}\n" for line in wrapped(text, columns - indent))


def definitions(rows: Iterable[Sequence[str]], columns: int) -> str:
    """Names on the left and what each means on the right."""
    rows = [(name, what) for name, what in rows]
    left = min(WIDEST_NAMES, max((width(name) for name, _ in rows), default=0))
    found = []
    for name, what in rows:
        lines = wrapped(what, columns - left - 4) or [""]
        if width(name) > left:
            found.append(f"  {name}")
        else:
            found.append(f"  {name}{' ' * (left - width(name))}  {lines.pop(0)}")
        found += [f"{' ' * (left + 4)}{line}" for line in lines]
    return "".join(f"{line.rstrip()}\n" for line in found)
