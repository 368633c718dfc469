"""Files of tables that tests make: the same rows as a workbook of each kind, as a web page, as text."""

from __future__ import annotations

import datetime
import html
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.styles import Font

from changji_sim.tables.read_table import read_table
from changji_sim.tables.table import ExpectedColumns

HEAD = ["申报编号", "支持方向", "申报单位", "申报日期", "申请金额（万元）"]
NAMES = dict(zip(HEAD, ("application_id", "item", "applicant", "submitted", "requested_wan"), strict=True))
NAMES |= {"项目总投资（万元）": "total_investment_wan"}
EXPECTED = ExpectedColumns(
    NAMES.get,
    ("application_id", "item", "applicant", "submitted"),
    entry=("applicant", "submitted"),
    printed=("application_id", "item"),
)
KINDS = (".xlsx", ".xls", ".et", ".ods", ".csv", ".html.xls")


def entry(n, amount=5, item="科技交流活动", day="2026-03-01"):
    """The n-th application, of a firm of its own."""
    return [f"A{n}", item, f"第{n}公司", day, amount]


def table_of(path):
    """The table of a file of applications."""
    return read_table(path, EXPECTED)


def read_of(path):
    """The ids and amounts of a file's entries, all as text, and what is warned of."""
    table = table_of(path)
    rows = [(str(row.cells[0]), f"{float(row.cells[4]):g}") for row in table.rows]
    return rows, [str(note) for note in table.notes]


def made(folder: Path, rows, kind=".xlsx", *, name="a", hidden=(), struck=(), merged=()):
    """A file of one table.

    Args:
        rows: lists of cells, from line 1 on.
        kind: one of `KINDS`.
        hidden, struck: lines.
        merged: ``(first line, first column, last line, last column)``, all from 1.
    """
    path = folder / f"{name}{kind}"
    writers = {".xlsx": _xlsx, ".xls": _xls, ".et": _xls, ".ods": _ods, ".csv": _csv, ".html.xls": _html}
    writers[kind](path, rows, set(hidden), set(struck), list(merged))
    return path


def _xlsx(path, rows, hidden, struck, merged):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "申报"
    for row in rows:
        sheet.append(row)
    for line in hidden:
        sheet.row_dimensions[line].hidden = True
    for line in struck:
        for cell in sheet[line]:
            cell.font = Font(strike=True)
    for first, left, last, right in merged:
        sheet.merge_cells(start_row=first, start_column=left, end_row=last, end_column=right)
    book.save(path)


def _xls(path, rows, hidden, struck, merged):
    book = xlwt.Workbook()
    sheet = book.add_sheet("申报")
    spans = {(first, left): (last, right) for first, left, last, right in merged}
    covered = {
        (line, column)
        for first, left, last, right in merged
        for line in range(first, last + 1)
        for column in range(left, right + 1)
    } - set(spans)
    for line, row in enumerate(rows, 1):
        font = "font: struck_out on" if line in struck else ""
        plain, of_day = xlwt.easyxf(font), xlwt.easyxf(font, num_format_str="yyyy-mm-dd")
        for column, cell in enumerate(row, 1):
            style = of_day if isinstance(cell, datetime.date) else plain
            if (line, column) in spans:
                last, right = spans[line, column]
                sheet.write_merge(line - 1, last - 1, column - 1, right - 1, cell, style)
            elif cell is not None and (line, column) not in covered:
                sheet.write(line - 1, column - 1, cell, style)
        if line in hidden:
            sheet.row(line - 1).hidden = True
    book.save(str(path))


ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:automatic-styles>'
    '<style:style style:name="gone" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    '<office:body><office:spreadsheet><table:table table:name="申报">'
)
ODS_TAIL = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def _ods(path, rows, hidden, struck, merged):
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in merged}
    lines = []
    for line, row in enumerate(rows, 1):
        cells = "".join(
            _ods_cell(cell, line in struck, spans.get((line, column), (1, 1))) for column, cell in enumerate(row, 1)
        )
        seen = ' table:visibility="filter"' if line in hidden else ""
        lines.append(f"<table:table-row{seen}>{cells or '<table:table-cell/>'}</table:table-row>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS_HEAD + "".join(lines) + ODS_TAIL)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


def _ods_cell(cell, is_struck, span):
    given = ' table:style-name="gone"' if is_struck else ""
    if span != (1, 1):
        given += f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    if cell is None:
        return f"<table:table-cell{given}/>"
    if isinstance(cell, (int, float)):
        return f'<table:table-cell{given} office:value-type="float" office:value="{cell}"/>'
    if isinstance(cell, datetime.date):
        return f'<table:table-cell{given} office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    return f'<table:table-cell{given} office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def _csv(path, rows, hidden, struck, merged):
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    path.write_text(text, encoding="utf-8-sig")


def _html(path, rows, hidden, struck, merged):
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in merged}
    covered = {
        (line, column)
        for first, left, last, right in merged
        for line in range(first, last + 1)
        for column in range(left, right + 1)
    } - set(spans)
    lines = []
    for line, row in enumerate(rows, 1):
        cells = []
        for column, cell in enumerate(row, 1):
            if (line, column) in covered:
                continue
            high, wide = spans.get((line, column), (1, 1))
            style = ' style="text-decoration:line-through"' if line in struck else ""
            shown = html.escape("" if cell is None else str(cell))
            cells.append(f'<td rowspan="{high}" colspan="{wide}"{style}>{shown}</td>')
        seen = ' style="display:none"' if line in hidden else ""
        lines.append(f"<tr{seen}>{''.join(cells)}</tr>")
    page = f'<html><head><meta charset="gb2312"></head><body><table>{"".join(lines)}</table></body></html>'
    path.write_bytes(page.encode("gb18030"))
