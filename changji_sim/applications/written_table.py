"""Writing tables for people: whole or not at all, the same bytes for the same table, and never a formula."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from ..base.files import write_whole

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_STAMP = (2026, 1, 1, 0, 0, 0)  # a fixed time in every workbook: the same table gives the same bytes
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")


def write_table(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str) -> None:
    """Write a table as .csv (UTF-8 with a mark, so that Excel reads it) or .xlsx, by the suffix of ``path``.

    Raises:
        FaultyInput: it cannot be written.
    """
    is_csv = path.suffix.lower() == ".csv"
    write_whole(path, _csv_bytes(headers, rows) if is_csv else _xlsx_bytes(headers, rows, sheet))


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
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "申报")
    sheet.freeze_panes = "A2"
    head = [put_text(WriteOnlyCell(sheet), header) for header in headers]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    return workbook_bytes(book)


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        return put_text(WriteOnlyCell(sheet), value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if value is None or isinstance(value, (bool, int, datetime.datetime, datetime.date, datetime.time)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return put_text(WriteOnlyCell(sheet), str(value))


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
