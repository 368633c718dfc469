"""The settings of a sweep (多组设定): every combination, a list, a Latin hypercube or Sobol's points.

A file of settings says which::

    grid: {envelopes.total: [7000, 8000, 9000], growth: [3%, 8%, 15%]}

Values are written as behind ``--set``.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import param

from ..adjustable import adjustables
from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import named_one, value_of
from ..base.checks import shown
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, joined, message
from ..base.yaml_lines import line_of, plain, read_yaml, unknown_key
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of

MOST_SETTINGS = 100_000
DIGITS = 6  # of a value between two ends
POINTS = ("latin_hypercube", "sobol")
KINDS = ("grid", "list", *POINTS)
OF_POINTS = ("between", "count", "seed")
Setting = Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """What a sweep sets: the parameters, and a value of each in every setting (None where it is left as it is)."""

    parameters: tuple[Adjustable, ...]
    rows: tuple[Setting, ...]


def read_settings(path: str | os.PathLike[str], scenario: ScenarioModel) -> Settings:
    """The settings of a file.

    Raises:
        FaultyInput: every fault of the file with its line.
    """
    data, _ = read_yaml(path)
    faults = _of_one_kind(data)
    if not faults:
        try:
            return settings_of(plain(data), scenario)
        except FaultyInput as error:
            faults = [*error.faults]
    file = Path(path).name
    kind = next(iter(data), None)
    where = f"{file}:{line_of(data, kind)}" if kind in KINDS else file
    raise FaultyInput([Fault(f"{where} {fault.where}".strip(), fault.what, fault.article) for fault in faults])


def settings_of(given: Mapping[str, Any] | Sequence[Setting] | pd.DataFrame, scenario: ScenarioModel) -> Settings:
    """The settings that are meant.

    Args:
        given: as in a file; or a sequence of mappings; or a frame with a column a parameter and a row a setting, where
            what is missing (NaN) leaves the parameter as it is.

    Raises:
        FaultyInput: every name that is not known; no settings, or more than `MOST_SETTINGS`; ends that cannot be.
    """
    if isinstance(given, pd.DataFrame):
        rows = [{str(k): v for k, v in row.items() if not _is_missing(v)} for row in given.to_dict("records")]
        given = {"list": rows}
    elif not isinstance(given, Mapping):
        given = {"list": list(given)}
    faults = _of_one_kind(given)
    if faults:
        raise FaultyInput(faults)
    ((kind, what),) = given.items()
    by_name = _parameters(_names(kind, what), scenario)
    rows = _rows(kind, what, by_name)
    if not 1 <= len(rows) <= MOST_SETTINGS:
        raise FaultyInput([Fault(kind, _too_many(len(rows)))])
    parameters = {one.key: one for one in by_name.values()}
    renamed = [{by_name[name].key: value for name, value in row.items()} for row in rows]
    return Settings(tuple(parameters.values()), tuple(renamed))


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _too_many(count: int) -> Message:
    return message("{count:,} settings; from 1 to {most:,} are allowed", count=count, most=MOST_SETTINGS)


# --- the form ---------------------------------------------------------------------------------------------------------


def _of_one_kind(data: Mapping[Any, Any]) -> list[Fault]:
    """What is wrong with the form of the settings: a kind, and below it what it takes."""
    kinds = [key for key in data if key in KINDS]
    faults = [Fault("", unknown_key(key, KINDS)) for key in data if key not in KINDS]
    if len(kinds) != 1:
        faults.append(Fault("", message("one of {kinds} is needed", kinds=joined(KINDS))))
        return faults
    return faults + _CHECKS[kinds[0]](kinds[0], data[kinds[0]])


def _grid_faults(kind: str, grid: Any) -> list[Fault]:
    if not isinstance(grid, Mapping) or not grid:
        return [Fault(kind, message("lines of 'name: [value, value]' are needed below it"))]
    faults = [
        Fault(f"{kind}.{name}", message("found {found}; a list of values is needed", found=shown(values)))
        for name, values in grid.items()
        if not isinstance(values, list) or not values or any(isinstance(one, list | Mapping) for one in values)
    ]
    if not faults and math.prod(map(len, grid.values())) > MOST_SETTINGS:
        faults.append(Fault(kind, _too_many(math.prod(map(len, grid.values())))))
    return faults


def _list_faults(kind: str, rows: Any) -> list[Fault]:
    if not isinstance(rows, list):
        return [Fault(kind, message("a list of settings is needed, '- {{name: value, name: value}}' each"))]
    return [
        Fault(f"{kind} {number}", message("found {found}; names with their values are needed", found=shown(row)))
        for number, row in enumerate(rows, start=1)
        if not isinstance(row, Mapping) or not row or any(isinstance(one, list | Mapping) for one in row.values())
    ]


def _point_faults(kind: str, about: Any) -> list[Fault]:
    if not isinstance(about, Mapping):
        return [Fault(kind, message("count and between are needed below it"))]
    faults = [Fault(kind, unknown_key(key, OF_POINTS)) for key in about if key not in OF_POINTS]
    between, count, seed = about.get("between"), about.get("count"), about.get("seed", 0)
    if not isinstance(between, Mapping) or not between:
        faults.append(Fault(f"{kind}.between", message("lines of 'name: [lowest, highest]' are needed below it")))
    else:
        faults += [
            Fault(f"{kind}.between.{name}", message("found {found}; [lowest, highest] is needed", found=shown(ends)))
            for name, ends in between.items()
            if not isinstance(ends, list) or len(ends) != 2 or any(isinstance(one, list | Mapping) for one in ends)
        ]
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_SETTINGS:
        what = message("found {found}; a whole number from 1 to {most:,} is needed", found=shown(count),
                       most=MOST_SETTINGS)  # fmt: skip
        faults.append(Fault(f"{kind}.count", what))
    elif kind == "sobol" and count & (count - 1):
        what = message("found {found}; Sobol's points are even only in powers of two: {lower} or {upper}", found=count,
                       lower=1 << (count.bit_length() - 1), upper=1 << count.bit_length())  # fmt: skip
        faults.append(Fault(f"{kind}.count", what))
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        faults.append(Fault(f"{kind}.seed", message("found {found}; a whole number is needed", found=shown(seed))))
    return faults


_CHECKS = {"grid": _grid_faults, "list": _list_faults, **dict.fromkeys(POINTS, _point_faults)}


# --- names and values -------------------------------------------------------------------------------------------------


def _names(kind: str, what: Any) -> list[str]:
    if kind == "grid":
        return [str(name) for name in what]
    if kind == "list":
        return list(dict.fromkeys(str(name) for row in what for name in row))
    return [str(name) for name in what["between"]]


def _parameters(names: Sequence[str], scenario: ScenarioModel) -> dict[str, Adjustable]:
    """The parameters of names; a name that is none's, and two names of one parameter, are faults."""
    known = adjustables(Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True), scenario)
    found: dict[str, Adjustable] = {}
    faults = []
    for name in names:
        try:
            one = named_one(name, known, scenario)
        except ValueError as error:
            faults.append(Fault(name[:60], error.args[0]))
            continue
        if one.key in {other.key for other in found.values()}:
            faults.append(Fault(name[:60], message("{name} is set twice", name=one.key)))
        found[name] = one
    if faults:
        raise FaultyInput(faults)
    return found


def _rows(kind: str, what: Any, by_name: Mapping[str, Adjustable]) -> list[dict[str, Any]]:
    if kind == "list":
        return [{str(name): value for name, value in row.items()} for row in what]
    if kind == "grid":
        return [dict(zip(by_name, values, strict=True)) for values in itertools.product(*what.values())]
    ends = _ends(kind, what["between"], by_name)
    places = _points(kind, len(ends), what["count"], what.get("seed", 0))
    return [
        {
            name: round(low + float(place) * (high - low), DIGITS)
            for (name, (low, high)), place in zip(ends.items(), row, strict=True)
        }
        for row in places
    ]


def _ends(kind: str, between: Mapping[Any, Any], by_name: Mapping[str, Adjustable]) -> dict[str, tuple[float, float]]:
    ends, faults = {}, []
    for name, (low, high) in between.items():
        one = by_name[str(name)]
        try:
            if not isinstance(one.parameter, param.Number):
                raise ValueError(message("this is no number"))
            values = float(value_of(one, low)), float(value_of(one, high))
            if values[0] >= values[1]:
                raise ValueError(message("the lowest value must be below the highest"))
            ends[str(name)] = values
        except (ValueError, TypeError) as error:
            what = error.args[0] if isinstance(error, ValueError) else message("two numbers are needed")
            faults.append(Fault(f"{kind}.between.{name}", what))
    if faults:
        raise FaultyInput(faults)
    return ends


def _points(kind: str, dimensions: int, count: int, seed: int) -> Any:
    """Points of the unit cube, shape ``(count, dimensions)``, the same for the same seed."""
    from scipy.stats import qmc  # a second to load

    made = qmc.LatinHypercube if kind == "latin_hypercube" else qmc.Sobol
    return made(dimensions, rng=seed).random(count)
