"""What a table of applications, or an opening ledger, comes to; and which of its rows something is said about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from random_slips import Sheet

from changji_sim.applications.known_columns import KnownColumns
from changji_sim.applications.register_file import ApplicationsFile, applications_of
from changji_sim.assess.assess_applications import law_scenario
from changji_sim.assess.assessment import Assessment
from changji_sim.base.faults import Fault
from changji_sim.scenario.model import OpeningRow
from changji_sim.scenario_file.opening_file import opening_of

LAW = law_scenario()
KNOWN = KnownColumns(LAW)


@dataclass
class Outcome:
    """What was made of a sheet: an amount for each row, or faults; and warnings."""

    amounts: dict[int, object]  # line -> what the row comes to
    faults: list[Fault]
    warnings: list[Fault]


def of_register(sheet: Sheet) -> Outcome:
    """The entitlement of each row, fen."""
    file, faults = applications_of(sheet.table(), KNOWN)
    return Outcome({} if faults else entitlements(file), faults, list(file.warnings))


def entitlements(file: ApplicationsFile) -> dict[int, object]:
    """Line and entitlement of each row of a file, fen."""
    done = Assessment(file, file.rows, LAW, {"valid_registrations": np.array([80.0])})
    done.run()
    return {row.line: int(book.entitlement[n].sum()) for book in done.books.values() for n, row in enumerate(book.rows)}


def of_opening(sheet: Sheet) -> Outcome:
    """Each promise of a ledger."""
    rows, found = opening_of(sheet.table("台账.xlsx"), LAW.items, LAW.years)
    faults = [fault for fault in found if not fault.is_warning]
    lines = [sheet.line(n) for n in range(len(sheet.rows))]
    return Outcome({} if faults else promises(rows, lines), faults, [fault for fault in found if fault.is_warning])


def promises(rows: Sequence[OpeningRow], lines: Sequence[int]) -> dict[int, object]:
    """Line and promise of each row, its applicant by the number in which applicants come."""
    number: dict[str, int] = {}
    found: dict[int, object] = {}
    for line, row in zip(lines, rows, strict=True):
        who = number.setdefault(row.applicant, len(number))
        due = tuple((year, round(wan * 1e6)) for year, wan in sorted(row.due_wan.items()))
        money = (round(row.committed_wan * 1e6), round(row.paid_wan * 1e6), due)
        found[line] = (row.item, who, *money, row.acceptance_year, row.rating, row.bar_until)
    return found


def lines_named(found: Iterable[Fault]) -> set[int]:
    """The rows that faults or warnings name."""
    lines: set[int] = set()
    for fault in found:
        for stretch in re.findall(r"\brows? (\d+(?:–\d+)?(?:, \d+(?:–\d+)?)*)", str(fault)):
            for part in stretch.split(", "):
                first, _, last = part.partition("–")
                lines |= set(range(int(first), int(last or first) + 1))
    return lines


def silent_rows(clean: Sheet, dirty: Sheet, outcome_of: Callable[[Sheet], Outcome]) -> set[int]:
    """Dirtied rows because of which the amounts are others, without a word about them.

    Rows about which something is said are taken out of both sheets, and the rest is looked at again: as if the person
    had mended them.
    """
    clean, dirty = clean.copy(), with_marks(dirty)
    origin = list(range(len(clean.rows)))  # of each row that is left
    while origin:
        got, right = outcome_of(dirty), outcome_of(clean)
        assert not right.faults, right.faults
        lines = lines_named(got.faults or got.warnings)
        if got.faults and (dirty.header_line in lines or not lines):
            return set()  # the table as a whole is refused
        amounts = [got.amounts.get(dirty.line(n)) for n in range(len(origin))]
        if not got.faults and amounts == [right.amounts.get(clean.line(n)) for n in range(len(origin))]:
            return set()
        told = {n for n in range(len(origin)) if dirty.line(n) in lines and (got.faults or n in dirty.dirtied)}
        if not told:
            return {origin[n] for n in dirty.dirtied} or {-1}
        origin = [row for n, row in enumerate(origin) if n not in told]
        clean, dirty = without(clean, told), without(dirty, told)
    return set()


def with_marks(sheet: Sheet) -> Sheet:
    """A copy that knows which of its rows were dirtied."""
    other = sheet.copy()
    other.dirtied = set(sheet.dirtied)
    return other


def without(sheet: Sheet, rows: set[int]) -> Sheet:
    """The sheet without some rows; the others keep their lines."""
    kept = [n for n in range(len(sheet.rows)) if n not in rows]
    place = {n: to for to, n in enumerate(kept)}
    other = Sheet(list(sheet.headers), [list(sheet.rows[n]) for n in kept], list(sheet.titles))
    other.numbers = [sheet.numbers[n] if sheet.numbers else n for n in kept]
    other.formats = {(place[r], c): text for (r, c), text in sheet.formats.items() if r in place}
    other.dirtied = {place[n] for n in sheet.dirtied if n in place}
    return other
