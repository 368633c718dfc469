"""How many applications and applicants are supported (立项份数和家数), by trial.

A result keeps sums, not rows: the counts are made by simulating once more with an observer.
"""

from __future__ import annotations

import numpy as np

from ..kernel.served_observer import ServedObserver
from .observed import observed
from .run_result import RunResult


def served(result: RunResult, item: str | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Applications committed something in the years in force, and applicants; shape ``(trials,)`` each.

    An applicant counts once an item and year. ``item``: of this item alone.
    """
    counts = result.cache.setdefault("served", {})
    keys = [one.key for one in result.scenario.items]
    if not counts:
        observe = observed(result, ServedObserver)
        for key in keys:
            blocks = observe.of(key)
            counts[key] = tuple(
                np.concatenate([sum(year[n] for year in block.served.values()) for block in blocks]) for n in range(2)
            )
    chosen = keys if item is None else [item]
    applications, applicants = (np.sum([counts[key][n] for key in chosen], axis=0) for n in range(2))
    return applications, applicants
