"""Rows that are sums (合计、小计): each amount compared with the rows that it adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from ..base.faults import Fault
from ..base.messages import Message, joined, message
from .row_labels import amount_of
from .table import Row, column_letter

ROUNDED = 0.006  # how far a printed sum may be from the exact one: two decimals


class PrintedSum(NamedTuple):
    """A row of sums: its line, its cells, and how many entries stand above it."""

    line: int
    cells: list[Any]
    above: int


def check_sums(
    sums: Sequence[PrintedSum], rows: Sequence[Row], withdrawn: Sequence[Row], where: Callable[..., Message]
) -> Iterator[Fault]:
    """A warning for every row of sums; it says too which of its amounts the rows do not add up to.

    A sum may be that of all rows, of those above or below it, or of those since the last sum; with the withdrawn ones
    or without.
    """
    ends = [0, *(each.above for each in sums), len(rows)]
    for n, each in enumerate(sums):
        wrong = []
        for column, cell in enumerate(each.cells):
            said = amount_of(cell)
            if said is None:
                continue
            amounts = [amount_of(row.cells[column]) or 0.0 for row in rows]
            if not any(amounts):
                continue
            upto = [0.0, *accumulate(amounts)]
            away = sum(amount_of(row.cells[column]) or 0.0 for row in withdrawn)
            found = upto[-1]
            allowed = [found, found + away, upto[each.above], *(upto[each.above] - upto[end] for end in ends[: n + 1])]
            allowed += [upto[end] - upto[each.above] for end in ends[n + 2 :]]
            if any(abs(said - one) < ROUNDED for one in allowed):
                continue
            in_sight = sum(amount_of(row.cells[column]) or 0.0 for row in rows if not row.is_hidden)
            wrong.append(_wrong(column, said, found, abs(said - in_sight) < ROUNDED))
        what: Message = message("this row is a sum and no entry; it was left out")
        yield Fault(where(each.line), joined([what, *wrong], "；", "; ") if wrong else what, is_warning=True)


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
