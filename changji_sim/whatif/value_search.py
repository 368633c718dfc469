"""Looking for the value of one number on a grid of whole steps: each step is run once, all on the same futures."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import set_in
from ..base.units import FEN_A_WAN
from ..results.monte_carlo import wilson
from ..results.run_result import RunResult
from ..results.shortfall import short_trials
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from .incremental import IncrementalRun

STEPS = {"%": 1000.0}  # steps a unit: a tenth of a percentage point; else whole numbers
Told = Callable[[int], None]  # how many runs are done


class Step(NamedTuple):
    """What a run at one step gives: how often what is asked for is missed, in any of the years and in each, and what is
    committed in all years in force (mean, 万元).
    """

    chance: float
    by_year: tuple[float, ...]
    commitment_wan: float


class ValueSearch:
    """Runs of a scenario with one number at other values.

    Args:
        years: the years asked about.
        payment_wan: what a year's payments may be; None: the envelopes must suffice.
        progress: called with the number of runs done.
    """

    def __init__(
        self,
        scenario: ScenarioModel,
        one: Adjustable,
        years: tuple[int, ...],
        live: IncrementalRun,
        payment_wan: float | None = None,
        progress: Told | None = None,
    ):
        self.scenario, self.one, self.years, self.live, self.payment_wan = scenario, one, years, live, payment_wan
        self.tell = progress or (lambda runs: None)
        self.a_unit = STEPS.get(one.unit, 1.0)
        self.draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
        self.known: dict[int, Step] = {}
        self.trials = live.trials

    # --- values -------------------------------------------------------------------------------------------------------

    def step(self, value: float) -> int:
        """The step nearest to a value."""
        return round(value * self.a_unit)

    def value(self, step: int) -> float:
        return step / self.a_unit

    def ends(self) -> tuple[int, int]:
        """Between which steps is sought first: what may be set, the law's number at most."""
        least, most = self.one.parameter.bounds or (None, None)
        soft = self.one.parameter.softbounds or (0, 1)
        low = soft[0] if least is None else least
        high = self.one.law if self.one.law is not None else soft[1] if most is None else most
        if self.one.value is not None:
            high = max(high, self.one.value)
        return math.ceil(low * self.a_unit - 1e-9), math.floor(high * self.a_unit + 1e-9)

    def is_open(self, end: int) -> bool:
        """Whether one may go beyond an upper end, where neither the law nor the file bounds it."""
        bounds = self.one.parameter.bounds or (None, None)
        return end > 0 and self.one.law is None and bounds[1] is None

    # --- runs ---------------------------------------------------------------------------------------------------------

    def at(self, step: int) -> Step:
        """What a run with a value gives."""
        if step not in self.known:
            result = self.run(step)
            missed = [missed_trials(result, year, self.payment_wan) for year in self.years]
            commitment = sum(int(result.fen("commitment", year).sum()) for year in result.years)
            self.known[step] = Step(
                float(np.mean(np.any(missed, axis=0))),
                tuple(float(np.mean(one)) for one in missed),
                commitment / (self.trials * FEN_A_WAN),
            )
            self.tell(len(self.known))
        return self.known[step]

    def chance(self, step: int) -> float:
        """How likely what is asked for is missed in any of the years."""
        return self.at(step).chance

    def run(self, step: int) -> RunResult:
        return self.live.run(self.with_step(step))

    def with_step(self, step: int) -> ScenarioModel:
        """The scenario with a value."""
        return set_in(self.draft, [(self.one, self.value(step))])

    def border(
        self, enough: int, short: int, most: float, chance_of: Callable[[int], float] | None = None
    ) -> int | None:
        """The last step on the side that is enough; None where even the end is not.

        Args:
            chance_of: the probability of a step that must be ``most`` at most; by default `chance`.
        """
        chance_of = chance_of or self.chance
        if chance_of(enough) > most:
            return None
        for step in self.known:  # those run before tell where it cannot be
            if min(enough, short) < step < max(enough, short):
                enough, short = (step, short) if chance_of(step) <= most else (enough, step)
        while abs(enough - short) > 1:
            middle = (enough + short) // 2
            enough, short = (middle, short) if chance_of(middle) <= most else (enough, middle)
        return enough

    def curve(self) -> pd.DataFrame:
        """``value, probability, low, high`` where it was run, with the 95% band (Wilson), values in order."""
        rows = [
            (self.value(step), found.chance, *wilson(found.chance, self.trials))
            for step, found in sorted(self.known.items())
        ]
        return pd.DataFrame(rows, columns=["value", "probability", "low", "high"])


def missed_trials(result: RunResult, year: int, payment_wan: float | None) -> np.ndarray:
    """Whether a year of a trial misses what is asked for, bool ``(trials,)``: an envelope is short, or payments exceed
    the amount given.
    """
    if payment_wan is None:
        return short_trials(result, [year])
    return result.fen("payment", year) > round(payment_wan * FEN_A_WAN)
