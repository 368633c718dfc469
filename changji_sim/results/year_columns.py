"""What pictures and sentences show of a result by year, in plain columns: without frames, which take longer to make and
to read than all that stands in them.

Each is worked out once for a result, and nobody may write into it. The frames of `breakdown` are these columns, and say
what they mean. Amounts are 万元.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import numpy as np

from ..base.units import FEN_A_WAN
from ..kernel.plan import longest_schedule
from ..scenario.model import Item
from ..wording.labels import label
from .budget_table import EVERY, P95, QUANTILES, add_up, exact_sum, quantiles_of, statistics_wan
from .run_result import RunResult
from .shortfall import short_by_envelope
from .summary import summary_row
from .year_need import arrears_before_fen

ANY = "any"  # stands for whichever envelope, a category's or the total
STATISTICS = ("mean_wan", *QUANTILES)
PARTS = ("arrears_before", "carried", "policy", "new")
FAN = ("year", *STATISTICS, "envelope_wan", "probability_short")
SPLIT = ("year", "part", "title", *STATISTICS, "share")
BY_CATEGORY = ("year", "category", "title", *STATISTICS, "share")
SHORTFALL = (
    "year", "category", "envelope_wan", "probability_short", "expected_short_wan", "when_short_wan", "p95_short_wan",
)  # fmt: skip
EVER = ("category", "probability_ever", "probability_every_year", "expected_short_wan")

Columns = Mapping[str, list[Any]]
Row = tuple[Any, ...]
Asked = ParamSpec("Asked")


def cached_columns(
    names: Sequence[str],
) -> Callable[
    [Callable[Concatenate[RunResult, Asked], Iterable[Row]]], Callable[Concatenate[RunResult, Asked], Columns]
]:
    """Decorator: the rows that a function finds of a result, as columns of these names, found once for the same
    arguments.
    """

    def decorated(
        work: Callable[Concatenate[RunResult, Asked], Iterable[Row]],
    ) -> Callable[Concatenate[RunResult, Asked], Columns]:
        arguments = inspect.signature(work)

        @wraps(work)
        def columns(result: RunResult, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Columns:
            asked = arguments.bind(result, *args, **kwargs)
            asked.apply_defaults()
            known, key = result.cache.setdefault("columns", {}), (work.__name__, *asked.args[1:])
            if key not in known:
                rows = [*work(result, *args, **kwargs)]
                known[key] = {name: [row[n] for row in rows] for n, name in enumerate(names)}
            return known[key]

        return columns

    return decorated


# --- what a year needs (资金需求) -------------------------------------------------------------------------------------


@cached_columns(FAN)
def fan(result: RunResult, flow: str = "need", category: str | None = None) -> Iterable[Row]:
    """As `breakdown.fan`."""
    for year in result.years:
        limits = summary_row(result, year, category)
        amounts = result.rows.statistics_wan(year, category or EVERY, EVERY, flow)
        yield year, *amounts, limits.envelope_wan, limits.probability_short


@cached_columns(SPLIT)
def need_split(result: RunResult) -> Iterable[Row]:
    """As `breakdown.need_split`."""
    for year in result.years:
        parts = split_fen(result, year)
        whole = sum(exact_sum(fen) for fen in parts.values())
        for part, fen in parts.items():
            share = exact_sum(fen) / whole if whole else 0.0
            yield year, part, label(part, "zh", "money"), *statistics_wan(fen, STATISTICS), share


def split_fen(result: RunResult, year: int) -> dict[str, np.ndarray]:
    """The parts of `need_split` in one year, fen, shape ``(trials,)`` each; they add up to ``need``."""
    parts = {part: np.zeros(result.trial_count, np.int64) for part in PARTS}
    for kind in ("policy", "new"):
        items = [item for item in result.scenario.items if item.modes[year].is_project == (kind == "new")]
        carried = carried_fen(result, items, year)
        parts["carried"] += carried
        parts[kind] += _together(result, year, items, "need") - carried
    parts["arrears_before"] += arrears_before_fen(result, year)
    parts["carried"] -= parts["arrears_before"]
    return parts


def carried_fen(result: RunResult, items: Sequence[Item], year: int) -> np.ndarray:
    """What earlier commitments of some items ask of a year in force: payments due and opening arrears, fen by trial.

    The ledger books need, dues and payments, not this part of them; it follows exactly. Where everything is paid at
    once, need less entitlement; else dues less the first tranches, which are paid when they are committed. Only an item
    that is both deferred and paid in tranches blurs it: what it puts off of a first tranche counts here at once.
    """
    at_once = [item for item in items if longest_schedule(item, year, result.scenario) == 0]
    later = [item for item in items if item not in at_once]
    carried = np.zeros(result.trial_count, np.int64)
    carried += _together(result, year, at_once, "need") - _together(result, year, at_once, "entitlement")
    carried += _together(result, year, later, "due") + _together(result, year, later, "payment_carried")
    carried -= _together(result, year, later, "payment")
    for item in later:
        carried += arrears_before_fen(result, year, item.key)
    return carried


def _together(result: RunResult, year: int, items: Sequence[Item], flow: str) -> Any:
    """The sum of a flow over some items, fen by trial; 0 where there is none. They are added up as they are kept."""
    packed = add_up([result.run.flows.packed(item.key, year, flow) for item in items])
    return 0 if packed is None else packed.fen


@cached_columns(BY_CATEGORY)
def structure(result: RunResult, flow: str = "need") -> Iterable[Row]:
    """As `breakdown.structure`."""
    return _by_category(result, flow, result.years)


@cached_columns(BY_CATEGORY)
def promised_beyond(result: RunResult) -> Iterable[Row]:
    """As `breakdown.promised_beyond`."""
    return _by_category(result, "payment", [*paid_beyond(result)], has_total=True)


def paid_beyond(result: RunResult) -> dict[int, float]:
    """The totals' means of `promised_beyond` by year, 万元: without the categories and their quantiles."""
    paid = [year for year in result.tail if result.rows.sum(year, EVERY, EVERY, "payment")]
    years = [year for year in result.tail if paid and year <= paid[-1]]
    return {year: result.rows.mean_wan(year, EVERY, EVERY, "payment") for year in years}


def _by_category(result: RunResult, flow: str, years: Sequence[int], has_total: bool = False) -> Iterable[Row]:
    """Rows by year and category, behind those of each year its total where it is asked for."""
    for year in years:
        amounts_of = {key: result.rows.statistics_wan(year, key, EVERY, flow) for key in result.scenario.categories}
        means = [amounts[0] for amounts in amounts_of.values()]
        # Added up in pandas' order of a group's numbers, to the last bit.
        whole = float(np.add.reduceat(means, [0])[0]) if means else 0.0
        for key, title in result.scenario.categories.items():
            mean = amounts_of[key][0]
            yield year, key, title, *amounts_of[key], mean / whole if whole else 0.0
        if has_total:
            of_all = result.rows.statistics_wan(year, EVERY, EVERY, flow)
            yield year, EVERY, label("total", "zh", "columns"), *of_all, 1.0


# --- money that is short (资金缺口) -----------------------------------------------------------------------------------


@cached_columns(SHORTFALL)
def shortfall(result: RunResult) -> Iterable[Row]:
    """As `breakdown.shortfall`."""
    for year in result.years:
        short = short_by_envelope(result, year)
        for category, fen in short.items():
            yield _shortfall_row(result, year, category, fen)
        if short:
            probability = _probability(np.logical_or.reduce([fen > 0 for fen in short.values()]))
            yield year, ANY, np.nan, probability, np.nan, np.nan, np.nan


def _shortfall_row(result: RunResult, year: int, category: str, short: np.ndarray) -> Row:
    envelope = result.envelope_fen(year, None if category == EVERY else category)
    cases, lacking = int(np.count_nonzero(short)), exact_sum(short)
    return (
        year,
        category,
        float(np.mean(envelope)) / FEN_A_WAN,
        _probability(short > 0),
        lacking / (len(short) * FEN_A_WAN),
        lacking / (cases * FEN_A_WAN) if cases else np.nan,
        float(quantiles_of(short)[P95]) / FEN_A_WAN,
    )


@cached_columns(EVER)
def shortfall_ever(result: RunResult) -> Iterable[Row]:
    """As `breakdown.shortfall_ever`."""
    nothing = np.zeros(result.trial_count, np.int64)
    by_year = [short_by_envelope(result, year) for year in result.years]
    present = dict.fromkeys(key for short in by_year for key in short)
    categories = [key for key in (*result.scenario.categories, EVERY) if key in present]
    for category in categories:
        fen = np.stack([short.get(category, nothing) for short in by_year])
        expected = exact_sum(fen.sum(axis=0)) / (result.trial_count * FEN_A_WAN)
        yield category, _probability((fen > 0).any(axis=0)), _probability((fen > 0).all(axis=0)), expected
    if categories:
        is_short = np.stack([np.logical_or.reduce([fen > 0 for fen in (nothing, *s.values())]) for s in by_year])
        yield ANY, _probability(is_short.any(axis=0)), _probability(is_short.all(axis=0)), np.nan


def _probability(happens: Any) -> float:
    return int(np.count_nonzero(happens)) / len(happens)


# --- caps (上限) ------------------------------------------------------------------------------------------------------


def cuts_most(result: RunResult) -> tuple[str, str, str, float] | None:
    """The first row of `breakdown.binding_caps`: cap, item, article, what it cuts a year on average; None where nothing
    is cut. Found without the others' quantiles.
    """
    cuts: dict[tuple[str, str, str], int] = {}
    for item in result.scenario.items:
        for year in result.years:
            for cap in item.caps[year]:
                key = (cap.key, item.key, cap.article)
                cuts[key] = cuts.get(key, 0) + result.rows.sum(year, item.category, item.key, f"cut:{cap.key}")
    most = max(cuts, key=cuts.__getitem__, default=None)
    if most is None or not cuts[most]:
        return None
    return *most, cuts[most] / (result.trial_count * len(result.years) * FEN_A_WAN)
