"""The contract of a support mode as one call, for our own modes and for those of other authors alike.

>>> from changji_sim.modes.mode_contract import check_support_mode
>>> from changji_plugins.grant import Grant
>>> check_support_mode(Grant, max_investment_share=0.2, first_tranche=0.6)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, cast

import numpy as np
import param

from .mode_guard import words_of
from .plain_values import plain_values
from .support_mode import (
    CAP_ORDER,
    MOST_WAN,
    NEVER,
    SHARE_OUT,
    Applications,
    Cap,
    Column,
    Commitments,
    Holdings,
    SupportMode,
    Table,
)

ROWS = 60
YEARS = (2026, 2027, 2028, 2029)
NOTHING = {"stops": NEVER, "recoveries": 0.0}  # what None means
KINDS = ("number", "whole", "flag", "choice", "date", "text")
SOME_DAY = np.datetime64("2026-01-01", "D").astype(np.int64)  # days since 1970, as a date column holds them

Columns = dict[str, np.ndarray]
Answer = Callable[[Columns, Any], np.ndarray | None]


def check_support_mode(mode_class: type[SupportMode], **terms: Any) -> None:
    """Raise AssertionError, with a sentence, unless a mode keeps what the kernel relies on.

    Its class says what it is (key, title, docstring, columns, caps) and its terms stay in their bounds. With ``terms``,
    on made-up applications of exactly the columns it declares, each of its functions is pure, draws nothing, has the
    right shape, gives finite amounts that are not negative, and treats every row alone: the same in a block, by
    itself and in another order; and it answers a table without rows.
    """
    _check_class(mode_class)
    _check_terms(mode_class, terms)
    mode = mode_class(**terms)
    for columns in _tables(mode):
        _check_rows(mode, "demand", columns, lambda rows, year: mode.demand(_table(Applications, rows, year)))
        _check_demand(mode, columns)
        _check_rows(mode, "payments", columns, lambda rows, year: mode.payments(_table(Commitments, rows, year)))
        _check_payments(mode, columns)
        _check_rows(mode, "stops", columns, lambda rows, year: mode.stops(_table(Commitments, rows, year)))
        _check_stops(mode, columns)
        _check_recoveries(mode, columns)


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise AssertionError(sentence)


# --- the class ------------------------------------------------------------------------------------------------------


def _check_class(mode_class: type[SupportMode]) -> None:
    _require(
        isinstance(mode_class, type) and issubclass(mode_class, SupportMode),
        f"{mode_class!r} is no subclass of SupportMode",
    )
    name = mode_class.__name__
    _require(
        bool(mode_class.key) and mode_class.key.isidentifier(), f"{name}: the key {mode_class.key!r} is no plain word"
    )
    _require(bool(mode_class.title.strip()), f"{name} has no title (its Chinese name)")
    doc = (vars(mode_class).get("__doc__") or "").strip()
    _require(
        bool(doc) and not doc.startswith("params("), f"{name} has no docstring; say in a sentence what it pays for"
    )
    _require(
        mode_class.demand is not SupportMode.demand,
        f"{name} does not say what it asks: write demand(self, applications)",
    )
    _require(
        isinstance(mode_class.claim_years, int) and mode_class.claim_years >= 1,
        f"{name}: claim_years is 1 or more, not {mode_class.claim_years!r}",
    )
    _require(
        isinstance(mode_class.recovery_years, int) and mode_class.recovery_years >= 0,
        f"{name}: recovery_years is 0 or more, not {mode_class.recovery_years!r}",
    )
    _require(
        mode_class.selection in ("by_score", "by_date"),
        f"{name}: selection is by_score or by_date, not {mode_class.selection!r}",
    )
    _require(
        mode_class.when_short in ("ranked", "partial", "pro_rata", "defer"),
        f"{name}: when_short is not one of the four rules: {mode_class.when_short!r}",
    )
    for column in mode_class.columns:
        _check_column(name, column)
    _require(
        len({c.name for c in mode_class.columns}) == len(mode_class.columns),
        f"{name} declares a column twice: {[c.name for c in mode_class.columns]}",
    )
    for cap in mode_class.caps:
        _check_cap(mode_class, cap)
    _require(len({cap.key for cap in mode_class.caps}) == len(mode_class.caps), f"{name} declares a cap twice")


def _check_column(name: str, column: Column) -> None:
    _require(isinstance(column, Column), f"{name}: columns holds {column!r}, which is no Column")
    _require(column.name.isidentifier(), f"{name}: '{column.name}' cannot name a column")
    _require(column.kind in KINDS, f"{name}: column '{column.name}' has the unknown kind '{column.kind}'")
    low, high = column.bounds
    _require(
        low is None or high is None or low <= high, f"{name}: column '{column.name}' has its bounds the wrong way round"
    )


def _check_cap(mode_class: type[SupportMode], cap: Cap) -> None:
    name = mode_class.__name__
    _require(isinstance(cap, Cap), f"{name}: caps holds {cap!r}, which is no Cap")
    _require(cap.per in CAP_ORDER, f"{name}: cap '{cap.key}' is per '{cap.per}', not one of {', '.join(CAP_ORDER)}")
    _require(
        cap.share_out in SHARE_OUT,
        f"{name}: cap '{cap.key}' shares out '{cap.share_out}', not one of {', '.join(SHARE_OUT)}",
    )
    _require(
        not cap.term or cap.term in mode_class.param,
        f"{name}: cap '{cap.key}' has its level from '{cap.term}', which is no term",
    )
    _require(
        cap.of is None or cap.of in {c.name for c in mode_class.columns},
        f"{name}: cap '{cap.key}' is a share of '{cap.of}', a column the mode does not declare",
    )


# --- the terms ------------------------------------------------------------------------------------------------------


def _check_terms(mode_class: type[SupportMode], terms: Mapping[str, Any]) -> None:
    """Terms are known, lie in their bounds, refuse what does not, and a bound set on one instance stays there."""
    name = mode_class.__name__
    for term in terms:
        _require(term in mode_class.param and term != "name", f"{name} has no term '{term}'")
    for term, value in plain_values(mode_class):
        _require(
            False,
            f"{name}: the plain value {value!r} stands over the parameter '{term}' and takes its bounds off; "
            f"write {term} = param.Number({value!r})",
        )
    mode_class(**terms)
    for term in mode_class.param:
        parameter = mode_class.param[term]
        if not isinstance(parameter, param.Number) or parameter.bounds is None:
            continue
        for bound, beyond in zip(parameter.bounds, (-1, 1), strict=True):
            if bound is not None:
                _require(
                    _refuses(mode_class(**terms), term, bound + beyond),
                    f"{name}: '{term}' takes {bound + beyond}, outside its bounds",
                )
        _check_stays_on_instance(mode_class, term)


def _refuses(mode: SupportMode, term: str, value: float) -> bool:
    try:
        setattr(mode, term, value)
    except (ValueError, TypeError):
        return True
    return False


def _check_stays_on_instance(mode_class: type[SupportMode], term: str) -> None:
    before = mode_class.param[term].bounds
    low = before[0] if before[0] is not None else 0
    mode_class().param[term].bounds = (low, low)
    _require(
        mode_class.param[term].bounds == before,
        f"{mode_class.__name__}: bounds set on one instance's '{term}' changed the class (per_instance=False?)",
    )


# --- made-up applications -------------------------------------------------------------------------------------------


def _tables(mode: SupportMode) -> Iterator[Columns]:
    """Made-up rows of every column the mode declares; then without those that only one reading draws."""
    chance = np.random.default_rng(20260101)
    columns: Columns = {"is_enterprise": chance.random(ROWS) < 0.8}
    if mode.is_project:
        columns["term_years"] = chance.integers(1, 6, ROWS).astype(float)
    for column in mode.columns:
        if not column.per_item and column.kind != "text" and (column.simulated or not column.optional):
            columns[column.name] = _made_up(mode, column, chance)
    yield columns
    for_one_reading = {column.name for column in mode.columns if column.reading}
    if for_one_reading:
        yield {name: values for name, values in columns.items() if name not in for_one_reading}


def _made_up(mode: SupportMode, column: Column, chance: np.random.Generator) -> np.ndarray:
    low = 0.0 if column.bounds[0] is None else float(column.bounds[0])
    high = np.inf if column.bounds[1] is None else float(column.bounds[1])
    if column.kind == "flag":
        return (chance.random(ROWS) < 0.5).astype(float)
    if column.kind == "choice":
        choices = len(column.choices or getattr(mode, "tiers", {})) or 1
        return chance.integers(0, choices, ROWS).astype(float)
    if column.kind == "date":
        return (SOME_DAY + chance.integers(0, 4 * 365, ROWS)).astype(float)
    if column.kind == "whole":
        return chance.integers(int(low), int(min(high, low + 40)) + 1, ROWS).astype(float)
    if column.name.endswith("_wan") and high == np.inf:
        values = np.rint(np.exp(chance.normal(4, 2, ROWS)) * 1e4) / 1e4
        values[:3] = low
        return np.maximum(values, low)
    return np.rint(chance.uniform(low, min(high, low + 1), ROWS) * 1e4) / 1e4


def _table(kind: type[Table], columns: Columns, year: Any) -> Any:
    return kind(dict(columns), year, len(columns["is_enterprise"]))


def _years(columns: Columns) -> np.ndarray:
    return np.resize(YEARS, len(columns["is_enterprise"]))


def _taken(columns: Columns, rows: Any) -> Columns:
    return {name: values[rows] for name, values in columns.items()}


# --- the functions --------------------------------------------------------------------------------------------------


def _check_rows(mode: SupportMode, name: str, columns: Columns, answer: Answer) -> None:
    """Pure, without chance, of the right shape, finite, and every row on its own."""
    what, years = f"{mode.key}.{name}()", _years(columns)
    if _asked_twice(mode, what, columns, years, answer) is None:
        return

    def rows_of(part: Columns, year: Any) -> np.ndarray:
        return _as_rows(mode, name, answer(part, year), len(part["is_enterprise"]))

    whole = rows_of(columns, years)
    _require(
        bool(np.isfinite(whole).all()) and bool((whole >= 0).all()),
        f"{what} gives a number that is not finite or is below 0",
    )
    for row in range(0, len(years), 7):
        alone = rows_of(_taken(columns, slice(row, row + 1)), int(years[row]))
        _require(
            _same(alone, whole[row : row + 1]),
            f"{what} gives row {row} alone another answer than in its block: rows must not know each other",
        )
    order = np.random.default_rng(5).permutation(len(years))
    _require(
        _same(rows_of(_taken(columns, order), years[order]), whole[order]),
        f"{what} gives rows in another order other answers",
    )
    by_row = rows_of(columns, np.full(len(years), YEARS[0]))
    _require(
        _same(rows_of(columns, YEARS[0]), by_row),
        f"{what} takes one year for all rows otherwise than the same year a row",
    )
    rows_of(_taken(columns, slice(0, 0)), years[:0])


def _as_rows(mode: SupportMode, name: str, answer: np.ndarray | None, rows: int) -> np.ndarray:
    """An answer as ``(rows, n)``, its shape checked; payments may be one row for all."""
    if answer is None and name in NOTHING:
        answer = np.full(rows, NOTHING[name])
    shape = () if answer is None else np.shape(answer)
    allowed = {
        "demand": [(rows,), (rows, mode.claim_years)],
        "payments": [shape[:1], (rows, *shape[1:2]), (1, *shape[1:2])] if shape and shape[-1] else [(1,)],
    }.get(name, [(rows,)])
    empty = " (an empty table)" if not rows else ""
    _require(
        answer is not None and shape in allowed and np.asarray(answer).dtype.kind in "fiub",
        f"{mode.key}.{name}() gives shape {shape} for {rows} rows{empty}; it must be "
        f"{' or '.join(map(str, allowed))}, of numbers",
    )
    numbers = np.asarray(answer, dtype=float)
    if name == "payments":
        return np.broadcast_to(np.atleast_2d(numbers), (rows, shape[-1]))
    return numbers.reshape(rows, shape[1] if len(shape) == 2 else 1)


def _asked_twice(
    mode: SupportMode, what: str, columns: Columns, years: np.ndarray, answer: Answer
) -> np.ndarray | None:
    given = {key: values.copy() for key, values in columns.items()}
    terms, numpy_state, python_state = repr(mode.param.values()), _numpy_state(), random.getstate()
    try:
        first = answer(columns, years)
        first = None if first is None else np.array(first)  # a copy: a mode may hand out something it changes later
        second = answer(columns, years)
    except AttributeError as error:
        raise AssertionError(f"{what} fails on the columns the mode declares: {error}") from error
    except Exception as error:
        raise AssertionError(f"{what} raises {type(error).__name__}: {words_of(error)}") from error
    _require(
        all(np.array_equal(given[key], columns[key]) for key in given), f"{what} changes the applications it is given"
    )
    _require(repr(mode.param.values()) == terms, f"{what} changes the terms")
    is_untouched = all(np.array_equal(a, b) for a, b in zip(numpy_state, _numpy_state(), strict=True))
    _require(
        is_untouched and python_state == random.getstate(),
        f"{what} draws at random; what is uncertain is a column that is drawn",
    )
    is_same = second is None if first is None else second is not None and np.array_equal(first, second, equal_nan=True)
    _require(is_same, f"{what} answers the same question in two ways; a mode remembers nothing and draws nothing")
    return first


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    """Equal but for rounding and for later offsets in which nothing happens."""
    width = max(one.shape[1], other.shape[1])
    wide, other_wide = (np.pad(rows, ((0, 0), (0, width - rows.shape[1]))) for rows in (one, other))
    return np.allclose(wide, other_wide, rtol=1e-12, atol=0)


def _numpy_state() -> tuple[Any, ...]:
    """The state of numpy's own generator, which a mode must leave alone."""
    return cast("tuple[Any, ...]", np.random.get_state())[1:]


def _check_demand(mode: SupportMode, columns: Columns) -> None:
    demand = np.asarray(mode.demand(_table(Applications, columns, _years(columns))))
    _require(demand.max() <= MOST_WAN, f"{mode.key}.demand() asks more than {MOST_WAN:,.0f}万 of ordinary applications")
    _require(bool(demand.any()), f"{mode.key}.demand() asks nothing of anybody")


def _check_payments(mode: SupportMode, columns: Columns) -> None:
    shares = np.atleast_2d(mode.payments(_table(Commitments, columns, _years(columns))))
    off = shares.sum(axis=1)[np.argmax(np.abs(shares.sum(axis=1) - 1))]
    _require(abs(off - 1) < 1e-9, f"{mode.key}.payments() gives shares that add up to {off:g}, not to 1")


def _check_stops(mode: SupportMode, columns: Columns) -> None:
    stops = mode.stops(_table(Commitments, columns, _years(columns)))
    if stops is not None:
        _require(bool((np.asarray(stops) == np.floor(stops)).all()), f"{mode.key}.stops() gives parts of a year")
        _require(
            bool((np.asarray(stops) >= 1).all()), f"{mode.key}.stops() stops a row before the year after its first"
        )


def _recovered(mode: SupportMode, year: int, rows: Columns, start: Any) -> np.ndarray | None:
    return mode.recoveries(_table(Holdings, rows, start), year)


def _check_recoveries(mode: SupportMode, columns: Columns) -> None:
    chance = np.random.default_rng(7)
    paid = np.cumsum(np.rint(chance.uniform(0, 100, (ROWS, mode.recovery_years + 1))), axis=1)
    ended = np.where(chance.random(ROWS) < 0.2, chance.integers(1, 5, ROWS), NEVER)
    held = columns | {"paid_wan": paid, "ended": ended}
    for year in range(YEARS[-1] + 1, YEARS[-1] + mode.recovery_years + 1):
        _check_rows(mode, "recoveries", held, partial(_recovered, mode, year))
    for year in (YEARS[0] + mode.recovery_years + 1, YEARS[0] + mode.recovery_years + 5):
        cash = mode.recoveries(_table(Holdings, held, YEARS[0]), year)
        _require(
            cash is None or not np.any(cash),
            f"{mode.key}.recoveries() brings in cash {year - YEARS[0]} years on; "
            f"recovery_years says {mode.recovery_years}",
        )
