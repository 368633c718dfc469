"""What one more unit of a number costs (价格): of every ceiling, rate, prize, place and envelope, up and down.

Each number is moved by one unit (1万元, one percentage point, one place, one year) alone, on the same futures; beyond
the law's number, as a reform of it. Up and down are kept apart: at a kink the two differ.

>>> prices(load_scenario("baseline"), trials=1_000).query("name == 'exchange.max_item_year_wan'")     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import param

from ..adjustable import adjustables
from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import named_among, set_in
from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.units import FEN_A_WAN
from ..results.run_result import RunResult
from ..results.served import served
from ..results.shortfall import short_trials
from ..results.side_by_side import amount_fen, difference
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from ..scenario_file.terms import TRANCHES
from .incremental import IncrementalRun
from .value_search import Told

PARTS = ("envelope", "law", "guide")
UNITS = {"%": 0.01}  # one unit of a number of this kind; else 1
PRICED = ("entitlement", "commitment", "payment", "year_need")
SERVED = ("applications", "applicants")
SERVED_COLUMNS = tuple(f"{name}{end}" for name in SERVED for end in ("", "_low", "_high"))
ABOUT = ("name", "title", "title_en", "item", "unit", "value", "to")
COLUMNS = (*ABOUT, *(f"{flow}_{part}" for flow in PRICED for part in ("wan", "low_wan", "high_wan")), "short", "why")


def prices(
    scenario: ScenarioModel,
    names: Iterable[str] = (),
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
    counts_served: bool = False,
) -> pd.DataFrame:
    """What a unit more, and a unit less, of each number changes.

    Args:
        names: keys or titles of adjustable parameters; by default every number of the envelopes, the law and the guide
            that is set, but for the shares paid first, which decide when and not how much. A ceiling that is not set
            has no price.
        progress: called with the number of runs done.
        counts_served: whether applications and applicants served are counted too.

    Returns:
        ``name, title, title_en, item, unit, value, to``, then for each of entitlement, commitment, payment and the need
        of the year the difference a year in force (``_wan``, the mean) and its 95% interval (``_low_wan``,
        ``_high_wan``), 万元; ``short`` the difference of the probability that an envelope is short in any year; ``why``
        where the number cannot be moved so, and the rest is NaN. With ``counts_served`` then `SERVED_COLUMNS`: the
        difference a year of applications committed something and of applicants among them (once an item and year),
        with its 95% interval. Two rows a parameter, up first.

    Raises:
        FaultyInput: a name is not known, no number, or one that is not set.
    """
    draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
    every = adjustables(draft, scenario)
    priced = named_among(every, names, scenario) if names else [one for one in every if _is_priced(one)]
    unset = [one.key for one in priced if one.value is None]
    if unset:
        what = message("no value is set, so there is no unit more or less of it")
        raise FaultyInput([Fault(key, what) for key in unset])
    live = IncrementalRun(scenario, trials, seed, workers)
    before = live.run(scenario)
    rows = []
    for one in priced:
        for to in (_moved(one, 1), _moved(one, -1)):
            rows.append((*_about(one, to), *_row(draft, one, to, before, live, counts_served)))
            if progress:
                progress(len(rows) + 1)
    return pd.DataFrame(rows, columns=[*COLUMNS, *(SERVED_COLUMNS if counts_served else ())])


def _is_priced(one: Adjustable) -> bool:
    """Whether it says how much is given: a share paid first says when."""
    is_tranche = one.key.partition(".")[2] in TRANCHES
    return one.part in PARTS and isinstance(one.parameter, param.Number) and one.value is not None and not is_tranche


def _moved(one: Adjustable, units: int) -> float:
    """The value a unit more or less, without the dust of binary fractions."""
    return round(float(one.value) + units * UNITS.get(one.unit, 1.0), 12)


def _about(one: Adjustable, to: float) -> tuple[Any, ...]:
    return one.key, one.title, one.title_en, one.group, one.unit, float(one.value), to


def _row(
    draft: Draft, one: Adjustable, to: float, before: RunResult, live: IncrementalRun, counts_served: bool
) -> Iterator[Any]:
    """What is different with a value, or why it cannot be had."""
    try:
        after = live.run(with_number(draft, one, to))
    except FaultyInput as error:
        yield from [math.nan] * (3 * len(PRICED) + 1)
        yield "; ".join(fault.text() for fault in error.faults)
        yield from [math.nan] * (len(SERVED_COLUMNS) if counts_served else 0)
        return
    for flow in PRICED:
        change = difference(_sum(before, flow), _sum(after, flow), FEN_A_WAN * len(before.years))
        yield from (change.mean, change.low, change.high)
    yield float(np.mean(short_trials(after)) - np.mean(short_trials(before)))
    yield ""
    if counts_served:
        for then, now in zip(served(before), served(after), strict=True):
            change = difference(then, now, len(before.years))
            yield from (change.mean, change.low, change.high)


def with_number(draft: Draft, one: Adjustable, value: float) -> ScenarioModel:
    """The scenario with one number set; beyond the law as a reform of it.

    Raises:
        FaultyInput: no scenario file can have the value.
    """
    least, most = one.parameter.bounds or (None, None)
    is_outside = (least is not None and value < least) or (most is not None and value > most)
    if is_outside and not one.is_beyond_law(value):
        what = message("{value} is beyond what can be set", value=f"{value:g}")
        raise FaultyInput([Fault(one.key, what)])
    return set_in(draft, [(one, int(value) if isinstance(one.parameter, param.Integer) else value)])


def curve(
    scenario: ScenarioModel,
    name: str,
    values: Sequence[float],
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
) -> pd.DataFrame:
    """The flows over a range of values of one number, and how likely money is short.

    Returns:
        ``value``, then the mean a year in force of entitlement, commitment, payment and the need of the year, 万元,
        then ``short``, the probability that an envelope is short in any year, then ``why`` where a value cannot be had.

    Raises:
        FaultyInput: the name is not known or no number.
    """
    draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
    (one,) = named_among(adjustables(draft, scenario), [name], scenario)
    live, rows = IncrementalRun(scenario, trials, seed, workers), []
    for done, value in enumerate(values, start=1):
        try:
            result = live.run(with_number(draft, one, value))
        except FaultyInput as error:
            rows.append((value, *[math.nan] * (len(PRICED) + 1), "; ".join(fault.text() for fault in error.faults)))
            continue
        means = (int(_sum(result, flow).sum()) / (trials * FEN_A_WAN * len(result.years)) for flow in PRICED)
        rows.append((value, *means, float(np.mean(short_trials(result))), ""))
        if progress:
            progress(done)
    return pd.DataFrame(rows, columns=["value", *(f"{flow}_wan" for flow in PRICED), "short", "why"])


def by_size(prices: pd.DataFrame, flow: str = "commitment") -> pd.Series:
    """What a unit of each number changes of a flow at most, up or down, 万元 a year, by name: that which changes most
    first, last those that cannot be moved (NaN).
    """
    change = prices[f"{flow}_wan"].abs().groupby(prices.name, sort=False).max()
    return change.sort_values(ascending=False, kind="stable")


def _sum(result: RunResult, flow: str) -> np.ndarray:
    """A flow of all years in force, fen by trial."""
    return np.sum([amount_fen(result, flow, year) for year in result.years], axis=0)
