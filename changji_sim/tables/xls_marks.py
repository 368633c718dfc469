"""What an older workbook (.xls, WPS's .et) says of cells beside their values: errors, formats, hidden lines."""

from __future__ import annotations

from typing import Any

from .sheet_cells import Block, Marks, Place

EMPTY, TEXT, ERROR, BLANK = 0, 1, 4 + 1, 6  # xlrd's kinds of cells


def xls_marks(content: bytes) -> dict[str, Marks]:
    """The marks of every sheet, by its name.

    Formulas are not among them: their values alone are read.
    """
    import xlrd  # here, because few files need it

    book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=_Nowhere())
    return {sheet.name: _marks_of(book, sheet) for sheet in book.sheets()}


class _Nowhere:
    """Takes what xlrd prints of odd files."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is kept."""


def _left_of(book: Any, sheet: Any, row: int, column: int) -> str | None:
    """What is left of a text of which a part is struck out, ``""`` for nothing; None where no part is."""
    runs = sheet.rich_text_runlist_map.get((row, column))
    if not runs:
        return None
    text = sheet.cell_value(row, column)
    ends = [*(start for start, _ in runs[1:]), len(text)]
    struck = [(start, end) for (start, font), end in zip(runs, ends, strict=True) if book.font_list[font].struck_out]
    if not struck:
        return None
    return "".join(c for n, c in enumerate(text) if not any(a <= n < b for a, b in struck)).strip()


def _marks_of(book: Any, sheet: Any) -> Marks:
    from xlrd.biffh import error_text_from_code

    marks = Marks()
    codes = [book.format_map[style.format_key].format_str for style in book.xf_list]
    strikes = [bool(book.font_list[style.font_index].struck_out) for style in book.xf_list]
    for line in range(1, sheet.nrows + 1):
        kinds, styles = sheet.row_types(line - 1), sheet._cell_xf_indexes[line - 1]
        full = [n for n, kind in enumerate(kinds) if kind not in (EMPTY, BLANK)]
        if not full:
            continue
        marks.filled += 1
        marks.lowest = Place(line, full[0])
        if full[-1] > marks.rightmost.column or not marks.rightmost.line:
            marks.rightmost = Place(line, full[-1])
        formats = {n: codes[styles[n]] for n in full if kinds[n] != TEXT and codes[styles[n]] not in ("General", "")}
        if formats:
            marks.formats[line] = formats
        left = {n: text for n in full if kinds[n] == TEXT and (text := _left_of(book, sheet, line - 1, n)) is not None}
        marks.part_struck += [Place(line, n) for n, text in left.items() if text]
        marks.values.update({Place(line, n): text for n, text in left.items() if text})
        struck = [Place(line, n) for n in full if strikes[styles[n]] or left.get(n) == ""]
        if len(struck) == len(full):
            marks.struck.add(line)
        else:
            marks.partly_struck += struck
        for n in full:
            if kinds[n] == ERROR:
                marks.values[Place(line, n)] = error_text_from_code.get(sheet.cell_value(line - 1, n), "#VALUE!")
    marks.hidden = {n + 1 for n, row in sheet.rowinfo_map.items() if row.hidden or row.height == 0}
    marks.hidden_columns = {n for n, column in sheet.colinfo_map.items() if column.hidden}
    marks.merged = [Block(Place(a + 1, c), Place(b, d - 1)) for a, b, c, d in sheet.merged_cells]
    return marks
