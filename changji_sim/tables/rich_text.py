"""Texts of a workbook (.xlsx) of which a part is struck out (删除线): what is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .xlsx_xml import parse

STRIKES = (b"<strike", b":strike")  # a workbook without any is not gone through


class StruckTexts(NamedTuple):
    """What is left of texts with a part struck out: by their number among the shared ones, or by cell (``E3``)."""

    shared: Mapping[str, str]
    inline: Mapping[str, str]


def shared_texts(xml: bytes) -> dict[str, str]:
    """What is left of each shared text with a part struck out, by its number.

    Raises:
        ValueError: it is no XML.
    """
    return _read(xml).shared


def inline_texts(xml: bytes) -> dict[str, str]:
    """What is left of each text that stands in the sheet itself and has a part struck out, by its cell.

    Raises:
        ValueError: it is no XML.
    """
    return _read(xml).inline


def _read(xml: bytes) -> _TextReader:
    reader = _TextReader()
    if any(sign in xml for sign in STRIKES):
        parse(xml, reader.start, reader.end, reader.text)
    return reader


class _TextReader:
    """Goes through the texts of a part once, run by run (连续格式段)."""

    def __init__(self) -> None:
        self.shared: dict[str, str] = {}
        self.inline: dict[str, str] = {}
        self.count = 0
        self.cell = ""
        self.left: list[str] = []
        self.is_text = self.is_struck = self.has_struck = self.is_reading_aid = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.cell = attributes.get("r", "")
        elif name in ("si", "is"):
            self.left, self.has_struck, self.is_struck = [], False, False
        elif name == "r":
            self.is_struck = False
        elif name == "strike":
            self.is_struck = attributes.get("val", "1") not in ("0", "false")
        elif name == "rPh":
            self.is_reading_aid = True
        self.is_text = name == "t" and not self.is_reading_aid

    def text(self, characters: str) -> None:
        if self.is_text and self.is_struck:
            self.has_struck = True
        elif self.is_text:
            self.left.append(characters)

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "si":
            if self.has_struck:
                self.shared[str(self.count)] = "".join(self.left)
            self.count += 1
        elif name == "is" and self.has_struck:
            self.inline[self.cell] = "".join(self.left)
        elif name == "rPh":
            self.is_reading_aid = False
        self.is_text = False
