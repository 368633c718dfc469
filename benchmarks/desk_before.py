"""Moves of the desk's sliders, CPU time side by side with an earlier commit.

Each build works in a process of its own, move by move in turn. After every move both must give the same flows, to the
fen, before its time counts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from desk_moves import SLIDERS, Slider
from earlier import BEFORE, THIS, Build

_MOVER = """
import hashlib, json, sys, time
from changji_sim import Live
from changji_sim.adjustable import adjustables
from changji_sim.scenario_file.draft import Draft
for line in sys.stdin:
    name, key, by, trials, moves = json.loads(line)
    draft = Draft(name)
    live = Live(draft.original, trials)
    live.run()
    turned = next(one for one in adjustables(draft) if one.key == key)
    for move in range(1, moves + 1):
        scenario = draft.scenario(turned.change(round(turned.value + move * by, 6)))
        start = time.process_time()
        result = live.run(scenario)
        seconds = time.process_time() - start
        flows, digest = result.run.flows, hashlib.sha256()
        for where in sorted(key for key in flows.keys() if not key[2].startswith("count:")):  # which it did not have
            digest.update(repr(where).encode() + flows.fen(*where).tobytes())
        print(json.dumps([seconds, digest.hexdigest()]), flush=True)
        sys.stdin.readline()
"""
WARM_UP = 200, 2  # trials and moves, after which everything is compiled


class Unequal(Exception):
    """Two builds do not give the same."""


Process = subprocess.Popen[str]


@contextmanager
def movers(before: Build) -> Iterator[list[Process]]:
    """A process that moves sliders with the earlier build, and one with this one."""
    with _mover(before) as then, _mover(THIS) as now:
        yield [then, now]


@contextmanager
def _mover(build: Build) -> Iterator[Process]:
    pipe = subprocess.PIPE
    command = [str(build.python), "-c", _MOVER]
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env=build.environment, cwd=build.python.parent
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def seconds_of_moves(slider: Slider, processes: Sequence[Process], trials: int, moves: int) -> list[list[float]]:
    """Seconds of CPU of each move, in each process.

    Raises:
        Unequal: they do not give the same flows.
    """
    for process in processes:
        _say(process, json.dumps([slider.scenario, slider.key, slider.by, trials, moves]))
    taken = []
    for move in range(1, moves + 1):
        answers = [json.loads(_heard(process)) for process in processes]
        if len({digest for _, digest in answers}) > 1:
            raise Unequal(f"{slider.what}, move {move}: other flows than commit {BEFORE} gives")
        for process in processes:
            _say(process, "")
        taken.append([seconds for seconds, _ in answers])
    return taken


def _heard(process: Process) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise Unequal(f"a process that moves sliders ended with {process.wait()}")
    return line


def _say(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def before_lines(
    before: Build, trials: int, moves: int, spread: Callable[..., str]
) -> Iterator[tuple[str, str, str, str]]:
    """A line of the table for each slider.

    Raises:
        Unequal: the builds do not give the same flows.
    """
    with movers(before) as processes:
        for slider in SLIDERS:
            seconds_of_moves(slider, processes, *WARM_UP)
            taken = seconds_of_moves(slider, processes, trials, moves + 1)[1:]  # the first lays books anew
            then, now = (round(1000 * statistics.median(column)) for column in zip(*taken, strict=True))
            ratios = spread([ours / theirs for theirs, ours in taken], ".3f")
            how = f"CPU time, {now} and {then} ms; flows of all {trials:,} trials equal, to the fen, after every move"
            yield f"recompute, {slider.what} ÷ commit {BEFORE}", ratios, slider.goals.before, how
