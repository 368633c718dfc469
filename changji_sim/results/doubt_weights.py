"""What a scenario is in doubt about (假设的不确定性): values of an assumption, and the weight of each."""

from __future__ import annotations

import math

import numpy as np

from ..scenario.model import Assumption, Item, ScenarioModel

NODES = 80  # of a quadrature over a doubt


def mean_counts(scenario: ScenarioModel, item: Item, year: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean number of rows over what is in doubt (its level, growth, the economy), and the weight of each."""
    assert item.applications is not None  # asked for counted rows only
    has_doubt, first = scenario.has_doubt, scenario.base_year
    level, weights = values_in_doubt(item.applications, has_doubt, first)
    if item.applications.log_sd is None:
        level = level * (item.applications.at(year) / item.applications.at(first) if item.applications.at(first) else 0)
    else:
        level = level * item.applications.at(year)
    growth = item.growth or scenario.growth
    rate, of_rate = values_in_doubt(growth, has_doubt, first)
    rate = rate * growth.at(first) if growth.log_sd is not None else rate
    grown = (1 + rate) ** (year - scenario.base_year)
    pull = item.economy_elasticity * scenario.economy_log_sd if has_doubt else 0.0
    factor, of_factor = _lognormal(pull)
    means = level[:, None, None] * grown[:, None] * factor
    chances = weights[:, None, None] * of_rate[:, None] * of_factor
    return means.ravel(), chances.ravel()


def values_in_doubt(assumption: Assumption, has_doubt: bool, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Values of a doubtful assumption in the base year (factors where doubt is on a log scale), and their weights."""
    if not (has_doubt and assumption.is_doubtful):
        return (np.ones(1) if assumption.log_sd is not None else np.full(1, float(assumption.at(first)))), np.ones(1)
    if assumption.log_sd is not None:
        return _lognormal(assumption.log_sd)
    low, middle, high = float(assumption.low or 0), float(assumption.at(first)), float(assumption.high or 0)
    if high <= low:
        return np.full(1, middle), np.ones(1)
    x, w = np.polynomial.legendre.leggauss(NODES)
    values, weights = [], []
    for start, stop in ((low, middle), (middle, high)):
        if stop > start:
            at = (start + stop) / 2 + x * (stop - start) / 2
            peak = 2 / (high - low)
            rising = (at - low) / (middle - low) if stop == middle else (high - at) / (high - middle)
            values.append(at)
            weights.append(w * (stop - start) / 2 * peak * rising)
    return np.concatenate(values), np.concatenate(weights)


def _lognormal(log_sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Lognormal factors of mean 1 and their weights."""
    if not log_sd:
        return np.ones(1), np.ones(1)
    x, w = np.polynomial.hermite_e.hermegauss(NODES // 2)
    return np.exp(log_sd * x - log_sd**2 / 2), w / math.sqrt(2 * math.pi)
