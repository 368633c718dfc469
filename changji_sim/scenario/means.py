"""Means (均值) that are not the number a file names: of a lopsided range, of a normal that is cut at 0.

>>> lopsided_mean(20, 12, 60)
30.666666666666668
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..modes.support_mode import Column
from .distributions import Distribution, below_zero

FAR = 0.05  # a mean that differs by more is said


def lopsided_mean(value: float, low: float, high: float) -> float | None:
    """The mean of what is drawn about a number in doubt, from the triangular distribution (low, value, high); None
    where it is the number itself, to 5%.
    """
    mean = (low + value + high) / 3
    return mean if abs(mean - value) > FAR * abs(value) else None


def cut_at_zero(distribution: Distribution, column: Column) -> Distribution:
    """The distribution of an amount as it is used: what is drawn below 0 is 0, which raises the mean. Others stay."""
    if distribution.shape != "table" or not column.name.endswith("_wan"):
        return distribution
    share, mean = below_zero(distribution)
    return replace(distribution, mean=mean, below_zero=share) if share > 0 else distribution


def fixed_counts(mean: np.ndarray) -> np.ndarray:
    """Whole numbers of rows by year, from expected ones, shape ``(years, trials)``: what a year leaves over is carried
    into the next, so that 2.5 is 2, 3, 2, 3.
    """
    total = np.floor(np.cumsum(mean, axis=0) + 1e-9).astype(np.int64)
    return np.diff(total, axis=0, prepend=0)
