"""Reading the one table of a file (xlsx, xls, ods, WPS's et, csv, a page called .xls); what cells mean is for others.

Whatever is wrong with a file gets a sentence: a password, too large, a zip bomb, neither UTF-8 nor GBK, a workbook with
two tables. Nothing in a file is ever run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ..base.faults import Fault, FaultyInput
from ..base.garbage_collector import no_collection
from ..base.messages import Joined, Message, joined, message
from .delimited_text import text_cells
from .file_kind import content_of, kind_of, misnamed, refused
from .form_notes import hidden_notes
from .form_rows import FormRows
from .header_rows import find_headers, second_table
from .html_table import html_sheets
from .merged_cells import about_merged, fill_merged
from .printed_sums import check_sums
from .sheet_cells import Place, SheetCells
from .table import HEADER_WITHIN, MAX_ROWS, ExpectedColumns, Table, column_letter
from .workbook_sheets import WorkbookFile


@no_collection()
def read_table(path: Path, expected: ExpectedColumns) -> Table:
    """Read the one table of a file.

    Args:
        path: an .xlsx, .xlsm, .xls, .et, .ods or .csv of at most 50 MB; what it holds is told from its content.
        expected: what makes the rows of headers, which are looked for in the first twenty lines, and an entry.

    Raises:
        FaultyInput: there is no such table, or the file cannot be read.
    """
    content = content_of(path)
    kind = kind_of(path, content)
    notes = misnamed(path, kind)
    if kind == "text":
        sheet, of_text = text_cells(path, content, expected)
        notes += of_text
        if find_headers(sheet, expected) is None:
            raise refused(path, _no_headers(bool(sheet.lines)))
    elif kind == "html":
        sheet = _one_of(path, html_sheets(path, content), expected, notes)
    else:
        sheet = _sheet_of(path, WorkbookFile(path, content, kind), expected, notes)
    return _table(path, sheet, expected, notes)


def _sheet_of(path: Path, book: WorkbookFile, expected: ExpectedColumns, notes: list[Fault]) -> SheetCells:
    """The sheet of a workbook that holds the table; hidden ones that hold one too are noted."""
    too_large: list[Fault] = []
    found: dict[bool, list[SheetCells]] = {True: [], False: []}
    for is_visible, names in ((True, book.visible), (False, book.hidden)):
        for name in names:
            try:
                sheet = book.cells(name)
            except FaultyInput as error:
                too_large += error.faults
                continue
            if find_headers(sheet, expected) is not None:
                found[is_visible].append(sheet)
    if not found[True]:
        if too_large:
            raise FaultyInput(too_large)
        if found[False]:
            name = found[False][0].name
            raise refused(path, message("the table stands on a hidden sheet ('{sheet}'); make it visible", sheet=name))
        what = message(
            "no sheet ({sheets}) has a row with the headers that are needed in its first {rows} rows;"
            " 'changji-sim template' makes an empty workbook",
            sheets=_quoted(book.visible),
            rows=HEADER_WITHIN,
        )
        raise refused(path, what)
    unread = [message("the hidden sheet '{sheet}' was not read", sheet=sheet.name) for sheet in found[False]]
    notes += [Fault(path.name, what, is_warning=True) for what in unread]
    return _one_of(path, found[True], expected, notes)


def _one_of(path: Path, sheets: list[SheetCells], expected: ExpectedColumns, notes: list[Fault]) -> SheetCells:
    """The one sheet with a table; where several have headers, the one of them that holds entries, which is noted."""
    having = [sheet for sheet in sheets if find_headers(sheet, expected) is not None]
    if not having:
        raise refused(path, _no_headers(bool(sheets)))
    if len(having) == 1:
        return having[0]
    filled = [sheet for sheet in having if _has_entries(path, sheet, expected)]
    if len(filled) > 1:
        what = message(
            "several sheets hold such a table ({sheets}); hide those that are not meant (right click on the tab > "
            "隐藏), for hidden ones are not read, or keep one a file",
            sheets=_quoted([sheet.name for sheet in filled]),
        )
        raise refused(path, what)
    chosen = filled[0] if filled else having[0]
    others = _quoted([sheet.name for sheet in having if sheet is not chosen])
    what = message("sheets with headers and nothing below were not read: {sheets}", sheets=others)
    notes.append(Fault(path.name, what, is_warning=True))
    return chosen


def _has_entries(path: Path, sheet: SheetCells, expected: ExpectedColumns) -> bool:
    table = _table(path, sheet, expected, [])
    return bool(table.rows or table.faults)


def _table(path: Path, sheet: SheetCells, expected: ExpectedColumns, notes: list[Fault]) -> Table:
    """The table of a sheet that has one."""
    found = find_headers(sheet, expected)
    assert found is not None  # the sheet was chosen by its headers
    header_line, start = sheet.lines[found.last][0], found.last + 1
    table = Table(path, sheet.name, found.headers, (), header_line, is_1904=sheet.is_1904)
    second = second_table(found.headers, expected)
    if second is not None:
        what = message("a second table stands beside the first; keep one table a sheet")
        table = replace(table, faults=(Fault(table.where(header_line, second), what),))
        table = replace(table, headers=found.headers[: second - 1])
        sheet = replace(sheet, lines=[(line, cells[: second - 1]) for line, cells in sheet.lines])
    filled = fill_merged(table, sheet, start)
    form = FormRows(table, sheet, _names(table, expected), expected)
    form.read(start)
    if len(form.rows) > MAX_ROWS:
        what = message("there are {count:,} rows; at most {most:,} are read", count=len(form.rows), most=MAX_ROWS)
        raise refused(path, what)
    lines = {row.line for row in form.rows}
    merged = list(about_merged(table, sheet, filled, form.name_at, lines))
    notes += [fault for fault in merged if fault.is_warning]
    formulas = [place for place in sheet.marks.formulas if place.line in lines and place.column < len(table.headers)]
    notes += _about_formulas(table, formulas)
    notes += hidden_notes(form.rows, sheet.marks, table.headers, form.name_at, table.where)
    notes += check_sums(form.sums, form.rows, form.withdrawn, table.headers, table.where)
    notes += form.notes.warnings()
    faults = [fault for fault in (*table.faults, *merged, *form.faults) if not fault.is_warning]
    has_all = set(expected.identifying) <= set(form.name_at.values())
    if notes and has_all and not form.rows and len(sheet.lines) > start:
        faults.append(
            Fault(table.file, message("every row was left out: {why}", why=joined(_sentences(notes), "；", "; ")))
        )
    titles = (*found.titles, *form.texts)
    return replace(table, rows=tuple(form.rows), titles=titles, notes=tuple(notes), faults=tuple(faults))


def _sentences(notes: Iterable[Fault]) -> list[str]:
    return list(dict.fromkeys(note.what for note in notes))


def _names(table: Table, expected: ExpectedColumns) -> dict[int, str]:
    """The known name of each column that has one."""
    named = {n: expected.name_of(header) for n, header in enumerate(table.headers) if header}
    return {n: name for n, name in named.items() if name is not None}


def _about_formulas(table: Table, places: list[Place]) -> list[Fault]:
    if not places:
        return []
    cells = [f"{column_letter(place.column)}{place.line}" for place in places]
    what = message(
        "cells with a formula: {count} ({cells}); the values last saved with the file were taken",
        count=len(cells),
        cells=joined([*cells[:10], *("…" for _ in cells[10:11])]),
    )
    return [Fault(table.file, what, is_warning=True)]


def _no_headers(is_filled: bool) -> Message:
    first = (
        message("the first rows hold none of the headers that are needed")
        if is_filled
        else message("the file is empty")
    )
    return message("{what}; 'changji-sim template' makes an empty workbook", what=first)


def _quoted(names: Iterable[str]) -> Joined:
    return joined([message("'{name}'", name=name) for name in names])
