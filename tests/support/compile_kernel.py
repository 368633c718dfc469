"""Compiles the kernel before the tests begin, so that not every process of theirs does.

numba keeps what it has compiled, as long as no file of the kernel changes: a second call takes seconds.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from busy import BUSY, OPENING, VARIANTS
from comparing import changed, made_scenario

from changji_sim import Live, load_scenario
from changji_sim.kernel.compile import compiling
from changji_sim.kernel.observers import Observers, RowObserver
from changji_sim.kernel.simulate import simulate

TRIALS = 15
COMPILED = ("as it is", "pooling, ranked", "groups", "dates in force, applying again")  # call all that is compiled


def compile_kernel() -> None:
    """Simulate variants that between them call nearly every compiled function, with observers; and look for a limit.

    What only a single test calls is compiled there.
    """
    for name in COMPILED:
        with TemporaryDirectory() as folder:
            scenario = made_scenario(Path(folder), changed(BUSY, VARIANTS[name]), OPENING)
        simulate(scenario, TRIALS, observe=Observers({item.key: RowObserver for item in scenario.items}))
    baseline = load_scenario("baseline")
    baseline.run(TRIALS).calendar("exchange")
    live = Live(baseline, TRIALS)
    for move in ({}, {"envelopes.total": 3000}, {"exchange.max_item_year_wan": 200}, {"oversight.fail": 0.2}, {}):
        live.run(baseline.with_(move))


if __name__ == "__main__":
    start = time.monotonic()
    with compiling():
        compile_kernel()
    print(f"the kernel is compiled: {time.monotonic() - start:.0f} s")
