"""The year that a question is about: one of the scenario's, or all in force."""

from __future__ import annotations

from ..base.faults import Fault
from ..base.messages import message
from ..scenario.model import ScenarioModel


def year_faults(scenario: ScenarioModel, year: int | None) -> list[Fault]:
    """What is wrong with the year; nothing where there is none."""
    if year is None or year in scenario.years:
        return []
    what = message("{year} is no year of the scenario; it has {first} to {last}", year=year,
                   first=scenario.years[0], last=scenario.years[-1])  # fmt: skip
    return [Fault(scenario.name, what)]


def years_meant(scenario: ScenarioModel, year: int | None) -> tuple[int, ...]:
    """The year alone; all in force where there is none."""
    return scenario.years if year is None else (year,)
