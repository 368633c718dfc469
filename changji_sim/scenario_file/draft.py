"""A scenario being changed (草稿): its file read once, then only what a change touches read anew, by the same rules.

>>> draft = Draft("baseline")
>>> draft.scenario({"envelopes.total.value": 6000}).envelopes.total_wan[2026]
6000.0
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..measure import Reform, parse_reform
from ..scenario.model import Item, ScenarioModel
from .earlier_years import filled
from .item_reader import ReadContext, read_item
from .load import about_reform, find_scenario, load_law, read_whole, scenario_of, sorted_faults, with_registers
from .real_figures import as_known
from .section import Section, top_of
from .sheet import Sheet, first_year_of, path_keys, read_sheet, written

OF_REFORM = ("reform_text", "reform_name", "reform_title", "reform_parts")
REMOVED = "none"  # what a scenario file writes to do without a value


class Draft:
    """A scenario file with changes that are not written yet.

    What a change does not touch is not read again, and is the very same object in every scenario the draft gives: an
    unchanged item costs nothing.

    Args:
        name_or_path: a file, or the name of a scenario that ships.
        plugins_dir: a folder of single-file plugins whose modes the scenario may use.
        text: the file's text, where that is not (yet) what stands on the disk.

    Raises:
        FaultyInput: every fault of the file as it stands.
    """

    _of_reform: Mapping[str, Any] = MappingProxyType({})  # the reform that a scenario in memory stands under

    def __init__(
        self,
        name_or_path: str | os.PathLike[str],
        plugins_dir: str | os.PathLike[str] | None = None,
        text: str | None = None,
    ):
        self.path = find_scenario(name_or_path)
        self.plugins_dir = Path(plugins_dir) if plugins_dir else None
        self._items: dict[str, tuple[tuple[Any, ...], Item]] = {}
        self._before: tuple[str, ...] = ()
        self._sheet, self.law, scenario = read_whole(self.path, text, None, plugins_dir, self._read_item)
        self.original = _faultless(self._sheet, scenario)

    @classmethod
    def of(
        cls, scenario: ScenarioModel, plugins_dir: str | os.PathLike[str] | None = None, keeps_reform: bool = False
    ) -> Draft:
        """A draft of a scenario in memory, with the values it has now, whatever its file says.

        Args:
            keeps_reform: a reform under which it stands holds in every scenario the draft gives, and its law is the
                reformed one; else the draft's law is the measure's, and a reform is given with the changes.

        Raises:
            FaultyInput: the scenario came from no file.
        """
        if scenario.path is None:
            what = message("the scenario '{name}' came from no file, so it cannot be changed", name=scenario.name)
            raise FaultyInput([Fault("", what)])
        draft = cls.__new__(cls)
        draft.path, draft.plugins_dir = scenario.path, Path(plugins_dir) if plugins_dir else None
        sheet = read_sheet(scenario.path, scenario.text, draft.plugins_dir)
        draft._sheet = replace(sheet, data=dict(scenario.raw), faults=[])
        draft.law, draft._items, draft.original = load_law(top_of(draft._sheet)), {}, scenario
        draft._before = scenario.changes
        if keeps_reform and scenario.reform_text:
            name = scenario.reform_name or "reform.yaml"
            draft.law = draft.law.reformed(parse_reform(scenario.reform_text, name, draft.law))
            draft._of_reform = {name: getattr(scenario, name) for name in OF_REFORM}
        return draft

    @property
    def data(self) -> Mapping[Any, Any]:
        """The file's values, those it extends merged in."""
        return self._sheet.data

    @property
    def is_current(self) -> bool:
        """Whether no file it was made of has been written since: its own, those it extends, opening and registers."""
        return all(written(path) == when for path, when in self._sheet.files.items())

    def scenario(self, changes: Mapping[str, Any] | None = None, reform: Reform | None = None) -> ScenarioModel:
        """The scenario with some values changed.

        Args:
            changes: new values by dotted path, as in `save_scenario`; ``None`` does without the value.
            reform: a change of the law's numbers, whose values then bound the guide.

        Raises:
            FaultyInput: every fault of the changed scenario, as if they stood in the file.
        """
        data = with_changes(self._sheet.data, changes or {})
        measure = self.law.reformed(reform) if reform else self.law
        sheet = replace(self._sheet, data=data, years=measure.years, faults=list(self.original.warnings))
        scenario = _faultless(sheet, scenario_of(top_of(sheet), measure, self.plugins_dir, self._read_item))
        scenario = self._with_registers(scenario)
        scenario = as_known(replace(scenario, read_hashes=self.original.read_hashes), self.original)
        scenario = replace(scenario, **(about_reform(reform) if reform else self._of_reform))
        places = tuple(dict.fromkeys((*self._before, *_places(changes or {}))))
        as_read = (self.original.as_read or self.original) if places or reform else None
        return replace(scenario, changes=places, as_read=as_read)

    def _with_registers(self, scenario: ScenarioModel) -> ScenarioModel:
        """With the rows of its registers; warnings about these were given when the file was read."""
        faults: list[Fault] = []
        scenario = with_registers(scenario, faults)
        if any(not fault.is_warning for fault in faults):
            raise FaultyInput(sorted_faults([fault for fault in faults if not fault.is_warning]))
        return scenario

    def _read_item(self, key: str, section: Section, context: ReadContext) -> Item | None:
        """An item as it was read before, if nothing it was read from has changed."""
        read_from = (
            section.data, context.measure.items.get(key), context.measure.years, context.readings, context.pools,
        )  # fmt: skip
        before = self._items.get(key)
        if before is not None and all(map(_is_same, before[0], read_from)):
            return before[1]
        faults = len(section.sheet.faults)
        item = read_item(key, section, context)
        if item is not None and len(section.sheet.faults) == faults:
            self._items[key] = (read_from, item)
        return item


def _faultless(sheet: Sheet, scenario: ScenarioModel) -> ScenarioModel:
    """The scenario with what is odd about its sheet; raises FaultyInput with what is more than odd."""
    if sheet.fault_count:
        raise FaultyInput(sorted_faults([fault for fault in sheet.faults if not fault.is_warning]))
    return replace(scenario, warnings=tuple(sorted_faults(sheet.faults)))


def _is_same(one: Any, other: Any) -> bool:
    return one is other or one == other


def _places(changes: Mapping[str, Any]) -> Iterator[str]:
    """Where values are changed, each once: its source and mark are no place of their own."""
    for dotted in changes:
        path, _, last = dotted.rpartition(".")
        if last not in ("source", "mark"):
            yield path if last == "value" else dotted


def with_changes(data: Any, changes: Mapping[str, Any]) -> Any:
    """A file's values with some changed, by dotted path; of values by year the years before keep the file's."""
    for dotted, value in changes.items():
        keys = path_keys(dotted)
        data = with_value(data, keys, filled(data, keys, value, first_year_of(data)))
    return data


def with_value(node: Any, keys: tuple[Any, ...], value: Any) -> Any:
    """A copy of nested mappings and lists with one value set (``None`` removes it); the rest is shared, not copied.

    Raises:
        FaultyInput: the keys lead nowhere.
    """
    key, rest = keys[0], keys[1:]
    if isinstance(node, list):
        if not (isinstance(key, int) and key < len(node)):
            what = message("there is no entry {key} in a list of {length}", key=key, length=len(node))
            raise FaultyInput([Fault("", what)])
        return [*node[:key], with_value(node[key], rest, value) if rest else value, *node[key + 1 :]]
    if node is None or node == REMOVED:
        node = {}
    if not isinstance(node, Mapping):
        what = message("cannot set '{key}': a value stands above it, not a group of values", key=key)
        raise FaultyInput([Fault("", what)])
    if rest:
        return {**node, key: with_value(node.get(key), rest, value)}
    if value is None:
        return {k: v for k, v in node.items() if k != key}
    return {**node, key: value}
