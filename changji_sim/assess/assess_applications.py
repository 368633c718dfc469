"""Real applications (申报) worked out: no chance, no selection, no envelope; the kernel's own formulas and caps.

>>> report = assess_file(EXAMPLE, registrations=120, out=False)
>>> row = report.frame.iloc[0]
>>> float(row["demand_wan"]), float(row["cut:investment_share"]), float(row["entitlement_wan"])
(213.0, 0.0, 213.0)

Every item and year is one trial: its rows stand in submission order (date, then file order) and go through the mode's
`demand`, `to_fen` and `apply_cap` like drawn ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..applications.known_columns import KnownColumns
from ..applications.register_file import Application, ApplicationsFile, read_with_faults
from ..applications.written_table import write_table
from ..base.faults import Fault, FaultyInput
from ..base.files import SCENARIOS, check_writable, is_there, write_whole
from ..base.garbage_collector import no_collection
from ..base.messages import handed_on_language, joined, message, named
from ..modes.support_mode import Cap
from ..scenario.model import GUIDE, Item, ScenarioModel
from ..scenario_file.load import load_scenario
from ..scenario_file.opening_doubts import doubtful_ledger
from ..scenario_file.opening_file import read_opening
from ..wording.labels import label
from .assess_notes import notes
from .assess_report import ADDED, by_item, frame
from .assess_workbook import assess_workbook
from .assessment import IN_FORCE_ARTICLE, Assessment

EXAMPLE = SCENARIOS / "examples" / "applications_2026.xlsx"
MOST_REGISTRATIONS = 1_000_000

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class AssessReport:
    """What `assess_file` gives.

    Args:
        frame: the input's rows and columns in their order, then ``demand_wan``, ``cut:<cap>``, ``entitlement_wan``,
            ``bound_by``, ``article``, ``note``; for applications that claim in several years also a set a year
            (``demand_wan_2026``, …), of which the first ones are the sums. 万元.
        by_item: rows, ``demand_wan``, ``cut_wan``, ``entitlement_wan`` of each item and year of claim.
        notes: on what terms the numbers stand, one sentence each.
        warnings: what is odd about the files, though no fault.
        out: the file written, if one was.
    """

    frame: pd.DataFrame
    by_item: pd.DataFrame
    notes: tuple[str, ...]
    warnings: tuple[Fault, ...]
    out: Path | None = None


@no_collection()
def assess_file(
    path: PathLike,
    year: int | None = None,
    scenario: PathLike | ScenarioModel | None = None,
    registrations: int | None = None,
    opening: PathLike | None = None,
    out: PathLike | Literal[False] | None = None,
    plugins_dir: PathLike | None = None,
    reform: Any = None,
    plain: bool = False,
) -> AssessReport:
    """Work out what each application of a file may get.

    Args:
        path: a table of applications (`read_applications`).
        year: only rows that count in that year (预算年度, else that of the day); without it every calendar year is
            worked out on its own.
        scenario: whose guide and readings hold; without one the law's own values, and the baseline's guide terms only
            where the law leaves them open.
        registrations: valid registrations (有效报名数量) of the contest, the same in every year.
        opening: an opening file; without one, that of the scenario, and where there is none no applicant is barred
            and no award was given before.
        out: where to write the result, by default beside the input; ``False`` writes nothing. A .csv is ``frame``; an
            .xlsx is a workbook to hand on (`assess_workbook`), in Chinese unless another language is asked for.
        plugins_dir, reform: as in `load_scenario`.
        plain: an .xlsx is ``frame`` too, one sheet with its keys as headers.

    Raises:
        FaultyInput: everything wrong with the files and the arguments; nothing is written then.
    """
    path = Path(path)
    rules = _rules(scenario, reform, plugins_dir)
    faults: list[Fault] = []
    target = _target(path, out, faults)
    rules = _opened(rules, opening, faults)
    faults += _faulty_arguments(year, registrations, rules)
    file = _read(path, rules, faults)
    if file is None:
        raise FaultyInput(faults)
    chosen = [row for row in file.rows if row.year == year or year not in rules.years]
    counts = _counts(rules, chosen, registrations, scenario is not None, faults)
    faults += [*_outside(file, year, rules), *_clashes(file)]
    if faults:
        raise FaultyInput(faults)
    done = Assessment(file, chosen, replace(rules, opening=file.opening), counts)
    done.run()
    table = frame(done)
    terms = tuple(notes(done, scenario is not None, year, registrations, opening is not None))
    if target is not None and (plain or target.suffix.lower() == ".csv"):
        write_table(target, list(table.columns), table.itertuples(index=False), file.table.sheet or path.stem)
    elif target is not None:
        write_whole(target, assess_workbook(done, terms, handed_on_language()))
    return AssessReport(table, by_item(done), terms, (*rules.warnings, *file.warnings), target)


def law_scenario(reform: Any = None, plugins_dir: PathLike | None = None) -> ScenarioModel:
    """The baseline without any ceiling the guide sets below the law's: what holds where no scenario is given."""
    baseline = load_scenario(SCENARIOS / "baseline.yaml", reform, plugins_dir)
    return replace(
        baseline,
        items=tuple(replace(item, caps=_law_first(item)) for item in baseline.items),
        opening=(),
        opening_path=None,
    )


def _law_first(item: Item) -> dict[int, tuple[Cap, ...]]:
    tighter = {f"{cap.key}_guide" for caps in item.caps.values() for cap in caps if cap.article != GUIDE}
    return {year: tuple(cap for cap in caps if cap.key not in tighter) for year, caps in item.caps.items()}


# --- what is given -----------------------------------------------------------------------------------------------


def _rules(scenario: PathLike | ScenarioModel | None, reform: Any, plugins_dir: PathLike | None) -> ScenarioModel:
    if scenario is None:
        return law_scenario(reform, plugins_dir)
    if not isinstance(scenario, ScenarioModel):
        return load_scenario(scenario, reform, plugins_dir)
    if reform is not None:
        raise FaultyInput([Fault("reform", message("a scenario already loaded has its law; load it with the reform"))])
    return scenario


def _opened(rules: ScenarioModel, opening: PathLike | None, faults: list[Fault]) -> ScenarioModel:
    """The rules with the opening position of a file; without one, with the scenario's own."""
    if opening is None:
        return rules
    rows, found = read_opening(Path(opening), rules.items, rules.years, known=lambda: KnownColumns(rules))
    faults += [fault for fault in found if not fault.is_warning]
    opened = replace(rules, opening=rows, opening_path=Path(opening))
    doubts = [Fault(Path(opening).name, what, is_warning=True) for what in doubtful_ledger(opened)]
    warnings = (*rules.warnings, *(fault for fault in found if fault.is_warning), *doubts)
    return replace(opened, warnings=warnings)


def _read(path: Path, rules: ScenarioModel, faults: list[Fault]) -> ApplicationsFile | None:
    """The applications, as far as they can be read; None where there is no table."""
    try:
        file, found = read_with_faults(path, rules)
    except FaultyInput as error:
        faults += error.faults
        return None
    faults += found
    return file


def _target(path: Path, out: PathLike | Literal[False] | None, faults: list[Fault]) -> Path | None:
    """Where the result is written; None where nowhere, or where that cannot be."""
    try:
        return _checked_target(path, out)
    except FaultyInput as error:
        faults += error.faults
        return None


def _checked_target(path: Path, out: PathLike | Literal[False] | None) -> Path | None:
    if out is False:
        return None
    kind = ".csv" if path.suffix.lower() == ".csv" else ".xlsx"
    target = path.with_name(f"{path.stem}_assessed{kind}") if out is None else Path(out)
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise FaultyInput([Fault(target.name, message("the result is written as .csv or .xlsx"))])
    if is_there(target) and is_there(path) and target.samefile(path):
        what = message("the result would overwrite the applications; choose another name")
        raise FaultyInput([Fault(target.name, what)])
    check_writable(target.parent)
    return target


def _faulty_arguments(year: Any, registrations: Any, rules: ScenarioModel) -> Iterator[Fault]:
    first, last = rules.years[0], rules.years[-1]
    if year is not None and (isinstance(year, bool) or year not in rules.years):
        what = message("the measure is in force {first}–{last}, not in {year}", first=first, last=last, year=str(year))
        yield Fault("--year", what, IN_FORCE_ARTICLE)
    if registrations is not None and not _is_count(registrations):
        what = message(
            "found {value}; a whole number from 0 to {most:,} is needed",
            value=repr(registrations),
            most=MOST_REGISTRATIONS,
        )
        yield Fault("--registrations", what)


def _is_count(registrations: Any) -> bool:
    is_whole = isinstance(registrations, (int, np.integer)) and not isinstance(registrations, bool)
    return is_whole and 0 <= registrations <= MOST_REGISTRATIONS


def _outside(file: ApplicationsFile, year: int | None, rules: ScenarioModel) -> Iterator[Fault]:
    """Rows submitted when the measure is not in force; with a year chosen they are among those left out."""
    for row in file.rows:
        if year is None and row.year not in rules.years:
            column = file.columns["budget_year" if row.year != row.submitted.year else "submitted"].position
            what = message(
                "submitted {day}; the measure is in force {first}–{last}",
                day=str(row.submitted if row.year == row.submitted.year else row.year),
                first=rules.years[0],
                last=rules.years[-1],
            )
            yield Fault(file.table.where(row.line, column), what, IN_FORCE_ARTICLE)


def _clashes(file: ApplicationsFile) -> Iterator[Fault]:
    ours = (
        *ADDED[:2],
        "cut:",
        *(label("cut", language) + between for language, between in (("zh", "："), ("en", ": "))),
    )
    taken = [h for h in file.table.headers if h.startswith(ours) or h in ADDED]
    if taken:
        what = message(
            "assess adds these columns itself: {columns}; rename or remove them (is this a file that assess wrote?)",
            columns=joined(taken[:5]),
        )
        yield Fault(file.table.where(file.table.header_line), what)


def _counts(
    rules: ScenarioModel,
    rows: Sequence[Application],
    registrations: int | None,
    is_given: bool,
    faults: list[Fault],
) -> Mapping[str, np.ndarray]:
    """What winners are counted against (有效报名数量), by column name: the argument, else the scenario's mean; a fault
    where applications need it and it is not given.
    """
    counts = {}
    asked_for = {row.item for row in rows}
    for item in rules.items:
        for of in {cap.of for caps in item.caps.values() for cap in caps if cap.per == "count" and cap.of}:
            drawn = next((d for d in item.item_columns if d.column.name == of), None) if is_given else None
            mean = drawn.distribution.mean if drawn is not None else np.nan
            if registrations is not None:
                counts[of] = np.array([float(registrations) if _is_count(registrations) else 0.0])
            elif np.isfinite(mean):
                counts[of] = np.rint(np.array([mean]))
            elif item.key in asked_for:
                what = message(
                    "{item} needs the number of valid registrations (有效报名数量): give --registrations N",
                    item=named(item.title, item.title_en or item.title),
                )
                faults.append(Fault("--registrations", what, item.article))
    return counts
