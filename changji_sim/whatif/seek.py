"""The value that is enough (求值): the smallest or largest value of an adjustable parameter with which money suffices.

Money suffices in a trial where no envelope, the total's or a category's, is short in any of the years asked for. All
runs meet the same futures, so that a step of the value moves the answer by what the value does and by nothing else.

>>> seek(load_scenario("baseline"), "envelopes.total", 0.1, trials=1_000).value     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import named_parameter, set_in
from ..base.checks import number
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message
from ..base.units import FEN_A_WAN
from ..results.monte_carlo import TWO_SIDED_95, wilson
from ..results.run_result import RunResult
from ..results.shortfall import short_trials
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from ..wording.amounts import percent
from .asked_year import year_faults, years_meant
from .incremental import IncrementalRun

CURVE = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)  # of the answer: where the curve is worked out
CUTS = (0.9, 0.8)  # of the answer: what falls off with a tenth and two tenths less
WIDENINGS = 6  # how often a side without an end is doubled before there is no answer
STEPS = {"%": 1000.0}  # steps a unit: a tenth of a percentage point; else whole numbers
Told = Callable[[int], None]  # how many runs are done


@dataclass(frozen=True)
class Sought:
    """What was found.

    Attributes:
        scenario: the scenario with the value; as it was where there is none.
        parameter: what was sought.
        most: the probability that money is short that is accepted.
        years: the years in which money must suffice.
        value: the value; None where there is none.
        interval: between these ends the value lies with 95% confidence, as the number of trials leaves it; an end is
            None where it lies beyond what can be set.
        probability: that money is short with the value.
        is_least: whether the value is the smallest that is enough; else it is the largest.
        why: why there is no value; empty where there is one.
        curve: ``value, probability, low, high``: the probability over the value with its 95% band, where it was run.
        cuts: ``share, value, item, unfunded_wan, arrears_wan``: with a tenth and two tenths less, what is not committed
            for want of money, the mean of the sum over the years, and what is owed at the end of the last year, the
            mean, 万元; no rows where there is no value or it is no envelope.
        trials, runs: how many trials each of how many runs had.
    """

    scenario: ScenarioModel
    parameter: Adjustable
    most: float
    years: tuple[int, ...]
    value: float | None
    interval: tuple[float | None, float | None]
    probability: float
    is_least: bool
    why: Message | str
    curve: pd.DataFrame
    cuts: pd.DataFrame
    trials: int
    runs: int


def seek(
    scenario: ScenarioModel,
    name: str,
    most: float = 0.1,
    year: int | None = None,
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
) -> Sought:
    """The value of a parameter with which the probability that money is short is at most ``most``.

    Args:
        name: key or titles of an adjustable parameter that is a number.
        most: a probability, 0 to 1.
        year: the year in which money must suffice; by default all years in force, jointly.
        progress: called with the number of runs done.

    Raises:
        FaultyInput: the name is not known or no number, the year is none of the scenario's, or no envelope limits it.
    """
    one = named_parameter(scenario, name)
    years = _years(scenario, year)
    try:
        most = number(most, 0, 1)
    except ValueError as error:
        raise FaultyInput([Fault(message("probability"), error.args[0])]) from None
    return _Search(scenario, one, most, years, IncrementalRun(scenario, trials, seed, workers), progress).found()


def ask(scenario: ScenarioModel, most: float = 0.1, year: int | None = None, **options: Any) -> Sought:
    """The smallest total envelope (总额度) of the first year with which money suffices.

    Args:
        most, year, options: as of `seek`.

    Raises:
        FaultyInput: as of `seek`; the scenario has no total.
    """
    return seek(scenario, "envelopes.total", most, year, **options)


def _years(scenario: ScenarioModel, year: int | None) -> tuple[int, ...]:
    envelopes = scenario.envelopes
    faults = year_faults(scenario, year)
    if faults:
        raise FaultyInput(faults)
    years = years_meant(scenario, year)
    limits = (envelopes.total_wan, *envelopes.category_wan.values())
    if not any(limit.get(one) is not None for limit in limits for one in years):
        raise FaultyInput([Fault(scenario.name, message("no envelope limits these years, so money is never short"))])
    return years


class _Search:
    """Runs at values on a grid of whole steps, each once."""

    def __init__(
        self,
        scenario: ScenarioModel,
        one: Adjustable,
        most: float,
        years: tuple[int, ...],
        live: IncrementalRun,
        progress: Told | None,
    ):
        self.scenario, self.one, self.most, self.years, self.live = scenario, one, most, years, live
        self.tell = progress or (lambda runs: None)
        self.steps = STEPS.get(one.unit, 1.0)
        self.draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
        self.chances: dict[int, float] = {}  # by step: how likely money is short
        self.trials = live.trials

    def found(self) -> Sought:
        enough, short, is_least = self._around()
        for _ in range(WIDENINGS):
            if self.chance(enough) <= self.most or not self._is_open(enough, is_least):
                break
            enough = 2 * enough
        if self.chance(enough) > self.most:
            return self._none(is_least, self._never(enough))
        if self.chance(short) <= self.most:
            return self._none(is_least, self._always(short, enough))
        at = self._border(enough, short, self.most)
        assert at is not None  # its end is enough, as was looked at above
        error = TWO_SIDED_95 * math.sqrt(self.most * (1 - self.most) / self.trials)
        ends = [self._border(enough, short, chance) for chance in (self.most + error, self.most - error)]
        cuts = self._cuts(at) if is_least and self.one.part == "envelope" else _no_cuts()
        self._draw_curve(at)
        interval = tuple(None if end is None else end / self.steps for end in (ends if is_least else reversed(ends)))
        return self._sought(at / self.steps, interval, self.chance(at), is_least, "", cuts)

    def _sought(self, value: float | None, interval: Any, chance: float, is_least: bool, why: str, cuts: Any) -> Sought:
        curve = self._curve()
        scenario = self.scenario if value is None else self.with_step(self._steps(value))
        return Sought(
            scenario, self.one, self.most, self.years, value, interval, chance, is_least, why, curve, cuts, self.trials,
            len(self.chances),
        )  # fmt: skip

    def _none(self, is_least: bool, why: str) -> Sought:
        chance = self.chance(self._steps(self.one.value)) if self.one.value is not None else math.nan
        return self._sought(None, (None, None), chance, is_least, why, _no_cuts())

    # --- values -------------------------------------------------------------------------------------------------------

    def _steps(self, value: float) -> int:
        return round(value * self.steps)

    def _ends(self) -> tuple[int, int]:
        """Between which values is sought first: what may be set, the law's number at most."""
        least, most = self.one.parameter.bounds or (None, None)
        soft = self.one.parameter.softbounds or (0, 1)
        low = soft[0] if least is None else least
        high = self.one.law if self.one.law is not None else soft[1] if most is None else most
        if self.one.value is not None:
            high = max(high, self.one.value)
        return math.ceil(low * self.steps - 1e-9), math.floor(high * self.steps + 1e-9)

    def _around(self) -> tuple[int, int, bool]:
        """Two values between which the border lies, where there is one: on the one side money suffices. Sought around
        the value now, further and further away: at the ends of what can be set runs may take very long (a growth of
        1,000% a year). The last says whether more of it is what makes money suffice.
        """
        least, most = self._ends()
        if self.one.value is None:
            return (most, least, True) if self.chance(most) <= self.chance(least) else (least, most, False)
        now = min(max(self._steps(self.one.value), least), most)
        away = max(abs(now) // 2, 1)
        while True:
            low, high = max(now - away, least), min(now + away, most)
            chances = self.chance(low), self.chance(high)
            if min(chances) <= self.most < max(chances) or (low, high) == (least, most):
                break
            away *= 2
        is_least = chances[1] <= chances[0]
        return (high, low, True) if is_least else (low, high, False)

    def _is_open(self, end: int, is_least: bool) -> bool:
        """Whether one may go beyond an end: upwards only, where neither the law nor the file bounds it."""
        bounds = self.one.parameter.bounds or (None, None)
        return is_least and end > 0 and self.one.law is None and bounds[1] is None

    def chance(self, step: int) -> float:
        """How likely money is short with a value."""
        if step not in self.chances:
            self.chances[step] = float(np.mean(short_trials(self.run(step), self.years)))
            self.tell(len(self.chances))
        return self.chances[step]

    def run(self, step: int) -> RunResult:
        return self.live.run(self.with_step(step))

    def with_step(self, step: int) -> ScenarioModel:
        """The scenario with a value."""
        return set_in(self.draft, [(self.one, step / self.steps)])

    def _border(self, enough: int, short: int, most: float) -> int | None:
        """The last step on the side that is enough; None where even the end is not."""
        if self.chance(enough) > most:
            return None
        while abs(enough - short) > 1:
            middle = (enough + short) // 2
            enough, short = (middle, short) if self.chance(middle) <= most else (enough, middle)
        return enough

    # --- what is shown beside it --------------------------------------------------------------------------------------

    def _draw_curve(self, at: int) -> None:
        low, high = self._ends()
        for share in CURVE:
            step = round(at * share)
            if low <= step and (step <= high or self._is_open(step, True)):
                self.chance(step)

    def _curve(self) -> pd.DataFrame:
        """The probability where it was run, with its 95% band (Wilson), values in order."""
        rows = [
            (step / self.steps, chance, *wilson(chance, self.trials)) for step, chance in sorted(self.chances.items())
        ]
        return pd.DataFrame(rows, columns=["value", "probability", "low", "high"])

    def _cuts(self, at: int) -> pd.DataFrame:
        rows = []
        for share in CUTS:
            result = self.run(round(at * share))
            for item in self.scenario.items:
                unfunded = sum(int(result.fen("unfunded", year, item.key).sum()) for year in result.years)
                arrears = int(result.fen("arrears", result.years[-1], item.key).sum())
                amounts = (fen / (self.trials * FEN_A_WAN) for fen in (unfunded, arrears))
                rows.append((share, round(at * share) / self.steps, item.key, *amounts))
        return pd.DataFrame(rows, columns=CUT_COLUMNS)

    def _never(self, enough: int) -> Message:
        return message(
            "even with {value} money is short with a probability of {chance}; another limit holds",
            value=amount(enough / self.steps, self.one.unit),
            chance=percent(self.chance(enough)),
        )

    def _always(self, short: int, enough: int) -> Message:
        return message(
            "the probability stays between {low} and {high} over all values that can be set",
            low=percent(min(self.chance(short), self.chance(enough))),
            high=percent(max(self.chance(short), self.chance(enough))),
        )


CUT_COLUMNS = ["share", "value", "item", "unfunded_wan", "arrears_wan"]


def _no_cuts() -> pd.DataFrame:
    return pd.DataFrame(columns=CUT_COLUMNS)


def amount(value: float, unit: str) -> str:
    """A value with its unit, as ``--set`` takes it."""
    return f"{value * 100:.10g}%" if unit == "%" else f"{value:,.10g}{unit}"
