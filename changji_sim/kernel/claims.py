"""From applications to claims: the mode's formula, once for a block and item, taken exactly to fen and laid out.

Nothing here depends on what happened in earlier years, so a claim is computed once and kept as long as neither its
draws nor its terms change. The exception is an item whose applicants apply again (``reapply``): its later years are
made in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..modes.mode_guard import unlooked
from ..modes.support_mode import MOST_WAN, NEVER, Applications, Cap, Commitments, SupportMode
from ..scenario.model import IS_ENTERPRISE, Item
from . import caps as ceilings
from .commitments import last_shares
from .compiled import compiled
from .draws import YUAN_A_WAN, Columns, Drawn
from .streams import group

PAYABLE = {"yuan": (1, False), "hundred": (100, False), "nearest": (1, True)}
YUAN_AS = ((np.uint32, 400_000.0), (np.int64, MOST_WAN))  # what holds whole yuan, and up to how many 万元
FEW_KINDS = 256  # as many as a byte tells apart
_NO_ROWS_U1 = np.empty(0, np.uint8)
_NO_ROWS_U4 = np.empty(0, np.uint32)
_NO_ROWS_I8 = np.empty(0, np.int64)
_NO_ROWS_F8 = np.empty(0)
NONE_EARLIER = np.zeros(1, np.int64), _NO_ROWS_I8, np.empty(0, np.bool_)  # for `spread_over_years`
_ONE_YEAR = np.ones(1, np.int16)
# Of `Claims`, a value a row; or empty.
BY_ROW = ("asked", "applicant", "is_fit", "passes", "score", "once", "tier", "kind", "stop", "row")


class CapClaims(Protocol):
    """What caps read of the claims: `Claims`, or a year of real applications."""

    @property
    def offsets(self) -> np.ndarray: ...
    @property
    def applicant(self) -> np.ndarray: ...
    @property
    def tier(self) -> np.ndarray: ...
    @property
    def columns(self) -> Mapping[str, np.ndarray]: ...

    def column(self, name: str) -> np.ndarray: ...


@dataclass(eq=False)
class Claims:
    """One item's rows of one year (or of all of them), ready for the rules: those of trial t are ``offsets[t]`` …
    ``offsets[t + 1]``.

    Empty arrays mean that nothing is set (all pass, no tiers, …); arrays of length 1 hold for
    all rows.
    """

    offsets: np.ndarray
    asked: np.ndarray  # whole yuan
    applicant: np.ndarray
    is_fit: np.ndarray
    passes: np.ndarray
    score: np.ndarray  # 0–1, −1 where it is drawn; empty where all are
    once: np.ndarray
    tier: np.ndarray
    shares: np.ndarray  # (kinds of rows, offsets)
    last: np.ndarray  # index of the last share of each kind
    kind: np.ndarray  # of each row; empty: all are of kind 0
    stop: np.ndarray
    term: np.ndarray
    row: np.ndarray  # row of the drawn table each row was made from; empty: the same row
    origin_year: np.ndarray  # of rows that apply again; empty: this year
    origin_row: np.ndarray
    columns: Mapping[str, np.ndarray]
    first: int = 0  # where the rows begin among those of all years
    there: list[str] | None = None  # which of `BY_ROW` are not empty, once that has been asked for

    @property
    def asked_fen(self) -> np.ndarray:
        """What each row asks, in fen."""
        return self.asked.astype(np.int64) * ceilings.FEN_A_YUAN

    def column(self, name: str) -> np.ndarray:
        """A drawn column, one value for each row of these claims."""
        values = self.columns[name]
        return values[self.row] if len(self.row) else values[self.first : self.first + len(self.asked)]

    def drawn_rows(self, rows: np.ndarray) -> np.ndarray:
        """The row of the drawn table that each of some rows was made from."""
        return self.row[rows] if len(self.row) else rows + np.int64(self.first)


def demand_wan(mode: SupportMode, table: Applications) -> np.ndarray:
    """What the mode asks, checked: shape ``(rows, years)``, finite, not negative, no more than 10,000,000万.

    Raises:
        FaultyInput: naming the mode and the first row at fault.
    """
    demand = np.asarray(mode.demand(table), dtype=float)
    rows, where = len(table), message("mode {mode}", mode=mode.key)
    if demand.shape not in {(rows,), (rows, mode.claim_years)}:
        what = message(
            "demand() gave shape {shape}; it must be ({rows},) or ({rows}, {years})",
            shape=str(demand.shape),
            rows=rows,
            years=mode.claim_years,
        )
        raise FaultyInput([Fault(where, what)])
    columns = [demand] if demand.ndim == 1 else demand.T
    if not all(ceilings.all_within(np.ascontiguousarray(column), MOST_WAN) for column in columns):
        row = int(np.flatnonzero(~((demand >= 0) & (demand <= MOST_WAN)).reshape(rows, -1).all(axis=1))[0])
        amount = np.atleast_1d(demand[row])[0]
        what = message(
            "demand() gave {amount} 万元 in row {row}; it must lie between 0 and {most:,} 万元",
            amount=float(amount),
            row=row,
            most=MOST_WAN,
        )
        raise FaultyInput([Fault(where, what)])
    return demand[:, None] if demand.ndim == 1 else demand


def demand_yuan(mode: SupportMode, table: Applications, payable: str) -> np.ndarray:
    """What the mode asks, checked as by `demand_wan`, in whole yuan by the reading ``payable_rounding``.

    Returns:
        shape ``(years, rows)``, of the smallest type of `YUAN_AS` they fit into.
    """
    demand = np.asarray(unlooked(mode, "demand", table))
    rows = len(table)
    if demand.shape not in {(rows,), (rows, mode.claim_years)}:
        demand_wan(mode, table)
    columns = demand[None] if demand.ndim == 1 else demand.T
    for number, most in YUAN_AS:
        yuan, is_within = np.empty((len(columns), rows), number), True
        for column, into in zip(columns, yuan, strict=True):
            wan = np.ascontiguousarray(_one_if_alike(column), dtype=float)
            whole = into if len(wan) == rows else np.empty(1, number)
            is_within &= ceilings.put_whole_yuan(wan, 1.0, *PAYABLE[payable], most, whole)
            if whole is not into:
                into[:] = whole
        if is_within:
            return yuan
    demand_wan(mode, table)  # says what is wrong
    what = message("demand() gave two answers to the same question")
    raise FaultyInput([Fault(message("mode {mode}", mode=mode.key), what)])


def to_fen(amounts_wan: np.ndarray, payable: str = "yuan") -> np.ndarray:
    """Floating 万元 to fen in whole yuan, by the reading ``payable_rounding``."""
    return ceilings.whole_yuan(np.ascontiguousarray(amounts_wan), *PAYABLE[payable])


def smallest_for(yuan: int) -> type[np.integer[Any]]:
    """The smallest type of `YUAN_AS` for an amount."""
    return next((number for number, most in YUAN_AS if yuan <= most * YUAN_A_WAN), np.int64)


def first_shares(claims: Claims) -> np.ndarray:
    """The share of each row that is paid in its first year, or one for all."""
    first = claims.shares[:, 0]
    return first[claims.kind] if len(claims.kind) else first[:1]


def row_ceiling(cap: Cap, claims: CapClaims, counts_public: bool) -> np.ndarray:
    """The ceiling of each row under a cap per application, whole yuan; shape ``(rows,)`` or ``(1,)``. Always rounded
    down.
    """
    level = cap.level
    assert level is not None  # a cap without a ceiling is none of the item's
    if cap.of is None:
        ceiling = to_fen(np.array([level])) // ceilings.FEN_A_YUAN
    else:
        column = np.ascontiguousarray(claims.column(cap.of))
        for number, most in (YUAN_AS[0], (np.int64, np.inf)):
            ceiling = np.empty(len(column), number)
            if ceilings.put_whole_yuan(column, float(level), *PAYABLE["yuan"], most, ceiling):
                break
    if cap.less_public and counts_public and "other_public_wan" in claims.columns:
        public = to_fen(claims.column("other_public_wan")) // ceilings.FEN_A_YUAN
        ceiling = np.maximum(ceiling - public, 0).astype(ceiling.dtype)
    return ceiling


class ClaimsMaker:
    """Makes the claims of one item in one block."""

    def __init__(
        self, item: Item, drawn: Drawn, readings: Mapping[str, str], is_enterprise: np.ndarray, is_steady: bool
    ):
        """``is_steady``: the item's terms are the same in every year, so that its mode may be asked once for all."""
        self.item, self.drawn, self.readings = item, drawn, readings
        self.is_enterprise, self.is_steady = is_enterprise, is_steady
        self.years = [int(y) for y in drawn.years]
        claim_years = item.modes[self.years[0]].claim_years
        self.continues: Callable[[], Drawn | None] = lambda: None  # draws whose rows, as far as they stay, are these
        self.later_claims = claim_years - 1 if readings["claims_after_expiry"] == "paid" else 0  # years after the last
        self.columns = drawn.columns
        if not len(drawn.applicant):  # no application: a formula still finds the columns it names
            named = {column.name: lambda: _NO_ROWS_F8 for column in item.modes[self.years[0]].columns}
            self.columns = Columns(named | {name: partial(drawn.columns.__getitem__, name) for name in drawn.columns})
        self.fit = self._fit()
        self.asked = self._asked()
        self.shares, self.last, self.kind = self._schedule()
        if drawn.known is not None and drawn.known.paid_shares:
            self._schedule_as_paid(drawn.known.paid_shares)
        self.stop, self.term = self._stops(), self._term()
        self._ceilings: dict[Cap, np.ndarray] = {}
        if item.modes[self.years[0]].recovery_years:  # some rows' are read years later: the same in chunks of any size
            dict(self.columns)

    @property
    def has_different_applicants(self) -> bool:
        """Whether nobody applies twice in a year and trial."""
        return self.drawn.has_different_applicants

    def under(self, item: Item) -> ClaimsMaker:
        """The same claims for an item that differs in caps, places or envelope rule alone.

        They share everything but the ceilings of caps that the item no longer has; nothing becomes of these here.
        """
        other = copy(self)
        other.item = item
        caps = {cap for of_year in item.caps.values() for cap in of_year}
        other._ceilings = {cap: ceiling for cap, ceiling in self._ceilings.items() if cap in caps}
        return other

    def take_ceilings(self, before: ClaimsMaker, of: Callable[[Cap, np.ndarray], np.ndarray]) -> None:
        """Take the ceilings of rows from other claims: ``of`` a cap and what its ceilings were. What was made of those
        claims is made anew.
        """
        self._ceilings = {cap: of(cap, was) if len(was) > 1 else was for cap, was in before._ceilings.items()}
        for made in ("all_years", "_year_of_rows", "_groups"):
            vars(self).pop(made, None)

    def keep_only_what_caps_read(self) -> None:
        """Drop columns that no cap reads, and no recovery: another scenario that reads one has it drawn again."""
        caps = {cap for of_year in self.item.caps.values() for cap in of_year}
        if len(self.drawn.reapply) or self.item.modes[self.years[0]].recovery_years:
            self.columns.keep_only(set(self.columns))
            return
        if len(self.asked) > 1 and self.drawn.earlier is None:
            self.most_asked, self.all_years = self.most_asked, self.all_years
            del self.asked
        elif len(self.asked) == 1:
            self.asked = _once_if_alike(self.asked[0])[None]
            vars(self).pop("all_years", None)
        vars(self).pop("_year_of_rows", None)
        of_caps = {cap.of for cap in caps if cap.per == "application" and cap.of}
        self.columns.keep_only({"tier", "other_public_wan", *of_caps})

    @cached_property
    def asked(self) -> np.ndarray:
        """Whole yuan of each claim of an application, ``(claim years, rows)``: read off the rows of all years where it
        was dropped, so that claims after the last year are 0.
        """
        claims = self.all_years
        lags, years = self.item.modes[self.years[0]].claim_years, len(claims.offsets) // self.drawn.trials
        return claims_by_lag(self._offsets_of_claims, years, claims.offsets, claims.row, claims.asked, lags)

    @cached_property
    def most_asked(self) -> int:
        """The most that a row asks, fen."""
        return int(self.asked.max(initial=0)) * ceilings.FEN_A_YUAN

    def claims_in(self, y: int) -> bool:
        """Whether applications of earlier years may still claim in year index ``y``, after the last."""
        return len(self.years) <= y < len(self.years) + self.later_claims

    def of_year(self, y: int) -> Claims:
        """The rows of year index ``y``, without those that apply again."""
        trials, every = self.drawn.trials, self.all_years
        offsets = every.offsets[y * trials : (y + 1) * trials + 1]
        first, last = int(offsets[0]), int(offsets[-1])
        if every.there is None:
            every.there = [name for name in BY_ROW if len(getattr(every, name))]
        all_rows = vars(every)
        of_year = {name: all_rows[name][first:last] for name in every.there}
        if not every.asked.strides[0]:
            of_year["asked"] = every.asked[first:last].copy()
        if len(every.term) > 1:
            of_year["term"] = every.term[first:last]
        claims = object.__new__(Claims)  # as `copy` would, in a fifth of the time
        vars(claims).update(vars(every), **of_year, offsets=offsets - first, first=first)
        return claims

    def of_trials(self, y: int, which: np.ndarray, names: Sequence[str]) -> Claims:
        """The rows of year index ``y`` in some trials, one after the other; of the values by row only ``names`` are
        set.
        """
        every = self.all_years
        claims = copy(every)
        first = y * self.drawn.trials
        claims.offsets = ends_of_trials(every.offsets, first, which)
        for name in names:
            values = getattr(every, name)
            if len(values) and not values.strides[0]:
                setattr(claims, name, np.full(claims.offsets[-1], values[0]))
            elif len(values):
                setattr(claims, name, values_of_trials(values, every.offsets, first, which, claims.offsets))
        claims.row, claims.columns = _NO_ROWS_U4, {}
        return claims

    def ceiling_in_trials(self, y: int, which: np.ndarray, offsets: np.ndarray, cap: Cap) -> np.ndarray:
        """The ceiling of a cap for each of the rows that `of_trials` gives, by their ``offsets``; or one for all."""
        ceiling = self.ceiling(cap)
        if len(ceiling) == 1:
            return ceiling
        return values_of_trials(ceiling, self.all_years.offsets, y * self.drawn.trials, which, offsets)

    @cached_property
    def all_years(self) -> Claims:
        """The rows of all years."""
        if len(self.asked) > 1:
            return self._spread()
        return Claims(
            offsets=self.drawn.offsets,
            asked=self.asked[0],
            applicant=self.drawn.applicant,
            is_fit=self.fit,
            passes=self.drawn.passes,
            score=self.drawn.score,
            once=self._once(),
            tier=self._column_or_none("tier"),
            shares=self.shares,
            last=self.last,
            kind=self.kind,
            stop=self.stop,
            term=self.term,
            row=_NO_ROWS_U4,
            origin_year=_NO_ROWS_U4,
            origin_row=_NO_ROWS_U4,
            columns=self.columns,
        )

    def origins(self, claims: Claims) -> tuple[np.ndarray, np.ndarray]:
        """Row and year of the application that each claim was made from, uint32; empty where it is its own."""
        if len(claims.origin_row) or not len(claims.row):
            return claims.origin_row, claims.origin_year
        return self.origins_of(claims.row)

    def origins_of(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The number in its year, and the year, of some rows of the drawn table, uint32."""
        earlier, offsets, rows = self.drawn.earlier, self.drawn.offsets, rows.astype(np.int64)
        own = rows if earlier is None else np.minimum(rows, earlier.first - 1)
        group_of = np.searchsorted(offsets, own, side="right") - 1
        number, year = own - offsets[group_of], np.array(self.years)[group_of // self.drawn.trials]
        if earlier is not None:
            behind = np.flatnonzero(rows >= earlier.first)
            number[behind], year[behind] = (
                values[rows[behind] - earlier.first] for values in (earlier.number, earlier.year)
            )
        return number.astype(np.uint32), year.astype(np.uint32)

    def forget(self) -> ClaimsMaker:
        """Drop what only another scenario could ask for: most of what a block of trials holds.

        Columns stay where rows apply again, or bring money back years later.
        """
        for cap in {cap for caps in self.item.caps.values() for cap in caps if cap.per == "application" and cap.of}:
            self.ceiling(cap)
        self.all_years.columns = {}
        del self.asked
        vars(self).pop("_year_of_rows", None)
        if not len(self.drawn.reapply) and not self.item.modes[self.years[0]].recovery_years:
            self.columns.forget()
            self.drawn.columns.forget()
        return self

    def ceiling(self, cap: Cap) -> np.ndarray:
        """:func:`row_ceiling` of the rows of all years, worked out once."""
        if cap not in self._ceilings:
            self._ceilings[cap] = row_ceiling(cap, self.all_years, self.readings["public_money"] == "yes")
        return self._ceilings[cap]

    def ceiling_of(self, claims: Claims, cap: Cap) -> np.ndarray:
        """The same of some year's claims, made by `of_year`."""
        ceiling = self.ceiling(cap)
        return ceiling[claims.first : claims.first + len(claims.asked)] if len(ceiling) > 1 else ceiling

    def with_reapplicants(self, y: int, again: np.ndarray, again_of: Claims) -> Claims:
        """Year ``y``'s rows with those of ``again`` (row numbers of the year before, ``again_of``) in front of each
        trial's.
        """
        trial = np.searchsorted(again_of.offsets, again, side="right") - 1
        return self._with_rows(y, again_of.drawn_rows(again), trial)

    def with_earlier(self, rows: np.ndarray) -> Claims:
        """The first year's rows with some of the earlier ones (rows of the drawn table) in front of each trial's."""
        earlier = self.drawn.earlier
        assert earlier is not None  # the rows are some of it
        return self._with_rows(0, rows, earlier.trial[rows - earlier.first])

    def _with_rows(self, y: int, came: np.ndarray, trial_of_again: np.ndarray) -> Claims:
        """Year ``y``'s rows with ``came`` (rows of the drawn table) of some trials in front of each trial's."""
        own = self.of_year(y)
        trials = self.drawn.trials
        own_rows = np.arange(own.first, own.first + len(own.asked))
        trial_of_own = np.repeat(np.arange(trials), np.diff(own.offsets))
        order = np.argsort(np.concatenate([trial_of_again, trial_of_own]), kind="stable")
        row = np.concatenate([came, own_rows])[order].astype(np.int64)
        offsets = np.concatenate(
            [[0], np.cumsum(np.bincount(np.concatenate([trial_of_again, trial_of_own]), minlength=trials))]
        )
        origin_row, origin_year = self.origins_of(row)
        mode = self.item.modes[self.years[y]]
        table = self.columns.of_rows(row)
        table["is_enterprise"] = lambda: self.is_enterprise[self.drawn.applicant[row]]
        rows = Applications(table, self.years[y], len(row))
        take = lambda values: values[row] if len(values) else values  # noqa: E731
        payments = np.atleast_2d(np.asarray(mode.payments(Commitments(table, self.years[y], len(row))), float))
        shares, last = _checked_shares(self.item.mode, payments)
        stop = mode.stops(Commitments(table, self.years[y], len(row)))
        return Claims(
            offsets=offsets,
            asked=demand_yuan(mode, rows, self.readings["payable_rounding"])[0],
            applicant=self.drawn.applicant[row],
            is_fit=take(self.fit),
            passes=take(self.drawn.passes),
            score=take(self.drawn.score),
            once=take(self._once()),
            tier=take(self._column_or_none("tier")),
            shares=shares,
            last=last,
            kind=_NO_ROWS_U1 if len(shares) == 1 else _in_a_byte(np.arange(len(row), dtype=np.uint32), len(row)),
            stop=_NO_ROWS_I8 if stop is None else stop.astype(np.int64),
            term=self.columns["term_years"][row].astype(np.int16) if "term_years" in self.columns else _ONE_YEAR,
            row=row,
            origin_year=origin_year,
            origin_row=origin_row,
            columns=self.columns,
        )

    def _asked(self) -> np.ndarray:
        """Whole yuan of each claim of an application, shape ``(claim years, rows)``."""
        payable = self.readings["payable_rounding"]
        parts = [demand_yuan(mode, self._table(Applications, rows, year), payable) for mode, rows, year in self._groups]
        return parts[0] if len(parts) == 1 else _stacked([part.T for part in parts]).T

    @cached_property
    def _groups(self) -> list:
        """(mode, rows, year) of rows that share their terms; year None stands for all years."""
        modes = [self.item.modes[year] for year in self.years]
        if self.is_steady:
            return [(modes[0], slice(0, len(self.drawn.applicant)), None)]
        groups = [(mode, self.drawn.rows_of(y), self.years[y]) for y, mode in enumerate(modes)]
        return [*groups, *self._earlier_groups()]

    def _earlier_groups(self) -> Iterator[tuple[SupportMode, slice, int]]:
        earlier, trials = self.drawn.earlier, self.drawn.trials
        for e, year in enumerate(earlier.years if earlier is not None else ()):
            assert earlier is not None
            mode = self.item.modes.get(int(year)) or self.item.modes[min(self.item.modes)]
            start, stop = earlier.first + earlier.offsets[[e * trials, (e + 1) * trials]]
            yield mode, slice(int(start), int(stop)), int(year)

    def _table(self, kind, rows: slice, year: int | None):
        columns = self.columns.of_rows(rows)
        columns["is_enterprise"] = lambda: self.is_enterprise[self.drawn.applicant[rows]]
        return kind(columns, (lambda: self._year_of_rows) if year is None else year, rows.stop - rows.start)

    @cached_property
    def _year_of_rows(self) -> np.ndarray:
        own, earlier = (
            np.repeat(self.drawn.years, np.diff(self.drawn.offsets[:: self.drawn.trials])),
            self.drawn.earlier,
        )
        return own if earlier is None else np.concatenate([own, earlier.year])

    def _schedule(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shares by kind of row and year offset; index of the last; each row's kind, empty where there is but one."""
        tables, kinds, known = [], [], 0
        for mode, rows, year in self._groups:
            table, kind = self._payments(mode, rows, year)
            tables.append(table)
            kinds.append(kind + np.uint32(known) if known else kind)
            known += len(table)
        shares, last = _checked_shares(self.item.mode, _stacked(tables))
        if known == 1:
            return shares, last, _NO_ROWS_U1
        if len(kinds) == 1:
            return shares, last, _in_a_byte(kinds[0], known)
        sizes = [rows.stop - rows.start for _, rows, _ in self._groups]
        of_rows = np.concatenate([np.broadcast_to(k, n) for k, n in zip(kinds, sizes, strict=True)])
        return shares, last, _in_a_byte(of_rows, known)

    def _schedule_as_paid(self, paid_shares: Mapping[int, float]) -> None:
        """Where more than its first tranche has been paid of a real application of the first year, that is its first
        tranche; the later ones are less in proportion.
        """
        first = self.drawn.offsets[: self.drawn.trials]
        kind = self.kind if len(self.kind) else np.zeros(len(self.drawn.applicant), np.uint32)
        tables = [self.shares]
        for place, paid in paid_shares.items():
            were = self.shares[kind[first + place]]
            rest = (1 - paid) / np.maximum(1 - were[:, :1], 1e-12)
            shares = np.concatenate([np.full_like(were[:, :1], paid), were[:, 1:] * rest], axis=1)
            is_more = np.flatnonzero(paid > were[:, 0] + 1e-12)
            kind = kind.astype(np.uint32)
            kind[first[is_more] + place] = sum(map(len, tables)) + np.arange(len(is_more))
            tables.append(shares[is_more])
        self.shares, self.last = _checked_shares(self.item.mode, np.concatenate(tables))
        self.kind = _in_a_byte(kind, len(self.shares)) if len(self.shares) > 1 else self.kind

    def _payments(self, mode: SupportMode, rows: slice, year: int | None) -> tuple[np.ndarray, np.ndarray]:
        """The different rows of shares a mode gives, and which one each application has (one number if all have the
        same).
        """
        if type(mode).payments is not SupportMode.payments:
            shares = np.atleast_2d(np.asarray(mode.payments(self._table(Commitments, rows, year)), dtype=float))
            return shares, np.arange(len(shares), dtype=np.uint32)
        if "term_years" not in self.columns:
            return np.ones((1, 1)), np.zeros(1, np.uint32)
        terms, longest = whole_terms(_one_if_alike(self.columns["term_years"][rows]))
        table = mode.tranche_table(longest)
        if len(table) == 1 or len(terms) == 1:
            return (table if len(table) == 1 else table[terms]), np.zeros(1, np.uint32)
        return table, terms

    def _stops(self) -> np.ndarray:
        """The offset at which the mode stops a row; empty where it stops none."""
        if all(type(mode).stops is SupportMode.stops for mode, _, _ in self._groups):
            return _NO_ROWS_I8
        stops = []
        for mode, rows, year in self._groups:
            stop = mode.stops(self._table(Commitments, rows, year))
            stops.append(np.full(rows.stop - rows.start, NEVER) if stop is None else np.asarray(stop))
            if stops[-1].shape != (rows.stop - rows.start,) or stops[-1].dtype.kind not in "iuf":
                what = message("stops() must give {count} year offsets, one a row", count=rows.stop - rows.start)
                raise FaultyInput([Fault(message("mode {mode}", mode=mode.key), what)])
        return np.concatenate(stops).astype(np.int64)

    def _fit(self) -> np.ndarray:
        """Conditions of the item (``requires``) and, under reading ``in_force = dates``, the days in force; empty
        if all hold.
        """
        fit = _NO_ROWS_U1
        for condition in self.item.requires:
            if condition.column in self.columns or condition.column == IS_ENTERPRISE:
                is_who = condition.column == IS_ENTERPRISE  # a matter of the applicant, whoever applies
                value = self._enterprises() if is_who else _one_if_alike(self.columns[condition.column])
                meets = value == 0 if condition.must_be == "false" else value > 0
                if not meets.all():
                    fit = np.broadcast_to(meets, len(self.drawn.applicant)) & (fit if len(fit) else True)
        return fit.astype(np.uint8)

    def _enterprises(self) -> np.ndarray:
        """Whether each row's applicant is an enterprise; one value where all are."""
        found = self.is_enterprise[self.drawn.applicant]
        return found[:1] if found.all() else found

    def restrict_days(self, first: float, last: float) -> None:
        """Reading ``in_force = dates``: rows dated before ``first`` or after ``last`` (years with a fraction) are
        ineligible.
        """
        year = self._year_of_rows
        inside = (year + self.drawn.day >= first) & (year + self.drawn.day <= last)
        if self.drawn.earlier is not None:
            inside[self.drawn.earlier.first :] = True  # the ledger names those that were eligible
        fit = self.fit.astype(bool) if len(self.fit) else np.ones(len(inside), bool)
        self.fit = (fit & inside).astype(np.uint8)

    def _once(self) -> np.ndarray:
        if self.item.once_per == "platform":
            return self.drawn.platform
        return self.drawn.applicant if self.item.once_per == "applicant" else self.drawn.applicant[:0]

    def _term(self) -> np.ndarray:
        """Whole years of each row, or one for all."""
        if "term_years" not in self.columns:
            return _ONE_YEAR
        return _one_if_alike(self.columns["term_years"]).astype(np.int16)

    def _column_or_none(self, name: str) -> np.ndarray:
        return np.ascontiguousarray(self.columns[name]) if name in self.columns else _NO_ROWS_F8

    # --- applications that claim in several years ------------------------------------------------------------------

    def _spread(self) -> Claims:
        """The rows of all years, each claim of an application a row of the year it falls in."""
        years, earlier = len(self.years) + self.later_claims, self._earlier_loans()
        offsets, row, asked = spread_over_years(self._offsets_of_claims, years, self.asked, *earlier)
        take = lambda values: values[row] if len(values) else values  # noqa: E731
        return Claims(
            offsets=offsets,
            asked=asked,
            applicant=self.drawn.applicant[row],
            is_fit=take(self.fit),
            passes=take(self.drawn.passes),
            score=take(self.drawn.score),
            once=self.drawn.applicant[:0],
            tier=_NO_ROWS_F8,
            shares=self.shares,
            last=self.last,
            kind=take(self.kind),
            stop=_NO_ROWS_I8,
            term=_ONE_YEAR,
            row=row,
            origin_year=_NO_ROWS_U4,
            origin_row=_NO_ROWS_U4,
            columns=self.columns,
        )

    @property
    def _offsets_of_claims(self) -> np.ndarray:
        """Where the drawn rows of each year with claims begin: nobody is new after the last year in force."""
        none_new = np.full(self.later_claims * self.drawn.trials, self.drawn.offsets[-1])
        return np.concatenate([self.drawn.offsets, none_new])

    def _earlier_loans(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The rows of earlier years that claim in later ones: their offsets by year and trial, among all rows; how many
        years they lie before the first; whether each may claim.
        """
        earlier = self.drawn.earlier
        if earlier is None:
            return NONE_EARLIER
        return earlier.first + earlier.offsets, self.years[0] - earlier.years, earlier.may_claim


def _one_if_alike(values: np.ndarray) -> np.ndarray:
    """A column, or its one value where all rows share it."""
    return values if values.strides[0] or not len(values) else values[:1].copy()


def _once_if_alike(values: np.ndarray) -> np.ndarray:
    """The same values, in the memory of one where all are the same."""
    is_alike = len(values) > 1 and bool((values == values[0]).all())
    return np.broadcast_to(values[:1].copy(), len(values)) if is_alike else values


def _in_a_byte(kind: np.ndarray, number: int) -> np.ndarray:
    """The kind of each row of so many, in a byte where it holds them."""
    return kind.astype(np.uint8) if number <= FEW_KINDS else kind


def _checked_shares(mode: str, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares as the kernel wants them, and the index of each row's last one."""
    shares = np.ascontiguousarray(shares)
    last = last_shares(shares)
    if len(last) and last.min() < 0:
        what = message("payments() must give shares from 0 to 1 that add up to 1 in every row")
        raise FaultyInput([Fault(message("mode {mode}", mode=mode), what)])
    return shares, last


def _stacked(parts: list[np.ndarray]) -> np.ndarray:
    """Tables of different widths one upon the other, filled up with 0."""
    width = max(part.shape[1] for part in parts)
    if all(part.shape[1] == width for part in parts):
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
    return np.concatenate([np.pad(part, ((0, 0), (0, width - part.shape[1]))) for part in parts])


@compiled
def ends_of_trials(offsets, first, which):
    """Where the rows of some groups begin, one after the other; group ``t`` is ``offsets[first + t]`` on."""
    ends = np.zeros(len(which) + 1, np.int64)
    for w in range(len(which)):
        ends[w + 1] = ends[w] + offsets[first + which[w] + 1] - offsets[first + which[w]]
    return ends


@compiled
def values_of_trials(values, offsets, first, which, ends):
    """The values of the rows of some groups, one after the other; ``ends`` of :func:`ends_of_trials`."""
    out = np.empty(ends[-1], values.dtype)
    for w in range(len(which)):
        start, into = offsets[first + which[w]], out[ends[w] : ends[w + 1]]
        some = values[start : start + len(into)]
        for j in range(len(into)):
            into[j] = some[j]
    return out


@compiled
def whole_terms(term_years):
    """Terms as whole numbers, uint32; and the longest, at least 1."""
    terms, longest = np.empty(len(term_years), np.uint32), 1
    for i in range(len(term_years)):
        terms[i] = np.uint32(term_years[i])
        longest = max(longest, np.int64(term_years[i]))
    return terms, longest


@compiled
def spread_over_years(offsets, years, claims, earlier_offsets, years_before, may_claim):
    """Rows of every year for applications that claim in several: older ones first, then the year's own.

    Args:
        offsets: of the drawn rows, ``(years · trials + 1,)``.
        claims: amounts, ``(claim years, rows)``.
        earlier_offsets: of rows of earlier years, ``(earlier years · trials + 1,)``; how many years each lies before
            the first, and whether a row may claim.

    Returns:
        offsets, drawn row and amount of the spread rows. A later claim of 0 makes no row.
    """
    trials = (len(offsets) - 1) // years
    lags, rows = claims.shape
    out_offsets = np.zeros(len(offsets), np.int64)
    most = rows + 1  # one more than there can be: a row is written before it is known to count
    for lag in range(1, lags):
        for i in range(rows):
            most += claims[lag, i] > 0
    row, asked = np.empty(most, np.uint32), np.empty(most, claims.dtype)
    n = np.uint64(0)  # without a sign, as in `group`
    for y in range(years):
        for t in range(trials):
            for e in range(len(years_before)):
                since = years_before[e] + y
                if since < lags:
                    of_since = claims[since]
                    for i in group(earlier_offsets, e * trials + t):
                        row[n], asked[n] = i, of_since[i]
                        n += np.uint64((of_since[i] > 0) & may_claim[np.int64(i) - earlier_offsets[0]])
            for lag in range(min(y, lags - 1), 0, -1):
                of_lag = claims[lag]
                for i in group(offsets, (y - lag) * trials + t):
                    row[n], asked[n] = i, of_lag[i]
                    n += np.uint64(of_lag[i] > 0)
            of_year = claims[0]
            for i in group(offsets, y * trials + t):
                row[n], asked[n] = i, of_year[i]
                n += np.uint64(1)
            out_offsets[y * trials + t + 1] = n
    return out_offsets, row[:n], asked[:n]


@compiled
def claims_by_lag(drawn_offsets, years, offsets, row, asked, lags):
    """The amounts that :func:`spread_over_years` spread, ``(claim years, rows)``, if no row is of an earlier year."""
    trials = (len(offsets) - 1) // years
    claims = np.zeros((lags, drawn_offsets[-1]), asked.dtype)
    for y in range(years):
        for t in range(trials):
            for n in group(offsets, y * trials + t):
                lag = 0
                while row[n] < drawn_offsets[(y - lag) * trials + t]:
                    lag += 1
                claims[lag, row[n]] = asked[n]
    return claims
