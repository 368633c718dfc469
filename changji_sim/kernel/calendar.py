"""When a limit used up in order of submission is exhausted (用完日历): the days of rows, and one pass over them.

Submission order is drawn, days are not: only reading ``in_force = dates`` needs them. For a calendar they are drawn
separately, from the same stream (purpose ``day``), ascending within a year and trial, so that a run draws no more than
before and both agree. A row that was first submitted in an earlier year (it applies again, or an older loan claims
again) comes before all others and is dated the first moment of the year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np

from ..modes.support_mode import Cap
from . import commitments as rules
from .cap_rules import CapContext
from .caps import FEN_A_YUAN, SLACK, per_year_in_order
from .claims import Claims
from .compiled import compiled
from .draws import Chunk, Drawn
from .item_state import ItemState
from .observers import Observer, Observers, Rooms
from .plan import ItemPlan
from .streams import group, row_uniform, row_words, stream_key, uniforms
from .year import Block

MONTHS = 12
ENVELOPE = "envelope"  # the calendar of what the envelopes leave an item
IN_DATE_ORDER = (rules.RANKED, rules.PARTIAL, rules.DEFER)
Amounts = Callable[[], np.ndarray]  # gives fen a row


# --- days -------------------------------------------------------------------------------------------------------------


def days_of_rows(drawn: Drawn, item: str, chunk: Chunk) -> np.ndarray:
    """The day of every drawn row, 0–1 of its year, ascending within year and trial; shape ``(rows,)``.

    Those of `streams.ascending_days`, computed many at once: uniform arrivals are exponential gaps over their sum.
    """
    if len(drawn.day):
        return drawn.day
    keys = stream_key(chunk.seed, item, "day")
    gaps = np.log(uniforms(row_words(drawn.offsets, drawn.years, chunk.first, *keys)))
    return drawn.dated(_added_up(gaps, drawn.offsets, drawn.years, chunk.first, *keys))


@compiled
def _added_up(gaps, offsets, years, first_trial, key0, key1):
    trials = (len(offsets) - 1) // len(years)
    for g in range(len(offsets) - 1):
        start, end = offsets[g], offsets[g + 1]
        total = 0.0
        for i in range(start, end):
            total -= gaps[i]
            gaps[i] = total
        total -= log(row_uniform(end - start, years[g // trials], first_trial + g % trials, key0, key1))
        scale = 1.0 / total
        for i in range(start, end):
            gaps[i] *= scale
    return gaps


def days_of_claims(days: np.ndarray, claims: Claims, drawn: Drawn, y: int) -> np.ndarray:
    """The days of one year's claims, from those of the drawn rows; a row of an earlier year is dated 0."""
    own, row = drawn.rows_of(y), claims.row
    if not len(row):
        return days[own]
    is_own = (row >= own.start) & (row < own.stop)
    return np.where(is_own, days[np.where(is_own, row, own.start)] if is_own.any() else 0.0, 0.0)


def month_ends(year: int) -> np.ndarray:
    """Where the twelve months end, as fractions of the year."""
    starts = np.arange(f"{year}-01", f"{year + 1}-02", dtype="datetime64[M]").astype("datetime64[D]")
    days = (starts - starts[0]).astype(int)
    return days[1:] / days[-1]


# --- one pass ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RunDown:
    """How one limit was used up in one year, trial by trial (fen; counts of applications).

    ``day`` is when the first application did not get all it could have (0–1 of the year; NaN: never). ``free`` is the
    limit less what is carried, negative where more is carried than it holds; ``demand`` what stood before it. First
    tranches fill a limit of a year's payments: ``cash`` is what is free for them, ``share`` their part of what is
    committed, and ``free`` what may be committed; for any other limit ``cash`` is ``free`` and ``share`` 1.
    ``missed`` are the cuts one after the other, in order of submission, those of trial t at ``ends[t]`` …
    ``ends[t + 1]``; the first of a trial may be a part of what was left, all later ones are whole.
    """

    day: np.ndarray
    free: np.ndarray
    cash: np.ndarray
    share: np.ndarray
    demand: np.ndarray
    wholly: np.ndarray  # applications that get nothing
    partly: np.ndarray
    applicants: np.ndarray  # that got less, each counted once
    spent: np.ndarray  # (months, trials): used up by the end of each
    ends: np.ndarray
    missed: np.ndarray

    @classmethod
    def joined(cls, parts: list[RunDown]) -> RunDown:
        """Blocks one after the other."""
        by_trial = ("day", "free", "cash", "share", "demand", "wholly", "partly", "applicants", "spent", "missed")
        together = {name: np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in by_trial}
        lengths = np.concatenate([np.diff(part.ends) for part in parts])
        return cls(**together, ends=np.concatenate([[0], np.cumsum(lengths)]))


class Free(NamedTuple):
    """What is free under a limit in each trial: to be committed, in cash, and the cash a fen committed takes."""

    free: np.ndarray
    cash: np.ndarray
    share: np.ndarray


def run_down(
    before: np.ndarray,
    after: np.ndarray,
    offsets: np.ndarray,
    days: np.ndarray,
    applicant: np.ndarray,
    people: int,
    free: Free,
    ends_of_months: np.ndarray,
) -> RunDown:
    """Go through the rows of each trial in order of submission.

    Args:
        before, after: fen a row, before and after the limit; ``days``, ``applicant`` likewise.
        offsets: rows of trial t are ``offsets[t]`` … ``offsets[t + 1]``. people: the number of applicants.
        free: of the limit, in each trial; ends_of_months: of `month_ends`.
    """
    trials = len(offsets) - 1
    day, demand = np.full(trials, np.nan), np.zeros(trials, np.int64)
    wholly, partly, applicants = np.zeros((3, trials), np.int32)
    spent, ends = np.zeros((MONTHS, trials), np.int64), np.zeros(trials + 1, np.int64)
    missed = _walk(
        before, after, offsets, days, applicant, people, ends_of_months,
        day, demand, wholly, partly, applicants, spent, ends,
    )  # fmt: skip
    return RunDown(day, *free, demand, wholly, partly, applicants, spent, ends, missed)


@compiled
def _walk(
    before, after, offsets, days, applicant, people, ends_of_months,
    day, demand, wholly, partly, applicants, spent, ends,
):  # fmt: skip
    seen_in = np.full(people, -1, np.int32)  # the last trial an applicant did not fit in
    missed = np.empty(len(before) + 1, np.int64)
    n = 0
    for t in range(len(offsets) - 1):
        so_far, asked, month = 0, 0, 0
        for i in group(offsets, t):
            while month < MONTHS - 1 and days[i] >= ends_of_months[month]:
                spent[month, t] = so_far
                month += 1
            asked += before[i]
            so_far += after[i]
            if after[i] == before[i]:
                continue
            if day[t] != day[t]:
                day[t] = days[i]
            wholly[t] += after[i] == 0
            partly[t] += after[i] > 0
            applicants[t] += seen_in[applicant[i]] != t
            seen_in[applicant[i]] = t
            missed[n] = before[i] - after[i]
            n += 1
        for later in range(month, MONTHS):
            spent[later, t] = so_far
        demand[t] = asked
        ends[t + 1] = n
    return missed[:n].copy()


@compiled
def let_through(ends, missed, partly, more):
    """What a limit raised by ``more`` fen (a trial) lets through of what did not fit, in the same order.

    Returns:
        fen, applications that now get all they could have, and those that get something instead of nothing; each of
        shape ``(trials,)``.
    """
    trials = len(more)
    fen, served, reached = np.zeros(trials, np.int64), np.zeros(trials, np.int64), np.zeros(trials, np.int64)
    for t in range(trials):
        rest = more[t]
        for i in range(ends[t], ends[t + 1]):
            if rest <= 0:
                break
            given = min(missed[i], rest)
            rest -= given
            fen[t] += given
            served[t] += given == missed[i]
            reached[t] += i > ends[t] or partly[t] == 0
    return fen, served, reached


def raised_by(run: RunDown, more: int) -> np.ndarray:
    """What may be committed under a limit ``more`` fen higher beyond what may be now: fen of whole yuan, a trial."""
    cash = _whole(run.cash + more) - _whole(run.cash)
    committed = _committed(cash, run.share)
    return np.where(run.share == 1, cash, _whole(committed))


def _whole(fen: np.ndarray) -> np.ndarray:
    """Whole yuan of it, in fen; nothing below 0."""
    return np.maximum(fen, 0) // FEN_A_YUAN * FEN_A_YUAN


def _committed(cash: np.ndarray, share: np.ndarray) -> np.ndarray:
    """What may be committed where first tranches of such a share take the cash."""
    return np.where(share > 0, np.floor(cash / np.maximum(share, 1e-9) * SLACK), rules.UNLIMITED).astype(np.int64)


# --- observing --------------------------------------------------------------------------------------------------------


def is_used_in_order(cap: Cap) -> bool:
    """Whether a cap is one room for the year that submission order uses up."""
    return cap.per == "item_year" and cap.share_out != "pro_rata"


class YearOfLimits:
    """One year of an item, its rows gone through limit by limit: `seen` by cap key or ``envelope``, those limits alone
    that submission order uses up.

    The rows are those of some trials, one after the other; what is seen of a trial depends on no other.

    Args:
        days: of the rows. people: the number of applicants.
    """

    def __init__(self, plan: ItemPlan, y: int, year: int, days: np.ndarray, people: int):
        self.plan, self.days, self.people = plan, days, people
        self.limits, self.levels, self.ends_of_months = plan.item.caps[year], plan.levels[y], month_ends(year)
        self.seen: dict[str, RunDown] = {}
        self.room: np.ndarray | None = None  # what the envelopes leave, fen a trial
        self._before = np.empty(0, np.int64)
        self._claims: Claims

    def selected(self, claims: Claims, left: np.ndarray) -> None:
        """``left`` is the demand of the selected rows, fen."""
        self._claims = claims
        self._keep(left, 0)

    def capped(self, n: int, left: np.ndarray, context: CapContext) -> None:
        """``left`` is what the n-th cap of the year left."""
        cap = self.limits[n]
        if is_used_in_order(cap):
            free = np.full(len(self._claims.offsets) - 1, self.levels[n])
            self._walk(cap.key, self._before, left, self._free(cap, free, context))
        self._keep(left, n + 1)

    def _free(self, cap: Cap, free: np.ndarray, context: CapContext) -> Free:
        if not cap.net_of_carried:
            return all_cash(free)
        return free_of_payments(free - context.carried(), self._share_paid_first(context.first_share()))

    def _share_paid_first(self, share: np.ndarray) -> np.ndarray:
        """The share of each trial's demand that is paid in its first year; all of it where there is none."""
        offsets = self._claims.offsets
        if (share >= 1).all():
            return np.ones(len(offsets) - 1)
        asked, first = sums_of_trials(self._before, np.broadcast_to(share, len(self._before)).copy(), offsets)
        return np.divide(first, asked, out=np.ones(len(asked)), where=asked > 0)

    def _keep(self, left: np.ndarray, n: int) -> None:
        """Keep the amounts before the n-th cap, if it is used up in order. A guide's ceiling right behind the law's has
        the same demand before it: under the law's alone the demand would be no less.
        """
        limits = self.limits
        is_behind_another = 0 < n < len(limits) and is_used_in_order(limits[n - 1])
        if n < len(limits) and is_used_in_order(limits[n]) and not is_behind_another:
            self._before = left.copy()

    def committed(self, left: np.ndarray, commitment: Amounts, first_due: Amounts, limits_commitments: bool) -> None:
        """What was committed is known; ``room`` was before.

        Args:
            left: what all caps left. commitment, first_due: give what each row was committed, and its first tranche.
        """
        if self.room is None or not is_taken_in_order(self.plan, self.room):
            return
        if self.plan.rule == rules.DEFER:  # all is committed; what runs out is the money for first payments
            before = commitment() if limits_commitments else first_due()
            after, spare = before.copy(), np.empty((2, len(self.room)), np.int64)
            per_year_in_order(after, self._claims.offsets, np.maximum(self.room, 0), *spare)
        else:
            before, after = left, commitment()
        self._walk(ENVELOPE, before, after, all_cash(self.room))

    def _walk(self, limit: str, before: np.ndarray, after: np.ndarray, free: Free) -> None:
        claims = self._claims
        self.seen[limit] = run_down(
            before, after, claims.offsets, self.days, claims.applicant, self.people, free, self.ends_of_months
        )


class CalendarObserver(Observer):
    """Records every limit of an item that is used up in date order: `seen` by (cap key or ``envelope``, year index).

    Args:
        days: gives the days of the drawn rows; by default they are drawn when first needed.
    """

    def __init__(self, item: ItemPlan, chunk: Chunk, days: Callable[[Drawn], np.ndarray] | None = None):
        self.item, self.chunk = item, chunk
        self.days = days or (lambda drawn: days_of_rows(drawn, item.item.key, chunk))
        self.seen: dict[tuple[str, int], RunDown] = {}
        self._of_rows: np.ndarray | None = None
        self._now: YearOfLimits | None = None  # none after the last year: nothing limits claims then

    def selected(self, block: Block, state: ItemState, y: int) -> None:
        if y >= len(block.years):
            return
        drawn = state.maker.drawn
        if self._of_rows is None:
            self._of_rows = self.days(drawn)
        days = days_of_claims(self._of_rows, state.claims, drawn, y)
        self._now = YearOfLimits(self.item, y, block.years[y], days, len(block.registry.group_of))
        self._now.selected(state.claims, state.left)

    def capped(self, state: ItemState, y: int, n: int, context: CapContext) -> None:
        if self._now is not None:
            self._now.capped(n, state.left, context)

    def offered(self, block: Block, state: ItemState, y: int, rooms: Rooms, again: bool) -> None:
        if not again and self._now is not None:
            self._now.room = np.minimum(*rooms)

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        now, self._now = self._now, None
        if now is not None:
            commitment, first_due = (lambda: state.commitment_by_row), (lambda: state.first_due_by_row)
            now.committed(state.left, commitment, first_due, block.limits_commitments)
            self.seen.update({(limit, y): run for limit, run in now.seen.items()})


def all_cash(free: np.ndarray) -> Free:
    """What is free under a limit that all of a commitment counts against."""
    return Free(free, free, np.ones(len(free)))


def free_of_payments(cash: np.ndarray, share: np.ndarray) -> Free:
    """What may be committed under a limit of a year's payments: so much that its first tranches fit.

    Args:
        cash: the limit less what is carried, fen a trial. share: of a commitment, what its first tranche takes.
    """
    committed = _committed(cash // FEN_A_YUAN * FEN_A_YUAN, share)
    return Free(np.where(share == 1, cash, committed), cash, share)


@compiled
def sums_of_trials(amounts, share, offsets):
    """The amounts of each trial's rows added up, and a share of each, ``(2, trials)``: in the order of the rows, so
    that no other trial moves a rounding.
    """
    sums = np.zeros((2, len(offsets) - 1))
    for t in range(len(offsets) - 1):
        for i in group(offsets, t):
            sums[0, t] += amounts[i]
            sums[1, t] += amounts[i] * share[i]
    return sums


def is_taken_in_order(plan: ItemPlan, room: np.ndarray) -> bool:
    """Whether the envelopes, which leave so much in each trial, serve an item's rows in order of submission."""
    is_in_order = plan.rule in IN_DATE_ORDER and not (plan.is_project and plan.is_by_score)
    return is_in_order and not (room >= rules.UNLIMITED // 2).all()


def gathered(observe: Observers, item: str) -> dict[tuple[str, int], RunDown]:
    """The records of one item from all blocks, trials in order."""
    observers = observe.of(item)
    return {
        key: RunDown.joined([observer.seen[key] for observer in observers])
        for key in (observers[0].seen if observers else ())
    }
