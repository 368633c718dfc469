"""A file of real applications (申报): read and checked into rows; every fault at once, each with its cell named.

>>> from changji_sim.assess.assess_applications import EXAMPLE
>>> from changji_sim.scenario_file.load import load_scenario
>>> file = read_applications(EXAMPLE, load_scenario("baseline"))
>>> file.rows[0].item, file.rows[0].submitted.year
('core_technology', 2026)

Columns go by either header, ``requested_wan`` or 申请金额（万元）, items by key or Chinese title. A column is needed
only by the rows whose item needs it, and only there are its cells looked at. Columns nobody knows are kept as they are.
"""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput, nearest
from ..base.spelling import identity, plain_text, seen
from ..base.units import year_fraction
from ..scenario.input_files import DAY
from ..scenario.model import Item, RegisterRows, ScenarioModel
from .cells import is_empty, parse_cell, parse_day, parse_name
from .grid import Grid, read_grid
from .known_columns import COMMON, KnownColumns

MOST_FAULTS = 500  # said one by one; a file with more is wrong as a whole
MOST_WARNINGS = 20
IDENTIFIES = ("application_id", "item", "applicant", "submitted")


@dataclass(frozen=True, eq=False)
class Application:
    """One application (申报). ``values`` is what a mode computes with: 万元, rates, flags 0 or 1, positions, days."""

    line: int
    application_id: str
    item: str
    applicant: str
    submitted: datetime.date
    group: str
    platform: str
    values: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class ApplicationsFile:
    """A file of applications as read: its cells as they came, and the checked row for each of them, in file order."""

    path: Path
    grid: Grid
    known: KnownColumns
    rows: tuple[Application, ...]
    warnings: tuple[Fault, ...] = ()

    def where(self, row: Application) -> str:
        """Where a row stands, as a fault names it."""
        return self.grid.where(row.line)


def read_applications(path: str | os.PathLike[str], scenario: ScenarioModel) -> ApplicationsFile:
    """Read and check a csv or xlsx of applications.

    Args:
        path: the file; a csv in UTF-8 or GBK, or a workbook one of whose visible sheets holds the table.
        scenario: its items say which columns there are and which are needed.

    Raises:
        FaultyInput: every fault of the file with row, column, what was found and what is allowed.
    """
    path = Path(path)
    known = KnownColumns(scenario)
    grid = read_grid(path, lambda texts: _is_header(texts, known))
    reader = _Reader(grid, known)
    reader.read()
    if reader.faults:
        raise FaultyInput(_not_too_many(reader.faults, grid))
    rows = _same_spelling(reader.rows, scenario, reader.warnings, grid)
    return ApplicationsFile(path, grid, known, tuple(rows), (*grid.notes, *_few(reader.warnings, grid)))


def register_rows(path: str | os.PathLike[str], scenario: ScenarioModel, item: Item, year: int) -> list[dict[str, Any]]:
    """The applications of one item and year in a register file, in submission order (date, then file order).

    Returns:
        for each row ``applicant``, ``group`` and ``platform`` (text), the part of the year gone by when it was
        submitted (`DAY`), and its numbers by column name; what the file
        does not give is left out, so that a simulation draws it.

    Raises:
        FaultyInput: as `read_applications`.
    """
    found = [row for row in _read_once(Path(path), scenario).rows if row.item == item.key]
    rows = [row for row in found if row.submitted.year == year]
    if not rows:
        elsewhere = f" ({len(found)} of other years)" if found else ""
        what = f"the register has no row of {item.title} ({item.key}) submitted in {year}{elsewhere}"
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


def _is_header(texts: Sequence[str], known: KnownColumns) -> bool:
    names = {known.name(text) for text in texts if text}
    return len(names & set(IDENTIFIES)) >= 2


# --- rows --------------------------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """Goes through a grid once; what is wrong is noted and reading goes on."""

    grid: Grid
    known: KnownColumns
    at: dict[str, int] = field(default_factory=dict)  # name -> position of its column
    rows: list[Application] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)  # number of an application -> its line
    lacking: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # column not there -> (line, why) of rows
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def read(self) -> None:
        self._read_header()
        if not self.grid.rows and not self.faults:
            sheet = f"the sheet '{self.grid.sheet}'" if self.grid.sheet else "the file"
            self.faults.append(Fault(self.grid.path.name, f"{sheet} has headers but no applications below them"))
        if any(name not in self.at for name in IDENTIFIES):
            return
        for line, cells in self.grid.rows:
            self._read_row(line, cells)
        self._check_missing_columns()
        self._check_alike()

    def _read_header(self) -> None:
        line = self.grid.header_line
        self._check_headers_alike()
        for position, header in enumerate(self.grid.headers):
            name = self.known.name(header)
            if name is None:
                near = self.known.near(header)
                if near:
                    what = f"the column '{header}' is not known and not read; did you mean '{near}'?"
                    self.warnings.append(Fault(self.grid.where(line, position), what, is_warning=True))
            elif name in self.at:
                self._fault(line, position, f"the column '{header}' stands twice; keep one")
            else:
                self.at[name] = position
        for name in IDENTIFIES:
            if name not in self.at:
                hint = nearest(self.known.columns[name].header, [h for h in self.grid.headers if h])
                what = f"the column '{name}' ({self.known.columns[name].header}) is missing"
                self._fault(line, None, what + hint.replace("did you mean", "is it"))

    def _check_headers_alike(self) -> None:
        """A warning for a header nobody knows that stands again: both columns are kept, under one name."""
        first: dict[str, int] = {}
        for position, header in enumerate(self.grid.headers):
            before = first.setdefault(header, position)
            if header and before != position and self.known.name(header) is None:
                where = self.grid.where(self.grid.header_line, position)
                what = f"the column '{header}' stands twice; both are kept, in JSON this one with a number behind it"
                self.warnings.append(Fault(where, what, is_warning=True))

    def _read_row(self, line: int, cells: list[Any]) -> None:
        before = len(self.faults)
        names = {c.name: self._name(line, cells, c.name, c.optional) for c in COMMON if c.kind == "text"}
        submitted = self._day(line, cells)
        self._check_id(line, names["application_id"])
        item = self.known.item(names["item"]) if names["item"] else None
        if names["item"] and item is None:
            hint = nearest(names["item"], self.known.item_words)
            what = f"there is no item '{names['item']}'{hint or '; write its Chinese name or key'}"
            self._fault(line, self.at["item"], what)
        if item is None or submitted is None:
            return
        platform = self._platform(line, cells, item, submitted.year)
        values = dict(self._values(line, cells, item, submitted.year))
        if len(self.faults) == before:
            who = {"application_id": names["application_id"], "applicant": names["applicant"], "group": names["group"]}
            self.rows.append(Application(line, item=item, submitted=submitted, platform=platform, values=values, **who))

    def _values(self, line: int, cells: list[Any], item: str, year: int) -> Iterator[tuple[str, float]]:
        of_item = self.known.of(item, year)
        for name, why in of_item.needed.items():
            if name not in self.at:
                self.lacking.setdefault(name, []).append((line, f"{self._title(item)}: {why}"))
        for name in of_item.asked_for:
            column = of_item.columns[name]
            if column.kind == "text" or name not in self.at:
                continue
            cell = cells[self.at[name]]
            if is_empty(cell):
                if name in of_item.needed:
                    self._empty(line, name, item, of_item.needed[name])
                elif name in of_item.conditions:
                    none = "" if column.kind == "flag" else "; write 0 if there is none"
                    why = f"who is eligible depends on it, {of_item.conditions[name]}{none}"
                    self._empty(line, name, item, why)
                continue
            try:
                yield name, parse_cell(cell, column, self.grid.is_1904)
            except ValueError as error:
                self._fault(line, self.at[name], f"{column.header}: {error}")

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
                self._fault(line, self.at[name], f"{self.known.columns[name].header} ({name}) is empty")
            return ""
        try:
            return parse_name(cell)
        except ValueError as error:
            self._fault(line, self.at[name], f"{self.known.columns[name].header}: {error}")
            return ""

    def _day(self, line: int, cells: list[Any]) -> datetime.date | None:
        cell = cells[self.at["submitted"]]
        if is_empty(cell):
            self._fault(line, self.at["submitted"], "申报日期 (submitted) is empty")
            return None
        try:
            return parse_day(cell, self.grid.is_1904)
        except ValueError as error:
            self._fault(line, self.at["submitted"], f"申报日期: {error}")
            return None

    def _check_missing_columns(self) -> None:
        """One fault for each column that is not there although some row's item needs it."""
        unknown = [h for h in self.grid.headers if h and self.known.name(h) is None]
        for name, rows in self.lacking.items():
            header = self.known.columns[name].header
            line, why = rows[0]
            who = f"row {line} needs it" if len(rows) == 1 else f"{len(rows)} rows need it, first row {line}"
            hint = nearest(header, unknown).replace("did you mean", "is it")
            what = f"the column '{header}' ({name}) is missing; {who} ({why}){hint}"
            self._fault(self.grid.header_line, None, what)

    def _check_id(self, line: int, application_id: str) -> None:
        first = self.ids.setdefault(identity(application_id), line) if application_id else line
        if first != line:
            what = f"the number '{application_id}' (application_id, 申报编号) stands in row {first} already"
            self._fault(line, self.at["application_id"], what)

    def _check_alike(self) -> None:
        """Rows that differ in nothing but their number are a warning: an application may have been entered twice."""
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        number = self.at["application_id"]
        for line, cells in self.grid.rows:
            alike[tuple("" if n == number else plain_text(cell) for n, cell in enumerate(cells))].append(line)
        for lines in alike.values():
            if len(lines) > 1:
                rows = ", ".join(map(str, lines[1:6])) + (", …" if len(lines) > 6 else "")
                what = f"but for its number the same application stands again in row {rows}"
                self.warnings.append(Fault(self.grid.where(lines[0]), what, is_warning=True))

    def _empty(self, line: int, name: str, item: str, why: str) -> None:
        header = self.known.columns[name].header
        self._fault(line, self.at[name], f"{header} ({name}) is empty; {self._title(item)}: {why}")

    def _title(self, item: str) -> str:
        return next(i.title for i in self.known.scenario.items if i.key == item)

    def _fault(self, line: int, column: int | None, what: str) -> None:
        self.faults.append(Fault(self.grid.where(line, column), what))


# --- names -------------------------------------------------------------------------------------------------------


def _same_spelling(
    rows: list[Application], scenario: ScenarioModel, warnings: list[Fault], grid: Grid
) -> Iterator[Application]:
    """Rows in which one applicant, group or platform is spelled one way, and each applicant has one group."""
    spelled: dict[str, str] = {}
    for promise in scenario.opening:
        spelled.setdefault(identity(promise.applicant), promise.applicant)
        spelled.setdefault(identity(promise.platform), promise.platform)
    for name in (case.applicant for item in scenario.items for case in item.cases if case.applicant):
        spelled.setdefault(identity(name), name)
    for row in rows:
        for name in (row.applicant, row.group, row.platform):
            usual = spelled.setdefault(identity(name), seen(name))
            if usual != name:
                what = f"'{_shown(name)}' is taken for '{usual}'"
                warnings.append(Fault(grid.where(row.line), what, is_warning=True))
    groups = _groups(rows, warnings, grid)
    for row in rows:
        yield replace(
            row,
            applicant=spelled[identity(row.applicant)],
            group=spelled[groups[identity(row.applicant)]] if groups.get(identity(row.applicant)) else "",
            platform=spelled[identity(row.platform)],
        )


def _shown(name: str) -> str:
    """A name whose format characters are written out: what is not seen cannot be mended."""
    return "".join(c if seen(c) else f"<U+{ord(c):04X}>" for c in name)


def _groups(rows: list[Application], warnings: list[Fault], grid: Grid) -> dict[str, str]:
    """Identity of the group (所属集团) of each applicant; one that others name as their group belongs to itself."""
    groups: dict[str, str] = {}
    for row in rows:
        if row.group and groups.setdefault(identity(row.applicant), identity(row.group)) != identity(row.group):
            what = f"'{row.applicant}' has another group (所属集团) than in an earlier row, which holds"
            warnings.append(Fault(grid.where(row.line), what, is_warning=True))
    named = set(groups.values())
    for row in rows:
        if identity(row.applicant) in named:
            groups.setdefault(identity(row.applicant), identity(row.applicant))
    return groups


# --- how much is said --------------------------------------------------------------------------------------------


def _not_too_many(faults: list[Fault], grid: Grid) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    more = f"{len(faults) - MOST_FAULTS:,} more faults; is this the right file?"
    return [*faults[:MOST_FAULTS], Fault(grid.path.name, more)]


def _few(warnings: list[Fault], grid: Grid) -> list[Fault]:
    if len(warnings) <= MOST_WARNINGS:
        return warnings
    more = f"{len(warnings) - MOST_WARNINGS:,} more of such warnings"
    return [*warnings[:MOST_WARNINGS], Fault(grid.path.name, more, is_warning=True)]
