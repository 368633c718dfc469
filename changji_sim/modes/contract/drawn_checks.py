"""The answers once more on tables that Hypothesis makes up; where one is wrong it looks for the smallest that shows it.

Hypothesis comes with ``pip install "changji-sim[author]"``; without it these checks are skipped, and say so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.messages import Message, message
from ..smallest_rows import rows_in_words
from ..support_mode import Column, SupportMode
from .answer_checks import asked, same
from .contract_report import Check, NotRun, require
from .subject import YEARS, Columns, Subject, choices_of, drawn_columns, taken

EXAMPLES = 16
MOST_ROWS = 4
INT64 = 2**63 - 1024  # the largest whole number that is an int64 and a float too
LARGE_WAN = 1_000_000.0  # of an ordinary table; the largest amounts have a check of their own


def _drawn(subject: Subject) -> None:
    """Each answer of few rows is finite and not negative, and the same row by row and backwards."""
    try:
        from hypothesis import HealthCheck, Phase, given, settings
    except ImportError:
        raise NotRun(message("hypothesis is not installed: pip install hypothesis")) from None
    mode, names = subject.mode, [name for name, _ in subject.methods()]
    first = taken(subject.tables[0], slice(0, 2))
    for name in names:
        asked(mode, name, first, YEARS[0])  # what is compiled on the first call, is compiled before anything is timed

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, print_blob=False,
        phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(_tables(mode))
    def each(drawn: tuple[Columns, np.ndarray]) -> None:
        for name in names:
            _check(mode, name, *drawn)

    each()


def _check(mode: SupportMode, name: str, columns: Columns, years: np.ndarray) -> None:
    whole = asked(mode, name, columns, years)
    rows = rows_in_words(columns, years)
    is_amount = np.isfinite(whole).all() and (whole >= 0).all()
    require(bool(is_amount), _wrong(mode, name, whole, rows))
    for order in (slice(None, None, -1), *(slice(n, n + 1) for n in range(len(years)))):
        part = asked(mode, name, taken(columns, order), years[order])
        require(
            same(part, whole[order]),
            message(
                "{mode}.{method}() answers these rows otherwise one by one, or backwards: {rows}",
                mode=mode.key, method=name, rows=rows,
            ),
        )  # fmt: skip


def _wrong(mode: SupportMode, name: str, whole: np.ndarray, rows: str) -> Message:
    wrong = whole[~(np.isfinite(whole) & (whole >= 0))]
    return message(
        "{mode}.{method}() gives {found} for {rows}", mode=mode.key, method=name,
        found=f"{float(wrong[0]) if wrong.size else 0:g}", rows=rows,
    )  # fmt: skip


def _tables(mode: SupportMode) -> Any:
    """Tables of few rows: ``(columns, years)``."""
    from hypothesis import strategies as st

    columns = list(drawn_columns(mode))
    row = st.tuples(
        st.sampled_from(YEARS), st.booleans(), st.integers(1, 5), *(_values(mode, column) for column in columns)
    )

    def table(rows: list[tuple[Any, ...]]) -> tuple[Columns, np.ndarray]:
        years, enterprise, terms, *values = zip(*rows, strict=True)
        made: Columns = {"is_enterprise": np.array(enterprise)}
        if mode.is_project:
            made["term_years"] = np.array(terms, dtype=float)
        drawn = zip(columns, values, strict=True)
        made |= {column.name: np.array(of_column, dtype=float) for column, of_column in drawn}
        return made, np.array(years)

    return st.lists(row, min_size=1, max_size=MOST_ROWS).map(table)


def _values(mode: SupportMode, column: Column) -> Any:
    """Values of a column within its bounds; whole numbers are int64 at most."""
    from hypothesis import strategies as st

    low, high = column.limits
    if column.kind == "flag":
        return st.integers(0, 1)
    if column.kind == "choice":
        return st.integers(0, choices_of(mode, column) - 1)
    if column.kind == "date":
        day = int(np.datetime64("2026-01-01", "D").astype(np.int64))
        return st.integers(day, day + 4 * 365)
    if column.kind == "whole":
        return st.integers(int(max(low, -INT64)), int(min(high, INT64)))
    top = min(high, LARGE_WAN) if column.unit == "万元" else high
    return st.floats(max(low, -LARGE_WAN), top, allow_nan=False, allow_infinity=False, width=64).map(
        lambda value: max(low, round(value, 4))
    )


DRAWN_CHECKS = (
    Check(
        "hypothesis", message("made-up rows are answered alike one by one; the smallest that are not are named"), _drawn
    ),
)
