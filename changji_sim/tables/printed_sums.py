"""Rows that are sums (合计、小计): each amount compared with the rows that it adds up."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from ..base.faults import Fault
from ..base.messages import Message, joined, message
from .row_labels import amount_of
from .table import Row, column_letter

ROUNDED = 0.006  # how far a printed sum may be from the exact one: two decimals


class PrintedSum(NamedTuple):
    """A row of sums: its line and its cells."""

    line: int
    cells: list[Any]


def check_sums(
    sums: Sequence[PrintedSum], rows: Sequence[Row], withdrawn: Sequence[Row], where: Callable[..., Message]
) -> Iterator[Fault]:
    """A warning for every row of sums; it says too which of its amounts the rows do not add up to.

    A sum may be that of all rows, of those above or below it, or of those between it and another; with the withdrawn
    ones or without.
    """
    everything = sorted((*rows, *withdrawn), key=lambda row: row.line)
    for each in sums:
        wrong = []
        for column, cell in enumerate(each.cells):
            said = amount_of(cell)
            if said is None or not any(amount_of(row.cells[column]) for row in rows):
                continue
            found = [*_sums_of(rows, column, each.line, sums), *_sums_of(everything, column, each.line, sums)]
            if any(abs(said - one) < ROUNDED for one in found):
                continue
            in_sight = sum(amount_of(row.cells[column]) or 0.0 for row in rows if not row.is_hidden)
            wrong.append(_wrong(column, said, found[0], abs(said - in_sight) < ROUNDED))
        what: Message = message("this row is a sum and no entry; it was left out")
        yield Fault(where(each.line), joined([what, *wrong], "；", "; ") if wrong else what, is_warning=True)


def _sums_of(rows: Sequence[Row], column: int, line: int, sums: Sequence[PrintedSum]) -> Iterator[float]:
    """What a sum in a line may be: that of all rows, first; of those above or below; of those up to each other sum."""
    upto = [0.0, *accumulate(amount_of(row.cells[column]) or 0.0 for row in rows)]
    lines = [row.line for row in rows]
    here = upto[bisect(lines, line)]
    yield upto[-1]
    yield from (here, upto[-1] - here)
    for other in sums:
        if other.line != line:
            yield abs(here - upto[bisect(lines, other.line)])


def _wrong(column: int, said: float, found: float, is_of_rows_in_sight: bool) -> Message:
    letter = column_letter(column)
    if is_of_rows_in_sight:
        return message(
            "{column} says {said:,.10g}, the sum of the rows in sight alone; all rows add up to {found:,.10g}",
            column=letter, said=said, found=found,
        )  # fmt: skip
    return message(
        "{column} says {said:,.10g}, but the rows add up to {found:,.10g}", column=letter, said=said, found=found
    )
