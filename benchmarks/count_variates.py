"""Write ``variates.json``: how many variates of each kind a run of the baseline takes, by the kernel's own counters.

Run it when a change of scenario or rules changes what is drawn; ``run.py`` refuses to measure against stale counts.
"""

from __future__ import annotations

import json

from floor import VARIATES

from changji_sim import load_scenario
from changji_sim.kernel.simulate import simulate

WHAT = {"scenario": "baseline", "trials": 10_000, "seed": 0}


def counted(trials: int = WHAT["trials"]) -> dict[str, int]:
    """Variates by kind of a run of the baseline, sorted by kind; kinds of which none was drawn are left out."""
    run = simulate(load_scenario(WHAT["scenario"]), trials, WHAT["seed"])
    return {kind: int(number) for kind, number in sorted(run.variates.items()) if number}


if __name__ == "__main__":
    variates = counted()
    VARIATES.write_text(json.dumps(WHAT | {"variates": variates}, indent=2) + "\n", encoding="utf-8")
    print(f"{VARIATES.name}: {sum(variates.values()):,} variates of {len(variates)} kinds")
