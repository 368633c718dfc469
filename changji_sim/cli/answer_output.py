"""What the commands that answer from several runs share: their options, the scenario asked about, tables, files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ..base.messages import message, reader_language, text_of
from .command_output import say, say_start
from .commands import Whole, option
from .options import BEYOND_LAW, FOLDER, JSON, LANGUAGE, LARGEST_SEED, PLUGINS_OF_RUNS, REFORM, SET, console
from .planned_run import SEED, TRIALS, changed

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.model import ScenarioModel
    from ..wording.language import Translator

Side = Literal["left", "right"]
Decorated = Callable[..., int | None]
OF_RUNS = (
    option("--trials", type=Whole(1), default=TRIALS, metavar="N", show_default=f"{TRIALS}",
           help=message("Number of trials (模拟次数).")),
    option("--seed", type=Whole(0, LARGEST_SEED), default=SEED, metavar="S", show_default=f"{SEED}",
           help=message("The same seed gives the same numbers (随机种子).")),
)  # fmt: skip
OUT_TOO = option("-o", "--out", type=click.Path(path_type=Path), metavar=FOLDER,
                 help=message("Also write the tables and the answer there, as CSV and JSON."))  # fmt: skip
OF_READERS = (PLUGINS_OF_RUNS, LANGUAGE, JSON)


@dataclass(frozen=True)
class RunOptions:
    """The options of a command that answers from runs, and what such a command does with them."""

    reform: tuple[str, ...]
    trials: int
    seed: int
    out: Path | None
    plugins_dir: str | None
    as_json: bool
    settings: tuple[str, ...] = ()
    beyond_law: bool = False

    def say_reading(self, scenario: str) -> None:
        """Print what is read first, where a person watches."""
        if not self.as_json:
            say_start(message("reading {scenario} …", scenario=scenario))

    def load(self, scenario: str) -> ScenarioModel:
        """The scenario that the command names, with its reforms and what is set.

        Raises:
            FaultyInput: the file, a reform or a setting is at fault.
        """
        from ..scenario_file.load import load_scenario

        loaded = load_scenario(scenario, self.reform, self.plugins_dir)
        return changed(loaded, self.settings, self.beyond_law)

    def load_unchanged(self, scenario: str) -> ScenarioModel:
        """A scenario as its file has it.

        Raises:
            FaultyInput: the file is at fault.
        """
        from ..scenario_file.load import load_scenario

        return load_scenario(scenario, (), self.plugins_dir)

    @contextmanager
    def runs_done(self) -> Iterator[Callable[[int], None]]:
        """How many runs are done, on stderr, while a person watches."""
        from rich.console import Console

        if self.as_json:
            yield lambda done: None
            return
        with Console(stderr=True).status(text_of(message("simulating …"))) as status:
            yield lambda done: status.update(text_of(message("simulating … {count} runs done", count=done)))

    def write(
        self,
        frames: Mapping[str, pd.DataFrame],
        answer: Mapping[str, Any] | None = None,
        others: Mapping[str, bytes] | None = None,
    ) -> None:
        """Write frames as CSV, the answer as JSON and other files into the folder; nothing where none is given.

        Raises:
            FaultyInput: they cannot be written there.
        """
        if self.out is None:
            return
        from ..base.files import check_writable, write_together
        from ..reports.run_files import csv_bytes

        check_writable(self.out)
        files = {name: csv_bytes(frame) for name, frame in frames.items()} | dict(others or {})
        if answer is not None:
            text = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
            files["answer.json"] = text.encode()
        write_together(self.out, files)

    def say_written(self) -> None:
        """Print where the tables are."""
        if self.out is not None:
            say_written(self.out)


def of_runs(command: Decorated) -> Decorated:
    """Decorator: the options of a command that answers from runs (reform, trials, seed, folder, plugins, language),
    which it is given as ``options``, a `RunOptions`.
    """
    return _with(command, (REFORM, *OF_RUNS, OUT_TOO, *OF_READERS))


def of_changed_runs(command: Decorated) -> Decorated:
    """Decorator: the same, and what ``--set`` sets first."""
    return _with(command, (SET, BEYOND_LAW, REFORM, *OF_RUNS, OUT_TOO, *OF_READERS))


def of_written_runs(out: Callable[[Decorated], Decorated]) -> Callable[[Decorated], Decorated]:
    """Decorator: the same for a command whose answer is files; ``out`` is its own option ``-o``."""
    return lambda command: _with(command, (SET, BEYOND_LAW, REFORM, *OF_RUNS, out, *OF_READERS))


def _with(command: Decorated, options: Sequence[Callable[[Decorated], Decorated]]) -> Decorated:
    @wraps(command)
    def called(**given: Any) -> int | None:
        shared = {one.name: given.pop(one.name) for one in fields(RunOptions) if one.name in given}
        return command(options=RunOptions(**shared), **given)

    decorated: Decorated = called
    for one in reversed(options):
        decorated = one(decorated)
    return decorated


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


def print_answer(lines: Iterable[str], *tables: Any) -> None:
    """Print sentences, then tables, each below an empty line."""
    from rich.text import Text

    screen = console()
    for line in lines:
        screen.print(Text(text_of(line)), soft_wrap=True)
    for one in tables:
        screen.print()
        screen.print(one)


def say_written(place: Path) -> None:
    """Print where the tables are."""
    say(message("Written: {folder}", folder=str(place)))
