"""What `assess` gives back: the input's rows with their results, and sums by item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from ..base.messages import joined, message, reader_language
from ..base.units import FEN_A_WAN
from ..tables.table import NOT_CALCULATED
from .assessment import Assessment, Book

ADDED = ("demand_wan", "entitlement_wan", "bound_by", "article", "note")  # and cut:<cap>


def frame(done: Assessment, language: str | None = None) -> pd.DataFrame:
    """The input's cells and, behind them, the result of each row; notes in a language, by default the reader's."""
    given = {row.line: row.cells for row in done.file.table.rows}
    place = {row.line: n for n, row in enumerate(done.rows)}
    headers = done.file.table.headers
    cells = np.empty((len(done.rows), len(headers)), object)
    for n, row in enumerate(done.rows):
        cells[n] = given[row.line]
        if NOT_CALCULATED in given[row.line]:
            cells[n] = [_plain(cell) for cell in given[row.line]]
    input_part = pd.DataFrame(cells, columns=list(headers), dtype=object)
    results = _amounts(done, done.books.values(), place, lambda fen: fen.sum(axis=1)) | _texts(done, place, language)
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


def _texts(done: Assessment, place: Mapping[int, int], language: str | None) -> dict[str, list[str]]:
    """``bound_by``: the cap that cut most; ``article``: of what refused the row, else of that cap, else of the item."""
    language = language or reader_language()
    bound, article, note = ([""] * len(done.rows) for _ in range(3))
    for book in done.books.values():
        title = {cap.key: cap.article for caps in book.item.caps.values() for cap in caps}
        totals = {cap: amounts.sum(axis=1) for cap, amounts in book.cuts.items()}
        totals_asked = book.demand.sum(axis=1)
        unchecked = [
            message("not checked: {column} ({article})", column=done.header(c), article=c.article)
            for c in done.unchecked[book.item.key]
        ]
        for n, row in enumerate(book.rows):
            at = place[row.line]
            most = max(totals, key=lambda cap: totals[cap][n], default="")
            bound[at] = most if most and totals[most][n] > 0 else ""
            refused = book.refused[n] if not totals_asked[n] else ""
            article[at] = refused or title.get(bound[at], book.item.article)
            remarks = [*book.remarks[n], *unchecked]
            note[at] = joined(remarks, "；", "; ").text(language) if remarks else ""
    return {"bound_by": bound, "article": article, "note": note}


def by_item(done: Assessment) -> pd.DataFrame:
    """Rows, demand, cuts and entitlement of each item and year of claim, 万元."""
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
