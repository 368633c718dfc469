"""What takes time, and what a person sees of it on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from ..scenario.model import ScenarioModel

FEW_TRIALS = 100  # enough for money to be short, ratings to fail and arrears to arise in some


class Clock:
    """How long each stage took, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start

    def __str__(self) -> str:
        return " · ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())


class Stages:
    """The stages of a run that take time, with what a person sees of them on stderr."""

    def __init__(self, clock: Clock, is_silent: bool):
        self.clock = clock
        self.console = Console(stderr=True, quiet=is_silent)

    def compile(self, scenario: ScenarioModel) -> None:
        """Have the kernel compiled, or read from where it was kept, by a few trials that meet most of the rules."""
        from ..kernel.commitments import commit
        from ..kernel.simulate import simulate

        kept = commit.stats.cache_path  # where numba keeps what it has compiled
        if not (kept and any(Path(kept).glob("commitments.*.nbi"))):
            self.console.print("compiling the kernel, once: some half a minute; later runs skip this")
        with self.clock.stage("compiling"), self.console.status("the kernel…"):
            simulate(scenario, FEW_TRIALS)

    @contextmanager
    def progress(self, trials: int) -> Iterator[Callable[[int, int], None]]:
        """A bar for a run."""
        columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with self.clock.stage("simulating"), Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task("", total=trials)
            yield lambda done, total: bar.update(task, completed=done, total=total)
