"""The stages of a command that take time, as they show on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..base.messages import Joined, joined, message, text_of
from .command_output import say

if TYPE_CHECKING:
    from rich.console import Console

    from ..scenario.model import ScenarioModel

FEW_TRIALS = 100  # enough for money to be short, ratings to fail and arrears to arise in some
TITLES = {
    "loading": message("loading"),
    "compiling": message("compiling"),
    "simulating": message("simulating"),
    "writing": message("writing"),
}


class Clock:
    """How long each stage took, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a stage, one of `TITLES`."""
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start

    def text(self) -> Joined:
        """The seconds of every stage in a line."""
        shown = (
            message("{stage} {seconds:.1f} s", stage=TITLES[name], seconds=seconds)
            for name, seconds in self.seconds.items()
        )
        return joined(shown, " · ", " · ")


class Stages:
    """What a run is doing, on stderr; nothing of it where it is to be silent."""

    def __init__(self, clock: Clock, is_silent: bool):
        self.clock, self.is_silent = clock, is_silent

    def announce(self, sentence: str) -> None:
        """Print what is done next."""
        if not self.is_silent:
            say(sentence, to_stderr=True)

    def compile(self, scenario: ScenarioModel, is_moved: bool = False) -> None:
        """Have the kernel compiled, or read from numba's cache, by a few trials that meet most of the rules.

        Args:
            is_moved: numbers will be moved: what works out moves is compiled too.
        """
        from ..kernel.compile import compiling, is_compiled
        from ..kernel.simulate import simulate

        if not is_compiled():
            self.announce(message("compiling the kernel, once: half a minute or more; later runs skip this"))
        reading = self._console().status(text_of(message("reading the kernel …")))
        with self.clock.stage("compiling"), reading, compiling():
            simulate(scenario, FEW_TRIALS)
            if is_moved:
                from ..whatif.incremental import IncrementalRun

                IncrementalRun(scenario, FEW_TRIALS).run()

    @contextmanager
    def progress(self, trials: int) -> Iterator[Callable[[int, int], None]]:
        """A bar for a run, whose seconds are measured."""
        with self.clock.stage("simulating"), self.bar(trials) as tell:
            yield tell

    @contextmanager
    def bar(self, trials: int) -> Iterator[Callable[[int, int], None]]:
        """A bar for so many trials, drawn when it is told: beside a thread that draws it no process would be made."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        label = TextColumn(text_of(TITLES["simulating"]))
        columns = (label, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._console(), auto_refresh=False, transient=True) as bar:
            task = bar.add_task("", total=trials)
            yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)

    def _console(self) -> Console:
        from rich.console import Console

        return Console(stderr=True, quiet=self.is_silent)
