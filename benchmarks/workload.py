"""What is measured: a full run of the baseline, from the draws to the budget with its quantiles and the caps; no files.

As a program, ``workload.py first 10000`` or ``workload.py memory 10000``, it does that once in a process of its own, so
that ``run.py`` can time a first result from the start of Python, or ask how much memory a run takes; ``workload.py desk
10000`` says how much a desk does.
"""

from __future__ import annotations

import os
import resource
import sys
from importlib import import_module
from pathlib import Path

SCENARIO = "baseline"
MIB = 2**20
DESK_MOVES = 3


def full_run(scenario, trials: int, seed: int = 0, workers: int | None = None):
    """Simulate, work out the budget and the caps as frames; the result."""
    result = scenario.run(trials, seed, workers=workers)
    result.budget()
    result.caps()
    return result


def first_result(trials: int) -> int:
    """From nothing imported to the budget; its number of rows."""
    from changji_sim import load_scenario

    return len(full_run(load_scenario(SCENARIO), trials).budget())


def memory_of_run(trials: int) -> float:
    """MiB that a run adds at its peak, in all its processes, to what the process held when everything was imported and
    the scenario loaded.
    """
    for module in ("scenario_file", "kernel.simulate", "api.result"):
        import_module(f"changji_sim.{module}")
    scenario = import_module("changji_sim").load_scenario(SCENARIO)
    watch = import_module("watch_memory")
    before, of_processes = _held(), watch.held(os.getpid())
    with watch.most_held() as most:
        full_run(scenario, trials)
        together = most() - of_processes
    return max(_peak() - before, together) / MIB


def memory_of_desk(trials: int) -> float:
    """The most MiB that a desk's process holds whose one session has its first page made, then moves a number."""
    asyncio = import_module("asyncio")  # here: starting Python is timed, too
    import_module("changji_sim.desk.server.server")
    desk_state = import_module("changji_sim.desk.state.desk_state").desk_state_from([SCENARIO], trials)
    session = import_module("changji_sim.desk.state.session").Session(desk_state)
    import_module("changji_sim.desk.app").Desk(desk_state, session).page()
    slider = import_module("desk_moves").SLIDERS[0]
    moved = slider.adjustable(session.draft)
    for value in slider.values(session.draft, DESK_MOVES):
        asyncio.run(session.set_value(moved, value))
    return _peak() / MIB


def _held() -> int:
    """Bytes of memory this process holds now; where the system does not say, the most it has held."""
    return _status("VmRSS") or _most()


def _peak() -> int:
    """The most bytes this process has held. ``ru_maxrss`` is second choice: a child may inherit its parent's."""
    return _status("VmHWM") or _most()


def _status(name: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":")), 0)


def _most() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    what, number = sys.argv[1], int(sys.argv[2])
    print({"first": first_result, "memory": memory_of_run, "desk": memory_of_desk}[what](number))
