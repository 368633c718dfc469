"""Text with separators (.csv) as lines of cells: which separator, which encoding, and quotation marks not doubled."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.spelling import plain_text
from .file_kind import refused
from .sheet_cells import SheetCells
from .table import HEADER_WITHIN, MAX_ROWS, ExpectedColumns

SEPARATORS = (",", "\t", ";", "|", "；", "，")
QUOTE = '"'


class Record(NamedTuple):
    """One record: the line that it begins on, and its cells."""

    line: int
    cells: list[str]


def text_cells(path: Path, content: bytes, expected: ExpectedColumns) -> tuple[SheetCells, list[Fault]]:
    """The cells of a text, and warnings about how it was read.

    Raises:
        FaultyInput: it is no text, or a quotation mark takes in whole lines.
    """
    try:
        text, notes = _decoded(path, content)
    except FaultyInput:
        if path.suffix.lower() == ".csv":
            raise
        raise refused(path, message("the content is no workbook that can be read, and no text")) from None
    separator = _separator(text, expected)
    try:
        records = list(_within(path, _strict(text, separator)))
    except csv.Error:
        records = list(_within(path, _literal(text, separator)))
        odd = [str(record.line) for record in records if any(QUOTE in cell for cell in record.cells)]
        what = message(
            "quotation marks that are not doubled within a cell: lines {lines}; they were read as they stand",
            lines=", ".join(odd[:20]),
        )
        notes.append(Fault(path.name, what, is_warning=True))
    _refuse_swallowed_lines(path, records, separator)
    lines = [(record.line, [cell or None for cell in record.cells]) for record in _begun(records)]
    return SheetCells("", [(line, cells) for line, cells in lines if any(cells)]), notes


def _decoded(path: Path, content: bytes) -> tuple[str, list[Fault]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), []  # Excel's "Unicode text"
        except UnicodeDecodeError:
            pass
    if b"\0" in content:
        raise refused(path, message("this is no UTF-8 text (UTF-16 or a binary file); save it as 'CSV UTF-8'"))
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        what = message("neither UTF-8 nor GBK; save it as 'CSV UTF-8'")
        where = message("{file} row {line}", file=path.name, line=line)
        raise FaultyInput([Fault(where, what)]) from None
    return text, [Fault(path.name, message("this is not UTF-8; it was read as GBK"), is_warning=True)]


def _separator(text: str, expected: ExpectedColumns) -> str:
    """The separator by which one of the first lines is a row of headers; else the one the first lines have most of."""
    head = [
        line
        for line in text[:100_000].splitlines()[: 4 * HEADER_WITHIN]
        if line.strip() and not line.lstrip().startswith("#")
    ]
    by_width: list[tuple[bool, int, str]] = []
    for separator in SEPARATORS:
        rows = [[plain_text(cell.strip(' "')) for cell in line.split(separator)] for line in head[:HEADER_WITHIN]]
        headers = [len(row) for row in rows if expected.are_in(row)]
        by_width.append((bool(headers), max(headers or [len(row) for row in rows] or [0]), separator))
    return max(by_width, key=lambda found: found[:2])[2]


def _strict(text: str, separator: str) -> Iterator[Record]:
    """Records in which quotation marks are as the form wants them; raises csv.Error where they are not."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    for cells in reader:
        yield Record(before + 1, cells)
        before = reader.line_num


def _literal(text: str, separator: str) -> Iterator[Record]:
    """Records in which a quotation mark counts only where it opens a cell and another one closes it."""
    for line, written in enumerate(text.split("\n"), 1):
        yield Record(line, list(_cells_of(written.rstrip("\r"), separator)))


def _cells_of(line: str, separator: str) -> Iterator[str]:
    at = 0
    while at <= len(line):
        end = line.find(separator, at)
        if line.startswith(QUOTE, at):
            close = line.find(QUOTE, at + 1)
            while close != -1 and line.startswith(QUOTE, close + 1):
                close = line.find(QUOTE, close + 2)
            if close != -1 and line[close + 1 : close + 2] in ("", separator):
                yield line[at + 1 : close].replace(QUOTE * 2, QUOTE)
                at = close + 2
                continue
        end = len(line) if end == -1 else end
        yield line[at:end]
        at = end + 1


def _within(path: Path, records: Iterator[Record]) -> Iterator[Record]:
    for record in records:
        yield record
        if record.line > MAX_ROWS + 1000:  # a csv of a million lines is not read to its end
            raise refused(path, message("there are more than {most:,} rows", most=MAX_ROWS))


def _refuse_swallowed_lines(path: Path, records: list[Record], separator: str) -> None:
    """A fault for a cell that holds whole lines: a quotation mark was opened in one row and closed in a later one."""
    width = max((len(record.cells) for record in records), default=0)
    for record in records:
        for cell in record.cells:
            if "\n" in cell and any(part.count(separator) >= max(2, width // 2) for part in cell.splitlines()):
                what = message(
                    "a quotation mark that opens here is closed {count} lines below, so these lines are one cell; "
                    "mend it",
                    count=cell.count("\n"),
                )
                raise FaultyInput([Fault(message("{file} row {line}", file=path.name, line=record.line), what)])


def _begun(records: list[Record]) -> Iterator[Record]:
    """Records without the comments that stand before the first other line."""
    is_begun = False
    for record in records:
        first = record.cells[0] if record.cells else ""
        is_begun = is_begun or (any(record.cells) and not first.lstrip().startswith("#"))
        if is_begun:
            yield record
