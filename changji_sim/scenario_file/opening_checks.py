"""What a row of an opening ledger (期初台账) may not say of its years: each in its order, none of them ahead."""

from __future__ import annotations

from collections.abc import Iterator

from ..base.messages import Message, message
from ..scenario.model import OpeningRow


def doubts_of_row(row: OpeningRow, first: int) -> Iterator[Message]:
    """What contradicts itself in a row of a ledger that opens year ``first``, a sentence each."""
    yield from _of_its_years(row, first)
    yield from _of_its_money(row, first)
    if row.may_apply_again and row.committed_wan:
        yield message("it got {committed:,.10g} 万元, so it does not apply again", committed=row.committed_wan)
    if row.may_apply_again and row.application_year is None:
        yield message("it may apply again, so 'application_year' (申报年度) must say when it did")


def _of_its_years(row: OpeningRow, first: int) -> Iterator[Message]:
    for year, what in (
        (row.commitment_year, message("the year of commitment is {year}", year=row.commitment_year)),
        (row.application_year, message("the year of application is {year}", year=row.application_year)),
        (row.ended_year, message("the year of termination is {year}", year=row.ended_year)),
    ):
        if year is not None and year >= first:
            yield message("{what}; the ledger holds what was before {first}", what=what, first=first)
    committed, applied = row.commitment_year, row.application_year
    if committed is not None and applied is not None and applied > committed:
        yield message("applied for in {applied}, after it was committed in {year}", applied=applied, year=committed)
    if committed is not None and row.acceptance_year is not None and row.acceptance_year < committed:
        yield message(
            "accepted in {accepted}, before it was committed in {year}", accepted=row.acceptance_year, year=committed
        )
    if row.ended_year is not None and row.due_wan:
        yield message(
            "terminated in {year}, and {due:,.10g} 万元 still fall due: they are cancelled then",
            year=row.ended_year, due=sum(row.due_wan.values()),
        )  # fmt: skip


def _of_its_money(row: OpeningRow, first: int) -> Iterator[Message]:
    late = [year for year in row.paid_by_year if year >= first]
    if late:
        yield message("paid in {year}; the ledger holds what was before {first}", year=late[0], first=first)
    if sum(row.paid_by_year.values()) > row.paid_wan + 1e-7:
        yield message(
            "the payments by year add up to {sum:,.10g}, paid are {paid:,.10g}",
            sum=sum(row.paid_by_year.values()), paid=row.paid_wan,
        )  # fmt: skip
    early = [year for year in row.inflow_wan if year < first - 1]
    if early:
        yield message("money came back in {year}; the ledger of {first} holds that of {before} and later",
                      year=early[0], first=first, before=first - 1)  # fmt: skip
