"""A scenario read again under a reform (办法调整方案) of the measure."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..measure import Reforms
from ..modes.plugin_loading import folder_of
from ..scenario.model import ScenarioModel
from .left_out import without_broken
from .load import read_scenario
from .real_figures import as_known


def reformed(scenario: ScenarioModel, reform: Reforms) -> ScenarioModel:
    """The same scenario under a reformed measure, read again from its own text.

    Raises:
        FaultyInput: the reform, or the scenario under it, is at fault; the scenario has a reform already, or no file.
    """
    if scenario.path is None:
        what = message("a scenario that came from no file cannot be read again under a reform")
        raise FaultyInput([Fault("", what)])
    if scenario.reform_text:
        what = message(
            "the scenario '{name}' is reformed already; load it without a reform and give it all of them",
            name=scenario.name,
        )
        raise FaultyInput([Fault("", what)])
    with without_broken() if scenario.left_out else nullcontext():
        return as_known(read_scenario(scenario.path, scenario.text, reform, plugins_dir_of(scenario)), scenario)


def plugins_dir_of(scenario: ScenarioModel) -> Path | None:
    """The folder of the single-file plugins whose modes a scenario uses; None if it uses none."""
    return folder_of(mode for item in scenario.items for mode in item.modes.values())
