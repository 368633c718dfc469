"""Many settings of a scenario on the same futures, as one tidy table (多组试算).

Each setting is a run of its own: what it gives depends on the scenario, its values, trials and seed alone, so the table
is the same to the byte in one process, on several workers, and after a run that was broken off and begun again.

>>> sweep(load_scenario("baseline"), {"grid": {"envelopes.total": [7000, 9000]}}, trials=500)     # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import chosen_values, set_in, value_of
from ..base.faults import FaultyInput
from ..base.messages import in_language
from ..base.units import FEN_A_WAN
from ..results.budget_table import P95, QUANTILES, exact_sum, quantiles_of
from ..results.run_result import RunResult
from ..results.shortfall import LACKING, SHORT, lacking_fen, short_trials
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from .incremental import IncrementalRun
from .sweep_journal import Journal, plan_key
from .sweep_settings import Settings, settings_of

FLOWS = ("need", "entitlement", "unfunded", "commitment", "payment", "arrears")
SUMMED = ("entitlement", "unfunded", "commitment", "payment")  # over all years; the others hold what earlier years left
ALL_YEARS = "*"
NUMBERS = ("mean", *(name.removesuffix("_wan") for name in QUANTILES))
COLUMNS = ("year", "quantity", *NUMBERS, "why", "why_en")
LEAST_CHUNK = 250  # trials a block, at least: below it Python's share of the time grows

Rows = list[list[Any]]
Why = tuple[str, str]  # why a setting failed, in Chinese and English; empty where it did not
FINE: Why = ("", "")
Outcome = tuple[int, Rows, Why]  # number of the setting, its rows without the number, why there are none
Told = Callable[[int, int], None]


class Engine(Protocol):
    """Where settings are run: gives outcomes as they are there, in any order."""

    def __call__(self, sweep: Sweep, numbers: Sequence[int]) -> Iterator[Outcome]: ...


@dataclass(frozen=True)
class Sweep:
    """What is to be run: a scenario, its settings, and the trials of each."""

    scenario: ScenarioModel
    settings: Settings
    trials: int
    seed: int
    is_beyond_law: bool = False

    def scenarios(self, numbers: Iterable[int]) -> Iterator[tuple[int, ScenarioModel | None, Why]]:
        """Settings by their numbers with the scenario each makes, or why it makes none."""
        draft = Draft.of(self.scenario, plugins_dir_of(self.scenario), keeps_reform=True)
        known = self.settings.parameters
        for number in numbers:
            try:
                values = chosen_values(known, self.scenario, self.settings.rows[number], self.is_beyond_law)
                yield number, set_in(draft, values), FINE
            except FaultyInput as error:
                yield number, None, why(error)


def sweep(
    scenario: ScenarioModel,
    settings: Settings | Mapping[str, Any] | Sequence[Mapping[str, Any]] | pd.DataFrame,
    trials: int = 10_000,
    seed: int = 0,
    is_beyond_law: bool = False,
    engine: Engine | None = None,
    journal: str | os.PathLike[str] | None = None,
    progress: Told | None = None,
) -> pd.DataFrame:
    """Run every setting on the same futures.

    Args:
        settings: as of `changji_sim.whatif.sweep_settings.settings_of`.
        is_beyond_law: values beyond the law are tried as a reform; else their settings fail.
        engine: where they are run: by default in this process, on all cores.
        journal: a file in which each setting is kept as soon as it is done, so that the same call goes on where one
            was broken off; it stays there when all are done.
        progress: called with settings done and settings in all.

    Returns:
        one row a setting, year and quantity: ``setting`` (from 1), a column a parameter with its value, ``year`` (``*``
        for all in force together), ``quantity`` (a flow of all items, ``lacking``, ``probability_short``), ``mean,
        p05, p10, p50, p90, p95`` over the trials, 万元, of a probability the mean alone; ``why, why_en`` where a
        setting failed, with one row and no numbers.

    Raises:
        FaultyInput: the settings are at fault, or the journal is that of another sweep.
    """
    whole = settings if isinstance(settings, Settings) else settings_of(settings, scenario)
    planned = Sweep(scenario, whole, trials, seed, is_beyond_law)
    count, kept = len(whole.rows), Journal(journal, plan_key(planned)) if journal is not None else None
    outcomes = dict(kept.outcomes) if kept else {}
    tell = progress or (lambda done, of: None)
    tell(len(outcomes), count)
    left = [number for number in range(count) if number not in outcomes]
    for number, rows, reason in (engine or in_process())(planned, left) if left else ():
        outcomes[number] = rows, reason
        if kept:
            kept.add(number, rows, reason)
        tell(len(outcomes), count)
    return _table(planned, outcomes)


def in_process(workers: int | None = None) -> Engine:
    """Settings one after the other in this process, each on so many threads (by default the cores there are)."""

    def engine(sweep: Sweep, numbers: Sequence[int]) -> Iterator[Outcome]:
        live = live_run(sweep.scenario, sweep.trials, sweep.seed, workers)
        for number, scenario, reason in sweep.scenarios(numbers):
            yield outcome(live, number, scenario, reason)

    return engine


def live_run(scenario: ScenarioModel, trials: int, seed: int, workers: int | None) -> IncrementalRun:
    """What runs setting after setting, its trials on all threads."""
    threads = workers or os.cpu_count() or 1
    return IncrementalRun(scenario, trials, seed, workers, chunk=max(LEAST_CHUNK, -(-trials // threads)))


def outcome(live: IncrementalRun, number: int, scenario: ScenarioModel | None, reason: Why) -> Outcome:
    """What one setting gives."""
    if scenario is None:
        return number, [], reason
    try:
        return number, list(rows_of(live.run(scenario))), FINE
    except FaultyInput as error:
        return number, [], why(error)


def why(error: FaultyInput) -> Why:
    """Why a setting failed, in both languages: a table has the same bytes for every reader."""
    told = []
    for language in ("zh", "en"):
        with in_language(language):
            told.append("; ".join(fault.text() for fault in error.faults))
    return told[0], told[1]


# --- the table --------------------------------------------------------------------------------------------------------


def rows_of(result: RunResult) -> Iterator[list[Any]]:
    """The rows of one run: year, quantity, mean and quantiles."""
    for year in result.years:
        for flow in FLOWS:
            yield [str(year), flow, *_numbers(result.fen(flow, year))]
        yield [str(year), LACKING, *_numbers(lacking_fen(result, year))]
        yield [str(year), SHORT, *_chance(result, [year])]
    for flow in SUMMED:
        yield [ALL_YEARS, flow, *_numbers(np.sum([result.fen(flow, year) for year in result.years], axis=0))]
    yield [ALL_YEARS, SHORT, *_chance(result, result.years)]


def _numbers(fen: np.ndarray) -> list[float]:
    mean = exact_sum(fen) / (len(fen) * FEN_A_WAN)
    return [mean, *(float(one) / FEN_A_WAN for one in quantiles_of(fen))]


def _chance(result: RunResult, years: Sequence[int]) -> list[float | None]:
    share = int(np.count_nonzero(short_trials(result, years))) / result.trial_count
    return [share, *[None] * (P95 + 1)]


def _table(sweep: Sweep, outcomes: Mapping[int, tuple[Rows, Why]]) -> pd.DataFrame:
    """All rows, settings in order; columns of numbers are floats, also where a setting failed."""
    rows, number_of = [], range(len(sweep.settings.rows))
    for number in number_of:
        found, reason = outcomes[number]
        empty = [["", "", *[None] * len(NUMBERS)]]
        rows += [[number + 1, *row, *reason] for row in found or empty]
    frame = pd.DataFrame(rows, columns=["setting", *COLUMNS])
    frame = frame.astype(dict.fromkeys(NUMBERS, float) | {"setting": np.int64})
    values = _values(sweep)
    for place, one in enumerate(sweep.settings.parameters, start=1):
        frame.insert(place, one.key, frame.setting.map(dict(enumerate(values[one.key], start=1))))
    return frame


def _values(sweep: Sweep) -> dict[str, list[Any]]:
    """The value of each parameter in each setting, numbers where it takes numbers; None where it has none."""
    return {one.key: [_value(one, row) for row in sweep.settings.rows] for one in sweep.settings.parameters}


def _value(one: Adjustable, row: Mapping[str, Any]) -> float | str | None:
    try:
        value = value_of(one, row[one.key]) if one.key in row else one.value
    except ValueError:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None or isinstance(value, str) else float(value)
