"""A scenario without an item whose mode failed in the middle of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..base.messages import joined, text_of
from ..modes.mode_guard import ModeFault
from ..scenario.model import ScenarioModel
from .draft import Draft


def without(scenario: ScenarioModel, error: ModeFault, plugins_dir: Path | None) -> ScenarioModel:
    """The scenario once more, without the item whose mode failed in the middle of a run."""
    why = joined(fault.what for fault in error.faults)
    changed = Draft.of(scenario, plugins_dir, keeps_reform=True).scenario(
        {"left_out": {**scenario.raw.get("left_out", {}), error.place.item: text_of(why)}}
    )
    return replace(changed, changes=scenario.changes)
