"""What total to ask for (应报多少): the smallest with which money suffices, and what a finance bureau asks about it.

>>> ask(load_scenario("baseline"), 0.1, trials=1_000).by_year     # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from ..adjustable.set_values import named_parameter
from ..base.messages import named
from ..base.units import MOST_WAN
from ..results.joint_split import COLUMNS as SPLIT_COLUMNS
from ..results.joint_split import joint_split
from ..results.monte_carlo import wilson
from ..scenario.model import ScenarioModel
from ..wording.labels import titles
from .incremental import IncrementalRun
from .seek import Sought, checked, curve_steps, found, probability, years_to_suffice
from .value_search import Told, ValueSearch

TOTAL = "envelopes.total"
MORE = 10  # 万元: what they buy
BY_YEAR = ["year", "value", "probability", "low", "high"]
MORE_COLUMNS = ["value", "probability", "change_probability", "change_commitment_wan"]


@dataclass(frozen=True)
class TotalToAsk(Sought):
    """The total of the first year that was found, and what is asked about it.

    Attributes:
        by_year: ``year, value, probability, low, high``: the smallest total of the first year with which money suffices
            in that year alone, and how likely it is short then, with its 95% interval.
        split: of `results.joint_split`, by year: envelopes of the categories that hold jointly in that year.
        more: ``value, probability, change_probability, change_commitment_wan``: at some totals what `MORE` 万元 more a
            year change: the probability that money is short, and what is committed in all years, the mean.
    """

    by_year: pd.DataFrame
    split: pd.DataFrame
    more: pd.DataFrame


def ask(
    scenario: ScenarioModel,
    most: float = 0.1,
    year: int | None = None,
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
    totals_wan: Sequence[float] = (),
) -> TotalToAsk:
    """The smallest total envelope (总额度) of the first year with which money suffices.

    Args:
        most, year, trials, seed, workers, progress: as of `seek`.
        totals_wan: totals for which it is worked out what falls off, beside a tenth and two tenths less.

    Raises:
        FaultyInput: as of `seek`; the scenario has no total.
    """
    years, most = years_to_suffice(scenario, year), probability(most)
    totals_wan = [checked(named(*titles("total", "parameters")), total, MOST_WAN) for total in totals_wan]
    live = IncrementalRun(scenario, trials, seed, workers)
    search = ValueSearch(scenario, named_parameter(scenario, TOTAL), years, live, None, progress)
    sought = found(search, most, totals_wan)
    by_year, split, more = (pd.DataFrame(columns=columns) for columns in (BY_YEAR, SPLIT_COLUMNS, MORE_COLUMNS))
    if sought.value is not None:
        at = search.step(sought.value)
        result = search.run(at)
        split = pd.concat([joint_split(result, one, 1 - most) for one in years], ignore_index=True)
        by_year, more = _by_year(search, at, most), _more(search, at)
    shared: dict[str, Any] = {field.name: getattr(sought, field.name) for field in fields(Sought)}
    shared |= {"curve": search.curve(), "runs": len(search.known)}
    return TotalToAsk(**shared, by_year=by_year, split=split, more=more)


def _by_year(search: ValueSearch, at: int, most: float) -> pd.DataFrame:
    rows = []
    for place, year in enumerate(search.years):

        def chance(step: int, place: int = place) -> float:
            return search.at(step).by_year[place]

        short = _too_little(search, at, most, place)
        value = search.border(at, short, most, chance) if chance(short) > most else short
        assert value is not None  # what suffices in all years does so in each
        rows.append((year, search.value(value), chance(value), *wilson(chance(value), search.trials)))
    return pd.DataFrame(rows, columns=BY_YEAR)


def _too_little(search: ValueSearch, at: int, most: float, place: int) -> int:
    """A total with which money does not suffice in a year; the lowest that can be set where there is none."""
    least, step = search.ends()[0], at
    while step > least and search.at(step).by_year[place] <= most:
        step = max(least, step // 2)
    return step


def _more(search: ValueSearch, at: int) -> pd.DataFrame:
    now = search.step(search.one.value)
    rows = []
    for step in sorted({now, *curve_steps(search, at)}):
        here, there = search.at(step), search.at(step + search.step(MORE))
        change = there.chance - here.chance, there.commitment_wan - here.commitment_wan
        rows.append((search.value(step), here.chance, *change))
    return pd.DataFrame(rows, columns=MORE_COLUMNS)
