"""What a run gives (结果): the budget, the caps, a summary, and any flow trial by trial.

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)     # doctest: +SKIP
>>> result.budget().query("flow == 'need' and category == '*'")      # doctest: +SKIP

Amounts are 万元 in every frame and fen (分) in every bare array. Counts (``count:…``) are numbers in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.units import FEN_A_WAN
from ..kernel.ledger import COUNTS, FLOWS
from ..kernel.plan import fen as whole_fen
from ..kernel.simulate import Run
from ..modes.support_mode import Cap
from ..scenario.model import Item, ScenarioModel
from .budget_table import (
    EVERY,
    P95,
    QUANTILES,
    BudgetRows,
    BudgetTable,
    budget_table,
    exact_sum,
    per_unit,
    quantiles_of,
)
from .unknown_names import no_such

ENVELOPE_ARTICLE = "第十四条"  # the yearly budget and plan
CAP_COLUMNS = (
    "cap", "article", "item", "year", "probability_binding", "mean_cut_wan", "p95_cut_wan", "mean_headroom_wan",
)  # fmt: skip


class Caching(Protocol):
    """An object with a cache of its frames: a result, a calendar."""

    @property
    def frames(self) -> dict[Any, pd.DataFrame]: ...


@dataclass(frozen=True)
class EnvelopeUse:
    """What the need exceeds an envelope by and leaves of it, fen: sums over all trials, and the 95th percentile."""

    short: int
    short_p95: float
    free: int


@dataclass(frozen=True, eq=False)
class OfTrials:
    """The sum over all trials, fen, in how many trials it is not 0, and the `QUANTILES`, fen."""

    sum: int
    moved: int
    quantiles: np.ndarray


Asked = ParamSpec("Asked")
Asker = TypeVar("Asker", bound=Caching)


def cached_frame(
    work: Callable[Concatenate[Asker, Asked], pd.DataFrame],
) -> Callable[Concatenate[Asker, Asked], pd.DataFrame]:
    """Decorator: a frame is computed once for the same arguments; every caller gets a copy."""

    @wraps(work)
    def frame(result: Asker, /, *args: Asked.args, **kwargs: Asked.kwargs) -> pd.DataFrame:
        key = (work.__module__, work.__qualname__, args, tuple(sorted(kwargs.items())))
        if key not in result.frames:
            result.frames[key] = work(result, *args, **kwargs)
        return result.frames[key].copy()

    return frame


class RunResult:
    """The trials of one scenario: its budget, caps, summary and flows.

    A flow is one of the ledger's, ``cut:<cap>``, or a count, ``count:<what>``. `years` are those in which the measure
    is in force, `tail` those in which what was promised is still paid. Tables are worked out when first asked for.
    """

    def __init__(self, run: Run):
        self.run = run
        self.scenario: ScenarioModel = run.scenario
        self.trial_count: int = run.trials
        self.seed: int = run.seed
        self.years: tuple[int, ...] = run.scenario.years
        self.tail: tuple[int, ...] = run.tail
        self.frames: dict[Any, pd.DataFrame] = {}  # what was asked and answered before
        self._good: set[Any] = set()  # questions that were found to be none about what there is not
        self.cache: dict[str, dict[Any, Any]] = {}  # what functions of a result keep, each under a name of its own

    # --- tables -------------------------------------------------------------------------------------------------------

    @cached_property
    def table(self) -> BudgetTable:
        """The budget in fen, from which the frames are made."""
        return budget_table(self.run)

    @cached_property
    def rows(self) -> BudgetRows:
        """Single rows of the budget by their names, without working out the others."""
        return BudgetRows(self.run)

    @cached_frame
    def budget(self) -> pd.DataFrame:
        """``budget.csv``: mean and quantiles of every flow over the trials, 万元, and of every count, a number.

        Returns:
            ``year, category, item, flow, mean_wan, p05_wan, p10_wan, p50_wan, p90_wan, p95_wan``: every year, tail
            included; item ``*`` is a category's total, category and item ``*`` the year's. There is a row ``cut:<cap>``
            where an item has that cap. Last come the counts, ``count:<what>`` (`kernel.ledger.COUNTS`), whose columns
            hold numbers of applications, applicants or projects: they add up over items, an applicant of two items
            twice. Means are exact sums divided once; quantiles interpolate linearly, like numpy's.
        """
        year, category, item, flow = zip(*self.table.names, strict=True)
        frame = {"year": np.array(year), "category": category, "item": item, "flow": flow}
        unit_of = {name: per_unit(name) for name in set(flow)}
        unit = [unit_of[name] for name in flow]
        sums = zip(self.table.sums, unit, strict=True)
        frame["mean_wan"] = np.array([total / (self.trial_count * of) for total, of in sums])
        quantiles = self.table.quantiles / np.array(unit)[:, None]
        return pd.DataFrame(frame | {name: quantiles[:, n] for n, name in enumerate(QUANTILES)})

    @cached_frame
    def caps(self) -> pd.DataFrame:
        """``caps.csv``: how often a cap cuts anything, how much, and what stays free under it, 万元.

        Returns:
            ``cap, article, item, year, probability_binding, mean_cut_wan, p95_cut_wan, mean_headroom_wan``, by year in
            force. The article is ``申报指南`` where the guide set the cap; caps of a count have no headroom (NaN). Last
            come the envelopes, ``envelope:<category>`` and ``envelope:total`` with item ``*``, whose cut is what the
            need exceeds them by; an envelope that is unlimited has no row.
        """
        rows = [self._cap_row(item, y, cap) for item in self.scenario.items for y in self.years for cap in item.caps[y]]
        for category in (*self.scenario.categories, None):
            rows += [self._envelope_row(y, category) for y in self.years if self.has_envelope(y, category)]
        return pd.DataFrame(rows, columns=list(CAP_COLUMNS))

    def _cap_row(self, item: Item, year: int, cap: Cap) -> tuple[Any, ...]:
        flow = f"cut:{cap.key}"
        name = (year, item.category, item.key, flow)
        known: BudgetRows | BudgetTable = self.table if "table" in self.__dict__ else self.rows
        headroom = self.run.flows.headroom.get((item.key, year, cap.key), 0) / (self.trial_count * FEN_A_WAN)
        return (
            cap.key,
            cap.article,
            item.key,
            year,
            self.trials_moved(item.key, year, flow) / self.trial_count,
            known.mean_wan(*name),
            known.quantile_wan("p95_wan", *name),
            float("nan") if cap.per == "count" else headroom,
        )

    def trials_moved(self, item: str, year: int, flow: str) -> int:
        """In how many trials a flow of an item is other than 0."""
        packed = self.run.flows.packed(item, year, flow)
        return 0 if packed is None else int(np.count_nonzero(packed.values))

    def _envelope_row(self, year: int, category: str | None) -> tuple[Any, ...]:
        use = self.envelope_use(year, category)
        trials = self.trials_short(year, category)
        whole = self.trial_count * FEN_A_WAN
        return (
            f"envelope:{category or 'total'}",
            ENVELOPE_ARTICLE,
            EVERY,
            year,
            trials / self.trial_count,
            use.short / whole,
            use.short_p95 / FEN_A_WAN,
            use.free / whole,
        )

    def envelope_use(self, year: int, category: str | None = None) -> EnvelopeUse:
        """What the need exceeds an envelope that is there by, and what it leaves free, over all trials."""
        beyond = self.fen("need", year, category=category) - self.envelope_fen(year, category)
        short, free = np.maximum(beyond, 0), np.maximum(-beyond, 0)
        return EnvelopeUse(exact_sum(short), float(quantiles_of(short)[P95]), exact_sum(free))

    def trials_short(self, year: int, category: str | None = None) -> int:
        """In how many trials the need exceeds an envelope that is there."""
        return int(np.count_nonzero(self.fen("need", year, category=category) > self.envelope_fen(year, category)))

    def mean_envelope(self, year: int, category: str | None = None) -> float:
        """The mean of an envelope that is there over all trials, fen."""
        return float(np.mean(self.envelope_fen(year, category)))

    def of_trials(self, name: str, year: int, category: str | None, fen: Callable[[], np.ndarray]) -> OfTrials:
        """What the trials of something beside the ledger's flows come to; ``fen`` gives it trial by trial."""
        values = fen()
        return OfTrials(exact_sum(values), int(np.count_nonzero(values)), quantiles_of(values))

    # --- trial by trial -----------------------------------------------------------------------------------------------

    def trials(
        self, flow: str, item: str | None = None, category: str | None = None, year: int | None = None
    ) -> pd.DataFrame:
        """One flow trial by trial, 万元, or one count.

        Args:
            flow: one of the ledger's, ``cut:<cap>``, or a count (`kernel.ledger.COUNTS`).
            item, category: of one item, or of one category; of everything if neither is given.
            year: one year; if it is not given all years, the tail's too.

        Returns:
            one row a trial, one column a year.

        Raises:
            FaultyInput: there is no such flow, item, category or year.
        """
        years = (*self.years, *self.tail) if year is None else (year,)
        amounts = {y: self.fen(flow, y, item, category) / per_unit(flow) for y in years}
        return pd.DataFrame(amounts, index=pd.RangeIndex(self.trial_count, name="trial")).rename_axis(columns="year")

    def fen(self, flow: str, year: int, item: str | None = None, category: str | None = None) -> np.ndarray:
        """One flow of one year in fen, or one count, ``(trials,)``, int64; arguments and faults as of `trials`."""
        self.check(flow, year, item, category)
        if item is not None:
            return self.run.flows.fen(item, year, flow)
        together = self.rows.column(year, category or EVERY, EVERY, flow)
        return np.zeros(self.trial_count, np.int64) if together is None else together.fen

    def envelope_fen(self, year: int, category: str | None = None) -> Any:
        """The envelope of a category, or the total's, in fen.

        Returns:
            an int; with ``refill`` an array ``(trials,)``, since inflows of the year before are added to it;
            None where it is unlimited, as it is in the tail.
        """
        envelopes = self.scenario.envelopes
        if not self.has_envelope(year, category):
            return None
        envelope = whole_fen(_envelopes_wan(self.scenario, category)[year])
        if envelopes.refill and year - 1 in self.years:
            back = [self.fen(flow, year - 1, category=category) for flow in ("clawback", "return", "recovery")]
            return envelope + np.sum(back, axis=0)
        return envelope

    def has_envelope(self, year: int, category: str | None = None) -> bool:
        """Whether an amount limits a category, or all of them together, in a year."""
        return _envelopes_wan(self.scenario, category).get(year) is not None

    def check(self, flow: str, year: int, item: str | None, category: str | None) -> None:
        """Raise a FaultyInput where there is no such flow, year, item or category, or both of the last are given."""
        question = (flow, year, item, category)
        if not _is_among(question, self._good):
            self._check_names(*question)
            self._good.add(question)

    @cached_property
    def _flow_names(self) -> list[str]:
        cuts = {f"cut:{cap.key}" for item in self.scenario.items for caps in item.caps.values() for cap in caps}
        return [*FLOWS, *COUNTS, *sorted(cuts)]

    @cached_property
    def _known(self) -> tuple[set[Any], ...]:
        """The flows, years, items and categories there are."""
        items = {None, *(item.key for item in self.scenario.items)}
        return set(self._flow_names), {*self.years, *self.tail}, items, {None, *self.scenario.categories}

    def _check_names(self, flow: str, year: int, item: str | None, category: str | None) -> None:
        is_known = all(map(_is_among, (flow, year, item, category), self._known))
        if is_known and (item is None or category is None):
            return
        faults = [
            *_unknown("flow", flow, self._flow_names),
            *_unknown("year", year, [*self.years, *self.tail]),
            *_unknown("item", item, [None, *(i.key for i in self.scenario.items)]),
            *_unknown("category", category, [None, *self.scenario.categories]),
        ]
        if item is not None and category is not None:
            faults.append(Fault("", message("give an item or a category, not both: an item stands in one category")))
        if faults:
            raise FaultyInput(faults)


def _is_among(word: Any, known: Set[Any]) -> bool:
    """Whether a word is one of a set: a list, say, never is."""
    try:
        return word in known
    except TypeError:
        return False


def _envelopes_wan(scenario: ScenarioModel, category: str | None) -> Mapping[int, float | None]:
    """By year: a category's, or the total's."""
    envelopes = scenario.envelopes
    return envelopes.total_wan if category is None else envelopes.category_wan.get(category, {})


def _unknown(what: str, word: Any, known: Sequence[Any]) -> list[Fault]:
    if word in known:
        return []
    return [no_such(what, word, (name for name in known if name is not None))]
