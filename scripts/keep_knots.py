"""Write the knots of distributions that scipy works out (changji_sim/scenario/knots/), so that no run imports it.

    python scripts/keep_knots.py

Of the standard normal, and of every beta of the scenarios that ship. A beta of another scenario is worked out when it
is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from changji_sim.base.files import SCENARIOS
from changji_sim.base.yaml_lines import read_yaml
from changji_sim.scenario.distributions import KEPT, beta_knots, name_of_beta, words_of_knots


def knots() -> dict[str, np.ndarray]:
    """What is kept, by the name of its file."""
    betas = {tuple(beta.values()) for file in SCENARIOS.glob("*.yaml") for beta in _betas(read_yaml(file)[0])}
    return {"normal.npy": ndtri(words_of_knots())} | {name_of_beta(*beta): beta_knots(*beta) for beta in sorted(betas)}


def _betas(node: Any) -> Iterator[dict[str, float]]:
    """Mean and sd of every beta in the data of a file."""
    if isinstance(node, dict):
        if "beta" in node:
            yield {name: float(node["beta"][name]) for name in ("mean", "sd")}
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _betas(part)


def main() -> None:
    folder = Path(str(KEPT))
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.npy"):
        old.unlink()
    for name, table in knots().items():
        np.save(folder / name, table)


if __name__ == "__main__":
    main()
