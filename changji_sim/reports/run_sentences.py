"""What is said of promises, ceilings, stakes, exact chances and effects of changes, so that it can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..base.messages import Message, message, named
from ..results.equity import equity
from ..results.exact import Exact
from ..results.monte_carlo import intervals_wan, wilson
from ..results.promises import any_and_all, promises
from ..results.run_result import RunResult
from ..results.touched import touched_a_year
from ..wording.amounts import decimal, percent, percent_with_error, signed_wan, wan, wan_with_error
from ..wording.labels import titles
from ..wording.language import Translator, cited, item_titles
from .briefing import mean_of

if TYPE_CHECKING:
    from ..whatif.article_effects import Effects

CHINESE, ENGLISH = Translator("zh"), Translator("en")


def tail_sentences(result: RunResult, has_errors: bool = False) -> Iterator[Message]:
    """What is still paid after the last year (`promises`), and how likely money is short in any and in every year."""
    paid, (ever, always) = promises(result), any_and_all(result)
    last, whole = result.years[-1], paid[(paid.item == "*") & (paid.year == 0)]
    amount = float(whole.mean_wan.sum())
    if amount:
        shown = wan_with_error(amount, *later_interval(result)) if has_errors else wan(amount)
        own = float(whole[whole.promised == last].mean_wan.sum())
        yield message(
            "After {last}, {amount} 万元 are still to be paid on average, {own} of it promised in {last}.",
            last=last,
            amount=shown,
            own=wan(own),
        )
    else:
        yield message("Nothing is left to pay after {last}.", last=last)
    if ever == ever:
        chances = [percent_with_error(p, *wilson(p, result.trial_count)) if has_errors else percent(p)
                   for p in (ever, always)]  # fmt: skip
        yield message(
            "Money is short in at least one year with a probability of {ever}, in every year with {always}.",
            ever=chances[0],
            always=chances[1],
        )


def later_interval(result: RunResult) -> tuple[float, float]:
    """The 95% interval of the mean of all that is paid after the last year, 万元."""
    later = sum((result.fen("payment", year) for year in result.tail), np.zeros(result.trial_count, np.int64))
    low, high = intervals_wan(later, ("mean_wan",))[0]
    return (0.0, 0.0) if low != low else (low, high)


def cap_sentences(result: RunResult) -> Iterator[Message]:
    """Which ceiling cuts most, and whom (`touched_a_year`)."""
    yearly = touched_a_year(result)
    of_items = yearly[(yearly.item != "*") & (yearly.mean_cut_wan > 0)]
    if of_items.empty:
        yield message("No ceiling cuts anything in any trial.")
        return
    first = of_items.iloc[0]
    yield message(
        "Of the ceilings of single items, {cap} of {item} ({article}) cuts most: {cut} 万元 {during}, "
        "from {count} applications of {people} applicants.",
        cap=named(first.cap_title, first.cap_title_en),
        item=named(first.item_title, first.item_title_en),
        article=_cited(first.article, first.article),
        cut=wan(first.mean_cut_wan),
        count=decimal(first.mean_applications),
        people=decimal(first.mean_applicants),
        during=named(*mean_of(result.years)),
    )


def exact_sentences(one: Exact, result: RunResult) -> Iterator[Message]:
    """The exact mean and 90% quantile of an item in a year, beside what a run says."""
    fen = result.fen(one.flow, one.year, one.item.key)
    low, high = intervals_wan(fen, ("mean_wan",))[0]
    yield message(
        "{title} {year}: {flow} is exactly {mean} 万元 on average, at most {p90} with 90%; {trials:,} trials say "
        "{seen}.",
        title=named(*(item_titles(result.scenario, say)[one.item.key] for say in (CHINESE, ENGLISH))),
        year=one.year,
        flow=named(*titles(one.flow)),
        mean=decimal(one.mean_wan, 2),
        p90=decimal(one.quantile_wan(0.9), 0),
        trials=result.trial_count,
        seen=wan_with_error(float(fen.mean()) / 1e6, low, high),
    )


def effect_sentences(found: Effects) -> Iterator[Message]:
    """What all changes do together, and which does most."""
    frame = found.frame()
    total, parts = frame.iloc[-1], frame.iloc[:-1]
    flow = named(*titles(found.flow))
    if total.is_same:
        yield message("No change makes a difference to {flow} in any trial: exactly 0.", flow=flow)
        return
    largest = parts.iloc[int(parts.effect_wan.abs().to_numpy().argmax())]
    yield message(
        "Together the changes move {flow} by {total} 万元 in all years on average; most by {part}: {effect} 万元.",
        flow=flow,
        total=signed_wan(total.effect_wan),
        part=_cited(largest.title, largest.title_en),
        effect=signed_wan(largest.effect_wan),
    )


def _cited(chinese: str, english: str) -> Message:
    return named(cited(chinese, CHINESE), cited(english, ENGLISH))


def equity_sentences(result: RunResult) -> Iterator[Message]:
    """What of the grants turns into stakes and is lost, and how often more than is tolerated (`equity`)."""
    book = equity(result)
    if book.empty:
        yield message("No grant turns into a stake.")
        return
    whole = book[book.item == "*"]
    last = whole.iloc[-1]
    turned, lost = float(whole.turned_wan.sum()), float(whole.loss_wan.sum())
    yield message(
        "Of {turned} 万元 turned into stakes on average, {lost} 万元 are lost, {share} of what is given up.",
        turned=wan(turned), lost=wan(lost), share=percent(float(last.loss_share)),
    )  # fmt: skip
    if last.probability_over == last.probability_over:
        yield message(
            "The loss exceeds the tolerated {tolerated} with a probability of {over}.",
            tolerated=percent(float(last.tolerated_share)), over=percent(float(last.probability_over)),
        )  # fmt: skip
    yield named(*titles("about", "equity"))
