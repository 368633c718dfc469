"""A run's forecasts kept in a folder, and the amounts that came, by year and item."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..applications.cells import Written, is_empty, names_nothing, parse_name, parse_number
from ..applications.known_columns import KnownColumns
from ..applications.written_units import WAN, scale_of, split_header
from ..base.faults import Fault, FaultyInput
from ..base.files import bytes_of
from ..base.messages import joined, message
from ..base.spelling import identity
from ..modes.support_mode import Column
from ..results.run_result import RunResult
from ..scenario.model import ScenarioModel
from ..scenario_file.load import read_scenario
from ..tables.read_table import read_table
from ..tables.table import ExpectedColumns, Row, Table
from ..wording.labels import label
from .score import Scored, score

COLUMNS = {
    "year": Column("year", label("year", "zh", "columns"), kind="whole", bounds=(1990, 2100)),
    "item": Column("item", label("item", "zh", "columns"), kind="text"),
    "actual_wan": Column("actual_wan", "实际金额"),
}
ALSO = {"预算年度": "year", "年份": "year", "实际数": "actual_wan", label("amount", "zh", "columns"): "actual_wan"}
QUANTILES = ("p05_wan", "p10_wan", "p50_wan", "p90_wan", "p95_wan")
PathLike = str | os.PathLike[str]
Key = tuple[int, str]


def score_file(
    folder: PathLike, actuals: PathLike, flow: str = "payment", plugins_dir: PathLike | None = None
) -> Scored:
    """Score the forecasts of a run by the amounts that came.

    Args:
        folder: a run's files, with budget.csv and manifest.json.
        actuals: a table of 年度, 支持方向 and 实际金额（万元）, a row each year and item.
        flow: which flow of budget.csv the amounts are of.

    Raises:
        FaultyInput: every fault of the files.
    """
    return _scored(_scenario(Path(folder), plugins_dir), _kept(Path(folder) / "budget.csv"), actuals, flow)


def score_result(result: RunResult, actuals: PathLike, flow: str = "payment") -> Scored:
    """The same of a run in memory."""
    return _scored(result.scenario, result.budget().to_dict("records"), actuals, flow)


def _scored(scenario: ScenarioModel, budget: list[dict[Any, Any]], actuals: PathLike, flow: str) -> Scored:
    forecasts = _forecasts(budget, flow)
    table = read_table(Path(actuals), ExpectedColumns(_name, tuple(COLUMNS), tuple(COLUMNS)[1:], ("year",)))
    amounts, faults = _amounts(table, KnownColumns(scenario), forecasts, flow)
    if faults:
        raise FaultyInput([*table.faults, *faults])
    if table.faults:
        raise FaultyInput(table.faults)
    keys = sorted(amounts)
    named = pd.DataFrame(keys, columns=["year", "item"])
    scored = score(named, np.array([forecasts[key] for key in keys]), np.array([amounts[key] for key in keys]))
    return replace(scored, scenario=scenario)


def _scenario(folder: Path, plugins_dir: Any) -> ScenarioModel:
    path = folder / "manifest.json"
    try:
        kept = json.loads(bytes_of(path))["scenario"]
        name, text = str(kept["file"]), str(kept["text"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FaultyInput([Fault(str(path), message("this is no manifest of a run"))]) from None
    return read_scenario(Path(name), text, None, plugins_dir)


def _kept(path: Path) -> list[dict[Any, Any]]:
    """The rows of a run's budget.csv, years and quantiles as numbers."""
    try:
        return [
            {**row, "year": int(row["year"]), **{name: float(row[name]) for name in QUANTILES}}
            for row in csv.DictReader(io.StringIO(bytes_of(path).decode()))
        ]
    except (ValueError, KeyError, TypeError, csv.Error):
        raise FaultyInput([Fault(str(path), message("this is no budget.csv of a run"))]) from None


def _forecasts(budget: list[dict[Any, Any]], flow: str) -> dict[Key, list[float]]:
    """The quantiles of each year and item."""
    flows = {row["flow"] for row in budget}
    if flow not in flows:
        known = joined(sorted(flows))
        raise FaultyInput(
            [Fault("--flow", message("there is no '{flow}' (there are {known})", flow=flow, known=known))]
        )
    of_items = (row for row in budget if row["flow"] == flow and row["item"] != "*")
    return {(row["year"], row["item"]): [row[name] for name in QUANTILES] for row in of_items}


def _name(header: str) -> str | None:
    base = identity(split_header(header).base)
    own = {identity(word): name for name, one in COLUMNS.items() for word in (name, one.label)}
    return own.get(base) or {identity(word): name for word, name in ALSO.items()}.get(base)


def _amounts(
    table: Table, known: KnownColumns, forecasts: dict[Key, list[float]], flow: str
) -> tuple[dict[Key, float], list[Fault]]:
    """The amounts by year and item, and the faults of the rows."""
    at = {name: n for n, header in reversed(list(enumerate(table.headers))) if (name := _name(header))}
    faults = [
        Fault(table.where(table.header_line), message("the column '{header}' is missing", header=one.label))
        for name, one in COLUMNS.items()
        if name not in at
    ]
    if faults:
        return {}, faults
    unit = split_header(table.headers[at["actual_wan"]]).unit
    scale = scale_of(unit or WAN, WAN)
    if scale is None:
        what = message("the unit '{unit}' is none of money", unit=unit or "")
        return {}, [Fault(table.where(table.header_line, at["actual_wan"]), what)]
    found: dict[Key, float] = {}
    for row in table.rows:
        try:
            year, item, amount = _row(row, at, known, Written(unit or WAN, scale))
            if (year, item) in found:
                raise ValueError(message("{year} has an amount of '{item}' already", year=year, item=item))
            if (year, item) not in forecasts:
                raise ValueError(
                    message("the run has no {flow} of '{item}' in {year}", flow=flow, item=item, year=year)
                )
            found[year, item] = amount
        except ValueError as error:
            faults.append(Fault(table.where(row.line), error.args[0]))
    if not table.rows:
        faults.append(Fault(table.path.name, message("there are headers but no amounts below them")))
    return found, faults


def _row(row: Row, at: dict[str, int], known: KnownColumns, written: Written) -> tuple[int, str, float]:
    for name, column in COLUMNS.items():
        if is_empty(row.cells[at[name]]) or names_nothing(row.cells[at[name]]):
            raise ValueError(message("nothing stands under '{header}'", header=column.label))
    word = parse_name(row.cells[at["item"]])
    item = known.item(word)
    if item is None:
        what = message("there is no item '{item}'", item=word)
        raise ValueError(joined([what, known.item_hint(word)], "", ""))
    year = int(parse_number(row.cells[at["year"]], COLUMNS["year"]))
    return year, item, parse_number(row.cells[at["actual_wan"]], COLUMNS["actual_wan"], written)
