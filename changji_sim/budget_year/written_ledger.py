"""An opening ledger (期初台账) as a table: the columns that its rows fill, as `read_opening` reads them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..applications.cells import EPOCH
from ..applications.known_columns import DECISIONS, ItemColumns, KnownColumns
from ..applications.written_table import table_bytes
from ..modes.support_mode import Column
from ..scenario.model import OpeningRow, ScenarioModel
from ..scenario_file.opening_columns import HEADERS, due_header, inflow_header, paid_header
from ..scenario_file.opening_rows import RATINGS
from ..scenario_file.opening_template import SHEET

BEHIND = "cancelled_wan"  # the column behind which the amounts of years stand
WORDS = {key: word for word, key in RATINGS.items() if word != key}
ALWAYS = ("item", "applicant", "committed_wan", "paid_wan")


def ledger_bytes(path: Path, rows: Sequence[OpeningRow], scenario: ScenarioModel) -> bytes:
    """The ledger as the bytes of a .csv or .xlsx, by the suffix of ``path``; the same for the same rows."""
    headers, cells = ledger_table(rows, scenario)
    if path.suffix.lower() == ".csv":  # all digits: a stake is worked out of them again
        cells = [[f"{cell:.15g}" if isinstance(cell, float) else cell for cell in row] for row in cells]
    return table_bytes(path, headers, cells, SHEET)


def ledger_table(rows: Sequence[OpeningRow], scenario: ScenarioModel) -> tuple[list[str], list[list[Any]]]:
    """The headers of the columns that some row fills, and the cells of every row."""
    known, titles = KnownColumns(scenario), {item.key: item.title for item in scenario.items}
    columns: list[tuple[str, list[Any]]] = []
    for name, header in HEADERS.items():
        columns.append((header, [_cell(row, name, titles) for row in rows]))
        if name == BEHIND:
            for header_of, by_year in (
                (due_header, [row.due_wan for row in rows]),
                (paid_header, [row.paid_by_year for row in rows]),
                (inflow_header, [row.inflow_wan for row in rows]),
            ):
                for year in sorted({year for amounts in by_year for year in amounts}):
                    columns.append((header_of(year), [amounts.get(year) for amounts in by_year]))
    columns += _stated(rows, known, scenario)
    always = {HEADERS[name] for name in ALWAYS}
    filled = [column for column in columns if column[0] in always or any(cell not in (None, "") for cell in column[1])]
    return [header for header, _ in filled], [list(row) for row in zip(*(cells for _, cells in filled), strict=True)]


def _cell(row: OpeningRow, name: str, titles: dict[str, str]) -> Any:
    value = getattr(row, name)
    if name == "item":
        return titles[value]
    if name == "rating":
        return WORDS.get(value, "")
    if name == "application_row":
        return None if value is None else value + 1
    if name.endswith("_wan"):
        return value if value or name in ALWAYS else None
    return ("是" if value else "") if isinstance(value, bool) else value


def _stated(rows: Sequence[OpeningRow], known: KnownColumns, scenario: ScenarioModel) -> list[tuple[str, list[Any]]]:
    """What applications stated, a column for each header."""
    found: dict[str, list[Any]] = {}
    for n, row in enumerate(rows):
        of_item = known.of(row.item, row.application_year or scenario.years[0])
        for name, value in row.values.items():
            column = _column(of_item, name)
            if column is not None:
                found.setdefault(column.header, [None] * len(rows))[n] = _stated_cell(column, value)
    return list(found.items())


def _column(of_item: ItemColumns, name: str) -> Column | None:
    return of_item.columns.get(name) or next((column for column in DECISIONS[:1] if column.name == name), None)


def _stated_cell(column: Column, value: float) -> Any:
    if column.kind == "flag":
        return "是" if value > 0 else "否"
    if column.kind == "choice":
        return list(column.choices.values())[int(value)]
    if column.kind == "date":
        return EPOCH + datetime.timedelta(days=int(value))
    return int(value) if column.kind == "whole" else value
