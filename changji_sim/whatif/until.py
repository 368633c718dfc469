"""A run that goes on until its headline numbers are sure enough (算到够准为止).

The error falls with the square root of the number of trials: a first run says how many it takes, the next run has so
many, and so on until the error is as small as asked for. The last run is the one that ``--trials`` of the same number
gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..kernel.simulate import MOST_TRIALS, Progress
from ..results.monte_carlo import headline_error
from ..results.run_result import RunResult
from ..results.summed_result import SummedResult

FIRST_TRIALS = 1_000
MOST = 200_000  # trials, where none are given
MARGIN = 1.05  # more trials than the error of the last run asks for, since that error is an estimate too
LEAST_ERROR, MOST_ERROR = 0.0001, 0.5
RunOf = Callable[[int, Progress | None], RunResult]  # a run of so many trials
Told = Callable[[int], Progress | None]  # how many trials the next run has -> what is told as they are done


@dataclass(frozen=True, eq=False)
class Reached:
    """A result, the error of its headline numbers (`headline_error`), the one asked for, and how many runs it took."""

    result: RunResult
    error: float
    wanted: float
    runs: int

    @property
    def is_sure(self) -> bool:
        """Whether the error is as small as asked for."""
        return self.error <= self.wanted


def run_until(run_of: RunOf, error: float, most: int = MOST, progress: Told | None = None) -> Reached:
    """Run a scenario with as many trials as its headline numbers need to be ``error`` sure.

    Args:
        run_of: gives the result of so many trials; whether it keeps them is its own choice.
        error: half of a 95% interval, as a share: 0.01 is one percentage point of a probability and 1% of an amount.
        most: no more trials than this; what they reach is given back.
        progress: called with the number of trials of each run; gives what is called as they are done.

    Raises:
        FaultyInput: the error, the number of trials or the seed cannot be.
    """
    if not LEAST_ERROR <= error <= MOST_ERROR:
        what = message("an error of 0.01% to 50% can be asked for, not {found:g}%", found=100 * error)
        raise FaultyInput([Fault("--until", what)])
    most = min(most, MOST_TRIALS)
    trials, runs = min(FIRST_TRIALS, most), 0
    while True:
        runs += 1
        result = run_of(trials, progress and progress(trials))
        found = result.headline_error() if isinstance(result, SummedResult) else headline_error(result)
        if found <= error or trials >= most:
            return Reached(result, found, error, runs)
        trials = min(most, max(trials + FIRST_TRIALS, _enough(trials, found / error)))


def _enough(trials: int, times: float) -> int:
    """How many trials make an error so many times smaller, in whole thousands."""
    if not math.isfinite(times):
        return FIRST_TRIALS
    return math.ceil(MARGIN * trials * times**2 / FIRST_TRIALS) * FIRST_TRIALS
