"""Tiles: single numbers in large type, and what moves them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .ui_text import PictureTranslator, html

RANGE = re.compile(r"(?<=\d) – (?=\d)")  # between two amounts, as `wan_range` writes it
WHOLE_RANGE = "\u00a0–\u2060\u00a0"  # on one line: without the joiner, one would end behind the dash
OF_FILE = re.compile(r"（情景文件 [^）]*）|\(file: [^)]*\)")  # as `beside` writes it


def tile(head: str, much: str, about: Iterable[str] = (), chance: str = "", is_over: bool = False) -> str:
    """One number with what it is above it and what it is to be held against below. Texts are escaped here.

    Ranges, and what the file has, stay whole where a line is broken.
    """
    lines = "".join(f'<div class="about">{_line(line)}</div>' for line in about)
    if chance:
        lines += f'<div class="chance{" over" if is_over else ""}">{html(chance)}</div>'
        is_over = False
    number = f'<div class="much{" over" if is_over else ""}">{html(much)}</div>'
    return f'<div class="tile"><div class="when">{html(head)}</div>{number}{lines}</div>'


def _line(text: str) -> str:
    return OF_FILE.sub(r'<span class="whole">\g<0></span>', html(RANGE.sub(WHOLE_RANGE, text)))


def effect(sentence: str, is_reform: bool, is_old: bool = False) -> str:
    """What the settings change, beside the file; grey where it is of the settings before. Escaped here."""
    return f'<p class="effect{" beyond" if is_reform else ""}{" waiting" if is_old else ""}">{html(sentence)}</p>'


def tiles(each: Iterable[str]) -> str:
    """Tiles beside each other."""
    return f'<div class="tiles">{"".join(each)}</div>'


def in_file(number: str, say: PictureTranslator) -> str:
    """What a number is in the scenario's file, where it was changed."""
    return say(f"情景文件为 {number}", f"in the file: {number}")


def beside(words: str, number: str, old: str, say: PictureTranslator) -> str:
    """A line of a tile: what a number is, the number, and the file's where that is another."""
    return f"{words} {number}" + (say(f"（情景文件 {old}）", f" (file: {old})") if old != number else "")
