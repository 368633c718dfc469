"""The rows of a table of applications (申报): each checked, every fault noted with its cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ..base.credit_code import parse_credit_code
from ..base.faults import Fault
from ..base.messages import Message, joined, message, named
from ..base.spelling import identity, plain_text
from ..modes.support_mode import Column
from ..scenario.model import Item
from ..tables.table import Row, Table
from .application import Application
from .cells import Written, has_lost_digits, is_empty, names_nothing, parse_cell, parse_name, refuse_errors
from .chosen_columns import ChosenColumns, Place, without_unit
from .known_columns import CLOCK, COMMON, KnownColumns
from .repeated_marks import without_marks
from .row_days import RowDays, is_missing, of_column
from .rows_named import rows_named
from .written_units import WAN, named_unit, scale_of

IDENTIFIES = ("application_id", "item", "applicant", "submitted")
NAMES = tuple(column for column in COMMON if column.kind == "text" and column.name != "credit_code")


@dataclass
class RowReader:
    """Goes through a table once; what is wrong is noted and reading goes on."""

    table: Table
    known: KnownColumns
    at: dict[str, Place] = field(default_factory=dict)  # name -> place of its column
    rows: list[Application] = field(default_factory=list)
    faulty_rows: list[Application] = field(default_factory=list)  # those with a fault whose item and day are known
    ids: dict[str, int] = field(default_factory=dict)  # number of an application -> its line
    lacking: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # column not there -> (line, why) of rows
    unitless: dict[str, list[int]] = field(default_factory=dict)  # column whose unit nothing says -> lines of rows
    notes: dict[str, Fault] = field(default_factory=dict)  # column -> how its numbers are converted
    unknown: list[tuple[int, str]] = field(default_factory=list)  # position and header of columns that are not read
    unit_at: int | None = None  # position of a column that names the unit of each row's amounts
    read_columns: set[str] = field(default_factory=set)  # columns with a number of some row
    cut_numbers: list[int] = field(default_factory=list)  # lines of rows whose own number has lost digits
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def read(self) -> None:
        self.faults += self.table.faults
        self._read_header()
        if not self.table.rows and not self.faults:
            file = f"{self.table.path.name} {self.table.sheet}".strip()
            self.faults.append(Fault(file, message("there are headers but no applications below them")))
        if any(name not in self.at for name in IDENTIFIES):
            return
        self.days = RowDays(self.table, self.known.columns, self.at, self._fault)
        for row in without_marks(self.table, self._where_marks_may_stand(), self.faults, self.warnings):
            self._read_row(row)
        self._check_missing_columns()
        self._check_units()
        self._check_alike()
        self._check_cut_numbers()

    # --- headers --------------------------------------------------------------------------------------------------

    def _read_header(self) -> None:
        line = self.table.header_line
        self._check_headers_alike()
        chosen = ChosenColumns(self.table, self.known.read_as)
        chosen.choose()
        self.at, self.unknown = chosen.at, list(chosen.unknown())
        self.faults += chosen.faults
        self.notes, self.unit_at = chosen.notes, chosen.unit_position()
        for position, header in self.unknown:
            near = self.known.near(header) if not self.known.read_as(header) else None
            if near:
                what = message(
                    "the column '{header}' is not known and not read; did you mean '{near}'?",
                    header=header,
                    near=near[1],
                )
                self.warnings.append(Fault(self.table.where(line, position), what, is_warning=True))
        for name in IDENTIFIES:
            if name not in self.at:
                title = self.known.columns[name].header
                what = message("the column '{name}' ({header}) is missing", name=name, header=title)
                self._fault(line, None, joined([what, self._is_it(name)], "", ""))

    def _check_headers_alike(self) -> None:
        """A warning for a header that is not known and stands again: both columns are kept, under one name."""
        first: dict[str, int] = {}
        for position, header in enumerate(self.table.headers):
            before = first.setdefault(header, position)
            if header and before != position and self.known.name(header) is None:
                where = self.table.where(self.table.header_line, position)
                what = message(
                    "the column '{header}' stands twice; both are kept, in JSON this one with a number behind it",
                    header=header,
                )
                self.warnings.append(Fault(where, what, is_warning=True))

    def _where_marks_may_stand(self) -> Iterator[int]:
        """The columns of names, days and choices; not that of the applications' own numbers."""
        for name, place in self.at.items():
            column = self.known.columns.get(name, CLOCK)
            if name != "application_id" and (column.kind not in ("number", "whole") or name == "budget_year"):
                yield place.position

    def _is_it(self, name: str) -> str:
        """A suggestion which of the file's other columns is the one that is missing."""
        for _, header in self.unknown:
            near = self.known.near(header, 0.6)
            if near and near[0] == name:
                return message("; is it '{name}'? Then call it '{header}'", name=header, header=near[1])
        return ""

    # --- one row --------------------------------------------------------------------------------------------------

    def _read_row(self, row: Row) -> None:
        line, cells, before = row.line, row.cells, len(self.faults)
        lacking = [name for name in IDENTIFIES[1:] if names_nothing(cells[self.at[name].position])]
        if len(lacking) > 1:
            self._fault(line, None, _no_application([self.known.columns[name].header for name in lacking]))
            return
        names = {column.name: self._name(line, cells, column) for column in NAMES}
        code = self._credit_code(line, cells)
        moment = self.days.moment(line, cells)
        year = self.days.year(line, cells, moment)
        if has_lost_digits(cells[self.at["application_id"].position]):
            self.cut_numbers.append(line)
        else:
            self._check_id(line, names["application_id"])
        item = self.known.item(names["item"]) if names["item"] else None
        if names["item"] and item is None:
            hint = self.known.item_hint(names["item"])
            what = message("there is no item '{item}'", item=names["item"])
            self._fault(line, "item", joined([what, hint], "", ""))
        if item is None or moment is None or year is None:
            return
        platform = self._platform(line, cells, item, year)
        values = dict(self._values(row, item, year))
        read = Application(
            line, names["application_id"], item, names["applicant"], moment.day, year, names["group"], platform,
            values, moment.clock, code, dict(self._decision(row)),
        )  # fmt: skip
        (self.rows if len(self.faults) == before else self.faulty_rows).append(read)

    def _values(self, row: Row, item: str, year: int) -> Iterator[tuple[str, float]]:
        of_item = self.known.of(item, year)
        for name, why in of_item.needed.items():
            if name not in self.at:
                self.lacking.setdefault(name, []).append((row.line, _of_item(self.known.items[item], why)))
        for name in of_item.asked_for:
            column = of_item.columns[name]
            if column.kind == "text" or name not in self.at:
                continue
            if is_empty(row.cells[self.at[name].position]):
                if name in of_item.needed:
                    self._empty(row.line, name, item, of_item.needed[name])
                elif name in of_item.conditions:
                    self._empty(row.line, name, item, _decides(column, of_item.conditions[name]))
                continue
            value = self._number(row, column)
            if value is not None:
                yield name, value

    def _number(self, row: Row, column: Column) -> float | None:
        """The number in a row's cell of a column; None where it is at fault."""
        place = self._place(row, column)
        self.read_columns.add(column.name)
        if place.scale is None:
            self.unitless.setdefault(column.name, []).append(row.line)
            return None
        written = Written(place.unit, place.scale, row.formats.get(place.position, ""))
        try:
            return parse_cell(row.cells[place.position], column, self.table.is_1904, written)
        except ValueError as error:
            self._fault(row.line, column.name, of_column(self.table.headers[place.position], error.args[0]))
            return None

    def _place(self, row: Row, column: Column) -> Place:
        """Where a column stands, with the unit that the row itself names, if there is a column for it."""
        place = self.at[column.name]
        unit = named_unit(str(row.cells[self.unit_at])) if self.unit_at is not None and place.own == WAN else None
        if unit is None:
            return place
        if place.scale is not None and scale_of(unit, WAN) != place.scale:
            what = message(
                "the row says {unit}, the header {other}; leave the unit in which the amount is",
                unit=unit, other=place.unit,
            )  # fmt: skip
            self._fault(row.line, column.name, of_column(self.table.headers[place.position], what))
        return place._replace(unit=unit, scale=scale_of(unit, WAN))

    def _decision(self, row: Row) -> Iterator[tuple[str, float]]:
        """What was decided on an application, as far as the file says."""
        for column in self.known.decisions:
            if column.name in self.at and not is_empty(row.cells[self.at[column.name].position]):
                value = self._number(row, column)
                if value is not None:
                    yield column.name, value

    def _platform(self, line: int, cells: list[Any], item: str, year: int) -> str:
        of_item = self.known.of(item, year)
        if "platform" not in of_item.needed or "platform" not in self.at:
            return ""
        if names_nothing(cells[self.at["platform"].position]):
            self._empty(line, "platform", item, of_item.needed["platform"])
            return ""
        return self._name(line, cells, self.known.columns["platform"], True)

    def _name(self, line: int, cells: list[Any], column: Column, is_optional: bool = False) -> str:
        if column.name not in self.at:
            return ""
        cell = cells[self.at[column.name].position]
        if names_nothing(cell):
            if not (is_optional or column.optional):
                self._fault(line, column.name, is_missing(column))
            return ""
        try:
            return parse_name(cell)
        except ValueError as error:
            self._fault(line, column.name, of_column(column.header, error.args[0]))
            return ""

    def _credit_code(self, line: int, cells: list[Any]) -> str:
        """The code of the applicant, checked; ``""`` where there is none."""
        if "credit_code" not in self.at:
            return ""
        cell = cells[self.at["credit_code"].position]
        if names_nothing(cell):
            return ""
        column = self.known.columns["credit_code"]
        try:
            refuse_errors(cell)
            if has_lost_digits(cell):
                raise ValueError(message("found the number {value}; Excel keeps 15 of its digits: write it as text",
                                         value=plain_text(cell)))  # fmt: skip
            return parse_credit_code(parse_name(cell))
        except ValueError as error:
            self._fault(line, "credit_code", of_column(column.header, error.args[0]))
            return ""

    # --- the table as a whole -------------------------------------------------------------------------------------

    def _check_missing_columns(self) -> None:
        """One fault for each column that is not there although some row's item needs it."""
        for name, rows in self.lacking.items():
            header = self.known.columns[name].header
            line, why = rows[0]
            what = message(
                "the column '{header}' ({name}) is missing; rows that need it: {count}, first row {line} ({why}){hint}",
                header=header,
                name=name,
                count=len(rows),
                line=line,
                why=why,
                hint=self._is_it(name),
            )
            self._fault(self.table.header_line, None, what)

    def _check_units(self) -> None:
        """One fault for each column whose unit nothing says; notes on what was converted, on rows without a year."""
        self.warnings += [note for name, note in self.notes.items() if name in self.read_columns]
        for name, lines in self.unitless.items():
            place = self.at[name]
            what = without_unit(self.table.headers[place.position], place.own)
            rows = message("{what} ({rows})", what=what, rows=rows_named(lines))
            self.faults.append(Fault(self.table.where(self.table.header_line, place.position), rows))
        if 0 < len(self.days.undated) < len(self.table.rows):
            what = message(
                "no {header} in {rows}; the year of their date was taken",
                header=self.table.headers[self.at["budget_year"].position], rows=rows_named(self.days.undated),
            )  # fmt: skip
            where = self.table.where(self.days.undated[0], self.at["budget_year"].position)
            self.warnings.append(Fault(where, what, is_warning=True))

    def _check_id(self, line: int, application_id: str) -> None:
        first = self.ids.setdefault(identity(application_id), line) if application_id else line
        if first != line:
            what = message(
                "the number '{number}' (application_id, 申报编号) stands in row {line} already",
                number=application_id,
                line=first,
            )
            self._fault(line, "application_id", what)

    def _check_alike(self) -> None:
        """Rows that differ in nothing but their number are a warning: an application may have been entered twice."""
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        number, who, when = (self.at[name].position for name in ("application_id", "applicant", "submitted"))
        near: dict[tuple[str, str], list[Row]] = defaultdict(list)  # few rows share both, so few are compared whole
        for row in self.table.rows:
            near[plain_text(row.cells[who]), plain_text(row.cells[when])].append(row)
        for row in chain.from_iterable(rows for rows in near.values() if len(rows) > 1):
            texts = tuple("" if n == number else plain_text(cell) for n, cell in enumerate(row.cells))
            alike[texts].append(row.line)
        for lines in sorted(alike.values()):
            if len(lines) > 1:
                rows = joined(
                    [message("row {line}", line=line) for line in lines[:6]], "与" if len(lines) == 2 else "、"
                )
                more = message(" and more") if len(lines) > 6 else ""
                what = message(
                    "{rows}{more} are the same but for their numbers; an application may have been entered twice",
                    rows=rows,
                    more=more,
                )
                self.warnings.append(Fault(self.table.where(lines[0]), what, is_warning=True))

    def _check_cut_numbers(self) -> None:
        """A warning for applications' own numbers of which a workbook has kept 15 digits: they cannot be compared."""
        if self.cut_numbers:
            what = message(
                "the numbers of the applications in {rows} have lost digits: Excel keeps 15 of a number; they "
                "were not compared, write them as text",
                rows=rows_named(self.cut_numbers),
            )  # fmt: skip
            where = self.table.where(self.cut_numbers[0], self.at["application_id"].position)
            self.warnings.append(Fault(where, what, is_warning=True))

    def _empty(self, line: int, name: str, item: str, why: Message) -> None:
        what = joined([is_missing(self.known.columns[name]), _of_item(self.known.items[item], why)], "；", "; ")
        self._fault(line, name, what)

    def _fault(self, line: int, name: str | None, what: str) -> None:
        """A fault of a row, at the cell of a column."""
        position = self.at[name].position if name is not None else None
        self.faults.append(Fault(self.table.where(line, position), what))


# --- sentences ---------------------------------------------------------------------------------------------------


def _of_item(item: Item, what: Message) -> Message:
    return message("{of}: {what}", of=named(item.title, item.title_en or item.title), what=what)


def _no_application(headers: list[str]) -> Message:
    """The sentence about a row that lacks what makes an application."""
    return message(
        "the row has no {headers}: an application needs them; delete the row if it is none (a figure, a signature)",
        headers=joined(headers),
    )


def _decides(column: Column, article: str) -> Message:
    if column.kind == "flag":
        return message("eligibility depends on it, {article}", article=article)
    return message("eligibility depends on it, {article}; write 0 if there is none", article=article)
