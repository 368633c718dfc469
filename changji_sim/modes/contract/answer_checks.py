"""What the answers of a mode are: numbers of the right shape, pure, without chance, and each row on its own."""

from __future__ import annotations

import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np

from ...base.messages import joined, message
from ...base.units import MOST_WAN
from ..mode_guard import words_of
from ..support_mode import NEVER, Commitments, Holdings, SupportMode
from .contract_report import Broken, Check, require
from .subject import (
    ANSWERS,
    YEARS,
    Answer,
    Columns,
    Subject,
    answer_of,
    held,
    made_up,
    row_count,
    table,
    taken,
    years_of,
)

NOTHING = {"stops": float(NEVER), "exits": float(NEVER), "recoveries": 0.0}  # what None means
MANY = 20_000  # rows of a large table
CLOSE = 1e-12


def asked(mode: SupportMode, name: str, columns: Columns, years: Any) -> np.ndarray:
    """The answer of a method as ``(rows, n)``, its shape checked; payments may be one row for all.

    Raises:
        Broken: it raises, or gives what is no answer.
    """
    answer: Answer = answer_of(mode, name)
    try:
        return as_rows(mode, name, answer(columns, years), row_count(columns))
    except Broken:
        raise
    except Exception as error:
        raise Broken(raised(mode, name, error, row_count(columns))) from error


def raised(mode: SupportMode, name: str, error: BaseException, rows: int) -> Any:
    """The sentence about an error of a method."""
    return message(
        "{mode}.{method}() raises {kind} for {rows} rows: {error} ({place})",
        mode=mode.key, method=name, kind=type(error).__name__, rows=rows, error=words_of(error),
        place=_place_of(mode, error),
    )  # fmt: skip


def _place_of(mode: SupportMode, error: BaseException) -> str:
    """File and line where an error arose: the last in the mode's own file, else the last of all."""
    places = traceback.extract_tb(error.__traceback__)
    own = getattr(sys.modules.get(type(mode).__module__), "__file__", None)
    place = next((one for one in reversed(places) if one.filename == own), places[-1])
    return f"{Path(place.filename).name}:{place.lineno}"


def as_rows(mode: SupportMode, name: str, answer: Any, rows: int) -> np.ndarray:
    """An answer as ``(rows, n)`` of numbers; raises `Broken` where it is none."""
    if answer is None and name in NOTHING:
        answer = np.full(rows, NOTHING[name])
    shape: tuple[int, ...] = () if answer is None else np.shape(answer)
    allowed = {
        "demand": [(rows,), (rows, mode.claim_years)],
        "payments": [shape[:1], (rows, *shape[1:2]), (1, *shape[1:2])] if shape and shape[-1] else [(1,)],
    }.get(name, [(rows,)])
    what = message(
        "{mode}.{method}() gives the shape {shape} for {rows} rows; it must be {allowed}, of numbers",
        mode=mode.key, method=name, shape=str(shape), rows=rows or message("0 (an empty table)"),
        allowed=joined(map(str, dict.fromkeys(allowed)), "或", " or "),
    )  # fmt: skip
    require(answer is not None and shape in allowed and np.asarray(answer).dtype.kind in "fiub", what)
    numbers = np.asarray(answer, dtype=float)
    if name == "payments":
        return np.broadcast_to(np.atleast_2d(numbers), (rows, shape[-1]))
    return numbers.reshape(rows, shape[1] if len(shape) == 2 else 1)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal but for rounding and for later offsets in which nothing happens."""
    width = max(one.shape[1], other.shape[1])
    wide, other_wide = (np.pad(rows, ((0, 0), (0, width - rows.shape[1]))) for rows in (one, other))
    return np.allclose(wide, other_wide, rtol=CLOSE, atol=0)


# --- the checks -------------------------------------------------------------------------------------------------------


def _answers(subject: Subject) -> None:
    """Every method answers for the columns the mode declares; those that do not are asked no more."""
    found = []
    for name in ANSWERS:
        try:
            for columns in subject.tables:
                asked(subject.mode, name, columns, years_of(columns))
        except Broken as broken:
            subject.unanswered.add(name)
            found.append(broken.args[0])
    require(not found, joined(found, "；", "; "))


def _each(check: Callable[[SupportMode, str, Columns], None]) -> Callable[[Subject], None]:
    """A check of every method on every made-up table."""

    def run(subject: Subject) -> None:
        for name, _ in subject.methods():
            for columns in subject.tables:
                check(subject.mode, name, columns)

    return run


def _pure(mode: SupportMode, name: str, columns: Columns) -> None:
    first = np.array(asked(mode, name, columns, years_of(columns)))  # a copy: it may be changed later
    second = asked(mode, name, columns, years_of(columns))
    what = message(
        "{mode}.{method}() answers the same question in two ways; a mode remembers nothing and draws nothing at random",
        mode=mode.key, method=name,
    )  # fmt: skip
    require(first.shape == second.shape and np.array_equal(first, second, equal_nan=True), what)


def _inputs(mode: SupportMode, name: str, columns: Columns) -> None:
    given = {key: values.copy() for key, values in columns.items()}
    answer_of(mode, name, is_copied=False)(given, years_of(columns))
    changed = [key for key in given if not np.array_equal(given[key], columns[key])]
    require(
        not changed,
        message(
            "{mode}.{method}() changes the applications it is given ({columns}); compute a new array",
            mode=mode.key, method=name, columns=joined(changed),
        ),
    )  # fmt: skip


def _terms(subject: Subject) -> None:
    for name, _ in subject.methods():
        mode = subject.mode_class(**subject.terms)  # one that was asked nothing yet
        before = repr(mode.param.values())
        asked(mode, name, subject.tables[0], years_of(subject.tables[0]))
        require(
            repr(mode.param.values()) == before,
            message("{mode}.{method}() changes the terms of its mode", mode=mode.key, method=name),
        )


def _chance(mode: SupportMode, name: str, columns: Columns) -> None:
    numpy_state, python_state = _numpy_state(), random.getstate()
    asked(mode, name, columns, years_of(columns))
    is_untouched = all(np.array_equal(a, b) for a, b in zip(numpy_state, _numpy_state(), strict=True))
    require(
        is_untouched and python_state == random.getstate(),
        message(
            "{mode}.{method}() draws at random; what is uncertain is a column that is drawn", mode=mode.key, method=name
        ),
    )


def _numpy_state() -> tuple[Any, ...]:
    """The state of numpy's own generator, which a mode must leave alone."""
    return cast("tuple[Any, ...]", np.random.get_state())[1:]


def _finite(mode: SupportMode, name: str, columns: Columns) -> None:
    whole = asked(mode, name, columns, years_of(columns))
    require(
        bool(np.isfinite(whole).all()),
        message("{mode}.{method}() gives a number that is not finite", mode=mode.key, method=name),
    )


def _not_negative(mode: SupportMode, name: str, columns: Columns) -> None:
    whole = asked(mode, name, columns, years_of(columns))
    require(
        not (whole < 0).any(),
        message("{mode}.{method}() gives a number below 0", mode=mode.key, method=name),
    )


def _row_by_row(mode: SupportMode, name: str, columns: Columns) -> None:
    years = years_of(columns)
    whole = asked(mode, name, columns, years)
    for row in range(0, len(years), 7):
        alone = asked(mode, name, taken(columns, slice(row, row + 1)), int(years[row]))
        what = message(
            "{mode}.{method}() gives row {row} alone another answer than in its block: rows must not know each other",
            mode=mode.key, method=name, row=row + 1,
        )  # fmt: skip
        require(same(alone, whole[row : row + 1]), what)


def _row_order(mode: SupportMode, name: str, columns: Columns) -> None:
    years, order = years_of(columns), np.random.default_rng(5).permutation(row_count(columns))
    whole = asked(mode, name, columns, years)
    require(
        same(asked(mode, name, taken(columns, order), years[order]), whole[order]),
        message("{mode}.{method}() gives rows in another order other answers", mode=mode.key, method=name),
    )


def _one_year(mode: SupportMode, name: str, columns: Columns) -> None:
    by_row = asked(mode, name, columns, np.full(row_count(columns), YEARS[0]))
    require(
        same(asked(mode, name, columns, YEARS[0]), by_row),
        message(
            "{mode}.{method}() takes one year for all rows otherwise than the same year a row",
            mode=mode.key,
            method=name,
        ),
    )


def _empty(mode: SupportMode, name: str, columns: Columns) -> None:
    asked(mode, name, taken(columns, slice(0, 0)), years_of(columns)[:0])


def _huge(subject: Subject) -> None:
    """Many rows, and amounts as large as may stand in a column."""
    many = made_up(subject.mode, MANY, np.random.default_rng(3))
    for name, _ in subject.methods():
        asked(subject.mode, name, many, years_of(many))
    largest = {key: values.copy() for key, values in subject.tables[0].items()}
    for column in subject.mode.columns:
        if column.name in largest and column.name.endswith("_wan"):
            largest[column.name][:] = column.limits[1]
    with np.errstate(all="ignore"):
        demand = asked(subject.mode, "demand", largest, years_of(largest))
    require(
        bool(np.isfinite(demand).all() and (demand >= 0).all()),
        message("{mode}.demand() of the largest amounts is not finite, or below 0", mode=subject.mode.key),
    )


def _ordinary(subject: Subject) -> None:
    subject.needs("demand")
    mode = subject.mode
    demand = np.concatenate([asked(mode, "demand", columns, years_of(columns)).ravel() for columns in subject.tables])
    require(bool(demand.any()), message("{mode}.demand() asks nothing of anybody", mode=mode.key))
    what = message(
        "{mode}.demand() asks more than {most:,.0f}万 of ordinary applications", mode=mode.key, most=MOST_WAN
    )
    require(demand.max() <= MOST_WAN, what)


def _payments(subject: Subject) -> None:
    subject.needs("payments")
    for columns in subject.tables:
        shares = np.atleast_2d(subject.mode.payments(table(Commitments, columns, years_of(columns))))
        off = shares.sum(axis=1)[np.argmax(np.abs(shares.sum(axis=1) - 1))]
        what = message(
            "{mode}.payments() gives shares that add up to {sum:g}, not to 1", mode=subject.mode.key, sum=float(off)
        )
        require(abs(off - 1) < 1e-9, what)


def _stops(subject: Subject) -> None:
    subject.needs("stops", "exits")
    for name, first in (("stops", 1), ("exits", 0)):
        for columns in subject.tables:
            offsets = asked(subject.mode, name, columns, years_of(columns))
            what = message(
                "{mode}.{method}() gives {found:g}; it gives whole year offsets from {first} up (parts of a year are "
                "none)",
                mode=subject.mode.key, method=name, first=first, found=float(offsets.min(initial=first)),
            )  # fmt: skip
            require(bool((offsets == np.floor(offsets)).all() and (offsets >= first).all()), what)


def _recovered(mode: SupportMode, columns: Columns, year: int) -> np.ndarray:
    """What comes back in a year of commitments of the first year; shape ``(rows,)``."""
    cash = mode.recoveries(table(Holdings, held(mode, columns), YEARS[0]), year)
    return as_rows(mode, "recoveries", cash, row_count(columns))[:, 0]


def _recoveries_end(subject: Subject) -> None:
    subject.needs("recoveries")
    mode, last = subject.mode, subject.mode.recovery_years
    for columns in subject.tables:
        for offset in (last + 1, last + 5):
            what = message(
                "{mode}.recoveries() gives money {offset} years on; recovery_years says {years}",
                mode=mode.key, offset=offset, years=last,
            )  # fmt: skip
            require(not _recovered(mode, columns, YEARS[0] + offset).any(), what)


def _recoveries_most(subject: Subject) -> None:
    subject.needs("recoveries", "exits")
    mode = subject.mode
    for columns in subject.tables:
        cash = [_recovered(mode, columns, YEARS[0] + offset) for offset in range(1, mode.recovery_years + 1)]
        total, paid = sum(cash, np.zeros(row_count(columns))), held(mode, columns)["paid_wan"][:, -1]
        over = np.flatnonzero(total > paid * (1 + CLOSE) + 1e-9)
        if len(over) and not mode.recovers_gains:
            what = message(
                "{mode}.recoveries() gives back {total:g} of {paid:g} paid; where a stake may gain, the class says "
                "recovers_gains = True",
                mode=mode.key, total=float(total[over[0]]), paid=float(paid[over[0]]),
            )  # fmt: skip
            raise Broken(what)
        exits = asked(mode, "exits", columns, YEARS[0])[:, 0]
        for offset, of_year in enumerate(cash if (exits < NEVER).any() else [], 1):
            what = message(
                "{mode}.recoveries() gives money {offset} years on, where exits() says another year or none",
                mode=mode.key, offset=offset,
            )  # fmt: skip
            require(not of_year[exits != offset].any(), what)


ANSWER_CHECKS = (
    Check("answers", message("every method answers for the columns it declares, in the right shape"), _answers),
    Check("pure", message("the same question has the same answer"), _each(_pure)),
    Check("inputs", message("it changes nothing it is given"), _each(_inputs)),
    Check("own_terms", message("it changes none of its terms"), _terms),
    Check("chance", message("it draws nothing at random"), _each(_chance)),
    Check("finite", message("amounts, shares and offsets are finite"), _each(_finite)),
    Check("not_negative", message("none is below 0"), _each(_not_negative)),
    Check("row_by_row", message("a row alone has the answer it has in a block"), _each(_row_by_row)),
    Check("row_order", message("the order of the rows changes nothing"), _each(_row_order)),
    Check("one_year", message("one year for all rows is the same as that year a row"), _each(_one_year)),
    Check("empty", message("it answers a table without rows"), _each(_empty)),
    Check("huge", message("it answers many rows, and the largest amounts"), _huge),
    Check("ordinary", message("ordinary applications ask something, and not too much"), _ordinary),
    Check("payments", message("the payments of a commitment add up to it"), _payments),
    Check("offsets", message("stops and exits are whole years"), _stops),
    Check("recoveries_end", message("nothing is recovered after recovery_years"), _recoveries_end),
    Check("recoveries_most", message("no more is recovered than was paid, unless the class says so"), _recoveries_most),
)
