"""The decisions of a year (全年决定): what each application got and was paid, as rows of the next year's ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..applications.application import Application
from ..applications.known_columns import DECISIONS, KnownColumns
from ..applications.register_file import ApplicationsFile, applications_of, expected_columns
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message
from ..base.units import FEN_A_WAN
from ..modes.support_mode import Column
from ..scenario.input_files import APPROVED, PASSED
from ..scenario.model import Envelopes, Item, OpeningRow, ScenarioModel
from ..scenario_file.load import with_registers
from ..tables.read_table import read_table
from .closing import closing_of

PAID = "paid_wan"
OF_A_YEAR = (*DECISIONS, Column(PAID, "已拨金额", optional=True, simulated=False))
FEN = 0.5 / FEN_A_WAN


@dataclass(frozen=True, eq=False)
class Decided:
    """Rows of a ledger made of decisions; what is at fault with them, and what should be known."""

    rows: tuple[OpeningRow, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def decided(scenario: ScenarioModel, year: int, path: Path) -> Decided:
    """What the decisions of the scenario's first year leave behind.

    Args:
        path: a register of the year's applications (申报) with 是否通过, 批准金额, and 已拨金额 where more or less was
            paid than the tranches say. A project needs a decision; of an award, a reward or a subsidy without 批准金额
            what the rules give holds.

    The same formulas, caps and bars as in a run; no chance and no envelope. An amount that the rules do not allow is a
    fault. What fell due in the year on earlier promises counts as paid.
    """
    if scenario.years[0] != year:
        what = message(
            "the scenario begins in {first}: close {first} first, or name a scenario that begins in {year}",
            first=scenario.years[0], year=year,
        )  # fmt: skip
        return Decided((), (Fault("", what),), ())
    known = KnownColumns(scenario, OF_A_YEAR)
    try:
        file, faults = applications_of(read_table(path, expected_columns(known)), known)
    except FaultyInput as error:
        return Decided((), tuple(error.faults), ())
    faults = faults or [*_of_other_years(file, year), *_undecided(file, scenario)]
    if faults:
        return Decided((), tuple(faults), ())
    carried, done = _rows_of(scenario, year, path, file)
    faults = [*_beyond_rules(file, (*carried, *done), scenario)]
    rows = tuple(_as_paid(row, found) for row, found in _beside(file, carried))
    rows += tuple(row for row in (_as_paid(*pair) for pair in _beside(file, done)) if row.arrears_wan)
    codes = {one.applicant: one.credit_code for one in file.rows if one.credit_code}
    rows = tuple(replace(row, credit_code=row.credit_code or codes.get(row.applicant, "")) for row in rows)
    to_know = (Fault(path.name, what, is_warning=True) for what in _to_know(scenario, year, file, rows))
    return Decided(rows, tuple(faults), (*file.warnings, *to_know))


def _of_other_years(file: ApplicationsFile, year: int) -> Iterator[Fault]:
    for row in file.rows:
        if row.year != year:
            yield Fault(
                file.where(row), message("the application is of {found}, not of {year}", found=row.year, year=year)
            )


def _undecided(file: ApplicationsFile, scenario: ScenarioModel) -> Iterator[Fault]:
    """Faults for projects of which nothing was decided, and for decisions that contradict themselves."""
    items = {item.key: item for item in scenario.items}
    for row in file.rows:
        is_passed, approved = row.decision.get(PASSED), row.decision.get(APPROVED)
        paid, where = row.decision.get(PAID, 0.0), file.where(row)
        if approved is None and is_passed != 0 and items[row.item].modes[scenario.years[0]].is_project:
            what = message("nothing says what was decided: write 批准金额 (0 for none), or 否 under 是否通过")
            yield Fault(where, what, items[row.item].article)
        elif approved and is_passed == 0:
            yield Fault(where, message("it did not pass, and {approved:,.10g} 万元 are approved", approved=approved))
        elif paid and (is_passed == 0 or approved == 0):
            yield Fault(where, message("{paid:,.10g} 万元 are paid, and nothing is approved", paid=paid))
        elif approved is not None and paid > approved + FEN:
            what = message(
                "{paid:,.10g} 万元 are paid, more than is approved, {approved:,.10g}", paid=paid, approved=approved
            )
            yield Fault(where, what)


def _rows_of(
    scenario: ScenarioModel, year: int, path: Path, file: ApplicationsFile
) -> tuple[tuple[OpeningRow, ...], tuple[OpeningRow, ...]]:
    """What the year leaves behind under its rules: every application as it was decided, no chance, no envelope."""
    named = {row.item for row in file.rows}
    items = tuple(_as_decided(item, year, path if item.key in named else None) for item in scenario.items)
    unlimited = Envelopes(dict.fromkeys(scenario.years), {}, forward_cover=False)
    oversight = replace(scenario.oversight, is_on=False)
    alone = replace(scenario, items=items, envelopes=unlimited, oversight=oversight, has_doubt=False)
    return closing_of(with_registers(alone, []), year, 0, 0)


def _as_decided(item: Item, year: int, path: Path | None) -> Item:
    """The item with the year's register alone; without one, nobody applied."""
    registers = {} if path is None else {year: path}
    caps = {y: tuple(cap for cap in of_year if cap.per != "count") for y, of_year in item.caps.items()}
    return replace(
        item, registers=registers, applications=None, tiers=(), cases=(), quality_pass=None, caps=caps,
        places=dict.fromkeys(item.places),
    )  # fmt: skip


def _beside(file: ApplicationsFile, rows: Iterable[OpeningRow]) -> Iterator[tuple[OpeningRow, Application | None]]:
    """Each row of the ledger, and the application it was made of, if that is of this year."""
    by_place: dict[tuple[str, int, int], Application] = {}
    came: Counter[tuple[str, int]] = Counter()
    for one in sorted(file.rows, key=lambda one: one.order):
        by_place[one.item, one.year, came[one.item, one.year]] = one
        came[one.item, one.year] += 1
    for row in rows:
        place = (row.item, row.application_year or 0, -1 if row.application_row is None else row.application_row)
        is_commitment = row.committed_wan > 0 and row.commitment_year == row.application_year
        yield row, by_place.get(place) if is_commitment else None


def _beyond_rules(file: ApplicationsFile, rows: Iterable[OpeningRow], scenario: ScenarioModel) -> Iterator[Fault]:
    """Faults for amounts approved that the rules do not allow."""
    got = {found.line: row.committed_wan for row, found in _beside(file, rows) if found is not None}
    items: Mapping[str, Item] = {item.key: item for item in scenario.items}
    for row in file.rows:
        approved, left = row.decision.get(APPROVED, 0.0), got.get(row.line, 0.0)
        if approved > left + FEN:
            yield Fault(file.where(row), _beyond(approved, left), items[row.item].article)


def _beyond(approved: float, left: float) -> Message:
    if not left:
        return message(
            "{approved:,.10g} 万元 are approved, and the rules leave nothing: its applicant is barred, it had the "
            "award before, a condition is not met, or a ceiling is used up; changji-sim assess shows which",
            approved=approved,
        )  # fmt: skip
    return message(
        "{approved:,.10g} 万元 are approved, and the rules leave {left:,.10g}; changji-sim assess shows which cap "
        "cuts it",
        approved=approved, left=left,
    )  # fmt: skip


def _as_paid(row: OpeningRow, decided_on: Application | None) -> OpeningRow:
    """The row with what was really paid: less than fell due is owed still, more is taken off what falls due next."""
    paid = None if decided_on is None else decided_on.decision.get(PAID)
    if paid is None or abs(paid - row.paid_wan) < FEN:
        return row
    before, due, by_year = row.paid_wan, dict(row.due_wan), dict.fromkeys(row.paid_by_year, paid)
    owed = row.arrears_wan + before - paid
    for year in sorted(due):
        taken = min(max(-owed, 0.0), due[year])
        due[year], owed = round(due[year] - taken, 6), owed + taken
    left = {year: amount for year, amount in due.items() if amount}
    return replace(row, paid_wan=paid, arrears_wan=max(round(owed, 6), 0.0), paid_by_year=by_year, due_wan=left)


def _to_know(
    scenario: ScenarioModel, year: int, file: ApplicationsFile, rows: tuple[OpeningRow, ...]
) -> Iterator[Message]:
    """What the decisions cannot say, and belongs into the ledger."""
    named = {row.item for row in file.rows}
    lacking = [item.title for item in scenario.items if item.key not in named]
    if lacking:
        yield message("no application of {items}: nothing of the year is carried there", items="、".join(lacking))
    counted = [item.title for item in scenario.items if item.key in named
               and any(cap.per == "count" for cap in item.caps[year])]  # fmt: skip
    if counted:
        yield message("{items}: whether there are too many winners was not looked at", items="、".join(counted))
    due = [row for row in scenario.opening if row.due_wan.get(year) or row.arrears_wan]
    if due:
        yield message(
            "what fell due in {year} on {count} earlier promises counts as paid; what was not belongs under 应拨未拨",
            year=year, count=len(due),
        )  # fmt: skip
    accepted = [row for row in rows if row.acceptance_year == year and not row.rating and row.ended_year is None]
    if accepted:
        yield message(
            "{count} projects were to be accepted in {year}, the first of '{name}': write their 绩效评价等级 into the "
            "ledger; without one they count as 合格",
            count=len(accepted), year=year, name=accepted[0].applicant,
        )  # fmt: skip
    mending = [row for row in scenario.opening if row.rating == "fail" and row.acceptance_year == year - 1]
    if mending:
        yield message(
            "{count} projects had {year} to mend, the first of '{name}': of those that did not, write 暂停申报至, "
            "已取消金额 and what comes back into the ledger",
            count=len(mending), year=year, name=mending[0].applicant,
        )  # fmt: skip
    equity = [row for row in rows if row.paid_by_year]
    if equity:
        yield message(
            "{count} rows may become stakes: what is known of their rounds belongs into the ledger (融资轮年次, "
            "投后估值 and so on); what is not is drawn",
            count=len(equity),
        )  # fmt: skip
