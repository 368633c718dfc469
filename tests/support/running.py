"""Runs of scenarios that came without methods of their own: from a draft, a manifest, the desk."""

from __future__ import annotations

from typing import Any

from changji_sim import Result, Scenario
from changji_sim.scenario.model import ScenarioModel


def run_of(scenario: ScenarioModel, *arguments: Any, **options: Any) -> Result:
    """What `Scenario.run` gives for it."""
    return Scenario.of(scenario).run(*arguments, **options)
