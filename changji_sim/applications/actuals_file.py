"""A ledger of the year so far (年中台账): real applications, what was decided and paid, up to a day; read and checked.

The columns are those of a register, with 批准日期, 已拨金额 and 拨付日期 beside what was decided. One file may hold all
items. An empty ledger, headers alone, says nothing.
"""

from __future__ import annotations

import datetime
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base.faults import Fault
from ..base.files import bytes_of, sha256
from ..base.messages import Message, message, named
from ..base.units import year_fraction
from ..scenario.actuals import DECIDED_SCORE, Actuals
from ..scenario.input_files import APPROVED, DAY, PASSED, SCORE
from ..scenario.model import Item, OpeningRow, ScenarioModel
from ..tables.read_table import read_table
from .application import Application
from .cells import EPOCH
from .known_columns import DECISIONS_TO_A_DAY, KnownColumns
from .register_file import ApplicationsFile, applications_of, expected_columns

DECIDED_ON, PAID, PAID_ON = "decided_on", "paid_wan", "paid_on"
YUAN_A_WAN = 10_000


@dataclass(frozen=True, eq=False)
class ActualsFile:
    """A ledger as read. ``actuals`` is None where it has no row; ``opening`` are the scenario's promises, with the
    names that its rows have.
    """

    file: ApplicationsFile | None
    actuals: Actuals | None
    opening: tuple[OpeningRow, ...]
    warnings: tuple[Fault, ...] = ()

    def where(self, line: int, name: str) -> Message | str:
        """Where a cell stands, as a fault names it."""
        assert self.file is not None  # only rows have faults
        place = self.file.columns.get(name)
        return self.file.table.where(line, None if place is None else place.position)


def read_actuals(
    path: str | os.PathLike[str],
    scenario: ScenarioModel,
    as_of: datetime.date | None = None,
    closed: Sequence[str] = (),
    unopened: Sequence[str] = (),
    is_complete: bool = False,
) -> tuple[ActualsFile, list[Fault]]:
    """The ledger of the scenario's first year, and its faults.

    Args:
        as_of: the day up to whose end it holds everything; by default the last day in it.
        closed, unopened: keys of items that take no more applications, or whose call is still to come.
        is_complete: an item without a row has had no application; otherwise nothing is known of it.

    Raises:
        FaultyInput: there is no table that can be read.
    """
    path, year = Path(path), scenario.years[0]
    known = KnownColumns(scenario, DECISIONS_TO_A_DAY)
    table = read_table(path, expected_columns(known))
    faults = list(_faulty_day(as_of, year))
    if not table.rows and not table.faults:
        return ActualsFile(None, None, scenario.opening, tuple(table.notes)), faults
    file, found = applications_of(table, known)
    day = as_of or _last_day(file, year)
    read = ActualsFile(file, None, file.opening or scenario.opening, tuple(file.warnings))
    faults += [*found, *_faulty_rows(read, day, as_of is not None, scenario, unopened)]
    there = {row.item for row in file.rows}
    unknown = () if is_complete else (item.key for item in scenario.items if item.key not in {*there, *closed})
    none_so_far = tuple(dict.fromkeys((*unopened, *unknown)))
    about: dict[str, Any] = {
        "closed": tuple(closed),
        "unopened": none_so_far,
        "path": path,
        "sha256": sha256(bytes_of(path)),
    }
    actuals = Actuals(day, **_by_item(file, scenario), **about)
    return ActualsFile(file, actuals, read.opening, read.warnings), faults


def _faulty_day(as_of: datetime.date | None, year: int) -> Iterator[Fault]:
    if as_of is not None and as_of.year != year:
        what = message(
            "the day {day} is not in {year}, the first year of the scenario; figures are given for that year",
            day=str(as_of), year=year,
        )  # fmt: skip
        yield Fault("--as-of", what)


def _last_day(file: ApplicationsFile, year: int) -> datetime.date:
    """The last day of a ledger within the year."""
    days = [_day(row.decision[name]) for row in file.rows for name in (DECIDED_ON, PAID_ON) if name in row.decision]
    days += [row.submitted for row in file.rows]
    return max((day for day in days if day.year == year), default=datetime.date(year, 1, 1))


def _day(days_since_1970: float) -> datetime.date:
    return EPOCH + datetime.timedelta(days=int(days_since_1970))


def is_approved(row: Application) -> bool:
    """Whether an amount was approved."""
    return row.decision.get(APPROVED, 0.0) > 0


# --- faults -----------------------------------------------------------------------------------------------------------


def _faulty_rows(
    read: ActualsFile, as_of: datetime.date, is_given: bool, scenario: ScenarioModel, unopened: Sequence[str]
) -> Iterator[Fault]:
    assert read.file is not None  # a ledger without rows has no faulty ones
    items = {item.key: item for item in scenario.items}
    for row in read.file.rows:
        yield from _faulty_dates(read, row, as_of, scenario.years[0])
        yield from _faulty_amounts(read, row)
        if row.item in unopened:
            what = message(
                "{item} has an application of {day}, so its call is open (--not-open)",
                item=_titled(items[row.item]), day=str(row.submitted),
            )  # fmt: skip
            yield Fault(read.where(row.line, "item"), what)
    for key in dict.fromkeys(row.item for row in read.file.rows):
        if scenario.years[0] in items[key].registers:
            what = message(
                "the scenario reads a register of {item} for {year} already; take it out, or leave its rows out here",
                item=_titled(items[key]), year=scenario.years[0],
            )  # fmt: skip
            yield Fault(read.file.path.name, what)


def _faulty_dates(read: ActualsFile, row: Application, as_of: datetime.date, year: int) -> Iterator[Fault]:
    if row.year != year:
        what = message(
            "it is an application of {found}; these are the figures of {year}. What was promised before belongs into "
            "the opening ledger (期初台账); an application that counts in {year} has that budget year (预算年度)",
            found=row.year, year=year,
        )  # fmt: skip
        yield Fault(read.where(row.line, "submitted"), what)
    decided, paid = (
        _day(row.decision[name]) if name in row.decision else None for name in (DECIDED_ON, PAID_ON)
    )  # fmt: skip
    for name, day in (("submitted", row.submitted), (DECIDED_ON, decided), (PAID_ON, paid)):
        if day is not None and day > as_of and row.year == year:
            what = message("{day} is after {as_of}, up to which the figures go (截至)", day=str(day), as_of=str(as_of))
            yield Fault(read.where(row.line, name), what)
    if decided is not None and decided < row.submitted:
        what = message("decided on {day}, before it was submitted on {submitted}",
                       day=str(decided), submitted=str(row.submitted))  # fmt: skip
        yield Fault(read.where(row.line, DECIDED_ON), what)
    if paid is not None and paid < (decided or row.submitted):
        what = message("paid on {day}, before {before}, when it was decided or submitted",
                       day=str(paid), before=str(decided or row.submitted))  # fmt: skip
        yield Fault(read.where(row.line, PAID_ON), what)


def _faulty_amounts(read: ActualsFile, row: Application) -> Iterator[Fault]:
    approved, paid = row.decision.get(APPROVED, 0.0), row.decision.get(PAID, 0.0)
    if is_approved(row) and row.decision.get(PASSED) == 0:
        what = message("{amount:g} 万元 are approved of an application that did not pass", amount=approved)
        yield Fault(read.where(row.line, APPROVED), what)
    if paid > approved:
        what = message(
            "{paid:g} 万元 are paid, {approved:g} 万元 approved; no more is paid than was approved",
            paid=paid, approved=approved,
        )  # fmt: skip
        yield Fault(read.where(row.line, PAID), what)
    if PAID_ON in row.decision and not paid:
        what = message("a day of payment stands here, and no amount paid")
        yield Fault(read.where(row.line, PAID_ON), what)


def _titled(item: Item) -> Message:
    return named(item.title, item.title_en or item.title)


# --- as a scenario has them -------------------------------------------------------------------------------------------


def in_order(file: ApplicationsFile, item: str) -> list[Application]:
    """An item's applications as `Actuals` has them: those with an amount approved first, each part by day."""
    rows = sorted((row for row in file.rows if row.item == item), key=lambda row: row.order)
    return [row for row in rows if is_approved(row)] + [row for row in rows if not is_approved(row)]


def _by_item(file: ApplicationsFile, scenario: ScenarioModel) -> dict[str, Any]:
    """Rows, numbers of approved ones, shares paid, and what was approved and paid in all, by item."""
    rows: dict[str, Any] = {}
    approved: dict[str, int] = {}
    paid: dict[str, dict[int, float]] = {}
    for item in scenario.items:
        found = in_order(file, item.key)
        if not found:
            continue
        has_places = item.places.get(scenario.years[0]) is not None
        rows[item.key] = tuple(_row(row, has_places) for row in found)
        approved[item.key] = sum(map(is_approved, found))
        shares = {n: paid_share(row) for n, row in enumerate(found) if row.decision.get(PAID, 0.0) > 0}
        if shares and item.modes[scenario.years[0]].is_project:
            paid[item.key] = shares
    sums = [
        {key: sum(row.decision.get(name, 0.0) for row in file.rows if row.item == key) for key in rows}
        for name in (APPROVED, PAID)
    ]
    return {"rows": rows, "approved": approved, "paid_shares": paid, "approved_wan": sums[0], "paid_wan": sums[1]}


def _row(row: Application, has_places: bool) -> dict[str, Any]:
    decision = {name: value for name, value in row.decision.items() if name in (SCORE, PASSED, APPROVED)}
    if is_approved(row):
        decision[PASSED] = 1.0
        decision |= {SCORE: DECIDED_SCORE} if has_places else {}
    about = {"applicant": row.applicant, "group": row.group, "platform": row.platform}
    day = year_fraction(row.day_in_year.isoformat()) - row.year
    return {**about, DAY: day, **row.values, **decision}


def paid_share(row: Application) -> float:
    """The part of an approved amount that is paid; amounts count in whole yuan."""
    yuan = math.floor(row.decision.get(APPROVED, 0.0) * YUAN_A_WAN * (1 + 2**-49))
    return min(row.decision.get(PAID, 0.0) * YUAN_A_WAN / yuan, 1.0) if yuan else 0.0
