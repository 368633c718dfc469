"""What is said of two numbers against each other (两项对照图), so that it can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator

from ..adjustable.adjustable import Adjustable
from ..base.messages import Message, message, named
from ..whatif.regime_map import RegimeMap
from ..whatif.seek import amount
from ..wording.amounts import percent
from .guess_sentences import number_title, years_of

DIGITS = 5  # of a value that are said


def map_sentences(found: RegimeMap) -> Iterator[Message]:
    """How likely money is short over the map, which limit decides in most cells, and where the scenario stands."""
    cells = found.cells.dropna(subset=["probability_short"])
    if not len(cells):
        yield message("No value of the two can be had.")
        return
    least, most = (percent(float(one)) for one in (cells.probability_short.min(), cells.probability_short.max()))
    yield message("Over this map P(short) in {years} runs from {least} to {most}.",
                  years=years_of(found.years), least=least, most=most)  # fmt: skip
    if found.limits:
        key, titles = next(iter(found.limits.items()))
        count = int((cells.limit == key).sum())
        yield message("{limit} decides in {count} of {all} cells.", limit=named(*titles), count=count, all=len(cells))
    yield message(
        "X is {x}, today {x_now}; Y is {y}, today {y_now}.",
        x=_title(found, found.x), x_now=short_amount(found.x, found.x.value),
        y=_title(found, found.y), y_now=short_amount(found.y, found.y.value),
    )  # fmt: skip


def short_amount(one: Adjustable, value: float | None) -> str:
    """A value of a number in few digits; a dash where none is set."""
    return "–" if value is None else amount(float(f"{value:.{DIGITS}g}"), one.unit)


def _title(found: RegimeMap, one: Adjustable) -> Message:
    return number_title(found.scenario, one.group, one.title, one.title_en)
