"""Files that a scenario reads besides its own: the opening position (期初), registers of applications (申报), and the
ledger of its first year so far (年中台账).
"""

from __future__ import annotations

from pathlib import Path

from ..base.faults import Fault, FaultyInput
from ..base.files import bytes_of, sha256
from ..base.messages import message
from .model import ScenarioModel

INPUTS = "inputs"


def input_files(scenario: ScenarioModel) -> dict[str, bytes]:
    """The scenario's opening file and registers, by the name they get beside the manifest.

    Raises:
        FaultyInput: one is no longer there, or another than was read with the scenario.
    """
    found = {name: (path, bytes_of(path)) for name, path in input_paths(scenario).items()}
    for path, content in found.values():
        if scenario.read_hashes.get(path, sha256(content)) != sha256(content):
            what = message("the file was changed since it was read; load the scenario again")
            raise FaultyInput([Fault(path.name, what)])
    return {name: content for name, (_, content) in found.items()}


def input_paths(scenario: ScenarioModel) -> dict[str, Path]:
    """Where the opening file and the registers lie, by the name they get beside the manifest."""
    paths = {_register_name(item.key, year, p): p for item in scenario.items for year, p in item.registers.items()}
    if scenario.opening_path is not None:
        paths[_opening_name(scenario.opening_path)] = scenario.opening_path
    if scenario.actuals is not None and scenario.actuals.path is not None:
        paths[actuals_name(scenario.actuals.path)] = scenario.actuals.path
    return paths


def actuals_name(path: Path) -> str:
    """The name that the ledger of the year so far gets beside the manifest."""
    return f"{INPUTS}/actuals{path.suffix}"


def _opening_name(path: Path) -> str:
    return f"{INPUTS}/opening{path.suffix}"


def _register_name(item: str, year: int, path: Path) -> str:
    return f"{INPUTS}/{item}-{year}{path.suffix}"


DAY = "day submitted"  # of a register's row: the part of the year gone by; no column can be called so
# What was decided on a register's row, taken in the place of draws: points of 100, 1 or 0, 万元.
SCORE, PASSED, APPROVED = "score", "is_passed", "approved_wan"
