"""Real applications (申报) worked out: no chance, no selection, no envelope; the kernel's own formulas and caps.

>>> report = assess_file(EXAMPLE, registrations=120, out=False)
>>> row = report.frame.iloc[0]
>>> row["demand_wan"] == row.filter(like="cut:").sum() + row["entitlement_wan"]
True

Every item and year is one trial: its rows stand in submission order (date, then file order) and go through the mode's
`demand`, `to_fen` and `apply_cap` like drawn ones.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from .applications_cells import identity
from .applications_file import Application, ApplicationsFile, read_applications
from .applications_output import write_table
from .cap_rules import CapSurroundings, apply_cap
from .claims import Claims, demand_wan, spread_over_years, to_fen
from .draws import Registry
from .faults import Fault, FaultyInput
from .ledger import Unbalanced
from .modes import Applications, Cap
from .opening_file import read_opening
from .scenario import READINGS, Condition, Item, OpeningRow, Scenario
from .scenario_file import load_scenario
from .scenario_sheet import BESIDE
from .scenario_terms import GUIDE, TRANCHES

EXAMPLE = Path(__file__).parent / "examples" / "applications_2026.xlsx"
FEN_A_WAN = 1_000_000
MOST_REGISTRATIONS = 1_000_000
BAR_ARTICLE = "第十八条（四）"
IN_FORCE_ARTICLE = "第二十二条"
ADDED = ("demand_wan", "entitlement_wan", "bound_by", "article", "note")  # and cut:<cap>

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class AssessReport:
    """What `assess_file` gives.

    Args:
        frame: the input's rows and columns in their order, then ``demand_wan``, ``cut:<cap>``, ``entitlement_wan``,
            ``bound_by``, ``article``, ``note``; for applications that claim in several years also a set a year
            (``demand_wan_2026``, …), of which the first ones are the sums. 万元.
        by_item: rows, ``demand_wan``, ``cut_wan``, ``entitlement_wan`` of each item and year of claim.
        notes: on what terms the numbers stand, one sentence each.
        warnings: what is odd about the file, though no fault.
        out: the file written, if one was.
    """

    frame: pd.DataFrame
    by_item: pd.DataFrame
    notes: tuple[str, ...]
    warnings: tuple[Fault, ...]
    out: Path | None = None


def assess_file(
    path: PathLike,
    year: int | None = None,
    scenario: PathLike | Scenario | None = None,
    registrations: int | None = None,
    opening: PathLike | None = None,
    out: PathLike | Literal[False] | None = None,
    plugins_dir: PathLike | None = None,
    reform: Any = None,
) -> AssessReport:
    """Work out what each application of a file may get.

    Args:
        path: a csv or xlsx of applications (`read_applications`).
        year: only rows submitted in that year; without it every calendar year is worked out on its own.
        scenario: whose guide and readings hold; without one the law's own values, and the baseline's guide terms only
            where the law leaves them open.
        registrations: valid registrations (有效报名数量) of the contest, the same in every year.
        opening: an opening file; without one nobody is barred and no award was given before.
        out: where to write the result (.csv or .xlsx), by default beside the input; ``False`` writes nothing.
        plugins_dir, reform: as in `load_scenario`.

    Raises:
        FaultyInput: everything wrong with the files and the arguments; nothing is written then.
    """
    path = Path(path)
    target = _target(path, out)
    rules = _rules(scenario, reform, plugins_dir)
    rules, file = _read_both(path, opening, rules)
    faults = [*_faulty_arguments(year, registrations, rules), *_outside(file, year, rules), *_clashes(file)]
    if faults:
        raise FaultyInput(faults)
    chosen = [row for row in file.rows if year is None or row.submitted.year == year]
    counts = _counts(rules, chosen, registrations, is_given=scenario is not None)
    assessment = _Assessment(file, chosen, rules, counts, is_opened=opening is not None)
    assessment.run()
    frame = _frame(assessment)
    notes = _notes(assessment, scenario is not None, year, registrations, opening)
    if target is not None:
        write_table(target, list(frame.columns), frame.itertuples(index=False), file.grid.sheet or path.stem)
    return AssessReport(frame, _by_item(assessment), tuple(notes), (*file.warnings, *assessment.warnings), target)


def law_scenario(reform: Any = None, plugins_dir: PathLike | None = None) -> Scenario:
    """The baseline without any ceiling the guide sets below the law's: what holds where no scenario is given."""
    baseline = load_scenario(BESIDE / "baseline.yaml", reform, plugins_dir)
    return replace(baseline, items=tuple(replace(item, caps=_law_first(item)) for item in baseline.items), opening=())


def _law_first(item: Item) -> dict[int, tuple[Cap, ...]]:
    tighter = {f"{cap.key}_guide" for caps in item.caps.values() for cap in caps if cap.article != GUIDE}
    return {year: tuple(cap for cap in caps if cap.key not in tighter) for year, caps in item.caps.items()}


# --- what is given -----------------------------------------------------------------------------------------------


def _rules(scenario: PathLike | Scenario | None, reform: Any, plugins_dir: PathLike | None) -> Scenario:
    if scenario is None:
        return law_scenario(reform, plugins_dir)
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, reform, plugins_dir)
    if reform is not None:
        raise FaultyInput([Fault("reform", "a scenario already loaded has its law; load it with the reform")])
    return scenario


def _read_both(path: Path, opening: PathLike | None, rules: Scenario) -> tuple[Scenario, ApplicationsFile]:
    """The rules with the opening position, and the applications; the faults of both files at once."""
    faults: list[Fault] = []
    rows: tuple[OpeningRow, ...] = ()
    if opening is not None:
        rows, found = read_opening(Path(opening), {item.key: item.title for item in rules.items}, rules.years)
        faults += [fault for fault in found if not fault.is_warning]
    rules = replace(rules, opening=rows)
    try:
        file = read_applications(path, rules)
    except FaultyInput as error:
        raise FaultyInput([*faults, *error.faults]) from None
    if faults:
        raise FaultyInput(faults)
    return rules, file


def _target(path: Path, out: PathLike | Literal[False] | None) -> Path | None:
    if out is False:
        return None
    kind = ".csv" if path.suffix.lower() == ".csv" else ".xlsx"
    target = path.with_name(f"{path.stem}_assessed{kind}") if out is None else Path(out)
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise FaultyInput([Fault(target.name, "the result is written as .csv or .xlsx")])
    if target.exists() and path.exists() and target.samefile(path):
        raise FaultyInput([Fault(target.name, "the result would overwrite the applications; choose another name")])
    if not target.parent.is_dir():
        raise FaultyInput([Fault(str(out), f"there is no folder '{target.parent}'")])
    return target


def _faulty_arguments(year: Any, registrations: Any, rules: Scenario) -> Iterator[Fault]:
    first, last = rules.years[0], rules.years[-1]
    if year is not None and (isinstance(year, bool) or year not in rules.years):
        yield Fault("year", f"the measure is in force {first}–{last}, not in {year}", IN_FORCE_ARTICLE)
    whole = isinstance(registrations, (int, np.integer)) and not isinstance(registrations, bool)
    if registrations is not None and not (whole and 0 <= registrations <= MOST_REGISTRATIONS):
        yield Fault("registrations", f"found {registrations!r}; a whole number from 0 to {MOST_REGISTRATIONS:,} is needed")


def _outside(file: ApplicationsFile, year: int | None, rules: Scenario) -> Iterator[Fault]:
    """Rows submitted when the measure is not in force; with a year chosen they are among those left out."""
    column = file.grid.headers.index(_header_of(file, "submitted"))
    for row in file.rows:
        if year is None and row.submitted.year not in rules.years:
            what = f"submitted {row.submitted}; the measure is in force {rules.years[0]}–{rules.years[-1]}"
            yield Fault(file.grid.where(row.line, column), what, IN_FORCE_ARTICLE)


def _header_of(file: ApplicationsFile, name: str) -> str:
    return next(header for header in file.grid.headers if file.known.name(header) == name)


def _clashes(file: ApplicationsFile) -> Iterator[Fault]:
    taken = [h for h in file.grid.headers if h.startswith(ADDED[:2]) or h in ADDED or h.startswith("cut:")]
    if taken:
        names = ", ".join(f"'{name}'" for name in taken[:5])
        what = f"assess adds these columns itself: {names}; rename or remove them (is this a file that assess wrote?)"
        yield Fault(file.grid.where(file.grid.header_line), what)


def _counts(
    rules: Scenario, rows: Sequence[Application], registrations: int | None, is_given: bool
) -> Mapping[str, np.ndarray]:
    """What winners are counted against (有效报名数量), by column name: the argument, else the scenario's mean.

    Raises:
        FaultyInput: applications need it and nobody says it.
    """
    counts, faults = {}, []
    asked_for = {row.item for row in rows}
    for item in rules.items:
        for of in {cap.of for caps in item.caps.values() for cap in caps if cap.per == "count" and cap.of}:
            drawn = next((d for d in item.item_columns if d.column.name == of), None) if is_given else None
            mean = drawn.distribution.mean if drawn is not None else np.nan
            if registrations is not None:
                counts[of] = np.array([float(registrations)])
            elif np.isfinite(mean):
                counts[of] = np.rint(np.array([mean]))
            elif item.key in asked_for:
                what = f"{item.title}: the number of valid registrations (有效报名数量) decides; give '--registrations N'"
                faults.append(Fault("registrations", what, item.article))
    if faults:
        raise FaultyInput(faults)
    return counts


# --- working it out ----------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Book:
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
    refused: list[str] = field(default_factory=list)  # article under which a row is ineligible, "" if it is not

    @property
    def claims_in_several_years(self) -> bool:
        return any(mode.claim_years > 1 for mode in self.item.modes.values())


class _Assessment:
    """The applications of a file going through the years, one trial an item and year."""

    def __init__(
        self,
        file: ApplicationsFile,
        rows: Sequence[Application],
        rules: Scenario,
        counts: Mapping[str, np.ndarray],
        is_opened: bool,
    ):
        self.file, self.rows, self.rules, self.counts, self.is_opened = file, rows, rules, counts, is_opened
        self.years = rules.years
        self.registry = Registry(rules)
        self.ids = {row.line: self.registry.applicant(row.applicant, row.group) for row in rows}
        self.group_of = self.registry.group_of
        self.is_enterprise = self.registry.is_enterprise
        self.warnings: list[Fault] = []
        self.unchecked: dict[str, list[Condition]] = {}
        self.used = {(o.item, self._key(o.item, o.applicant, o.platform)): "" for o in rules.opening if _is_award(o)}
        self.credits = self._opening_credits()
        by_item = {item.key: [row for row in rows if row.item == item.key] for item in rules.items}
        self.books = self._open_books({key: found for key, found in by_item.items() if found})

    def run(self) -> None:
        """Every year in turn; what a platform was given counts from the next year on, as in the kernel."""
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

    def _open_books(self, rows: Mapping[str, list[Application]]) -> dict[str, _Book]:
        """A book an item, in the scenario's order; the faults of all items at once."""
        books, faults = {}, []
        for item in self.rules.items:
            if item.key in rows:
                try:
                    books[item.key] = self._open_book(item, sorted(rows[item.key], key=lambda row: row.submitted))
                except FaultyInput as error:
                    faults += error.faults
        if faults:
            raise FaultyInput(faults)
        return books

    def _open_book(self, item: Item, rows: list[Application]) -> _Book:
        applicant = np.array([self.ids[row.line] for row in rows], np.int32)
        columns = self._columns(item, rows)
        year_of = np.array([row.submitted.year for row in rows])
        claims = np.concatenate([self._demand(item, rows, columns, year_of == year, year) for year in self.years])
        starts = np.searchsorted(year_of, [*self.years, self.years[-1] + 1])
        offsets, row, asked = spread_over_years(starts.astype(np.int64), len(self.years), claims)
        shape = (len(rows), len(self.years))
        return _Book(
            item, rows, applicant, columns, offsets, row, asked, np.zeros(shape, np.int64), np.zeros(shape, np.int64),
            remarks=[[] for _ in rows], refused=[""] * len(rows),
        )  # fmt: skip

    def _columns(self, item: Item, rows: Sequence[Application]) -> dict[str, np.ndarray]:
        """The numbers of the rows as a mode reads them; a cell that may be empty counts as the mode's fixed default."""
        of_year = {year: self.file.known.of(item.key, year) for year in self.years}
        names = {
            name: None for known in of_year.values() for name in known.asked_for if known.columns[name].kind != "text"
        }
        return {
            name: np.array([row.values.get(name, of_year[row.submitted.year].missing_value(name)) for row in rows])
            for name in names
        }

    def _demand(
        self, item: Item, rows: Sequence[Application], columns: Mapping[str, np.ndarray], at: np.ndarray, year: int
    ) -> np.ndarray:
        """Fen asked by the rows ``at``, shape ``(rows, claim years)``, by the mode of ``year``."""
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
        except Exception as error:  # a stranger's mode may raise anything; it must not end in a traceback
            raise FaultyInput(self._blame(item, year, rows, places, table, error)) from None
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
                yield Fault(self.file.where(rows[n]), f"{item.title}: {mode.title} ({mode.key}) cannot work it out: {_said(alone)}")
        if not found:
            yield Fault(self.file.path.name, f"{item.title}: {mode.title} ({mode.key}) cannot work it out: {_said(error)}")

    # --- one year -------------------------------------------------------------------------------------------------

    def _assess_year(self, book: _Book, y: int, year: int) -> None:
        """Who is eligible, then the caps in their order; every cut is booked to its cap."""
        span = slice(book.offsets[y], book.offsets[y + 1])
        rows = book.row[span]
        if not len(rows):
            return
        eligible = np.array([self._is_eligible(book, int(n), year) for n in rows])
        left = np.where(eligible, book.asked[span], 0)
        book.demand[rows, y] = left
        claims = _claims_of(book, rows, left.copy())
        around = CapSurroundings(
            self.rules.readings,
            self.group_of,
            count=lambda name: self.counts[name],
            carried=lambda: np.array([self._carried(book.item.key, year)]),
            credit=lambda: self._credit_of(book, rows),
        )
        for cap in book.item.caps[year]:
            before, cut = left.copy(), np.zeros(1, np.int64)
            apply_cap(cap, left, claims, around, cut, np.zeros(1, np.int64))
            if (before - left).sum() != cut[0]:
                raise Unbalanced(f"{book.item.key} {year}: the cap {cap.key} booked another sum than it cut")
            book.cuts.setdefault(cap.key, np.zeros_like(book.demand))[rows, y] = before - left
        book.entitlement[rows, y] = left

    def _is_eligible(self, book: _Book, n: int, year: int) -> bool:
        why = self._why_not(book, book.rows[n], year)
        if why is None:
            return True
        sentence, article = why
        if book.claims_in_several_years:
            sentence = f"{year}: {sentence}"
        book.remarks[n].append(f"not eligible: {sentence} ({article})")
        book.refused[n] = article
        return False

    def _why_not(self, book: _Book, row: Application, year: int) -> tuple[str, str] | None:
        """Why a row is ineligible in ``year``, and the article; None if it is not. An award once given is noted."""
        item, readings = book.item, self.rules.readings
        until = self._barred_until(row.applicant)
        if until is not None and year <= until and (item.modes[year].is_project or readings["bar_scope"] == "every_item"):
            return f"'{row.applicant}' is barred until the end of {until}", BAR_ARTICLE
        if readings["in_force"] == "dates" and self.rules.in_force:
            first, last = self.rules.in_force
            if not first <= row.submitted.isoformat() <= last:
                return f"submitted {row.submitted}; the measure is in force from {first} to {last}", IN_FORCE_ARTICLE
        for condition in item.requires:
            if condition.column in row.values and not _is_met(condition, row.values[condition.column]):
                header = self.file.known.columns[condition.column].header
                wanted = {"true": "是", "false": "否", "positive": "more than 0"}[condition.must_be]
                return f"'{header}' must be {wanted}", condition.article
        if item.once_per is None:
            return None
        key = (item.key, self._key(item.key, row.applicant, row.platform))
        if key in self.used:
            earlier = self.used[key]
            given = f"in this file to {earlier}" if earlier else "before, says the opening file"
            return f"it is given once, and was given {given}", item.article
        self.used[key] = f"'{row.application_id}' (row {row.line})"
        return None

    def _barred_until(self, applicant: str) -> int | None:
        bars = [o.bar_until for o in self.rules.opening if o.bar_until and identity(o.applicant) == identity(applicant)]
        return max(bars, default=None)

    def _key(self, item: str, applicant: str, platform: str) -> str:
        once_per = next(i.once_per for i in self.rules.items if i.key == item)
        return identity(platform if once_per == "platform" else applicant)

    def _carried(self, item: str, year: int) -> int:
        """Fen of the item that an opening file says falls due in ``year``."""
        return sum(round(o.due_wan.get(year, 0) * FEN_A_WAN) for o in self.rules.opening if o.item == item)

    def _opening_credits(self) -> dict[tuple[str, str], int]:
        """What each platform was committed under an item, fen."""
        credits: dict[tuple[str, str], int] = {}
        for o in self.rules.opening:
            if o.platform:
                at = (o.item, identity(o.platform))
                credits[at] = credits.get(at, 0) + round(o.committed_wan * FEN_A_WAN)
        return credits

    def _credit_of(self, book: _Book, rows: np.ndarray) -> np.ndarray:
        lower = book.item.upgrade_of or ""
        given = [self.credits.get((lower, identity(book.rows[n].platform)), 0) for n in rows]
        return np.array(given, np.int64)

    def _conditions_without_column(self, item: Item) -> list[Condition]:
        there = {self.file.known.name(header) for header in self.file.grid.headers}
        return [condition for condition in item.requires if condition.column not in there]


def _is_award(row: OpeningRow) -> bool:
    return row.is_award_given or row.committed_wan > 0


def _is_met(condition: Condition, value: float) -> bool:
    return {"true": value > 0, "false": value == 0, "positive": value > 0}[condition.must_be]


def _said(error: Exception) -> str:
    return error.faults[0].what if isinstance(error, FaultyInput) else f"{type(error).__name__}: {error}"


def _claims_of(book: _Book, rows: np.ndarray, asked: np.ndarray) -> Claims:
    """The kernel's claims of one year and one trial."""
    columns = {name: values[rows] for name, values in book.columns.items()}
    nobody, nothing = np.empty(0, np.int32), np.empty(0)
    return Claims(
        offsets=np.array([0, len(rows)], np.int64),
        asked=asked,
        applicant=book.applicant[rows],
        is_fit=np.empty(0, np.uint8),
        passes=np.empty(0, np.uint8),
        once=nobody,
        tier=columns.get("tier", nothing),
        shares=np.ones((1, 1)),
        stop=np.empty(0, np.int64),
        term=np.ones(1),
        row=nobody,
        origin_year=nobody,
        origin_row=nobody,
        columns=columns,
    )


# --- what is given back ------------------------------------------------------------------------------------------


def _frame(done: _Assessment) -> pd.DataFrame:
    """The input's cells and, behind them, the result of each row."""
    given = {line: cells for line, cells in done.file.grid.rows}
    place = {row.line: n for n, row in enumerate(done.rows)}
    headers = done.file.grid.headers
    cells = [given[row.line] for row in done.rows]
    input_part = pd.DataFrame([[_plain(c) for c in row] for row in cells], columns=list(headers), dtype=object)
    added = _result_columns(done, place, lambda amounts: amounts.sum(axis=1), "", done.books.values())
    texts = _text_columns(done, place)
    several = [book for book in done.books.values() if book.claims_in_several_years]
    for y, year in enumerate(done.years):
        if any(book.offsets[y] < book.offsets[y + 1] for book in several):
            added |= _result_columns(done, place, lambda amounts, y=y: amounts[:, y], f"_{year}", several)
    plain = [name for name in added if not name[-5:].strip("_").isdigit()]
    ordered = {name: added[name] for name in plain} | texts | {k: v for k, v in added.items() if k not in plain}
    return pd.concat([input_part, pd.DataFrame(ordered, index=input_part.index)], axis=1)


def _plain(cell: Any) -> Any:
    return None if not isinstance(cell, (str, int, float, bool)) and not hasattr(cell, "isoformat") else cell


def _result_columns(
    done: _Assessment, place: Mapping[int, int], of: Callable[[np.ndarray], np.ndarray], suffix: str, books: Any
) -> dict[str, np.ndarray]:
    """``demand_wan``, one ``cut:<cap>`` a cap, ``entitlement_wan``: 万元 a row; rows of other books are 0, or empty a year."""
    books = list(books)
    blank = np.nan if suffix else 0.0
    caps = dict.fromkeys(cap.key for book in books for caps in book.item.caps.values() for cap in caps)
    columns = {"demand_wan": None, **{f"cut:{cap}": None for cap in caps}, "entitlement_wan": None}
    for name in columns:
        values = np.full(len(done.rows), blank)
        for book in books:
            amounts = {"demand_wan": book.demand, "entitlement_wan": book.entitlement}.get(name)
            if amounts is None:
                amounts = book.cuts.get(name.removeprefix("cut:"), np.zeros_like(book.demand))
            values[[place[row.line] for row in book.rows]] = of(amounts) / FEN_A_WAN
        columns[name] = values
    return {f"{name}{suffix}": values for name, values in columns.items()}


def _text_columns(done: _Assessment, place: Mapping[int, int]) -> dict[str, list[str]]:
    """``bound_by``: the cap that cut most; ``article``: of what refused the row, else of that cap, else of the item."""
    bound, article, note = ([""] * len(done.rows) for _ in range(3))
    for book in done.books.values():
        title = {cap.key: cap.article for caps in book.item.caps.values() for cap in caps}
        totals = {cap: amounts.sum(axis=1) for cap, amounts in book.cuts.items()}
        unchecked = [f"not checked: {_header(done, c)} ({c.article})" for c in done.unchecked[book.item.key]]
        for n, row in enumerate(book.rows):
            at = place[row.line]
            most = max(totals, key=lambda cap: totals[cap][n], default="")
            bound[at] = most if most and totals[most][n] > 0 else ""
            article[at] = book.refused[n] or title.get(bound[at], book.item.article)
            note[at] = "; ".join([*book.remarks[n], *unchecked])
    return {"bound_by": bound, "article": article, "note": note}


def _header(done: _Assessment, condition: Condition) -> str:
    return done.file.known.columns[condition.column].header


def _by_item(done: _Assessment) -> pd.DataFrame:
    lines = [
        {
            "item": book.item.key,
            "title": book.item.title,
            "year": year,
            "rows": int(book.offsets[y + 1] - book.offsets[y]),
            "demand_wan": book.demand[:, y].sum() / FEN_A_WAN,
            "cut_wan": sum(cut[:, y].sum() for cut in book.cuts.values()) / FEN_A_WAN,
            "entitlement_wan": book.entitlement[:, y].sum() / FEN_A_WAN,
        }
        for book in done.books.values()
        for y, year in enumerate(done.years)
        if book.offsets[y] < book.offsets[y + 1]
    ]
    return pd.DataFrame(lines, columns=["item", "title", "year", "rows", "demand_wan", "cut_wan", "entitlement_wan"])


def _notes(
    done: _Assessment, has_scenario: bool, year: int | None, registrations: int | None, opening: PathLike | None
) -> Iterator[str]:
    """On what terms the numbers stand."""
    rules, items = done.rules, [book.item for book in done.books.values()]
    left_out = len(done.file.rows) - len(done.rows)
    if year is not None:
        what = f"{left_out} of {len(done.file.rows)} rows were submitted in other years and left out"
        yield f"only {year}: {what}; nothing in them uses up a ceiling or a one-off award" if left_out else f"{year}: {what}"
    if has_scenario:
        yield f"guide and readings are those of the scenario '{rules.name}' ({rules.title})"
    else:
        yield "no scenario: the law's own values hold wherever it has one, and no guide's ceiling below them"
        for item in items:
            terms = "; ".join(_guide_terms(item, rules.years[0]))
            if terms:
                yield f"{item.title}: the law leaves it open, so the baseline's guide holds: {terms}"
    other = [f"{name} = {choice}" for name, choice in rules.readings.items() if choice != READINGS[name][0]]
    if other:
        yield f"readings (条文理解) other than the default: {', '.join(other)}"
    if opening is None:
        yield "bars and awards given before are not checked: no opening file (--opening)"
    yield from _notes_about_items(done, items, registrations)
    yield "no envelope and no selection: the entitlement is what the rules allow, not what the budget can pay"


def _notes_about_items(done: _Assessment, items: Sequence[Item], registrations: int | None) -> Iterator[str]:
    rules = done.rules
    counted = [i for i in items if any(cap.per == "count" for caps in i.caps.values() for cap in caps)]
    for item in counted:
        count = next(done.counts[cap.of] for caps in item.caps.values() for cap in caps if cap.per == "count" and cap.of)
        whose = "as given" if registrations is not None else f"the mean of the scenario '{rules.name}'"
        yield f"{item.title}: {count[0]:.0f} valid registrations a year ({whose})"
    if registrations is not None and not counted:
        yield "the number of registrations was not used: no application needs it"
    for item in items:
        lacking = done.unchecked[item.key]
        if lacking:
            headers = "', '".join(_header(done, condition) for condition in lacking)
            yield f"{item.title}: not checked, for the file has no column '{headers}' ({lacking[0].article})"
        if any(item.places.get(y) is not None for y in rules.years):
            yield f"{item.title}: the guide's number of places is not applied; assess selects nobody"
        if not done.is_opened and any(cap.net_of_carried for caps in item.caps.values() for cap in caps):
            yield f"{item.title}: no carried payments are known, so the whole yearly ceiling is free ({item.article})"


def _guide_terms(item: Item, year: int) -> Iterator[str]:
    """The guide's terms of an item with source and mark, those about tranches left out."""
    mode = item.modes[year]
    for term, (source, mark) in item.sources.items():
        if term in mode.param and term not in TRANCHES:
            value = getattr(mode, term)
            shown = f" {value}" if isinstance(value, (int, float, str)) or len(value) == 1 else ""
            yield f"{mode.param[term].label or term}{shown} ({source}; {mark or 'no mark'})"
