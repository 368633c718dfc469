"""The adjustable parameters of a session's scenario, with sliders whose ends stay where the file's values put them."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import param

from ...adjustable import Adjustable, Kept, adjustables
from ...scenario.model import ScenarioModel
from ...scenario_file.draft import Draft, with_changes
from .settings import Settings

_of_files: WeakKeyDictionary[Draft, dict[str, Adjustable]] = WeakKeyDictionary()  # the same for all sessions


class SessionParameters:
    """Finds and caches them: the same list for the same scenario, the same part for an item that did not change."""

    def __init__(self) -> None:
        self._last: tuple[ScenarioModel, Settings, list[Adjustable]] | None = None
        self._of_items: dict[Draft, Kept] = {}

    def of(self, draft: Draft, scenario: ScenarioModel, settings: Settings) -> list[Adjustable]:
        """The parameters with their values now.

        Args:
            draft: the scenario's file.
            scenario: what the settings make of it.
        """
        if not (self._last and self._last[0] is scenario and self._last[1] is settings):
            in_file = self.in_file(draft)
            if settings.is_changed:
                data = with_changes(draft.data, settings.changes)
                found = adjustables(draft, scenario, data, self._of_items.setdefault(draft, {}))
                now = [_with_ends_of(in_file.get(one.key), one) for one in found]
            else:
                now = list(in_file.values())
            self._last = scenario, settings, now
        return self._last[2]

    def in_file(self, draft: Draft) -> dict[str, Adjustable]:
        """The parameters by key, with the values of the file."""
        if draft not in _of_files:
            _of_files[draft] = {one.key: one for one in adjustables(draft)}
        return _of_files[draft]

    def without(self, draft: Draft, settings: Settings, adjustable: Adjustable) -> Settings:
        """The settings with one parameter as the file has it."""
        return settings.without(self.in_file(draft).get(adjustable.key, adjustable))


def _with_ends_of(in_file: Adjustable | None, now: Adjustable) -> Adjustable:
    """The parameter with the slider of the file's value: ends that followed the value would move while it is held.

    An end set by a bound follows the bound, which may depend on other values.
    """
    if in_file is None or in_file.value is None or in_file.value == now.value:
        return now
    was, parameter = in_file.parameter, now.parameter
    if not isinstance(parameter, param.Number) or not isinstance(was, param.Number):
        return now  # a choice, or a ceiling not set in the file
    bounds: Any = was.bounds or (None, None)
    soft: Any = was.softbounds
    least, most = parameter.bounds or (None, None)
    moved = [soft[n] == bounds[n] != end for n, end in enumerate((least, most))]
    new: Any = parameter.softbounds
    low, high = (new[n] if moved[n] else soft[n] for n in (0, 1))
    low = low if least is None else max(low, least)
    high = high if most is None else min(high, most)
    made = copy.copy(parameter)
    made.softbounds, made.step = (min(low, now.value), max(high, now.value)), was.step
    return replace(now, parameter=made)
