"""Two numbers against each other (两项对照图): is money short, and which limit decides, over a grid of values.

A limit here is one of a whole year: an envelope, or a ceiling of an item and year. In a cell that one *decides* which
cuts most on average among those that cut in at least half of the trials.

>>> regime_map(load_scenario("baseline"), "growth", "envelopes.total", trials=500).cells     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import param

from ..adjustable import adjustables
from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import named_among
from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.units import FEN_A_WAN
from ..results.run_result import RunResult
from ..results.shortfall import short_by_envelope, short_trials
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from ..wording.labels import titles
from ..wording.language import cap_title
from .asked_year import year_faults, years_meant
from .incremental import IncrementalRun
from .prices import with_number

STEPS = 9  # values of each number
MOST_STEPS = 51
AROUND = 0.3  # of the value, to either side, where nobody doubts it
OFTEN = 0.5  # of the trials: a limit that cuts more rarely does not decide
NOTHING = ""  # the key where no limit decides
COLUMNS = ("x", "y", "probability_short", "limit", "probability_binding", "mean_cut_wan", "why")
Told = Callable[[int], None]
Ends = tuple[float, float]


@dataclass(frozen=True)
class RegimeMap:
    """A map of two numbers.

    Attributes:
        x, y: the numbers, with their values today.
        years: the years it is about.
        cells: ``x, y`` the values; ``probability_short`` that an envelope is short in any of the years; ``limit`` the
            key of the limit that decides (`limits`), ``""`` where none does, with how likely it cuts in any of the
            years and its mean cut in all of them, 万元; ``why`` where a cell cannot be had, and the rest is NaN.
        limits: the titles of the limits that decide anywhere, in Chinese and English, by key, the commonest first.
        trials, runs: how many trials each of how many runs had.
    """

    scenario: ScenarioModel
    x: Adjustable
    y: Adjustable
    years: tuple[int, ...]
    cells: pd.DataFrame
    limits: dict[str, tuple[str, str]]
    trials: int
    runs: int

    def grid(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The values of x, those of y, and the probability that money is short, shape ``(ys, xs)``."""
        table = self.cells.pivot(index="y", columns="x", values="probability_short")
        return table.columns.to_numpy(float), table.index.to_numpy(float), table.to_numpy(float)


def regime_map(
    scenario: ScenarioModel,
    x: str,
    y: str,
    x_ends: Ends | None = None,
    y_ends: Ends | None = None,
    steps: int = STEPS,
    year: int | None = None,
    trials: int = 2_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
) -> RegimeMap:
    """Run a grid of values of two numbers on the same futures.

    Args:
        x, y: keys or titles of two adjustable numbers.
        x_ends, y_ends: lowest and highest value; by default the range of doubt, else 30% to either side of the value,
            within what can be set.
        steps: values of each.
        year: by default all years in force.
        progress: called with the number of runs done.

    Raises:
        FaultyInput: a name is not known or no number, both are one, the ends or the steps cannot be, there is no such
            year, or no value is set from which to begin.
    """
    draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
    one, other = named_among(adjustables(draft, scenario), [x, y], scenario)
    years = _checked(scenario, one, other, steps, year)
    along = {each.key: _values(each, ends, steps) for each, ends in ((one, x_ends), (other, y_ends))}
    outer, inner = (other, one) if _is_drawn_anew(other) and not _is_drawn_anew(one) else (one, other)
    live = IncrementalRun(scenario, trials, seed, workers)
    titles_of: dict[str, tuple[str, str]] = {}
    rows: list[tuple[Any, ...]] = []
    for outer_value in along[outer.key]:
        draft_of_row = _with(draft, outer, outer_value)
        for value in along[inner.key]:
            at = (value, outer_value) if outer is other else (outer_value, value)
            rows.append((*at, *_cell(draft_of_row, inner, value, live, years, titles_of)))
            if progress:
                progress(len(rows))
    cells = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["x", "y"], ignore_index=True)
    order = cells.limit[cells.limit != NOTHING].value_counts().index
    limits = {key: titles_of[key] for key in order}
    return RegimeMap(scenario, one, other, years, cells, limits, trials, len(rows))


def _checked(
    scenario: ScenarioModel, one: Adjustable, other: Adjustable, steps: int, year: int | None
) -> tuple[int, ...]:
    faults = []
    if one.key == other.key:
        faults.append(Fault(one.key, message("two different numbers are needed")))
    if not 2 <= steps <= MOST_STEPS:
        what = message("found {found}; from 2 to {most} steps are allowed", found=steps, most=MOST_STEPS)
        faults.append(Fault("steps", what))
    faults += year_faults(scenario, year)
    if faults:
        raise FaultyInput(faults)
    return years_meant(scenario, year)


def _is_drawn_anew(one: Adjustable) -> bool:
    """Whether a change of it changes what is drawn: that costs more, so it is changed less often."""
    return one.part in ("assumption", "oversight")


def _values(one: Adjustable, ends: Ends | None, steps: int) -> list[float]:
    """The values of one number, evenly from end to end; whole ones, each once, where only these can be."""
    low, high = ends or _usual_ends(one)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        what = message("found {low:g} to {high:g}; a lowest value and a higher one are needed", low=low, high=high)
        raise FaultyInput([Fault(one.key, what)])
    values = [round(float(at), 6) for at in np.linspace(low, high, steps)]
    if isinstance(one.parameter, param.Integer):
        values = [float(at) for at in dict.fromkeys(math.floor(at + 0.5) for at in values)]
    return values


def _usual_ends(one: Adjustable) -> Ends:
    if one.doubt:
        return one.doubt
    if one.value is None or not one.value:
        what = message("no value is set; say between which values the map is to run")
        raise FaultyInput([Fault(one.key, what)])
    least, most = one.parameter.bounds or (None, None)
    low, high = sorted(((1 - AROUND) * one.value, (1 + AROUND) * one.value))
    high = min(high, one.law) if one.law is not None else high
    return (low if least is None else max(low, least)), (high if most is None else min(high, most))


def _with(draft: Draft, one: Adjustable, value: float) -> Draft | str:
    """A draft of the scenario with the first number set, or why it cannot be."""
    try:
        changed = with_number(draft, one, value)
        return Draft.of(changed, draft.plugins_dir, keeps_reform=True)
    except FaultyInput as error:
        return _why(error)


def _cell(
    first: Draft | str,
    other: Adjustable,
    value: float,
    live: IncrementalRun,
    years: Sequence[int],
    titles_of: dict[str, tuple[str, str]],
) -> tuple[Any, ...]:
    if isinstance(first, str):
        return math.nan, NOTHING, math.nan, math.nan, first
    try:
        result = live.run(with_number(first, other, value))
    except FaultyInput as error:
        return math.nan, NOTHING, math.nan, math.nan, _why(error)
    short = float(np.mean(short_trials(result, years)))
    found = [(cut, chance, key) for key, names, cut, chance in limits_of(result, years)
             if chance >= OFTEN and titles_of.setdefault(key, names)]  # fmt: skip
    if not found:
        return short, NOTHING, math.nan, math.nan, ""
    cut, chance, key = max(found)
    return short, key, chance, cut, ""


def _why(error: FaultyInput) -> str:
    return "; ".join(fault.text() for fault in error.faults)


def limits_of(result: RunResult, years: Sequence[int]) -> Iterator[tuple[str, tuple[str, str], float, float]]:
    """Every limit of a whole year: its key, its titles, its mean cut in all of the years together, 万元, and how likely
    it cuts in any of them. What the need exceeds an envelope by is the envelope's cut.
    """
    of_envelopes = [short_by_envelope(result, year) for year in years]
    for category in dict.fromkeys(key for of_year in of_envelopes for key in of_year):
        cuts = [of_year[category] for of_year in of_envelopes if category in of_year]
        yield f"envelope:{category}", _envelope_titles(result.scenario, category), *_together(result, cuts)
    for item in result.scenario.items:
        keys = {cap.key: cap for year in years for cap in item.caps[year] if cap.per == "item_year"}
        for key, cap in keys.items():
            has_it = [year for year in years if any(each.key == key for each in item.caps[year])]
            cuts = [result.fen(f"cut:{key}", year, item.key) for year in has_it]
            names = f"{item.title} · {cap_title(cap)}", f"{item.title_en or item.key} · {cap_title(cap, 'en')}"
            yield f"{item.key}:{key}", names, *_together(result, cuts)


def _envelope_titles(scenario: ScenarioModel, category: str) -> tuple[str, str]:
    envelope, total = titles("envelope_short", "money"), titles("total", "parameters")
    if category not in scenario.categories:
        return total
    return f"{scenario.categories[category]}{envelope[0]}", f"{category}: {envelope[1]}"


def _together(result: RunResult, cuts: Sequence[np.ndarray]) -> tuple[float, float]:
    whole = np.sum(cuts, axis=0)
    return int(whole.sum()) / (result.trial_count * FEN_A_WAN), float(np.mean(whole > 0))
