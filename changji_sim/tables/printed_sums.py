"""Rows that are sums (合计、小计): each amount and count compared with the rows that it adds up."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from ..base.faults import Fault
from ..base.messages import Message, joined, message
from ..base.spelling import plain_text
from ..base.units import YUAN_A_UNIT
from .row_labels import amount_of
from .table import Row, column_letter

ROUNDED = 0.006  # how far a printed sum may be from the exact one: two decimals
_COUNTS = "项个条份笔件"  # of rows; 家 and 户 may count applicants
_UNITS = "|".join(sorted(YUAN_A_UNIT, key=len, reverse=True))
_NUMBER = re.compile(rf"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)({_UNITS}|[{_COUNTS}])?")
_BEFORE = re.compile(r".*[:：计和¥￥]")  # what stands before a number without a unit that is a sum: 合计：120
_OF_MONEY = re.compile(rf"[（(](?:单位[:：]?)?({_UNITS})[）)]$")
_ABOUT_MONEY = re.compile(r"金额|资金|经费|额$|投资")


class PrintedSum(NamedTuple):
    """A row of sums: its line and its cells."""

    line: int
    cells: list[Any]


class _Said(NamedTuple):
    """A number that a text of a sum says, with its unit: ``120万元``, ``12项``; ``""`` where it has none."""

    number: float
    unit: str


def check_sums(
    sums: Sequence[PrintedSum],
    rows: Sequence[Row],
    withdrawn: Sequence[Row],
    headers: Sequence[str],
    where: Callable[..., Message],
) -> Iterator[Fault]:
    """A warning for every row of sums; it says too which of its amounts the rows do not add up to.

    A sum may be that of all rows, of those above or below it, or of those between it and another; with the withdrawn
    ones or without. A text may hold it (``合计：120万元``), in another unit than its column.
    """
    everything = sorted((*rows, *withdrawn), key=lambda row: row.line)
    columns = [n for n in range(len(headers)) if any(amount_of(row.cells[n]) for row in rows)] if sums else []
    for each in sums:
        added = _Added(each.line, sums, rows, everything)
        wrong: list[Message] = []
        for column, cell in enumerate(each.cells):
            said = amount_of(cell)
            if said is not None and column in columns:
                wrong += added.wrong_amount(column, said)
            elif isinstance(cell, str):
                wrong += added.wrong_text(cell, [column] if column in columns else columns, headers)
        what: Message = message("this row is a sum and no entry; it was left out")
        yield Fault(where(each.line), joined([what, *wrong], "；", "; ") if wrong else what, is_warning=True)


@dataclass(frozen=True)
class _Added:
    """What the rows around one sum add up to.

    Args:
        line: of the sum.
        sums: all of the table's.
        rows, everything: the entries, without and with the withdrawn ones, by line.
    """

    line: int
    sums: Sequence[PrintedSum]
    rows: Sequence[Row]
    everything: Sequence[Row]

    def wrong_amount(self, column: int, said: float) -> Iterator[Message]:
        """The sentence about a number that no rows add up to."""
        found = self._of_column(column)
        if not any(abs(said - one) < ROUNDED for one in found):
            in_sight = sum(amount_of(row.cells[column]) or 0.0 for row in self.rows if not row.is_hidden)
            yield _wrong(column, said, found[0], abs(said - in_sight) < ROUNDED)

    def wrong_text(self, text: str, columns: Sequence[int], headers: Sequence[str]) -> Iterator[Message]:
        """The sentences about the numbers of a text that no rows add up to: amounts, and counts of rows."""
        plain = re.sub(r"\s", "", plain_text(text))
        for number, unit in _numbers_of(plain):
            if unit and unit in _COUNTS:
                found = [*self._each(self.rows, _one), *self._each(self.everything, _one)]
                if number not in found:
                    yield message("'{text}' counts {said:g}, but there are {found:g} rows",
                                  text=plain[:40], said=number, found=found[0])  # fmt: skip
                continue
            of_money = [n for n in columns if _unit_of(headers[n])] or [
                n for n in columns if len(columns) == 1 or _ABOUT_MONEY.search(headers[n])
            ]
            if of_money and not any(self._may_be(number, unit, n, headers[n]) for n in of_money):
                parts = [
                    message("{column} {found:,.10g}", column=column_letter(n), found=self._of_column(n)[0])
                    for n in of_money
                ]
                yield message("'{text}' is not what the rows add up to: {found}",
                              text=plain[:40], found=joined(parts))  # fmt: skip

    def _may_be(self, number: float, unit: str, column: int, header: str) -> bool:
        """Whether a column adds up to a number, in the unit of either; any unit will do where one is not named."""
        own, other = YUAN_A_UNIT.get(_unit_of(header)), YUAN_A_UNIT.get(unit)
        units = [own] if own else [1.0, 1e3, 1e4]
        factors = [one / other for one in units] if other else [1.0]
        return any(abs(number - one * factor) < ROUNDED for one in self._of_column(column) for factor in factors)

    def _of_column(self, column: int) -> list[float]:
        def value(row: Row) -> float:
            return amount_of(row.cells[column]) or 0.0

        return [*self._each(self.rows, value), *self._each(self.everything, value)]

    def _each(self, rows: Sequence[Row], value: Callable[[Row], float]) -> Iterator[float]:
        """What the sum may be: of all rows, first; of those above or below; of those up to each other sum."""
        upto = [0.0, *accumulate(map(value, rows))]
        lines = [row.line for row in rows]
        here = upto[bisect(lines, self.line)]
        yield upto[-1]
        yield from (here, upto[-1] - here)
        for other in self.sums:
            if other.line != self.line:
                yield abs(here - upto[bisect(lines, other.line)])


def _one(_row: Row) -> float:
    return 1.0


def _numbers_of(text: str) -> Iterator[_Said]:
    """The numbers with a unit in a text, and one without behind a label, at the text's end."""
    for found in _NUMBER.finditer(text):
        if found[2] or (found.end() == len(text) and _BEFORE.fullmatch(text[: found.start()])):
            yield _Said(float(found[1].replace(",", "")), found[2] or "")


def _unit_of(header: str) -> str:
    found = _OF_MONEY.search(header)
    return found[1] if found else ""


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
