"""What is said of a budget's execution (预算执行率): what is paid, what lapses, what is refused beside it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..base.messages import Message, message
from ..results.execution import execution, lapse_reasons
from ..results.paid_by_month import paid_by_month
from ..results.run_result import RunResult
from ..wording.amounts import percent, wan

LEAST_SAID = 0.5  # 万元: less is said of no reason


def execution_sentences(result: RunResult) -> Iterator[Message]:
    """Of the first year whose total is limited: the rate, what lapses and is refused side by side, and why."""
    frame = execution(result)
    whole = frame[frame.category == "*"].to_dict("records")
    if not whole:
        yield message("No total envelope is set, so there is no rate of execution.")
        return
    row = whole[0]
    if row["rate"] == row["rate"]:
        yield message(
            "{year}: of the envelope of {envelope} 万元 {rate} are paid on average, eight times in ten {low} to "
            "{high}; below 90% with a probability of {below_90}, below 97% with {below_97}.",
            year=row["year"], envelope=wan(row["envelope_wan"]), rate=percent(row["rate"]),
            low=percent(row["rate_p10"]), high=percent(row["rate_p90"]),
            below_90=percent(row["probability_below_90"]), below_97=percent(row["probability_below_97"]),
        )  # fmt: skip
    yield message(
        "{lapse} 万元 lapse on average, while entitlements of {refused} 万元 are not funded, {first} of them to be "
        "paid in that year.",
        lapse=wan(row["lapse_wan"]), refused=wan(row["refused_wan"]), first=wan(row["refused_first_wan"]),
    )  # fmt: skip
    yield from _reasons(result, row["year"])


def _reasons(result: RunResult, year: int) -> Iterator[Message]:
    """Why money lapses in a year in which some is refused, what matters alone."""
    frame = lapse_reasons(result)
    of = frame[frame.year == year].to_dict("records")[0]
    amounts = {part: wan(of[f"{part}_wan"]) for part in ("idle", "elsewhere", "order", "later", "gone")}
    if min(of["idle_wan"], of["gone_wan"]) >= LEAST_SAID:
        yield message(
            "By chance: {idle} 万元 lapse beyond what the same future refuses, {gone} 万元 are refused beyond what the "
            "same future has left; some have little demand, others much.",
            idle=amounts["idle"], gone=amounts["gone"],
        )  # fmt: skip
    for part, why in _whys(result, amounts).items():
        if of[f"{part}_wan"] >= LEAST_SAID:
            yield why


def _whys(result: RunResult, amounts: Mapping[str, str]) -> dict[str, Message]:
    """Why what a year refuses lapses in it, by part of the lapse."""
    elsewhere = message(
        "By category: {amount} 万元 lapse outside the envelope of the category that is refused as much; what "
        "categories leave is not pooled.",
        amount=amounts["elsewhere"],
    )
    if result.scenario.envelopes.pooling:
        elsewhere = message(
            "By category: {amount} 万元 lapse outside the envelope of the category that is refused as much, although "
            "what categories leave is pooled.",
            amount=amounts["elsewhere"],
        )
    order = message(
        "By order: {amount} 万元 lapse where an item is refused more than that: the next in order does not fit, "
        "into this year or into a later one.",
        amount=amounts["order"],
    )
    later = message(
        "By later years: {amount} 万元 are refused that fit this year: their later payments do not fit into the "
        "envelopes of their years.",
        amount=amounts["later"],
    )
    if result.scenario.readings["envelope_limits"] == "commitments":
        later = message(
            "By commitments: {amount} 万元 are refused that could be paid: here the envelope limits commitments.",
            amount=amounts["later"],
        )
    return {"elsewhere": elsewhere, "order": order, "later": later}


def month_sentences(result: RunResult) -> Iterator[Message]:
    """Of the first year: what is paid by the middle of it, beside the year elapsed, and where it is furthest behind."""
    if result.scenario.payment_months is None:
        yield message("The scenario says no 'payment_months' (拨付月份), so nothing is said by month.")
        return
    frame = paid_by_month(result)
    first = frame[(frame.category == "*") & (frame.year == result.years[0]) & frame.rate.notna()]
    if first.empty:
        return
    rows = first.to_dict("records")
    june, furthest = rows[5], min(rows, key=_ahead)
    yield message(
        "By month, as the scenario's months of payment say: by the end of June {rate} of {year}'s envelope are paid on "
        "average, where {elapsed} of the year have gone by (序时进度); behind it with a probability of {behind}.",
        year=june["year"], rate=percent(june["rate"]), elapsed=percent(june["elapsed"]),
        behind=percent(june["probability_behind"]),
    )  # fmt: skip
    if _ahead(furthest) < 0:
        yield message(
            "It is furthest behind at the end of month {month}: {rate} against {elapsed}.",
            month=furthest["month"], rate=percent(furthest["rate"]), elapsed=percent(furthest["elapsed"]),
        )  # fmt: skip


def _ahead(row: Mapping[Any, Any]) -> float:
    """How far what is paid is ahead of the year elapsed, as a share."""
    return float(row["rate"] - row["elapsed"])
