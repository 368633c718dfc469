"""``changji-sim``: the commands. Tables and sentences go to a person's terminal, ``--json`` to a program.

Exit codes: 0 fine · 1 our own failure · 2 faulty input, every fault on stderr, one a line · 130 interrupted ·
141 whoever read the output stopped reading.
"""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from .cli_desk import desk
from .cli_explain import explain
from .cli_options import JSON, PLUGINS_DIR, REFORM, console
from .cli_stages import Clock, Stages
from .faults import Fault, FaultyInput, is_there
from .plugins import folder_of

if TYPE_CHECKING:
    from .result import Result
    from .scenario import Scenario

FINE, OWN_FAILURE, FAULTY_INPUT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
MOST_CHARACTERS = 4_000  # of an argument
OUT = Path("out")


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding shows '?', not a traceback
    code = run_cli(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _say_no_more()
    sys.exit(code)


def run_cli(arguments: list[str]) -> int:
    """One command, its exit code given back; never a traceback for bad input."""
    try:
        _check_arguments(arguments)
        return cli.main(arguments, prog_name="changji-sim", standalone_mode=False) or FINE
    except FaultyInput as error:
        return _say_faults(error.faults)
    except click.ClickException as error:
        error.show()
        return FAULTY_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; nothing was written.", err=True)
        return INTERRUPTED
    except MemoryError:
        click.echo("There is not enough memory for so many trials on this machine; try fewer (--trials).", err=True)
        return FAULTY_INPUT
    except (BrokenPipeError, SystemExit):  # so click and rich say that nobody reads any more
        return _say_no_more()
    except OSError as error:  # a full disk, a name too long, no permission: nothing of ours is wrong
        place = f"{Path(os.fsdecode(error.filename)).name[:60]}" if error.filename else ""
        return _say_faults((Fault(place, f"it cannot be read or written: {error.strerror or error}"),))
    except Exception as error:  # whatever it is, it is ours, and must not look like the user's doing
        traceback.print_exc()
        click.echo(f"This is a fault of changji-sim itself, not of your files ({type(error).__name__}).", err=True)
        return OWN_FAILURE


def _check_arguments(arguments: list[str]) -> None:
    """Refuse what no file can be called and no output can show."""
    faults = []
    for argument in arguments:
        shown = argument[:60].encode(errors="replace").decode()
        if len(argument) > MOST_CHARACTERS:
            faults.append(
                Fault("", f"an argument of {len(argument):,} characters ('{shown}…') is longer than any name")
            )
        elif any("\ud800" <= character <= "\udfff" for character in argument):
            faults.append(Fault("", f"the argument '{shown}' is no UTF-8 text; rename the file or folder"))
    if faults:
        raise FaultyInput(faults)


def _say_no_more() -> int:
    """Whoever read our output has seen enough: stop as a program does that a signal ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


def _say_faults(faults: tuple[Fault, ...]) -> int:
    for fault in faults:
        click.echo(f"{'warning: ' if fault.is_warning else ''}{fault}", err=True)
    return FAULTY_INPUT if any(not fault.is_warning for fault in faults) else FINE


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="changji-sim")
def cli() -> None:
    """What a science fund's rules will cost, and how sure that is (昌吉州科技专项资金).

    \b
    changji-sim run baseline           simulate a scenario (情景)
    changji-sim desk baseline          the same in a browser, with sliders (看板)
    changji-sim explain --trial 3      one future's applications, one of them told (来龙去脉)
    changji-sim assess FILE.xlsx       work out real applications (申报)
    changji-sim measure 11(3)          look up the measure (办法)
    """


# --- run ------------------------------------------------------------------------------------------------------------


@cli.command(short_help="Simulate a scenario (情景): need, envelope, P(short).")
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
    from .export import check_export, write_excel, write_html
    from .kernel.simulate import CHUNK
    from .output import MANIFEST, check_writable, result_files, write_together

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

    def __init__(self, scenario: Scenario, trials: int, seed: int, repeat: Any = None):
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
        from .repeat import read_manifest

        repeat = read_manifest(manifest, plugins_dir)
        return PlannedRun(repeat.scenario, repeat.trials, repeat.seed, repeat)
    if scenario is None:
        raise click.UsageError("Missing SCENARIO: a file, or a name such as baseline (or --from a manifest.json)")
    from .scenario_file.load import load_scenario

    loaded = load_scenario(scenario, reform, plugins_dir)
    return PlannedRun(loaded, 10_000 if trials is None else trials, 0 if seed is None else seed)


def _folder_name(scenario: Scenario) -> str:
    return f"{scenario.name}+{scenario.reform_name}" if scenario.reform_name else scenario.name


def _simulate(plan: PlannedRun, stages: Stages, workers: int | None, chunk: int) -> Result:
    from .kernel.simulate import simulate
    from .result import Result

    with stages.progress(plan.trials) as progress:
        return Result(simulate(plan.scenario, plan.trials, plan.seed, workers, chunk, progress))


def _print_run(result: Result, manifest: Path | None, clock: Clock, is_repeated: bool, written: list[Path]) -> None:
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
    result: Result, manifest: Path | None, clock: Clock, changed: list[str], written: list[Path]
) -> dict[str, Any]:
    from .indicators import binding_caps, idle_readings

    return {
        "scenario": result.scenario.name,
        "title": result.scenario.title,
        "reform": result.scenario.reform_name or None,
        "trials": result.trial_count,
        "seed": result.seed,
        "summary": _records(result.summary()),
        "binding_caps": _records(binding_caps(result)),
        "notes": result.notes(),
        "warnings": [str(warning) for warning in result.scenario.warnings],
        "idle_readings": idle_readings(result),
        "manifest": str(manifest) if manifest else None,
        "exports": [str(path) for path in written],
        "changed_outputs": changed,
        "seconds": {name: round(seconds, 3) for name, seconds in clock.seconds.items()},
    }


def _records(frame: Any) -> list[dict[str, Any]]:
    """Rows of a frame for JSON: what is missing is null; a header that stands again gets a number behind it."""
    times: dict[str, int] = {}
    names = []
    for name in map(str, frame.columns):
        times[name] = times.get(name, 0) + 1
        names.append(name if times[name] == 1 else f"{name} ({times[name]})")
    frame = frame.set_axis(names, axis=1)
    rows = frame.astype(object).where(frame.notna(), None)
    return [{k: v.item() if hasattr(v, "item") else v for k, v in row.items()} for row in rows.to_dict("records")]


# --- scenario files -------------------------------------------------------------------------------------------------


@cli.command(short_help="Say everything that is wrong with a scenario file.")
@click.argument("scenario")
@REFORM
@PLUGINS_DIR
@JSON
def check(scenario: str, reform: str | None, plugins_dir: str | None, as_json: bool) -> int:
    """Read SCENARIO (情景) and say everything that is wrong with it, without running it."""
    from .scenario_file.load import check_scenario

    try:
        faults = check_scenario(scenario, reform, plugins_dir)
    except FaultyInput as error:
        faults = list(error.faults)
    if as_json:
        click.echo(json.dumps([_fault_json(fault) for fault in faults], ensure_ascii=False))
        return FAULTY_INPUT if any(not fault.is_warning for fault in faults) else FINE
    code = _say_faults(tuple(faults))
    if code == FINE:
        click.echo(f"{scenario}: fine")
    return code


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {"where": fault.where, "what": fault.what, "article": fault.article, "is_warning": fault.is_warning}


@cli.command(short_help="Begin a scenario file, commented.")
@click.argument("scenario")
@click.option("--extends", default="baseline", show_default=True, help="The scenario it starts from.")
def new(scenario: str, extends: str) -> None:
    """Begin a scenario (情景): write SCENARIO.yaml here, commented, extending another."""
    from .scenario_file.load import find_scenario, new_scenario_text, write_whole

    path = Path(scenario if scenario.endswith((".yaml", ".yml")) else f"{scenario}.yaml")
    text = new_scenario_text(path.stem, extends)
    find_scenario(extends)
    if is_there(path):
        raise FaultyInput([Fault(str(path), "there is such a file already; it was left as it is")])
    try:
        write_whole(path, text)
    except OSError as error:
        raise FaultyInput([Fault(str(path), f"the file cannot be written: {error.strerror or error}")]) from None
    click.echo(f"{path}: open it, take the '#' off what you change, then: changji-sim run {path}")


# --- real applications ----------------------------------------------------------------------------------------------


@cli.command(short_help="Work out real applications (申报), row by row.")
@click.argument("applications")
@click.option("--year", type=int, metavar="Y", help="Only applications submitted in that year (申报年度).")
@click.option("--scenario", metavar="NAME|FILE", help="Its guide and readings; without it the law's own values.")
@click.option("--registrations", type=int, metavar="N", help="Valid registrations of the contest (有效报名数).")
@click.option("--opening", metavar="FILE", help="What was promised before (期初台账): bars and awards already given.")
@click.option("-o", "--out", metavar="FILE", help="Where to write, .csv or .xlsx.  [default: beside the input]")
@REFORM
@PLUGINS_DIR
@JSON
def assess(
    applications: str,
    year: int | None,
    scenario: str | None,
    registrations: int | None,
    opening: str | None,
    out: str | None,
    reform: str | None,
    plugins_dir: str | None,
    as_json: bool,
) -> None:
    """Work out real APPLICATIONS (申报, .csv or .xlsx): demand (测算额), each cap's cut (核减), entitlement (应补额).

    No chance and no envelope: the same formulas and caps as in a run. `changji-sim template` makes an empty workbook.
    """
    from .assess import assess_file

    report = assess_file(
        applications,
        year=year,
        scenario=scenario,
        registrations=registrations,
        opening=opening,
        out=out,
        plugins_dir=plugins_dir,
        reform=reform,
    )
    if as_json:
        about = {"rows": _records(report.frame), "by_item": _records(report.by_item), "notes": list(report.notes)}
        about |= {"warnings": [str(warning) for warning in report.warnings], "out": str(report.out or "")}
        click.echo(json.dumps(about, ensure_ascii=False, default=str))
        return
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    console().print(_frame_table(report.by_item, "by item and year, 万元"))
    for note in report.notes:
        click.echo(f"• {note}")
    if report.out:
        click.echo(f"Open next: {report.out}")


def _frame_table(frame: Any, title: str) -> Any:
    from .terminal import Fitting

    table = Table(title=title, title_justify="left", box=None)
    for name in frame.columns:
        is_number = frame[name].dtype.kind in "fiu"
        table.add_column(str(name), justify="right" if is_number else "left", no_wrap=True)
    for row in frame.itertuples(index=False):
        table.add_row(*(escape(f"{cell:,.4f}" if isinstance(cell, float) else str(cell)) for cell in row))
    return Fitting(table, leads=3)


@cli.command(short_help="Write an empty workbook (申报模板) for assess.")
@click.argument("path", default="applications.xlsx")
@click.option("--scenario", metavar="NAME|FILE", help="Its items, a planner's own too.  [default: baseline]")
@PLUGINS_DIR
def template(path: str, scenario: str | None, plugins_dir: str | None) -> None:
    """Write an empty workbook (申报模板) for `assess`, with the columns that each item needs."""
    from .applications.template import write_template

    click.echo(f"Open next: {write_template(path, scenario=scenario, plugins_dir=plugins_dir)}")


# --- looking things up ----------------------------------------------------------------------------------------------


@cli.command(short_help="Look up the measure (办法).")
@click.argument("article", required=False)
@REFORM
@JSON
def measure(article: str | None, reform: str | None, as_json: bool) -> None:
    """The measure (办法): all of it, or one ARTICLE (条) such as 11, 11(3) or 第十一条（三）.

    Says the gist, the numbers the law fixes, what of the program they touch, and the readings (条文理解) left open.
    """
    from .measure import load_measure, load_reform

    law = load_measure()
    law = law.reformed(load_reform(reform, law)) if reform else law
    rows = law.as_rows(article)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    screen = console()
    for row in rows:
        for line in _provision_lines(row):
            screen.print(line)


def _provision_lines(row: dict[str, Any]) -> Iterator[Text]:
    """One provision as a person reads it: article and gist, then its numbers and readings, then what it touches."""
    yield Text.assemble((row["article"], "bold"), " ", row["gist_zh"])
    yield Text(f"    {row['gist_en']}", style="dim")
    for value in row["values"]:
        by = f"  ({value['reform']})" if value["reform"] else ""
        yield Text(f"    {value['item']}.{value['term']}  {value['title']}  {value['shown']}{by}", style="cyan")
    for reading in row["readings"]:
        choices = ", ".join(
            f"{key} {choice['title']}{' (default)' if key == reading['default'] else ''}"
            for key, choice in reading["choices"].items()
        )
        yield Text(f"    reading {reading['name']} 条文理解: {reading['title']} {choices}", style="yellow")
    if row["touches"]:
        yield Text(f"    touches {', '.join(row['touches'])}", style="dim")


@cli.command(short_help="List the plugins (插件) and what failed.")
@PLUGINS_DIR
@JSON
def plugins(plugins_dir: str | None, as_json: bool) -> None:
    """The plugins (插件): which are loaded, from where, with which modes (支持方式), and which failed and why."""
    from .plugins import check_folder, load_plugins
    from .terminal import Fitting

    check_folder(plugins_dir)
    loaded = load_plugins(plugins_dir)
    if as_json:
        rows = [
            {
                "name": plugin.name,
                "source": plugin.source,
                "version": plugin.version,
                "modes": {mode.key: mode.title for mode in plugin.modes},
                "failure": plugin.failure,
            }
            for plugin in loaded
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(box=None)
    for header in ("plugin 插件", "modes 支持方式", "from 来源"):
        table.add_column(header)
    for plugin in loaded:
        modes = ", ".join(f"{mode.key} {mode.title}" for mode in plugin.modes)
        what = Text(f"failed: {plugin.failure}", style="red") if plugin.failure else Text(modes)
        table.add_row(Text(plugin.name), what, Text(plugin.source))
    console().print(Fitting(table, leads=1))


cli.add_command(desk)
cli.add_command(explain)
