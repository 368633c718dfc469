"""The rows of an opening ledger (期初台账): each checked, every fault noted with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..applications.cells import (
    Written,
    has_lost_digits,
    is_empty,
    names_nothing,
    parse_cell,
    parse_flag,
    parse_name,
    two_amounts,
)
from ..applications.chosen_columns import Place, without_unit
from ..applications.known_columns import DECISIONS, KnownColumns
from ..applications.number_formats import contradicts, shown
from ..applications.written_units import WAN
from ..base.checks import number, sentence_of
from ..base.credit_code import parse_credit_code
from ..base.faults import Fault, item_hint
from ..base.messages import Message, joined, message
from ..base.spelling import identity, number_of_text, plain_text, seen
from ..modes.support_mode import MOST_WAN
from ..scenario.model import Item, LeftOut, OpeningRow
from ..tables.table import Row, Table
from .opening_checks import doubts_of_row
from .opening_columns import APPLIED, HEADERS, NEEDED

RATINGS = {"优秀": "excellent", "合格": "pass", "不合格": "fail"} | {r: r for r in ("excellent", "pass", "fail")}
LATEST_DUE_YEARS = 15  # after the last year of the measure
YUAN_A_WAN = 10_000
EARLIEST = 1990  # year of a commitment or application
MOST_ROWS = 100_000  # of one item and year


@dataclass
class OpeningReader:
    """The rows of one opening file, and every fault."""

    table: Table
    at: Mapping[str, Place]  # name of a column -> where it stands
    items: Mapping[str, Item]
    years: Sequence[int]
    left_out: Sequence[LeftOut] = ()
    known: KnownColumns | None = None  # of applications, where the table says what they stated
    faults: list[Fault] = field(default_factory=list)
    unitless: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.words_left_out = {identity(word) for item in self.left_out for word in (item.title, item.key)}
        self.by_word = {identity(word): item.key for item in self.items.values() for word in (item.title, item.key)}

    def read_row(self, row: Row) -> OpeningRow | None:
        """One promise; None where something about it is at fault, or its item is left out."""
        if identity(_text(row.cells[self.at["item"].position])) in self.words_left_out:
            return None
        before, last = len(self.faults), self.years[-1] + LATEST_DUE_YEARS
        applied = {name: self._read(row, name, lambda cell: _year(cell, EARLIEST, last)) for name in APPLIED}
        earliest = EARLIEST if any(applied.values()) else self.years[0]
        number_of = self._read(row, "application_row", lambda cell: number(_whole(cell), 1, MOST_ROWS, whole=True))
        read = OpeningRow(
            applicant=self._name(row, "applicant"),
            item=self._read(row, "item", self._item) or "",
            committed_wan=self._amount(row, "committed_wan") or 0.0,
            paid_wan=self._amount(row, "paid_wan") or 0.0,
            due_wan=self._by_year(row, "due"),
            acceptance_year=self._read(row, "acceptance_year", lambda cell: _year_of_day(cell, earliest, last)),
            rating=self._read(row, "rating", lambda cell: _one_of(cell, RATINGS)) or "",
            bar_until=self._read(row, "bar_until", lambda cell: _year(cell, 2000, last)),
            is_award_given=bool(self._read(row, "is_award_given", parse_flag)),
            platform=self._name(row, "platform"),
            credit_code=self._credit_code(row),
            **applied,
            application_row=None if number_of is None else int(number_of) - 1,
            arrears_wan=self._amount(row, "arrears_wan") or 0.0,
            cancelled_wan=self._amount(row, "cancelled_wan") or 0.0,
            paid_by_year=self._by_year(row, "paid"),
            inflow_wan=self._by_year(row, "inflow"),
            ended_year=self._read(row, "ended_year", lambda cell: _year_of_day(cell, EARLIEST, last)),
            may_apply_again=bool(self._read(row, "may_apply_again", parse_flag)),
            group=self._name(row, "group"),
        )
        if not read.applicant and not self._holds_no_value(row, "applicant"):
            self._fault(row.line, _is_empty("applicant"))
        if len(self.faults) == before and self.known is not None and any(applied.values()):
            read = replace(read, values=dict(self._stated(row, read)))
        if len(self.faults) == before and not self.unitless:
            self._check(row.line, read)
        return read if len(self.faults) == before else None

    def all_faults(self) -> Iterator[Fault]:
        """Those of rows, and one for each column whose unit nothing says."""
        yield from self.faults
        for name in sorted(self.unitless):
            position = self.at[name].position
            what = without_unit(self.table.headers[position], self.at[name].own or WAN)
            yield Fault(self.table.where(self.table.header_line, position), what)

    def _check(self, line: int, row: OpeningRow) -> None:
        award = self.items[row.item] if self.items[row.item].once_per == "platform" else None
        if award is not None and not row.platform and (row.is_award_given or row.committed_wan):
            what = message(
                "{item} is given once a platform, so 'platform' ({title}) must say which",
                item=award.title, title=HEADERS["platform"],
            )  # fmt: skip
            self.faults.append(Fault(self.table.where(line), what, award.article))
        for what in doubts_of_row(row, self.years[0]):
            self._fault(line, what)
        wrong = [y for y in row.due_wan if not self.years[0] <= y <= self.years[-1] + LATEST_DUE_YEARS]
        if wrong:
            self._fault(line, self._not_due(wrong[0]))
        due = sum(row.due_wan.values())
        left = row.committed_wan - row.paid_wan - row.arrears_wan - row.cancelled_wan
        if abs(left - due) > 0.5 / YUAN_A_WAN / 100:
            self._fault(line, _does_not_add_up(row, due))

    def _not_due(self, year: int) -> Message:
        """The sentence about money due in a year that is not simulated."""
        first, last = self.years[0], self.years[-1] + LATEST_DUE_YEARS
        if year > last:
            return message("money falls due in {year}; the last year allowed is {last}", year=year, last=last)
        return message(
            "money falls due in {year}; the first year is {first}: put what is overdue into {first}",
            year=year, first=first,
        )  # fmt: skip

    def _by_year(self, row: Row, kind: str) -> dict[int, float]:
        """The amounts of a row by year, of the columns ``due_2026`` and so on; years without one are left out."""
        found = {int(n.removeprefix(f"{kind}_")): self._amount(row, n) for n in self.at if _is_by_year(n, kind)}
        return {year: amount for year, amount in found.items() if amount}

    def _stated(self, row: Row, read: OpeningRow) -> Iterator[tuple[str, float]]:
        """What the application of a row stated, by column of its item's mode; and its score (评分)."""
        assert self.known is not None  # asked for then only
        year = read.application_year or read.commitment_year or self.years[0]
        of_item = self.known.of(read.item, year)
        columns = {c.name: c for c in (*of_item.columns.values(), *DECISIONS[:1])}
        for name, column in columns.items():
            if column.kind == "text" or name in HEADERS or name not in self.at:
                continue
            place = self.at[name]
            if is_empty(row.cells[place.position]):
                continue
            if place.scale is None:
                self.unitless.add(name)
                continue
            written = Written(place.unit, place.scale, row.formats.get(place.position, ""))
            try:
                yield name, parse_cell(row.cells[place.position], column, self.table.is_1904, written)
            except ValueError as error:
                what = message("{label}: {what}", label=self.table.headers[place.position], what=sentence_of(error))
                self.faults.append(Fault(self.table.where(row.line, place.position), what))
        claims_on = read.application_year is not None and not read.committed_wan and self._claims_for_years(read)
        if claims_on or (read.may_apply_again and not read.committed_wan):
            for name in of_item.needed:
                is_there = name in self.at and not is_empty(row.cells[self.at[name].position])
                if columns.get(name) is not None and columns[name].kind != "text" and not is_there:
                    what = message(
                        "'{title}' is empty: what a claim of a later year comes to depends on it",
                        title=columns[name].header,
                    )  # fmt: skip
                    self._fault(row.line, what)

    def _claims_for_years(self, read: OpeningRow) -> bool:
        """Whether the item's applications claim in several years."""
        return next(iter(self.items[read.item].modes.values())).claim_years > 1

    def _text(self, row: Row, name: str) -> str:
        """What stands in a column, as text; a cell that holds no value is a fault, and empty."""
        if name not in self.at:
            return ""
        try:
            return _text(row.cells[self.at[name].position])
        except ValueError as error:
            self.faults.append(Fault(self.table.where(row.line, self.at[name].position), error.args[0]))
            return ""

    def _name(self, row: Row, name: str) -> str:
        """A name; empty where what stands there is none (无, /)."""
        text = self._text(row, name)
        return "" if names_nothing(text) else text

    def _holds_no_value(self, row: Row, name: str) -> bool:
        """Whether a cell was found to hold an error, or a formula never calculated: that is said already."""
        where = self.table.where(row.line, self.at[name].position)
        return any(fault.where == where for fault in self.faults)

    def _read(self, row: Row, name: str, check: Callable[[str], Any]) -> Any:
        text = self._text(row, name)
        if not text:
            if name in NEEDED and not self._holds_no_value(row, name):
                self._fault(row.line, _is_empty(name))
            return None
        try:
            return check(text)
        except ValueError as error:
            position = self.at[name].position
            what = message("{label}: {what}", label=self.table.headers[position], what=sentence_of(error))
            self.faults.append(Fault(self.table.where(row.line, position), what))
            return None

    def _amount(self, row: Row, name: str) -> float | None:
        """万元, whatever unit the header names; None where the file lacks the column."""
        if name not in self.at:
            return None
        place = self.at[name]
        if place.scale is None:
            self.unitless |= {name} if self._text(row, name) else set()
            return None
        cell = row.cells[place.position]
        written = Written(place.unit, place.scale, row.formats.get(place.position, ""))
        return self._read(row, name, lambda text: _amount(text, cell, written))

    def _credit_code(self, row: Row) -> str:
        if "credit_code" not in self.at or not self._name(row, "credit_code"):
            return ""
        try:
            cell = row.cells[self.at["credit_code"].position]
            if has_lost_digits(cell):
                raise ValueError(message("found the number {value}; Excel keeps 15 of its digits: write it as text",
                                         value=plain_text(cell)))  # fmt: skip
            return parse_credit_code(_text(cell))
        except ValueError as error:
            self._fault(row.line, message("{label}: {what}", label=HEADERS["credit_code"], what=sentence_of(error)))
            return ""

    def _item(self, cell: str) -> str:
        key = self.by_word.get(identity(cell))
        if key is None:
            hint = item_hint(cell, {item.title: item.key for item in self.items.values()})
            raise ValueError(message("this scenario has no item '{name}'{hint}", name=cell, hint=hint))
        return key

    def _fault(self, line: int, what: str) -> None:
        self.faults.append(Fault(self.table.where(line), what))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    return seen(parse_name(cell)).strip()


def _is_empty(column: str) -> Message:
    return message("'{name}' ({title}) is empty", name=column, title=HEADERS[column])


def _does_not_add_up(row: OpeningRow, due: float) -> Message:
    """The sentence about a row holder amounts contradict each other."""
    if row.arrears_wan or row.cancelled_wan:
        return message(
            "committed {committed:,.10g} less paid {paid:,.10g}, unpaid {arrears:,.10g} and cancelled "
            "{cancelled:,.10g} is not what falls due, {due:,.10g}",
            committed=row.committed_wan, paid=row.paid_wan, arrears=row.arrears_wan, cancelled=row.cancelled_wan,
            due=due,
        )  # fmt: skip
    if row.paid_wan > row.committed_wan:
        return message(
            "paid {paid:,.10g} exceeds committed {committed:,.10g}", paid=row.paid_wan, committed=row.committed_wan
        )
    return message(
        "committed {committed:,.10g} less paid {paid:,.10g} is not what falls due, {due:,.10g}",
        committed=row.committed_wan, paid=row.paid_wan, due=due,
    )  # fmt: skip


def _amount(text: str, cell: Any, written: Written) -> float:
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise ValueError(message("found {value}; a finite number is needed", value=text))
    value = number_of_text(plain_text(text))
    if value is None:
        raise ValueError(
            message("found '{value}'; an amount in {unit} is needed, such as 10.5 or 1,234.5", value=text[:40],
                    unit=written.unit)
        )  # fmt: skip
    seen_as = shown(value, written.number_format) if written.number_format and not isinstance(cell, str) else None
    if seen_as is not None and contradicts(value, seen_as, written.scale, WAN):
        raise ValueError(two_amounts(value, seen_as.text, written))
    wan = written.scale.of(value)
    if math.isfinite(wan) and abs(wan) <= MOST_WAN:
        fen = wan * YUAN_A_WAN * 100
        if abs(fen - round(fen)) > 1e-3:
            what = message("found '{value}'; an amount has no parts of a fen (six decimals of 万元)", value=text)
            raise ValueError(what)
    return number(wan)


def _is_by_year(name: str, kind: str) -> bool:
    return re.fullmatch(rf"{kind}_\d{{4}}", name) is not None


def _whole(cell: str) -> int:
    bare = plain_text(cell).removesuffix(".0")
    if not bare.isdecimal():
        raise ValueError(message("found '{value}'; a whole number is needed", value=cell[:40]))
    return int(bare)


def _year(cell: str, first: int, last: int) -> int:
    bare = plain_text(cell).removesuffix("度").removesuffix("年").partition("-01-01")[0]
    if not bare.isdecimal() or len(bare) > 4:
        raise ValueError(message("found '{value}'; a year is needed", value=cell[:40]))
    return int(number(int(bare), first, last))


def _year_of_day(cell: str, first: int, last: int) -> int:
    """The year, also of a day or a month: 2027年12月, 2027-12-31."""
    found = re.fullmatch(r"(\d{4})(?:年\d{1,2}月|[-/.]\d{1,2}(?=$|[-/.])).*", plain_text(cell))
    return _year(found[1] if found else cell, first, last)


def _one_of(cell: str, known: Mapping[str, Any]) -> Any:
    word = plain_text(cell)
    if word not in known:
        raise ValueError(message("found '{value}'; allowed are {allowed}", value=cell, allowed=joined(known)))
    return known[word]
