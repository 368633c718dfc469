"""A scenario file of fitted assumptions: what past years say, over the scenario that the file extends."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..applications.register_file import read_with_faults
from ..base.faults import Fault, FaultyInput
from ..base.files import SCENARIOS, is_there, write_whole
from ..base.messages import message
from ..scenario.model import ScenarioModel
from ..scenario_file.load import load_scenario, read_scenario
from .fit import APPLICATIONS, GROWTH, QUALITY_PASS, FittedHistory, FittedNumber, fit

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class FittedFile:
    """A history fitted, the warnings of its file, and the scenario file written, if one was."""

    history: FittedHistory
    warnings: tuple[Fault, ...]
    out: Path | None = None


def fit_file(
    path: PathLike,
    scenario: PathLike = "baseline",
    out: PathLike | None = None,
    overwrite: bool = False,
    plugins_dir: PathLike | None = None,
) -> FittedFile:
    """Fit assumptions to a file of last years' applications.

    Args:
        path: a table of applications (`read_applications`) of one year or more, each complete.
        scenario: whose assumptions they take the place of, and in whose form.
        out: the scenario file to write, which extends ``scenario``; None writes nothing.
        overwrite: replace a file that is there.

    Raises:
        FaultyInput: every fault of what is given; nothing is written.
    """
    path, model = Path(path), load_scenario(scenario, None, plugins_dir)
    target = None if out is None else Path(out)
    faults = [] if target is None else _faulty_target(target, path, model, overwrite)
    try:
        fitted = fit_table(path, model)
    except FaultyInput as error:
        raise FaultyInput([*faults, *error.faults]) from None
    if faults:
        raise FaultyInput(faults)
    if target is not None:
        text = fitted_text(fitted.history, path.name, target.stem)
        read_scenario(target, text, None, plugins_dir)  # a file that is at fault is not written
        write_whole(target, text.encode())
    return replace(fitted, out=target)


def fit_table(path: Path, model: ScenarioModel) -> FittedFile:
    """Fit the assumptions of a scenario to a file of last years' applications; nothing is written.

    Raises:
        FaultyInput: every fault of the file.
    """
    file, faults = read_with_faults(path, model)
    if faults:
        raise FaultyInput(faults)
    return FittedFile(fit(file.rows, model), file.warnings)


def _is_shipped(path: Path | None) -> bool:
    return path is None or path.resolve().parent == SCENARIOS.resolve()


def _faulty_target(target: Path, path: Path, model: ScenarioModel, overwrite: bool) -> list[Fault]:
    where, faults = str(target), []
    if target.suffix.lower() not in (".yaml", ".yml"):
        faults.append(Fault(where, message("a scenario is a file that ends in .yaml")))
    if not _is_shipped(model.path) and model.path and model.path.resolve().parent != target.resolve().parent:
        what = message("it extends {scenario}; write it in the same folder", scenario=model.path.name)
        faults.append(Fault(where, what))
    if target.resolve() in {path.resolve(), model.path.resolve() if model.path else None}:
        faults.append(Fault(where, message("it would overwrite what it is made of; choose another name")))
    elif is_there(target) and not (overwrite and target.is_file()):
        what = message("there is such a file already; choose another name or add --overwrite")
        faults.append(Fault(where, what))
    return faults


def fitted_text(history: FittedHistory, file: str, name: str) -> str:
    """The scenario file: every number with source and mark A, which says rows and years."""
    model, years = history.scenario, _years(history.years)
    lines = [
        "# 由往年申报测算的假设：每项疑问的第10、第90百分位数即拟合的八成区间（docs/zh/history.md）",
        f"extends: {model.path.stem if model.path else model.name}",
        f"name: {_plain(name)}",
        f"title: {_plain(f'按{years}年申报测算')}",
    ]  # fmt: skip
    for one in history.numbers:
        if one.name == GROWTH:
            lines.append(f"growth: {_with_source(one, file, years)}")
    lines.append("items:")
    for key in history.counts:
        numbers = [one for one in history.numbers if one.item == key]
        if numbers:
            lines += [f"  {key}:", "    assumptions:"]
        drawn = [one for one in numbers if one.name not in (APPLICATIONS, QUALITY_PASS)]
        lines += [f"      {one.name}: {_with_source(one, file, years)}" for one in numbers if one not in drawn]
        if drawn:
            lines.append("      columns:")
            lines += [f"        {one.name}: {_with_source(one, file, years)}" for one in drawn]
    if lines[-1] == "items:":
        lines[-1] = "items: {}"
    return "\n".join([*lines, ""])


def _with_source(one: FittedNumber, file: str, years: str) -> str:
    return _plain({**one.written, "source": f"{file}，{years}年，{one.rows}行", "mark": "A"})


def _years(years: Sequence[int]) -> str:
    whole = len(years) > 1 and years[-1] - years[0] == len(years) - 1
    return f"{years[0]}–{years[-1]}" if whole else "、".join(map(str, years))


def _plain(value: Any) -> str:
    """A value in one line of YAML, numbers to six digits."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_plain(key)}: {_plain(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, float):
        return repr(float(f"{value:.6g}"))
    if isinstance(value, str):
        return value if value.isidentifier() and value.isascii() else json.dumps(value, ensure_ascii=False)
    return str(value)
