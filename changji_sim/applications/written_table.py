"""Writing tables for people: whole or not at all, the same bytes for the same table, and never a formula."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from ..base.files import write_whole
from ..base.text_width import lines_in

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
AMOUNT = "#,##0.0000"  # 万元 to the yuan
LINE = 15.0  # height of a line, points
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
    return csv_table(headers, rows) if is_csv else _xlsx_bytes(headers, rows, sheet)


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
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(title)
    for n, header in enumerate(headers, 1):
        put_text(sheet.cell(1, n), header).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    return with_rows(book, {sheet.title: Rows(rows)})


def sheet_name(title: str) -> str:
    """A title as a sheet may be named."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "申报"


@dataclass(frozen=True)
class Rows:
    """Rows below the headers of a sheet.

    Args:
        looks: the columns, from 0, whose cells are not as they come: ``amount`` (万元) or ``wrapped`` text.
        widths: of the columns of wrapped text, in digits; a row grows with what stands in them.
    """

    rows: Iterable[Sequence[Any]]
    looks: Mapping[int, str] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)


_SAMPLES = (datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1, 12), datetime.time(12))
_STYLE_OF = ("formula-like text", datetime.date, datetime.datetime, datetime.time, "amount", "wrapped")
_SAMPLE_ROW = re.compile(rb"<row r=\"2\".*?</row>", re.DOTALL)
_DIMENSION = re.compile(rb"<dimension[^>]*/>")


def with_rows(book: Workbook, tables: Mapping[str, Rows]) -> bytes:
    """The bytes of a workbook by openpyxl, with rows put in as XML below the headers in the first row of sheets, by
    their names: openpyxl takes five times as long for each cell.
    """
    for name in tables:
        _put_samples(book[name])
    parts = {f"xl/worksheets/sheet{book.sheetnames.index(name) + 1}.xml": rows for name, rows in tables.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_bytes(book))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            content = source.read(info)
            if info.filename in parts:
                content = _filled(content, parts[info.filename])
            target.writestr(zipfile.ZipInfo(info.filename, _STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _put_samples(sheet: Worksheet) -> None:
    """A row of samples, so that the workbook has the styles of the rows."""
    put_text(sheet.cell(2, 1), "=")
    for n, sample in enumerate(_SAMPLES, 2):
        sheet.cell(2, n, sample)
    sheet.cell(2, len(_SAMPLES) + 2, 0.5).number_format = AMOUNT
    sheet.cell(2, len(_SAMPLES) + 3, "…").alignment = Alignment(wrap_text=True, vertical="top", indent=1)


def _filled(sheet: bytes, table: Rows) -> bytes:
    """The XML of a sheet with the rows in the place of its row of samples."""
    (samples,) = _SAMPLE_ROW.findall(sheet)
    styles = (style.decode() for style in re.findall(rb"<c[^>]* s=\"(\d+)\"", samples))
    writer = _RowWriter(dict(zip(_STYLE_OF, styles, strict=True)), table)
    written = "".join(writer.row(line, row) for line, row in enumerate(table.rows, 2)).encode()
    return _DIMENSION.sub(b"", sheet).replace(samples, written)


class _RowWriter:
    """Rows as the XML of a workbook."""

    def __init__(self, styles: Mapping[Any, str], table: Rows):
        self.styles, self.looks = styles, table.looks
        self.wrapped = {n: wide for n, wide in table.widths.items() if table.looks.get(n) == "wrapped"}
        self.letters: list[str] = []

    def row(self, line: int, values: Sequence[Any]) -> str:
        while len(self.letters) < len(values):
            self.letters.append(get_column_letter(len(self.letters) + 1))
        cells = [
            self._cell(f"{letter}{line}", value, self.looks.get(n, ""))
            for n, (letter, value) in enumerate(zip(self.letters, values, strict=False))
            if value is not None and value != ""
        ]
        return f'<row r="{line}"{self._height(values)}>{"".join(cells)}</row>'

    def _height(self, values: Sequence[Any]) -> str:
        """The height of a row whose texts wrap: programs that open it do not all work it out."""
        lines = max((lines_in(str(values[n]), wide) for n, wide in self.wrapped.items() if values[n]), default=1)
        return f' ht="{lines * LINE}" customHeight="1"' if lines > 1 else ""

    def _cell(self, place: str, value: Any, look: str) -> str:
        if isinstance(value, str):
            return self._text(place, value, look)
        if isinstance(value, bool | np.bool_):
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        if isinstance(value, int | np.integer):
            return f'<c r="{place}"><v>{int(value)}</v></c>'
        if isinstance(value, float):
            style = f' s="{self.styles[look]}"' if look == "amount" else ""
            return f'<c r="{place}"{style}><v>{float(value)!r}</v></c>' if math.isfinite(value) else ""
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            value = value.date()
        kind = next((kind for kind in _STYLE_OF[3:0:-1] if isinstance(value, kind)), None)
        if kind is None:
            return self._text(place, str(value))
        return f'<c r="{place}" s="{self.styles[kind]}"><v>{float(to_excel(value))!r}</v></c>'

    def _text(self, place: str, text: str, look: str = "") -> str:
        look = _STYLE_OF[0] if text.startswith(FORMULA_STARTS) else look if look == "wrapped" else ""
        style = f' s="{self.styles[look]}"' if look else ""
        shown = escape(ILLEGAL_CHARACTERS_RE.sub("", text))
        return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def csv_table(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as .csv: UTF-8 with a mark, so that Excel reads it; text that looks like a formula is marked as text."""
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
