"""Moves of the desk's sliders, CPU time side by side with the build of commit 2f721a0.

That build stands in a worktree of its own in a temporary folder, with this environment's packages, and is compiled
there. Both work out the same moves step by step in turn, each in a process of its own; before any time is taken, what
both give after the moves must be the same.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve()
BEFORE = "2f721a0"
TRIALS, STEPS = 10_000, 6
GOALS = {
    "the 400万 limit": 8,
    "the total envelope": 8,
    "a category's envelope": 8,
    "the 20% rate": 8,
    "growth of demand": 2,
    "applications of an item": 6,
    "a probability of oversight": 6,
}  # times less CPU
_SUM = """
import hashlib, json, sys, time
from desk_moves import SLIDERS
from changji_sim import Live
from changji_sim.scenario_file.draft import Draft
for line in sys.stdin:
    number, trials, steps = json.loads(line)
    slider = SLIDERS[number]
    draft = Draft(slider.scenario)
    live = Live(draft.original, trials)
    live.run()
    for value in slider.values(draft, steps):
        scenario = draft.scenario(slider.changes(draft, value))
        start = time.process_time()
        result = live.run(scenario)
        seconds = time.process_time() - start
        flows, digest = result.run.flows, hashlib.sha256()
        for key in sorted(flows.keys()):
            digest.update(repr(key).encode() + flows.fen(*key).tobytes())
        print(json.dumps([seconds, digest.hexdigest()]), flush=True)
        sys.stdin.readline()
"""


@contextmanager
def build_of(commit: str) -> Iterator[Path]:
    """A worktree of a commit, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "--detach", tree, commit], cwd=HERE.parent, check=True)
        try:
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=HERE.parent, check=True)


@contextmanager
def mover(tree: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that moves sliders with the package in ``tree``; ``folder`` holds what it compiles."""
    folder.mkdir()
    (folder / "changji_plugins").symlink_to(tree / "plugins")
    (folder / "changji_scenarios").symlink_to(tree / "scenarios")
    paths = os.pathsep.join(map(str, (tree, folder, tree / "benchmarks")))
    environment = {**os.environ, "PYTHONPATH": paths, "NUMBA_CACHE_DIR": str(folder / "compiled")}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", _SUM], stdin=pipe, stdout=pipe, text=True, env=environment, cwd=tree
    ) as process:
        yield process
        process.terminate()


def measured(number: int, processes: list[subprocess.Popen[str]], trials: int, steps: int) -> list[list[float]]:
    """Seconds of CPU of each step of a slider, in each process.

    Raises:
        AssertionError: if they do not give the same flows.
    """
    taken = []
    for process in processes:
        _say(process, json.dumps([number, trials, steps]))
    for _ in range(steps):
        answers = []
        for process in processes:
            assert process.stdout is not None
            answers.append(json.loads(process.stdout.readline()))
        assert len({digest for _, digest in answers}) == 1, "the builds do not give the same flows"
        for process in processes:
            _say(process, "")
        taken.append([seconds for seconds, _ in answers])
    return taken


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def main() -> None:
    """Print a row for each slider; end with 1 where a goal is missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as name, build_of(BEFORE) as tree:
        folder = Path(name)
        with mover(tree, folder / "before") as before, mover(HERE.parents[1], folder / "now") as now:
            for number, (what, goal) in enumerate(GOALS.items()):
                measured(number, [before, now], 200, 2)  # compiles
                steps = measured(number, [before, now], TRIALS, STEPS)[1:]
                ratio = statistics.median(was / of_now for was, of_now in steps)
                milliseconds = [round(1e3 * statistics.median(column)) for column in zip(*steps, strict=True)]
                print(f"{what}: {milliseconds[0]} -> {milliseconds[1]} ms of CPU, {ratio:.1f} times less, goal {goal}")
                missed += ratio < goal
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
