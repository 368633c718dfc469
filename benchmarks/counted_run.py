"""What counting costs: `changji-sim run` of the baseline, beside the last commit that counted no applications.

Each build writes its run into a folder of its own, in a process of its own, one after the other; what is compared is
the processor time of both, everything included: starting Python, the run, its tables, its files.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from earlier import Build

BEFORE_COUNTS = "f67d565"  # main before numbers of applications stood beside the money
WARM_UP = 700  # trials, after which everything is compiled

Line = tuple[str, str, str, str]


def counted_line(before: Build, trials: int, pairs: int, spread: Callable[..., str]) -> Line:
    """The line of the table: the ratio of the processor times, pair by pair."""
    this = Build(Path(sys.executable), dict(os.environ))
    for build in (before, this):
        cpu_of_run(build, WARM_UP)
    times = [(cpu_of_run(before, trials), cpu_of_run(this, trials)) for _ in range(pairs)]
    ratio = spread([now / then for then, now in times], ".3f")
    how = f"CPU of `changji-sim run baseline --trials {trials:,}`, {spread([now for _, now in times])} s, in turn"
    return "run, with counts ÷ without", ratio, "≤ 1.05", f"{how}; without: commit {BEFORE_COUNTS}"


def cpu_of_run(build: Build, trials: int) -> float:
    """Processor seconds of one run to files."""
    before = _children()
    with tempfile.TemporaryDirectory() as folder:
        command = [str(build.python), "-m", "changji_sim", "run", "baseline", "--trials", str(trials), "-o", folder]
        subprocess.run(command, env=build.environment, check=True, capture_output=True)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
