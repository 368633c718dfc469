"""A run repeated from its manifest: what was written is checked, then the scenario in it read as it was."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from ..base.faults import Fault, FaultyInput
from ..base.files import sha256
from ..base.messages import Message, joined, message
from ..budget_year.known_to_a_day import given
from ..modes.plugin_loading import installed_modes
from ..scenario.input_files import INPUTS
from ..scenario.model import ScenarioModel
from .run_files import BUDGET, CAPS, MANIFEST, law_hashes, modes_used, seal, versions

MAX_MANIFEST_BYTES = 20_000_000
TEXTS = ("text", "text_sha256")
SHAPE: dict[str, Any] = {  # what a manifest holds, and of which kind
    "trials": int,
    "seed": int,
    "scenario": ("name", "file", *TEXTS, "whole_text", "whole_text_sha256"),
    "reform": TEXTS,
    "inputs": str,
    "outputs": str,
    "modes": dict,
    "law": str,
    "versions": str,
}


@dataclass(frozen=True)
class Repeat:
    """A run that was: the scenario as it was, and what may keep it from giving the same numbers."""

    scenario: ScenarioModel
    trials: int
    seed: int
    outputs: Mapping[str, str]  # file -> hash it had
    notes: tuple[Message, ...]
    folder: Path  # where the manifest lies, and perhaps the files of that run

    def differences(self, files: Mapping[str, bytes]) -> dict[str, Message]:
        """The outputs that are not, byte for byte, what they were: name -> what differs, as far as it can be seen."""
        changed = [name for name, known in self.outputs.items() if sha256(files.get(name, b"")) != known]
        return {name: self._what_differs(name, files.get(name, b"")) for name in changed}

    def _what_differs(self, name: str, now: bytes) -> Message:
        try:
            then = (self.folder / name).read_bytes()
        except OSError:
            then = b""
        if sha256(then) != self.outputs[name]:
            return message("{file} differs (the file of that run is not beside the manifest)", file=name)
        old, new = then.decode("utf-8", "replace").splitlines(), now.decode("utf-8", "replace").splitlines()
        lines = [n for n, pair in enumerate(zip(old, new, strict=False), 1) if pair[0] != pair[1]]
        if not lines:
            return message("{file} has {new:,} lines, it had {old:,}", file=name, new=len(new), old=len(old))
        first = lines[0]
        return message(
            "{file}: {count:,} of {lines:,} lines differ, first line {first}: it was '{then}', now it is '{now}'",
            file=name,
            count=len(lines),
            lines=len(old),
            first=first,
            then=old[first - 1],
            now=new[first - 1],
        )


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
    faults = [*_tampered(manifest, path), *_lost_inputs(manifest, path), *_missing_modes(manifest, path, plugins_dir)]
    if faults:
        raise FaultyInput(faults)
    scenario = _scenario_of(manifest, path, plugins_dir)
    notes = tuple(_changes(manifest, scenario))
    return Repeat(scenario, manifest["trials"], manifest["seed"], manifest["outputs"], notes, path.parent)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_MANIFEST_BYTES + 1)
    except IsADirectoryError:
        raise FaultyInput(
            [Fault(path.name, message("this is a folder; give the {manifest} in it", manifest=MANIFEST))]
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise FaultyInput([Fault(path.name, message("the manifest cannot be read: {why}", why=why))]) from None
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        raise FaultyInput([Fault(path.name, message("this is no manifest: it is not JSON"))]) from None
    missing = [key for key in SHAPE if not isinstance(manifest, dict) or key not in manifest]
    if missing:
        what = message("this is no manifest of a run: it lacks {keys}", keys=joined(missing))
        raise FaultyInput([Fault(path.name, what)])
    faults = [Fault(path.name, what) for what in _misshapen(manifest)]
    if faults:
        raise FaultyInput(faults)
    return manifest


def _misshapen(manifest: dict[str, Any]) -> Iterator[Message]:
    """What in a manifest is of another kind than what is written into one."""
    try:
        json.dumps(manifest, ensure_ascii=False).encode()
    except ValueError:
        yield message("an escape in it (\\uD800 to \\uDFFF) is no character")
        return
    for key, kind in SHAPE.items():
        value = manifest[key]
        if kind is int:
            if type(value) is not int:
                yield message("'{key}' must be a whole number, not {found!r}", key=key, found=str(value)[:40])
        elif isinstance(kind, tuple):
            if key == "reform" and isinstance(value, dict) and not _are_reforms(value.get("parts", [])):
                yield message("'{key}' must hold the texts {texts}", key="reform.parts", texts=joined(("name", "text")))
            if key == "reform" and value is None:
                continue
            if not isinstance(value, dict) or not all(isinstance(value.get(part), str) for part in kind):
                yield message("'{key}' must hold the texts {texts}", key=key, texts=joined(kind))
        elif not isinstance(value, dict) or not all(isinstance(part, kind) for part in value.values()):
            held = message("texts") if kind is str else message("what is known of them")
            yield message("'{key}' must be a mapping of names to {held}", key=key, held=held)
    if isinstance(manifest["outputs"], dict) and set(manifest["outputs"]) != {BUDGET, CAPS}:
        yield message("'outputs' must be {budget} and {caps}", budget=BUDGET, caps=CAPS)
    if not _is_actuals(manifest.get("actuals"), manifest["inputs"]):
        yield message(
            "'{key}' must be a mapping of names to {held}", key="actuals", held=message("what is known of them")
        )
    for name in manifest["inputs"] if isinstance(manifest["inputs"], dict) else ():
        parts = PurePosixPath(name).parts
        if len(parts) != 2 or parts[0] != INPUTS or ".." in parts or "\\" in name:
            yield message("the input '{file}' does not lie in {folder}/", file=name[:60], folder=INPUTS)


def _is_actuals(known: Any, inputs: Any) -> bool:
    """Whether this is what is known of a ledger of the year so far, or nothing."""
    if known is None:
        return True
    if not isinstance(known, dict) or not isinstance(known.get("as_of"), str) or known.get("file") not in inputs:
        return False
    try:
        datetime.date.fromisoformat(known["as_of"])
    except ValueError:
        return False
    keys = (known.get("closed"), known.get("not_open"))
    return all(isinstance(of, list) and all(isinstance(key, str) for key in of) for of in keys)


def _are_reforms(parts: Any) -> bool:
    """Whether these are name and text of each reform of several."""
    is_list = isinstance(parts, list) and all(isinstance(part, dict) for part in parts)
    return is_list and all(isinstance(part.get(key), str) for part in parts for key in ("name", "text"))


def _tampered(manifest: dict[str, Any], path: Path) -> list[Fault]:
    """Faults for what is no longer as it was written; the texts by name, the rest together."""
    faults = []
    for part in ("scenario", "reform"):
        texts = manifest[part] if isinstance(manifest[part], dict) else {}
        for key in (k for k in texts if k.endswith("text")):
            if sha256(str(texts[key]).encode()) != texts.get(f"{key}_sha256"):
                what = message("{part}.{key} was changed after the run: its hash is another", part=part, key=key)
                faults.append(Fault(path.name, what))
    if not faults and seal(manifest) != manifest.get("sha256"):
        faults.append(Fault(path.name, message("the manifest was changed after the run: its hash is another")))
    return faults


def _lost_inputs(manifest: dict[str, Any], path: Path) -> list[Fault]:
    faults = []
    for name, known in manifest["inputs"].items():
        try:
            found = sha256((path.parent / name).read_bytes())
        except (OSError, ValueError):
            faults.append(Fault(name, message("the file that lay beside {manifest} is gone", manifest=path.name)))
            continue
        if found != known:
            faults.append(Fault(name, message("the file was changed after the run: its hash is another")))
    return faults


def _missing_modes(manifest: dict[str, Any], path: Path, plugins_dir: str | os.PathLike[str] | None) -> Iterator[Fault]:
    """Modes the run used that are not there: they came from a folder that has to be named again."""
    there = installed_modes(None if plugins_dir is None else Path(plugins_dir))
    for key in manifest["modes"]:
        if key not in there:
            what = message(
                "the run used the mode '{mode}', which is not installed; name the folder of its plugin (--plugins-dir)",
                mode=key,
            )
            yield Fault(path.name, what)


def _scenario_of(manifest: dict[str, Any], path: Path, plugins_dir: str | os.PathLike[str] | None) -> ScenarioModel:
    """The scenario read from the manifest's own text; it keeps the text and name of the file it once came from."""
    from ..base.yaml_lines import parse_yaml
    from ..measure import load_measure, parse_reform, restacked
    from ..scenario_file.load import read_scenario

    about, reform = manifest["scenario"], manifest["reform"]
    file = path.parent / Path(about["file"]).name
    if "extends" in parse_yaml(about["whole_text"], file.name):
        what = message("the scenario's whole_text extends another file; a manifest holds all there is of it")
        raise FaultyInput([Fault(path.name, what)])
    several = reform.get("parts") if reform else None
    law = None
    if several:
        law = restacked([(part["name"], part["text"]) for part in several], load_measure())
    elif reform:
        law = parse_reform(reform["text"], "reform.yaml")
    scenario = read_scenario(file, about["whole_text"], law, plugins_dir)
    known = manifest.get("actuals")
    if known is not None:
        day = datetime.date.fromisoformat(known["as_of"])
        ledger = path.parent / known["file"]
        scenario = given(scenario, ledger, day, known["closed"], known["not_open"], is_complete=True)
    return replace(scenario, text=about["text"])


def _changes(manifest: dict[str, Any], scenario: ScenarioModel) -> list[Message]:
    """What is not as it was and may change numbers: program, law, modes."""
    notes = []
    now = versions()
    for package, then in manifest["versions"].items():
        if now.get(package) != then:
            here = now.get(package) or message("none")
            notes.append(
                message("the run was made with {package} {then}, here is {now}", package=package, then=then, now=here)
            )
    if manifest["law"] != law_hashes():
        notes.append(message("the files of the law are not those of the run"))
    used = modes_used(scenario)
    for key, then in manifest["modes"].items():
        if used.get(key, {}).get("sha256") != then.get("sha256"):
            notes.append(message("the code of the mode '{mode}' is not that of the run", mode=key))
    return notes
