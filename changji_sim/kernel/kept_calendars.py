"""How limits are used up (用完日历), out of the cells that are kept: what a `CalendarObserver` records of a run from
nothing, gone through again only in the trials in which something differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from .calendar import (
    ENVELOPE,
    Free,
    RunDown,
    YearOfLimits,
    all_cash,
    days_of_claims,
    free_of_payments,
    is_taken_in_order,
    is_used_in_order,
)
from .caps import SLACK
from .claims import Claims, ends_of_trials
from .compiled import compiled
from .draws import Chunk, Drawn
from .kept_cells import Cells
from .kept_item import KeptItem
from .ledger import CONTRACTS
from .streams import group

DaysOf = Callable[[str, Chunk, Drawn], np.ndarray]  # the days of an item's drawn rows in a block
Joined = dict[tuple[str, str, int], tuple[list[RunDown], RunDown]]  # by item, limit and year index: blocks, and all
_NOBODY_SEEN = np.empty(0, np.int32)


@dataclass(eq=False)
class BlockCalendar:
    """How an item's limits were used up in a block of trials when it was last gone through, by year index."""

    drawn: Drawn
    caps: list[tuple[tuple[str, bool], ...]]  # in their order, and which of them are used up in order
    seen: list[dict[str, RunDown]]

    @classmethod
    def of_nothing(cls, drawn: Drawn, years: int) -> BlockCalendar:
        return cls(drawn, [() for _ in range(years)], [{} for _ in range(years)])


@dataclass(eq=False)
class KeptCalendars:
    """The calendars of some items, brought from one run by cells to the next.

    Args:
        keys: of the items. days_of: gives the days of their rows.
        joined: what the runs before joined of their blocks; written to.
    """

    keys: Sequence[str]
    days_of: DaysOf
    joined: Joined

    def begin(self, cells: Cells) -> None:
        """A block is about to run: what envelopes leave these items is kept."""
        for key in [key for key in cells.offered if key not in self.keys]:
            del cells.offered[key]
        for key in self.keys:
            cells.offered.setdefault(key, np.empty((len(cells.years), cells.trials), np.int64))

    def end(self, cells: Cells) -> None:
        """It has run: go through what differs."""
        for key in self.keys:
            state = cells.by_key[key]
            kept = cells.calendars.get(key)
            if kept is None or kept.drawn is not state.maker.drawn:
                kept = BlockCalendar.of_nothing(state.maker.drawn, len(cells.years))
                cells.calendars[key] = kept
            for y in range(len(cells.years)):
                _go_through(cells, state, y, kept, self.days_of)
            state.undated[:] = 0

    def seen(self, blocks: Mapping[int, Cells], key: str) -> dict[tuple[str, int], RunDown]:
        """How the limits of an item were used up in all trials, by (cap key or ``envelope``, year index)."""
        parts = [blocks[first].calendars[key].seen for first in sorted(blocks)]
        return {
            (limit, y): self._whole((key, limit, y), [part[y][limit] for part in parts])
            for y, of_year in enumerate(parts[0])
            for limit in of_year
        }

    def _whole(self, at: tuple[str, str, int], parts: list[RunDown]) -> RunDown:
        known = self.joined.get(at)
        if known is None or known[0] != parts:  # the very same blocks
            self.joined[at] = known = parts, RunDown.joined(parts)
        return known[1]


def _go_through(cells: Cells, state: KeptItem, y: int, kept: BlockCalendar, days_of: DaysOf) -> None:
    """Bring a year of an item up to where its cells are."""
    room = cells.offered[state.item.key][y].copy()  # what is kept: the next run writes over it
    caps = state.item.caps[cells.years[y]]
    in_order = {cap.key: n for n, cap in enumerate(caps) if is_used_in_order(cap)}
    limits = [*in_order, *([ENVELOPE] if is_taken_in_order(state.plan, room) else [])]
    order, seen = tuple((cap.key, cap.key in in_order) for cap in caps), kept.seen[y]
    which = cells.everybody
    if order == kept.caps[y] and seen.keys() >= set(limits):
        which = np.flatnonzero(state.undated[y])  # where the room differs and nothing else, all is as it was
    if len(which):
        some = _seen_again(cells, state, y, which, days_of)
        is_every = len(which) == cells.trials
        seen = {limit: some[limit] if is_every else put_among(seen[limit], which, some[limit]) for limit in limits}
    seen = {limit: seen[limit] for limit in limits}
    for key, n in in_order.items():
        free = np.full(cells.trials, state.plan.levels[y][n])
        if caps[n].net_of_carried:
            seen[key] = _with_free(seen[key], free_of_payments(free - state.carried_claims(y), seen[key].share))
        else:
            seen[key] = _with_free(seen[key], all_cash(free))
    if ENVELOPE in seen:
        seen[ENVELOPE] = _with_free(seen[ENVELOPE], all_cash(room))
    kept.seen[y], kept.caps[y] = seen, order


def _seen_again(cells: Cells, state: KeptItem, y: int, which: np.ndarray, days_of: DaysOf) -> dict[str, RunDown]:
    """How the limits of a year were used up in some trials."""
    drawn, every = state.maker.drawn, state.maker.of_year(y)
    days = days_of_claims(days_of(state.item.key, cells.chunk, drawn), every, drawn, y)
    if len(which) < cells.trials:
        days = days[_rows_of_trials(every.offsets, which)]
    now = YearOfLimits(state.plan, y, cells.years[y], days, len(cells.registry.group_of))
    counts = np.empty((CONTRACTS, len(which)), np.int32)
    _, left, claims = cells.select_and_cap(state, y, which, counts, _NOBODY_SEEN, now)
    now.room = cells.offered[state.item.key][y][which]
    now.committed(
        left,
        lambda: left if state.is_in_full else state.committed_in(y, which, claims.offsets),
        lambda: left if state.is_in_full else first_tranches(left, claims, state),
        cells.is_limited_by_commitments,
    )
    return now.seen


def first_tranches(committed: np.ndarray, claims: Claims, state: KeptItem) -> np.ndarray:
    """What is due at once of what some rows are committed, fen, as `commitments.split` has it."""
    kind = claims.kind if len(claims.kind) else np.zeros(len(committed), np.uint8)
    first = np.floor(committed * state.those.early[kind, 0] * SLACK).astype(np.int64)
    return np.where(state.those.last[kind] == 0, committed, first)


def _rows_of_trials(offsets: np.ndarray, which: np.ndarray) -> np.ndarray:
    """The rows of some trials, one after the other."""
    ends = ends_of_trials(offsets, 0, which)
    return np.arange(ends[-1]) + np.repeat(offsets[which] - ends[:-1], np.diff(ends))


def _with_free(run: RunDown, free: Free) -> RunDown:
    """The same under another limit, the very same where that is as it was."""
    is_same = np.array_equal(run.free, free.free) and np.array_equal(run.cash, free.cash)
    return run if is_same else replace(run, **free._asdict())


def put_among(run: RunDown, which: np.ndarray, some: RunDown) -> RunDown:
    """All trials, with what is seen of some of them in the place of what was."""
    names = [one.name for one in fields(RunDown) if one.name not in ("ends", "missed")]
    by_trial = {name: getattr(run, name).copy() for name in names}
    for name, values in by_trial.items():
        values[..., which] = getattr(some, name)
    ends, missed = missed_among(run.ends, run.missed, which, some.ends, some.missed)
    return RunDown(**by_trial, ends=ends, missed=missed)


@compiled
def missed_among(ends, missed, which, some_ends, some_missed):
    """Cuts by trial, those of some trials in the place of what they were."""
    trials = len(ends) - 1
    now_ends, now = np.zeros(trials + 1, np.int64), np.empty(len(missed) + len(some_missed), np.int64)
    w, n = 0, 0
    for t in range(trials):
        if w < len(which) and which[w] == t:
            for i in group(some_ends, w):
                now[n] = some_missed[i]
                n += 1
            w += 1
        else:
            for i in group(ends, t):
                now[n] = missed[i]
                n += 1
        now_ends[t + 1] = n
    return now_ends, now[:n].copy()
