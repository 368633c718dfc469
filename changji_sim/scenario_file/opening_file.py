"""The opening position (期初台账): a table of what was promised before the first year, headers English or Chinese."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..base.checks import number, sentence_of
from ..base.faults import Fault, FaultyInput, nearest
from ..base.messages import Message, joined, message
from ..base.spelling import identity, number_of_text, plain_text
from ..modes.support_mode import MOST_WAN
from ..scenario.model import Item, OpeningRow
from ..tables.read_table import read_table
from ..tables.table import ExpectedColumns
from .opening_lines import opening_lines

HEADERS = {  # name in code -> header; a new one also needs a field of OpeningRow and an entry of MEANINGS
    "item": "支持方向",
    "applicant": "申报单位",
    "committed_wan": "立项金额（万元）",
    "paid_wan": "已拨金额（万元）",
    "acceptance_year": "验收年度",
    "rating": "绩效评价等级",
    "bar_until": "暂停申报至",
    "is_award_given": "已获一次性奖励",
    "platform": "平台名称",
}
NEEDED = ("item", "applicant", "committed_wan", "paid_wan")
RATINGS = {"优秀": "excellent", "合格": "pass", "不合格": "fail"} | {r: r for r in ("excellent", "pass", "fail")}
FLAGS = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
DUE = re.compile(r"due_(\d{4})(?:_wan)?|(\d{4})年应拨(?:（万元）|\(万元\))?")
LATEST_DUE_YEARS = 15  # after the last year of the measure
YUAN_A_WAN = 10_000

Where = Callable[[int], str]  # the place of a line, as a fault names it


def read_opening(path: Path, items: Sequence[Item], years: Sequence[int]) -> tuple[tuple[OpeningRow, ...], list[Fault]]:
    """Read an opening file.

    Args:
        path: a CSV in UTF-8 or GBK, or an .xlsx: the columns of `HEADERS`, and one ``due_<year>`` (``<year>年应拨``) a
            year.
        items: the scenario's items; a row names its item by key or Chinese title.
        years: the years simulated; nothing may fall due before them.

    Returns:
        the rows without a fault, and every fault: a committed amount other than paid plus due, an unknown item, …;
        a row that stands twice is a warning.
    """
    try:
        table = read_table(path, ExpectedColumns(_column_name, NEEDED, entry=("applicant",), printed=("item",)))
    except FaultyInput as error:
        return (), list(error.faults)
    faults = list(table.faults)
    lines = list(opening_lines(table, faults))
    titles = {item.key: item.title for item in items}
    reader = _Reader(table.where, titles, {item.key: item for item in items if item.once_per == "platform"}, years)
    reader.read_header(table.header_line, table.headers)
    read = [(line, reader.read_row(line, cells)) for line, cells in lines] if not (faults or reader.faults) else []
    rows = {line: row for line, row in read if row is not None}
    notes = [*table.notes, *_repeated(table.where, lines)]
    given_twice = list(_given_twice(table.where, rows, {item.key: item for item in items}))
    return tuple(rows.values()), notes + faults + reader.faults + given_twice


def _repeated(where: Where, lines: Sequence[tuple[int, list[str]]]) -> Iterator[Fault]:
    """A warning for every row that stands in the file a second time."""
    first: dict[tuple[str, ...], int] = {}
    for line, cells in lines:
        before = first.setdefault(tuple(cells), line)
        if before != line and any(cells):
            what = message(
                "this row is the same as line {line}; both count, so delete one if it was entered twice", line=before
            )
            yield Fault(where(line), what, is_warning=True)


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


def _column_name(header: str) -> str | None:
    """The name of the column that a header stands for: ``due`` for what falls due in some year."""
    column = _column(header)
    return "due" if isinstance(column, int) else column


def _column(header: str) -> str | int | None:
    """A name, the year of a due column, or None."""
    due = DUE.fullmatch(header)
    if due:
        return int(due[1] or due[2])
    plain = header.replace("(", "（").replace(")", "）")
    return next((name for name, title in HEADERS.items() if plain in (name, title)), None)


def due_header(year: int) -> str:
    """The Chinese header of what falls due in a year."""
    return f"{year}年应拨（万元）"


@dataclass
class _Reader:
    """One opening file: the columns found, and every fault."""

    where: Where
    items: Mapping[str, str]  # key -> Chinese title
    once_a_platform: Mapping[str, Item]
    years: Sequence[int]
    columns: list[str | int | None] = field(default_factory=list)  # a name, the year of a due column, or nothing
    faults: list[Fault] = field(default_factory=list)

    def read_header(self, line: int, headers: Sequence[str]) -> None:
        for cell in headers:
            column = _column(cell)
            if cell and column is None:
                known = [*HEADERS, *HEADERS.values(), f"due_{self.years[0]}"]
                self._fault(line, message("unknown column '{name}'{hint}", name=cell, hint=nearest(cell, known)))
            elif column is not None and column in self.columns:
                self._fault(line, message("the column '{name}' stands twice", name=cell))
            self.columns.append(column)
        for name in NEEDED:
            if name not in self.columns:
                self._fault(line, message("the column '{name}' ({title}) is missing", name=name, title=HEADERS[name]))

    def read_row(self, line: int, cells: list[str]) -> OpeningRow | None:
        before = len(self.faults)
        row = {column: cell for column, cell in zip(self.columns, cells, strict=False) if column is not None and cell}
        last = self.years[-1] + LATEST_DUE_YEARS
        due = {y: self._read(line, row, y, _amount) or 0.0 for y in row if isinstance(y, int)}
        read = OpeningRow(
            applicant=row.get("applicant", ""),
            item=self._read(line, row, "item", self._item) or "",
            committed_wan=self._read(line, row, "committed_wan", _amount) or 0.0,
            paid_wan=self._read(line, row, "paid_wan", _amount) or 0.0,
            due_wan={year: amount for year, amount in due.items() if amount},
            acceptance_year=self._read(line, row, "acceptance_year", lambda cell: _year(cell, self.years[0], last)),
            rating=self._read(line, row, "rating", lambda cell: _one_of(cell, RATINGS)) or "",
            bar_until=self._read(line, row, "bar_until", lambda cell: _year(cell, 2000, last)),
            is_award_given=bool(self._read(line, row, "is_award_given", lambda cell: _one_of(cell.lower(), FLAGS))),
            platform=row.get("platform", ""),
        )
        if not read.applicant:
            self._fault(line, _is_empty("applicant"))
        if len(self.faults) == before:
            self._check(line, read)
        return read if len(self.faults) == before else None

    def _check(self, line: int, row: OpeningRow) -> None:
        award = self.once_a_platform.get(row.item)
        if award is not None and not row.platform and (row.is_award_given or row.committed_wan):
            what = message(
                "{item} is given once a platform, so 'platform' ({title}) must say which",
                item=award.title, title=HEADERS["platform"],
            )  # fmt: skip
            self.faults.append(Fault(self.where(line), what, award.article))
        wrong = [y for y in row.due_wan if not self.years[0] <= y <= self.years[-1] + LATEST_DUE_YEARS]
        if wrong:
            self._fault(line, self._not_due(wrong[0]))
        due = sum(row.due_wan.values())
        if abs(row.committed_wan - row.paid_wan - due) > 0.5 / YUAN_A_WAN / 100:
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

    def _read(self, line: int, row: Mapping[Any, str], column: Any, check: Callable[[str], Any]) -> Any:
        if column not in row:
            if column in NEEDED:
                self._fault(line, _is_empty(column))
            return None
        try:
            return check(row[column])
        except ValueError as error:
            label = f"due_{column}" if isinstance(column, int) else column
            self._fault(line, message("{label}: {what}", label=label, what=sentence_of(error)))
            return None

    def _item(self, cell: str) -> str:
        by_title = {title: key for key, title in self.items.items()}
        key = by_title.get(cell, cell)
        if key not in self.items:
            hint = nearest(cell, [*self.items, *by_title])
            raise ValueError(message("this scenario has no item '{name}'{hint}", name=cell, hint=hint))
        return key

    def _fault(self, line: int, what: str) -> None:
        self.faults.append(Fault(self.where(line), what))


def _is_empty(column: str) -> Message:
    return message("'{name}' ({title}) is empty", name=column, title=HEADERS[column])


def _does_not_add_up(row: OpeningRow, due: float) -> Message:
    """The sentence about a row holder amounts contradict each other."""
    if row.paid_wan > row.committed_wan:
        return message(
            "paid {paid:,.10g} exceeds committed {committed:,.10g}", paid=row.paid_wan, committed=row.committed_wan
        )
    return message(
        "committed {committed:,.10g} less paid {paid:,.10g} is not what falls due, {due:,.10g}",
        committed=row.committed_wan, paid=row.paid_wan, due=due,
    )  # fmt: skip


def _amount(cell: str) -> float:
    if cell.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise ValueError(message("found {value}; a finite number is needed", value=cell))
    value = number_of_text(plain_text(cell))
    if value is None:
        raise ValueError(
            message("found '{value}'; an amount in 万元 is needed, such as 10.5 or 1,234.5", value=cell[:40])
        )
    if (
        math.isfinite(value)
        and abs(value) <= MOST_WAN
        and abs(value * YUAN_A_WAN * 100 - round(value * YUAN_A_WAN * 100)) > 1e-3
    ):
        raise ValueError(message("found '{value}'; an amount has no parts of a fen (six decimals of 万元)", value=cell))
    return number(value)


def _year(cell: str, first: int, last: int) -> int:
    if not cell.removesuffix("年").isdecimal() or len(cell) > 5:
        raise ValueError(message("found '{value}'; a year is needed", value=cell[:40]))
    return int(number(int(cell.removesuffix("年")), first, last))


def _one_of(cell: str, known: Mapping[str, Any]) -> Any:
    if cell not in known:
        raise ValueError(message("found '{value}'; allowed are {allowed}", value=cell, allowed=joined(known)))
    return known[cell]
