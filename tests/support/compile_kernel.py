"""Compiles the kernel before the tests begin, so that not every process of theirs does.

numba keeps what it has compiled as long as no file of the kernel changes: a second call does nothing. It must all be
compiled by one process: two that keep the same function for different types at once may lose one, or mix them up.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numba
from chains_of_moves import first_difference
from comparing import changed, made_scenario, write_scenario
from every_rule import BUSY, OPENING, VARIANTS
from random_slips import clean_register
from table_outcomes import of_register

from changji_sim import Live, kernel, load_scenario
from changji_sim.budget_year.closing import closing_rows
from changji_sim.kernel import commitments
from changji_sim.kernel.compile import compiling
from changji_sim.kernel.observers import Observers, RowObserver
from changji_sim.kernel.simulate import simulate
from changji_sim.scenario_file.draft import Draft

TRIALS = 15
MANY = 300  # trials whose projects have more schedules of payments than a byte counts
COMPILED = (
    "as it is",
    "pooling, ranked",
    "groups",
    "dates in force, applying again",
    "refill and pooling",
)  # call most of a run's functions
OF_CELLS = ("as it is", "an envelope with odd fen", "applying again")  # most of a move's


def compile_kernel() -> None:
    """Call the compiled functions with every type of arguments that more than one test calls them with."""
    for name in COMPILED:
        with TemporaryDirectory() as folder:
            scenario = made_scenario(Path(folder), changed(BUSY, VARIANTS[name]), OPENING)
        simulate(scenario, TRIALS, observe=Observers({item.key: RowObserver for item in scenario.items}))
    baseline = load_scenario("baseline")
    baseline.run(TRIALS).calendar("exchange")
    compile_moves()
    compile_closed_years()
    of_register(clean_register(seed=0, rows=100))  # what an assessment calls


def compile_moves() -> None:
    """What the cells of a run call when something is moved."""
    baseline = load_scenario("baseline")
    live = Live(baseline, TRIALS)
    moves = (
        {},
        {"envelopes.total": 3000},
        {"exchange.max_item_year_wan": 200},
        {"oversight.fail": 0.2},
        {"growth": 0.1},
    )
    for move in (*moves, {"exchange.applications": 30}, {}):
        live.run(baseline.with_(move), calendar_of=("exchange",), has_matching_funds=True)
    many = Live(baseline, MANY)
    for move in ({}, {"readings.equity_scope": "pilots_only"}):
        many.run(baseline.with_(move))
    for name in OF_CELLS:
        with TemporaryDirectory() as folder:
            draft = Draft(write_scenario(Path(folder), changed(BUSY, VARIANTS[name]), opening=OPENING))
            first_difference(draft, moves=8, trials=TRIALS, seed=2)


def compile_closed_years() -> None:
    """What a year calls that begins with a ledger of the year before."""
    with TemporaryDirectory() as folder:
        scenario = made_scenario(Path(folder), changed(BUSY, VARIANTS["applying again"]))
    year = scenario.years[0]
    rows = closing_rows(scenario, year, 0, 0)
    simulate(replace(scenario, years=scenario.years[1:], opening=rows), MANY)


def state_of_kernel() -> str:
    """By what numba, too, judges whether what it keeps still holds: the times and sizes of the kernel's files."""
    files = [Path(__file__), *sorted(Path(kernel.__file__).parent.glob("*.py"))]
    known = [(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    return "\n".join(map(str, [numba.__version__, *known]))


if __name__ == "__main__":
    start, state = time.monotonic(), state_of_kernel()
    kept = Path(commitments.commit.stats.cache_path) / "compiled-for-tests"
    if not kept.exists() or kept.read_text(encoding="utf-8") != state:
        with compiling():
            compile_kernel()
        kept.write_text(state, encoding="utf-8")
    print(f"the kernel is compiled: {time.monotonic() - start:.0f} s")
