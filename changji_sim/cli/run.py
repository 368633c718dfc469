"""``changji-sim run``: a scenario simulated, or a run repeated from its manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..base.files import check_writable
from ..base.messages import Message, handed_on_language, message, reader_language, text_of
from .command_output import FINE, OWN_FAILURE, records, say, say_json, say_start
from .commands import Share, Whole, command, option
from .options import BEYOND_LAW, FILE, JSON, LANGUAGE, PLUGINS_DIR, REFORM, SET, WITHOUT_BROKEN, console, written_to
from .planned_run import OUT, SEED, TRIALS, PlannedRun, planned_run
from .run_until import as_json as reached_json
from .run_until import reach, sentence
from .stages import Clock, Stages

if TYPE_CHECKING:
    from ..results.run_result import RunResult

ERRORS = "errors.csv"


@command(
    short_help=message("Simulate a scenario (情景): need, envelope, probability of a shortfall."),
    help=message(
        "Simulate SCENARIO (情景): a file, or the name of one that ships (baseline, tight_budget, growth).\n\n"
        "Prints need (资金需求) against envelope (控制数) by year and category (专项), and writes budget.csv, caps.csv "
        "and manifest.json, and for Excel the same tables in Chinese (预算.csv, 上限.csv)."
    ),
)
@click.argument("scenario", required=False, metavar=message("[SCENARIO]"))
@option("--trials", type=Whole(), metavar="N", show_default=f"{TRIALS}",
        help=message("Number of trials (模拟次数)."))  # fmt: skip
@option("--seed", type=Whole(), metavar="S", show_default=f"{SEED}",
        help=message("The same seed gives the same numbers (随机种子)."))  # fmt: skip
@option("--until", type=Share(), metavar="X%",
        help=message("Go on until P(short) and the need of every year are this sure, --trials at most."))  # fmt: skip
@option("--errors", "has_errors", is_flag=True,
        help=message("Show how sure each number is after so many trials (模拟误差); errors.csv has all."))  # fmt: skip
@REFORM
@SET
@BEYOND_LAW
@written_to(OUT)
@option("--from", "manifest", metavar=FILE, help=message("Repeat a run bit for bit from its manifest.json."))
@option("--overwrite", is_flag=True,
        help=message("With --from: write the files even if they are not what they were."))  # fmt: skip
@option("--workers", type=Whole(1, 1024), metavar="N", show_default=message("as many as there are cores"),
        help=message("Threads."))  # fmt: skip
@option("--chunk", type=Whole(1), metavar="N", help=message("Trials a block; changes no number."))
@option("--excel", metavar=FILE, help=message("Write an Excel workbook with charts too (工作簿, .xlsx)."))
@option("--html", metavar=FILE, help=message("Write the overview as one page too (网页, .html), readable offline."))
@option("--plain", is_flag=True, help=message("Without the tables in Chinese (预算.csv, 上限.csv)."))
@option("-q", "--quiet", is_flag=True, help=message("Print nothing but faults."))
@PLUGINS_DIR
@WITHOUT_BROKEN
@LANGUAGE
@JSON
def run(
    scenario: str | None,
    trials: int | None,
    seed: int | None,
    until: float | None,
    has_errors: bool,
    reform: tuple[str, ...],
    settings: tuple[str, ...],
    beyond_law: bool,
    out: Path | None,
    manifest: str | None,
    overwrite: bool,
    workers: int | None,
    chunk: int | None,
    excel: str | None,
    html: str | None,
    plain: bool,
    quiet: bool,
    plugins_dir: str | None,
    without_broken: bool,
    as_json: bool,
) -> int:
    """Simulate a scenario and write its files; the exit code: whether it repeats another, or is as sure as asked."""
    clock = Clock()
    stages = Stages(clock, is_silent=quiet or as_json)
    if not (quiet or as_json):
        say_start(message("reading {scenario} …", scenario=manifest or scenario or ""))
    from ..reports.run_files import MANIFEST

    if until is not None and manifest is not None:
        raise click.UsageError(message("--from repeats a run as it was; leave out {given}", given="--until"))
    with clock.stage("loading"):
        plan = planned_run(scenario, trials, seed, reform, manifest, plugins_dir, out, settings, beyond_law)
    check_writable(plan.folder)
    exports = _exports({"excel": excel, "html": html})
    for note in plan.notes(MANIFEST):
        say(message("note: {what}", what=note), to_stderr=True)
    for warning in plan.scenario.warnings:
        stages.announce(message("warning: {what}", what=warning.text()))
    keeps = bool(exports) or has_errors or None
    simulated = partial(_simulate, stages=stages, workers=workers, chunk=chunk, keep_trials=keeps)
    reached = None if until is None else reach(plan, until, trials, stages, workers, chunk, keeps)
    if reached is not None:
        result = reached.result
    else:
        result = _without_failing(plan, simulated, stages, plugins_dir) if without_broken else simulated(plan)
    changed, written = _write(plan, result, exports, clock, overwrite, has_errors, plain)
    path = plan.folder / MANIFEST if overwrite or not changed else None
    if as_json:
        printed = _run_json(result, path, clock, list(changed), written)
        printed |= _errors_json(result) if has_errors else {}
        printed |= reached_json(reached) if reached else {}
        say_json(printed, allow_nan=False)
    elif not quiet:
        _print_run(result, path, clock, plan.repeat is not None and not changed, written, has_errors, plain)
        if reached is not None:
            say(sentence(reached))
    if changed:
        return _say_changed(changed, overwrite)
    return FINE if reached is None or reached.is_sure else OWN_FAILURE


def _exports(asked: Mapping[str, str | None]) -> list[tuple[Path, Any]]:
    """Files to hand on and what writes each, checked before the run: it may take long."""
    from ..reports.export import check_export, write_excel, write_html

    write = {"excel": write_excel, "html": write_html}
    return [(check_export(kind, path), write[kind]) for kind, path in asked.items() if path is not None]


def _without_failing(
    plan: PlannedRun, simulated: Callable[[PlannedRun], RunResult], stages: Stages, plugins_dir: str | None
) -> RunResult:
    """The run, begun anew without an item as often as the mode of one fails in the middle."""
    from ..modes.mode_guard import ModeFault
    from ..scenario_file.without_item import without

    while True:
        try:
            return simulated(plan)
        except ModeFault as error:
            plan = replace(plan, scenario=without(plan.scenario, error, Path(plugins_dir) if plugins_dir else None))
            for fault in error.faults:
                stages.announce(message("warning: left out of every total: {what}", what=fault.text()))


def _simulate(
    plan: PlannedRun, stages: Stages, workers: int | None, chunk: int | None, keep_trials: bool | None
) -> RunResult:
    from ..api.scenario_run import result_of
    from ..kernel.simulate import CHUNK

    stages.compile(plan.scenario)
    with stages.progress(plan.trials) as progress:
        return result_of(plan.scenario, plan.trials, plan.seed, workers, chunk or CHUNK, progress, keep_trials)


def _write(
    plan: PlannedRun,
    result: RunResult,
    exports: list[tuple[Path, Any]],
    clock: Clock,
    overwrite: bool,
    has_errors: bool,
    plain: bool,
) -> tuple[dict[str, Message], list[Path]]:
    """Write the files of a run; what differs from the run repeated, and the files to hand on that were written."""
    from ..base.files import write_together
    from ..reports.run_files import csv_bytes, result_files
    from ..reports.titled_tables import titled_files
    from ..results.monte_carlo import budget_errors

    with clock.stage("writing"):
        files = result_files(result)
        changed = plan.differences(files)
        if changed and not overwrite:
            return changed, []
        others = ({} if plain else titled_files(result)) | (
            {ERRORS: csv_bytes(budget_errors(result))} if has_errors else {}
        )
        write_together(plan.folder, others | files)
        return changed, [write(result, file, handed_on_language()) for file, write in exports]


def _say_changed(changed: Mapping[str, Message], is_written: bool) -> int:
    say(
        message("The run was not repeated, but its files were written; the notes above may say why.")
        if is_written
        else message("The run was not repeated: nothing was written (--overwrite does); the notes above may say why."),
        to_stderr=True,
    )
    for difference in changed.values():
        say(f"  {text_of(difference)}", to_stderr=True)
    return OWN_FAILURE


def _print_run(
    result: RunResult,
    manifest: Path | None,
    clock: Clock,
    is_repeated: bool,
    written: list[Path],
    has_errors: bool,
    is_plain: bool,
) -> None:
    from rich.text import Text

    from ..reports.terminal import result_view

    screen = console()
    screen.print(result_view(result, has_errors=has_errors))
    screen.print()
    if is_repeated:
        screen.print(Text(text_of(message("Repeated: every file is, byte for byte, what it was."))))
    screen.print(Text(clock.text().text()), style="dim")
    if manifest is None:
        return
    for line in _next_lines(result, manifest, written, is_plain):
        screen.print(Text(line), soft_wrap=True)


def _next_lines(result: RunResult, manifest: Path, written: list[Path], is_plain: bool) -> list[str]:
    """Where the results are, what to hand on, and how the run is repeated."""
    from ..modes.plugin_loading import folder_of
    from ..reports.run_files import BUDGET, CAPS
    from ..reports.titled_tables import TITLED

    shown = {"budget": BUDGET, "caps": CAPS} if is_plain else TITLED
    files = {key: str(manifest.parent / name) for key, name in shown.items()}
    modes = folder_of(mode for item in result.scenario.items for mode in item.modes.values())
    again = f"changji-sim run --from {manifest}" + (f" --plugins-dir {modes}" if modes else "")
    lines = [message("Open next: {budget} (every flow), {caps} (every cap)", **files)]
    lines += [message("To hand on: {file}", file=str(path)) for path in written]
    return [text_of(line) for line in [*lines, message("To repeat it: {command}", command=again)]]


def _errors_json(result: RunResult) -> dict[str, Any]:
    from ..results.monte_carlo import binding_errors, summary_errors

    return {"summary_errors": records(summary_errors(result)), "binding_errors": records(binding_errors(result))}


def _run_json(
    result: RunResult, manifest: Path | None, clock: Clock, changed: list[str], written: list[Path]
) -> dict[str, Any]:
    from ..results.breakdown import binding_caps
    from ..results.caveats import notes
    from ..results.idle_readings import idle_readings
    from ..results.summary import summary

    return {
        "scenario": result.scenario.name,
        "title": result.scenario.title,
        "reform": result.scenario.reform_name or None,
        "trials": result.trial_count,
        "seed": result.seed,
        "summary": records(summary(result)),
        "binding_caps": records(binding_caps(result)),
        "notes": notes(result, reader_language()),
        "left_out": [{"item": one.key, "title": one.title, "why": one.why} for one in result.scenario.left_out],
        "warnings": [warning.text() for warning in result.scenario.warnings],
        "idle_readings": idle_readings(result),
        "manifest": str(manifest) if manifest else None,
        "exports": [str(path) for path in written],
        "changed_outputs": changed,
        "seconds": {name: round(seconds, 3) for name, seconds in clock.seconds.items()},
    }
