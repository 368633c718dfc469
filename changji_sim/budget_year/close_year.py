"""Closing a year (年度结转): the opening ledger of the next year, and a scenario that starts there."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ..applications.known_columns import KnownColumns
from ..base.faults import Fault, FaultyInput
from ..base.files import SCENARIOS, is_there, write_together
from ..base.messages import message
from ..kernel.simulate import check_arguments
from ..measure import Reforms
from ..scenario.model import OpeningRow, ScenarioModel
from ..scenario_file.load import load_scenario, read_scenario
from ..scenario_file.opening_doubts import doubtful_ledger
from ..scenario_file.opening_file import read_opening
from ..scenario_file.save import changed_text
from .closing import closing_rows
from .written_ledger import ledger_bytes
from .year_decisions import Decided, decided

YEAR_BEHIND = re.compile(r"_(?:19|20)\d\d$")  # of the name of a scenario that was closed before
LEDGERS = (".xlsx", ".csv")


@dataclass(frozen=True, eq=False)
class Closed:
    """A year closed: where its two files are, the ledger's rows, and what should be known of them."""

    year: int
    scenario: Path
    ledger: Path
    rows: tuple[OpeningRow, ...]
    warnings: tuple[Fault, ...]

    @property
    def carried(self) -> dict[str, float]:
        """How many rows of the ledger are what, and 万元 to be paid."""
        rows = self.rows
        return {
            "rows": len(rows),
            "due": sum(amount for row in rows for amount in row.due_wan.values()),
            "arrears": sum(row.arrears_wan for row in rows),
            "awards": sum(row.is_award_given for row in rows),
            "bars": sum(row.bar_until is not None for row in rows),
            "loans": sum(bool(row.values) and not (row.committed_wan or row.may_apply_again) for row in rows),
            "again": sum(row.may_apply_again for row in rows),
        }


def close_year(
    name_or_path: str | os.PathLike[str],
    year: int,
    decisions: str | os.PathLike[str] | None = None,
    trial: int | None = None,
    seed: int = 0,
    out: str | os.PathLike[str] | None = None,
    ledger: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    reform: Reforms | None = None,
    plugins_dir: str | os.PathLike[str] | None = None,
) -> Closed:
    """Write what a year leaves behind: the opening ledger of the next one, and the scenario that begins with it.

    Args:
        name_or_path: the scenario; its file stays as it is.
        year: the year that is over.
        decisions: the applications of the year with what was decided and paid (`decided`); or else
        trial: a trial of the scenario that stands for the year, to rehearse (from 0 on), of the run with ``seed``.
        out: the new scenario's file, by default beside the old one, its name with the next year behind it.
        ledger: the ledger's file, .xlsx or .csv, in the same folder; by default named as the scenario.
        overwrite: replace files that are there.

    Raises:
        FaultyInput: every fault of what is given; nothing is written.
    """
    check_arguments(1 if trial is None else trial + 1, seed, 1)
    scenario = load_scenario(name_or_path, reform, plugins_dir)
    source = scenario.path or Path(f"{scenario.name}.yaml")
    target, table = _places(source, year, out, ledger)
    faults = [*_faulty_year(scenario, year), *_faulty_places(source, target, table, overwrite)]
    found = Decided((), (), ())
    if (decisions is None) == (trial is None):
        faults.append(Fault("", message("name either the decisions of the year or a trial to rehearse with")))
    elif decisions is not None and year in scenario.years:
        found = decided(scenario, year, Path(decisions))
        faults += found.faults
    if faults:
        raise FaultyInput(faults)
    rows = found.rows if trial is None else closing_rows(scenario, year, trial, seed)
    text = _text(scenario, source, target, table, year)
    content = ledger_bytes(table, rows, scenario)
    warnings = _checked(target, table, text, content, reform, plugins_dir)
    write_together(target.parent, {table.name: content, target.name: text.encode()})
    return Closed(year, target, table, rows, (*found.warnings, *_not_carried(scenario, table), *warnings))


def _places(source: Path, year: int, out: Any, ledger: Any) -> tuple[Path, Path]:
    """Where the scenario and the ledger are written."""
    folder = Path() if _is_shipped(source) else source.parent
    stem = f"{YEAR_BEHIND.sub('', source.stem)}_{year + 1}"
    target = folder / f"{stem}.yaml" if out is None else Path(out)
    return target, target.with_name(f"{target.stem}_opening.xlsx") if ledger is None else Path(ledger)


def _is_shipped(path: Path) -> bool:
    return path.resolve().parent == SCENARIOS.resolve()


def _faulty_year(scenario: ScenarioModel, year: int) -> Iterator[Fault]:
    first, last = scenario.years[0], scenario.years[-1]
    if year not in scenario.years:
        yield Fault("", message("found {year}; the scenario has {first}–{last}", year=year, first=first, last=last))
    elif year == last:
        what = message(
            "{year} is the last year: the measure does not hold in {next}, so nothing opens then",
            year=year,
            next=year + 1,
        )
        yield Fault("", what, "第二十二条")


def _faulty_places(source: Path, target: Path, table: Path, overwrite: bool) -> Iterator[Fault]:
    if target.suffix.lower() not in (".yaml", ".yml"):
        yield Fault(str(target), message("a scenario is a file that ends in .yaml"))
    if table.suffix.lower() not in LEDGERS:
        yield Fault(str(table), message("the ledger is a file that ends in .xlsx or .csv"))
    if table.resolve().parent != target.resolve().parent:
        yield Fault(str(table), message("the ledger stands in the folder of the scenario that names it"))
    if target.resolve() == source.resolve():
        yield Fault(str(target), message("this is the scenario that is closed, which stays; choose another name"))
    for path in (target, table):
        if is_there(path) and not (overwrite and path.is_file()) and path.resolve() != source.resolve():
            what = message("there is such a file already; choose another name or add --overwrite")
            yield Fault(str(path), what)


def _not_carried(scenario: ScenarioModel, table: Path) -> Iterator[Fault]:
    """Warnings about what the two files do not hold."""
    claims_on = any(next(iter(item.modes.values())).claim_years > 1 for item in scenario.items)
    if scenario.readings["in_force"] == "dates" and claims_on:
        what = message(
            "applications submitted outside the days in force are left out: what they would ask in later years, and "
            "not get, is counted no more"
        )
        yield Fault(table.name, what, is_warning=True)
    if scenario.left_out and scenario.opening_path is not None:
        titles = "、".join(item.title for item in scenario.left_out)
        what = message("rows of items that are left out of the scenario are not carried: {items}", items=titles)
        yield Fault(table.name, what, is_warning=True)
    if scenario.reform_name:
        what = message("the reform {name} is no part of a scenario: name it again when the new one is run",
                       name=scenario.reform_name)  # fmt: skip
        yield Fault(table.name, what, is_warning=True)


def _text(scenario: ScenarioModel, source: Path, target: Path, table: Path, year: int) -> str:
    """The new scenario as its author wrote the old one, with comments; of one that ships, a file that extends it."""
    years, name = [year + 1, scenario.years[-1]], target.stem
    if _is_shipped(source):
        return "\n".join([
            f"# {year}年年末结转，自{year + 1}年起",
            f"extends: {source.stem}",
            f"name: {name}",
            f"years: [{years[0]}, {years[1]}]",
            f"opening: {table.name}",
            "",
        ])  # fmt: skip
    changes: Mapping[str, Any] = {"years": years, "opening": table.name, "name": name}
    return changed_text(target, scenario.text, changes)


def _checked(
    target: Path, table: Path, text: str, content: bytes, reform: Reforms | None, plugins_dir: Any
) -> tuple[Fault, ...]:
    """Read the new scenario and its ledger before either is written; the warnings of both.

    Raises:
        FaultyInput: they are at fault.
    """
    scenario = read_scenario(target, changed_text(target, text, {"opening": "none"}), reform, plugins_dir)
    with tempfile.TemporaryDirectory() as folder:
        aside = Path(folder) / table.name
        aside.write_bytes(content)
        known = partial(KnownColumns, scenario)
        rows, found = read_opening(aside, scenario.items, scenario.years, scenario.left_out, known)
    faults = [fault for fault in found if not fault.is_warning]
    if faults:
        raise FaultyInput(faults)
    doubts = doubtful_ledger(replace(scenario, opening=rows))
    return (*scenario.warnings, *found, *(Fault(table.name, what, is_warning=True) for what in doubts))
