"""Forecasts scored by what came: whether the 80% band held it, where in the forecast it lay (PIT), how far off (CRPS).

A forecast is given by the five quantiles that a run writes; between them its quantile function is straight, beyond the
outer ones it is taken as flat.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..base.messages import Message, message
from ..scenario.model import ScenarioModel

LEVELS = np.array([0.05, 0.1, 0.5, 0.9, 0.95])
BAND = (1, 3)  # positions of the 80% band's ends
SHARE = 0.8
FEW = 20  # amounts; below it little can be said
STEPS = 1000  # of the integral over levels
DRAWS = 10_000  # of the test of the PIT
SURE = 0.05  # how unlikely a coverage is, if the bands were right, for a verdict


@dataclass(frozen=True, eq=False)
class Scored:
    """Forecasts with their scores.

    Args:
        frame: a row each amount: ``year``, ``item``, the forecast's ``p10_wan``, ``p50_wan``, ``p90_wan``,
            ``actual_wan``, ``pit`` (0–1), ``crps_wan``, ``in_band``.
        inside: how many lie in their 80% band.
        p_value: of the PIT being uniform.
        scenario: that was run, where the forecasts are a run's.
    """

    frame: pd.DataFrame
    inside: int
    p_value: float
    scenario: ScenarioModel | None = None

    @property
    def verdict(self) -> str:
        """``too_narrow``, ``too_wide`` or ``""``: by a binomial test of the coverage at `SURE`, one-sided."""
        total = len(self.frame)
        if _at_most(self.inside, total) < SURE:
            return "too_narrow"
        return "too_wide" if 1 - _at_most(self.inside - 1, total) < SURE else ""


def score(named: pd.DataFrame, quantiles: np.ndarray, actual: np.ndarray) -> Scored:
    """Score forecasts.

    Args:
        named: ``year`` and ``item`` of each amount.
        quantiles: of each forecast at `LEVELS`, 万元, shape ``(n, 5)``.
        actual: what came, 万元, shape ``(n,)``.
    """
    pit = np.array([_pit(q, y) for q, y in zip(quantiles, actual, strict=True)])
    at = (np.arange(STEPS) + 0.5) / STEPS
    curves = np.array([np.interp(at, LEVELS, q) for q in quantiles])
    crps = 2 * (((actual[:, None] < curves) - at) * (curves - actual[:, None])).mean(axis=1)
    is_in = (quantiles[:, BAND[0]] <= actual) & (actual <= quantiles[:, BAND[1]])
    frame = named.assign(
        p10_wan=quantiles[:, 1], p50_wan=quantiles[:, 2], p90_wan=quantiles[:, 3], actual_wan=actual, pit=pit,
        crps_wan=crps, in_band=is_in,
    )  # fmt: skip
    return Scored(frame, int(is_in.sum()), _p_of_uniform(pit))


def _pit(quantiles: np.ndarray, actual: float) -> float:
    """Where an amount lies in its forecast, 0–1; in the middle of a level that several quantiles share."""
    below, upto = (int(np.searchsorted(quantiles, actual, side)) for side in ("left", "right"))
    levels = np.array([0.0, *LEVELS, 1.0])
    if upto > below:  # it is one of the quantiles
        are_several = upto > below + 1
        low = 0.0 if are_several and below == 0 else LEVELS[below]
        high = 1.0 if are_several and upto == len(LEVELS) else LEVELS[upto - 1]
        return float((low + high) / 2)
    if below in (0, len(LEVELS)):
        return float((levels[below] + levels[below + 1]) / 2)
    share = (actual - quantiles[below - 1]) / (quantiles[below] - quantiles[below - 1])
    return float(levels[below] + share * (levels[below + 1] - levels[below]))


def _p_of_uniform(pit: np.ndarray) -> float:
    """The probability of bins between `LEVELS` filled as unevenly, if the PIT is uniform: Pearson's statistic among
    `DRAWS` draws, always the same ones.
    """
    shares = np.diff([0.0, *LEVELS, 1.0])
    expected = len(pit) * shares
    seen = np.bincount(np.searchsorted(LEVELS, pit), minlength=len(shares))
    drawn = np.random.default_rng(0).multinomial(len(pit), shares, DRAWS)
    statistics = ((np.vstack([seen, drawn]) - expected) ** 2 / expected).sum(axis=1)
    return float((statistics >= statistics[0] - 1e-9).mean())


def _at_most(inside: int, total: int) -> float:
    """The probability of at most so many in the band, if each is with `SHARE`."""
    return sum(math.comb(total, k) * SHARE**k * (1 - SHARE) ** (total - k) for k in range(inside + 1))


def sentences(scored: Scored) -> list[Message]:
    """What the scores say, a sentence each."""
    total = len(scored.frame)
    said = [
        message(
            "{inside} of {total} amounts lie in the 80% band ({share:.0%})",
            inside=scored.inside, total=total, share=scored.inside / total,
        ),
        {
            "too_narrow": message("the bands were too narrow"),
            "too_wide": message("the bands were too wide"),
            "": message("nothing says that the bands were too narrow or too wide"),
        }[scored.verdict],
        message(
            "where the amounts lie in their forecasts (PIT) is {what} (p = {p:.3f})",
            what=message("uneven") if scored.p_value < 0.01 else message("as even as chance leaves it"),
            p=scored.p_value,
        ),
        message("mean CRPS: {crps:,.2f} 万元", crps=float(scored.frame["crps_wan"].mean())),
    ]  # fmt: skip
    if total < FEW:
        said.append(message("so few amounts say little: from {few} on the verdict is worth something", few=FEW))
    return said
