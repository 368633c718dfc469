"""A file of real applications (申报): read and checked into rows; every fault at once, each with its cell named.

>>> from changji_sim.assess.assess_applications import EXAMPLE
>>> from changji_sim.scenario_file.load import load_scenario
>>> file = read_applications(EXAMPLE, load_scenario("baseline"))
>>> file.rows[0].item, file.rows[0].submitted.year
('core_technology', 2026)

Columns go by either header, ``requested_wan`` or 申请金额（万元）, items by key or Chinese title. A column is needed
only by the rows whose item needs it, and only there are its cells read. Unknown columns are kept as they are.
"""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput, nearest
from ..base.messages import Message, joined, message, named
from ..base.spelling import identity, plain_text
from ..base.units import year_fraction
from ..modes.support_mode import Column
from ..scenario.input_files import DAY
from ..scenario.model import Item, RegisterRows, ScenarioModel
from ..tables.read_table import read_table
from ..tables.table import ExpectedColumns, Table
from .application import Application
from .cells import is_empty, parse_cell, parse_day, parse_name
from .known_columns import COMMON, KnownColumns
from .same_names import same_names

MOST_FAULTS = 500  # named one by one; a file with more is wrong as a whole
MOST_WARNINGS = 20
IDENTIFIES = ("application_id", "item", "applicant", "submitted")


@dataclass(frozen=True, eq=False)
class ApplicationsFile:
    """A file of applications as read: its cells as they came, and the checked row for each of them, in file order."""

    path: Path
    table: Table
    known: KnownColumns
    rows: tuple[Application, ...]
    warnings: tuple[Fault, ...] = ()

    def where(self, row: Application) -> str:
        """Where a row stands, as a fault names it."""
        return self.table.where(row.line)


def read_applications(path: str | os.PathLike[str], scenario: ScenarioModel) -> ApplicationsFile:
    """Read and check a csv or xlsx of applications.

    Args:
        path: the file; a csv in UTF-8 or GBK, or a workbook one of whose visible sheets holds the table.
        scenario: its items say which columns there are and which are needed.

    Raises:
        FaultyInput: every fault of the file with row, column, what was found and what is allowed.
    """
    file, faults = read_with_faults(path, scenario)
    if faults:
        raise FaultyInput(faults)
    return file


def read_with_faults(path: str | os.PathLike[str], scenario: ScenarioModel) -> tuple[ApplicationsFile, list[Fault]]:
    """The applications of a file and its faults; where it has some, its rows are those whose item and day are known.

    Raises:
        FaultyInput: there is no table that can be read.
    """
    path = Path(path)
    known = KnownColumns(scenario)
    table = read_table(path, ExpectedColumns(known.name, IDENTIFIES, entry=IDENTIFIES[2:], printed=IDENTIFIES[:2]))
    reader = _Reader(table, known, faults=list(table.faults))
    reader.read()
    if reader.faults:
        dated = sorted([*reader.rows, *reader.faulty_rows], key=lambda row: row.line)
        return ApplicationsFile(path, table, known, tuple(dated), ()), _not_too_many(reader.faults, table)
    rows = same_names(reader.rows, scenario, reader.warnings, table)
    return ApplicationsFile(path, table, known, tuple(rows), (*table.notes, *_few(reader.warnings, table))), []


def register_rows(path: str | os.PathLike[str], scenario: ScenarioModel, item: Item, year: int) -> list[dict[str, Any]]:
    """The applications of one item and year in a register file, in submission order (date, then file order).

    Returns:
        for each row ``applicant``, ``group`` and ``platform`` (text), the part of the year gone by when it was
        submitted (`DAY`), and its numbers by column name; a simulation draws what the file does not give.

    Raises:
        FaultyInput: as `read_applications`.
    """
    found = [row for row in _read_once(Path(path), scenario).rows if row.item == item.key]
    rows = [row for row in found if row.submitted.year == year]
    if not rows:
        what = message(
            "the register has no row of {item} submitted in {year} ({others} of other years)",
            item=_item_name(item),
            year=year,
            others=len(found),
        )
        raise FaultyInput([Fault(Path(path).name, what)])
    return [
        {
            "applicant": row.applicant,
            "group": row.group,
            "platform": row.platform,
            DAY: year_fraction(row.submitted.isoformat()) - year,
            **row.values,
        }
        for row in sorted(rows, key=lambda row: row.submitted)
    ]


def read_registers(scenario: ScenarioModel) -> tuple[RegisterRows, list[Fault]]:
    """The registers a scenario names.

    Returns:
        rows by item and year, as `register_rows` gives them; and every fault and warning of the files, each once.
    """
    rows: dict[tuple[str, int], list[dict[str, Any]]] = {}
    found: list[Fault] = []
    for item in scenario.items:
        for year, path in item.registers.items():
            try:
                rows[item.key, year] = register_rows(path, scenario, item, year)
                found += _read_once(path, scenario).warnings
            except FaultyInput as error:
                found += error.faults
    return rows, list(dict.fromkeys(found))


_last_read: list[tuple[Any, ApplicationsFile]] = []


def _read_once(path: Path, scenario: ScenarioModel) -> ApplicationsFile:
    """The file, read again only if it or the scenario is another one: a register may serve every item and year."""
    try:
        stat = path.stat()
        key = (path.resolve(), stat.st_mtime_ns, stat.st_size)
    except OSError:
        key = (path, 0, -1)
    if _last_read and _last_read[0][0] == key and _last_read[0][1].known.scenario is scenario:
        return _last_read[0][1]
    _last_read[:] = [(key, read_applications(path, scenario))]
    return _last_read[0][1]


# --- rows --------------------------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """Goes through a table once; what is wrong is noted and reading goes on."""

    table: Table
    known: KnownColumns
    at: dict[str, int] = field(default_factory=dict)  # name -> position of its column
    rows: list[Application] = field(default_factory=list)
    faulty_rows: list[Application] = field(default_factory=list)  # those with a fault whose item and day are known
    ids: dict[str, int] = field(default_factory=dict)  # number of an application -> its line
    lacking: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # column not there -> (line, why) of rows
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def read(self) -> None:
        self._read_header()
        if not self.table.rows and not self.faults:
            file = f"{self.table.path.name} {self.table.sheet}".strip()
            self.faults.append(Fault(file, message("there are headers but no applications below them")))
        if any(name not in self.at for name in IDENTIFIES):
            return
        for row in self.table.rows:
            self._read_row(row.line, row.cells)
        self._check_missing_columns()
        self._check_alike()

    def _read_header(self) -> None:
        line = self.table.header_line
        self._check_headers_alike()
        for position, header in enumerate(self.table.headers):
            name = self.known.name(header)
            if name is None:
                near = self.known.near(header)
                if near:
                    what = message(
                        "the column '{header}' is not known and not read; did you mean '{near}'?",
                        header=header,
                        near=near,
                    )
                    self.warnings.append(Fault(self.table.where(line, position), what, is_warning=True))
            elif name in self.at:
                self._fault(line, position, message("the column '{header}' stands twice; keep one", header=header))
            else:
                self.at[name] = position
        for name in IDENTIFIES:
            if name not in self.at:
                title = self.known.columns[name].header
                what = message("the column '{name}' ({header}) is missing", name=name, header=title)
                self._fault(line, None, joined([what, _is_it(title, self.table.headers)], "", ""))

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

    def _read_row(self, line: int, cells: list[Any]) -> None:
        before = len(self.faults)
        names = {c.name: self._name(line, cells, c.name, c.optional) for c in COMMON if c.kind == "text"}
        submitted = self._day(line, cells)
        self._check_id(line, names["application_id"])
        item = self.known.item(names["item"]) if names["item"] else None
        if names["item"] and item is None:
            hint = nearest(names["item"], self.known.item_words) or message("; write its Chinese name or key")
            what = message("there is no item '{item}'", item=names["item"])
            self._fault(line, self.at["item"], joined([what, hint], "", ""))
        if item is None or submitted is None:
            return
        platform = self._platform(line, cells, item, submitted.year)
        values = dict(self._values(line, cells, item, submitted.year))
        who = {"application_id": names["application_id"], "applicant": names["applicant"], "group": names["group"]}
        row = Application(line, item=item, submitted=submitted, platform=platform, values=values, **who)
        (self.rows if len(self.faults) == before else self.faulty_rows).append(row)

    def _values(self, line: int, cells: list[Any], item: str, year: int) -> Iterator[tuple[str, float]]:
        of_item = self.known.of(item, year)
        for name, why in of_item.needed.items():
            if name not in self.at:
                self.lacking.setdefault(name, []).append((line, _of_item(self._item(item), why)))
        for name in of_item.asked_for:
            column = of_item.columns[name]
            if column.kind == "text" or name not in self.at:
                continue
            cell = cells[self.at[name]]
            if is_empty(cell):
                if name in of_item.needed:
                    self._empty(line, name, item, of_item.needed[name])
                elif name in of_item.conditions:
                    self._empty(line, name, item, _decides(column, of_item.conditions[name]))
                continue
            try:
                yield name, parse_cell(cell, column, self.table.is_1904)
            except ValueError as error:
                self._fault(line, self.at[name], _of_column(column.header, error.args[0]))

    def _platform(self, line: int, cells: list[Any], item: str, year: int) -> str:
        of_item = self.known.of(item, year)
        if "platform" not in of_item.needed or "platform" not in self.at:
            return ""
        if is_empty(cells[self.at["platform"]]):
            self._empty(line, "platform", item, of_item.needed["platform"])
            return ""
        return self._name(line, cells, "platform", True)

    def _name(self, line: int, cells: list[Any], name: str, is_optional: bool) -> str:
        if name not in self.at:
            return ""
        cell = cells[self.at[name]]
        if is_empty(cell):
            if not is_optional:
                self._fault(line, self.at[name], _is_empty(self.known.columns[name]))
            return ""
        try:
            return parse_name(cell)
        except ValueError as error:
            self._fault(line, self.at[name], _of_column(self.known.columns[name].header, error.args[0]))
            return ""

    def _day(self, line: int, cells: list[Any]) -> datetime.date | None:
        cell = cells[self.at["submitted"]]
        if is_empty(cell):
            self._fault(line, self.at["submitted"], _is_empty(self.known.columns["submitted"]))
            return None
        try:
            return parse_day(cell, self.table.is_1904)
        except ValueError as error:
            self._fault(line, self.at["submitted"], _of_column(self.known.columns["submitted"].header, error.args[0]))
            return None

    def _check_missing_columns(self) -> None:
        """One fault for each column that is not there although some row's item needs it."""
        unknown = [h for h in self.table.headers if h and self.known.name(h) is None]
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
                hint=_is_it(header, unknown),
            )
            self._fault(self.table.header_line, None, what)

    def _check_id(self, line: int, application_id: str) -> None:
        first = self.ids.setdefault(identity(application_id), line) if application_id else line
        if first != line:
            what = message(
                "the number '{number}' (application_id, 申报编号) stands in row {line} already",
                number=application_id,
                line=first,
            )
            self._fault(line, self.at["application_id"], what)

    def _check_alike(self) -> None:
        """Rows that differ in nothing but their number are a warning: an application may have been entered twice."""
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        number = self.at["application_id"]
        for row in self.table.rows:
            texts = tuple("" if n == number else plain_text(cell) for n, cell in enumerate(row.cells))
            alike[texts].append(row.line)
        for lines in alike.values():
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

    def _empty(self, line: int, name: str, item: str, why: Message) -> None:
        what = joined([_is_empty(self.known.columns[name]), _of_item(self._item(item), why)], "；", "; ")
        self._fault(line, self.at[name], what)

    def _item(self, key: str) -> Item:
        return next(item for item in self.known.scenario.items if item.key == key)

    def _fault(self, line: int, column: int | None, what: str) -> None:
        self.faults.append(Fault(self.table.where(line, column), what))


# --- sentences ---------------------------------------------------------------------------------------------------


def _item_name(item: Item) -> Message:
    return message("{title} ({key})", title=named(item.title, item.title_en or item.title), key=item.key)


def _of_item(item: Item, what: Message) -> Message:
    return message("{of}: {what}", of=named(item.title, item.title_en or item.title), what=what)


def _of_column(header: str, what: str) -> Message:
    return message("{of}: {what}", of=header, what=what)


def _is_empty(column: Column) -> Message:
    return message("{header} ({name}) is empty", header=column.header, name=column.name)


def _decides(column: Column, article: str) -> Message:
    if column.kind == "flag":
        return message("eligibility depends on it, {article}", article=article)
    return message("eligibility depends on it, {article}; write 0 if there is none", article=article)


def _is_it(header: str, others: Iterable[str]) -> str:
    """A suggestion which of the file's other columns is the one that is missing."""
    close = get_close_matches(header, [other for other in others if other], n=1, cutoff=0.6)
    return message("; is it '{name}'?", name=close[0]) if close else ""


def _not_too_many(faults: list[Fault], table: Table) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    more = message("{count:,} more faults; is this the right file?", count=len(faults) - MOST_FAULTS)
    return [*faults[:MOST_FAULTS], Fault(table.path.name, more)]


def _few(warnings: list[Fault], table: Table) -> list[Fault]:
    if len(warnings) <= MOST_WARNINGS:
        return warnings
    more = message("{count:,} more of such warnings", count=len(warnings) - MOST_WARNINGS)
    return [*warnings[:MOST_WARNINGS], Fault(table.path.name, more, is_warning=True)]
