"""Scenario files (情景): load and check.

>>> scenario = load_scenario("baseline")
>>> [item.key for item in scenario.items][:2]
['special_case', 'infrastructure']
>>> scenario.items[0].applications.value, scenario.items[0].applications.mark
(3.5, 'C')

A file says only what differs from the one it ``extends``. A number may carry its source:
``{value: 20, range: [10, 30], source: …, mark: D}``. All faults of a file and of those it extends come at once.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..base.checks import sentence_of
from ..base.faults import Fault, FaultyInput, nearest
from ..base.files import SCENARIOS, bytes_of, is_file, sha256
from ..base.messages import Message, joined, message
from ..measure import Measure, Reform, Reforms, load_measure, stacked
from ..modes.plugin_loading import check_folder, clashes, failures, installed_modes, set_aside
from ..scenario.input_files import input_paths
from ..scenario.model import Assumption, OpeningRow, ScenarioModel
from ..tables.file_kind import KINDS
from .guide_life_reader import read_guide_life
from .item_reader import ItemReader, ReadContext, beside, read_item, read_items
from .known_keys import ECONOMY_KEYS, TOP_KEYS
from .left_out import left_out_of, read_left_out
from .mean_notes import mean_notes
from .parts import (
    in_priority,
    note_growth,
    read_envelopes,
    read_in_force,
    read_oversight,
    read_pools,
    read_readings,
    read_years,
)
from .payment_month_reader import read_payment_months
from .plausibility import note_improbable
from .real_figures import with_approved
from .section import Section, top_of
from .sheet import Sheet, candidates, known_names, read_sheet, shipped_names
from .target_reader import read_targets


def load_scenario(
    name_or_path: str | os.PathLike[str],
    reform: Reforms | None = None,
    plugins_dir: str | os.PathLike[str] | None = None,
) -> ScenarioModel:
    """Read and check a scenario: `changji_sim.load_scenario` without the methods of its result.

    Raises:
        FaultyInput: every fault of the file and of those it extends.
    """
    return read_scenario(find_scenario(name_or_path), None, reform, plugins_dir)


def check_scenario(
    name_or_path: str | os.PathLike[str],
    reform: Reforms | None = None,
    plugins_dir: str | os.PathLike[str] | None = None,
) -> list[Fault]:
    """Everything wrong with a scenario file, warnings included; an empty list if nothing is."""
    return checked(name_or_path, reform, plugins_dir)[0]


def checked(
    name_or_path: str | os.PathLike[str],
    reform: Reforms | None = None,
    plugins_dir: str | os.PathLike[str] | None = None,
) -> tuple[list[Fault], list[Fault]]:
    """As `check_scenario`; then, of a file without faults, what should be known of its numbers (`mean_notes`)."""
    try:
        sheet, _, scenario = read_whole(find_scenario(name_or_path), None, reform, plugins_dir)
    except FaultyInput as error:
        return list(error.faults), []
    return sorted_faults(sheet.faults), [] if sheet.fault_count else mean_notes(scenario)


def find_scenario(name_or_path: str | os.PathLike[str]) -> Path:
    """The file of a scenario: the path itself, or where one of that name stands (here, then among those that ship).

    Raises:
        FaultyInput: there is none.
    """
    path = Path(name_or_path)
    if path.suffix.lower() in KINDS and is_file(path):
        raise FaultyInput([Fault(path.name, _no_scenario(path.name))])
    if path.suffix in (".yaml", ".yml") or is_file(path) or len(path.parts) > 1:
        return path
    found = [p for p in candidates(str(name_or_path), Path()) if is_file(p)]
    if not found:
        known = known_names(Path())
        what = message(
            "there is no scenario '{name}'{hint} (there are {known})",
            name=name_or_path, hint=nearest(str(name_or_path), known), known=joined(known),
        )  # fmt: skip
        raise FaultyInput([Fault("", what)])
    return found[0]


def _no_scenario(name: str) -> Message:
    """The sentence about a table that was given in the place of a scenario, and how a table is checked."""
    return message(
        "this is a table, no scenario: an opening position is checked through a scenario that names it "
        "('opening: {name}'), applications by 'changji-sim assess {name}'",
        name=name,
    )


def read_scenario(path: Path, text: str | None, reform: Any, plugins_dir: Any) -> ScenarioModel:
    sheet, _, scenario = read_whole(path, text, reform, plugins_dir)
    if any(not fault.is_warning for fault in sheet.faults):
        raise FaultyInput(sorted_faults(sheet.faults))
    return replace(scenario, warnings=tuple(sorted_faults(sheet.faults)))


def sorted_faults(faults: list[Fault]) -> list[Fault]:
    """File by file in the order met, line by line, nothing twice."""

    def place(fault: Fault) -> tuple[int, int]:
        name, _, line = fault.where.rpartition(":")
        return files.index(name), int(line) if line.isdigit() else 0

    files = [fault.where.rpartition(":")[0] for fault in faults]
    return sorted(dict.fromkeys(faults), key=place)


def read_whole(
    path: Path, text: str | None, reform: Any, plugins_dir: Any, item_reader: ItemReader = read_item
) -> tuple[Sheet, Measure, ScenarioModel]:
    """The sheet with every fault, the measure as reformed, and the scenario, to be used only if there is no fault."""
    check_folder(plugins_dir)
    sheet = read_sheet(path, text, Path(plugins_dir) if plugins_dir else None)
    if text is None:  # a text of its own stands in no folder, whatever it is called
        sheet.faults += _hiding(path)
    sheet.faults += set_aside(plugins_dir)
    top = top_of(sheet)
    measure = load_law(top)
    law = stacked(reform, measure, sheet.faults)
    measure = measure.reformed(law) if law else measure
    sheet.years = measure.years
    scenario = scenario_of(top, measure, Path(plugins_dir) if plugins_dir else None, item_reader)
    hashes = {} if sheet.fault_count else {path: sha256(bytes_of(path)) for path in input_paths(scenario).values()}
    scenario = with_registers(scenario, sheet.faults, has_faults=sheet.fault_count > 0)
    return sheet, measure, replace(scenario, read_hashes=hashes, **about_reform(law))


def about_reform(reform: Reform | None) -> dict[str, Any]:
    """What a scenario keeps of the reform it stands under."""
    if reform is None:
        return {"reform_text": "", "reform_name": "", "reform_title": "", "reform_parts": ()}
    parts = tuple((part.name, part.text) for part in reform.parts)
    named = {"reform_text": reform.text, "reform_name": reform.name, "reform_title": reform.title}
    return {**named, "reform_parts": parts}


def _growth(top: Section) -> Assumption:
    """How much more is applied for each year."""
    growth = top.assumption("growth", -1, 10, default=0.0) or Assumption(0.0)
    note_growth(top, growth.at(max(top.sheet.years)))
    return growth


def _hiding(path: Path) -> list[Fault]:
    """A warning where a planner's file has the name of a scenario that ships: it is read in its stead."""
    if path.stem not in shipped_names() or path.resolve().parent == SCENARIOS.resolve():
        return []
    what = message(
        "in this folder the name '{name}' means this file, not the scenario '{name}' that ships; another file name "
        "would keep them apart",
        name=path.stem,
    )
    return [Fault(path.name, what, is_warning=True)]


def with_registers(scenario: ScenarioModel, faults: list[Fault], has_faults: bool = False) -> ScenarioModel:
    """The scenario with the rows of the registers it names; faults and warnings of the files go to ``faults``.

    Args:
        has_faults: the scenario is at fault itself, so its registers are read as far as that is possible.
    """
    if not any(item.registers for item in scenario.items):
        return scenario
    from ..applications.register_file import read_registers  # here: what reads tables takes its time to import

    try:
        rows, opening, found = read_registers(scenario)
    except Exception:
        if not has_faults:
            raise
        return scenario
    faults += found
    items = tuple(with_approved(item, rows) for item in scenario.items)
    return replace(scenario, register_rows=rows, opening=opening, items=items)


def load_law(top: Section) -> Measure:
    """The measure a scenario names, or the one there is, with a fault of the sheet."""
    name = top.text("measure")
    try:
        return load_measure(name) if name else load_measure()
    except FaultyInput as error:
        for fault in error.faults:
            top.fault(fault.what, "measure")
        return load_measure()


def scenario_of(
    top: Section, measure: Measure, plugins_dir: Path | None, item_reader: ItemReader = read_item
) -> ScenarioModel:
    """The scenario a sheet describes under a measure; what is at fault goes to the sheet."""
    top.only(TOP_KEYS)
    years = read_years(top)
    categories = {key: category.title for key, category in measure.categories.items()}
    readings = read_readings(top.section("readings"), measure)
    pools = read_pools(top.section("pools"))
    left_out = read_left_out(top, measure, plugins_dir)
    context = ReadContext(
        measure, installed_modes(plugins_dir), failures(plugins_dir), clashes(plugins_dir), readings, pools, categories,
        left_out,
    )  # fmt: skip
    items = read_items(top.section("items"), context, item_reader)
    without = left_out_of(top, left_out, measure)
    if "items" not in top:
        top.fault(message("'items' is missing: what money can be asked for (or 'extends: baseline')"))
    economy = top.section("economy")
    economy.only(ECONOMY_KEYS)
    economy.read_provenance()
    opening_path = beside(top, "opening") if "opening" in top else None
    scenario = ScenarioModel(
        name=top.read("name", _file_name) or top.sheet.path.stem,
        title=top.text("title") or top.text("name") or top.sheet.path.stem,
        title_en=top.text("title_en"),
        description=top.text("description"),
        years=years,
        items=in_priority(top, items),
        categories=categories,
        envelopes=read_envelopes(top.section("envelopes"), categories),
        oversight=read_oversight(top.section("oversight"), measure),
        pools=tuple(pools.values()),
        readings=readings,
        growth=_growth(top),
        economy_log_sd=economy.number("log_sd", 0.0, 0, 3),
        base_year=measure.first_year,
        has_doubt=top.flag("doubt", True),
        opening_path=opening_path,
        in_force=read_in_force(top, readings),
        guide_life=read_guide_life(top),
        tolerated_loss_share=top.assumption("tolerated_loss", 0, 1),
        payment_months=read_payment_months(top, items),
        targets=read_targets(top.section("targets"), items, categories),
        left_out=without,
        path=top.sheet.path,
        text=top.sheet.text,
        measure_title=measure.title,
        raw={key: value for key, value in top.data.items() if key != "extends"},
        places=top.sheet.places,
    )
    scenario = replace(scenario, opening=_opening(top, opening_path, scenario))
    if not top.sheet.fault_count:
        note_improbable(top, scenario)
    return scenario


def _opening(top: Section, path: Path | None, scenario: ScenarioModel) -> tuple[OpeningRow, ...]:
    if path is None:
        return ()
    from ..applications.known_columns import KnownColumns
    from .opening_file import read_opening  # here, as above

    known = None if top.sheet.fault_count else (lambda: KnownColumns(scenario))  # a faulty item may have no columns
    rows, faults = read_opening(path, scenario.items, scenario.years, scenario.left_out, known)
    top.sheet.faults += faults
    return rows


# Names

_NO_NAME = "/\\:*?\"<>|#{}[]&!%@`'$;~^"
_DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³"),
}  # of Windows


def _file_name(word: Any) -> str:
    """A scenario's name, which also names the folder of its results, on Windows too."""
    is_fit = isinstance(word, str) and word == word.strip() and not word.endswith(".") and 0 < len(word.encode()) <= 120
    if not is_fit or any(c in _NO_NAME or not c.isprintable() for c in word):
        what = message(
            "'{word}' cannot name a scenario; use up to 40 Chinese characters or 120 letters and digits, no dot or "
            "blank at the end, none of {characters}",
            word=_escaped(word), characters=" ".join(_NO_NAME),
        )  # fmt: skip
        raise ValueError(what)
    if word.partition(".")[0].strip().upper() in _DEVICES:
        what = message("'{word}' cannot name a scenario; Windows keeps the name for a device, use another", word=word)
        raise ValueError(what)
    return word


def _escaped(word: Any) -> str:
    """A name with what cannot be shown in it as escapes."""
    return repr(word)[1:-1] if isinstance(word, str) else str(word)


def check_name(name: str) -> None:
    """Refuse what cannot name a scenario and its file.

    Raises:
        FaultyInput: the name is empty or holds what a file name cannot.
    """
    try:
        _file_name(name)
    except ValueError as error:
        raise FaultyInput([Fault("", sentence_of(error))]) from None
