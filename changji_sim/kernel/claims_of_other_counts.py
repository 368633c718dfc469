"""Claims after nothing but the number of applications changed: those of the rows there were are taken over, and only
the rows that came are drawn.

Streams are keyed by row, so a row of a year and trial is the same whatever the number of rows. Where that does not hold
(rows that are not drawn, members of a pool of whom none comes twice, days in order) all are drawn anew.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from weakref import ref

import numpy as np

from . import streams
from .claims import ClaimsMaker
from .compiled import compiled, compiled_in_place
from .draws import Drawn, ItemDraws, TrialDraws
from .plan import ItemPlan, Plan


class MoreRows(ItemDraws):
    """Draws the rows of an item that come on top of some number of rows in each year and trial."""

    def draw_on_top(self, before: np.ndarray) -> tuple[Drawn, np.ndarray]:
        """The rows that come, and where the rows of each year and trial begin with those that were and stay.

        Args:
            before: where those that were begin, as `Drawn.offsets`.
        """
        self.before = np.diff(before)
        self.cases = []
        counts = self._counts().ravel()
        return self.drawn_of(streams.offsets_of(np.maximum(counts - self.before, 0))), streams.offsets_of(counts)

    def _words(self, purpose: str) -> np.ndarray:
        return _words_on_top(self.offsets, self.before, self.years, self.chunk.first, *self._key(purpose))


def with_other_counts(before: ClaimsMaker, plan: Plan, item: ItemPlan, shared: TrialDraws) -> ClaimsMaker | None:
    """The claims of an item whose numbers of applications alone are others than those of ``before``; None where they
    cannot be made of these.
    """
    scenario, of = plan.scenario, item.item
    is_drawn_otherwise = of.cases or of.tiers or of.registers or of.is_distinct or of.reapply is not None
    is_drawn_otherwise = is_drawn_otherwise or before.drawn.earlier is not None
    if is_drawn_otherwise or scenario.readings["in_force"] == "dates" or not len(before.drawn.applicant):
        return None
    top = MoreRows(scenario, of, shared, plan.registry)
    drawn, offsets = top.draw_on_top(before.drawn.offsets)
    more = ClaimsMaker(of, drawn, scenario.readings, plan.is_enterprise, item.is_steady)
    rows = len(drawn.applicant)
    if not rows:
        more.shares, more.kind, more.stop = before.shares, before.kind[:0], before.stop[:0]
    is_alike = np.array_equal(more.shares, before.shares) and len(more.kind) == (rows if len(before.kind) else 0)
    if not is_alike or len(more.stop) != (rows if len(before.stop) else 0):
        return None
    every = ItemDraws(scenario, of, shared, plan.registry)
    every.cases, every.offsets, every.rows = [], offsets, int(offsets[-1])
    return _Joined(before, more, every).claims()


class _Joined:
    """The claims of the rows that stay, and of those that come."""

    def __init__(self, before: ClaimsMaker, more: ClaimsMaker, every: ItemDraws):
        """``every``: draws all rows, for columns that nothing has asked for yet."""
        self.before, self.more, self.every = before, more, every
        self.were = before.drawn.offsets, more.drawn.offsets

    def claims(self) -> ClaimsMaker:
        before, more, every = self.before, self.more, self.every
        columns, other = every.columns(), copy(before)
        for name, ours in before.columns.drawn.items():
            is_one = not ours.strides[0] and len(ours)  # for all rows
            columns.put(
                name, np.broadcast_to(ours[0], every.rows) if is_one else self._values(ours, more.columns[name])
            )
        other.drawn = replace(
            before.drawn,
            offsets=every.offsets,
            applicant=self._values(before.drawn.applicant, more.drawn.applicant),
            columns=columns,
            item_columns=more.drawn.item_columns,
            passes=self._flags(before.drawn.passes, more.drawn.passes),
            platform=self._values(before.drawn.platform, more.drawn.platform),
            tally=more.drawn.tally,
        )
        other.columns, other.continues = columns, ref(before.drawn)
        other.fit = self._flags(before.fit, more.fit)
        other.stop, other.kind = self._values(before.stop, more.stop), self._values(before.kind, more.kind)
        other.term = self._values(before.term, more.term) if len(before.term) > 1 else before.term
        number = np.result_type(before.asked, more.asked)
        other.asked = np.empty((len(before.asked), every.rows), number)
        for ours, theirs, into in zip(before.asked, more.asked, other.asked, strict=True):
            self._put_values(ours.astype(number, copy=False), theirs, into)
        other.most_asked = max(before.most_asked, more.most_asked)
        other.take_ceilings(before, lambda cap, ceiling: self._values(ceiling, more.ceiling(cap)))
        return other

    def _values(self, ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
        if not len(ours):
            return ours
        return self._put_values(ours, theirs, np.empty(self.every.rows, ours.dtype))

    def _put_values(self, ours: np.ndarray, theirs: np.ndarray, into: np.ndarray) -> np.ndarray:
        theirs = np.ascontiguousarray(theirs, into.dtype)
        rows_joined(np.ascontiguousarray(ours), self.were[0], theirs, self.were[1], self.every.offsets, into)
        return into

    def _flags(self, ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
        """Flags of rows, all of them set where there are none."""
        if not (len(ours) or len(theirs)):
            return ours
        one, other = (len(of.drawn.applicant) for of in (self.before, self.more))
        return self._values(
            ours if len(ours) else np.ones(one, np.uint8), theirs if len(theirs) else np.ones(other, np.uint8)
        )


@compiled
def _words_on_top(offsets, before, years, first_trial, key0, key1):
    """The word of each row that comes on top of ``before`` rows of its year and trial, as `row_words` has them."""
    words, trials = np.empty(offsets[-1], np.uint32), len(before) // len(years)
    for g in range(len(before)):
        year, trial = np.uint64(years[g // trials]), np.uint64(first_trial + g % trials)
        start = offsets[g]
        for i in range(start, offsets[g + 1]):
            row = np.uint64(before[g] + i - start)
            words[i] = np.uint32(streams.row_word(row, year, trial, key0, key1))
    return words


@compiled
def rows_joined(ours, our_offsets, theirs, their_offsets, offsets, out):
    """Write the values of the first rows of each group of ours, then those of theirs, as many as there are by
    ``offsets``.
    """
    g, groups = 0, len(offsets) - 1
    while g < groups:
        first = g  # groups of as many rows as they had stand side by side
        while g < groups and offsets[g + 1] - offsets[g] == our_offsets[g + 1] - our_offsets[g]:
            g += 1
        _copy(ours, our_offsets[first], our_offsets[g] - our_offsets[first], out, offsets[first])
        if g == groups:
            break
        size = offsets[g + 1] - offsets[g]
        stay = min(our_offsets[g + 1] - our_offsets[g], size)
        _copy(ours, our_offsets[g], stay, out, offsets[g])
        _copy(theirs, their_offsets[g], size - stay, out, offsets[g] + stay)
        g += 1


@compiled_in_place
def _copy(values, start, size, out, there):
    some, into = values[start : start + size], out[there : there + size]  # by slices: many at a time
    for j in range(size):
        into[j] = some[j]
