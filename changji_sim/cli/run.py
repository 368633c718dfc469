"""``changji-sim run``: a scenario simulated, or a run repeated from its manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from ..modes.plugin_loading import folder_of
from .options import JSON, PLUGINS_DIR, REFORM, console
from .saying import FINE, OWN_FAILURE, records
from .stages import Clock, Stages

if TYPE_CHECKING:
    from ..results.run_result import RunResult
    from ..scenario.model import ScenarioModel

OUT = Path("out")


@click.command(short_help="Simulate a scenario (情景): need, envelope, P(short).")
@click.argument("scenario", required=False)
@click.option("--trials", type=int, metavar="N", help="Futures to simulate (试验次数).  [default: 10000]")
@click.option("--seed", type=int, metavar="S", help="The same seed gives the same numbers (随机种子).  [default: 0]")
@REFORM
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write.  [default: out/NAME]"
)
@click.option("--from", "manifest", metavar="MANIFEST", help="Repeat a run bit for bit from its manifest.json.")
@click.option("--overwrite", is_flag=True, help="With --from: write the files though they are not what they were.")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Threads.  [default: the cores there are]")
@click.option("--chunk", type=click.IntRange(1), metavar="N", help="Trials a block; changes no number.")
@click.option("--excel", metavar="FILE", help="Write an Excel workbook with charts too (工作簿, .xlsx).")
@click.option("--html", metavar="FILE", help="Write the overview as one page too (网页, .html), readable offline.")
@click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of --excel and --html."
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but faults.")
@PLUGINS_DIR
@JSON
def run(
    scenario: str | None,
    trials: int | None,
    seed: int | None,
    reform: str | None,
    out: Path | None,
    manifest: str | None,
    overwrite: bool,
    workers: int | None,
    chunk: int | None,
    excel: str | None,
    html: str | None,
    language: str,
    quiet: bool,
    plugins_dir: str | None,
    as_json: bool,
) -> int:
    """Simulate SCENARIO (情景): a file, or the name of one that ships (baseline, tight_budget, growth).

    Prints need (资金需求) against envelope (预算额度) by year and category (专项), and writes budget.csv, caps.csv and
    manifest.json.
    """
    from ..base.files import check_writable, write_together
    from ..kernel.simulate import CHUNK
    from ..reports.export import check_export, write_excel, write_html
    from ..reports.run_files import MANIFEST, result_files

    clock = Clock()
    stages = Stages(clock, is_silent=quiet or as_json)
    with clock.stage("loading"):
        plan = _planned_run(scenario, trials, seed, reform, manifest, plugins_dir)
    if out is None:
        out = Path(manifest).parent if manifest else OUT / _folder_name(plan.scenario)
    check_writable(out)
    asked = {"excel": (excel, write_excel), "html": (html, write_html)}
    exports = [(check_export(kind, path), write) for kind, (path, write) in asked.items() if path is not None]
    for note in plan.notes:
        click.echo(f"note: {note}", err=True)
    for warning in () if quiet or as_json else plan.scenario.warnings:
        click.echo(f"warning: {warning}", err=True)
    stages.compile(plan.scenario)
    result = _simulate(plan, stages, workers, chunk or CHUNK)
    with clock.stage("writing"):
        files = result_files(result)
        changed = plan.differences(files)
        is_written = overwrite or not changed
        if is_written:
            write_together(out, files)
        written = [write(result, file, language) for file, write in exports if is_written]
    path = out / MANIFEST
    if as_json:
        told = _run_json(result, path if is_written else None, clock, list(changed), written)
        click.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
    elif not quiet:
        _print_run(result, path if is_written else None, clock, plan.is_repeat and not changed, written)
    if changed:
        what = "they were written" if is_written else "nothing was written (--overwrite writes them)"
        click.echo(f"The run was not repeated: {what}; the notes above may say why.", err=True)
        for difference in changed.values():
            click.echo(f"  {difference}", err=True)
        return OWN_FAILURE
    return FINE


class PlannedRun:
    """What is to be run, by name or from a manifest."""

    def __init__(self, scenario: ScenarioModel, trials: int, seed: int, repeat: Any = None):
        self.scenario, self.trials, self.seed, self.repeat = scenario, trials, seed, repeat

    @property
    def is_repeat(self) -> bool:
        return self.repeat is not None

    @property
    def notes(self) -> tuple[str, ...]:
        return self.repeat.notes if self.repeat else ()

    def differences(self, files: dict[str, bytes]) -> dict[str, str]:
        """Files that are not, byte for byte, those of the run that was repeated, and what differs."""
        return self.repeat.differences(files) if self.repeat else {}


def _planned_run(
    scenario: str | None,
    trials: int | None,
    seed: int | None,
    reform: str | None,
    manifest: str | None,
    plugins_dir: str | None,
) -> PlannedRun:
    if manifest is not None:
        given = {"SCENARIO": scenario, "--trials": trials, "--seed": seed, "--reform": reform}
        extra = [name for name, value in given.items() if value is not None]
        if extra:
            raise click.UsageError(f"--from repeats a run as it was; leave out {', '.join(extra)}")
        from ..reports.repeat import read_manifest

        repeat = read_manifest(manifest, plugins_dir)
        return PlannedRun(repeat.scenario, repeat.trials, repeat.seed, repeat)
    if scenario is None:
        raise click.UsageError("Missing SCENARIO: a file, or a name such as baseline (or --from a manifest.json)")
    from ..scenario_file.load import load_scenario

    loaded = load_scenario(scenario, reform, plugins_dir)
    return PlannedRun(loaded, 10_000 if trials is None else trials, 0 if seed is None else seed)


def _folder_name(scenario: ScenarioModel) -> str:
    return f"{scenario.name}+{scenario.reform_name}" if scenario.reform_name else scenario.name


def _simulate(plan: PlannedRun, stages: Stages, workers: int | None, chunk: int) -> RunResult:
    from ..api.result import Result
    from ..kernel.simulate import simulate

    with stages.progress(plan.trials) as progress:
        return Result(simulate(plan.scenario, plan.trials, plan.seed, workers, chunk, progress))


def _print_run(result: RunResult, manifest: Path | None, clock: Clock, is_repeated: bool, written: list[Path]) -> None:
    screen = console()
    screen.print(result)
    screen.print()
    if is_repeated:
        screen.print("Repeated: every file is, byte for byte, what it was.")
    screen.print(Text(f"{clock}"), style="dim")
    if manifest is None:
        return
    folder = manifest.parent
    screen.print(Text(f"Open next: {folder / 'budget.csv'} (every flow), {folder / 'caps.csv'} (every cap);"))
    for path in written:
        screen.print(Text(f"to hand on: {path}"))
    modes = folder_of(mode for item in result.scenario.items for mode in item.modes.values())
    with_modes = f" --plugins-dir {modes}" if modes else ""
    screen.print(Text(f"repeat it: changji-sim run --from {manifest}{with_modes}"))


def _run_json(
    result: RunResult, manifest: Path | None, clock: Clock, changed: list[str], written: list[Path]
) -> dict[str, Any]:
    from ..results.breakdown import binding_caps
    from ..results.caveats import notes
    from ..results.idle_readings import idle_readings

    return {
        "scenario": result.scenario.name,
        "title": result.scenario.title,
        "reform": result.scenario.reform_name or None,
        "trials": result.trial_count,
        "seed": result.seed,
        "summary": records(result.summary()),
        "binding_caps": records(binding_caps(result)),
        "notes": notes(result, "en"),
        "warnings": [str(warning) for warning in result.scenario.warnings],
        "idle_readings": idle_readings(result),
        "manifest": str(manifest) if manifest else None,
        "exports": [str(path) for path in written],
        "changed_outputs": changed,
        "seconds": {name: round(seconds, 3) for name, seconds in clock.seconds.items()},
    }
