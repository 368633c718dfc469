"""Applications of some kind, and applicants with any such, by trial."""

from __future__ import annotations

import numpy as np

from .item_state import ItemState

Counts = tuple[np.ndarray, np.ndarray]  # applications and applicants, each counted once, a trial


def counts_of_rows(state: ItemState, is_meant: np.ndarray) -> Counts:
    """How many of this year's rows of each trial are meant, and how many applicants have such a row."""
    offsets, rows = state.claims.offsets, np.flatnonzero(is_meant)
    trials = len(offsets) - 1
    trial = np.searchsorted(offsets, rows, side="right") - 1
    applicant = state.claims.applicant[rows].astype(np.int64)
    many = int(applicant.max(initial=0)) + 1
    different = np.unique(trial * many + applicant) // many  # of pairs as one number: a tenth of the time
    return np.bincount(trial, minlength=trials), np.bincount(different, minlength=trials)
