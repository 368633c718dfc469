"""What ``changji-sim run`` is to do: a scenario by name, or a run repeated from its manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..base.messages import Message, joined, message

if TYPE_CHECKING:
    from ..reports.repeat import Repeat
    from ..scenario.model import ScenarioModel

OUT = Path("out")
TRIALS, SEED = 10_000, 0  # where none are given
CHANGED = "set"  # behind the name of the folder, so that a run with --set does not replace the file's own


@dataclass(frozen=True)
class PlannedRun:
    """A scenario, how many trials of it, the seed, and where to write; ``repeat`` where it is read from a manifest."""

    scenario: ScenarioModel
    trials: int
    seed: int
    folder: Path
    repeat: Repeat | None = None
    avoided: Path | None = None  # where it would have been written, did the results of another file not stand there

    def notes(self, manifest: str) -> Iterator[Message]:
        """What may keep a repeated run from giving the same numbers; what run of another kind is replaced."""
        if self.repeat:
            yield from self.repeat.notes
            return
        name, file = self.scenario.name, self.scenario.file_name
        if self.avoided:
            yield message(
                "{avoided} holds results of another file whose scenario is called '{name}' too, so these of {file} are "
                "written to {folder}; give each file a name of its own (name:)",
                avoided=str(self.avoided),
                name=name,
                file=file,
                folder=str(self.folder),
            )
        before = _written(self.folder / manifest)
        if before and before[2] != file:
            yield message(
                "{folder} holds a run of '{name}' with {trials:,} trials, from another file, {file}; it is replaced",
                folder=str(self.folder),
                name=before[0],
                trials=before[1],
                file=before[2],
            )
        elif before and before[:2] != (name, self.trials):
            yield message(
                "{folder} holds a run of '{name}' with {trials:,} trials; it is replaced",
                folder=str(self.folder),
                name=before[0],
                trials=before[1],
            )

    def differences(self, files: Mapping[str, bytes]) -> dict[str, Message]:
        """Files that are not, byte for byte, those of the run that was repeated, and what differs."""
        return self.repeat.differences(files) if self.repeat else {}


def planned_run(
    scenario: str | None,
    trials: int | None,
    seed: int | None,
    reform: tuple[str, ...],
    manifest: str | None,
    plugins_dir: str | None,
    out: Path | None,
    settings: tuple[str, ...] = (),
    is_beyond_law: bool = False,
) -> PlannedRun:
    """The run that the words of the command ask for, its files read and checked.

    Raises:
        UsageError: neither a scenario nor a manifest is given, or a manifest and what it settles.
        FaultyInput: the scenario or the manifest is at fault.
    """
    if manifest is not None:
        given = {"SCENARIO": scenario, "--trials": trials, "--seed": seed, "--reform": reform or None}
        given["--set"] = settings or None
        extra = [name for name, value in given.items() if value is not None]
        if extra:
            raise click.UsageError(message("--from repeats a run as it was; leave out {given}", given=joined(extra)))
        from ..reports.repeat import read_manifest

        repeat = read_manifest(manifest, plugins_dir)
        return PlannedRun(repeat.scenario, repeat.trials, repeat.seed, out or Path(manifest).parent, repeat)
    if scenario is None:
        what = message("Missing SCENARIO: a file, or a name such as baseline (or --from a manifest.json)")
        raise click.UsageError(what)
    from ..scenario_file.load import load_scenario

    loaded = changed(load_scenario(scenario, reform, plugins_dir), settings, is_beyond_law)
    folder, avoided = (out, None) if out else _folder_of(loaded, bool(settings))
    return PlannedRun(
        loaded, TRIALS if trials is None else trials, SEED if seed is None else seed, folder, avoided=avoided
    )


def changed(scenario: ScenarioModel, settings: Sequence[str], is_beyond_law: bool) -> ScenarioModel:
    """The scenario with what ``--set`` sets.

    Raises:
        FaultyInput: a setting is none, its name is not known, or its value cannot be.
    """
    if not settings:
        return scenario
    from ..adjustable.set_values import settings_of, with_values

    return with_values(scenario, settings_of(settings), is_beyond_law)


def _folder_of(scenario: ScenarioModel, is_changed: bool) -> tuple[Path, Path | None]:
    """Where a run is written that says no folder: under the scenario's name, or under that of its file where the name
    has results of another file (a copy that kept its name); then that place as well.
    """
    from ..reports.run_files import MANIFEST

    more = (scenario.reform_name, CHANGED if is_changed else "")
    names = ("+".join(filter(None, (name, *more))) for name in (scenario.name, Path(scenario.file_name).stem))
    by_name, by_file = (OUT / name for name in names)
    before = _written(by_name / MANIFEST)
    if before is None or before[2] == scenario.file_name or by_file == by_name:
        return by_name, None
    return by_file, by_name


def _written(manifest: Path) -> tuple[str, int, str] | None:
    """Scenario, trials and file of the run that a manifest describes; None where there is none."""
    try:
        about = json.loads(manifest.read_bytes())
        return str(about["scenario"]["name"]), int(about["trials"]), str(about["scenario"]["file"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
