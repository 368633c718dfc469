"""``changji-sim sweep``: many settings of a scenario on the same futures, as one table (多组试算)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, reader_language, text_of
from .answer_output import RunOptions, numbers, of_changed_runs, reader, say_written, table, titles_of_items
from .command_output import FINE, INTERRUPTED, OWN_FAILURE, say, say_json
from .commands import Whole, command, option
from .options import SCENARIO, console
from .planned_run import OUT

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.model import ScenarioModel
    from ..whatif.sweep import Engine, Told
    from ..whatif.sweep_settings import Settings

MOST_ROWS, MOST_FAILED = 12, 5  # on a screen
MOST_WORKERS = 1_000


@command(
    short_help=message("Run many settings on the same futures, into one table (多组试算)."),
    help=message(
        "Run every setting of the file SETTINGS (grid, list, latin_hypercube or sobol) of SCENARIO (情景) on the same "
        "futures and write one table, a row a setting, year and quantity. Broken off, the same command goes on where "
        "it was. A setting that fails is named, the others are kept; the exit code is then 1.\n\n"
        "On one machine with --workers, or on several with --scheduler, by Dask: the table is the same to the byte."
    ),
)
@SCENARIO
@click.argument("settings_file", metavar=message("SETTINGS"))
@option("--csv", "is_csv", is_flag=True, help=message("Write CSV instead of Parquet."))
@option(
    "--workers", type=Whole(1, MOST_WORKERS), metavar="N", help=message("Run on N processes of this machine (Dask).")
)
@option("--scheduler", metavar=message("ADDRESS"),
        help=message("Run on the workers of this Dask scheduler, such as tcp://192.168.1.5:8786."))  # fmt: skip
@of_changed_runs
def sweep(
    scenario: str,
    settings_file: str,
    is_csv: bool,
    workers: int | None,
    scheduler: str | None,
    options: RunOptions,
) -> int:
    """Run settings and write their table; the exit code says whether all could be run."""
    if workers and scheduler:
        raise click.UsageError(message("--workers and --scheduler exclude each other"))
    options.say_reading(scenario)
    from ..base.files import check_writable, write_together
    from ..reports.sweep_files import CSV, JOURNAL, PARQUET, check_parquet, sweep_bytes
    from ..whatif.sweep import sweep as run
    from ..whatif.sweep_settings import read_settings

    if not is_csv:
        check_parquet()
    loaded = options.load(scenario)
    whole = read_settings(settings_file, loaded)
    folder = options.out or OUT / f"{loaded.name}+{Path(settings_file).stem}"
    check_writable(folder)
    journal = folder / JOURNAL
    try:
        with _engine(workers, scheduler) as engine, _progress(options.as_json) as done:
            frame = run(loaded, whole, options.trials, options.seed, options.beyond_law, engine, journal, done)
    except KeyboardInterrupt:
        say(message("Interrupted; what is done is kept in {file}: the same command goes on.", file=str(journal)), True)
        return INTERRUPTED
    write_together(folder, sweep_bytes(frame, is_csv))
    journal.unlink(missing_ok=True)
    failed = frame[frame.why != ""]
    file = folder / (CSV if is_csv else PARQUET)
    if options.as_json:
        why = {str(number): why for number, why in _reasons(failed)}
        about = {"scenario": loaded.name, "trials": options.trials, "seed": options.seed, "settings": len(whole.rows)}
        say_json(about | {"failed": why, "rows": len(frame), "file": str(file)})
    else:
        _print(loaded, whole, frame, file)
    return OWN_FAILURE if len(failed) else FINE


@contextmanager
def _engine(workers: int | None, scheduler: str | None) -> Iterator[Engine | None]:
    if not (workers or scheduler):
        yield None
        return
    from ..whatif.sweep_cluster import cluster_engine

    with cluster_engine(workers, scheduler) as engine:
        yield engine


@contextmanager
def _progress(is_silent: bool) -> Iterator[Told]:
    """Settings done, on stderr, while a person watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    screen = Console(stderr=True)
    if is_silent or not screen.is_terminal:
        yield lambda done, of: None
        return
    columns = (TextColumn(text_of(message("settings"))), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _print(loaded: ScenarioModel, settings: Settings, frame: pd.DataFrame, file: Path) -> None:
    failed = frame[frame.why != ""]
    fine = len(settings.rows) - len(failed)
    say(message("{fine} of {count} settings run.", fine=fine, count=len(settings.rows)))
    for number, why in _reasons(failed)[:MOST_FAILED]:
        say(message("setting {number} failed: {why}", number=number, why=why))
    if len(failed) > MOST_FAILED:
        say(message("{count} more failed; the column 'why' says of each", count=len(failed) - MOST_FAILED))
    if fine:
        console().print(_table(loaded, settings, frame))
    if fine > MOST_ROWS:
        say(message("{count} more stand in the file", count=fine - MOST_ROWS))
    say_written(file)


def _reasons(failed: pd.DataFrame) -> list[tuple[int, str]]:
    """The settings that failed, and why, in the reader's language."""
    column = "why" if reader_language() == "zh" else "why_en"
    return list(zip(failed.setting.tolist(), failed[column].tolist(), strict=True))


def _table(loaded: ScenarioModel, settings: Settings, frame: pd.DataFrame) -> Any:
    """The first settings: their values, what is promised and paid in all years, how likely money is short in any."""
    from ..whatif.seek import amount
    from ..wording.amounts import percent, wan
    from ..wording.labels import label
    from ..wording.language import title_with_item

    whole = frame[frame.year == "*"].pivot(index="setting", columns="quantity", values="mean").head(MOST_ROWS)
    values = frame.drop_duplicates("setting").set_index("setting")
    rows = []
    for number in whole.index:
        cells = [_value(values.loc[number, one.key], one.unit, amount) for one in settings.parameters]
        of = whole.loc[number]
        amounts = [wan(of[flow]) for flow in ("commitment", "payment")]
        rows.append((str(number), *cells, *amounts, percent(of["probability_short"])))
    flows = [label(flow, reader_language()) for flow in ("commitment", "payment")]
    items, say_in = titles_of_items(loaded), reader()
    names = (title_with_item(items, one.group, say_in(one.title, one.title_en)) for one in settings.parameters)
    heads = ["", *names, *flows, message("P(short)")]
    return table(heads, rows, numbers(len(heads)))


def _value(value: Any, unit: str, amount: Any) -> str:
    if value is None or value != value:
        return "–"
    return value if isinstance(value, str) else amount(value, unit)
