"""What is said of a year at its middle (年中), so that it can be read aloud: which lines are short, which have room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..base.messages import Message, joined, message, named
from ..budget_year.line_titles import category_in_both, item_titles_in_both, line_title
from ..budget_year.mid_year import EVEN, ODD, ROOM, SHORT, MidYear, rows_of
from ..measure.article_numbers import article_number
from ..scenario.model import GUIDE
from ..wording.amounts import decimal, percent, wan


def mid_year_sentences(year: MidYear) -> Iterator[Message]:
    """What is known; each line that is short, then each with room; what may be moved; what the ledger contradicts."""
    items, lines = year.items(), year.lines()
    if year.as_of is None:
        yield message("The ledger is empty: the forecast is that of January.")
    else:
        yield message(
            "To {day}: {seen} applications, {approved} of them approved with {amount} 万元, {paid} 万元 paid; the rest "
            "of {year} is simulated given them.",
            day=_day(str(year.as_of)), seen=int(items.seen.sum()), approved=int(items.approved.sum()),
            amount=wan(items.approved_wan.sum()), paid=wan(items.paid_wan.sum()), year=year.year,
        )  # fmt: skip
    for row in rows_of(lines[lines.advice == SHORT]):
        yield _short(year, row)
    for row in rows_of(lines[lines.advice == ROOM]):
        yield message(
            "{line} has room: {left} 万元 of {limit} are left at the year's end in 9 of 10 futures.",
            line=line_title(year.scenario, row), left=wan(row.sure_left_wan), limit=wan(row.limit_wan),
        )  # fmt: skip
    even = lines[lines.advice == EVEN]
    if len(even):
        named_lines = joined([line_title(year.scenario, row) for row in rows_of(even)])
        yield message("Neither short nor with room worth naming: {lines}.", lines=named_lines)
    yield from _moves(year)
    yield from _odd(year)


def _short(year: MidYear, row: Any) -> Message:
    about = {
        "line": line_title(year.scenario, row), "chance": percent(row.probability_short), "lacking": wan(row.short_wan),
        "left": wan(row.left_wan),
    }  # fmt: skip
    if row.item == "*":
        return message(
            "{line} will be short with a probability of {chance}: {lacking} 万元 lack on average; {left} 万元 are "
            "neither approved nor promised.",
            **about,
        )
    ends = _ends(row)
    if not row.gone:
        return message(
            "{line} will be short with a probability of {chance}: {lacking} 万元 are cut on average, {left} 万元 are "
            "left to approve; {ends}.",
            ends=ends, **about,
        )  # fmt: skip
    return message(
        "{line} will be short with a probability of {chance}, from {day} on in half of all futures: {lacking} 万元 are "
        "cut on average, {left} 万元 are left to approve; {ends}.",
        day=_day(row.gone), ends=ends, **about,
    )  # fmt: skip


def _day(iso: str) -> Message:
    """A day as a sentence says it."""
    year, month, day = map(int, iso.split("-"))
    return named(f"{year}年{month}月{day}日", iso)


def _ends(row: Any) -> Message:
    """Who may allow more."""
    if row.article == GUIDE:
        return message("the guide may set more, within the law")
    return message("{article} allows no more", article=_cited(row.article))


def _cited(article: str) -> Message:
    number = article_number(article)
    english = article if number is None else f"Art. {number[0]}" + (f"({number[1]})" if number[1] else "")
    return named(article, english)


def _moves(year: MidYear) -> Iterator[Message]:
    for row in rows_of(year.moves()):
        yield message(
            "{amount} 万元 may be moved from {giver} to {taker} (调剂); no ceiling and no total is exceeded by it.",
            amount=wan(row.amount_wan), giver=category_in_both(year.scenario, row.from_category),
            taker=category_in_both(year.scenario, row.to_category),
        )  # fmt: skip


def _odd(year: MidYear) -> Iterator[Message]:
    items, titles = year.items(), item_titles_in_both(year.scenario)
    known = items[items.seen > 0] if year.as_of is not None else items[:0]
    for row in rows_of(known[known.probability_so_far < ODD]):
        yield message(
            "{item}: {seen} applications so far, {expected} were expected; so far off with a probability below 1%: "
            "check the assumption.",
            item=titles[row.item], seen=row.seen, expected=decimal(row.expected_so_far, 1),
        )  # fmt: skip
    actuals = year.scenario.actuals
    if actuals is not None and actuals.unopened:
        unknown = joined([titles[key] for key in actuals.unopened])
        yield message("Nothing is known of {items}: their year is that of January.", items=unknown)
