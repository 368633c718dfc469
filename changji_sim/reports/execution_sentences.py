"""What is said of a budget's execution (预算执行率): what is paid, what lapses, what is refused beside it, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ..base.messages import Message, message
from ..results.execution import execution, lapse_reasons
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
    frame, envelopes = lapse_reasons(result), result.scenario.envelopes
    of = frame[frame.year == year].to_dict("records")[0]
    said = {name: wan(amount) for name, amount in of.items() if name != "year" and amount >= LEAST_SAID}
    if "idle_wan" in said and "gone_wan" in said:
        yield message(
            "By chance: {idle} 万元 lapse beyond what the same future refuses, {gone} 万元 are refused beyond what the "
            "same future has left; some have little demand, others much.",
            idle=said["idle_wan"], gone=said["gone_wan"],
        )  # fmt: skip
    if "elsewhere_wan" in said and envelopes.pooling:
        yield message(
            "By category: {amount} 万元 lapse outside the envelope of the category that is refused as much, although "
            "what categories leave is pooled.",
            amount=said["elsewhere_wan"],
        )
    elif "elsewhere_wan" in said:
        yield message(
            "By category: {amount} 万元 lapse outside the envelope of the category that is refused as much; what "
            "categories leave is not pooled.",
            amount=said["elsewhere_wan"],
        )
    if "order_wan" in said:
        yield message(
            "By order: {amount} 万元 lapse where an item is refused more than that: the next in order does not fit, "
            "into this year or into a later one.",
            amount=said["order_wan"],
        )
    if "later_wan" in said and result.scenario.readings["envelope_limits"] == "commitments":
        yield message(
            "By commitments: {amount} 万元 are refused that could be paid: here the envelope limits commitments.",
            amount=said["later_wan"],
        )
    elif "later_wan" in said:
        yield message(
            "By later years: {amount} 万元 are refused that fit this year: their later payments do not fit into the "
            "envelopes of their years.",
            amount=said["later_wan"],
        )
