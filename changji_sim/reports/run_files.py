"""Files of a run: ``budget.csv``, ``caps.csv``, and a manifest from which the run can be repeated bit for bit.

The manifest holds the scenario as one text that extends nothing, the reform's text, and the hash of everything: a run
is repeated from it alone, not from the files it once came from. Registers and the opening file lie beside it under
``inputs/``. CSV files are UTF-8 with ``\\n`` line ends and six decimals (a fen); no file holds a date or a path.
"""

from __future__ import annotations

import csv
import io
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..base.files import bytes_of, check_writable, is_file, sha256, write_together
from ..scenario.input_files import _opening_name, _register_name, actuals_name, input_files
from ..scenario.model import ScenarioModel

if TYPE_CHECKING:
    import pandas as pd

    from ..results.run_result import RunResult

BUDGET, CAPS, MANIFEST = "budget.csv", "caps.csv", "manifest.json"
PACKAGES = ("changji-sim", "numba", "numpy", "scipy")  # what the numbers come from


# --- writing ------------------------------------------------------------------------------------------------------


def write_result(result: RunResult, folder: str | os.PathLike[str], plain: bool = False) -> Path:
    """Write the files of a run into ``folder`` (made if need be), all of them or none.

    Args:
        plain: without the same tables in Chinese (`titled_files`); those of an earlier run there are removed.

    Returns:
        the manifest's path.

    Raises:
        FaultyInput: the folder, or a file in it, cannot be written, or an input file is gone.
    """
    folder = Path(folder)
    check_writable(folder)
    from .titled_tables import TITLED, titled_files

    is_of_a_run = is_file(folder / MANIFEST)
    write_together(folder, ({} if plain else titled_files(result)) | result_files(result))
    for name in TITLED.values() if plain and is_of_a_run else ():
        (folder / name).unlink(missing_ok=True)
    return folder / MANIFEST


def result_files(result: RunResult) -> dict[str, bytes]:
    """The files of a run by name: tables, inputs and, last, the manifest that vouches for them."""
    inputs = input_files(result.scenario)
    tables = {BUDGET: csv_bytes(result.budget()), CAPS: csv_bytes(result.caps())}
    manifest = json.dumps(manifest_of(result, inputs, tables), ensure_ascii=False, indent=1) + "\n"
    return {**tables, **inputs, MANIFEST: manifest.encode()}


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as the CSV that is written: UTF-8, six decimals, empty where a number is missing."""
    columns = [_cells(frame.iloc[:, n]) for n in range(frame.shape[1])]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode()


def _cells(column: pd.Series[Any]) -> list[Any]:
    """A column as `pandas` would write it, in a quarter of the time."""
    values = column.tolist()
    if column.dtype.kind == "f":
        return [f"{value:.6f}" if value == value else "" for value in values]
    return values if column.dtype.kind in "iu" else ["" if value != value else value for value in values]


# --- the manifest ---------------------------------------------------------------------------------------------------


def manifest_of(result: RunResult, inputs: Mapping[str, bytes], outputs: Mapping[str, bytes]) -> dict[str, Any]:
    """What is needed to repeat a run, and the hashes that show whether it was changed."""
    scenario = result.scenario
    whole = repeatable_text(scenario)
    manifest: dict[str, Any] = {
        "about": "changji-sim run --from manifest.json repeats this run bit for bit",
        "trials": result.trial_count,
        "seed": result.seed,
        "scenario": {
            "name": scenario.name,
            "file": scenario.file_name,
            "text": scenario.text,
            "text_sha256": sha256(scenario.text.encode()),
            "whole_text": whole,
            "whole_text_sha256": sha256(whole.encode()),
        },
        "reform": None,
        "left_out": {one.key: one.why for one in scenario.left_out},
        "inputs": {name: sha256(content) for name, content in inputs.items()},
        "outputs": {name: sha256(content) for name, content in outputs.items()},
        "modes": modes_used(scenario),
        "law": law_hashes(),
        "versions": versions(),
    }
    known = scenario.actuals
    if known is not None and known.path is not None:
        manifest["actuals"] = {
            "file": actuals_name(known.path),
            "as_of": known.as_of.isoformat(),
            "closed": list(known.closed),
            "not_open": list(known.unopened),
        }
    if scenario.reform_text:
        manifest["reform"] = {"text": scenario.reform_text, "text_sha256": sha256(scenario.reform_text.encode())}
    if scenario.reform_parts:
        manifest["reform"]["parts"] = [{"name": name, "text": text} for name, text in scenario.reform_parts]
    return manifest | {"sha256": seal(manifest)}


def repeatable_text(scenario: ScenarioModel) -> str:
    """The scenario as one YAML text that extends nothing and reads its files from ``inputs/``."""
    from ..scenario_file.as_run import raw_as_run
    from ..scenario_file.real_figures import taken_out
    from ..scenario_file.save import whole_text

    scenario = taken_out(scenario)
    raw = raw_as_run(scenario)
    raw.setdefault("name", scenario.name)
    raw.setdefault("title", scenario.title)
    if scenario.opening_path is not None:
        raw["opening"] = _opening_name(scenario.opening_path)
    for item in scenario.items:
        if item.registers:
            names = {year: _register_name(item.key, year, path) for year, path in item.registers.items()}
            raw["items"][item.key]["assumptions"]["registers"] = names
    return whole_text(replace(scenario, raw=raw))


def modes_used(scenario: ScenarioModel) -> dict[str, dict[str, str]]:
    """The modes a scenario uses: where each came from, and the hash of the file it stands in."""
    import sys

    from ..modes.plugin_loading import load_plugins

    known = {mode: plugin for plugin in load_plugins() for mode in plugin.modes}
    used = {type(mode).key: type(mode) for item in scenario.items for mode in item.modes.values()}
    modes = {}
    for key, mode in sorted(used.items()):
        file = getattr(sys.modules.get(mode.__module__), "__file__", None)
        plugin = known.get(mode)
        modes[key] = {
            "plugin": plugin.name if plugin else Path(file or mode.__module__).name,
            "version": plugin.version if plugin else "",
            "sha256": sha256(bytes_of(Path(file))) if file else "",
        }
    return modes


def law_hashes() -> dict[str, str]:
    """The hash of every file of the law this program carries."""
    from ..measure import LAW_FOLDER

    return {path.name: sha256(path.read_bytes()) for path in sorted(LAW_FOLDER.glob("*.yaml"))}


def versions() -> dict[str, str]:
    """Versions of Python and of the packages the numbers come from."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def seal(manifest: Mapping[str, Any]) -> str:
    """The hash of everything else in a manifest, however its lines are broken."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    return sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
