"""From applications to claims: the mode's formula, once for a block and item, taken exactly to fen and laid out year by year.

Nothing here depends on what happened in earlier years, so a claim is computed once and kept as long as neither its draws nor its
terms change. The exception is an item whose applicants come back (``reapply``): its later years are made as they come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit

from . import caps as ceilings
from .commitments import last_shares
from .draws import Drawn
from .faults import Fault, FaultyInput
from .modes import NEVER, Applications, Cap, Commitments, SupportMode
from .scenario import Item

MOST_WAN = 10_000_000.0
PAYABLE = {"yuan": (1, False), "hundred": (100, False), "nearest": (1, True)}
_NO_ROWS_I8 = np.empty(0, np.uint8)
_NO_ROWS_I4 = np.empty(0, np.int32)
_NO_ROWS_F8 = np.empty(0)


@dataclass(frozen=True, eq=False)
class Claims:
    """One item's rows of one year, ready for the rules; ``offsets`` point into arrays that may span several years.

    Amounts are fen. Empty arrays mean "nothing to say" (everybody passes, no tiers, …); arrays of length 1 hold for all rows.
    """

    offsets: np.ndarray
    asked: np.ndarray
    applicant: np.ndarray
    is_fit: np.ndarray
    passes: np.ndarray
    once: np.ndarray
    tier: np.ndarray
    shares: np.ndarray
    last: np.ndarray  # index of the last share
    stop: np.ndarray
    term: np.ndarray
    row: np.ndarray  # row of the drawn table each row was made from; empty: the same row
    origin_year: np.ndarray  # of rows that come back; empty: this year
    origin_row: np.ndarray
    columns: Mapping[str, np.ndarray]

    def column(self, name: str) -> np.ndarray:
        """A drawn column, one value for each row of these claims."""
        values = self.columns[name]
        return values[self.row] if len(self.row) else values


def demand_wan(mode: SupportMode, table: Applications) -> np.ndarray:
    """What the mode asks, checked: shape ``(rows, years)``, finite, not negative, no more than 10,000,000万.

    Raises:
        FaultyInput: naming the mode and the first row at fault.
    """
    demand = np.asarray(mode.demand(table), dtype=float)
    wanted = {(len(table),), (len(table), mode.claim_years)}
    if demand.shape not in wanted:
        raise FaultyInput([Fault(f"mode {mode.key}", f"demand() gave shape {demand.shape}; it must be ({len(table)},) or ({len(table)}, {mode.claim_years})")])
    if demand.size and not (demand.min() >= 0 and demand.max() <= MOST_WAN):  # NaN fails both
        row = int(np.flatnonzero(~((demand >= 0) & (demand <= MOST_WAN)).reshape(len(demand), -1).all(axis=1))[0])
        raise FaultyInput([Fault(f"mode {mode.key}", f"demand() gave {np.atleast_1d(demand[row])[0]} 万 in row {row}; it must lie between 0 and 10,000,000 万")])
    return demand[:, None] if demand.ndim == 1 else demand


def to_fen(amounts_wan: np.ndarray, payable: str = "yuan") -> np.ndarray:
    """Floating 万元 to fen in whole yuan, by the reading ``payable_rounding``."""
    return ceilings.whole_yuan(np.ascontiguousarray(amounts_wan), *PAYABLE[payable])


def row_ceiling(cap: Cap, claims: Claims, counts_public: bool) -> np.ndarray:
    """The ceiling of each row under a cap per application, fen; shape ``(rows,)`` or ``(1,)``. Always rounded down."""
    if cap.of is None:
        amounts = np.array([cap.level])
    else:
        amounts = cap.level * claims.column(cap.of)
    ceiling = to_fen(amounts)
    if cap.less_public and counts_public and "other_public_wan" in claims.columns:
        ceiling = np.maximum(ceiling - to_fen(claims.column("other_public_wan")), 0)
    return ceiling


class ClaimsMaker:
    """Makes the claims of one item in one block."""

    def __init__(self, item: Item, drawn: Drawn, readings: Mapping[str, str], is_enterprise: np.ndarray, is_steady: bool):
        """``is_steady``: the item's terms are the same in every year, so that its mode may be asked once for all."""
        self.item, self.drawn, self.readings = item, drawn, readings
        self.is_enterprise, self.is_steady = is_enterprise, is_steady
        self.years = [int(y) for y in drawn.years]
        self.columns = dict(drawn.columns)
        self.fit = self._fit()
        self.demand = self._by_terms(lambda mode, table: demand_wan(mode, table))
        self.asked = to_fen(self.demand[:, 0], readings["payable_rounding"])
        self.shares, self.last, self.stop = self._schedule()
        self.spread = self._spread() if self.demand.shape[1] > 1 else None

    def of_year(self, y: int) -> Claims:
        """The rows of year index ``y``, but for those who apply again."""
        trials, drawn = self.drawn.trials, self.drawn
        if self.spread is not None:
            return self._spread_claims(y)
        return Claims(
            offsets=drawn.offsets[y * trials : (y + 1) * trials + 1],
            asked=self.asked,
            applicant=drawn.applicant,
            is_fit=self.fit,
            passes=drawn.passes,
            once=self._once(),
            tier=self._column_or_none("tier"),
            shares=self.shares,
            last=self.last,
            stop=self.stop,
            term=self._terms(),
            row=_NO_ROWS_I4,
            origin_year=_NO_ROWS_I4,
            origin_row=_NO_ROWS_I4,
            columns=self.columns,
        )

    def with_reapplicants(self, y: int, again: np.ndarray, again_of: Claims) -> Claims:
        """Year ``y``'s rows with those of ``again`` (row numbers of the year before, ``again_of``) in front of each trial's."""
        own = self.of_year(y)
        trials = self.drawn.trials
        came = again_of.row[again] if len(again_of.row) else again
        trial_of_again = np.searchsorted(again_of.offsets, again, side="right") - 1
        own_rows = np.arange(own.offsets[0], own.offsets[-1])
        trial_of_own = np.repeat(np.arange(trials), np.diff(own.offsets))
        order = np.argsort(np.concatenate([trial_of_again, trial_of_own]), kind="stable")
        row = np.concatenate([came, own_rows])[order].astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(np.bincount(np.concatenate([trial_of_again, trial_of_own]), minlength=trials))])
        year_index = np.searchsorted(self.drawn.offsets[:: trials], row, side="right") - 1
        trial = np.repeat(np.arange(trials), np.diff(offsets))
        mode = self.item.modes[self.years[y]]
        table = {name: values[row] for name, values in self.columns.items()}
        table["is_enterprise"] = self.is_enterprise[self.drawn.applicant[row]]
        rows = Applications(table, self.years[y], len(row))
        take = lambda values: values[row] if len(values) > 1 else values  # noqa: E731
        payments = np.atleast_2d(np.asarray(mode.payments(Commitments(table, self.years[y], len(row))), float))
        shares, last = _checked_shares(self.item.mode, payments)
        stop = mode.stops(Commitments(table, self.years[y], len(row)))
        return Claims(
            offsets=offsets,
            asked=to_fen(demand_wan(mode, rows)[:, 0], self.readings["payable_rounding"]),
            applicant=self.drawn.applicant[row],
            is_fit=take(self.fit),
            passes=take(self.drawn.passes),
            once=take(self._once()),
            tier=take(self._column_or_none("tier")),
            shares=shares,
            last=last,
            stop=_NO_ROWS_I8 if stop is None else stop.astype(np.int64),
            term=table.get("term_years", np.ones(1)),
            row=row,
            origin_year=np.array(self.years, np.int64)[year_index],
            origin_row=row - self.drawn.offsets[year_index * trials + trial],
            columns=self.columns,
        )

    def _by_terms(self, compute) -> np.ndarray:
        """``compute`` on all rows at once where the terms never change, else year by year."""
        parts = [compute(mode, self._table(Applications, rows, year)) for mode, rows, year in self._groups()]
        return parts[0] if len(parts) == 1 else _stacked(parts)

    def _groups(self) -> list:
        """(mode, rows, year) of rows that share their terms; year None stands for all years."""
        modes = [self.item.modes[year] for year in self.years]
        if self.is_steady:
            return [(modes[0], slice(0, len(self.drawn.applicant)), None)]
        return [(mode, self.drawn.rows_of(y), self.years[y]) for y, mode in enumerate(modes)]

    def _table(self, kind, rows: slice, year: int | None):
        columns = {name: values[rows] for name, values in self.columns.items()}
        columns["is_enterprise"] = lambda: self.is_enterprise[self.drawn.applicant[rows]]
        return kind(columns, self._year_of_rows if year is None else year, rows.stop - rows.start)

    def _year_of_rows(self) -> np.ndarray:
        return np.repeat(self.drawn.years, np.diff(self.drawn.offsets[:: self.drawn.trials]))

    def _schedule(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shares by year offset, ``(rows, offsets)`` or ``(1, offsets)``; index of the last; the offset at which the mode stops a row."""
        shares, stops = [], []
        for mode, rows, year in self._groups():
            table = self._table(Commitments, rows, year)
            part = np.atleast_2d(np.asarray(mode.payments(table), dtype=float))
            shares.append(part if self.is_steady else np.broadcast_to(part, (rows.stop - rows.start, part.shape[1])))
            stop = mode.stops(table)
            stops.append(np.full(len(table), NEVER) if stop is None else np.asarray(stop))
        if all(mode.stops.__func__ is SupportMode.stops for mode, _, _ in self._groups()):
            stops = [np.empty(0)]
        return *_checked_shares(self.item.mode, _stacked(shares)), np.concatenate(stops).astype(np.int64)

    def _fit(self) -> np.ndarray:
        """Conditions of the item (``requires``) and, under reading ``in_force = dates``, the days in force; empty if all hold."""
        fit = np.ones(len(self.drawn.applicant), bool)
        for condition in self.item.requires:
            if condition.column in self.columns:
                value = self.columns[condition.column]
                fit &= {"true": value > 0, "false": value == 0, "positive": value > 0}[condition.must_be]
        return _NO_ROWS_I8 if fit.all() else fit.astype(np.uint8)

    def restrict_days(self, first: float, last: float) -> None:
        """Reading ``in_force = dates``: rows dated before ``first`` or after ``last`` (years with a fraction) are ineligible."""
        year = self._year_of_rows()
        inside = (year + self.drawn.day >= first) & (year + self.drawn.day <= last)
        fit = self.fit.astype(bool) if len(self.fit) else np.ones(len(inside), bool)
        self.fit = (fit & inside).astype(np.uint8)

    def _once(self) -> np.ndarray:
        if self.item.once_per == "platform":
            return self.drawn.platform
        return self.drawn.applicant if self.item.once_per == "applicant" else _NO_ROWS_I4

    def _terms(self) -> np.ndarray:
        terms = self.columns.get("term_years", np.ones(1))
        return terms if terms.strides[0] else terms[:1].copy()

    def _column_or_none(self, name: str) -> np.ndarray:
        return np.ascontiguousarray(self.columns[name]) if name in self.columns else _NO_ROWS_F8

    # --- applications that claim in several years ------------------------------------------------------------------

    def _spread(self):
        claims = np.stack([to_fen(np.ascontiguousarray(self.demand[:, j]), self.readings["payable_rounding"]) for j in range(self.demand.shape[1])], axis=1)
        return spread_over_years(self.drawn.offsets, len(self.years), claims)

    def _spread_claims(self, y: int) -> Claims:
        offsets, row, asked = self.spread
        trials = self.drawn.trials
        take = lambda values: values[row] if len(values) > 1 else values  # noqa: E731
        return Claims(
            offsets=offsets[y * trials : (y + 1) * trials + 1],
            asked=asked,
            applicant=self.drawn.applicant[row],
            is_fit=take(self.fit),
            passes=take(self.drawn.passes),
            once=_NO_ROWS_I4,
            tier=_NO_ROWS_F8,
            shares=self.shares if len(self.shares) == 1 else self.shares[row],
            last=self.last if len(self.last) == 1 else self.last[row],
            stop=_NO_ROWS_I8.astype(np.int64),
            term=np.ones(1),
            row=row,
            origin_year=_NO_ROWS_I4,
            origin_row=_NO_ROWS_I4,
            columns=self.columns,
        )


def _checked_shares(mode: str, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares as the kernel wants them, and the index of each row's last one."""
    shares = np.ascontiguousarray(shares)
    last = last_shares(shares)
    if len(last) and last.min() < 0:
        raise FaultyInput([Fault(f"mode {mode}", "payments() must give shares from 0 to 1 that add up to 1 in every row")])
    return shares, last


def _stacked(parts: list[np.ndarray]) -> np.ndarray:
    """Tables of different widths one upon the other, filled up with 0."""
    width = max(part.shape[1] for part in parts)
    if all(part.shape[1] == width for part in parts):
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
    return np.concatenate([np.pad(part, ((0, 0), (0, width - part.shape[1]))) for part in parts])


@njit(nogil=True, cache=True)
def spread_over_years(offsets, years, claims):
    """Rows of every year for applications that claim in several: older ones first, then the year's own.

    Args:
        offsets: of the drawn rows, ``(years · trials + 1,)``.
        claims: fen, ``(rows, claim years)``.

    Returns:
        offsets, drawn row and fen of the spread rows. A later claim of 0 makes no row.
    """
    trials = (len(offsets) - 1) // years
    lags = claims.shape[1]
    out_offsets = np.zeros(len(offsets), np.int64)
    for is_filling in range(2):
        n = 0
        if is_filling:
            row = np.empty(out_offsets[-1], np.int64)
            asked = np.empty(out_offsets[-1], np.int64)
        else:
            row = np.empty(0, np.int64)
            asked = np.empty(0, np.int64)
        for y in range(years):
            for t in range(trials):
                for lag in range(min(y, lags - 1), -1, -1):
                    g = (y - lag) * trials + t
                    for i in range(offsets[g], offsets[g + 1]):
                        if lag == 0 or claims[i, lag] > 0:
                            if is_filling:
                                row[n] = i
                                asked[n] = claims[i, lag]
                            n += 1
                out_offsets[y * trials + t + 1] = n
    return out_offsets, row, asked
