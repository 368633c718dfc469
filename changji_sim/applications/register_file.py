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

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message, named
from ..base.units import year_fraction
from ..scenario.input_files import DAY
from ..scenario.model import Item, OpeningRow, RegisterRows, ScenarioModel
from ..tables.read_table import read_table
from ..tables.table import ExpectedColumns, Table
from .applicants import one_name_each
from .application import Application
from .chosen_columns import Place
from .doubtful_numbers import doubtful_numbers, split_amounts
from .known_columns import KnownColumns
from .row_reader import IDENTIFIES, RowReader
from .rows_named import rows_named

MOST_FAULTS = 500  # named one by one; a file with more is wrong as a whole
MOST_WARNINGS = 20  # of one kind


@dataclass(frozen=True, eq=False)
class ApplicationsFile:
    """A file of applications as read: its cells as they came, and the checked row for each of them, in file order."""

    path: Path
    table: Table
    known: KnownColumns
    rows: tuple[Application, ...]
    warnings: tuple[Fault, ...] = ()
    columns: Mapping[str, Place] = field(default_factory=dict)  # name -> where it stands
    opening: tuple[OpeningRow, ...] = ()  # the scenario's promises, with the names that the rows have

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
    table = read_table(path, expected_columns(known))
    return applications_of(table, known)


def expected_columns(known: KnownColumns) -> ExpectedColumns:
    """What makes the headers of a table of applications, and an entry in it."""
    return ExpectedColumns(known.name, IDENTIFIES, entry=IDENTIFIES[2:], printed=IDENTIFIES[:2])


def applications_of(table: Table, known: KnownColumns) -> tuple[ApplicationsFile, list[Fault]]:
    """The applications of a table and its faults, as `read_with_faults`."""
    file, faults = _checked(table, known)
    if faults:
        return file, faults
    named = one_name_each([(table, file.rows)], known.scenario)
    faults = [fault for fault in named.said if not fault.is_warning]
    warnings = _few([*file.warnings, *(fault for fault in named.said if fault.is_warning)], table)
    return replace(file, rows=tuple(named.rows[0]), warnings=tuple(warnings), opening=named.opening), faults


def _checked(table: Table, known: KnownColumns) -> tuple[ApplicationsFile, list[Fault]]:
    """The rows of a table, each by itself: an applicant may still have several names."""
    reader = RowReader(table, known)
    reader.read()
    if reader.faults:
        dated = sorted([*reader.rows, *reader.faulty_rows], key=lambda row: row.line)
        file = ApplicationsFile(table.path, table, known, tuple(dated), (), reader.at)
        return file, _not_too_many(reader.faults, table)
    doubts = (*doubtful_numbers(reader.rows, known, table), *split_amounts(table, reader.at))
    warnings = (*table.notes, *reader.warnings, *doubts, *_odd_days(reader))
    return ApplicationsFile(table.path, table, known, tuple(reader.rows), warnings, reader.at), []


def register_rows(path: str | os.PathLike[str], scenario: ScenarioModel, item: Item, year: int) -> list[dict[str, Any]]:
    """The applications of one item and year in a register file, in submission order (day and time, then file order).

    Returns:
        for each row ``applicant``, ``group`` and ``platform`` (text), the part of the year gone by when it was
        submitted (`DAY`), and its numbers by column name; a simulation draws what the file does not give.

    Raises:
        FaultyInput: as `read_applications`.
    """
    return _rows_of(read_applications(path, scenario), item, year)


def _rows_of(file: ApplicationsFile, item: Item, year: int) -> list[dict[str, Any]]:
    found = [row for row in file.rows if row.item == item.key]
    rows = [row for row in found if row.year == year]
    if not rows:
        what = message(
            "the register has no row of {item} submitted in {year} ({others} of other years)",
            item=_item_name(item),
            year=year,
            others=len(found),
        )
        raise FaultyInput([Fault(file.path.name, what)])
    return [
        {
            "applicant": row.applicant,
            "group": row.group,
            "platform": row.platform,
            DAY: year_fraction(row.day_in_year.isoformat()) - row.year,
            **row.values,
            **row.decision,
        }
        for row in sorted(rows, key=lambda row: row.order)
    ]


def read_registers(scenario: ScenarioModel) -> tuple[RegisterRows, tuple[OpeningRow, ...], list[Fault]]:
    """The registers a scenario names.

    Returns:
        rows by item and year, as `register_rows` gives them; the scenario's promises with the names that the rows
        have; and every fault and warning of the files, each once.
    """
    known = KnownColumns(scenario)
    found: list[Fault] = []
    files: dict[Path, ApplicationsFile] = {}
    for path in dict.fromkeys(path for item in scenario.items for path in item.registers.values()):
        try:
            file, faults = _checked(read_table(path, expected_columns(known)), known)
        except FaultyInput as error:
            found += error.faults
            continue
        found += faults or file.warnings
        if not faults:
            files[path] = file
    named = one_name_each([(file.table, file.rows) for file in files.values()], scenario)
    for path, renamed in zip(list(files), named.rows, strict=True):
        files[path] = replace(files[path], rows=tuple(renamed))
    rows: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for item in scenario.items:
        for year, path in item.registers.items():
            try:
                if path in files:
                    rows[item.key, year] = _rows_of(files[path], item, year)
            except FaultyInput as error:
                found += error.faults
    return rows, named.opening, _few(list(dict.fromkeys([*found, *named.said])), None)


# --- what is said ------------------------------------------------------------------------------------------------


def _odd_days(reader: RowReader) -> list[Fault]:
    """Warnings about years far from the day, and about days on which only some rows have a time."""
    found: list[Fault] = []
    lines = [row.line for row in reader.rows if not row.submitted.year <= row.year <= row.submitted.year + 1]
    if lines:
        what = message("the budget year in {rows} is not that of the date, nor the one after it",
                       rows=rows_named(lines))  # fmt: skip
        found.append(Fault(reader.table.where(lines[0]), what, is_warning=True))
    by_day: dict[Any, list[Application]] = defaultdict(list)
    for row in reader.rows:
        by_day[row.item, row.submitted].append(row)
    some = [rows for rows in by_day.values() if any(row.clock for row in rows) and not all(row.clock for row in rows)]
    lines = [row.line for rows in some for row in rows if row.clock is None]
    if lines:
        what = message(
            "{rows} have no time of day, others of the same day have one: those without come first",
            rows=rows_named(lines),
        )  # fmt: skip
        found.append(Fault(reader.table.where(lines[0]), what, is_warning=True))
    return found


def _item_name(item: Item) -> Message:
    return message("{title} ({key})", title=named(item.title, item.title_en or item.title), key=item.key)


def _not_too_many(faults: list[Fault], table: Table) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    more = message("{count:,} more faults; is this the right file?", count=len(faults) - MOST_FAULTS)
    return [*faults[:MOST_FAULTS], Fault(table.path.name, more)]


def _few(found: Sequence[Fault], table: Table | None) -> list[Fault]:
    """Faults and warnings, of each kind of warning no more than `MOST_WARNINGS`."""
    kept: list[Fault] = []
    left_out: dict[str, int] = defaultdict(int)
    by_kind: dict[str, int] = defaultdict(int)
    for fault in found:
        kind = getattr(fault.what, "template", "") if fault.is_warning else ""
        by_kind[kind] += 1
        if fault.is_warning and by_kind[kind] > MOST_WARNINGS:
            left_out[kind] += 1
        else:
            kept.append(fault)
    for count in left_out.values():
        more = message("{count:,} more of such warnings", count=count)
        kept.append(Fault(table.path.name if table else "", more, is_warning=True))
    return kept
