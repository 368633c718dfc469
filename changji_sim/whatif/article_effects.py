"""What each article of a change does (各条贡献): effects that add up to the whole, to the fen, in every trial.

Every subset of the changes is run on the same futures. What a change does alone, and what changes do together beyond
that (cross effects, Harsanyi's dividends), add up to the whole difference in whole fen. Shapley's value shares every
cross effect equally among the changes that make it; it is a whole number of fen over n!. What a change adds in the
order in which the changes are given depends on that order and stands beside it.

>>> article_effects(load_scenario("baseline"), ["exchange-500", "trade-30"], trials=1_000).frame()     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from ..adjustable.set_values import any_parameters, with_values
from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.units import FEN_A_WAN
from ..kernel.ledger import FLOWS
from ..measure import Reforms, load_measure, parse_reform, reform_text
from ..measure.law_parts import Change
from ..measure.stacked_reforms import stacked
from ..results.budget_table import exact_sum
from ..results.monte_carlo import TWO_SIDED_95
from ..results.side_by_side import amount_fen
from ..results.unknown_names import no_such
from ..scenario.model import ScenarioModel
from ..scenario_file.reformed import reformed
from ..wording.labels import titles
from .incremental import IncrementalRun
from .value_search import Told

MOST_PARTS = 7  # 128 runs
COLUMNS = (
    "part", "title", "title_en", "effect_wan", "low_wan", "high_wan", "alone_wan", "cross_wan", "in_order_wan",
    "is_same",
)  # fmt: skip
WHOLE = "*"


@dataclass(frozen=True)
class Part:
    """One of the changes: an article of a reform with all it sets, or one value that is set."""

    key: str
    title: str
    title_en: str
    changes: tuple[Change, ...] = ()
    setting: tuple[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class Effects:
    """The effects of changes on one flow, all years together.

    Attributes:
        parts: the changes in the order given.
        flow: what they are of.
        values: by subset of the changes (bit n is the n-th): the flow, fen by trial.
    """

    parts: tuple[Part, ...]
    flow: str
    values: Mapping[int, np.ndarray]

    @property
    def total_fen(self) -> np.ndarray:
        """What all changes do together, fen by trial."""
        return self.values[len(self.values) - 1] - self.values[0]

    def dividends_fen(self) -> dict[int, np.ndarray]:
        """What each subset does beyond its own subsets, fen by trial: together they are `total_fen`, to the fen."""
        found = {subset: fen - self.values[0] for subset, fen in self.values.items()}
        for bit in range(len(self.parts)):
            for subset in found:
                if subset >> bit & 1:
                    found[subset] = found[subset] - found[subset ^ (1 << bit)]
        return {subset: fen for subset, fen in found.items() if subset}

    def numerators(self) -> np.ndarray:
        """Shapley's values by change and trial, fen times n!, whole numbers; over changes they add up to n! times
        `total_fen`.
        """
        whole, dividends = math.factorial(len(self.parts)), self.dividends_fen()
        largest = max(int(np.abs(fen).max()) for fen in dividends.values())
        kind = np.int64 if largest * whole * len(dividends) < 2**62 else object
        sums = np.zeros((len(self.parts), len(self.values[0])), kind)
        for subset, fen in dividends.items():
            members = [bit for bit in range(len(self.parts)) if subset >> bit & 1]
            for bit in members:
                sums[bit] += fen.astype(kind) * (whole // len(members))
        return sums

    def fen(self) -> np.ndarray:
        """Shapley's values in whole fen, shape ``(changes, trials)``, rounded so that they add up to `total_fen` in
        every trial; what rounding leaves goes to the changes with the largest remainders.
        """
        whole, numerators = math.factorial(len(self.parts)), self.numerators()
        floors = (numerators // whole).astype(np.int64)
        left = self.total_fen - floors.sum(axis=0)
        order = np.argsort(-(numerators % whole), axis=0, kind="stable")
        rank = np.argsort(order, axis=0, kind="stable")
        return floors + (rank < left)

    def frame(self) -> pd.DataFrame:
        """A row a change, the last of them all together (``*``), 万元 in all years.

        Returns:
            `COLUMNS`: ``effect_wan`` is Shapley's value with its 95% interval, ``alone_wan`` what the change does
            alone, ``cross_wan`` its share of the cross effects (the difference of these), ``in_order_wan`` what it adds
            to those before it. ``is_same`` where the change makes no difference in any trial, whatever else changes.
        """
        whole, dividends = math.factorial(len(self.parts)), self.dividends_fen()
        rows: list[tuple[Any, ...]] = []
        for n, (part, numerator) in enumerate(zip(self.parts, self.numerators(), strict=True)):
            before = (1 << n) - 1
            alone = _mean(dividends[1 << n])
            effect, low, high = _interval(numerator, whole)
            in_order = _mean(self.values[before | 1 << n] - self.values[before])
            is_same = not any(fen.any() for subset, fen in dividends.items() if subset >> n & 1)
            about = (part.key, part.title, part.title_en)
            rows.append((*about, effect, low, high, alone, effect - alone, in_order, is_same))
        effect, low, high = _interval(self.total_fen, 1)
        alone = sum(_mean(dividends[1 << n]) for n in range(len(self.parts)))
        same = not any(fen.any() for fen in dividends.values())
        rows.append((WHOLE, *titles("total", "columns"), effect, low, high, alone, effect - alone, effect, same))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def crosses(self) -> pd.DataFrame:
        """The cross effects: what changes do together beyond what fewer of them do.

        Returns:
            ``parts, mean_wan, low_wan, high_wan``, the largest first; those that are 0 in every trial are left out.
        """
        rows = []
        for subset, fen in self.dividends_fen().items():
            members = [part.key for n, part in enumerate(self.parts) if subset >> n & 1]
            if len(members) > 1 and fen.any():
                rows.append((" × ".join(members), *_interval(fen, 1)))
        frame = pd.DataFrame(rows, columns=["parts", "mean_wan", "low_wan", "high_wan"])
        return frame.sort_values("mean_wan", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def article_effects(
    scenario: ScenarioModel,
    reform: Reforms | None = None,
    settings: Mapping[str, Any] | None = None,
    flow: str = "commitment",
    trials: int = 10_000,
    seed: int = 0,
    is_beyond_law: bool = False,
    workers: int | None = None,
    progress: Told | None = None,
) -> Effects:
    """The effects of each article of reforms, and of each value set, on a flow.

    Args:
        scenario: as it is before.
        reform: one or several reforms; what they set is grouped by article.
        settings: values by name, each a change of its own, as of `with_values`.
        flow: one of the ledger's; ``need`` of a year after the last in force is what is still paid then.
        progress: called with the number of runs done.

    Raises:
        FaultyInput: there are no changes or more than `MOST_PARTS`; a change, the flow or the number of trials is at
            fault.
    """
    if flow not in FLOWS:
        raise FaultyInput([no_such("flow", flow, FLOWS)])
    parts = parts_of(scenario, reform, settings or {})
    if not 1 <= len(parts) <= MOST_PARTS:
        what = message(
            "effects are worked out of 1 to {most} changes (articles of reforms, values set), not of {count}",
            most=MOST_PARTS,
            count=len(parts),
        )
        raise FaultyInput([Fault(scenario.name, what)])
    live, values = IncrementalRun(scenario, trials, seed, workers), {}
    for subset in range(1 << len(parts)):
        chosen = [part for n, part in enumerate(parts) if subset >> n & 1]
        result = live.run(_with_parts(scenario, chosen, is_beyond_law))
        every = (amount_fen(result, flow, year) for year in (*result.years, *result.tail))
        values[subset] = reduce(np.add, every, np.zeros(trials, np.int64))
        if progress:
            progress(len(values))
    return Effects(tuple(parts), flow, values)


def parts_of(scenario: ScenarioModel, reform: Reforms | None, settings: Mapping[str, Any]) -> list[Part]:
    """The changes: articles of reforms in the order in which they are first named, then values set."""
    law = load_measure()
    whole = stacked(reform, law)
    by_article: dict[str, list[Change]] = {}
    for change in whole.changes if whole else ():
        by_article.setdefault(change.article, []).append(change)
    parts = [Part(article, article, article, tuple(changes)) for article, changes in by_article.items()]
    items = {item.key: (item.title, item.title_en or item.key) for item in scenario.items}
    for one, (name, value) in zip(any_parameters(scenario, settings), settings.items(), strict=True):
        chinese, english = items.get(one.group, ("", ""))
        title, title_en = (
            " · ".join(filter(None, pair)) for pair in ((chinese, one.title), (english, one.title_en or one.title))
        )
        parts.append(Part(one.key, f"{title} = {value}", f"{title_en} = {value}", setting=(name, value)))
    return parts


def _with_parts(scenario: ScenarioModel, parts: Sequence[Part], is_beyond_law: bool) -> ScenarioModel:
    changes = [change for part in parts for change in part.changes]
    changed = scenario
    if changes:
        reform = parse_reform(reform_text(changes, "、".join(part.key for part in parts if part.changes)), "part.yaml")
        changed = reformed(scenario, reform)
    settings = dict(part.setting for part in parts if part.setting is not None)
    return with_values(changed, settings, is_beyond_law) if settings else changed


def _mean(fen: np.ndarray) -> float:
    return exact_sum(fen.astype(np.int64)) / (len(fen) * FEN_A_WAN)


def _interval(numerators: np.ndarray, divisor: int) -> tuple[float, float, float]:
    """The mean of numbers over a divisor, with its 95% interval, 万元; exactly 0 where all are."""
    unit = divisor * FEN_A_WAN
    whole = sum(map(int, numerators)) if numerators.dtype == object else exact_sum(numerators)
    mean = whole / (len(numerators) * unit)
    margin = TWO_SIDED_95 * float(np.std(numerators.astype(float))) / math.sqrt(len(numerators)) / unit
    return mean, mean - margin, mean + margin
