"""How many applications and applicants are supported (获支持份数和家数), by trial."""

from __future__ import annotations

import numpy as np

from .run_result import RunResult

SERVED = ("count:funded", "count:funded_applicants")


def served(result: RunResult, item: str | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Applications committed something in the years in force, and applicants; shape ``(trials,)`` each.

    An applicant counts once an item and year. ``item``: of this item alone.
    """
    applications, applicants = (sum(result.fen(flow, year, item) for year in result.years) for flow in SERVED)
    return np.asarray(applications), np.asarray(applicants)
