"""Which guess moves an answer most (先查清哪个假设): one at a time over its range, and shares of the variance.

One at a time: a number in doubt is held at either end of its range in every trial, everything else is drawn as before,
on the same futures. Shares: of the variance of the answer over the trials, how much goes with one number alone (first
order, by RBD-FAST of SALib on what a run draws anyway); the rest is chance within the years, and numbers that act
together.

>>> find_out(load_scenario("baseline"), "need", 2027, trials=2_000).table     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..base.faults import ANSWERS_EXTRA, Fault, FaultyInput
from ..base.messages import joined, message
from ..base.units import FEN_A_WAN
from ..results.run_result import RunResult
from ..results.shortfall import LACKING, SHORT, lacking_fen, short_trials
from ..results.side_by_side import difference
from ..results.year_need import year_need_fen
from ..scenario.model import ScenarioModel
from .asked_year import year_faults, years_meant
from .doubts import Doubt, doubts_of, sampled, without
from .incremental import IncrementalRun

YEAR_NEED = "year_need"
FLOWS = ("need", YEAR_NEED, "entitlement", "commitment", "payment")
ANSWERS = (*FLOWS, LACKING, SHORT)  # what may be asked about; all but the last are amounts
HARMONICS = 10  # of RBD-FAST, SALib's own choice
LEAST_TRIALS = 200  # below, ten harmonics leave nothing to tell chance by
COLUMNS = (
    "name", "title", "title_en", "item", "unit", "value", "low", "high", "at_low", "at_high", "change_low",
    "change_low_error", "change_high", "change_high_error", "swing", "share", "share_error", "mark", "source",
)  # fmt: skip
Told = Callable[[int], None]


@dataclass(frozen=True)
class FoundOut:
    """Which guess moves an answer.

    Attributes:
        answer: one of `ANSWERS`.
        years: the years it is about: the mean a year; of the probability, any of them.
        mean_a_year, sd_a_year: of the answer over the trials, 万元 a year; of the probability 0–1.
        table: a row a number in doubt, that which moves the answer most first: ``name, title, title_en, item, unit,
            value, low, high``; ``at_low, at_high`` the answer with the number at either end, ``change_…`` what that
            changes, ``…_error`` half the 95% interval; ``swing`` from the smallest to the largest answer; ``share`` of
            the variance (0–1, NaN below `LEAST_TRIALS` trials), ``share_error`` half its 95% interval; ``mark,
            source`` of the number.
        rest: the share of the variance that goes with no number alone.
        trials, runs: how many trials each of how many runs had.
    """

    scenario: ScenarioModel
    answer: str
    years: tuple[int, ...]
    mean_a_year: float
    sd_a_year: float
    table: pd.DataFrame
    rest: float
    trials: int
    runs: int


def find_out(
    scenario: ScenarioModel,
    answer: str = "need",
    year: int | None = None,
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
) -> FoundOut:
    """Which number in doubt moves an answer most.

    Args:
        answer: ``need``, ``entitlement``, ``commitment``, ``payment``, ``lacking`` (what all envelopes lack) or
            ``probability_short``.
        year: by default all years in force.
        progress: called with the number of runs done.

    Raises:
        FaultyInput: there is no such answer or year; nothing is in doubt; the answer is the same in every trial; SALib
            is not installed.
    """
    years = _checked(scenario, answer, year)
    doubts = doubts_of(scenario)
    if not doubts:
        what = message("no number is in doubt: give some a range in the scenario file (range: [lowest, highest])")
        raise FaultyInput([Fault(scenario.name, what)])
    live = IncrementalRun(scenario, trials, seed, workers)
    before = by_trial(live.run(scenario), answer, years)
    _refuse_constant(before, message("the answer is the same in every trial, so no guess moves it"))
    shares = np.full((2, len(doubts)), math.nan)
    if trials >= LEAST_TRIALS:
        names = [one.key for one in doubts]
        shares = np.array(shares_of_variance(sampled(doubts, scenario, trials, seed), before, names))
    tell, rows = progress or (lambda runs: None), []
    for n, one in enumerate(doubts):
        rows.append((*_about(one), *_moved(one, scenario, live, before, answer, years), *shares[:, n], *_origin(one)))
        tell(1 + 2 * len(rows))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("swing", ascending=False, kind="stable")
    unit, rest = _unit(answer, years), max(1 - float(shares[0].sum()), 0.0)
    table = table.assign(share=table.share.clip(lower=0)).reset_index(drop=True)
    mean, sd = float(before.mean()) / unit, float(before.std()) / unit
    return FoundOut(scenario, answer, years, mean, sd, table, rest, trials, 1 + 2 * len(doubts))


def _checked(scenario: ScenarioModel, answer: str, year: int | None) -> tuple[int, ...]:
    faults = []
    if answer not in ANSWERS:
        what = message("found {found}; write one of {choices}", found=str(answer)[:60], choices=joined(ANSWERS))
        faults.append(Fault("answer", what))
    faults += year_faults(scenario, year)
    if faults:
        raise FaultyInput(faults)
    return years_meant(scenario, year)


def by_trial(result: RunResult, answer: str, years: Sequence[int]) -> np.ndarray:
    """An answer trial by trial: the sum over the years in fen, of the probability 1 where money is short."""
    if answer == SHORT:
        return short_trials(result, years).astype(np.int64)
    special = {LACKING: lacking_fen, YEAR_NEED: year_need_fen}
    of_year = (special[answer](result, year) if answer in special else result.fen(answer, year) for year in years)
    return np.sum([*of_year], axis=0)


def _unit(answer: str, years: Sequence[int]) -> float:
    """What a sum over the years is divided by: to 万元 a year, or nothing."""
    return 1.0 if answer == SHORT else float(FEN_A_WAN * len(years))


# --- one at a time ----------------------------------------------------------------------------------------------------


def _about(one: Doubt) -> tuple[Any, ...]:
    return one.key, one.title, one.title_en, one.item, one.unit, one.value, one.low, one.high


def _origin(one: Doubt) -> tuple[str, str]:
    return one.mark, one.source


def _moved(
    one: Doubt,
    scenario: ScenarioModel,
    live: IncrementalRun,
    before: np.ndarray,
    answer: str,
    years: Sequence[int],
) -> tuple[float, ...]:
    """The answer at either end, what that changes with its error, and how far all of it reaches."""
    unit = _unit(answer, years)
    means, changes = [], []
    for end in (one.low, one.high):
        after = by_trial(live.run(without(one, scenario, end)), answer, years)
        change = difference(before, after, unit)
        means.append(float(after.mean()) / unit)
        changes += [change.mean, change.high - change.mean]
    reach = [*means, float(before.mean()) / unit]
    return (*means, *changes, max(reach) - min(reach))


# --- shares of the variance -------------------------------------------------------------------------------------------


def shares_of_variance(drawn: np.ndarray, answer: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """What share of the variance of an answer goes with each number alone (first order), and half its 95% interval.

    Args:
        drawn: what each trial drew of each number, shape ``(trials, numbers)``.
        answer: shape ``(trials,)``.

    Raises:
        FaultyInput: the answer is the same in every trial, or it or a number is not finite: SALib says 0 of either
            (findings/salib-one-nan-makes-all-indices-zero.sh); a number is the same in every trial; SALib is missing.
    """
    y = np.asarray(answer, float)
    if not (np.isfinite(y).all() and np.isfinite(drawn).all()):
        what = message("a trial has no number (NaN or infinite), so no share of the variance can be worked out")
        raise FaultyInput([Fault("", what)])
    _refuse_constant(y, message("the answer is the same in every trial, so no guess moves it"))
    faults = [
        Fault(name, message("the number is the same in every trial, so it has no share of the variance"))
        for name, column in zip(names, drawn.T, strict=True)
        if (column == column[0]).all()
    ]
    if faults:
        raise FaultyInput(faults)
    try:
        from SALib.analyze import rbd_fast
    except ImportError as missing:
        what = message("shares of the variance need SALib; {how}", how=ANSWERS_EXTRA)
        raise FaultyInput([Fault("", what)]) from missing
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    found = rbd_fast.analyze(problem, drawn, y, M=HARMONICS, seed=0)
    return np.array(found["S1"], float), np.array(found["S1_conf"], float)


def _refuse_constant(answer: np.ndarray, what: str) -> None:
    if (answer == answer[0]).all():
        raise FaultyInput([Fault("", what)])
