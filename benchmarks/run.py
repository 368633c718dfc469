"""Measure changji_sim against numpy's bare draws and against other ways to compute the same.

``python benchmarks/run.py [--quick]`` checks everything for equal results first, prints one markdown table and, without
``--quick``, writes it to ``results.md`` and its main rows to the README. It ends with 1 if a check fails; a missed goal
is no failure. How to read the table: ``README.md``.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import counted_run
import desk_before
import desk_rows
import earlier
import floor
import mesa_model
import pandas_model
import register
from desk_recompute import unequal_sliders
from peers import disagreements, reference
from readme_table import write_table
from workload import DESK_MOVES, SCENARIO, full_run

from changji_sim import load_scenario
from changji_sim.kernel.simulate import drawn_tables
from changji_sim.whatif.prices import prices

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"
TRIALS = 10_000
Timed = Callable[[], object]


@dataclass(frozen=True)
class Effort:
    """How often everything is measured."""

    pairs: int  # of a run and F
    peer_pairs: int  # of a peer and a run
    peer_trials: int
    starts: int
    memory_trials: tuple[int, ...]
    moves: int  # of a slider
    checked_trials: int  # after each of which the flows are compared with a run from nothing
    register_rows: int


FULL = Effort(
    pairs=7,
    peer_pairs=3,
    peer_trials=5,
    starts=3,
    memory_trials=(10_000, 1_000_000),
    moves=7,
    checked_trials=2_000,
    register_rows=register.ROWS,
)
QUICK = Effort(
    pairs=2,
    peer_pairs=1,
    peer_trials=2,
    starts=1,
    memory_trials=(10_000,),
    moves=2,
    checked_trials=300,
    register_rows=1_000,
)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    ratio: str
    goal: str
    how: str


@dataclass(frozen=True)
class Peer:
    """Another program that does the same: a trial's table in, its flows out."""

    name: str
    goal: str
    simulate: Callable[[dict, dict], dict]
    prepare: Callable[[dict, dict], object] = lambda plan, table: table
    note: str = ""


PEERS = (
    Peer(
        "plain Python, the tests' reference",
        "≥ 150",
        reference().simulate,
        note="exact fractions, written to be read, not to be fast",
    ),
    Peer("Mesa", "≥ 700", mesa_model.simulate, note="an agent for every firm, application and award"),
    Peer("pandas", "≥ 7,000", pandas_model.simulate, pandas_model.prepare, "frames of one trial, loaded beforehand"),
)


class Unequal(Exception):
    """What is compared does not do the same."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer repeats, nothing written: to see that it works")
    effort = QUICK if parser.parse_args(arguments).quick else FULL
    try:
        text = report(effort)
    except Unequal as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n" + text)
    if effort is FULL:
        RESULTS.write_text(text, encoding="utf-8")
        write_table(text)
    return 0


def report(effort: Effort) -> str:
    """Check, measure, and make the table."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    scenario = load_scenario(SCENARIO)
    say("checking: variates, peers")
    check_variates(full_run(scenario, TRIALS).run.variates)
    check_sliders(effort.checked_trials)
    prepared = {peer.name: checked_peer(peer, scenario, effort.peer_trials) for peer in PEERS}
    rows = []
    for row in measured(scenario, prepared, effort):
        say(f"  {row.what}: {row.ratio}")  # as it comes: what follows may fail
        rows.append(row)
    lines = ["| what | ratio | goal | measured how |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.ratio} | {row.goal} | {row.how} |" for row in rows]
    tools = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "mesa", "pandas"))
    machine = f"{cores()} cores, {platform.machine()}, Python {platform.python_version()}, {tools}"
    return "\n".join([*lines, "", f"{machine}; load average before: {load:.1f}. Medians, with lowest–highest.", ""])


def measured(scenario, prepared: dict[str, tuple[dict, list]], effort: Effort) -> Iterator[Row]:
    """Everything, line by line."""
    yield from floor_rows(scenario, effort)
    for peer in PEERS:
        yield peer_row(peer, *prepared[peer.name], scenario, effort)
    yield price_row(scenario, effort)
    yield from memory_rows(effort)
    yield from first_result_rows(effort)
    yield from earlier_rows(effort)
    yield from desk_lines(effort)


# --- equal results first ---------------------------------------------------------------------------------------------


def check_variates(counted) -> None:
    """The committed counts must be what the run really draws."""
    kept = floor.committed()["variates"]
    now = {kind: number for kind, number in counted.items() if number}
    if now != kept:
        kinds = sorted(kind for kind in {*now, *kept} if now.get(kind) != kept.get(kind))
        what = ", ".join(f"{kind} {kept.get(kind, 0):,} → {now.get(kind, 0):,}" for kind in kinds)
        raise Unequal(f"variates.json is not what the run draws ({what}): run count_variates.py, and say why")


def check_sliders(trials: int) -> None:
    """What a moved slider gives must be what a run from nothing gives."""
    if unequal := unequal_sliders(trials):
        raise Unequal(f"a recompute differs from a run from nothing: {', '.join(unequal)}")


def checked_peer(peer: Peer, scenario, trials: int) -> tuple[dict, list]:
    """The plan and the tables a peer is timed on, once it has given the kernel's numbers for them."""
    plan, tables = drawn_tables(scenario, trials)
    tables = [peer.prepare(plan, table) for table in tables]
    flows = full_run(scenario, trials).run.flows
    if lines := disagreements(flows, peer.simulate, plan, tables):
        raise Unequal(f"{peer.name} differs from the kernel in {len(lines)} flows; the first: {lines[0]}")
    return plan, tables


# --- measuring -------------------------------------------------------------------------------------------------------


def say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def seconds(work: Timed) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(pairs: int, *works: Timed) -> list[tuple[float, ...]]:
    """Seconds of each, A B A B …, so that what else the machine does falls on all alike."""
    return [tuple(seconds(work) for work in works) for _ in range(pairs)]


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Median and, in brackets, lowest and highest."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:{form}}" if len(values) == 1 else f"{middle:{form}} ({low:{form}}–{high:{form}})"


def floor_rows(scenario, effort: Effort) -> list[Row]:
    say("full run against F")
    kept = floor.committed()["variates"]
    times = in_turn(
        effort.pairs,
        lambda: full_run(scenario, TRIALS),
        lambda: floor.draw(kept),
        lambda: full_run(scenario, TRIALS, workers=1),
    )
    full, bare, single = zip(*times, strict=True)
    how = f"{TRIALS:,} trials with budget and caps, {statistics.median(full):.2f} s; F = {spread(bare)} s on one thread"
    return [
        Row(f"full run, {cores()} threads ÷ F", spread([a / f for a, f, _ in times]), "≤ 0.9, then 0.7", how),
        Row("full run, 1 thread ÷ F", spread([b / f for _, f, b in times]), "", f"the same, {spread(single)} s"),
    ]


def peer_row(peer: Peer, plan: dict, tables: list, scenario, effort: Effort) -> Row:
    """A peer's time a trial over the full run's time a trial."""
    say(peer.name)
    times = in_turn(
        effort.peer_pairs,
        lambda: [peer.simulate(plan, table) for table in tables],
        lambda: full_run(scenario, TRIALS),
    )
    ratios = [(theirs / len(tables)) / (ours / TRIALS) for theirs, ours in times]
    each = statistics.median(theirs for theirs, _ in times) / len(tables)
    how = f"{len(tables)} trials of {1000 * each:.0f} ms; every flow equal to the fen; {peer.note}; draws given"
    return Row(f"{peer.name} ÷ full run, a trial", spread(ratios, ",.0f"), peer.goal, how)


def price_row(scenario, effort: Effort) -> Row:
    """What a unit more and less of every number costs, over a full run."""
    say("prices")
    times = in_turn(effort.peer_pairs, lambda: prices(scenario, (), TRIALS), lambda: full_run(scenario, TRIALS))
    priced = prices(scenario, (), 1)
    how = f"{priced.name.nunique()} numbers, up and down: {int((priced.why == '').sum())} changes of {TRIALS:,} trials"
    return Row("prices of all caps, rates, prizes and envelopes ÷ full run", spread([a / b for a, b in times], ".1f"),
               "≤ 10", how)  # fmt: skip


def child(*arguments: str, cache: str | None = None) -> str:
    """``workload.py`` in a process of its own; what it prints."""
    environment = dict(os.environ) | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else a second start would parse the program again
    command = [sys.executable, str(HERE / "workload.py"), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def memory_rows(effort: Effort) -> list[Row]:
    rows = []
    how = "a process of its own: its highest resident size, less what it held with all imported and the scenario loaded"
    for trials, goal in zip(effort.memory_trials, (200, 600), strict=False):
        say(f"memory, {trials:,} trials")
        mib = float(child("memory", str(trials)))
        rows.append(Row(f"memory of a run, {trials:,} trials", f"{mib:.0f} MiB", f"≤ {goal} MiB", how))
    return [*rows, desk_memory_row()]


def desk_memory_row() -> Row:
    say("memory, a desk")
    mib = float(child("desk", str(TRIALS)))
    how = f"a process of its own, all of it: {TRIALS:,} trials, the first page made, a slider moved {DESK_MOVES} times"
    return Row("memory of a desk with one session", f"{mib:.0f} MiB", "≤ 800 MiB", how)


def first_result_rows(effort: Effort) -> list[Row]:
    """From starting Python to the budget; nothing compiled, and then a second time."""
    cold, warm = [], []
    for n in range(effort.starts):
        say(f"first result, {n + 1} of {effort.starts}")
        with tempfile.TemporaryDirectory() as cache:
            start = [seconds(lambda cache=cache: child("first", str(TRIALS), cache=cache)) for _ in range(2)]
        cold.append(start[0])
        warm.append(start[1])
    how = f"starting Python to the budget of {TRIALS:,} trials"
    return [
        Row("first result, nothing compiled", f"{spread(cold, '.1f')} s", "≤ 15 s", f"{how}, numba's cache empty"),
        Row("first result, second start", f"{spread(warm)} s", "≤ 1.6 s", f"{how}, compiled before"),
    ]


def earlier_rows(effort: Effort) -> list[Row]:
    """Real applications and sliders, beside an earlier commit of this program."""
    say(f"commit {earlier.BEFORE}")
    try:
        with earlier.build_of() as before:
            say("a register read and assessed")
            lines = [*register.register_lines(before, effort.peer_pairs, effort.register_rows, spread)]
            say("sliders: recompute, beside the earlier commit")
            lines += desk_before.before_lines(before, TRIALS, effort.moves, spread)
    except earlier.NoHistory as error:
        return [Row(f"recompute, registers ÷ commit {earlier.BEFORE}", "not measured", "", str(error))]
    except (desk_before.Unequal, ValueError) as error:
        raise Unequal(str(error)) from None
    return [*(Row(*line) for line in lines), *counted_rows(effort)]


def counted_rows(effort: Effort) -> list[Row]:
    """A run to files, beside the last commit that counted nothing."""
    say("counts")
    with earlier.build_of(counted_run.BEFORE_COUNTS) as before:
        return [Row(*counted_run.counted_line(before, TRIALS, effort.pairs, spread))]


def desk_lines(effort: Effort) -> Iterator[Row]:
    """The desk: a slider recomputed, in a browser, among many, and its pages; beside the earlier commit."""
    kept = floor.committed()["variates"]
    say("sliders: recompute")
    yield from _rows(desk_rows.recompute_lines(TRIALS, effort.moves, lambda: floor.draw(kept), spread))
    with earlier.build_if_there() as before:
        say("sliders: browser")
        yield from _rows(desk_rows.pixel_lines(TRIALS, effort.moves, spread, before))
        say("pages")
        yield from _rows(desk_rows.page_lines(TRIALS, 2, spread, before))
        say("sliders: many people")
        for processes in (1, 2):
            alone = before if processes == 1 else None  # the earlier desk has one process only
            yield from _rows(desk_rows.crowd_lines(TRIALS, effort.moves, alone, processes))


def _rows(lines: Iterable[tuple[str, str, str, str]]) -> Iterator[Row]:
    return (Row(*line) for line in lines)


if __name__ == "__main__":
    sys.exit(main())
