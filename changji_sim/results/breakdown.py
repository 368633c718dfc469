"""Tables of a result (资金去向): waterfall, need split, structure, fan, shortfall and caps, as tidy frames.

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)     # doctest: +SKIP
>>> waterfall(result, 2027, item="technology_trade")                 # doctest: +SKIP

Amounts are 万元 in columns ending in ``_wan``; columns and arrays called ``fen`` are whole fen (分) and exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..base.faults import FaultyInput
from ..base.units import FEN_A_WAN
from ..modes.support_mode import CAP_ORDER, Cap
from ..scenario.model import Item
from ..wording.labels import titles
from ..wording.language import cap_title
from . import year_columns
from .budget_table import EVERY, exact_sum
from .compare import compare
from .run_result import RunResult, cached_frame
from .unknown_names import no_such, no_such_trial
from .year_columns import ANY, PARTS, split_fen

__all__ = [
    "ANY", "EVERY", "PARTS", "WATERFALL_COLUMNS", "Step", "binding", "binding_caps", "carried_fen", "differences",
    "fan", "items_of_step", "mean_differences", "need_split", "promised_beyond", "shortfall", "shortfall_ever",
    "split_fen", "structure", "waterfall", "waterfall_steps",
]  # fmt: skip

WATERFALL_COLUMNS = ("step", "kind", "title", "title_en", "article", "amount_wan", "from_wan", "to_wan", "fen")

# --- from what is asked to what is paid (资金去向) --------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a waterfall: a ``total`` that is reached, or what is taken off (``less``) or added (``plus``)."""

    key: str
    kind: str
    title: str
    title_en: str
    fen: np.ndarray  # (trials,), int64
    article: str = ""


def waterfall(
    result: RunResult, year: int, item: str | None = None, category: str | None = None, trial: int | None = None
) -> pd.DataFrame:
    """From the money asked for (申报额) to the money paid (拨付额) in a year, every cut with its cap and article.

    Args:
        year: a year in force, or of the tail, when only what was promised is paid.
        item, category: of one item, or of one category; of everything if neither is given.
        trial: one future, counted from 0; the mean of all if it is not given.

    Returns:
        ``step, kind, title, title_en, article, amount_wan, from_wan, to_wan, fen``, top to bottom. ``kind`` is
        ``total``, ``less`` or ``plus``; amounts are not negative; ``from_wan`` to ``to_wan`` is where a bar stands.
        ``fen`` is the trial's amount, or the sum over all trials, whole and exact: totals equal what the steps before
        them leave. ``later`` is what is committed and not paid in the year: later tranches, and what is put off.

    Raises:
        FaultyInput: there is no such year, item, category or trial.
    """
    steps = waterfall_steps(result, year, item, category)
    if trial is not None and not 0 <= trial < result.trial_count:
        raise FaultyInput([no_such_trial(trial, result.trial_count)])
    amounts = [exact_sum(step.fen) if trial is None else int(step.fen[trial]) for step in steps]
    divisor = FEN_A_WAN * (result.trial_count if trial is None else 1)
    rows, level = [], 0
    for step, amount in zip(steps, amounts, strict=True):
        low, high = _between(step.kind, level, amount)
        level = low if step.kind == "less" else high
        ends = (amount / divisor, low / divisor, high / divisor)
        rows.append((step.key, step.kind, step.title, step.title_en, step.article, *ends, amount))
    return pd.DataFrame(rows, columns=list(WATERFALL_COLUMNS))


def _between(kind: str, level: int, amount: int) -> tuple[int, int]:
    """Where a step's bar stands, given the level before it."""
    if kind == "total":
        return 0, amount
    return (level - amount, level) if kind == "less" else (level, level + amount)


def waterfall_steps(result: RunResult, year: int, item: str | None = None, category: str | None = None) -> list[Step]:
    """The steps of `waterfall` trial by trial, fen; arguments and faults as there."""

    def flow(key: str, kind: str) -> Step:
        return Step(key, kind, *titles(key), result.fen(key, year, item, category))

    commitment, payment = flow("commitment", "total"), flow("payment", "total")
    carried = result.fen("payment_carried", year, item, category)
    new = payment.fen - carried
    return [
        flow("asked", "total"),
        flow("ineligible", "less"),
        flow("not_selected", "less"),
        flow("demand", "total"),
        *_cut_steps(result, year, item, category),
        flow("entitlement", "total"),
        flow("unfunded", "less"),
        commitment,
        Step("later", "less", *titles("later", "money"), commitment.fen - new),
        Step("payment_new", "total", *titles("payment_new", "money"), new),
        Step("payment_carried", "plus", *titles("payment_carried", "money"), carried),
        payment,
    ]


def _cut_steps(result: RunResult, year: int, item: str | None, category: str | None) -> list[Step]:
    """One step a cap and article in the order caps apply; items that share both are added up."""
    together: dict[tuple[str, str], tuple[Cap, np.ndarray]] = {}
    for one, cap in _caps_among(result, year, item, category):
        _, before = together.get((cap.key, cap.article), (cap, 0))
        fen = result.run.flows.fen(one.key, year, f"cut:{cap.key}")
        together[cap.key, cap.article] = (cap, before + fen)
    ordered = sorted(together.values(), key=lambda cut: CAP_ORDER.index(cut[0].per))
    return [
        Step(f"cut:{cap.key}", "less", cap_title(cap), cap_title(cap, "en"), fen, cap.article) for cap, fen in ordered
    ]


def items_of_step(result: RunResult, year: int, step: Any, item: str | None, category: str | None) -> int:
    """Of how many items a row of `waterfall` adds up what a cap cuts; 0 where it is no cap's."""
    caps = _caps_among(result, year, item, category)
    return len({one.key for one, cap in caps if (f"cut:{cap.key}", cap.article) == (step.step, step.article)})


def _caps_among(result: RunResult, year: int, item: str | None, category: str | None) -> Iterator[tuple[Item, Cap]]:
    """The caps of a year of all items, of one or of a category's."""
    for one in result.scenario.items:
        if item in (None, one.key) and category in (None, one.category):
            for cap in one.caps.get(year, ()):
                yield one, cap


# --- what a year needs (资金需求) -------------------------------------------------------------------------------------


@cached_frame
def fan(result: RunResult, flow: str = "need", category: str | None = None) -> pd.DataFrame:
    """One flow by year in force with its quantiles, the envelope beside it, 万元.

    Returns:
        ``year, mean_wan, p05_wan, p10_wan, p50_wan, p90_wan, p95_wan, envelope_wan, probability_short``; the last two
        are NaN where there is no envelope. ``probability_short`` is that of the `summary`, whatever the flow.

    Raises:
        FaultyInput: there is no such flow or category.
    """
    result.fen(flow, result.years[0], category=category)  # refuses what there is not
    return pd.DataFrame(year_columns.fan(result, flow, category))


@cached_frame
def need_split(result: RunResult) -> pd.DataFrame:
    """The need of each year in force in four: 应拨未拨 (owed from before), 续建 (promised earlier), 政策性 (owed by
    rule), 新增 (to be decided).

    ``arrears_before`` is what earlier years still owe; ``carried`` what falls due of earlier commitments; ``policy`` is
    the first payment of this year's entitlements where the item is no project (第十五条: awards and the like); ``new``
    that of projects.

    Returns:
        ``year, part, title, mean_wan, p05_wan, p10_wan, p50_wan, p90_wan, p95_wan, share``: a share is of the mean
        need. The means of a year add up to its need, as the parts do in every trial.
    """
    return pd.DataFrame(year_columns.need_split(result))


def carried_fen(result: RunResult, item: Item, year: int) -> np.ndarray:
    """What earlier commitments of one item ask of a year in force, as `year_columns.carried_fen`."""
    return year_columns.carried_fen(result, [item], year)


@cached_frame
def structure(result: RunResult, flow: str = "need") -> pd.DataFrame:
    """One flow by year in force and category (支出结构), 万元.

    Returns:
        ``year, category, title, mean_wan, p05_wan, p10_wan, p50_wan, p90_wan, p95_wan, share``, categories in order;
        a share is of the year's mean.

    Raises:
        FaultyInput: there is no such flow.
    """
    result.fen(flow, result.years[0])  # refuses what there is not
    return pd.DataFrame(year_columns.structure(result, flow))


@cached_frame
def promised_beyond(result: RunResult) -> pd.DataFrame:
    """What is still paid after the last year in force (以后年度支出责任), by year and category, 万元.

    Promised tranches less what is cancelled, and the last year's arrears. Years after the last payment are left out.

    Returns:
        ``year, category, title, mean_wan, p05_wan, p10_wan, p50_wan, p90_wan, p95_wan, share``; category ``*`` is the
        year's total.
    """
    return pd.DataFrame(year_columns.promised_beyond(result))


# --- money that is short (资金缺口) -----------------------------------------------------------------------------------


@cached_frame
def shortfall(result: RunResult) -> pd.DataFrame:
    """How likely need exceeds the envelope and by how much, by year and envelope, 万元.

    Returns:
        ``year, category, envelope_wan, probability_short, expected_short_wan, when_short_wan, p95_short_wan``: rows for
        the categories that have an envelope, ``*`` for the total, and ``any`` for at least one of them, its amounts
        NaN. ``expected_short_wan`` counts futures in which nothing is short as 0, ``when_short_wan`` (NaN if it never
        happens) leaves them out. No envelope, no row.
    """
    return pd.DataFrame(year_columns.shortfall(result))


@cached_frame
def shortfall_ever(result: RunResult) -> pd.DataFrame:
    """P(short) jointly over the years in force: in at least one of them, and in each.

    Returns:
        ``category, probability_ever, probability_every_year, expected_short_wan`` (all years together, 万元): rows as
        in `shortfall`; ``any`` is at least one envelope, its amount NaN because envelopes overlap. An envelope that
        some year lacks is not short in that year.
    """
    return pd.DataFrame(year_columns.shortfall_ever(result))


# --- caps (上限) ------------------------------------------------------------------------------------------------------


@cached_frame
def binding(result: RunResult) -> pd.DataFrame:
    """How often each cap cuts in each year, what it cuts and what stays free under it, with names to read.

    Returns:
        the columns of `Result.caps`, then ``category, item_title, item_title_en, cap_title, cap_title_en``. A cap has
        no row in a year in which it cannot act. Envelopes come last: item ``*``, the category theirs or ``*``.
    """
    caps = result.caps()
    keys = zip(*(caps[name].tolist() for name in ("cap", "item", "year")), strict=True)
    names = [_cap_names(result, *key) for key in keys]
    columns = ["category", "item_title", "item_title_en", "cap_title", "cap_title_en"]
    return pd.concat([caps, pd.DataFrame(names, columns=columns, index=caps.index)], axis=1)


@cached_frame
def binding_caps(result: RunResult) -> pd.DataFrame:
    """The caps that ever cut, the one that cuts most first: means over the years in force.

    Returns:
        ``cap, item, article, probability_binding, mean_cut_wan`` (万元 a year), envelopes left out.
    """
    caps = result.caps()
    caps = caps[(caps.probability_binding > 0) & (caps.item != EVERY)]
    together = caps.groupby(["cap", "item", "article"], sort=False)[["probability_binding", "mean_cut_wan"]].sum()
    together = (together / len(result.years)).reset_index()
    return together.sort_values("mean_cut_wan", ascending=False, ignore_index=True, kind="stable")


def _cap_names(result: RunResult, key: str, item: str, year: int) -> tuple[str, str, str, str, str]:
    if item == EVERY:
        category = key.removeprefix("envelope:")
        category = category if category in result.scenario.categories else EVERY
        total = titles("total", "columns")
        title = result.scenario.categories.get(category, total[0])
        return category, title, total[1] if category == EVERY else category, *titles("envelope", "money")
    of = next(one for one in result.scenario.items if one.key == item)
    cap = next(cap for cap in of.caps[year] if cap.key == key)
    return of.category, of.title, of.title_en or of.key, cap_title(cap), cap_title(cap, "en")


# --- what a change changes (差额) -------------------------------------------------------------------------------------


def differences(before: RunResult, after: RunResult, flow: str = "commitment") -> pd.DataFrame:
    """What one flow gains or loses from one result to another, by item and year, future by future, 万元.

    Returns:
        ``year, category, item, before_wan, after_wan, difference_wan, low_wan, high_wan, p05_wan, p95_wan``: every item
        in every year in force of either, then the year's total (category and item ``*``); years of the tail only where
        there is something. The difference is exactly 0 where nothing moved; for intervals see `compare.compare`.

    Raises:
        FaultyInput: the two have not met the same futures, or neither has such a flow.
    """
    changes = compare(before, after, flow)
    if changes.empty:
        raise FaultyInput([no_such("flow", flow, dict.fromkeys(compare(before, after).flow))])
    is_total = (changes.item == EVERY) & (changes.category == EVERY)
    rows = changes[(changes.item != EVERY) | is_total].drop(columns="flow")
    something = rows.groupby("year")[["before_wan", "after_wan"]].transform("any").any(axis=1)
    rows = rows[something | rows.year.isin([*before.years, *after.years])]
    rows = rows.assign(_is_total=rows.item == EVERY)
    return rows.sort_values(["year", "_is_total"], kind="stable", ignore_index=True).drop(columns="_is_total")


def mean_differences(before: RunResult, after: RunResult, flow: str) -> pd.DataFrame:
    """As `differences` in the years in force of both, means alone: they take a hundredth of the time."""
    years = [year for year in after.years if year in before.years]
    keys = dict.fromkeys(item.key for result in (before, after) for item in result.scenario.items)
    rows = [(year, key, _mean_wan(after, year, key, flow) - _mean_wan(before, year, key, flow))
            for year in years for key in keys]  # fmt: skip
    return pd.DataFrame(rows, columns=["year", "item", "difference_wan"])


def _mean_wan(result: RunResult, year: int, item: str, flow: str) -> float:
    """Of what a scenario does not have, 0."""
    of = next((one for one in result.scenario.items if one.key == item), None)
    return 0.0 if of is None else result.rows.mean_wan(year, of.category, item, flow)
