"""Scenario files (情景): reading, checking, saving."""

from .known_keys import known_keys
from .load import check_scenario, find_scenario, load_scenario
from .save import save_scenario, whole_text
from .starter import new_scenario_text

__all__ = [
    "check_scenario",
    "find_scenario",
    "known_keys",
    "load_scenario",
    "new_scenario_text",
    "save_scenario",
    "whole_text",
]
