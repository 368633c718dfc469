"""What a reading of a phrase, and what a reform, would cost (条款口径和办法调整方案的代价), on the same futures.

>>> reading_prices(load_scenario("baseline"), trials=1_000).query("flow == 'need'")     # doctest: +SKIP
>>> reform_prices(load_scenario("baseline"), trials=1_000)                              # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..base.faults import FaultyInput
from ..base.units import FEN_A_WAN
from ..kernel.ledger import FLOWS as LEDGER_FLOWS
from ..kernel.simulate import Progress
from ..measure import Measure, Reform, load_reform, parse_reform, reform_names, reform_text
from ..results.idle_readings import WHY_IDLE, idle_readings
from ..results.run_result import RunResult
from ..results.side_by_side import Difference, amount_fen, difference
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from .incremental import IncrementalRun

AMOUNTS = (
    "before_wan", "after_wan", "difference_wan", "low_wan", "high_wan",
    "later_difference_wan", "later_low_wan", "later_high_wan", "is_same",
)  # fmt: skip
FLOWS = (*LEDGER_FLOWS, "year_need")  # the need of the year too: it holds no arrears of earlier years
READING_COLUMNS = ("reading", "article", "chosen", "choice", "flow", *AMOUNTS, "why", "why_en")
REFORM_COLUMNS = ("reform", "title", "title_en", "articles", "flow", *AMOUNTS, "why", "why_en")
NOT_POSSIBLE = "这个情景不能这样算：", "this scenario cannot be run so: "


def reading_prices(
    scenario: ScenarioModel,
    trials: int = 10_000,
    seed: int = 0,
    progress: Progress | None = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """What each reading would change if another of its choices held, everything else as it is.

    Args:
        progress: called from time to time with trials done and trials in all, over all runs; what it raises ends the
            work.

    Returns:
        ``reading, article, chosen, choice, flow``, then `AMOUNTS`, then ``why, why_en``: a row for every other choice
        of every reading and each of `FLOWS`: those of the ledger, and the need of the year. Amounts are the mean of a
        year, over all years in force, 万元, those that begin with ``later`` the sum of all years after them; low to
        high is the 95% interval of the difference. ``is_same`` where the flow is the same in every trial and year,
        later ones too. ``why`` is the reason where a reading decides nothing (`idle_readings`), or where a choice
        cannot be had (amounts are then NaN).

    Raises:
        FaultyInput: as a run of the scenario does.
    """
    draft, reform, law = _read_again(scenario)
    others = [
        (reading.name, choice.key)
        for reading in law.readings.values()
        for choice in reading.choices
        if choice.key != scenario.readings[reading.name]
    ]
    runs = _Runs(IncrementalRun(scenario, trials, seed, workers), 1 + len(others), progress)
    before = runs.run(scenario)
    idle = idle_readings(before)
    rows: list[tuple[Any, ...]] = []
    for name, choice in others:
        reason = (WHY_IDLE[idle[name]], idle[name]) if name in idle else ("", "")
        other, fault = _possible(draft, {f"readings.{name}": choice}, reform)
        after = None if other is None else before if name in idle else runs.run(other)
        runs.reach(len(rows) // len(FLOWS) + 2)
        about = (name, law.readings[name].article, scenario.readings[name], choice)
        why = reason if name in idle else fault
        rows += [(*about, flow, *_a_year(before, after, flow), *why) for flow in FLOWS]
    return pd.DataFrame(rows, columns=list(READING_COLUMNS))


def reform_prices(
    scenario: ScenarioModel,
    trials: int = 10_000,
    seed: int = 0,
    progress: Progress | None = None,
    workers: int | None = None,
    reforms: Iterable[str] | None = None,
) -> pd.DataFrame:
    """What each reform would cost, added to the scenario as it is (and to the reform it already has, if any).

    Args:
        progress: as in `reading_prices`.
        reforms: names or files; by default those that ship.

    Returns:
        ``reform, title, title_en, articles, flow``, then the columns of `reading_prices`. A reform that moves the last
        year is compared over the years in force of either; in a year after the end, what is still paid is the need.

    Raises:
        FaultyInput: as a run of the scenario does, or a reform is at fault.
    """
    draft, own, law = _read_again(scenario)
    known = [load_reform(name, law) for name in (reform_names() if reforms is None else reforms)]
    runs = _Runs(IncrementalRun(scenario, trials, seed, workers), 1 + len(known), progress)
    before = runs.run(scenario)
    rows: list[tuple[Any, ...]] = []
    for reform in known:
        other, why = _possible(draft, {}, joined(own, reform))
        after = None if other is None else runs.run(other)
        runs.reach(len(rows) // len(FLOWS) + 2)
        articles = "、".join(dict.fromkeys(change.article for change in reform.changes))
        about = (reform.name, reform.title, reform.title_en or reform.name, articles)
        rows += [(*about, flow, *_a_year(before, after, flow), *why) for flow in FLOWS]
    return pd.DataFrame(rows, columns=list(REFORM_COLUMNS))


def joined(own: Reform | None, other: Reform) -> Reform:
    """Two reforms as one: where both set a number from the same year, the other's holds."""
    if own is None:
        return other
    again = {(change.item, change.term, change.from_year) for change in other.changes}
    kept = [change for change in own.changes if (change.item, change.term, change.from_year) not in again]
    changes = (*kept, *other.changes)
    title, title_en = (" + ".join(filter(None, pair)) for pair in _pairs(own, other))
    return Reform(f"{own.name}+{other.name}", title, title_en, "", changes, reform_text(changes, title, title_en))


def _pairs(own: Reform, other: Reform) -> Iterable[tuple[str, str]]:
    return (own.title, other.title), (own.title_en, other.title_en)


def _read_again(scenario: ScenarioModel) -> tuple[Draft, Reform | None, Measure]:
    """A draft of the scenario as it is, the reform it has, and the measure before that reform."""
    draft = Draft.of(scenario, plugins_dir_of(scenario))
    name = scenario.reform_name or "reform"
    reform = parse_reform(scenario.reform_text, f"{name}.yaml", draft.law) if scenario.reform_text else None
    return draft, reform, draft.law


def _possible(
    draft: Draft, changes: Mapping[str, Any], reform: Reform | None
) -> tuple[ScenarioModel | None, tuple[str, str]]:
    """The changed scenario, or None and why there is none."""
    try:
        return draft.scenario(changes, reform), ("", "")
    except FaultyInput as error:
        chinese, english = ("; ".join(fault.text(language) for fault in error.faults) for language in ("zh", "en"))
        return None, (NOT_POSSIBLE[0] + chinese, NOT_POSSIBLE[1] + english)


class _Runs:
    """Runs one after the other on the same futures, with one progress for all."""

    def __init__(self, live: IncrementalRun, number: int, progress: Progress | None):
        self._live, self._number, self._progress = live, number, progress
        self._reached = 0

    def run(self, scenario: ScenarioModel) -> RunResult:
        result = self._live.run(scenario, lambda done, _: self._tell(done))
        self.reach(self._reached + 1)
        return result

    def reach(self, runs: int) -> None:
        """Report how many runs are done or were not needed."""
        self._reached = max(self._reached, runs)
        self._tell(0)

    def _tell(self, done: int) -> None:
        trials = self._live.trials
        if self._progress:
            self._progress(min(self._reached * trials + done, self._number * trials), self._number * trials)


def _a_year(before: RunResult, after: RunResult | None, flow: str) -> tuple[Any, ...]:
    """The values of `AMOUNTS` of one flow: a year in force of either, and all years after those."""
    if after is None:
        return (*[np.nan] * (len(AMOUNTS) - 1), False)
    years = sorted({*before.years, *after.years})
    later = sorted({year for year in (*before.tail, *after.tail) if year > years[-1]})
    unit = FEN_A_WAN * len(years)
    one, other, change = _change(before, after, flow, years, unit)
    later_change = _change(before, after, flow, later, FEN_A_WAN)[2]
    return (
        float(np.mean(one)) / unit,
        float(np.mean(other)) / unit,
        change.mean,
        change.low,
        change.high,
        later_change.mean,
        later_change.low,
        later_change.high,
        change.is_same and later_change.is_same,
    )


def _change(
    before: RunResult, after: RunResult, flow: str, years: Sequence[int], unit: float
) -> tuple[np.ndarray, np.ndarray, Difference]:
    """A flow summed over years, fen by trial, of each result; and their difference."""
    nothing = np.zeros(before.trial_count, np.int64)
    one = sum((amount_fen(before, flow, year) for year in years), start=nothing)
    other = one if after is before else sum((amount_fen(after, flow, year) for year in years), start=nothing)
    return one, other, difference(one, other, unit)
