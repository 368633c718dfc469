"""What is said of a value that was sought (求值), and of prices (价格), so that it can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..base.messages import Message, joined, message, named
from ..scenario.model import ScenarioModel
from ..whatif.ask import TotalToAsk
from ..whatif.seek import Sought, amount
from ..wording.amounts import percent, signed_wan
from ..wording.language import Translator, category_title
from .guess_sentences import number_title, years_of


def sought_sentences(found: Sought) -> Iterator[Message]:
    """The answer: the value with its interval, or why there is none; later totals; how many runs it rests on."""
    one, sure = found.parameter, percent(1 - found.most)
    about = {
        "name": number_title(found.scenario, one.group, one.title, one.title_en),
        "aim": _aim(found),
        "sure": sure,
        "now": "–" if one.value is None else amount(one.value, one.unit),
    }
    if found.value is None:
        yield message("{name}: no value is enough for {aim} with {sure}: {why}.", why=found.why, **about)
        return
    value, (low, high) = amount(found.value, one.unit), found.interval
    ends = " – ".join("…" if end is None else amount(end, one.unit) for end in (low, high))
    least = message(
        "{name} must be at least {value} for {aim} with {sure} (95%: {ends}); it is {now} now.",
        value=value,
        ends=ends,
        **about,
    )
    most = message(
        "{name} may be {value} at most for {aim} with {sure} (95%: {ends}); it is {now} now.",
        value=value,
        ends=ends,
        **about,
    )
    yield least if found.is_least else most
    if one.part == "envelope":
        totals = found.scenario.envelopes.total_wan.items()
        by_year = " · ".join(f"{year} {amount(round(total), '')}" for year, total in totals if total is not None)
        yield message("Totals by year, 万元: {totals}.", totals=by_year)
    yield message("{trials:,} trials a run, {runs} runs on the same futures.", trials=found.trials, runs=found.runs)


def asked_sentences(found: TotalToAsk) -> Iterator[Message]:
    """Those of the total, then what each year alone would take, and the split over the categories with the least sum
    with which all of them hold in the first of the years.
    """
    *answer, runs = sought_sentences(found)
    yield from answer
    if len(found.by_year) > 1:
        totals = map("{} {}".format, found.by_year.year, (amount(value, "") for value in found.by_year.value))
        yield message("For one year alone the total of the first year would be, 万元: {totals}.",
                      totals=" · ".join(totals))  # fmt: skip
    if len(found.split):
        yield _split(found)
    yield runs


def _split(found: TotalToAsk) -> Message:
    year = found.years[0]
    of_year = found.split[found.split.year == year]
    parts = (
        joined((_category(found.scenario, row["category"]), amount(row["split_wan"], "")), " ", " ")
        for row in of_year.to_dict("records")
    )
    return message(
        "Envelopes of the categories that all hold in {year} with {sure}, least in sum, 万元: {parts}; {whole} "
        "together, while those that hold each by itself are {alone}.",
        year=year,
        sure=percent(1 - found.most),
        parts=joined(parts, " · ", " · "),
        whole=amount(int(of_year.split_wan.sum()), ""),
        alone=amount(int(of_year.alone_wan.sum()), ""),
    )


def _category(scenario: ScenarioModel, key: str) -> Message:
    return named(*(category_title(scenario, key, Translator(language)) for language in ("zh", "en")))


def _aim(found: Sought) -> Message:
    """What the value is sought for."""
    years = years_of(found.years)
    if found.payment_wan is None:
        return message("money to suffice in {years}", years=years)
    return message(
        "payments in {years} to stay within {amount} 万元", years=years, amount=amount(found.payment_wan, "")
    )


def price_sentences(prices: pd.DataFrame, scenario: ScenarioModel) -> Iterator[Message]:
    """Which number costs most a unit, and which saves most, in commitments a year (`whatif.prices.prices`)."""
    known = prices.dropna(subset=["commitment_wan"])
    if known.empty or not known.commitment_wan.abs().max():
        yield message("No unit of any number changes what is committed.")
        return
    dearest, saves = (known.iloc[int(at)] for at in (known.commitment_wan.argmax(), known.commitment_wan.argmin()))
    if dearest.commitment_wan > 0:
        yield message("Most is committed more with {name} at {to} instead of {value}: {change} 万元 a year.",
                      **_priced(dearest, scenario))  # fmt: skip
    if saves.commitment_wan < 0:
        yield message("Most is committed less with {name} at {to} instead of {value}: {change} 万元 a year.",
                      **_priced(saves, scenario))  # fmt: skip


def _priced(row: pd.Series, scenario: ScenarioModel) -> dict[str, Message | str]:
    name = number_title(scenario, row["item"], row["title"], row["title_en"])
    ends = {"to": amount(float(row.to), row.unit), "value": amount(float(row.value), row.unit)}
    return {"name": name, "change": signed_wan(float(row.commitment_wan)), **ends}
