"""What `assess` gives back: the input's rows with their results, sums by item, and on what terms they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from ..applications.grid import NOT_CALCULATED
from ..modes.support_mode import Cap
from ..scenario.model import READINGS, Condition, Item
from ..scenario_file.terms import TRANCHES
from .assessment import FEN_A_WAN, Assessment, Book

ADDED = ("demand_wan", "entitlement_wan", "bound_by", "article", "note")  # and cut:<cap>


def frame(done: Assessment) -> pd.DataFrame:
    """The input's cells and, behind them, the result of each row."""
    given = dict(done.file.grid.rows)
    place = {row.line: n for n, row in enumerate(done.rows)}
    headers = done.file.grid.headers
    cells = [given[row.line] for row in done.rows]
    input_part = pd.DataFrame([[_plain(c) for c in row] for row in cells], columns=list(headers), dtype=object)
    results = _amounts(done, done.books.values(), place, lambda fen: fen.sum(axis=1)) | _texts(done, place)
    several = [book for book in done.books.values() if book.claims_in_several_years]
    for y, year in enumerate(done.years):
        if any(book.offsets[y] < book.offsets[y + 1] for book in several):
            of_year = _amounts(done, several, place, itemgetter((slice(None), y)), blank=np.nan)
            results |= {f"{name}_{year}": values for name, values in of_year.items()}
    return pd.concat([input_part, pd.DataFrame(results, index=input_part.index)], axis=1)


def _plain(cell: Any) -> Any:
    """A cell as it came; a formula that was never calculated is empty."""
    return None if cell is NOT_CALCULATED else cell


def _amounts(
    done: Assessment,
    books: Iterable[Book],
    place: Mapping[int, int],
    of: Callable[[np.ndarray], np.ndarray],
    blank: float = 0.0,
) -> dict[str, np.ndarray]:
    """``demand_wan``, one ``cut:<cap>`` a cap, ``entitlement_wan`` a row, 万元; rows of other books hold ``blank``."""
    books = list(books)
    caps = dict.fromkeys(cap.key for book in books for caps in book.item.caps.values() for cap in caps)
    columns = {name: np.full(len(done.rows), blank) for name in ("demand_wan", *(f"cut:{c}" for c in caps), ADDED[1])}
    for book in books:
        rows = [place[row.line] for row in book.rows]
        nothing = np.zeros_like(book.demand)
        columns["demand_wan"][rows] = of(book.demand) / FEN_A_WAN
        columns["entitlement_wan"][rows] = of(book.entitlement) / FEN_A_WAN
        for cap in caps:
            columns[f"cut:{cap}"][rows] = of(book.cuts.get(cap, nothing)) / FEN_A_WAN
    return columns


def _texts(done: Assessment, place: Mapping[int, int]) -> dict[str, list[str]]:
    """``bound_by``: the cap that cut most; ``article``: of what refused the row, else of that cap, else of the item."""
    bound, article, note = ([""] * len(done.rows) for _ in range(3))
    for book in done.books.values():
        title = {cap.key: cap.article for caps in book.item.caps.values() for cap in caps}
        totals = {cap: amounts.sum(axis=1) for cap, amounts in book.cuts.items()}
        totals_asked = book.demand.sum(axis=1)
        unchecked = [f"not checked: {_header(done, c)} ({c.article})" for c in done.unchecked[book.item.key]]
        for n, row in enumerate(book.rows):
            at = place[row.line]
            most = max(totals, key=lambda cap: totals[cap][n], default="")
            bound[at] = most if most and totals[most][n] > 0 else ""
            refused = book.refused[n] if not totals_asked[n] else ""
            article[at] = refused or title.get(bound[at], book.item.article)
            note[at] = "; ".join([*book.remarks[n], *unchecked])
    return {"bound_by": bound, "article": article, "note": note}


def _header(done: Assessment, condition: Condition) -> str:
    return done.file.known.columns[condition.column].header


def by_item(done: Assessment) -> pd.DataFrame:
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


def notes(
    done: Assessment, has_scenario: bool, year: int | None, registrations: int | None, is_opened: bool
) -> Iterator[str]:
    """On what terms the numbers stand."""
    rules, items = done.rules, [book.item for book in done.books.values()]
    if year is not None:
        left_out = len(done.file.rows) - len(done.rows)
        what = f"only {year}: {left_out} of {len(done.file.rows)} rows were submitted in other years and left out"
        yield f"{what}; nothing in them uses up a ceiling or a one-off award" if left_out else what
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
    if not is_opened:
        yield "bars and awards given before are not checked: no opening file (--opening)"
    yield from _notes_about_items(done, items, registrations, is_opened)
    yield "no envelope and no selection: the entitlement is what the rules allow, not what the budget can pay"


def _notes_about_items(
    done: Assessment, items: Sequence[Item], registrations: int | None, is_opened: bool
) -> Iterator[str]:
    rules = done.rules
    for item in items:
        if item.is_own:
            yield f"{item.title}: not in the measure (自设); its terms are those of the scenario '{rules.name}'"
    counted = {item.title: cap.of for item in items for cap in _caps(item) if cap.per == "count" and cap.of}
    for title, column in counted.items():
        whose = "as given" if registrations is not None else f"the mean of the scenario '{rules.name}'"
        yield f"{title}: {done.counts[column][0]:.0f} valid registrations a year ({whose})"
    if registrations is not None and not counted:
        yield "the number of registrations was not used: no application needs it"
    for item in items:
        lacking = done.unchecked[item.key]
        if lacking:
            headers = "', '".join(_header(done, condition) for condition in lacking)
            yield f"{item.title}: not checked, for the file has no column '{headers}' ({lacking[0].article})"
        if any(item.places.get(y) is not None for y in rules.years):
            yield f"{item.title}: the guide's number of places is not applied; assess selects nobody"
        if any(cap.net_of_carried for cap in _caps(item)):
            yield _note_about_carried(done, item, is_opened)


def _note_about_carried(done: Assessment, item: Item, is_opened: bool) -> str:
    if not is_opened:
        return f"{item.title}: no carried payments are known, so the whole yearly ceiling is free ({item.article})"
    due = {year: done.carried(item.key, year) / FEN_A_WAN for year in done.years}
    shown = ", ".join(f"{year}: {amount:,.10g}" for year, amount in due.items() if amount) or "none"
    return f"{item.title}: carried payments that the opening file names use up the ceiling first ({shown})"


def _caps(item: Item) -> list[Cap]:
    return [cap for caps in item.caps.values() for cap in caps]


def _guide_terms(item: Item, year: int) -> Iterator[str]:
    """The guide's terms of an item with source and mark, those about tranches left out."""
    mode = item.modes[year]
    for term, (source, mark) in item.sources.items():
        if term in mode.param and term not in TRANCHES:
            value = getattr(mode, term)
            shown = f" {value}" if isinstance(value, (int, float, str)) or len(value) == 1 else ""
            yield f"{mode.param[term].label or term}{shown} ({source}; {mark or 'no mark'})"
