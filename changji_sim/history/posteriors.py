"""What last years' rows say of an assumption: posteriors under weak priors, and how a scenario file writes them.

Every posterior is given by its 10%, 50% and 90% quantiles, so that the range holds 80%. The priors are those that give
ranges of their nominal coverage where there is little data: Jeffreys' for a count and a share (as if half a row had
been seen before), the flat one for the mean and the logarithm of the spread of a size; growth is thought to lie within
`GROWTH_SD` on a log scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SEEN_BEFORE = 0.5  # rows: Jeffreys' prior of a Poisson rate, and of each side of a share
GROWTH_SD = 0.3  # prior of the logarithm of 1 + growth, around none
QUANTILES = (0.1, 0.5, 0.9)
NORMAL_90 = 1.2815515655446004  # the 90% quantile of the standard normal
BISECTIONS = 60


@dataclass(frozen=True)
class Estimate:
    """The 10%, 50% and 90% quantiles of a posterior."""

    low: float
    middle: float
    high: float

    def scaled(self, factor: float) -> Estimate:
        """The estimate of a multiple."""
        return Estimate(self.low * factor, self.middle * factor, self.high * factor)


def count_level(total: int, exposure: float, log_variance: float = 0.0) -> Estimate:
    """The expected number of the base year.

    Args:
        total: applications of all years seen.
        exposure: the years seen, each with its expected number as a multiple of that of the base year.
        log_variance: of what moves the level besides chance, on a log scale: the economy, doubt about growth.
    """
    from scipy.special import gammaincinv

    seen = total + SEEN_BEFORE
    shape = 1 / (1 / seen + log_variance)
    return Estimate(*(gammaincinv(shape, np.array(QUANTILES)) / shape * seen / exposure))


def share(yes: int, rows: int) -> Estimate:
    """A probability, of which ``yes`` of ``rows`` are seen."""
    from scipy.special import betaincinv

    return Estimate(*betaincinv(yes + SEEN_BEFORE, rows - yes + SEEN_BEFORE, np.array(QUANTILES)))


def mean_of(values: np.ndarray) -> Estimate:
    """The mean of values that are about normal, at least two: Student's t."""
    from scipy.special import stdtrit

    n = len(values)
    spread = float(np.std(values, ddof=1)) / np.sqrt(n)
    return Estimate(*(float(values.mean()) + spread * stdtrit(n - 1, np.array(QUANTILES))))


@dataclass(frozen=True)
class Growth:
    """The logarithm of 1 + growth a year: mean and standard deviation of its posterior."""

    mean: float
    sd: float

    @property
    def estimate(self) -> Estimate:
        """Growth a year itself."""
        at = np.array([-NORMAL_90, 0.0, NORMAL_90])
        return Estimate(*np.expm1(self.mean + at * self.sd))


def growth(years: Sequence[int], totals: Sequence[int], economy_log_sd: float) -> Growth:
    """Growth a year from the applications of at least three years: weighted least squares of their logarithms.

    Args:
        years, totals: the years and the applications in each.
        economy_log_sd: what moves the total of a year besides chance, on a log scale.
    """
    seen = np.array(totals, float) + SEEN_BEFORE
    weights = 1 / (1 / seen + economy_log_sd**2)
    at = np.array(years, float)
    at -= (weights * at).sum() / weights.sum()
    information = (weights * at**2).sum() + 1 / GROWTH_SD**2
    return Growth(float((weights * at * np.log(seen)).sum() / information), float(information**-0.5))


# --- as a scenario file writes it -------------------------------------------------------------------------------------


def log_doubt(estimate: Estimate) -> tuple[float, float]:
    """``(value, log_sd)`` of a doubt on a log scale whose 10% and 90% quantiles are the estimate's.

    The file's factor has the mean 1, so its median lies below: the value stands above the geometric middle by that.
    """
    log_sd = float(np.log(estimate.high / estimate.low)) / (2 * NORMAL_90)
    return float(np.sqrt(estimate.low * estimate.high) * np.exp(log_sd**2 / 2)), log_sd


def triangular_doubt(estimate: Estimate, least: float = -np.inf, most: float = np.inf) -> tuple[float, float, float]:
    """``(low, value, high)`` of the triangular distribution whose 10% and 90% quantiles are the estimate's.

    The value is the estimate's middle as long as both ends lie between ``least`` and ``most``. Where one end would lie
    beyond, it stands at the bound and the value moves; so near a bound that no triangle has both quantiles, the one
    further from the bound is kept.
    """
    low, value, high = _around(estimate)
    if low < least and high > most:
        return least, estimate.middle, most
    if low < least:
        return _from_bound(estimate, least)
    if high > most:
        mirrored = _from_bound(Estimate(-estimate.high, -estimate.middle, -estimate.low), -most)
        return -mirrored[2], -mirrored[1], -mirrored[0]
    return low, value, high


def _around(estimate: Estimate) -> tuple[float, float, float]:
    """The triangle with the middle as its mode; by bisection of the mode's place between the ends, 0.1 to 0.9."""
    below, above = estimate.middle - estimate.low, estimate.high - estimate.middle
    a, b = 0.1, 0.9
    for _ in range(BISECTIONS):
        at = (a + b) / 2
        is_too_far = (at - np.sqrt(0.1 * at)) * above > (1 - at - np.sqrt(0.1 * (1 - at))) * below
        a, b = (a, at) if is_too_far else (at, b)
    width = (above + below) / (1 - np.sqrt(0.1 * at) - np.sqrt(0.1 * (1 - at)))
    return estimate.middle - at * width, estimate.middle, estimate.middle + (1 - at) * width


def _from_bound(estimate: Estimate, bound: float) -> tuple[float, float, float]:
    """The triangle that begins at a bound: its mode, as a share of its width, by bisection of high ÷ low."""
    from ..scenario.distributions import triangular_quantile

    low, high = estimate.low - bound, estimate.high - bound
    a, b = 0.0, 1.0
    for _ in range(BISECTIONS):
        mode = (a + b) / 2
        ends = triangular_quantile(np.array([0.1, 0.9]), 0.0, mode, 1.0)
        a, b = (mode, b) if ends[1] * low > high * ends[0] else (a, mode)
    width = high / triangular_quantile(np.array([0.9]), 0.0, mode, 1.0)[0]
    return bound, bound + mode * width, bound + width
