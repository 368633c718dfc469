"""How often money is short, counted trial by trial from need and envelope alone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def is_short(result, years: Iterable[int] | None = None, categories: Iterable[str | None] = (None,)) -> np.ndarray:
    """Whether need exceeds the envelope, shape (years × categories, trials); None is the total."""
    pairs = [(year, category) for year in years or result.years for category in categories]
    return np.array([result.fen("need", y, category=of) > result.envelope_fen(y, of) for y, of in pairs])
