"""The sheets of a workbook: values by calamine, and what it cannot tell from the file's own parts (`Marks`)."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from .file_kind import protected, refused
from .ods_marks import ods_marks
from .rich_text import StruckTexts, inline_texts, shared_texts
from .sheet_cells import Marks, Place, SheetCells, tidy
from .table import MAX_COLUMNS, MAX_ROWS, column_letter
from .xls_marks import xls_marks
from .xlsx_marks import Styles, xlsx_marks, xlsx_styles
from .xlsx_xml import parse

MAX_UNPACKED_BYTES = 600_000_000  # 200,000 rows of 25 columns unpack to about half of it
T = TypeVar("T")

HEADROOM = 1_000  # lines for titles and forms beside the entries
MOST_CELLS = 12_000_000  # calamine holds every cell of the rectangle from the first to the last that is not empty


class WorkbookFile:
    """A workbook whose sheets are read one by one.

    Raises:
        FaultyInput: it is damaged, protected, or would unpack to more than is read.
    """

    def __init__(self, path: Path, content: bytes, kind: str):
        self.path, self.kind = path, kind
        self.archive = None if kind == "xls" else _Archive(path, content)
        self.marks = self._marks(content)
        for name, marks in self.marks.items():
            self._check_size(name, marks)  # calamine takes in every sheet of an .ods or .xls at once
        self.book = by_calamine(path, lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))
        sheets = [sheet for sheet in self.book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        self.visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        self.hidden = [sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible]

    def _marks(self, content: bytes) -> dict[str, Marks]:
        """Marks by sheet; of an .xlsx they are read when the sheet is asked for."""
        if self.archive is None:
            try:
                return xls_marks(content)
            except Exception as error:  # xlrd raises whatever it stumbles over
                is_protected = "encrypted" in str(error)
                raise (refused(self.path, protected()) if is_protected else damaged(self.path, error)) from None
        if self.kind == "ods":
            try:
                return ods_marks(self.archive.read("content.xml"), self.archive.read("styles.xml"))
            except ValueError as error:
                raise damaged(self.path, error) from None
        return {}

    def cells(self, name: str) -> SheetCells:
        """The cells of a sheet.

        Raises:
            FaultyInput: it is larger than what is read, or damaged.
        """
        try:
            marks = self.marks.get(name) or (self.archive.marks_of(name) if self.archive else Marks())
        except ValueError as error:
            raise damaged(self.path, error) from None
        if name not in self.marks:
            self._check_size(name, marks)
        rows = by_calamine(self.path, lambda: self.book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        by_line: dict[int, list[Place]] = {}
        for place in marks.values:
            by_line.setdefault(place.line, []).append(place)
        lines = []
        for line, row in enumerate(rows, 1):
            row[:] = tidy(row)  # in its place: ten thousand lists fewer for the garbage collector to go through
            for place in by_line.pop(line, ()):
                if place.column < len(row):
                    row[place.column] = marks.values[place]
            if any(cell is not None for cell in row):
                lines.append((line, row))
        return SheetCells(name, lines, marks, self.archive is not None and self.archive.is_1904)

    def _check_size(self, name: str, marks: Marks) -> None:
        lines, columns = marks.lowest.line, marks.rightmost.column + 1
        what = None
        if marks.filled > MAX_ROWS + HEADROOM:
            what = message("there are more than {most:,} rows", most=MAX_ROWS)
        elif columns > MAX_COLUMNS:
            what = message(
                "the sheet has more than {most} columns: {cell} holds something; delete what stands far to the right",
                most=MAX_COLUMNS,
                cell=_ref(marks.rightmost),
            )
        elif lines > MAX_ROWS + HEADROOM or lines * columns > MOST_CELLS:
            what = message(
                "the cell {cell} holds something, far below the {filled:,} rows there are; delete it",
                cell=_ref(marks.lowest),
                filled=marks.filled,
            )
        if what is not None:
            raise FaultyInput([Fault(f"{self.path.name} {name}", what)])


def _ref(place: Place) -> str:
    return f"{column_letter(place.column)}{place.line}"


def by_calamine(path: Path, work: Callable[[], T]) -> T:
    """What calamine gives.

    Raises:
        FaultyInput: it cannot; a damaged .xls makes its Rust panic, which reaches Python as no Exception.
    """
    try:
        return work()
    except PasswordError:
        raise refused(path, protected()) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise damaged(path, error) from None


def damaged(path: Path, error: BaseException) -> FaultyInput:
    """The fault of a workbook that cannot be read to its end."""
    shown = f"{type(error).__name__}: {error}"
    return refused(path, message("this is no Excel workbook that can be read ({error})", error=shown))


class _Archive:
    """The parts of a workbook's zip, whatever slash is in their names."""

    def __init__(self, path: Path, content: bytes):
        self.path = path
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.parts = {info.filename.replace("\\", "/"): info for info in self.zip.infolist()}
        unpacked = sum(info.file_size for info in self.zip.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise refused(
                path, message("the workbook unpacks to {size:,.0f} MB; that is not read", size=unpacked / 1e6)
            )
        self.is_1904 = False
        self.sheets: dict[str, str] = {}  # name -> part
        self.styles = Styles()
        self.struck_texts: dict[str, str] = {}
        try:
            self._check_document_types()
            for name in ("xl/sharedStrings.xml", "content.xml"):
                self.read(name)  # to its end: a size that is not the one declared is found
            if "content.xml" not in self.parts:
                self._read_book()
        except Exception as error:  # a damaged zip fails in many ways: zlib.error, BadZipFile, EOFError, …
            raise error if isinstance(error, FaultyInput) else damaged(path, error) from None

    def read(self, name: str) -> bytes:
        """A part; nothing where there is none."""
        info = self.parts.get(name)
        try:
            return b"" if info is None else self.zip.read(info)
        except Exception as error:  # zlib.error, BadZipFile, …: a damaged zip fails in many ways
            raise ValueError(f"{type(error).__name__}: {error}") from None

    def marks_of(self, name: str) -> Marks:
        """The marks of a sheet of an .xlsx; raises ValueError where its part is no XML."""
        part = self.read(self.sheets.get(name, ""))
        return xlsx_marks(part, self.styles, StruckTexts(self.struck_texts, inline_texts(part))) if part else Marks()

    def _check_document_types(self) -> None:
        for name, info in self.parts.items():
            with self.zip.open(info) as part:
                if b"<!DOCTYPE" in part.read(4096):
                    what = message("the part {part} declares a document type; that is not read", part=name)
                    raise refused(self.path, what)

    def _read_book(self) -> None:
        """Names and parts of the sheets, the styles, and which calendar it counts days in."""
        start = next(
            (target for target, kind in self._links("").values() if kind == "officeDocument"), "xl/workbook.xml"
        )
        links = self._links(start)

        def element(name: str, attributes: dict[str, str]) -> None:
            name = name.rpartition(":")[2]
            if name == "sheet":
                number = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                self.sheets[attributes.get("name", "")] = links.get(number, ("", ""))[0]
            elif name == "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true")

        parse(self.read(start), element)
        styles = next((target for target, kind in links.values() if kind == "styles"), "")
        if styles in self.parts:
            self.styles = xlsx_styles(self.read(styles))
        texts = next((target for target, kind in links.values() if kind == "sharedStrings"), "")
        self.struck_texts = shared_texts(self.read(texts))

    def _links(self, part: str) -> dict[str, tuple[str, str]]:
        """Part and kind of what a part refers to, by the number it is referred to with."""
        folder, name = posixpath.split(part)
        links: dict[str, tuple[str, str]] = {}

        def element(name: str, attributes: dict[str, str]) -> None:
            if name.rpartition(":")[2] == "Relationship":
                target = attributes.get("Target", "").replace("\\", "/")
                whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                links[attributes.get("Id", "")] = (whole, attributes.get("Type", "").rpartition("/")[2])

        content = self.read(posixpath.join(folder, "_rels", f"{name}.rels"))
        if content:
            parse(content, element)
        return links
