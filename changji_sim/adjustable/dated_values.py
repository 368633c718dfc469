"""A number of its own for every year (逐年), of a parameter that the file gives one number for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import param

from ..scenario.model import ScenarioModel
from ..scenario_file.earlier_years import entry_of
from ..scenario_file.sheet import first_year_of, path_keys
from .adjustable import Adjustable
from .bounds import Bounds
from .numbers import is_number
from .sliders import number_slider

BY_YEAR = ("applications", "growth", "quality_pass", "reapply")  # of an item's assumptions
WHOLE = ("log_sd", "recovery_delay_years", "violation_bar_years")  # one number, whatever the year


def can_be_dated(one: Adjustable) -> bool:
    """Whether a scenario file may give the parameter a number for each year and gives it one for all."""
    if not isinstance(one.parameter, param.Number) or one.end is not None:
        return False
    names = one.path.split(".")
    if one.value is None or one.is_fixed or names[-1].isdigit() or names[-1] in WHOLE:
        return False
    if names[0] == "items":
        return names[2] == "guide" or (names[2] == "assumptions" and names[3] in BY_YEAR)
    return names[-1] != "growth" or names == ["growth"]


def split_by_year(one: Adjustable, scenario: ScenarioModel) -> dict[str, Any]:
    """What changes a file so that the parameter has a number for each year simulated, the same as before."""
    base, by_year = _split(one, scenario)
    return {base: by_year}


def in_year(one: Adjustable, year: int, scenario: ScenarioModel) -> Adjustable:
    """The parameter in one year alone; setting it leaves the other years as they are."""
    base, by_year = _split(one, scenario)
    is_explained = base.endswith(".value") and bool(one.source or one.mark)
    parameter = one.parameter
    if one.doubt is not None:  # what is drawn about it is the same for all years
        parameter = number_slider(by_year[year], one.unit, Bounds(*one.doubt, isinstance(parameter, param.Integer)))
    return replace(
        one,
        key=f"{one.key}.{year}",
        path=f"{base}.{year}",
        title=f"{one.title} {year}",
        title_en=f"{one.title_en} {year}",
        parameter=parameter,
        value=by_year[year],
        doubt=None,
        law_term="",
        split={base: by_year},
        provenance_path=base.removesuffix(".value") if is_explained else "",
    )


def _split(one: Adjustable, scenario: ScenarioModel) -> tuple[str, dict[int, float]]:
    """Where a number for each year stands, and the number that each year has now."""
    data, path = scenario.raw, one.path
    node, above = _at(data, path), _at(data, path.rpartition(".")[0])
    if path.endswith(".value"):
        node = above  # with its growth beside it
    elif isinstance(node, Mapping) and "value" in node:
        path += ".value"
    first = first_year_of(data)
    entries = {year: entry_of(node, year, first) for year in scenario.years}
    return path, {year: entry if is_number(entry) else one.value for year, entry in entries.items()}


def _at(node: Any, path: str) -> Any:
    for key in path_keys(path) if path else ():
        node = node.get(key) if isinstance(node, Mapping) else None
    return node
