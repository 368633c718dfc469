"""The tables of a web page called .xls, as systems that export "Excel" write it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from ..base.messages import message
from .file_kind import refused
from .sheet_cells import Block, Marks, Place, SheetCells
from .table import MAX_COLUMNS, MAX_ROWS

CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
STRUCK = re.compile(r"line-through", re.IGNORECASE)
MOST_SPANNED = 100_000  # cells of one that spans several


def html_sheets(path: Path, content: bytes) -> list[SheetCells]:
    """Every table of a page, by its place on the page.

    Raises:
        FaultyInput: there is no table.
    """
    reader = _PageReader(path)
    reader.feed(_decoded(content))
    reader.close()
    sheets = [_sheet(table) for table in reader.tables if table.rows]
    if not sheets:
        raise refused(path, message("this is a web page without a table"))
    return sheets


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    declared = CHARSET.search(content[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8-sig"
    for encoding in ("gb18030" if name.startswith("gb") else name, "utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("gb18030", errors="replace")


@dataclass
class _PageTable:
    """One table: rows of cells with how many columns and rows each spans."""

    rows: list[list[tuple[str, int, int]]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)


class _PageReader(HTMLParser):
    """Collects the cells of the outermost tables."""

    def __init__(self, path: Path):
        super().__init__(convert_charrefs=True)
        self.path = path
        self.tables: list[_PageTable] = []
        self.depth = 0
        self.text: list[str] | None = None
        self.span = (1, 1)
        self.is_struck: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(_PageTable())
        elif self.depth != 1:
            return
        elif tag == "tr":
            self._end_row()
            table = self.tables[-1]
            table.rows.append([])
            if len(table.rows) > MAX_ROWS + 1000:
                raise refused(self.path, message("there are more than {most:,} rows", most=MAX_ROWS))
            if HIDDEN.search(given.get("style", "")) or "hidden" in given:
                table.hidden.add(len(table.rows))
        elif tag in ("td", "th"):
            self._end_cell()
            self.text, self.span = [], (_count(given.get("colspan")), _count(given.get("rowspan")))
            self.is_struck.append(bool(STRUCK.search(given.get("style", ""))))
        elif tag in ("s", "strike", "del") and self.is_struck:
            self.is_struck[-1] = True
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            if self.depth == 1:
                self._end_row()
            self.depth = max(0, self.depth - 1)
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
        elif self.depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_cell(self) -> None:
        if self.text is None or not self.tables:
            return
        table = self.tables[-1]
        if not table.rows:
            table.rows.append([])
        shown = "\n".join(" ".join(line.split()) for line in "".join(self.text).split("\n")).strip()
        table.rows[-1].append((shown, *self.span))
        self.text = None

    def _end_row(self) -> None:
        self._end_cell()
        table = self.tables[-1]
        if table.rows and self.is_struck and all(self.is_struck):
            table.struck.add(len(table.rows))
        self.is_struck = []


def _count(written: str | None) -> int:
    return min(max(int(written), 1), MOST_SPANNED) if written and written.isdecimal() and len(written) < 7 else 1


def _sheet(table: _PageTable) -> SheetCells:
    """Cells at their lines and columns: one that spans several takes the room of all, and its value stands first."""
    marks = Marks(hidden=table.hidden, struck=table.struck)
    taken: dict[int, int] = {}  # column -> the last line that a cell above takes
    lines: list[tuple[int, list[Any]]] = []
    for line, row in enumerate(table.rows, 1):
        cells: dict[int, str] = {}
        column = 0
        for shown, wide, high in row:
            while taken.get(column, 0) >= line:
                column += 1
            if column >= MAX_COLUMNS:
                break
            wide = min(wide, MAX_COLUMNS - column)
            cells[column] = shown
            taken.update(dict.fromkeys(range(column, column + wide), line + high - 1))
            if (wide, high) != (1, 1):
                marks.merged.append(Block(Place(line, column), Place(line + high - 1, column + wide - 1)))
            column += wide
        filled = [cells.get(n) or None for n in range(max(cells, default=-1) + 1)]
        if any(filled):
            lines.append((line, filled))
    return SheetCells("", lines, marks)
