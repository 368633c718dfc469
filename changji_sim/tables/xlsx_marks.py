"""What the XML of a workbook (.xlsx) says of cells beside their values: errors, formulas, formats, hidden lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .rich_text import StruckTexts
from .sheet_cells import Block, Marks, Place
from .table import NOT_CALCULATED, column_letter
from .xlsx_xml import parse

# Numbers of formats without a code of their own; 27 to 58 are those of a Chinese Excel.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
TRUE = ("1", "true")
NO_SIZE = ("0", "0.0")  # what is drawn to nothing is hidden, too
LOOKED_AT = (b"<f", b":f", b'"e"', b"'e'")  # there may be a formula or an error
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
    """

    formats: dict[int, str] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)


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


def xlsx_marks(xml: bytes, styles: Styles, texts: StruckTexts) -> Marks:
    """The marks of one sheet, from its part of the workbook.

    Args:
        texts: what is left of texts with a part struck out.

    Raises:
        ValueError: it is no XML.
    """
    reader = _SheetReader(styles, texts)
    is_shown = bool(texts.shared) or any(sign in xml for sign in LOOKED_AT)  # characters cost a call each
    parse(xml, reader.start, text=reader.text if is_shown else None)
    reader.end_row()
    return reader.marks


class _SheetReader:
    """Goes through the elements of a sheet once; of a cell no more is done at first than to keep its attributes."""

    def __init__(self, styles: Styles, texts: StruckTexts):
        self.texts = texts if any(texts) else None
        self.formats = {str(style): code for style, code in styles.formats.items()}
        self.struck = {str(style) for style in styles.struck}
        self.marks = Marks()
        self.prefix = ""
        self.cell_name, self.value_name, self.text_name, self.part_name = "c", "v", "is", "t"
        self.line = 0
        self.column = -1  # of the last cell, where a file gives no references
        self.cell: dict[str, str] = {}
        self.full: list[dict[str, str]] = []  # cells of this line that hold something
        self.is_in_value = False
        self.kept: dict[tuple[str, ...], dict[int, str]] = {}  # lines formatted alike share their formats
        self.columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.is_in_value = False
        if name == self.cell_name:
            self.cell = attributes
            if "r" not in attributes:
                self._count(attributes)
        elif name == self.value_name or name == self.text_name:
            self.full.append(self.cell)
            self.is_in_value = True
        elif name != self.part_name:
            self._start_other(name.removeprefix(self.prefix), attributes)

    def text(self, characters: str) -> None:
        if self.is_in_value:
            self.cell["shown"] = self.cell.get("shown", "") + characters

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.end_row()
            self.line, self.column = int(attributes.get("r", self.line + 1)), -1
            if attributes.get("hidden") in TRUE or attributes.get("ht") in NO_SIZE:
                self.marks.hidden.add(self.line)
        elif name == "f":
            self.cell["formula"] = name
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            if last:
                self.marks.merged.append(Block(place_of(first), place_of(last)))
        elif name == "col" and (attributes.get("hidden") in TRUE or attributes.get("width") in NO_SIZE):
            first, last = attributes.get("min", "1"), attributes.get("max", "1")
            self.marks.hidden_columns.update(range(int(first) - 1, min(int(last), 16_384)))
        elif name.endswith("worksheet"):
            self.prefix = name.removesuffix("worksheet")
            names = (self.prefix + part for part in ("c", "v", "is", "t"))
            self.cell_name, self.value_name, self.text_name, self.part_name = names

    def _count(self, attributes: dict[str, str]) -> None:
        self.column += 1
        attributes["r"] = f"{column_letter(self.column)}{self.line}"

    def _column(self, cell: dict[str, str]) -> int:
        letters = cell["r"].rstrip("0123456789")
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_of(letters)
        return column

    def end_row(self) -> None:
        """Work out the marks of the line whose cells were kept."""
        if not self.full:
            return
        marks = self.marks
        marks.filled += 1
        last = Place(self.line, self._column(self.full[-1]))
        marks.lowest = max(marks.lowest, last)
        if last.column > marks.rightmost.column or not marks.rightmost.line:
            marks.rightmost = last
        formatted, struck = [], []
        for cell in self.full:
            style = cell.get("s", "0")
            if style in self.formats and cell.get("t", "n") in ("n", "d"):
                formatted += [cell["r"].rstrip("0123456789"), style]
            if style in self.struck or (self.texts is not None and self._is_left_nothing(cell)):
                struck.append(cell)
            if "formula" in cell or cell.get("t") == "e":
                self._look_again(cell)
        if formatted:
            self._keep_formats(tuple(formatted))
        if struck and len(struck) == len(self.full):
            marks.struck.add(self.line)
        else:
            marks.partly_struck += [Place(self.line, self._column(cell)) for cell in struck]
        self.full = []

    def _keep_formats(self, formatted: tuple[str, ...]) -> None:
        formats = self.kept.get(formatted)
        if formats is None:
            columns = (column_of(letters) for letters in formatted[::2])
            codes = (self.formats[style] for style in formatted[1::2])
            formats = self.kept[formatted] = dict(zip(columns, codes, strict=True))
        self.marks.formats[self.line] = formats

    def _is_left_nothing(self, cell: dict[str, str]) -> bool:
        """Whether all of a text is struck out; where a part is, what is left of it is kept."""
        assert self.texts is not None
        kind = cell.get("t")
        left = self.texts.shared.get(cell.get("shown", "").strip()) if kind == "s" else None
        left = self.texts.inline.get(cell["r"]) if kind == "inlineStr" else left
        if left is None:
            return False
        if left.strip():
            place = Place(self.line, self._column(cell))
            self.marks.values[place] = left
            self.marks.part_struck.append(place)
        return not left.strip()

    def _look_again(self, cell: dict[str, str]) -> None:
        """Errors and formulas, which calamine gives as nothing."""
        place, kind, shown = Place(self.line, self._column(cell)), cell.get("t", "n"), cell.get("shown", "").strip()
        if kind == "e":
            self.marks.values[place] = shown or "#VALUE!"
        elif "formula" in cell and not shown and kind != "str":
            self.marks.values[place] = NOT_CALCULATED
        elif "formula" in cell:
            self.marks.formulas.append(place)


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
