"""Exact distributions where counts are small (精确分布): awards by tier, platforms, named cases.

What such an item comes to in a year is a sum of a few fixed amounts, so that its distribution follows by convolution,
without a trial. It is that of what the rules give before the envelopes (`flow` of the answer), in a year in which
nobody is barred (第十八条): the first year in force, or any where oversight is off.

>>> exact(load_scenario("baseline"), "contest", 2026).probabilities     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message, named
from ..base.units import FEN_A_WAN
from ..kernel.cap_rules import share_of_count
from ..kernel.claims import to_fen
from ..modes.support_mode import Applications, Cap
from ..scenario.distributions import share_below
from ..scenario.model import MEMBER, DrawnColumn, Item, ScenarioModel
from .doubt_weights import mean_counts, values_in_doubt
from .monte_carlo import wilson
from .run_result import RunResult
from .unknown_names import no_such

MOST_ROWS = 300  # applications of a year: more of them are no small count
LEFT_OUT = 1e-13  # of the probability of a count: what lies beyond is nothing
COUNTED = ("count", "limit", "amount_wan", "probability")  # of awards that a count limits
MOST_SUMS = 200_000  # different amounts that a year may come to


@dataclass(frozen=True, eq=False)
class Exact:
    """The exact distribution of one flow of an item in a year.

    Attributes:
        item, year, flow: what it is of: ``entitlement``, or ``asked`` for named cases.
        fen: the amounts it may come to, ascending; probabilities: of each, adding up to 1.
        counted: for awards that a count limits (the contest): ``count, limit, amount_wan, probability`` by the count;
            else empty.
    """

    item: Item
    year: int
    flow: str
    fen: np.ndarray
    probabilities: np.ndarray
    counted: pd.DataFrame

    @property
    def mean_wan(self) -> float:
        """The exact mean, 万元."""
        return float(self.fen @ self.probabilities) / FEN_A_WAN

    @property
    def sd_wan(self) -> float:
        """The exact standard deviation, 万元."""
        return math.sqrt(max(float(((self.fen / FEN_A_WAN - self.mean_wan) ** 2) @ self.probabilities), 0.0))

    def at_most(self, fen: float) -> float:
        """P(no more than an amount)."""
        return float(self.probabilities[self.fen <= fen].sum())

    def quantile_wan(self, share: float) -> float:
        """The least amount that is not exceeded with a probability, 万元."""
        reached = np.searchsorted(np.cumsum(self.probabilities), share - 1e-12)
        return float(self.fen[min(int(reached), len(self.fen) - 1)]) / FEN_A_WAN


def exact(scenario: ScenarioModel, item: str, year: int | None = None) -> Exact:
    """The exact distribution of an item in a year, by default the first in force.

    Raises:
        FaultyInput: there is no such item or year, or the item has none: its amounts are drawn, its counts are large,
            or its rules look at other items.
    """
    year = scenario.years[0] if year is None else year
    of = next((one for one in scenario.items if one.key == item), None)
    if of is None:
        raise FaultyInput([no_such("item", item, [one.key for one in scenario.items])])
    if year not in scenario.years:
        raise FaultyInput([no_such("year", year, scenario.years)])
    why = why_none(scenario, of, year)
    if why:
        title = named(of.title, of.title_en or of.title)
        what = message("{title} has no exact distribution in {year}: {why}", title=title, year=year, why=why)
        raise FaultyInput([Fault(item, what)])
    nothing = pd.DataFrame(columns=list(COUNTED))
    if of.cases:
        return Exact(of, year, "asked", *_cases(scenario, of, year), nothing)
    if of.tiers:
        return _tiers(scenario, of, year)
    return Exact(of, year, "entitlement", *_counted_rows(scenario, of, year), nothing)


def exact_items(scenario: ScenarioModel, year: int) -> list[str]:
    """Keys of the items that have an exact distribution in a year."""
    return [item.key for item in scenario.items if not why_none(scenario, item, year)]


def why_none(scenario: ScenarioModel, item: Item, year: int) -> Message | str:
    """Why an item has no exact distribution in a year; empty where it has one."""
    if year in item.registers or (scenario.actuals is not None and scenario.actuals.seen(item.key)):
        return message("its applications are real ones")
    if scenario.actuals is not None and year == scenario.years[0]:
        return message("a part of the year is known (actuals)")
    if scenario.readings["in_force"] == "dates":
        return message("days decide which applications count")
    if item.cases:
        if all(case.amount.shape in ("fixed", "choice") for case in item.cases):
            return ""
        return message("the amount of a named case is drawn")
    if (
        item.modes[year].is_project
        or item.requires
        or (item.upgrade_of and scenario.readings["upgrade_pays"] != "full")
    ):
        return message("it depends on more than counts and fixed amounts")
    if scenario.oversight.is_on and year > scenario.years[0]:
        return message("applicants may be barred for what they did in other items")
    if any(MEMBER.fullmatch(name) for row in scenario.opening for name in (row.applicant, row.platform)):
        return message("the opening ledger says something of members of its pools")
    if not item.is_distinct or scenario.readings["enterprise"] == "group" or item.reapply is not None:
        return message("applicants may apply more than once")
    if any(cap.per != "count" for cap in item.caps.get(year, ())):
        return message("a ceiling on sums holds")
    return _why_no_rows(scenario, item, year)


def _why_no_rows(scenario: ScenarioModel, item: Item, year: int) -> Message | str:
    """Whether the rows are counted and their amounts are fixed or by tier."""
    if any(
        drawn.distribution.shape not in ("fixed", "choice") for drawn in item.columns if drawn.column.name == "tier"
    ):
        return message("its amounts are drawn")
    if _reads_drawn_columns(item, year):
        return message("its amounts are drawn")
    if item.tiers:
        return ""
    if item.applications is None or item.is_count_fixed:
        return message("its applications are not counted at random")
    if isinstance((item.growth or scenario.growth).value, Mapping):
        return message("its growth differs by year")
    means, weights = mean_counts(scenario, item, year)
    largest = means[weights > LEFT_OUT].max()
    if largest + 8 * math.sqrt(largest) > MOST_ROWS:
        return message("its counts are not small")
    pools = {pool.key: pool.size for pool in scenario.pools}
    pool = min(item.claimants or pools[item.pool], pools[item.pool])
    if item.once_per == "platform":
        pool = min(
            pool,
            next(
                one.platforms
                for one in scenario.items
                if one.platforms and (one.platform_pool or one.key) == (item.platform_pool or item.key)
            ),
        )
    if largest + 8 * math.sqrt(largest) > pool:
        return message("the pool of those who may apply may be used up")
    return ""


def _reads_drawn_columns(item: Item, year: int) -> bool:
    """Whether what a row asks moves with a drawn column other than its tier."""
    low, high = ({drawn.column.name: _value(drawn, u) for drawn in item.columns} for u in (0.25, 0.75))
    tier = _tier_values(item)[:1]
    return bool(_amounts(item, year, low, tier)[0] != _amounts(item, year, high, tier)[0])


def _value(drawn: DrawnColumn, share: float) -> float:
    """A value of a column: its fixed one, or one at a quantile."""
    of = drawn.distribution
    if of.shape == "table" and of.table is not None:
        side = of.table[0 if share < 0.5 else 1]
        return float(side[len(side) // 2])
    return float(of.values[0 if share < 0.5 else -1]) if of.values else 0.0


# --- amounts of a row -------------------------------------------------------------------------------------------------


def _amounts(item: Item, year: int, columns: dict[str, float], tiers: np.ndarray) -> np.ndarray:
    """What a row of each tier asks, fen."""
    rows = {name: np.full(len(tiers), value) for name, value in columns.items()}
    rows |= {"tier": tiers.astype(float), "is_enterprise": np.ones(len(tiers))}
    asked = np.asarray(item.modes[year].demand(Applications(rows, year, len(tiers))), float)
    return to_fen(np.array(np.broadcast_to(asked, len(tiers))))


def _tier_values(item: Item) -> np.ndarray:
    """The tiers that a row may have, by their numbers."""
    if item.tiers:
        return np.arange(len(item.tiers))
    for drawn in item.columns:
        if drawn.column.name == "tier":
            return np.array(drawn.distribution.values)
    return np.zeros(1)


def _row(item: Item, year: int) -> tuple[np.ndarray, np.ndarray]:
    """What one row may ask, fen, and how likely each is."""
    values = {drawn.column.name: _value(drawn, 0.25) for drawn in item.columns}
    tiers = _tier_values(item)
    weights = np.ones(1)
    for drawn in item.columns:
        if drawn.column.name == "tier" and drawn.distribution.shape == "choice":
            weights = np.diff([0.0, *drawn.distribution.weights])
    return _amounts(item, year, values, tiers), weights


# --- awards of a fixed number by tier, limited by a count (the contest) -----------------------------------------------


def _tiers(scenario: ScenarioModel, item: Item, year: int) -> Exact:
    values = {drawn.column.name: _value(drawn, 0.25) for drawn in item.columns}
    prizes = np.repeat(_amounts(item, year, values, _tier_values(item)), [number for _, number in item.tiers])
    best = np.concatenate([[0], np.cumsum(prizes)])  # of so many winners: the lowest tier goes first
    limits = [cap for cap in item.caps.get(year, ()) if cap.per == "count"]
    if not limits:
        return Exact(item, year, "entitlement", best[-1:], np.ones(1), pd.DataFrame(columns=list(COUNTED)))
    counts, chances = _counts_of(scenario, item, limits[0], year)
    allowed = np.full(len(counts), len(prizes))
    for cap in limits:
        rounding = scenario.readings["winner_rounding"]
        allowed = np.minimum(allowed, share_of_count(cap.level or 0.0, counts.astype(float), rounding))
    amounts = best[allowed]
    counted = pd.DataFrame(
        {"count": counts, "limit": allowed, "amount_wan": amounts / FEN_A_WAN, "probability": chances}
    )
    fen, where = np.unique(amounts, return_inverse=True)
    return Exact(item, year, "entitlement", fen, np.bincount(where, chances), counted)


def ranges(of: Exact) -> pd.DataFrame:
    """What ranges of a count come to (the cliffs of 10%): ``first, last, limit, amount_wan, probability``, a row where
    one count more or less changes the winners.
    """
    rows: list[tuple[int, int, int, float, float]] = []
    for count, limit, amount, chance in of.counted.itertuples(index=False):
        if rows and rows[-1][2] == limit:
            first, _, _, _, before = rows[-1]
            rows[-1] = (first, count, limit, amount, before + chance)
        else:
            rows.append((count, count, limit, amount, chance))
    return pd.DataFrame(rows, columns=["first", "last", "limit", "amount_wan", "probability"])


def beside_simulated(of: Exact, result: RunResult) -> pd.DataFrame:
    """The exact probability of each amount beside that of a run, with its 95% interval.

    Returns:
        ``amount_wan, exact, simulated, low, high``; amounts that neither comes to in one of a million are left out.

    Raises:
        FaultyInput: the run has no such item or year.
    """
    seen = result.fen(of.flow, of.year, of.item.key)
    values, counts = np.unique(seen, return_counts=True)
    simulated = dict(zip(values.tolist(), (counts / len(seen)).tolist(), strict=True))
    known = dict(zip(of.fen.tolist(), of.probabilities.tolist(), strict=True))
    rows = []
    for fen in sorted({*simulated, *(fen for fen, chance in known.items() if chance > 1e-6)}):
        share = simulated.get(fen, 0.0)
        rows.append((fen / FEN_A_WAN, known.get(fen, 0.0), share, *wilson(share, len(seen))))
    return pd.DataFrame(rows, columns=["amount_wan", "exact", "simulated", "low", "high"])


def _counts_of(scenario: ScenarioModel, item: Item, cap: Cap, year: int) -> tuple[np.ndarray, np.ndarray]:
    """The values of a drawn count and how likely each is."""
    drawn = next(one for one in item.item_columns if one.column.name == cap.of)
    of = drawn.distribution
    if of.shape == "fixed":
        return np.rint(np.array(of.values)).astype(np.int64), np.ones(1)
    if of.shape == "choice":
        return np.rint(np.array(of.values)).astype(np.int64), np.diff([0.0, *of.weights])
    assert of.table is not None  # what is drawn once a year is fixed, chosen, or has a table
    low, high = math.floor(of.table.min()), math.ceil(of.table.max())
    counts = np.arange(max(low, 0), high + 1)
    below = np.array([share_below(of, count + 0.5) for count in counts])
    below[-1] = 1.0
    return counts, np.diff([0.0, *below])


# --- a random number of rows (platforms) ------------------------------------------------------------------------------


def _counted_rows(scenario: ScenarioModel, item: Item, year: int) -> tuple[np.ndarray, np.ndarray]:
    """The sum of a Poisson number of rows whose mean is in doubt."""
    means, weights = mean_counts(scenario, item, year)
    most = math.ceil(means.max() + 12 * math.sqrt(means.max()) + 20)
    counts = np.arange(most + 1)
    factorials = np.array([math.lgamma(n + 1) for n in counts])
    log_means = np.log(np.maximum(means, 1e-300))
    chances = np.exp(counts[:, None] * log_means - means - factorials[:, None]) @ weights
    amounts, shares = _row(item, year)
    unit = int(np.gcd.reduce(amounts[amounts > 0])) if (amounts > 0).any() else 1
    one = np.bincount(amounts // unit, shares)
    total, of_n = np.zeros(most * (len(one) - 1) + 1), np.ones(1)
    for chance in chances:
        total[: len(of_n)] += chance * of_n
        of_n = np.convolve(of_n, one)
    there = np.flatnonzero(total > LEFT_OUT)
    return there * unit, total[there] / total[there].sum()


# --- named cases ------------------------------------------------------------------------------------------------------


def _cases(scenario: ScenarioModel, item: Item, year: int) -> tuple[np.ndarray, np.ndarray]:
    """The sum of the year's cases, each of which comes or not."""
    sums: np.ndarray = np.zeros(1, np.int64)
    chances: np.ndarray = np.ones(1)
    for case in item.cases:
        if case.year != year:
            continue
        values, weights = values_in_doubt(case.probability, scenario.has_doubt, scenario.base_year)
        middle = case.probability.at(scenario.base_year)
        values = values * (case.probability.at(year) / middle) if middle else values
        comes = float(np.minimum(values, 1) @ weights)
        amounts = np.rint(np.array(case.amount.values) * 1e4).astype(np.int64) * 100  # whole yuan, in fen
        shares = np.diff([0.0, *case.amount.weights]) if case.amount.shape == "choice" else np.ones(1)
        both = np.concatenate([[0], np.maximum(amounts, 0)]), np.concatenate([[1 - comes], comes * shares])
        added = (sums[:, None] + both[0]).ravel(), (chances[:, None] * both[1]).ravel()
        sums, where = np.unique(added[0], return_inverse=True)
        chances = np.bincount(where, added[1])
        if len(sums) > MOST_SUMS:
            what = message("so many cases come to more than {most:,} different amounts", most=MOST_SUMS)
            raise FaultyInput([Fault(item.key, what)])
    return sums, chances
