"""Reading the one table of a csv or xlsx file; what its cells mean is for its reader.

Whatever is wrong with a file gets a sentence: too large, a zip bomb, neither UTF-8 nor GBK, merged cells, a formula
that was never calculated, a workbook with two tables. Nothing in a file is ever run.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from ..base.faults import Fault, FaultyInput
from ..base.messages import Joined, Message, joined, message
from ..base.spelling import plain_text
from .table import NOT_CALCULATED, ExpectedColumns, Row, Table, column_letter

MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 600_000_000  # 200,000 rows of 25 columns unpack to about half of it
MAX_ROWS = 200_000
MAX_COLUMNS = 256
HEADER_WITHIN = 10  # rows; a title may stand above the headers
KINDS = (".csv", ".xlsx", ".xlsm")
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_EMPTY = message("the file is empty")


def read_table(path: Path, expected: ExpectedColumns) -> Table:
    """Read the one table of a file.

    Args:
        path: a .csv, .xlsx or .xlsm of at most 50 MB.
        expected: what makes the row of headers, which is looked for in the first ten rows.

    Raises:
        FaultyInput: there is no such table, or the file cannot be read; every merged cell at once.
    """
    content = _content(path)
    if path.suffix.lower() == ".csv":
        if content.startswith(b"PK\x03\x04"):
            raise _faulty(path, message("this is an Excel workbook; call it .xlsx"))
        return _read_csv(path, content, expected)
    try:
        return _Workbook(path, content).read(expected)
    except FaultyInput:
        raise
    except Exception as error:  # a damaged workbook fails anywhere inside openpyxl; it must not end in a traceback
        shown = f"{type(error).__name__}: {error}"
        raise _faulty(path, message("this is no Excel workbook that can be read ({error})", error=shown)) from None


def _content(path: Path) -> bytes:
    if path.suffix.lower() not in KINDS:
        hint = message("; save it as .xlsx") if path.suffix.lower() in (".xls", ".et", ".ods", ".xlsb") else ""
        raise _faulty(path, message("a table is read from {kinds}{hint}", kinds=joined(KINDS), hint=hint))
    try:
        if path.is_dir():
            raise _faulty(path, message("this is a folder, not a file"))
        if not path.exists():
            raise _faulty(path, message("there is no such file"))
        if not path.is_file():
            raise _faulty(path, message("this is no ordinary file"))
        size = path.stat().st_size
        if size > MAX_BYTES:
            megabytes = {"size": size / 1e6, "most": MAX_BYTES // 1_000_000}
            raise _faulty(path, message("the file has {size:,.0f} MB; at most {most} MB are read", **megabytes))
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, FaultyInput):
            raise
        why = getattr(error, "strerror", None) or error
        raise _faulty(path, message("the file cannot be read: {why}", why=str(why))) from None
    if not content.strip():
        raise _faulty(path, _EMPTY)
    return content


# --- csv --------------------------------------------------------------------------------------------------------


def _read_csv(path: Path, content: bytes, expected: ExpectedColumns) -> Table:
    text, notes = _decoded(path, content)
    try:
        lines = list(_csv_lines(path, text))
    except csv.Error as error:
        raise _faulty(path, message("this is no CSV file: {error}", error=str(error))) from None
    return _table(Table(path, "", (), (), 0, notes=tuple(notes)), lines, expected)


def _decoded(path: Path, content: bytes) -> tuple[str, list[Fault]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise _faulty(path, message("this is no UTF-8 text (UTF-16 or a binary file); save it as 'CSV UTF-8'"))
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        what = message("neither UTF-8 nor GBK; save it as 'CSV UTF-8'")
        raise FaultyInput([Fault(Table(path, "", (), (), 0).where(line), what)]) from None
    return text, [Fault(path.name, message("this is not UTF-8; it was read as GBK"), is_warning=True)]


def _csv_lines(path: Path, text: str) -> Iterator[tuple[int, list[Any]]]:
    """Lines of cells; comments before the header (lines that begin with '#') are skipped."""
    start = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    delimiter = max(",\t;", key=start.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before, is_begun = 0, False
    for cells in reader:
        line, before = before + 1, reader.line_num
        is_begun = is_begun or bool(cells and any(cells) and not cells[0].lstrip().startswith("#"))
        if is_begun:
            yield line, list(cells)
        if line > MAX_ROWS + 1000:  # a csv of a million lines is not read to its end
            raise _faulty(path, message("there are more than {most:,} rows", most=MAX_ROWS))


# --- xlsx -------------------------------------------------------------------------------------------------------


class _Workbook:
    """An xlsx file: checked as a zip, then read sheet by sheet, values and formulas side by side."""

    def __init__(self, path: Path, content: bytes):
        from openpyxl import load_workbook

        self.path = path
        if not zipfile.is_zipfile(io.BytesIO(content)):
            raise _faulty(path, message("this is no Excel workbook (.xlsx); a csv must be called .csv"))
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self._check_archive()
        self.values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        self.formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)

    def _check_archive(self) -> None:
        unpacked = sum(info.file_size for info in self.archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            size = unpacked / 1e6
            raise _faulty(self.path, message("the workbook unpacks to {size:,.0f} MB; that is not read", size=size))
        for info in self.archive.infolist():
            with self.archive.open(info) as part:
                if b"<!DOCTYPE" in part.read(4096):
                    what = message("the part {part} declares a document type; that is not read", part=info.filename)
                    raise _faulty(self.path, what)

    def read(self, expected: ExpectedColumns) -> Table:
        visible: list[Any] = []
        hidden: list[Any] = []
        for sheet in self.values.worksheets:
            if any(expected.are_in(texts) for _, texts in self._first_rows(sheet)):
                (visible if sheet.sheet_state == "visible" else hidden).append(sheet)
        if not visible:
            raise _faulty(self.path, self._nothing_found(hidden))
        if len(visible) > 1:
            what = message("several sheets hold such a table ({sheets}); keep one a file", sheets=_quoted(visible))
            raise _faulty(self.path, what)
        unread = [message("the hidden sheet '{sheet}' was not read", sheet=sheet.title) for sheet in hidden]
        notes = [Fault(self.path.name, what, is_warning=True) for what in unread]
        sheet = visible[0]
        is_1904 = self.values.epoch.year == 1904
        blank = Table(self.path, sheet.title, (), (), 0, is_1904=is_1904, notes=tuple(notes))
        lines, formulas = self._lines(sheet)
        table = _table(blank, lines, expected)
        self._check_merged(table)
        if formulas:
            what = message(
                "cells with a formula: {count} ({cells}); the values last saved with the file were taken",
                count=len(formulas),
                cells=_some(formulas),
            )
            notes.append(Fault(f"{self.path.name} {sheet.title}", what, is_warning=True))
        return replace(table, notes=tuple(notes))

    def _first_rows(self, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        if not hasattr(sheet, "reset_dimensions"):  # a chart sheet
            return
        sheet.reset_dimensions()  # what a file claims about its size may be wrong
        for line, row in enumerate(sheet.iter_rows(max_row=HEADER_WITHIN, values_only=True), 1):
            if any(cell is not None for cell in row[MAX_COLUMNS:]):
                what = message("the sheet '{sheet}' has more than {most} columns", sheet=sheet.title, most=MAX_COLUMNS)
                raise _faulty(self.path, what)
            yield line, [plain_text(cell) for cell in row]

    def _nothing_found(self, hidden: list[Any]) -> Message:
        if hidden:
            return message("the table stands on a hidden sheet ('{sheet}'); make it visible", sheet=hidden[0].title)
        return message(
            "no sheet ({sheets}) has a row with the headers that are needed in its first {rows} rows;"
            " 'changji-sim template' makes an empty workbook",
            sheets=_quoted(self.values.worksheets),
            rows=HEADER_WITHIN,
        )

    def _lines(self, sheet: Any) -> tuple[list[tuple[int, list[Any]]], list[str]]:
        """All rows that hold something, and the places of formulas that came with a value."""
        from openpyxl.cell.read_only import EMPTY_CELL

        twin = self.formulas[sheet.title]
        sheet.reset_dimensions()
        twin.reset_dimensions()
        lines, calculated = [], []
        pairs = zip(sheet.iter_rows(max_col=MAX_COLUMNS), twin.iter_rows(max_col=MAX_COLUMNS), strict=True)
        for line, (cells, sources) in enumerate(pairs, 1):
            width = max((n for n, source in enumerate(sources, 1) if source is not EMPTY_CELL), default=0)
            values = [cell.value for cell in cells[:width]]
            for column, source in enumerate(sources[:width]):
                if source.value is not None and source.data_type == "f":
                    if values[column] is None:
                        values[column] = NOT_CALCULATED
                    else:
                        calculated.append(f"{column_letter(column)}{line}")
            if any(value is not None and value != "" for value in values):
                lines.append((line, values))
            if line > MAX_ROWS + HEADER_WITHIN:  # empty ones count: a file may claim to have a thousand million
                raise _faulty(self.path, message("there are more than {most:,} rows", most=MAX_ROWS))
        return lines, calculated

    def _check_merged(self, table: Table) -> None:
        """Merged cells in the table would leave all but one row without a value; a merged title above it is fine."""
        from openpyxl.utils import range_boundaries

        merged = [ref for ref in self._merged_ranges(table.sheet) if range_boundaries(ref)[3] >= table.header_line]
        if merged:
            what = message("the cells {cells} are merged; every row needs cells of its own", cells=_some(merged))
            raise FaultyInput([Fault(f"{self.path.name} {table.sheet}", what)])

    def _merged_ranges(self, title: str) -> list[str]:
        part = self._part_of(title)
        if part is None:
            return []
        pattern = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
        found, tail = [], b""
        with self.archive.open(part) as stream:
            while block := stream.read(1 << 20):
                found += [m.group(1).decode() for m in pattern.finditer(tail + block)]
                tail = (tail + block)[-200:]
        return list(dict.fromkeys(found))  # one that lies in the overlap is found twice

    def _part_of(self, title: str) -> str | None:
        """Name of the part of the zip that holds a sheet."""
        book = ElementTree.fromstring(self.archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(self.archive.read("xl/_rels/workbook.xml.rels"))
        ids = {e.get("name"): e.get(f"{RELATIONS}id") for e in book.iter() if e.tag.endswith("}sheet")}
        target = next((e.get("Target") for e in links if e.get("Id") == ids.get(title)), None) or ""
        names = self.archive.namelist()
        return next((n for n in (target.lstrip("/"), f"xl/{target}") if n in names), None)


# --- both -------------------------------------------------------------------------------------------------------


def _table(blank: Table, lines: list[tuple[int, list[Any]]], expected: ExpectedColumns) -> Table:
    """The table below the row of headers; cells beyond the last header are a fault, short rows are filled up."""
    heads = [n for n, (_, cells) in enumerate(lines[:HEADER_WITHIN]) if expected.are_in([plain_text(c) for c in cells])]
    if not heads:
        first = message("the first rows hold none of the headers that are needed") if lines else _EMPTY
        raise _faulty(blank.path, message("{what}; 'changji-sim template' makes an empty workbook", what=first))
    header_line, cells = lines[heads[0]]
    headers = ["" if cell is None else str(cell).strip() for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    rows, faults = [], []
    for line, cells in lines[heads[0] + 1 :]:
        if not any(plain_text(cell) for cell in cells):
            continue
        if any(plain_text(cell) for cell in cells[len(headers) :]):
            what = message("there are cells beyond the last header ({count} columns)", count=len(headers))
            faults.append(Fault(blank.where(line), what))
        padded = (cells + [None] * len(headers))[: len(headers)]
        rows.append(Row(line, padded))
    if len(rows) > MAX_ROWS:
        what = message("there are {count:,} rows; at most {most:,} are read", count=len(rows), most=MAX_ROWS)
        faults = [Fault(blank.path.name, what)]
    if faults:
        raise FaultyInput(faults)
    titles = [(line, text) for line, cells in lines[: heads[0]] for text in map(plain_text, cells) if text]
    return replace(blank, headers=tuple(headers), rows=tuple(rows), header_line=header_line, titles=tuple(titles))


def _some(places: Sequence[str], most: int = 10) -> Joined:
    return joined([*places[:most], *("…" for _ in places[most : most + 1])])


def _quoted(sheets: Iterable[Any]) -> Joined:
    return joined([message("'{name}'", name=sheet.title) for sheet in sheets])


def _faulty(path: Path, what: str) -> FaultyInput:
    return FaultyInput([Fault(path.name, what)])
