"""Writing tables for people: whole or not at all, the same bytes for the same table, and never a formula."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from ..base.files import write_whole

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_STAMP = (2026, 1, 1, 0, 0, 0)  # a fixed time in every workbook: the same table gives the same bytes
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")


def write_table(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str) -> None:
    """Write a table as .csv (UTF-8 with a mark, so that Excel reads it) or .xlsx, by the suffix of ``path``.

    Raises:
        FaultyInput: it cannot be written.
    """
    write_whole(path, table_bytes(path, headers, rows, sheet))


def table_bytes(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str) -> bytes:
    """The bytes of such a file."""
    is_csv = path.suffix.lower() == ".csv"
    return _csv_bytes(headers, rows) if is_csv else _xlsx_bytes(headers, rows, sheet)


def workbook_bytes(book: Workbook) -> bytes:
    """A workbook as bytes that depend on its cells alone, not on the hour it is saved at."""
    book.properties.created = datetime.datetime(*_STAMP)
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(info.filename, _STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def put_text(cell: Cell, text: str) -> Cell:
    """Put a text into a cell as text, whatever it begins with; characters that no workbook can hold are left out."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def _xlsx_bytes(headers: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """A workbook by openpyxl whose rows are put in as XML: openpyxl takes five times as long for each cell."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "申报")
    sheet.freeze_panes = "A2"
    head = [put_text(WriteOnlyCell(sheet), header) for header in headers]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    sheet.append([put_text(WriteOnlyCell(sheet), "="), *_SAMPLES])  # so that the workbook has the styles of the rows
    return _with_rows(workbook_bytes(book), rows)


_SAMPLES = (datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1, 12), datetime.time(12))
_STYLE_OF = ("formula-like text", datetime.date, datetime.datetime, datetime.time)
_SAMPLE_ROW = re.compile(rb"<row r=\"2\".*?</row>", re.DOTALL)


def _with_rows(book: bytes, rows: Iterable[Sequence[Any]]) -> bytes:
    """The workbook with the rows in the place of its row of samples."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                (samples,) = _SAMPLE_ROW.findall(content)
                styles = re.findall(rb"<c[^>]* s=\"(\d+)\"", samples)
                writer = _RowWriter(dict(zip(_STYLE_OF, (style.decode() for style in styles), strict=True)))
                written = "".join(writer.row(line, row) for line, row in enumerate(rows, 2)).encode()
                content = content.replace(samples, written)
            target.writestr(zipfile.ZipInfo(info.filename, _STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _RowWriter:
    """Rows as the XML of a workbook."""

    def __init__(self, styles: Mapping[Any, str]):
        self.styles = styles
        self.letters: list[str] = []

    def row(self, line: int, values: Sequence[Any]) -> str:
        while len(self.letters) < len(values):
            self.letters.append(get_column_letter(len(self.letters) + 1))
        cells = [
            self._cell(f"{letter}{line}", value)
            for letter, value in zip(self.letters, values, strict=False)
            if value is not None and value != ""
        ]
        return f'<row r="{line}">{"".join(cells)}</row>'

    def _cell(self, place: str, value: Any) -> str:
        if isinstance(value, str):
            return self._text(place, value)
        if isinstance(value, bool | np.bool_):
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, int | np.integer):
            return f'<c r="{place}"><v>{int(value)}</v></c>'
        if isinstance(value, float):
            return f'<c r="{place}"><v>{float(value)!r}</v></c>' if math.isfinite(value) else ""
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            value = value.date()
        kind = next((kind for kind in _STYLE_OF[:0:-1] if isinstance(value, kind)), None)
        if kind is None:
            return self._text(place, str(value))
        return f'<c r="{place}" s="{self.styles[kind]}"><v>{float(to_excel(value))!r}</v></c>'

    def _text(self, place: str, text: str) -> str:
        style = f' s="{self.styles[_STYLE_OF[0]]}"' if text.startswith(FORMULA_STARTS) else ""
        shown = escape(ILLEGAL_CHARACTERS_RE.sub("", text))
        return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_csv_cell(header) for header in headers])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(value: Any) -> str:
    if isinstance(value, str):
        # a program that opens a csv takes such a text for a formula; a plain number cannot be one
        return f"'{value}" if value.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(value) else value
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.12g}" if abs(value) < 1e11 else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)
