"""Numbers in doubt, given what is known of the first year up to a day (年中实际): their distribution after the fact.

Applications of an item come on days that are alike, so that of a year's expected number λ the part s gone up to the
day has brought n, a Poisson count of mean λs, and the rest is one of mean λ(1 − s), whatever n was; of a fixed number
N, n are a binomial of N and s, and N − n are left. What n tells is about λ: about its doubt, the growth, and the
economy that moves items together. By Bayes' rule each value counts by its prior weight times the probability of n.
Numbers are weighed in fine cells, the shared ones first, summed over what is an item's own, then the own ones given
those; a trial's uniform, the one that it draws the number from otherwise, is read off the sums. So what is known
changes no other draw, and a number that nothing is known about stays what it is in a plain run.

Beside counts, what was decided tells about the share that passes, flags about their probability, amounts about
the level they are drawn at, and a named case about its probability.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import lgamma
from typing import TYPE_CHECKING

import numpy as np

from ..scenario.actuals import Actuals
from ..scenario.distributions import Distribution, shares_below
from ..scenario.input_files import PASSED
from ..scenario.means import fixed_counts
from ..scenario.model import Assumption, DrawnColumn, Item, NamedCase, ScenarioModel
from .streams import normal_cdf

if TYPE_CHECKING:
    from .draws import TrialDraws

CELLS = 160  # of a number in doubt
ECONOMY_CELLS = 240  # of the economy, from −6 to 6 standard deviations
GROWTH_CELLS = 60
FAR_SD = 6.0
NEAR = 0.005  # an amount counts as known to half a percent: what is written is rounded
LEAST = 1e-300  # of a probability whose logarithm is taken
TINY_LOG = -1e9  # the logarithm of what cannot be

LogLikelihood = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Cells:
    """What is known of a number beforehand: the mass of each of some cells.

    Args:
        edges: where the cells begin and end, ascending; on a log scale of standard deviations, or the number itself.
        mass: shape ``(cells,)``, adds up to 1.
        value: from a place between the edges to what is drawn: the number, or a factor of mean 1.
    """

    edges: np.ndarray
    mass: np.ndarray
    value: Callable[[np.ndarray], np.ndarray]

    @property
    def middles(self) -> np.ndarray:
        """What is drawn in the middle of each cell."""
        return self.value((self.edges[1:] + self.edges[:-1]) / 2)

    def drawn(self, weight: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """What each trial draws where cells have the weights ``(trials, cells)``, or ``(cells,)`` for all alike."""
        weight = np.broadcast_to(weight, (len(uniform), len(self.mass)))
        reached = np.cumsum(weight, axis=1)
        wanted = uniform * reached[:, -1]
        cell = np.minimum((reached <= wanted[:, None]).sum(axis=1), len(self.mass) - 1)
        trials = np.arange(len(uniform))
        before = reached[trials, cell] - weight[trials, cell]
        part = np.clip((wanted - before) / np.maximum(weight[trials, cell], LEAST), 0.0, 1.0)
        return self.value(self.edges[cell] + part * (self.edges[cell + 1] - self.edges[cell]))


def cells_of(assumption: Assumption | None, base: int, number: int = CELLS) -> Cells | None:
    """The cells of what `TrialDraws` draws about an assumption; None where it is in no doubt."""
    if assumption is None or not assumption.is_doubtful:
        return None
    if assumption.log_sd is not None:
        return _normal_cells(number, assumption.log_sd)
    low, middle, high = assumption.low, assumption.at(base), assumption.high
    assert low is not None and high is not None  # a number in doubt has a range or a log_sd
    if high <= low:
        return None
    edges = np.linspace(low, high, number + 1)
    return Cells(edges, np.diff(_triangular_cdf(edges, float(low), float(middle), float(high))), lambda x: x)


def _normal_cells(number: int, log_sd: float | None = None) -> Cells:
    """Standard normal cells; of a lognormal factor of mean 1 with a ``log_sd``."""
    edges = np.linspace(-FAR_SD, FAR_SD, number + 1)
    mass = np.diff(normal_cdf(edges))
    value = (lambda z: z) if log_sd is None else (lambda z: np.exp(log_sd * z - log_sd**2 / 2))
    return Cells(edges, mass / mass.sum(), value)


def _triangular_cdf(x: np.ndarray, low: float, middle: float, high: float) -> np.ndarray:
    rising = np.maximum(x - low, 0) ** 2 / max((high - low) * (middle - low), LEAST)
    falling = 1 - np.maximum(high - x, 0) ** 2 / max((high - low) * (high - middle), LEAST)
    return np.where(x < middle, rising, falling)


def value_at(assumption: Assumption, drawn: np.ndarray, base: int, year: int) -> np.ndarray:
    """What an assumption is in a year, where ``drawn`` was drawn about it: of the base year."""
    at, middle = assumption.at(year), assumption.at(base)
    if assumption.log_sd is not None:
        return at * drawn
    return drawn if at == middle else drawn * (at / middle if middle else 0.0)


# --- counts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Counted:
    """How many applied to one item, and what its expected number is made of."""

    item: Item
    seen: int
    arrived: float
    number: Cells | None  # doubt about applications
    growth: Cells | None  # doubt about a growth of its own
    own_growth: Assumption | None

    def log_likelihood(self, mean: np.ndarray) -> np.ndarray:
        """The logarithm of the probability of what was seen, by the year's expected number; but for a constant."""
        if self.item.is_count_fixed:
            return _log_binomial(self.seen, fixed_counts(mean.reshape(1, -1))[0].reshape(mean.shape), self.arrived)
        expected = mean * self.arrived
        if not self.seen:
            return -expected
        return self.seen * np.log(np.maximum(expected, LEAST)) - expected


def _log_binomial(seen: int, number: np.ndarray, part: float) -> np.ndarray:
    kinds, of = np.unique(number, return_inverse=True)
    logs = np.full(len(kinds), TINY_LOG)
    for k, n in enumerate(kinds.tolist()):
        if n >= seen and (part < 1 or n == seen) and (part > 0 or not seen):
            ways = lgamma(n + 1) - lgamma(seen + 1) - lgamma(n - seen + 1)
            logs[k] = ways + (seen * np.log(part) if seen else 0.0) + ((n - seen) * np.log1p(-part) if n > seen else 0)
    return logs[of].reshape(number.shape)


class Counts:
    """What the numbers of applications up to the day tell about the numbers that they are drawn by."""

    def __init__(self, scenario: ScenarioModel, actuals: Actuals):
        self.scenario, self.first, self.base = scenario, scenario.years[0], scenario.base_year
        self.since = range(self.base + 1, self.first + 1)
        of_all = scenario.growth if self.since and scenario.growth.is_doubtful else None
        self.growth = cells_of(of_all, self.base, GROWTH_CELLS)
        self.counted = [self._counted(item, actuals) for item in scenario.items if _is_counted(item, self.first)]
        self.counted = [one for one in self.counted if one.arrived > 0]
        moved = scenario.economy_log_sd and any(one.item.economy_elasticity for one in self.counted)
        self.economy = _normal_cells(ECONOMY_CELLS) if moved else None

    def _counted(self, item: Item, actuals: Actuals) -> _Counted:
        own = item.growth
        growth = cells_of(own, self.base, GROWTH_CELLS) if own is not None and self.since else None
        number = cells_of(item.applications, self.base)
        return _Counted(item, actuals.seen(item.key), actuals.arrived(item.key), number, growth, own)

    def _factor(self, growth: Assumption, drawn: np.ndarray | None) -> np.ndarray | float:
        """What growth makes of counts since the base year, where so much was drawn about it, or it is in no doubt."""
        factor: np.ndarray | float = 1.0
        for year in self.since:
            factor = factor * (1 + (growth.at(year) if drawn is None else value_at(growth, drawn, self.base, year)))
        return factor

    def _pull(self, one: _Counted, economy: np.ndarray | float) -> np.ndarray:
        pull = one.item.economy_elasticity * self.scenario.economy_log_sd
        return np.exp(pull * np.asarray(economy, float) - pull**2 / 2)

    def _growth_of_all(self, one: _Counted, drawn: np.ndarray | None) -> np.ndarray | float:
        """The factor of the scenario's growth on an item that has none of its own."""
        if one.own_growth is not None:
            return 1.0
        return self._factor(self.scenario.growth, drawn)

    def _own(self, one: _Counted) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """An item's own growth factors and their masses, its numbers and theirs."""
        assert one.item.applications is not None  # else it is not counted
        numbers, of_number = np.array([float(one.item.applications.at(self.first))]), np.ones(1)
        if one.number is not None:
            numbers = value_at(one.item.applications, one.number.middles, self.base, self.first)
            of_number = one.number.mass
        growth, of_growth = np.ones(1), np.ones(1)
        if one.own_growth is not None:
            drawn = None if one.growth is None else one.growth.middles
            growth = np.atleast_1d(self._factor(one.own_growth, drawn))
            of_growth = np.ones(1) if one.growth is None else one.growth.mass
        return growth, of_growth, numbers, of_number

    def _weights(self, one: _Counted, shared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The weight of each own growth and number, given what is shared, ``(given, growths, numbers)``, and the
        logarithm of the greatest, taken out of them.
        """
        growth, of_growth, number, of_number = self._own(one)
        mean = shared[:, None, None] * growth[None, :, None] * number[None, None, :]
        logs = one.log_likelihood(mean)
        most = logs.max(axis=(1, 2))
        return np.exp(logs - most[:, None, None]) * of_growth[None, :, None] * of_number[None, None, :], most

    def doubts(self, shared: TrialDraws) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
        """What each trial draws: (item, name) -> as `TrialDraws` has it, of the economy ``("*", "economy")``."""
        economy = growth = None
        if self.counted and (self.economy is not None or self.growth is not None):
            weight = self._weight_of_shared()
            if self.economy is not None:
                economy = self.economy.drawn(weight.sum(axis=1), shared.uniforms_of("*", "economy"))
                yield ("*", "economy"), economy
                place = np.searchsorted(self.economy.edges[1:-1], economy)
                weight = weight[place]
            if self.growth is not None:
                growth = self.growth.drawn(weight, shared.uniforms_of("*", "doubt:growth"))
                yield ("*", "growth"), growth
        for one in self.counted:
            if one.number is None and one.growth is None:
                continue
            of_shared = np.broadcast_to(self._growth_of_all(one, growth), shared.chunk.trials)
            if economy is not None:
                of_shared = of_shared * self._pull(one, economy)
            weight, _ = self._weights(one, np.asarray(of_shared))
            if one.growth is not None:
                drawn = one.growth.drawn(weight.sum(axis=2), shared.uniforms_of(one.item.key, "doubt:growth"))
                yield (one.item.key, "growth"), drawn
                place = np.searchsorted(one.growth.edges[1:-1], drawn)
                weight = weight[np.arange(len(place)), place][:, None]
            if one.number is not None:
                drawn = one.number.drawn(weight[:, 0], shared.uniforms_of(one.item.key, "doubt:applications"))
                yield (one.item.key, "applications"), drawn

    def _weight_of_shared(self) -> np.ndarray:
        """The weight of each cell of economy and growth, ``(economy, growth)``."""
        economy = self.economy.middles if self.economy else np.zeros(1)
        growth = self.growth.middles if self.growth else None
        prior = (self.economy.mass if self.economy else np.ones(1))[:, None]
        prior = prior * (self.growth.mass if self.growth else np.ones(1))[None, :]
        logs = np.zeros(prior.shape)
        for one in self.counted:
            pull = self._pull(one, economy) if self.economy else np.ones(1)
            factor = pull[:, None] * np.atleast_1d(self._growth_of_all(one, growth))[None, :]
            factor = np.broadcast_to(factor, prior.shape)
            weight, most = self._weights(one, factor.ravel())
            logs += (np.log(np.maximum(weight.sum(axis=(1, 2)), LEAST)) + most).reshape(prior.shape)
        return prior * np.exp(logs - logs.max())


def _is_counted(item: Item, year: int) -> bool:
    """Whether an item's number of applications in a year is drawn about an expected one."""
    return item.applications is not None and not (item.cases or item.tiers or year in item.registers)


# --- what else is known -----------------------------------------------------------------------------------------------


def _others(scenario: ScenarioModel, actuals: Actuals) -> Iterator[tuple[str, str, Assumption, LogLikelihood]]:
    """Item and name of each other number in doubt that something is known about, and the logarithm of the
    probability of what is known, by the number.
    """
    first = scenario.years[0]
    for item in scenario.items:
        for case in item.cases:
            is_in_year = case.year == first and case.probability.is_doubtful
            if is_in_year:
                yield item.key, f"case:{case.name}", case.probability, _of_case(case, item, actuals)
        rows = actuals.rows.get(item.key, ())
        if not rows:
            continue
        if item.quality_pass is not None and item.quality_pass.is_doubtful:
            yield item.key, "quality_pass", item.quality_pass, _of_flags([row.get(PASSED) for row in rows])
        for drawn in item.columns:
            values = [row.get(drawn.column.name) for row in rows]
            if drawn.probability is not None and drawn.probability.is_doubtful and drawn.distribution.shape == "chance":
                yield item.key, f"probability:{drawn.column.name}", drawn.probability, _of_flags(values)
            if drawn.level is not None and drawn.level.is_doubtful and drawn.distribution.shape == "table":
                known = _before_level(drawn, rows)
                yield item.key, f"level:{drawn.column.name}", drawn.level, _of_amounts(known, drawn.distribution)


def has_come(case: NamedCase, item: Item, rows: object) -> bool:
    """Whether a named case is among real applications: its applicant has applied, or it is named as the applicant."""
    from ..base.spelling import identity

    names = {identity(case.applicant or case.name), identity(case.name)}
    return any(identity(str(row["applicant"])) in names for row in rows)  # type: ignore[attr-defined]


def comes_later(probability: np.ndarray, arrived: float) -> np.ndarray:
    """The probability that a case comes after the day, given that it has not come so far."""
    return probability * (1 - arrived) / np.maximum(1 - probability * arrived, LEAST)


def _of_case(case: NamedCase, item: Item, actuals: Actuals) -> LogLikelihood:
    arrived = actuals.arrived(item.key)
    if has_come(case, item, actuals.rows.get(item.key, ())):
        return lambda p: np.log(np.maximum(p, LEAST))
    return lambda p: np.log(np.maximum(1 - p * arrived, LEAST))


def _of_flags(values: list[float | None]) -> LogLikelihood:
    known = [value for value in values if value is not None]
    yes = sum(value > 0 for value in known)
    no = len(known) - yes
    return lambda p: yes * np.log(np.maximum(p, LEAST)) + no * np.log(np.maximum(1 - p, LEAST))


def _before_level(drawn: DrawnColumn, rows: object) -> list[float]:
    """What was drawn of each known amount, times the level: without the column it is a share of, or added to."""
    known = []
    for row in rows:  # type: ignore[attr-defined]
        value, base = row.get(drawn.column.name), row.get(drawn.share_of or drawn.added_to or "")
        if value is None or ((drawn.share_of or drawn.added_to) and not base):
            continue
        known.append(value / base if drawn.share_of else value - base if drawn.added_to else value)
    return [value for value in known if value > 0]


def _of_amounts(known: list[float], distribution: Distribution) -> LogLikelihood:
    def log_likelihood(level: np.ndarray) -> np.ndarray:
        drawn = np.array(known)[None, :] / np.maximum(level, LEAST)[:, None]
        within = shares_below(distribution, drawn * (1 + NEAR)) - shares_below(distribution, drawn * (1 - NEAR))
        return np.log(np.maximum(within, LEAST)).sum(axis=1)

    return log_likelihood


def conditioned_doubts(shared: TrialDraws) -> Mapping[tuple[str, str], np.ndarray]:
    """What each trial draws about the numbers in doubt that something is known about: (item, name) -> as `TrialDraws`
    has it; of the economy ``("*", "economy")``.
    """
    scenario, actuals = shared.scenario, shared.scenario.first_year_known
    if actuals is None or not scenario.has_doubt:
        return {}
    first, base = scenario.years[0], scenario.base_year
    found = dict(Counts(scenario, actuals).doubts(shared))
    for item, name, assumption, log_likelihood in _others(scenario, actuals):
        cells = cells_of(assumption, base)
        if cells is None:
            continue
        logs = log_likelihood(value_at(assumption, cells.middles, base, first))
        weight = cells.mass * np.exp(logs - logs.max())
        found[item, name] = cells.drawn(weight, shared.uniforms_of(item, f"doubt:{name}"))
    return found
