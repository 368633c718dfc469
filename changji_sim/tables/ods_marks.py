"""What an OpenDocument sheet (.ods) says of cells beside their values: errors, formulas, formats, hidden rows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from .sheet_cells import Block, Marks, Place
from .table import NOT_CALCULATED
from .xlsx_xml import parse

TRUTHS = {"of:=TRUE()": True, "of:=FALSE()": False}  # how LibreOffice keeps the truth values of a workbook
KINDS_OF_STYLE = ("number-style", "percentage-style", "currency-style", "date-style", "time-style")
DATE_PARTS = {"year": "yyyy", "month": "m", "day": "d", "hours": "h", "minutes": "mm", "seconds": "ss"}


@dataclass
class OdsStyles:
    """Number format of each cell style that has one, in the form of Excel's, and the styles that strike out."""

    codes: dict[str, str] = field(default_factory=dict)  # of data styles
    data_style: dict[str, str] = field(default_factory=dict)  # of cell styles
    struck: set[str] = field(default_factory=set)
    struck_texts: set[str] = field(default_factory=set)  # of parts of a text

    def code(self, style: str) -> str:
        """The number format of a cell style; "" for the general one."""
        return self.codes.get(self.data_style.get(style, ""), "")


def ods_marks(content: bytes, styles_part: bytes) -> dict[str, Marks]:
    """The marks of every sheet, by its name.

    Args:
        content, styles_part: the parts ``content.xml`` and ``styles.xml``; the latter may be empty.
    """
    styles = OdsStyles()
    for part in (styles_part, content):
        if part:
            reader = _StyleReader(styles)
            parse(part, reader.start, reader.end, reader.text)
    sheets = _ContentReader(styles)
    parse(content, sheets.start, sheets.end, sheets.text)
    return sheets.marks


def _local(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their local names, OpenDocument's own before extensions of them."""
    ours = {k.rpartition(":")[2]: v for k, v in attributes.items() if k.startswith(("calcext:", "loext:"))}
    return ours | {k.rpartition(":")[2]: v for k, v in attributes.items() if not k.startswith(("calcext:", "loext:"))}


class _StyleReader:
    """Puts data styles together as format codes."""

    def __init__(self, styles: OdsStyles):
        self.styles = styles
        self.data, self.cell, self.text_style, self.is_text = "", "", "", False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name, given = name.rpartition(":")[2], _local(attributes)
        if name in KINDS_OF_STYLE:
            self.data = given.get("name", "")
            self.styles.codes[self.data] = ""
        elif name == "style" and given.get("family") == "table-cell":
            self.cell = given.get("name", "")
            parent = given.get("parent-style-name", "")
            inherited = self.styles.data_style.get(parent, "")
            self.styles.data_style[self.cell] = given.get("data-style-name", inherited)
            if parent in self.styles.struck:
                self.styles.struck.add(self.cell)
        elif name == "style" and given.get("family") == "text":
            self.text_style = given.get("name", "")
        elif name == "text-properties" and self.text_style:
            if given.get("text-line-through-style", "none") != "none":
                self.styles.struck_texts.add(self.text_style)
        elif name == "text-properties" and self.cell:
            if given.get("text-line-through-style", "none") != "none":
                self.styles.struck.add(self.cell)
        elif self.data:
            self.is_text = name in ("text", "embedded-text")
            self._add(_number_code(given) if name == "number" else DATE_PARTS.get(name, ""))

    def text(self, characters: str) -> None:
        if self.data and self.is_text:
            self._add(characters if characters in ("%", "-", "/", ":", " ") else f'"{characters}"')

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in KINDS_OF_STYLE:
            self.data = ""
        elif name == "style":
            self.cell = self.text_style = ""
        self.is_text = False

    def _add(self, code: str) -> None:
        self.styles.codes[self.data] += code


def _number_code(given: dict[str, str]) -> str:
    decimals = int(given.get("decimal-places", 0))
    factor = float(given.get("display-factor", 1))
    thousands = max(0, round(math.log10(factor) / 3)) if factor > 0 else 0
    whole = "#,##0" if given.get("grouping") == "true" else "0"
    return whole + ("." + "0" * decimals if decimals else "") + "," * thousands


class _ContentReader:
    """Goes through the rows of every sheet once."""

    def __init__(self, styles: OdsStyles):
        self.styles = styles
        self.marks: dict[str, Marks] = {}
        self.now = Marks()
        self.depth = 0  # of tables within each other: one inside a cell is no sheet
        self.line = self.column = self.rows = 0
        self.given: dict[str, str] = {}
        self.shown: list[str] = []
        self.left: list[str] = []  # what of it is not struck out
        self.spans: list[bool] = []  # of the text's parts within each other, which are struck out
        self.is_cell = False
        self.is_hidden = False
        self.groups_hidden: list[bool] = []
        self.full: list[Place] = []
        self.struck: list[Place] = []
        self.formats: dict[int, str] = {}
        self.defaults: dict[int, str] = {}  # column -> style of its cells

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.now = self.marks.setdefault(attributes.get("table:name", ""), Marks())
                self.line, self.column, self.defaults = 0, 0, {}
        elif self.depth != 1:
            return
        elif name == "table-column":
            self._columns(_local(attributes))
        elif name == "table-row":
            given = _local(attributes)
            self.rows = int(given.get("number-rows-repeated", 1))
            self.is_hidden = given.get("visibility", "visible") != "visible"
            self.line, self.column = self.line + 1, 0
        elif name in ("table-cell", "covered-table-cell"):
            self.given, self.shown, self.left, self.spans, self.is_cell = _local(attributes), [], [], [], True
        elif name == "span":
            self.spans.append(_local(attributes).get("style-name") in self.styles.struck_texts)

    def text(self, characters: str) -> None:
        if self.is_cell:
            self.shown.append(characters)
            self.left += [] if any(self.spans) else [characters]

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "table":
            self.depth -= 1
        elif self.depth != 1:
            return
        elif name == "span":
            self.spans.pop()
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def _columns(self, given: dict[str, str]) -> None:
        count = int(given.get("number-columns-repeated", 1))
        columns = range(self.column, self.column + min(count, 1024))
        if given.get("visibility", "visible") != "visible":
            self.now.hidden_columns.update(columns)
        self.defaults.update(dict.fromkeys(columns, given.get("default-cell-style-name", "")))
        self.column += count

    def _end_cell(self) -> None:
        self.is_cell = False
        given, place = self.given, Place(self.line, self.column)
        count = int(given.get("number-columns-repeated", 1))
        spanned = (int(given.get("number-rows-spanned", 1)), int(given.get("number-columns-spanned", 1)))
        if spanned != (1, 1):
            last = Place(self.line + spanned[0] - 1, self.column + spanned[1] - 1)
            self.now.merged.append(Block(place, last))
        self.column += count
        if "value-type" not in given:
            if "formula" in given:
                self.now.values[place] = NOT_CALCULATED
                self.full.append(place)
            return
        for column in range(place.column, place.column + min(count, 1024)):
            self._full_cell(Place(self.line, column))
        if count > 1024:
            self.full.append(Place(self.line, place.column + count - 1))

    def _full_cell(self, place: Place) -> None:
        given = self.given
        self.full.append(place)
        style = given.get("style-name") or self.defaults.get(place.column, "")
        if style in self.styles.struck:
            self.struck.append(place)
        elif len(self.left) < len(self.shown):
            self._partly_struck(place)
        kind, formula = given["value-type"], given.get("formula", "")
        if kind != "string" and self.styles.code(style):
            self.formats[place.column] = self.styles.code(style)
        shown = "".join(self.shown).strip()
        if formula in TRUTHS:
            self.now.values[place] = TRUTHS[formula]
        elif formula and shown.startswith(("#", "Err:")):
            self.now.values[place] = shown if shown.startswith("#") else "#VALUE!"
        elif formula:
            self.now.formulas.append(place)

    def _partly_struck(self, place: Place) -> None:
        """A text of which a part is struck out counts as what is left of it; where nothing is, as struck out."""
        left = "".join(self.left)
        if left.strip():
            self.now.values[place] = left
            self.now.part_struck.append(place)
        else:
            self.struck.append(place)

    def _end_row(self) -> None:
        marks = self.now
        last = self.line + self.rows - 1
        if self.full:
            marks.filled += self.rows
            marks.lowest = Place(last, self.full[0].column)
            if self.full[-1].column > marks.rightmost.column or not marks.rightmost.line:
                marks.rightmost = self.full[-1]
            lines = range(self.line, min(last, self.line + 1024) + 1)
            if self.is_hidden:
                marks.hidden.update(lines)
            if self.formats:
                marks.formats.update(dict.fromkeys(lines, self.formats))
            if len(self.struck) == len(self.full):
                marks.struck.update(lines)
            else:
                marks.partly_struck += self.struck
        self.full, self.struck, self.formats = [], [], {}
        self.line = last
