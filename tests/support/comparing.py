"""The kernel and the reference side by side, fen by fen; and small scenarios, written as files, to set them to work.

Run as a program (``comparing.py scenario.yaml trials``) it compares one file and ends with 1 if a fen differs, so that
a copy of the package with a rule broken on purpose can be tried in a process of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import reference
from ruamel.yaml import YAML

from changji_sim import Scenario, load_scenario
from changji_sim.kernel.simulate import drawn_tables, simulate

Key = tuple[str, int, str]


def differences(scenario: Scenario, trials: int, seed: int = 0, first: int = 0) -> list[str]:
    """A line for every flow of every (item, year) and trial from ``first`` on in which the two disagree."""
    run = simulate(scenario, trials, seed, workers=1)
    kernel = {key: run.flows.fen(*key) for key in list(run.flows.keys())}
    plan, tables = drawn_tables(scenario, trials, seed, first)
    return [
        f"trial {trial}: {item} {year} {flow}: the kernel has {ours}, the reference {theirs}"
        for trial, table in enumerate(tables, first)
        for (item, year, flow), ours, theirs in _unequal(kernel, reference.simulate(plan, table), trial)
    ]


def _unequal(kernel: Mapping[Key, Any], expected: Mapping[Key, int], trial: int) -> Iterator[tuple[Key, int, int]]:
    for key in sorted({*kernel, *expected}):
        ours = int(kernel[key][trial]) if key in kernel else 0
        if ours != expected.get(key, 0):
            yield key, ours, expected.get(key, 0)


def booked(scenario: Scenario, trials: int, seed: int = 0) -> dict[str, int]:
    """Fen in each flow over all items, years and trials: to see that a scenario really exercises a rule."""
    run = simulate(scenario, trials, seed, workers=1)
    totals: dict[str, int] = {}
    for item, year, flow in list(run.flows.keys()):
        totals[flow] = totals.get(flow, 0) + int(run.flows.fen(item, year, flow).sum())
    return totals


def changed(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` with values at dotted paths replaced; in ``items.*.guide.when_short`` the star stands for every item."""
    made = _copied(data)
    for dotted, value in changes.items():
        _put(made, dotted.split("."), value)
    return made


def _copied(node: Any) -> Any:
    """A copy that shares nothing with itself either (YAML would write what is shared as an alias); None is ``none``."""
    if isinstance(node, Mapping):
        return {key: _copied(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_copied(value) for value in node]
    return "none" if node is None else node


def _put(node: dict[str, Any], keys: list[str], value: Any) -> None:
    key, *rest = keys
    for name in list(node) if key == "*" else [key]:
        if rest:
            _put(node.setdefault(name, {}), rest, value)
        else:
            node[name] = _copied(value)


def write_scenario(folder: Path, data: Mapping[str, Any], name: str = "made", opening: str = "") -> Path:
    """A scenario file in ``folder``, with an opening file beside it if there is one."""
    data = {"name": name, **_copied(data)}
    if opening:
        (folder / "opening.csv").write_text(opening, encoding="utf-8")
        data["opening"] = "opening.csv"
    path = folder / f"{name}.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(data, file)
    return path


def made_scenario(folder: Path, data: Mapping[str, Any], opening: str = "", **load: Any) -> Scenario:
    """The scenario of :func:`write_scenario`, loaded and checked."""
    return load_scenario(write_scenario(folder, data, opening=opening), **load)


if __name__ == "__main__":
    found = differences(load_scenario(sys.argv[1]), int(sys.argv[2]))
    print("\n".join(found[:5]))
    sys.exit(1 if found else 0)
