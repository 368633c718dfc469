"""Files of a run: ``budget.csv``, ``caps.csv``, and a manifest from which the run can be repeated bit for bit.

The manifest holds the scenario as one text that extends nothing, the reform's text, and the hash of everything: a run
is repeated from it alone, not from the files it once came from. Registers and the opening file lie beside it under
``inputs/``. CSV files are UTF-8 with ``\\n`` line ends and six decimals (a fen); no file holds a date or a path.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .faults import Fault, FaultyInput
from .scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from .result import Result

BUDGET, CAPS, MANIFEST = "budget.csv", "caps.csv", "manifest.json"
INPUTS = "inputs"
MAX_MANIFEST_BYTES = 20_000_000
PACKAGES = ("changji-sim", "numba", "numpy", "scipy")  # what the numbers come from
_NEEDED = ("trials", "seed", "scenario", "reform", "inputs", "outputs", "modes", "law", "versions")


# --- writing ------------------------------------------------------------------------------------------------------


def write_result(result: Result, folder: str | os.PathLike[str]) -> Path:
    """Write the files of a run into ``folder`` (made if need be), all of them or none.

    Returns:
        the manifest's path.

    Raises:
        FaultyInput: the folder, or a file in it, cannot be written, or an input file is gone.
    """
    folder = Path(folder)
    check_writable(folder)
    inputs = input_files(result.scenario)
    files = {BUDGET: csv_bytes(result.budget()), CAPS: csv_bytes(result.caps()), **inputs}
    manifest = manifest_of(result, inputs, {name: files[name] for name in (BUDGET, CAPS)})
    files[MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    write_together(folder, files)
    return folder / MANIFEST


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as the CSV that is written: UTF-8, six decimals, empty where a number is missing."""
    return frame.to_csv(index=False, float_format="%.6f", lineterminator="\n").encode()


def check_writable(folder: Path) -> None:
    """Say before a long run what would stop its files from being written.

    Raises:
        FaultyInput: ``folder`` is a file, lies below one, or may not be written to.
    """
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise FaultyInput([Fault(str(folder), f"'{there}' is a file, so nothing can be written into it")])
    if not os.access(there, os.W_OK | os.X_OK):
        raise FaultyInput([Fault(str(folder), f"the folder '{there}' may not be written to")])


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files so that no reader sees half of one: all under temporary names, renamed once all are written."""
    ready: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            ready.append((_temporary(folder / name, content), folder / name))
        while ready:  # in order: the manifest, which vouches for the others, last
            os.replace(*ready[0])
            ready.pop(0)
    except OSError as error:
        raise FaultyInput([Fault(str(folder), f"the files cannot be written: {error.strerror or error}")]) from None
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)


def _temporary(path: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


@cache
def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


# --- the manifest ---------------------------------------------------------------------------------------------------


def manifest_of(result: Result, inputs: Mapping[str, bytes], outputs: Mapping[str, bytes]) -> dict[str, Any]:
    """What is needed to repeat a run, and the hashes that show nobody changed it."""
    scenario = result.scenario
    whole = repeatable_text(scenario)
    manifest: dict[str, Any] = {
        "about": "changji-sim run --from manifest.json repeats this run bit for bit",
        "trials": result.trial_count,
        "seed": result.seed,
        "scenario": {
            "name": scenario.name,
            "file": scenario.path.name if scenario.path else f"{scenario.name}.yaml",
            "text": scenario.text,
            "text_sha256": sha256(scenario.text.encode()),
            "whole_text": whole,
            "whole_text_sha256": sha256(whole.encode()),
        },
        "reform": None,
        "inputs": {name: sha256(content) for name, content in inputs.items()},
        "outputs": {name: sha256(content) for name, content in outputs.items()},
        "modes": modes_used(scenario),
        "law": law_hashes(),
        "versions": versions(),
    }
    if scenario.reform_text:
        manifest["reform"] = {"text": scenario.reform_text, "text_sha256": sha256(scenario.reform_text.encode())}
    return manifest | {"sha256": _seal(manifest)}


def repeatable_text(scenario: Scenario) -> str:
    """The scenario as one YAML text that extends nothing and reads its files from ``inputs/``."""
    from .scenario_file.load import whole_text

    raw = copy.deepcopy(dict(scenario.raw))
    raw.setdefault("name", scenario.name)
    raw.setdefault("title", scenario.title)
    if scenario.opening_path is not None:
        raw["opening"] = _opening_name(scenario.opening_path)
    for item in scenario.items:
        if item.registers:
            names = {year: _register_name(item.key, year, path) for year, path in item.registers.items()}
            raw["items"][item.key]["assumptions"]["registers"] = names
    return whole_text(replace(scenario, raw=raw))


def input_files(scenario: Scenario) -> dict[str, bytes]:
    """The scenario's opening file and registers, by the name they get beside the manifest.

    Raises:
        FaultyInput: one is no longer there.
    """
    paths = {_register_name(item.key, year, p): p for item in scenario.items for year, p in item.registers.items()}
    if scenario.opening_path is not None:
        paths[_opening_name(scenario.opening_path)] = scenario.opening_path
    return {name: _bytes_of(path) for name, path in paths.items()}


def _opening_name(path: Path) -> str:
    return f"{INPUTS}/opening{path.suffix}"


def _register_name(item: str, year: int, path: Path) -> str:
    return f"{INPUTS}/{item}-{year}{path.suffix}"


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FaultyInput([Fault(path.name, f"the file cannot be read: {error.strerror or error}")]) from None


def modes_used(scenario: Scenario) -> dict[str, dict[str, str]]:
    """The modes a scenario uses: where each came from, and the hash of the file it stands in."""
    import sys

    from .plugins import load_plugins

    known = {mode: plugin for plugin in load_plugins() for mode in plugin.modes}
    used = {type(mode).key: type(mode) for item in scenario.items for mode in item.modes.values()}
    modes = {}
    for key, mode in sorted(used.items()):
        file = getattr(sys.modules.get(mode.__module__), "__file__", None)
        plugin = known.get(mode)
        modes[key] = {
            "plugin": plugin.name if plugin else Path(file or mode.__module__).name,
            "version": plugin.version if plugin else "",
            "sha256": sha256(_bytes_of(Path(file))) if file else "",
        }
    return modes


def law_hashes() -> dict[str, str]:
    """The hash of every file of the law this program carries."""
    from .measure import LAW_FOLDER

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


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _seal(manifest: Mapping[str, Any]) -> str:
    """The hash of everything else in a manifest, however its lines are broken."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    return sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


# --- repeating ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Repeat:
    """A run that was: the scenario as it was, and what may keep it from giving the same numbers."""

    scenario: Scenario
    trials: int
    seed: int
    outputs: Mapping[str, str]  # file -> hash it had
    notes: tuple[str, ...]

    def differences(self, folder: Path) -> list[str]:
        """The outputs in ``folder`` that are not, byte for byte, what they were."""
        return [name for name, known in self.outputs.items() if sha256(_bytes_of(folder / name)) != known]


def read_manifest(path: str | os.PathLike[str], plugins_dir: str | os.PathLike[str] | None = None) -> Repeat:
    """Read a manifest and the scenario in it.

    Args:
        path: the manifest; registers and the opening file lie beside it as they were written.
        plugins_dir: where single-file plugins are, if the scenario used any.

    Raises:
        FaultyInput: it is no manifest, or it, or a file beside it, is no longer what was written.
    """
    path = Path(path)
    manifest = _parsed(path)
    faults = [*_tampered(manifest, path), *_lost_inputs(manifest, path)]
    if faults:
        raise FaultyInput(faults)
    scenario = _scenario_of(manifest, path, plugins_dir)
    return Repeat(
        scenario, manifest["trials"], manifest["seed"], manifest["outputs"], tuple(_changes(manifest, scenario))
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_MANIFEST_BYTES + 1)
    except IsADirectoryError:
        raise FaultyInput([Fault(path.name, f"this is a folder; give the {MANIFEST} in it")]) from None
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise FaultyInput([Fault(path.name, f"the manifest cannot be read: {what}")]) from None
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        raise FaultyInput([Fault(path.name, "this is no manifest: it is not JSON")]) from None
    missing = [key for key in _NEEDED if not isinstance(manifest, dict) or key not in manifest]
    if missing:
        raise FaultyInput([Fault(path.name, f"this is no manifest of a run: it lacks {', '.join(missing)}")])
    return manifest


def _tampered(manifest: dict[str, Any], path: Path) -> list[Fault]:
    """Faults for what is no longer as it was written; the texts by name, the rest together."""
    faults = []
    for part in ("scenario", "reform"):
        texts = manifest[part] if isinstance(manifest[part], dict) else {}
        for key in (k for k in texts if k.endswith("text")):
            if sha256(str(texts[key]).encode()) != texts.get(f"{key}_sha256"):
                faults.append(Fault(path.name, f"the {part}'s {key} was changed after the run: its hash is another"))
    if not faults and _seal(manifest) != manifest.get("sha256"):
        faults.append(Fault(path.name, "the manifest was changed after the run: its hash is another"))
    return faults


def _lost_inputs(manifest: dict[str, Any], path: Path) -> list[Fault]:
    if not isinstance(manifest["inputs"], dict):
        return [Fault(path.name, "'inputs' must name files and their hashes")]
    faults = []
    for name, known in manifest["inputs"].items():
        try:
            found = sha256((path.parent / name).read_bytes())
        except (OSError, ValueError):
            faults.append(Fault(name, f"the file that lay beside {path.name} is gone"))
            continue
        if found != known:
            faults.append(Fault(name, "the file was changed after the run: its hash is another"))
    return faults


def _scenario_of(manifest: dict[str, Any], path: Path, plugins_dir: str | os.PathLike[str] | None) -> Scenario:
    """The scenario read from the manifest's own text; it keeps the text and name of the file it once came from."""
    from .measure import parse_reform
    from .scenario_file.load import read_scenario

    about, reform = manifest["scenario"], manifest["reform"]
    file = path.parent / Path(about["file"]).name
    law = parse_reform(reform["text"], "reform.yaml") if reform else None
    scenario = read_scenario(file, about["whole_text"], law, plugins_dir)
    return replace(scenario, text=about["text"])


def _changes(manifest: dict[str, Any], scenario: Scenario) -> list[str]:
    """What is not as it was and may change numbers: program, law, modes."""
    notes = []
    now = versions()
    for package, then in manifest["versions"].items():
        if now.get(package) != then:
            notes.append(f"the run was made with {package} {then}, this is {now.get(package) or 'none'}")
    if manifest["law"] != law_hashes():
        notes.append("the files of the law are not those of the run")
    used = modes_used(scenario)
    for key, then in manifest["modes"].items():
        if used.get(key, {}).get("sha256") != then["sha256"]:
            notes.append(f"the code of the mode '{key}' is not that of the run")
    return notes
