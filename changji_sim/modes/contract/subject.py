"""What the checks look at: a mode with some terms, and made-up applications of exactly the columns it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ...base.messages import joined, message
from ..support_mode import NEVER, Applications, Column, Commitments, Holdings, SupportMode, Table
from .contract_report import NotRun

ROWS = 60
YEARS = (2026, 2027, 2028, 2029)
SOME_DAY = int(np.datetime64("2026-01-01", "D").astype(np.int64))  # days since 1970, as a date column holds them
ORDINARY = 40  # how far whole numbers without an end go

Columns = dict[str, np.ndarray]
Answer = Callable[[Columns, Any], np.ndarray | None]
ANSWERS = ("demand", "payments", "stops", "exits", "recoveries")


@dataclass
class Subject:
    """A mode under the contract: its class, the terms it is given, and which of its methods give no answer."""

    mode_class: type[SupportMode]
    terms: Mapping[str, Any] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)

    @cached_property
    def mode(self) -> SupportMode:
        """An instance with the terms."""
        return self.mode_class(**self.terms)

    @cached_property
    def tables(self) -> list[Columns]:
        """Made-up rows of every column the mode declares; then without those that only one reading draws."""
        whole = made_up(self.mode, ROWS, np.random.default_rng(20260101))
        for_one_reading = {column.name for column in self.mode.columns if column.reading}
        if not for_one_reading:
            return [whole]
        return [whole, {name: values for name, values in whole.items() if name not in for_one_reading}]

    def methods(self) -> Iterator[tuple[str, Answer]]:
        """Every method that answers, as a function of columns and years.

        Raises:
            NotRun: none does.
        """
        answering = [name for name in ANSWERS if name not in self.unanswered]
        if "demand" in self.unanswered:
            raise NotRun(message("{methods} gives no answer; mend that first", methods=joined(sorted(self.unanswered))))
        for name in answering:
            yield name, answer_of(self.mode, name)

    def needs(self, *names: str) -> None:
        """Raise `NotRun` where one of these methods gives no answer."""
        missing = sorted(self.unanswered.intersection(names))
        if missing:
            raise NotRun(message("{methods} gives no answer; mend that first", methods=joined(missing)))


def answer_of(mode: SupportMode, name: str, is_copied: bool = True) -> Answer:
    """A method of the mode as a function of columns and years; recoveries are asked in the last year they may come."""
    if name == "demand":
        return lambda columns, year: mode.demand(table(Applications, columns, year, is_copied))
    if name == "recoveries":
        asked = YEARS[-1] + max(mode.recovery_years, 1)
        return lambda columns, year: mode.recoveries(table(Holdings, held(mode, columns), year, is_copied), asked)
    return lambda columns, year: getattr(mode, name)(table(Commitments, columns, year, is_copied))


def held(mode: SupportMode, columns: Columns) -> Columns:
    """The columns of holdings: with what was paid of each row, which follows from the row alone."""
    if "paid_wan" in columns:
        return columns
    rows = row_count(columns)
    of_row = np.rint(sum((np.abs(np.sin(values)) for values in columns.values()), np.zeros(rows)) * 30)
    paid = np.cumsum(np.repeat(of_row[:, None], mode.recovery_years + 1, axis=1), axis=1)
    return columns | {"paid_wan": paid, "ended": np.where(of_row % 5 == 0, 2, NEVER)}


def made_up(mode: SupportMode, rows: int, chance: np.random.Generator) -> Columns:
    """So many made-up rows of every column that is drawn, within their bounds."""
    columns: Columns = {"is_enterprise": chance.random(rows) < 0.8}
    if mode.is_project:
        columns["term_years"] = chance.integers(1, 6, rows).astype(float)
    for column in drawn_columns(mode):
        columns[column.name] = _values(mode, column, rows, chance)
    return columns


def drawn_columns(mode: SupportMode) -> Iterator[Column]:
    """The columns of an application that a mode may read."""
    for column in mode.columns:
        if not column.per_item and column.kind != "text" and (column.simulated or not column.optional):
            yield column


def _values(mode: SupportMode, column: Column, rows: int, chance: np.random.Generator) -> np.ndarray:
    low = 0.0 if column.bounds[0] is None else float(column.bounds[0])
    high = np.inf if column.bounds[1] is None else float(column.bounds[1])
    if column.kind == "flag":
        return (chance.random(rows) < 0.5).astype(float)
    if column.kind == "choice":
        return chance.integers(0, choices_of(mode, column), rows).astype(float)
    if column.kind == "date":
        return (SOME_DAY + chance.integers(0, 4 * 365, rows)).astype(float)
    if column.kind == "whole":
        return chance.integers(int(low), int(min(high, low + ORDINARY)) + 1, rows).astype(float)
    if column.name.endswith("_wan") and high == np.inf:
        values = np.rint(np.exp(chance.normal(4, 2, rows)) * 1e4) / 1e4
        values[:3] = low
        return np.maximum(values, low)
    return np.rint(chance.uniform(low, min(high, low + 1), rows) * 1e4) / 1e4


def choices_of(mode: SupportMode, column: Column) -> int:
    """How many choices a column has: its own, or the tiers of the guide."""
    return len(column.choices or getattr(mode, "tiers", {})) or 1


def table(kind: type[Table], columns: Columns, year: Any, is_copied: bool = True) -> Any:
    """Columns as a mode gets them; copied, so that a mode that changes them spoils no other check."""
    own = {name: values.copy() for name, values in columns.items()} if is_copied else dict(columns)
    return kind(own, year, row_count(columns))


def row_count(columns: Columns) -> int:
    return len(columns["is_enterprise"])


def years_of(columns: Columns) -> np.ndarray:
    """A year a row, all four of the measure."""
    return np.resize(YEARS, row_count(columns))


def taken(columns: Columns, rows: Any) -> Columns:
    """Some rows of the columns."""
    return {name: values[rows] for name, values in columns.items()}
