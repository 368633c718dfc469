"""The opening position (期初台账): a table of what was promised before the first year, headers English or Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..applications.applicants import Applicants
from ..applications.chosen_columns import ChosenColumns
from ..applications.doubtful_numbers import far_from_others, large_amounts, small_amounts
from ..applications.known_columns import KnownColumns, ReadAs
from ..applications.repeated_marks import without_marks
from ..applications.rows_named import rows_named
from ..base.faults import Fault, FaultyInput, nearest
from ..base.messages import message
from ..base.spelling import identity, plain_text
from ..scenario.model import Item, LeftOut, OpeningRow
from ..tables.read_table import read_table
from ..tables.table import ExpectedColumns, Row, Table
from .opening_columns import APPLIED, HEADERS, NAMES, NEEDED, column_name, due_header, due_name, read_as
from .opening_rows import OpeningReader

EXPECTED = ExpectedColumns(column_name, NEEDED, entry=("applicant",), printed=("item",))

Where = Callable[[int], str]  # the place of a line, as a fault names it


def read_opening(
    path: Path,
    items: Sequence[Item],
    years: Sequence[int],
    left_out: Sequence[LeftOut] = (),
    known: Callable[[], KnownColumns] | None = None,
) -> tuple[tuple[OpeningRow, ...], list[Fault]]:
    """Read an opening file.

    Args:
        path: a table with the columns of `HEADERS`, and one ``due_<year>`` (``<year>年应拨``) a year; others are not
            read.
        items: the scenario's items; a row names its item by key or Chinese title.
        years: the years simulated; nothing may fall due before them.
        known: gives the columns of applications, for a file that says what running ones stated.

    Returns:
        the rows without a fault, each applicant under one name; and every fault: a committed amount other than paid
        plus due, an unknown item, …; what is odd or was converted is a warning.
    """
    try:
        table = read_table(path, EXPECTED)
    except FaultyInput as error:
        return (), list(error.faults)
    return opening_of(table, items, years, left_out, known)


def opening_of(
    table: Table,
    items: Sequence[Item],
    years: Sequence[int],
    left_out: Sequence[LeftOut] = (),
    known: Callable[[], KnownColumns] | None = None,
) -> tuple[tuple[OpeningRow, ...], list[Fault]]:
    """The opening position in a table, and every fault and warning, as `read_opening`."""
    says_what_was_applied = any(column_name(header) in APPLIED for header in table.headers if header)
    stated = known() if known is not None and says_what_was_applied else None
    chosen = ChosenColumns(table, read_as if stated is None else partial(_read_as_either, stated))
    chosen.choose()
    faults = [*table.faults, *chosen.faults, *_missing(table, chosen)]
    notes = [*table.notes, *chosen.notes.values(), *_unknown(table, chosen, years)]
    if faults:
        return (), notes + faults
    marks = [chosen.at[name].position for name in NAMES if name in chosen.at]
    rows = without_marks(table, marks, faults, notes)
    reader = OpeningReader(table, chosen.at, {item.key: item for item in items}, years, left_out, stated)
    read = {row.line: found for row in rows if (found := reader.read_row(row)) is not None}
    faults += reader.all_faults()
    notes += [*_repeated(table.where, rows), *_doubtful(table, read)]
    read = _one_name_each(table, read, faults, notes)
    faults += _given_twice(table.where, read, {item.key: item for item in items})
    return tuple(read.values()), notes + faults


def _read_as_either(stated: KnownColumns, header: str) -> list[ReadAs]:
    """What a header stands for in a ledger; else, in an application."""
    of_applications = [read for read in stated.read_as(header) if read.name not in HEADERS]
    is_exact = any(read.rank == 0 for read in of_applications)  # 期限（月） is no term in years where loans have it
    return read_as(header) or [read for read in of_applications if read.rank == 0 or not is_exact]


def _missing(table: Table, chosen: ChosenColumns) -> Iterator[Fault]:
    for name in NEEDED:
        if name not in chosen.at:
            what = message("the column '{name}' ({title}) is missing", name=name, title=HEADERS[name])
            yield Fault(table.where(table.header_line), what)


def _unknown(table: Table, chosen: ChosenColumns, years: Sequence[int]) -> Iterator[Fault]:
    """A warning for each column that is not read and resembles one that would be."""
    for position, header in chosen.unknown():
        year = re.search(r"20\d\d", header)  # a header of one year is never said to be that of another
        due = int(year[0]) if year else years[0]
        hint = nearest(header, [*HEADERS, *HEADERS.values(), due_name(due), due_header(due)])
        if hint:
            what = message("the column '{name}' is not known and not read{hint}", name=header, hint=hint)
            yield Fault(table.where(table.header_line, position), what, is_warning=True)


def _one_name_each(
    table: Table, rows: Mapping[int, OpeningRow], faults: list[Fault], notes: list[Fault]
) -> dict[int, OpeningRow]:
    """The rows with one name an applicant and platform, by credit code where it stands."""
    applicants, platforms = Applicants(), Applicants()
    for line, row in rows.items():
        applicants.mention(row.applicant, row.credit_code, (table, line))
        if row.platform:
            platforms.mention(row.platform, "", (table, line))
    names, of_platform = applicants.names(), platforms.names()
    faults += applicants.faults()
    notes += [*applicants.warnings(), *platforms.warnings()]
    return {
        line: replace(
            row,
            applicant=names[applicants.key(row.applicant, row.credit_code)],
            platform=of_platform[platforms.key(row.platform)] if row.platform else "",
        )
        for line, row in rows.items()
    }


def _doubtful(table: Table, rows: Mapping[int, OpeningRow]) -> Iterator[Fault]:
    """Warnings about amounts that can hardly be right: in another unit than the others, or than the header says."""
    found = {
        HEADERS["committed_wan"]: [(line, row.committed_wan) for line, row in rows.items()],
        HEADERS["paid_wan"]: [(line, row.paid_wan) for line, row in rows.items()],
    }
    for year in sorted({year for row in rows.values() for year in row.due_wan}):
        found[due_header(year)] = [(line, row.due_wan.get(year, 0.0)) for line, row in rows.items()]
    said: set[int] = set()
    for header, amounts in found.items():
        large = large_amounts(header, amounts)
        if large and not large[1] <= said:
            said |= large[1]
            yield Fault(table.where(min(large[1])), large[0], is_warning=True)
    small = small_amounts(HEADERS["committed_wan"], found[HEADERS["committed_wan"]])
    if small:
        yield Fault(table.where(min(small[1])), small[0], is_warning=True)
    by_item: dict[str, list[tuple[int, float]]] = {}
    for line, row in rows.items():
        by_item.setdefault(row.item, []).append((line, row.committed_wan))
    for amounts in by_item.values():
        lines = far_from_others(amounts) - said
        if lines:
            what = message(
                "{header} in {rows} is far from the other rows of the item: compare their units",
                header=HEADERS["committed_wan"], rows=rows_named(lines),
            )  # fmt: skip
            yield Fault(table.where(min(lines)), what, is_warning=True)


def _repeated(where: Where, rows: Sequence[Row]) -> Iterator[Fault]:
    """A warning for every row that stands in the file a second time."""
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        before = first.setdefault(tuple(map(plain_text, row.cells)), row.line)
        if before != row.line:
            what = message(
                "this row is the same as line {line}; both count, so delete one if it was entered twice", line=before
            )
            yield Fault(where(row.line), what, is_warning=True)


def _given_twice(where: Where, rows: Mapping[int, OpeningRow], items: Mapping[str, Item]) -> Iterator[Fault]:
    """A fault for every award given once that stands as given a second time.

    A row without an amount may say again, of the same applicant, that it was given.
    """
    first: dict[tuple[str, str], tuple[int, OpeningRow]] = {}
    for line, row in rows.items():
        once_per = items[row.item].once_per
        if once_per is None or not (row.is_award_given or row.committed_wan):
            continue
        holder = row.platform if once_per == "platform" else row.applicant
        before, other = first.setdefault((row.item, identity(holder)), (line, row))
        is_repeated = not (row.committed_wan and other.committed_wan) and row.applicant == other.applicant
        if before != line and not is_repeated:
            item = items[row.item]
            if once_per == "platform":
                what = message(
                    "{item} is given once a platform, and line {line} gave it for '{name}' already; keep one row",
                    item=item.title, line=before, name=holder,
                )  # fmt: skip
            else:
                what = message(
                    "{item} is given once an applicant, and line {line} gave it for '{name}' already; keep one row",
                    item=item.title, line=before, name=holder,
                )  # fmt: skip
            yield Fault(where(line), what, item.article)
        elif row.committed_wan:
            first[row.item, identity(holder)] = (line, row)
