"""What the XML of a workbook (.xlsx) says of cells beside their values: errors, formulas, formats, hidden lines.

Read with expat, by local names: other prefixes, the strict form of the standard and styles that a library refuses make
no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from .sheet_cells import Block, Marks, Place, day_of_serial
from .table import NOT_CALCULATED

# Numbers of formats without a code of their own. 27 to 58 are days in a Chinese Excel, and plain numbers elsewhere.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
CHINESE_DAYS = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **dict.fromkeys((32, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 56), 'h"时"mm"分"ss"秒"'),
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
}  # fmt: skip


@dataclass
class Styles:
    """What a cell's style number means.

    Args:
        formats: the number format of each style but the general one.
        struck: styles whose font is struck out.
        chinese_days: styles that show a day only in a Chinese Excel.
    """

    formats: dict[int, str] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)
    chinese_days: set[int] = field(default_factory=set)


def xlsx_styles(xml: bytes) -> Styles:
    """The styles of a workbook, from ``xl/styles.xml``; as many as can be read."""
    codes: dict[int, str] = {}
    fonts: list[bool] = []
    styles, count = Styles(), 0
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        name = name.rpartition(":")[2]
        above = path[-1] if path else ""
        path.append(name)
        if name == "numFmt" and above == "numFmts":
            codes[int(attributes.get("numFmtId", -1))] = attributes.get("formatCode", "")
        elif name == "font" and above == "fonts":
            fonts.append(False)
        elif name == "strike" and above == "font" and len(path) > 2 and path[-3] == "fonts":
            fonts[-1] = attributes.get("val", "1") not in ("0", "false")
        elif name == "xf" and above == "cellXfs":
            _add_style(styles, count, int(attributes.get("numFmtId", 0)), codes)
            font = int(attributes.get("fontId", 0))
            if font < len(fonts) and fonts[font]:
                styles.struck.add(count)
            count += 1

    parse(xml, start, lambda _: path.pop())
    return styles


def _add_style(styles: Styles, style: int, number: int, codes: Mapping[int, str]) -> None:
    code = codes.get(number) or BUILT_IN.get(number) or CHINESE_DAYS.get(number, "")
    if code and code != "General":
        styles.formats[style] = code
    if number in CHINESE_DAYS and number not in codes:
        styles.chinese_days.add(style)


def xlsx_marks(xml: bytes, styles: Styles, is_1904: bool) -> Marks:
    """The marks of one sheet, from its part of the workbook."""
    reader = _SheetReader(styles, is_1904)
    parse(xml, reader.start, reader.end, reader.text)
    return reader.marks


def parse(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], Any] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Hand every element of an XML file to ``start`` and ``end``, its characters to ``text``.

    Raises:
        ValueError: it is no XML, or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None


def _refuse_document_type(*_: Any) -> None:
    raise ValueError("a document type is declared")


class _SheetReader:
    """Goes through the elements of a sheet once, a cell at a time."""

    def __init__(self, styles: Styles, is_1904: bool):
        self.styles, self.is_1904 = styles, is_1904
        self.marks = Marks()
        self.line, self.column, self.prefix = 0, -1, ""
        self.style, self.kind = 0, ""
        self.is_full = self.has_formula = self.is_in_value = False
        self.shown = ""  # the characters of a value that is looked at
        self.width = self.full_cells = 0  # of this line
        self.struck: list[Place] = []
        self.formats: dict[int, str] = {}
        self.kept: dict[tuple[tuple[int, str], ...], Mapping[int, str]] = {}  # lines formatted alike share theirs
        self.columns: dict[str, int] = {}
        self.is_plain = not (styles.formats or styles.struck)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" or (self.prefix and name == self.prefix + "c"):
            self._start_cell(attributes)
        elif name.endswith("v") and name == self.prefix + "v":
            self.is_full = True
            self.is_in_value = self.kind == "e" or self.has_formula or self.style in self.styles.chinese_days
        elif name == self.prefix + "is":
            self.is_full = True
        elif name == self.prefix + "f":
            self.has_formula = True
        elif name == self.prefix + "row":
            self._start_row(attributes)
        elif name.endswith("worksheet"):
            self.prefix = name.removesuffix("worksheet")
        elif name == self.prefix + "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == self.prefix + "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.marks.hidden_columns.update(range(first - 1, min(last, 16_384)))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self.line = int(attributes.get("r", self.line + 1))
        self.column, self.full_cells = -1, 0
        if attributes.get("hidden") in ("1", "true"):
            self.marks.hidden.add(self.line)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            letters = place.rstrip("0123456789")
            column = self.columns.get(letters)
            self.column = self.columns[letters] = column_of(letters) if column is None else column
        self.kind = attributes.get("t", "")
        self.style = int(attributes.get("s", 0))
        self.is_full = self.has_formula = False
        self.shown = ""

    def text(self, characters: str) -> None:
        if self.is_in_value:
            self.shown += characters

    def end(self, name: str) -> None:
        if name == self.prefix + "v":
            self.is_in_value = False
        elif name == self.prefix + "c":
            if self.is_full or self.has_formula:
                self._end_cell()
        elif name == self.prefix + "row" and self.full_cells:
            self._end_row()

    def _end_cell(self) -> None:
        place, marks = Place(self.line, self.column), self.marks
        self.full_cells += 1
        if self.column > marks.rightmost.column or not marks.rightmost.line:
            marks.rightmost = place
        if not self.is_plain:
            if self.style in self.styles.formats and self.kind in ("", "n", "d"):
                self.formats[self.column] = self.styles.formats[self.style]
            if self.style in self.styles.struck:
                self.struck.append(place)
        if self.kind == "e":
            marks.values[place] = self.shown or "#VALUE!"
        elif self.has_formula and not self.shown and self.kind != "str":
            marks.values[place] = NOT_CALCULATED
        elif self.has_formula:
            marks.formulas.append(place)
        if self.style in self.styles.chinese_days and self.kind in ("", "n") and self.shown:
            marks.values[place] = day_of_serial(float(self.shown), self.is_1904)

    def _end_row(self) -> None:
        marks = self.marks
        marks.filled += 1
        if self.line >= marks.lowest.line:
            marks.lowest = Place(self.line, self.column)
        if self.formats:
            marks.formats[self.line] = self.kept.setdefault(tuple(self.formats.items()), self.formats)
            self.formats = {}
        if self.struck:
            if len(self.struck) == self.full_cells:
                marks.struck.add(self.line)
            else:
                marks.partly_struck += self.struck
            self.struck = []

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        if last:
            self.marks.merged.append(Block(place_of(first), place_of(last)))


def place_of(ref: str) -> Place:
    """The cell that a reference such as ``AB12`` names."""
    letters = ref.rstrip("0123456789")
    return Place(int(ref[len(letters) :]), column_of(letters))


def column_of(letters: str) -> int:
    """The number of a column, counted from 0, that a workbook calls A, B, … AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
