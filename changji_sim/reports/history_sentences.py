"""What is said of assumptions fitted to past years (往年)."""

from __future__ import annotations

from collections.abc import Iterator

from ..base.messages import Message, joined, message
from ..history.fit import FittedHistory


def fit_sentences(found: FittedHistory) -> Iterator[Message]:
    """What they rest on, then what is thin, and what was not fitted."""
    yield message(
        "{rows} rows of {years}, each year taken as complete; numbers of applications are those of {base}",
        rows=sum(sum(by_year.values()) for by_year in found.counts.values()),
        years=joined(map(str, found.years)), base=found.scenario.base_year,
    )  # fmt: skip
    yield from found.notes
