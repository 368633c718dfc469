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

    def notes(self, manifest: str) -> Iterator[Message]:
        """What may keep a repeated run from giving the same numbers; what run of another kind is replaced."""
        if self.repeat:
            yield from self.repeat.notes
            return
        before = _written(self.folder / manifest)
        if before and before != (self.scenario.name, self.trials):
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
    named = "+".join(part for part in (loaded.name, loaded.reform_name, CHANGED if settings else "") if part)
    return PlannedRun(loaded, TRIALS if trials is None else trials, SEED if seed is None else seed, out or OUT / named)


def changed(scenario: ScenarioModel, settings: Sequence[str], is_beyond_law: bool) -> ScenarioModel:
    """The scenario with what ``--set`` sets.

    Raises:
        FaultyInput: a setting is none, its name is not known, or its value cannot be.
    """
    if not settings:
        return scenario
    from ..adjustable.set_values import settings_of, with_values

    return with_values(scenario, settings_of(settings), is_beyond_law)


def _written(manifest: Path) -> tuple[str, int] | None:
    """Scenario and trials of the run that a manifest describes; None where there is none."""
    try:
        about = json.loads(manifest.read_bytes())
        return str(about["scenario"]["name"]), int(about["trials"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
