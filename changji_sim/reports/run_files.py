"""Files of a run: ``budget.csv``, ``caps.csv``, and a manifest from which the run can be repeated bit for bit.

The manifest holds the scenario as one text that extends nothing, the reform's text, and the hash of everything: a run
is repeated from it alone, not from the files it once came from. Registers and the opening file lie beside it under
``inputs/``. CSV files are UTF-8 with ``\\n`` line ends and six decimals (a fen); no file holds a date or a path.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import platform
import secrets
import shutil
import stat
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..base.faults import Fault, FaultyInput
from ..scenario.model import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from ..results.run_result import Result

BUDGET, CAPS, MANIFEST = "budget.csv", "caps.csv", "manifest.json"
INPUTS = "inputs"
PACKAGES = ("changji-sim", "numba", "numpy", "scipy")  # what the numbers come from


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
    write_together(folder, result_files(result))
    return folder / MANIFEST


def result_files(result: Result) -> dict[str, bytes]:
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


def check_writable(folder: Path) -> None:
    """Say before a long run what would stop its files from being written.

    Raises:
        FaultyInput: ``folder`` is a file, lies below one, or may not be written to.
    """
    there = folder
    try:
        while not there.exists() and there != there.parent:
            there = there.parent
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or error
        raise FaultyInput([Fault(f"{str(folder)[:60]}…", f"nothing can be written there: {what}")]) from None
    if not there.is_dir():
        raise FaultyInput([Fault(str(folder), f"'{there}' is a file, so nothing can be written into it")])
    if not os.access(there, os.W_OK | os.X_OK):
        raise FaultyInput([Fault(str(folder), f"the folder '{there}' may not be written to")])


def write_whole(path: Path, content: bytes) -> None:
    """Write one file, its folder made if need be: a reader sees either the old one or the new one, never a half.

    Raises:
        FaultyInput: it cannot be written.
    """
    check_writable(path.parent)
    write_together(path.parent, {path.name: content})


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, all of them or none: no reader sees half of one, and if one fails the others are as they were.

    All are written under temporary names first, then renamed in order; what stood there before is kept until the last
    one is in its place.

    Raises:
        FaultyInput: one cannot be written, or somebody else wrote into the folder at the same time.
    """
    ready: list[tuple[Path, Path]] = []
    kept: list[tuple[Path | None, Path]] = []
    made: list[Path] = []
    try:
        for name, content in files.items():
            made += _made_folders((folder / name).parent)
            ready.append((_temporary(folder / name, content), folder / name))
        for temporary, target in ready:
            kept.append((_kept(target), target))
            os.replace(temporary, target)
    except BaseException as error:
        _put_back(kept, ready, made)
        if not isinstance(error, OSError):
            raise
        what = f"the files cannot be written, so all are as they were: {error.strerror or error}"
        raise FaultyInput([Fault(str(folder), what)]) from None
    for old, _ in kept:
        if old is not None:
            old.unlink(missing_ok=True)
    _must_be_ours(folder, files)


def _must_be_ours(folder: Path, files: Mapping[str, bytes]) -> None:
    """Two who write into one folder at once may leave files of both: the one that ends last notices."""
    for name, content in files.items():
        try:
            is_ours = (folder / name).read_bytes() == content
        except OSError:
            is_ours = False
        if not is_ours:
            what = f"{name} is not what was written: another program writes into this folder too; write again alone"
            raise FaultyInput([Fault(str(folder), what)])


def _made_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; which ones there were not."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _kept(target: Path) -> Path | None:
    """What stands at ``target``, under another name as well; None if nothing does."""
    if not target.exists():
        return None
    spare = target.with_name(f".kept-{secrets.token_hex(8)}")
    try:
        os.link(target, spare)
    except OSError:  # a file system without hard links, or no file at all
        shutil.copy2(target, spare)
    return spare


def _put_back(
    kept: Sequence[tuple[Path | None, Path]], ready: Sequence[tuple[Path, Path]], made: Sequence[Path]
) -> None:
    """Undo: old files to their places, new ones and folders that were made away."""
    waiting = {target for temporary, target in ready if temporary.exists()}
    for old, target in kept:
        if old is not None:
            os.replace(old, target)
            old.unlink(missing_ok=True)  # two names of one file are left by a rename
        elif target not in waiting:
            target.unlink(missing_ok=True)
    for temporary, _ in ready:
        temporary.unlink(missing_ok=True)
    for folder in reversed(made):
        with contextlib.suppress(OSError):  # somebody else's file lies in it
            folder.rmdir()


def _temporary(path: Path, content: bytes) -> Path:
    """The content beside ``path``, for the same people to read: those who may read the old file, or any new one."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask())
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
    return manifest | {"sha256": seal(manifest)}


def repeatable_text(scenario: Scenario) -> str:
    """The scenario as one YAML text that extends nothing and reads its files from ``inputs/``."""
    from ..scenario_file.as_run import raw_as_run
    from ..scenario_file.save import whole_text

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


def input_files(scenario: Scenario) -> dict[str, bytes]:
    """The scenario's opening file and registers, by the name they get beside the manifest.

    Raises:
        FaultyInput: one is no longer there, or another than was read with the scenario.
    """
    found = {name: (path, bytes_of(path)) for name, path in input_paths(scenario).items()}
    for path, content in found.values():
        if scenario.read_hashes.get(path, sha256(content)) != sha256(content):
            raise FaultyInput([Fault(path.name, "the file was changed since it was read; load the scenario again")])
    return {name: content for name, (_, content) in found.items()}


def input_paths(scenario: Scenario) -> dict[str, Path]:
    """Where the opening file and the registers lie, by the name they get beside the manifest."""
    paths = {_register_name(item.key, year, p): p for item in scenario.items for year, p in item.registers.items()}
    if scenario.opening_path is not None:
        paths[_opening_name(scenario.opening_path)] = scenario.opening_path
    return paths


def _opening_name(path: Path) -> str:
    return f"{INPUTS}/opening{path.suffix}"


def _register_name(item: str, year: int, path: Path) -> str:
    return f"{INPUTS}/{item}-{year}{path.suffix}"


def bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FaultyInput([Fault(path.name, f"the file cannot be read: {error.strerror or error}")]) from None


def modes_used(scenario: Scenario) -> dict[str, dict[str, str]]:
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


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def seal(manifest: Mapping[str, Any]) -> str:
    """The hash of everything else in a manifest, however its lines are broken."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    return sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
