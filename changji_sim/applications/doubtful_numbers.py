"""Numbers of applications that can hardly be right: another unit than their header says, a slip of some digits.

Each is a warning that names its rows; the numbers count as they stand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

import numpy as np

from ..base.faults import Fault
from ..base.messages import Message, message
from ..base.spelling import plain_text
from ..modes.support_mode import Applications, Cap, Column
from ..scenario.model import Item
from ..tables.table import Table
from .application import Application
from .chosen_columns import Place
from .known_columns import KnownColumns
from .rows_named import rows_named
from .written_units import MONTHS, SHARE, WAN, YEARS, unit_of

LARGE_WAN = 10_000.0  # 1亿元: yuan typed for 万元 are at least as many from 1万元 on
SMALL_WAN = 0.1  # 1,000元: 万元 typed for yuan
MUCH_WAN, RATHER_FAR = 1_000.0, 20  # 1,000万元 beside amounts of 50万元
FAR = 100  # times another amount: neither chance nor a generous applicant
FEW = 4  # amounts of which a middle says nothing
SHORT_MONTHS, LONG_MONTHS, LONG_YEARS = 5, 120, 6

Amounts = Mapping[str, Sequence[tuple[int, float]]]  # column -> lines and values


def doubtful_numbers(rows: Sequence[Application], known: KnownColumns, table: Table) -> Iterator[Fault]:
    """A warning for each kind of number that can hardly be right, with the rows it stands in."""
    columns = {**known.columns, **{column.name: column for column in known.decisions}}
    by_column: dict[str, list[tuple[int, float]]] = defaultdict(list)
    by_item: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for row in rows:
        for name, value in (*row.values.items(), *row.decision.items()):
            by_column[name].append((row.line, value))
            by_item[row.item, name].append((row.line, value))
    said: dict[str, set[int]] = defaultdict(set)
    for name, found in by_column.items():
        for what, lines in _of_column(columns[name], found):
            said[name] |= lines
            yield _warning(table, what, lines)
    for (_, name), found in by_item.items():
        lines = far_from_others(found) - said[name] if unit_of(columns[name]) == WAN else set()
        if lines:
            what = message(
                "{header} in {rows} is far from the other rows of the item: compare their units",
                header=columns[name].header, rows=rows_named(lines),
            )  # fmt: skip
            yield _warning(table, what, lines)
    yield from _above_its_investment(rows, columns, table)
    yield from _above_limits(rows, known, table, set().union(*said.values()))


def split_amounts(table: Table, at: Mapping[str, Place]) -> Iterator[Fault]:
    """A warning for amounts of a csv that a comma between thousands seems to have split: 1 and 234 for 1,234."""
    read = {place.position for place in at.values()}
    for place in at.values() if not table.sheet else ():
        column = place.position
        if place.own != WAN or column + 1 in read or column + 1 >= len(table.headers):
            continue
        lines = [row.line for row in table.rows if _is_split(plain_text(row.cells[column]), row.cells[column + 1])]
        if lines:
            what = message(
                "{header} in {rows} is followed by three digits in the next cell: if it is one amount with a comma, "
                "write it without",
                header=table.headers[column], rows=rows_named(lines),
            )  # fmt: skip
            yield _warning(table, what, lines)


def _is_split(amount: str, behind: object) -> bool:
    return bool(re.fullmatch(r"[1-9]\d{0,2}", amount) and re.fullmatch(r"\d{3}(\.\d+)?", plain_text(behind)))


def large_amounts(header: str, found: Iterable[tuple[int, float]]) -> tuple[Message, set[int]] | None:
    """The sentence about amounts of 1亿元 and more, with their lines; None where there are none."""
    large = [(line, value) for line, value in found if value >= LARGE_WAN]
    if not large:
        return None
    first = large[0][1]
    what = message(
        "{header} in {rows} is 10,000 万元 (1亿元) or more, the first {amount:,.10g}: were yuan given? In 万元 "
        "that is {wan:,.10g}",
        header=header, rows=rows_named(line for line, _ in large), amount=first, wan=first / LARGE_WAN,
    )  # fmt: skip
    return what, {line for line, _ in large}


def small_amounts(header: str, found: Iterable[tuple[int, float]]) -> tuple[Message, set[int]] | None:
    """The sentence about amounts of less than 1,000元, with their lines; None where there are none."""
    lines = {line for line, value in found if 0 < value < SMALL_WAN}
    if not lines:
        return None
    what = message(
        "{header} in {rows} is less than 1,000 元; were 万元 given for 元?", header=header, rows=rows_named(lines)
    )
    return what, lines


def _of_column(column: Column, found: Sequence[tuple[int, float]]) -> Iterator[tuple[Message, set[int]]]:
    """What is odd about the numbers of one column by themselves."""
    unit = unit_of(column)
    if unit == WAN:
        large = large_amounts(column.header, found)
        if large:
            yield large
        small = small_amounts(column.header, found)
        if small:
            yield small
    elif unit == SHARE:
        high = column.bounds[1]
        lines = {line for line, value in found if high is not None and high <= 1 and 0 < 100 * value <= high}
        if lines:
            what = message(
                "{header} in {rows} is so small that a hundred times as much could be meant: 3% is 3%, 3 under "
                "（%）, or 0.03",
                header=column.header, rows=rows_named(lines),
            )  # fmt: skip
            yield what, lines
    elif unit in (MONTHS, YEARS):
        is_odd = {MONTHS: lambda n: n <= SHORT_MONTHS or n >= LONG_MONTHS, YEARS: lambda n: n >= LONG_YEARS}[unit]
        lines = {line for line, value in found if is_odd(value)}
        if lines:
            what = message("{header} in {rows}: is it {unit} that was meant?", header=column.header,
                           rows=rows_named(lines), unit=unit)  # fmt: skip
            yield what, lines


def far_from_others(found: Sequence[tuple[int, float]]) -> set[int]:
    """Lines of amounts a hundred times more, or less, than the middle of an item's."""
    positive = [value for _, value in found if value > 0]
    if len(positive) < FEW:
        return {line for line, value in found if len(positive) > 1 and value >= FAR * min(positive)}
    middle = median(positive)
    far = {line for line, value in found if value > 0 and not middle / FAR < value < middle * FAR}
    return far | {line for line, value in found if value >= MUCH_WAN and value >= RATHER_FAR * middle}


def _above_its_investment(rows: Sequence[Application], columns: Mapping[str, Column], table: Table) -> Iterator[Fault]:
    asked, invested = "requested_wan", "total_investment_wan"
    lines = {row.line for row in rows if row.values.get(asked, 0) > row.values.get(invested, np.inf)}
    if lines:
        what = message(
            "{asked} is more than {invested} in {rows}: compare their units",
            asked=columns[asked].header, invested=columns[invested].header, rows=rows_named(lines),
        )  # fmt: skip
        yield _warning(table, what, lines)


def _above_limits(rows: Sequence[Application], known: KnownColumns, table: Table, said: set[int]) -> Iterator[Fault]:
    """Rows that ask a hundred times what a ceiling allows them, or more than the fund has in a year, but for those of
    which something is said already.
    """
    by_item: dict[tuple[str, int], list[Application]] = defaultdict(list)
    for row in rows:
        by_item[row.item, row.year].append(row)
    for (key, year), found in by_item.items():
        if year not in known.items[key].modes:
            continue
        asked = _demand(known.items[key], found, known, year)
        for limit, title in _limits(known.items[key], found, year):
            lines = {
                row.line for row, wan, most in zip(found, asked, limit, strict=True) if 0 < FAR * most <= wan
            } - said
            if lines:
                what = message(
                    "{rows} ask {times} times what the ceiling '{cap}' allows, or more: were yuan given?",
                    rows=rows_named(lines), times=FAR, cap=title,
                )  # fmt: skip
                yield _warning(table, what, lines)
        total = known.scenario.envelopes.total_wan.get(year)
        lines = {row.line for row, wan in zip(found, asked, strict=True) if total and wan > total} - said
        if lines:
            what = message(
                "{rows} ask more than the whole fund has in {year}, {total:,.10g} 万元: were yuan given?",
                rows=rows_named(lines), year=year, total=total,
            )  # fmt: skip
            yield _warning(table, what, lines)


def _demand(item: Item, rows: Sequence[Application], known: KnownColumns, year: int) -> np.ndarray:
    """What each row asks by the mode's formula, 万元; nothing where it cannot be worked out."""
    of_item = known.of(item.key, year)
    names = [name for name in of_item.asked_for if of_item.columns[name].kind != "text"]
    missing = {n: of_item.missing_value(n) for n in names}
    given = {n: np.array([row.values.get(n, missing[n]) for row in rows]) for n in names}
    try:
        with np.errstate(all="ignore"):
            table = Applications({**given, "is_enterprise": np.ones(len(rows), bool)}, year, len(rows))
            asked = np.asarray(item.modes[year].demand(table), float)
    except Exception:  # what is wrong with a mode is said where its numbers are used
        return np.zeros(len(rows))
    return np.nan_to_num(asked.reshape(len(rows), -1).max(axis=1))


def _limits(item: Item, rows: Sequence[Application], year: int) -> Iterator[tuple[list[float], str]]:
    """The ceilings that an application alone may meet, for each row, 万元."""
    for cap in item.caps[year]:
        if cap.level is None or cap.per == "count":
            continue
        yield [_limit(cap, cap.level, row) for row in rows], cap.title or cap.key


def _limit(cap: Cap, level: float, row: Application) -> float:
    return level * row.values.get(cap.of, np.inf) if cap.of else level


def _warning(table: Table, what: Message, lines: Iterable[int]) -> Fault:
    return Fault(table.where(min(lines)), what, is_warning=True)
