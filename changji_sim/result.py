"""What a run gives (结果): the budget, the caps, a summary, and any flow trial by trial. Amounts in 万元, years in rows.

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)     # doctest: +SKIP
>>> result.budget().query("flow == 'need' and category == '*'")      # doctest: +SKIP
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .budget_table import EVERY, FEN_A_WAN, QUANTILES, BudgetTable, add_up, budget_table
from .faults import Fault, FaultyInput, nearest
from .ledger import FLOW_TITLES, FLOWS
from .scenario import Item, Scenario
from .simulate import Run, simulate

ENVELOPE_ARTICLE = "第十四条"  # the yearly budget and plan
_ENVELOPE_FEN_A_YUAN = 100


class Result:
    """The trials of one scenario, and what can be asked of them.

    Flows are those of `FLOW_TITLES` and ``cut:<cap>``; years are `years`, in which the measure is in force, and `tail`, in which
    what was promised is still paid. Everything is worked out when first asked for.
    """

    def __init__(self, run: Run):
        self.run = run
        self.scenario: Scenario = run.scenario
        self.trials: int = run.trials
        self.seed: int = run.seed
        self.years: tuple[int, ...] = run.scenario.years
        self.tail: tuple[int, ...] = run.tail

    # --- tables -------------------------------------------------------------------------------------------------------

    @cached_property
    def table(self) -> BudgetTable:
        """The budget in fen, as `budget` is made from it."""
        return budget_table(self.run)

    def budget(self) -> pd.DataFrame:
        """``budget.csv``: mean and quantiles of every flow, 万元.

        Returns:
            ``year, category, item, flow, mean_wan, p05_wan, p10_wan, p50_wan, p90_wan, p95_wan``; item ``*`` is a category's
            total, category and item ``*`` the year's. ``cut:<cap>`` rows stand where an item has the cap (in years in force).
        """
        year, category, item, flow = zip(*self.table.names, strict=True)
        amounts = self.table.quantiles / FEN_A_WAN
        whole = self.trials * FEN_A_WAN
        frame = {"year": np.array(year), "category": category, "item": item, "flow": flow}
        frame["mean_wan"] = np.array([total / whole for total in self.table.sums])
        return pd.DataFrame(frame | {name: amounts[:, n] for n, name in enumerate(QUANTILES)})

    def caps(self) -> pd.DataFrame:
        """``caps.csv``: how often a cap cuts, how much, and what stays free under it, 万元.

        Returns:
            ``cap, article, item, year, probability_binding, mean_cut_wan, p95_cut_wan, mean_headroom_wan``. The article is
            ``申报指南`` where the guide set the cap. Caps of a count have no headroom (NaN). Envelopes stand last, as
            ``envelope:<category>`` and ``envelope:total`` with item ``*``: there the cut is what the need exceeds the envelope by;
            one that is unlimited has no row.
        """
        rows = [self._cap_row(item, year, cap) for item in self.scenario.items for year in self.years for cap in item.caps[year]]
        for category in (*self.scenario.categories, None):
            rows += [self._envelope_row(year, category) for year in self.years if self.envelope_fen(year, category) is not None]
        columns = ("cap", "article", "item", "year", "probability_binding", "mean_cut_wan", "p95_cut_wan", "mean_headroom_wan")
        return pd.DataFrame(rows, columns=pd.Index(columns))

    def _cap_row(self, item: Item, year: int, cap: Any) -> tuple[Any, ...]:
        name = (year, item.category, item.key, f"cut:{cap.key}")
        packed = self.run.flows.packed(item.key, year, f"cut:{cap.key}")
        bound = 0 if packed is None else int(np.count_nonzero(packed.values))
        headroom = self.run.flows.headroom.get((item.key, year, cap.key), 0) / (self.trials * FEN_A_WAN)
        return (
            cap.key,
            cap.article,
            item.key,
            year,
            bound / self.trials,
            self.table.mean_wan(*name),
            self.table.quantile_wan("p95_wan", *name),
            float("nan") if cap.per == "count" else headroom,
        )

    def _envelope_row(self, year: int, category: str | None) -> tuple[Any, ...]:
        beyond = self.fen("need", year, category=category) - self.envelope_fen(year, category)
        whole = self.trials * FEN_A_WAN
        return (
            f"envelope:{category or 'total'}",
            ENVELOPE_ARTICLE,
            EVERY,
            year,
            int(np.count_nonzero(beyond > 0)) / self.trials,
            int(np.maximum(beyond, 0).sum()) / whole,
            float(np.quantile(np.maximum(beyond, 0), 0.95)) / FEN_A_WAN,
            int(np.maximum(-beyond, 0).sum()) / whole,
        )

    def summary(self) -> pd.DataFrame:
        """Need against envelope by year in force, 万元; category ``*`` is the year's total.

        Returns:
            ``year, category, need_mean_wan, need_p10_wan, need_p90_wan, envelope_wan, probability_short``; the last two are NaN
            where there is no envelope. With ``refill`` the envelope differs by trial and its mean is shown.
        """
        rows = [self._summary_row(year, category) for year in self.years for category in (*self.scenario.categories, None)]
        columns = ("year", "category", "need_mean_wan", "need_p10_wan", "need_p90_wan", "envelope_wan", "probability_short")
        return pd.DataFrame(rows, columns=pd.Index(columns))

    def _summary_row(self, year: int, category: str | None) -> tuple[Any, ...]:
        name = (year, category or EVERY, EVERY, "need")
        envelope = self.envelope_fen(year, category)
        is_short = np.nan if envelope is None else np.count_nonzero(self.fen("need", year, category=category) > envelope) / self.trials
        return (
            year,
            category or EVERY,
            self.table.mean_wan(*name),
            self.table.quantile_wan("p10_wan", *name),
            self.table.quantile_wan("p90_wan", *name),
            np.nan if envelope is None else float(np.mean(envelope)) / FEN_A_WAN,
            is_short,
        )

    # --- trial by trial -----------------------------------------------------------------------------------------------

    def trials_of(self, flow: str, item: str | None = None, category: str | None = None, year: int | None = None) -> pd.DataFrame:
        """One flow trial by trial, 万元.

        Args:
            flow: one of the ledger's, or ``cut:<cap>``.
            item, category: of one item, or of a category; of everything if neither is given.
            year: one year; all years, the tail's too, if it is not given.

        Returns:
            one row a trial, one column a year.

        Raises:
            FaultyInput: there is no such flow, item, category or year.
        """
        years = (*self.years, *self.tail) if year is None else (year,)
        amounts = {y: self.fen(flow, y, item, category) / FEN_A_WAN for y in years}
        return pd.DataFrame(amounts, index=pd.RangeIndex(self.trials, name="trial")).rename_axis(columns="year")

    def fen(self, flow: str, year: int, item: str | None = None, category: str | None = None) -> np.ndarray:
        """One flow of one year in fen, shape ``(trials,)``; arguments as in `trials_of`."""
        self._check(flow, year, item, category)
        if item is not None:
            return self.run.flows.fen(item, year, flow)
        within = [i.key for i in self.scenario.items if category in (None, i.category)]
        together = add_up([self.run.flows.packed(key, year, flow) for key in within])
        return np.zeros(self.trials, np.int64) if together is None else together.fen

    def envelope_fen(self, year: int, category: str | None = None) -> np.ndarray | int | None:
        """The envelope of a category, or the total's, in fen; by trial (``(trials,)``) where money that came back refills it.

        ``None`` where it is unlimited: also in the tail, where what was promised is paid.
        """
        envelopes = self.scenario.envelopes
        amounts = envelopes.total_wan if category is None else envelopes.category_wan.get(category, {})
        wan = amounts.get(year)
        if wan is None:
            return None
        fen = round(wan * FEN_A_WAN / _ENVELOPE_FEN_A_YUAN) * _ENVELOPE_FEN_A_YUAN
        if envelopes.refill and year - 1 in self.years:
            return fen + sum(self.fen(flow, year - 1, category=category) for flow in ("clawback", "return", "recovery"))
        return fen

    def _check(self, flow: str, year: int, item: str | None, category: str | None) -> None:
        cuts = {f"cut:{cap.key}" for i in self.scenario.items for caps in i.caps.values() for cap in caps}
        known: dict[str, tuple[Any, list[Any]]] = {
            "flow": (flow, [*FLOWS, *sorted(cuts)]),
            "year": (year, [*self.years, *self.tail]),
            "item": (item, [None, *(i.key for i in self.scenario.items)]),
            "category": (category, [None, *self.scenario.categories]),
        }
        faults = [
            Fault("", f"there is no {what} '{word}'{nearest(word, there)} (there are {', '.join(str(t) for t in there if t)})")
            for what, (word, there) in known.items()
            if word not in there
        ]
        if item is not None and category is not None:
            faults.append(Fault("", "an item or a category, not both: an item has one category"))
        if faults:
            raise FaultyInput(faults)

    # --- saying and showing -------------------------------------------------------------------------------------------

    def notes(self) -> list[str]:
        """What a reader must know before believing the numbers: one sentence each."""
        from .indicators import caveats

        return caveats(self)

    def write(self, folder: str | os.PathLike[str]) -> Path:
        """Write ``budget.csv``, ``caps.csv`` and ``manifest.json`` into a folder, all of them or none.

        Raises:
            FaultyInput: the folder cannot be written to.
        """
        from .output import write_result

        return write_result(self, folder)

    def __repr__(self) -> str:
        title = f"<Result of {self.scenario.name} {self.scenario.title}: {self.trials:,} trials, seed {self.seed}"
        if "table" not in self.__dict__ and self.trials > 100_000:  # a look at a name must not take seconds
            return title + ">"
        total = self.summary().query("category == '*'")
        years = [f"  {row.year} need {row.need_mean_wan:,.0f}万{_short(row.probability_short)}" for row in total.itertuples()]
        return "\n".join([title, *years]) + ">"

    def __rich__(self) -> Any:
        from .terminal import result_view

        return result_view(self)

    def _repr_html_(self) -> str:
        from .notebook_view import result_html

        return result_html(self)


def _short(probability: float) -> str:
    return "" if np.isnan(probability) else f", P(short) {probability:.0%}"


def run_scenario(
    scenario: Scenario,
    trials: int = 10_000,
    seed: int = 0,
    reform: Any = None,
    workers: int | None = None,
    progress: Any = None,
) -> Result:
    """What `Scenario.run` does.

    Raises:
        FaultyInput: as `changji_sim.simulate.simulate`; and for a reform of a scenario that has one, or that came from no file.
    """
    if reform is not None:
        scenario = reformed(scenario, reform)
    return Result(simulate(scenario, trials, seed, workers, progress=progress))


def reformed(scenario: Scenario, reform: Any) -> Scenario:
    """The same scenario under a reformed measure, read again from its own text.

    Raises:
        FaultyInput: the reform or, under it, the scenario is at fault; the scenario has a reform already, or came from no file.
    """
    from .scenario_file import _load

    if scenario.path is None:
        raise FaultyInput([Fault("", "a scenario that came from no file cannot be read again under a reform")])
    if scenario.reform_text:
        what = f"the scenario '{scenario.name}' is already reformed; load it without a reform and give the other one"
        raise FaultyInput([Fault("", what)])
    return _load(scenario.path, scenario.text, reform, plugins_dir_of(scenario))


def plugins_dir_of(scenario: Scenario) -> Path | None:
    """The folder of the single-file plugins whose modes a scenario uses; None if it uses none."""
    import sys

    for item in scenario.items:
        for mode in item.modes.values():
            if type(mode).__module__.startswith("changji_sim_plugin_"):
                return Path(str(sys.modules[type(mode).__module__].__file__)).parent
    return None


__all__ = ["FLOW_TITLES", "Result", "plugins_dir_of", "reformed", "run_scenario"]
