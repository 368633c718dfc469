"""The value that is enough (求值): the smallest or largest value of an adjustable parameter with which money suffices,
or with which payments stay within an amount.

Money suffices in a trial where no envelope, the total's or a category's, is short in any of the years asked for. All
runs meet the same futures, so that a step of the value moves the answer by what the value does and by nothing else.

>>> seek(load_scenario("baseline"), "envelopes.total", 0.1, trials=1_000).value     # doctest: +SKIP
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..adjustable.adjustable import Adjustable
from ..adjustable.set_values import named_parameter
from ..base.checks import number
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message
from ..base.units import FEN_A_WAN, MOST_WAN
from ..results.monte_carlo import TWO_SIDED_95
from ..scenario.model import ScenarioModel
from ..wording.amounts import percent
from .asked_year import year_faults, years_meant
from .incremental import IncrementalRun
from .value_search import Told, ValueSearch

CURVE = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)  # of the answer: where the curve is worked out
CUTS = (0.9, 0.8)  # of the answer: what falls off with a tenth and two tenths less
CUT_COLUMNS = ["share", "value", "item", "unfunded_wan", "arrears_wan"]
WIDENINGS = 6  # how often a side without an end is doubled before there is no answer


@dataclass(frozen=True)
class Sought:
    """What was found.

    Attributes:
        scenario: the scenario with the value; as it was where there is none.
        parameter: what was sought.
        most: the probability that is accepted: that money is short, or that payments exceed ``payment_wan``.
        payment_wan: what the payments of each year may be, 万元; None where money must suffice.
        years: the years asked about.
        value: the value; None where there is none.
        interval: between these ends the value lies with 95% confidence, as the number of trials leaves it; an end is
            None where it lies beyond what can be set.
        probability: what is accepted at most, with the value.
        is_least: whether the value is the smallest that is enough; else it is the largest.
        why: why there is no value; empty where there is one.
        curve: ``value, probability, low, high``: the probability over the value with its 95% band, where it was run.
        cuts: ``share, value, item, unfunded_wan, arrears_wan``: with less than the answer, what is not committed for
            want of money, the mean of the sum over the years, and what is owed at the end of the last year, the mean,
            万元; no rows where there is no value or it is no envelope.
        trials, runs: how many trials each of how many runs had.
    """

    scenario: ScenarioModel
    parameter: Adjustable
    most: float
    payment_wan: float | None
    years: tuple[int, ...]
    value: float | None
    interval: tuple[float | None, float | None]
    probability: float
    is_least: bool
    why: Message | str
    curve: pd.DataFrame
    cuts: pd.DataFrame
    trials: int
    runs: int

    @property
    def missed(self) -> str:
        """The key of the label of what ``probability`` is of."""
        return "probability_short" if self.payment_wan is None else "probability_over_payment"


def seek(
    scenario: ScenarioModel,
    name: str,
    most: float = 0.1,
    year: int | None = None,
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
    payment_wan: float | None = None,
) -> Sought:
    """The value of a parameter with which the probability that money is short is at most ``most``.

    Args:
        name: key or titles of an adjustable parameter that is a number.
        most: a probability, 0 to 1.
        year: the year in which money must suffice; by default all years in force, jointly.
        progress: called with the number of runs done.
        payment_wan: where given, the value with which no year's payments exceed it, but with that probability.

    Raises:
        FaultyInput: the name is not known or no number, the year is none of the scenario's, the probability or the
            amount cannot be, or no envelope limits the years in which money must suffice.
    """
    one, most = named_parameter(scenario, name), probability(most)
    if payment_wan is None:
        years = years_to_suffice(scenario, year)
    else:
        years, payment_wan = _years(scenario, year), checked(message("payment"), payment_wan, MOST_WAN)
    live = IncrementalRun(scenario, trials, seed, workers)
    return found(ValueSearch(scenario, one, years, live, payment_wan, progress), most)


def probability(most: float) -> float:
    """The probability that is accepted, checked.

    Raises:
        FaultyInput: it is none.
    """
    return checked(message("probability"), most, 1)


def checked(what: Message, value: float, most: float) -> float:
    """A number from 0 to ``most``.

    Raises:
        FaultyInput: it is none.
    """
    try:
        return number(value, 0, most)
    except ValueError as error:
        raise FaultyInput([Fault(what, error.args[0])]) from None


def _years(scenario: ScenarioModel, year: int | None) -> tuple[int, ...]:
    if faults := year_faults(scenario, year):
        raise FaultyInput(faults)
    return years_meant(scenario, year)


def years_to_suffice(scenario: ScenarioModel, year: int | None) -> tuple[int, ...]:
    """The years in which money must suffice: the one given, or all in force.

    Raises:
        FaultyInput: the year is none of the scenario's, or no envelope limits them.
    """
    years, envelopes = _years(scenario, year), scenario.envelopes
    limits = (envelopes.total_wan, *envelopes.category_wan.values())
    if not any(limit.get(one) is not None for limit in limits for one in years):
        raise FaultyInput([Fault(scenario.name, message("no envelope limits these years, so money is never short"))])
    return years


def found(search: ValueSearch, most: float, totals_wan: Sequence[float] = ()) -> Sought:
    """What a search finds: the border between the values that are enough and the others.

    Args:
        totals_wan: of an envelope, amounts for which it is also worked out what falls off.
    """
    enough, short, is_least = _around(search, most)
    for _ in range(WIDENINGS):
        if search.chance(enough) <= most or not (is_least and search.is_open(enough)):
            break
        enough = 2 * enough
    if search.chance(enough) > most:
        return _none(search, most, is_least, _never(search, enough))
    if search.chance(short) <= most:
        return _none(search, most, is_least, _always(search, short, enough))
    at = search.border(enough, short, most)
    assert at is not None  # its end is enough, as was looked at above
    error = TWO_SIDED_95 * math.sqrt(most * (1 - most) / search.trials)
    ends = [search.border(enough, short, chance) for chance in (most + error, most - error)]
    is_envelope = is_least and search.one.part == "envelope"
    steps = [round(at * share) for share in CUTS] + [search.step(total) for total in totals_wan]
    cuts = _cuts(search, at, steps) if is_envelope else _no_cuts()
    for step in curve_steps(search, at):
        search.chance(step)
    low, high = (None if end is None else search.value(end) for end in (ends if is_least else reversed(ends)))
    return Sought(
        search.with_step(at), search.one, most, search.payment_wan, search.years, search.value(at), (low, high),
        search.chance(at), is_least, "", search.curve(), cuts, search.trials, len(search.known),
    )  # fmt: skip


def _none(search: ValueSearch, most: float, is_least: bool, why: Message) -> Sought:
    one = search.one
    chance = search.chance(search.step(one.value)) if one.value is not None else math.nan
    return Sought(
        search.scenario, one, most, search.payment_wan, search.years, None, (None, None), chance, is_least, why,
        search.curve(), _no_cuts(), search.trials, len(search.known),
    )  # fmt: skip


def _around(search: ValueSearch, most: float) -> tuple[int, int, bool]:
    """Two steps between which the border lies, where there is one: the first is enough. Sought around the value now,
    further and further away: at the ends of what can be set runs may take very long (a growth of 1,000% a year). The
    last says whether more of it is what is enough.
    """
    lowest, highest = search.ends()
    if search.one.value is None:
        is_least = search.chance(highest) <= search.chance(lowest)
        return (highest, lowest, True) if is_least else (lowest, highest, False)
    now = min(max(search.step(search.one.value), lowest), highest)
    away = max(abs(now) // 2, 1)
    while True:
        low, high = max(now - away, lowest), min(now + away, highest)
        chances = search.chance(low), search.chance(high)
        if min(chances) <= most < max(chances) or (low, high) == (lowest, highest):
            break
        away *= 2
    is_least = chances[1] <= chances[0]
    return (high, low, True) if is_least else (low, high, False)


# --- what is shown beside it ------------------------------------------------------------------------------------------


def curve_steps(search: ValueSearch, at: int) -> list[int]:
    """The steps at `CURVE` of the answer that can be had."""
    low, high = search.ends()
    steps = (round(at * share) for share in CURVE)
    return [step for step in steps if low <= step and (step <= high or search.is_open(step))]


def _cuts(search: ValueSearch, at: int, steps: Sequence[int]) -> pd.DataFrame:
    rows = []
    for step in dict.fromkeys(steps):
        result = search.run(step)
        for item in search.scenario.items:
            unfunded = sum(int(result.fen("unfunded", year, item.key).sum()) for year in result.years)
            arrears = int(result.fen("arrears", result.years[-1], item.key).sum())
            amounts = (fen / (search.trials * FEN_A_WAN) for fen in (unfunded, arrears))
            share = next((share for share in CUTS if round(at * share) == step), step / at)
            rows.append((share, search.value(step), item.key, *amounts))
    return pd.DataFrame(rows, columns=CUT_COLUMNS)


def _no_cuts() -> pd.DataFrame:
    return pd.DataFrame(columns=CUT_COLUMNS)


def _never(search: ValueSearch, enough: int) -> Message:
    about = {"value": amount(search.value(enough), search.one.unit), "chance": percent(search.chance(enough))}
    if search.payment_wan is None:
        return message("even with {value} money is short with a probability of {chance}; another limit holds", **about)
    return message("even with {value} payments exceed it with a probability of {chance}", **about)


def _always(search: ValueSearch, short: int, enough: int) -> Message:
    chances = search.chance(short), search.chance(enough)
    return message(
        "the probability stays between {low} and {high} over all values that can be set",
        low=percent(min(chances)),
        high=percent(max(chances)),
    )


def amount(value: float, unit: str) -> str:
    """A value with its unit, as ``--set`` takes it."""
    return f"{value * 100:.10g}%" if unit == "%" else f"{value:,.10g}{unit}"
