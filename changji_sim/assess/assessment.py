"""Applications going through the years: one trial an item and year, the kernel's formulas and caps (see `assess`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..applications.register_file import Application, ApplicationsFile
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, joined, message, named
from ..base.spelling import identity
from ..base.units import FEN_A_WAN
from ..kernel.cap_rules import CapContext, apply_cap, level_fen
from ..kernel.claims import NONE_EARLIER, demand_wan, row_ceiling, spread_over_years, to_fen
from ..kernel.ledger import Unbalanced
from ..kernel.registry import Registry
from ..modes.mode_guard import ModeFault
from ..modes.support_mode import Applications, Commitments, SupportMode
from ..scenario.model import IS_ENTERPRISE, Condition, Item, OpeningRow, ScenarioModel

BAR_ARTICLE = "第十八条（四）"
IN_FORCE_ARTICLE = "第二十二条"


@dataclass(eq=False)
class Book:
    """One item's applications of all years in submission order, and what becomes of each, fen by row and year."""

    item: Item
    rows: list[Application]
    applicant: np.ndarray
    columns: Mapping[str, np.ndarray]
    offsets: np.ndarray  # of the claims of each year
    row: np.ndarray  # row of each claim
    asked: np.ndarray
    demand: np.ndarray
    entitlement: np.ndarray
    cuts: dict[str, np.ndarray] = field(default_factory=dict)
    remarks: list[list[str]] = field(default_factory=list)
    workings: list[Sequence[str]] = field(default_factory=list)  # a sentence a year of claim, from the row's own on
    refused: list[str] = field(default_factory=list)  # article under which a row is ineligible, "" if it is not

    @property
    def claims_in_several_years(self) -> bool:
        return any(mode.claim_years > 1 for mode in self.item.modes.values())


@dataclass(frozen=True, eq=False)
class YearClaims:
    """The claims of one item and year as caps read them: one trial, in submission order."""

    offsets: np.ndarray
    applicant: np.ndarray
    columns: Mapping[str, np.ndarray]

    @property
    def tier(self) -> np.ndarray:
        return self.columns.get("tier", np.empty(0))

    def column(self, name: str) -> np.ndarray:
        """One value a claim."""
        return self.columns[name]


class Assessment:
    """The applications of a file going through the years, one trial an item and year."""

    def __init__(
        self,
        file: ApplicationsFile,
        rows: Sequence[Application],
        rules: ScenarioModel,
        counts: Mapping[str, np.ndarray],
    ):
        self.file, self.rows, self.rules, self.counts = file, rows, rules, counts
        self.years = rules.years
        self.cells = {row.line: row.cells for row in file.table.rows}
        self.registry = Registry(rules)
        self.ids = {row.line: self.registry.applicant(row.applicant, row.group) for row in rows}
        self.group_of = self.registry.group_of
        self.is_enterprise = self.registry.is_enterprise
        self.unchecked: dict[str, list[Condition]] = {}
        self.once_per = {item.key: item.once_per for item in rules.items}
        before = message("the opening file says that it was given before")
        self.used = {self._award_key(o.item, o.applicant, o.platform): before for o in rules.opening if _is_award(o)}
        self.barred_until = _bars(rules.opening)
        self.credits = self._opening_credits()
        by_item = {item.key: [row for row in rows if row.item == item.key] for item in rules.items}
        self.books = self._open_books({key: found for key, found in by_item.items() if found})

    def run(self) -> None:
        """Every year in order; what a platform was given counts from the next year on, as in the kernel."""
        for y, year in enumerate(self.years):
            for book in self.books.values():
                self._assess_year(book, y, year)
            for key, book in self.books.items():
                for n, row in enumerate(book.rows):
                    if row.platform and book.entitlement[n, y]:
                        at = (key, identity(row.platform))
                        self.credits[at] = self.credits.get(at, 0) + int(book.entitlement[n, y])
        self.unchecked = {k: self._conditions_without_column(book.item) for k, book in self.books.items()}

    # --- demand ---------------------------------------------------------------------------------------------------

    def _open_books(self, rows: Mapping[str, list[Application]]) -> dict[str, Book]:
        """A book an item, in the scenario's order; the faults of all items at once."""
        books: dict[str, Book] = {}
        faults: list[Fault] = []
        for item in self.rules.items:
            if item.key in rows:
                try:
                    books[item.key] = self._open_book(
                        item, sorted(rows[item.key], key=lambda row: (row.year, row.order))
                    )
                except FaultyInput as error:
                    faults += error.faults
        if faults:
            raise FaultyInput(faults)
        return books

    def _open_book(self, item: Item, rows: list[Application]) -> Book:
        applicant = np.array([self.ids[row.line] for row in rows], np.int32)
        columns = self._columns(item, rows)
        year_of = np.array([row.year for row in rows])
        remarks = [self._about_applicant(row) for row in rows]
        workings: list[Sequence[str]] = [()] * len(rows)
        claims = np.concatenate(
            [self._demand(item, rows, columns, year_of == year, year, (remarks, workings)) for year in self.years]
        )
        starts = np.searchsorted(year_of, [*self.years, self.years[-1] + 1])
        offsets, row, asked = spread_over_years(starts.astype(np.int64), len(self.years), claims.T, *NONE_EARLIER)
        shape = (len(rows), len(self.years))
        return Book(
            item, rows, applicant, columns, offsets, row, asked, np.zeros(shape, np.int64), np.zeros(shape, np.int64),
            remarks=remarks, workings=workings, refused=[""] * len(rows),
        )  # fmt: skip

    def _about_applicant(self, row: Application) -> list[str]:
        """Who the applicant is, where its cell says another name: 同上, or one of several under one credit code."""
        cell = self.cells[row.line][self.file.columns["applicant"].position]
        if cell == row.applicant or identity(str(cell)) == identity(row.applicant):
            return []
        return [message("the applicant is '{name}'", name=row.applicant)]

    def _columns(self, item: Item, rows: Sequence[Application]) -> dict[str, np.ndarray]:
        """The numbers of the rows as a mode reads them; a cell that may be empty counts as the mode's fixed default."""
        of_year = {year: self.file.known.of(item.key, year) for year in self.years}
        names = {
            name: None for known in of_year.values() for name in known.asked_for if known.columns[name].kind != "text"
        }
        missing = {
            name: {year: known.missing_value(name) for year, known in of_year.items() if name in known.columns}
            for name in names
        }
        return {name: np.array([row.values.get(name, missing[name][row.year]) for row in rows]) for name in names}

    def _demand(
        self,
        item: Item,
        rows: Sequence[Application],
        columns: Mapping[str, np.ndarray],
        at: np.ndarray,
        year: int,
        words: tuple[list[list[str]], list[Sequence[str]]],
    ) -> np.ndarray:
        """Fen asked by the rows ``at``, shape ``(rows, claim years)``, by the mode of ``year``; what it has to say of
        them goes to ``words``, remarks and workings.
        """
        mode = item.modes[year]
        places = np.flatnonzero(at)

        def table(places: np.ndarray) -> Applications:
            given = {name: values[places] for name, values in columns.items()}
            given["is_enterprise"] = self.is_enterprise[[self.ids[rows[n].line] for n in places]]
            return Applications(given, year, len(places))

        if not len(places):
            return np.zeros((0, mode.claim_years), np.int64)
        try:
            with np.errstate(all="ignore"):
                wan = demand_wan(mode, table(places))
                said = mode.remarks(table(places).read_only()) or ()
                worked = mode.workings(table(places).read_only()) or ()
        except Exception as error:  # a plugin's mode may raise anything; it must not end in a traceback
            raise FaultyInput(self._blame(item, year, rows, places, table, error)) from None
        remarks, workings = words
        for n, remark in zip(places, said, strict=False):
            remarks[n] += [remark] if remark else []
        for n, working in zip(places, worked, strict=False):
            workings[n] = working
        wan = np.pad(wan, ((0, 0), (0, mode.claim_years - wan.shape[1])))
        payable = self.rules.readings["payable_rounding"]
        return np.stack([to_fen(np.ascontiguousarray(wan[:, j]), payable) for j in range(wan.shape[1])], axis=1)

    def _blame(
        self, item: Item, year: int, rows: Sequence[Application], places: np.ndarray, table: Callable, error: Exception
    ) -> Iterator[Fault]:
        """Which rows a mode cannot compute: each tried alone; else the item as a whole."""
        mode, found = item.modes[year], False
        for n in places:
            try:
                with np.errstate(all="ignore"):
                    demand_wan(mode, table(np.array([n])))
            except Exception as alone:
                found = True
                yield Fault(self.file.where(rows[n]), _of_item(item, _said(mode, alone)))
        if not found:
            yield Fault(self.file.path.name, _of_item(item, _said(mode, error)))

    # --- one year -------------------------------------------------------------------------------------------------

    def _assess_year(self, book: Book, y: int, year: int) -> None:
        """Who is eligible, then the caps in their order; every cut is booked to its cap."""
        span = slice(book.offsets[y], book.offsets[y + 1])
        rows = book.row[span]
        if not len(rows):
            return
        eligible = np.array([self._is_eligible(book, int(n), year) for n in rows])
        left = np.where(eligible, book.asked[span], 0)
        book.demand[rows, y] = left
        columns = {name: values[rows] for name, values in book.columns.items()}
        claims = YearClaims(np.array([0, len(rows)]), book.applicant[rows], columns)
        context = CapContext(
            self.rules.readings,
            self.group_of,
            ceiling=lambda cap: row_ceiling(cap, claims, self.rules.readings["public_money"] == "yes"),
            count=lambda name: self.counts[name],
            carried=lambda: np.array([self.carried(book.item.key, year)]),
            credit=lambda: self._credit_of(book, rows),
            first_share=lambda: _first_shares(book.item.modes[year], columns, year, len(rows)),
        )
        for cap in book.item.caps[year]:
            before, cut = left.copy(), np.zeros(1, np.int64)
            apply_cap(cap, level_fen(cap), left, claims, context, cut, np.zeros(1, np.int64))
            if (before - left).sum() != cut[0]:
                raise Unbalanced(f"{book.item.key} {year}: the cap {cap.key} booked another sum than it cut")
            book.cuts.setdefault(cap.key, np.zeros_like(book.demand))[rows, y] = before - left
        book.entitlement[rows, y] = left

    def _is_eligible(self, book: Book, n: int, year: int) -> bool:
        why = self._why_not(book, book.rows[n], year)
        if why is None:
            return True
        sentence, article = why
        if book.claims_in_several_years:
            sentence = message("in {year} {what}", year=year, what=sentence)
        book.remarks[n].append(message("not eligible: {why} ({article})", why=sentence, article=article))
        book.refused[n] = article
        return False

    def _why_not(self, book: Book, row: Application, year: int) -> tuple[Message, str] | None:
        """Why a row is ineligible in ``year``, and the article; None if it is not. An award once given is noted."""
        item, readings = book.item, self.rules.readings
        until = self.barred_until.get(identity(row.applicant), 0)
        if year <= until and (item.modes[year].is_project or readings["bar_scope"] == "every_item"):
            barred = message("'{applicant}' is barred until the end of {year}", applicant=row.applicant, year=until)
            return barred, BAR_ARTICLE
        if readings["in_force"] == "dates" and self.rules.in_force:
            first, last = self.rules.in_force
            if not first <= row.day_in_year.isoformat() <= last:
                late = message(
                    "submitted {day}; the measure is in force from {first} to {last}",
                    day=str(row.submitted),
                    first=first,
                    last=last,
                )
                return late, IN_FORCE_ARTICLE
        for condition in item.requires:
            if condition.column == IS_ENTERPRISE:
                if not self.is_enterprise[self.ids[row.line]]:
                    return message(
                        "'{applicant}' is no enterprise by its name, and only enterprises may have it",
                        applicant=row.applicant,
                    ), condition.article
            elif condition.column in row.values and not _is_met(condition, row.values[condition.column]):
                header = self.header(condition)
                return message(
                    "'{column}' must be {wanted}", column=header, wanted=_wanted(condition)
                ), condition.article
        if item.once_per is None:
            return None
        key = self._award_key(item.key, row.applicant, row.platform)
        if key in self.used:
            return message("the award is given once, and {where}", where=self.used[key]), item.article
        self.used[key] = message("it went to '{number}' (row {line})", number=row.application_id, line=row.line)
        return None

    def _award_key(self, item: str, applicant: str, platform: str) -> tuple[str, str]:
        """What a one-off award is used up for: the applicant's or the platform's, of an item."""
        return item, identity(platform if self.once_per[item] == "platform" else applicant)

    def carried(self, item: str, year: int) -> int:
        """Fen of the item that falls due in ``year`` by the opening file."""
        return sum(round(o.due_wan.get(year, 0) * FEN_A_WAN) for o in self.rules.opening if o.item == item)

    def _opening_credits(self) -> dict[tuple[str, str], int]:
        """What each platform was committed under an item, fen."""
        credits: dict[tuple[str, str], int] = {}
        for o in self.rules.opening:
            if o.platform:
                at = (o.item, identity(o.platform))
                credits[at] = credits.get(at, 0) + round(o.committed_wan * FEN_A_WAN)
        return credits

    def _credit_of(self, book: Book, rows: np.ndarray) -> np.ndarray:
        lower = book.item.upgrade_of or ""
        given = [self.credits.get((lower, identity(book.rows[n].platform)), 0) for n in rows]
        return np.array(given, np.int64)

    def header(self, condition: Condition) -> str:
        """The header of the column that a condition reads."""
        return self.file.known.columns[condition.column].header

    def _conditions_without_column(self, item: Item) -> list[Condition]:
        there = self.file.columns
        return [one for one in item.requires if one.column not in there and one.column != IS_ENTERPRISE]


def _is_award(row: OpeningRow) -> bool:
    return row.is_award_given or row.committed_wan > 0


def _bars(opening: Sequence[OpeningRow]) -> dict[str, int]:
    """The last year of each applicant's bar (暂停申报)."""
    bars: dict[str, int] = {}
    for row in opening:
        bars[identity(row.applicant)] = max(bars.get(identity(row.applicant), 0), row.bar_until or 0)
    return bars


def _is_met(condition: Condition, value: float) -> bool:
    return {"true": value > 0, "false": value == 0, "positive": value > 0}[condition.must_be]


def _wanted(condition: Condition) -> str:
    if condition.must_be == "positive":
        return message("more than 0")
    return {"true": "是", "false": "否"}[condition.must_be]


def _of_item(item: Item, what: str) -> Message:
    return joined([named(item.title, item.title_en or item.title), what], "：", ": ")


def _said(mode: SupportMode, error: Exception) -> str:
    if isinstance(error, ModeFault):
        return error.sentence
    what = error.faults[0].what if isinstance(error, FaultyInput) else f"{type(error).__name__}: {error}"
    title = named(mode.title, mode.title_en or mode.title)
    return message("{mode} ({key}) cannot work it out: {what}", mode=title, key=mode.key, what=what)


def _first_shares(mode: SupportMode, columns: Mapping[str, np.ndarray], year: int, rows: int) -> np.ndarray:
    """The share of each application that is paid in its first year; all of it where no term is given."""
    if "term_years" not in columns:
        return np.ones(1)
    return np.atleast_2d(np.asarray(mode.payments(Commitments(columns, year, rows)), dtype=float))[:, 0]
