"""What the commands that answer from several runs share: their options, the scenario asked about, tables, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from ..base.messages import message, reader_language, text_of
from .commands import Whole, option
from .options import BEYOND_LAW, FOLDER, JSON, LANGUAGE, LARGEST_SEED, PLUGINS_OF_RUNS, REFORM, SET
from .planned_run import SEED, TRIALS, changed
from .saying import say, say_start

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.model import ScenarioModel
    from ..wording.language import Translator

Side = Literal["left", "right"]
Decorated = TypeVar("Decorated", bound=Callable[..., Any])
OF_RUNS = (
    option("--trials", type=Whole(1), default=TRIALS, metavar="N", show_default=f"{TRIALS}",
           help=message("Number of trials (模拟次数).")),
    option("--seed", type=Whole(0, LARGEST_SEED), default=SEED, metavar="S", show_default=f"{SEED}",
           help=message("The same seed gives the same numbers (随机种子).")),
    option("-o", "--out", type=click.Path(path_type=Path), metavar=FOLDER,
           help=message("Also write the tables and the answer there, as CSV and JSON.")),
    PLUGINS_OF_RUNS,
    LANGUAGE,
    JSON,
)  # fmt: skip


def of_runs(command: Decorated) -> Decorated:
    """Decorator: the options of a command that answers from runs: reform, trials, seed, folder, plugins, language."""
    return _with(command, (REFORM, *OF_RUNS))


def of_changed_runs(command: Decorated) -> Decorated:
    """Decorator: the same, and what ``--set`` sets first."""
    return _with(command, (SET, BEYOND_LAW, REFORM, *OF_RUNS))


def _with(command: Decorated, options: Sequence[Callable[[Decorated], Decorated]]) -> Decorated:
    for one in reversed(options):
        command = one(command)
    return command


def asked_about(
    scenario: str,
    reform: tuple[str, ...],
    plugins_dir: str | None,
    settings: Sequence[str] = (),
    is_beyond_law: bool = False,
) -> ScenarioModel:
    """The scenario that a command names, with its reforms and what is set.

    Raises:
        FaultyInput: the file, a reform or a setting is at fault.
    """
    from ..scenario_file.load import load_scenario

    return changed(load_scenario(scenario, reform, plugins_dir), settings, is_beyond_law)


def say_reading(scenario: str, is_silent: bool) -> None:
    """Print what is read first, where a person watches."""
    if not is_silent:
        say_start(message("reading {scenario} …", scenario=scenario))


@contextmanager
def runs_done(is_silent: bool) -> Iterator[Callable[[int], None]]:
    """How many runs are done, on stderr, while a person watches."""
    from rich.console import Console

    if is_silent:
        yield lambda done: None
        return
    with Console(stderr=True).status(text_of(message("simulating …"))) as status:
        yield lambda done: status.update(text_of(message("simulating … {count} runs done", count=done)))


def reader() -> Translator:
    """Chooses between Chinese and English as the reader does."""
    from ..wording.language import Translator

    return Translator(reader_language())


def titles_of_items(*scenarios: ScenarioModel) -> dict[str, str]:
    """The titles of all items of scenarios by their keys, in the reader's language."""
    from ..wording.language import item_titles

    return {key: title for one in scenarios for key, title in item_titles(one, reader()).items()}


def table(heads: Iterable[str], rows: Iterable[Sequence[str]], sides: Iterable[Side]) -> Any:
    """A table of texts without lines, for a terminal."""
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for head, side in zip(heads, sides, strict=True):
        shown.add_column(text_of(head), justify=side, overflow="fold")
    for row in rows:
        shown.add_row(*map(Text, row))
    return shown


def numbers(count: int) -> list[Side]:
    """The sides of so many columns of numbers."""
    return ["right"] * count


def write_tables(
    out: Path | None, frames: Mapping[str, pd.DataFrame], others: Mapping[str, bytes] | None = None
) -> None:
    """Write frames as CSV, and other files, into a folder; nothing where none is given.

    Raises:
        FaultyInput: they cannot be written there.
    """
    if out is None:
        return
    from ..base.files import check_writable, write_together
    from ..reports.run_files import csv_bytes

    check_writable(out)
    write_together(out, {name: csv_bytes(frame) for name, frame in frames.items()} | dict(others or {}))


def say_written(out: Path | None) -> None:
    """Print where the tables are."""
    if out is not None:
        say(message("Written: {folder}", folder=str(out)))
