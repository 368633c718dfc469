"""Running commitments: the ends of projects, what falls due, arrears.

What an item commits in a year is one :class:`Cohort`: the rows that were entitled, by trial, and what happens to some.
``due[n, k]`` is what falls due ``k`` years on for row ``n``, and ``owed[n]`` what fell due and could not be paid, so
that what was paid before year offset ``k`` is the sum of ``due[n, :k]`` less ``owed[n]``: a row whose tranches are
simply paid is not read again. Year indices count from the first year simulated; the rows of an opening file start
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..modes.support_mode import NEVER
from .compiled import compiled
from .count_rows import count_projects
from .ledger import CANCELLED, DUE, NEED, OVER_ENVELOPE, PAYMENT, PAYMENT_CARRIED, RETURN
from .outcomes import (
    CLOSED_EARLY,
    EXCELLENT,
    MENDED,
    NO_END,
    NOT_MENDED,
    PASS,
    TERMINATED,
    VIOLATION,
)
from .streams import TO_UNIT, group, three_words_of_rows

NEVER_ENDS = -9  # a year index in which nothing happens


@dataclass(eq=False)
class Cohort:
    """What one item committed in one year."""

    start: int  # index of the year; below 0 for an opening file
    ends: np.ndarray  # the rows of trial t are ends[t] … ends[t + 1]
    claim: np.ndarray  # row of the claims of each
    due: np.ndarray  # (rows, years from ``start`` on)
    due_total: np.ndarray  # (years from ``start`` on, trials)
    owed: np.ndarray  # arrears by row; empty where there are none
    heard: np.ndarray  # rows with an event besides payment; then a value for each:
    trial: np.ndarray
    applicant: np.ndarray
    outcome: np.ndarray
    event: np.ndarray
    stop: np.ndarray
    year_ends: np.ndarray  # which of these rows have an event in year y: acting[year_ends[y] : year_ends[y + 1]]
    acting: np.ndarray
    index: np.ndarray  # row of the drawn table; only where something is recovered
    chances: np.ndarray = field(default_factory=lambda: np.empty(0))  # (trials, 8), of years before the first
    length: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))  # term of an opening row; 0: not known
    exits: list[np.ndarray] = field(default_factory=list)  # which of them may have a recovery, by year offset
    owed_by: dict[int, np.ndarray] = field(
        default_factory=dict
    )  # ``owed`` at the end of year offsets, where something is recovered

    width: int = field(init=False)  # year offsets in which something may fall due
    _last_event: int = field(init=False)  # the last year in which a row has one

    def __post_init__(self) -> None:
        self.width = len(self.due_total)
        self._last_event = int(np.searchsorted(self.year_ends, len(self.acting))) - 1

    def is_over(self, y: int) -> bool:
        """Whether nothing but arrears can follow year ``y``."""
        return y >= self._last_event and y >= self.start + max(self.width, len(self.exits)) - 1

    def held(self, y: int, years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which of the rows with events may have a recovery in year ``y``; fen paid by the end of each of the first
        ``years`` year offsets (those not closed before ``y`` repeat the last one); the offset at which oversight stops
        each.
        """
        k = y - self.start
        if not 0 < k < len(self.exits) or not len(self.exits[k]):
            return _NOTHING_HELD
        held, paid, ended = holdings(
            self.exits[k], self.heard, self.outcome, self.event, self.due, self.start, y, years
        )
        for offset, owed in self.owed_by.items():
            if len(owed):
                paid[:, offset : offset + 1 if offset < k - 1 else None] -= owed[self.heard[held], None]
        return held, paid, ended


_NOTHING_HELD = np.empty(0, np.intp), np.empty((0, 0), np.int64), np.empty(0, np.int64)


@compiled
def holdings(nth, heard, outcome, event, due, start, y, years):
    """Of the rows with events those not ended by a violation, or a failure not mended, before ``y`` is over: which they
    are, what fell due by the end of each year offset, ``(rows, years)``, and when oversight stops them.
    """
    held, ended = np.empty(len(nth), np.intp), np.empty(len(nth), np.int64)
    fallen = np.empty((len(nth), years), np.int64)
    last, m = min(y - start, due.shape[1]), 0
    for n in nth:
        how, when = outcome[n], np.int64(event[n])
        if (how == VIOLATION and when <= y) or (how == NOT_MENDED and when < y):
            continue
        total = np.int64(0)
        for k in range(years):
            total += due[heard[n], k] if k < last else 0
            fallen[m, k] = total
        is_ended = how == NOT_MENDED or (how >= VIOLATION and how <= CLOSED_EARLY)
        ended[m] = when + (how == NOT_MENDED) - start if is_ended else NEVER
        held[m] = n
        m += 1
    return held[:m], fallen[:m], ended[:m]


# --- how projects end -------------------------------------------------------------------------------------------------


@compiled
def project_outcomes(
    ends, rows, commitment, offsets, origin_row, origin_year, year, first_trial, applicant, term, stop, has_end,
    inspects_all, keeps_all, chances, y, excellent, counts, key0, key1,
):  # fmt: skip
    """How committed projects end and in which year (docs/the-year.md, "Tranches, and how a project ends").

    Applicants rated 优秀 are marked for the year after, in ``excellent``, uint8 ``(years, trials, applicants)``.

    Args:
        ends, rows, commitment: of the entitled rows; ``rows`` are those of the claims, by which ``offsets``,
            ``origin_row``, ``origin_year``, ``applicant``, ``term`` and ``stop`` (the offset at which the mode stops a
            row, or empty) are counted.
        has_end: whether these are under oversight. ``inspects_all``: a violation may be found whatever the term.
        chances: shape ``(trials, 8)``.
        counts: of projects (:mod:`changji_sim.kernel.count_rows`), added to; no year where none is counted.

    Returns:
        ``(rows, trials, applicants, outcome, event, stop, drawn)`` of the entitled rows with an event besides
        payment, or of all committed ones; then the numbers of end, rating and mending draws that were
        read.
    """
    those, committed, length, counters = _committed(
        ends, rows, commitment, offsets, origin_row, origin_year, year, first_trial, term
    )
    words = three_words_of_rows(*counters, key0, key1) if has_end else np.empty((3, 0), np.uint32)
    ends_as = (
        _outcomes(those, words, length, chances, inspects_all) if has_end else np.full(len(committed), NO_END, np.uint8)
    )
    if counts.shape[1] > 0:
        count_projects(those, length, ends_as, y, counts)
    some, trial = _rows_to_report(those, ends_as, keeps_all or len(stop) > 0)
    most = len(some) + 1
    heard, who, event = np.empty(most, np.uint32), np.empty(most, np.uint32), np.empty(most, np.int32)
    outcome, stops = np.empty(most, np.uint8), np.empty(most if len(stop) > 0 else 0, np.int64)
    m, years = 0, len(excellent)
    for s in range(len(some)):
        n, t = some[s], trial[s]
        i, how = rows[committed[n]], ends_as[n]
        is_rated = np.int32(how >= EXCELLENT)
        when = np.int32(y) + length[n] * is_rated + max(np.int32(1), length[n] >> 1) * (np.int32(1) - is_rated)
        if how == EXCELLENT and when + 1 < years:  # few: a guess gone wrong costs less than a write for every row
            excellent[when + 1, t, applicant[i]] = 1
        is_told = (how != NO_END) & (keeps_all | ((how != PASS) & (how != EXCELLENT)))
        heard[m], trial[m], who[m] = committed[n], t, applicant[i]
        outcome[m] = how * np.uint8(is_told)
        event[m] = when * np.int32(is_told) + NEVER_ENDS * np.int32(not is_told)
        if len(stop) > 0:
            stops[m] = stop[i]
            is_told |= stop[i] < NEVER
        m += is_told | keeps_all
    ended, rated, mending = 0, 0, 0
    for n in range(len(ends_as) if has_end else 0):
        ended += 1
        rated += ends_as[n] >= EXCELLENT
        mending += ends_as[n] >= MENDED
    # What is kept for years is copied: a part of an array would keep the whole.
    return (
        heard[:m].copy(), trial[:m].copy(), who[:m].copy(), outcome[:m].copy(), event[:m].copy(),
        stops[: m if len(stop) > 0 else 0].copy(), (ended, rated, mending),
    )  # fmt: skip


@compiled
def _committed(ends, rows, commitment, offsets, origin_row, origin_year, year, first_trial, term):
    """Which of the entitled rows were committed, by trial; the term of each; the counters of its draws: row, year and
    trial.
    """
    those, most = np.zeros(len(ends), np.int64), len(commitment) + 1
    # Not the rows of one array: draws from counters that might overlap would not be worked out side by side.
    committed, of_row = np.empty(most, np.uint32), np.empty(most, np.uint32)
    of_year, in_trial = np.empty(most, np.uint32), np.empty(most, np.uint32)
    length = np.full(most, np.int32(term[0] if len(term) > 0 else 1))
    m = 0
    for t in range(len(ends) - 1):
        for n in group(ends, t):
            i = rows[n]
            committed[m] = n
            of_row[m] = origin_row[i] if len(origin_row) > 0 else i - offsets[t]
            of_year[m] = origin_year[i] if len(origin_year) > 0 else year
            in_trial[m] = first_trial + t
            if len(term) > 1:
                length[m] = np.int32(term[i])
            m += commitment[n] > 0
        those[t + 1] = m
    return those, committed[:m], length[:m], (of_row[:m], of_year[:m], in_trial[:m])


@compiled
def _outcomes(ends, words, length, chances, inspects_all):
    """How each project ends, by its words (:func:`_rating` for the last three outcomes); no branch for a processor to
    guess.
    """
    out = np.empty(words.shape[1], np.uint8)
    for t in range(len(ends) - 1):
        chance = chances[t]
        violation, terminated, closed = chance[0], chance[0] + chance[1], chance[0] + chance[1] + chance[2]
        terminated_alone, closed_alone = 0.0 + chance[1], 0.0 + chance[1] + chance[2]
        excellent, passed, mended = chance[3], 1.0 - chance[4], chance[5]
        for n in group(ends, t):
            end_u = (np.float64(words[0, n]) + 0.5) * TO_UNIT
            rating_u = (np.float64(words[1, n]) + 0.5) * TO_UNIT
            mended_u = (np.float64(words[2, n]) + 0.5) * TO_UNIT
            is_inspected = inspects_all | (length[n] > 1)  # no inspection up to a year (第十六条)
            first = violation if is_inspected else 0.0
            second = terminated if is_inspected else terminated_alone
            third = closed if is_inspected else closed_alone
            early = VIOLATION + np.uint8(end_u >= first) + np.uint8(end_u >= second)
            is_failed = np.uint8(rating_u >= passed)
            rated = EXCELLENT + np.uint8(rating_u >= excellent) + is_failed + is_failed * np.uint8(mended_u >= mended)
            out[n] = early if end_u < third else rated
    return out


@compiled
def _rows_to_report(ends, outcome, is_everyone):
    """The committed rows that may not simply end 合格 in time, or all, and their trials."""
    some, trial = np.empty((2, len(outcome) + 1), np.uint32)
    m = 0
    for t in range(len(ends) - 1):
        for n in group(ends, t):
            some[m] = n
            trial[m] = t
            m += is_everyone | ((outcome[n] != PASS) & (outcome[n] != NO_END))
    return some[:m], trial[: m + 1]


@compiled
def _rating(rating_word, mended_word, chance):
    """The rating at acceptance, and whether a failure is mended within its year (第十八条)."""
    rating_u = (np.float64(rating_word) + 0.5) * TO_UNIT
    mended_u = (np.float64(mended_word) + 0.5) * TO_UNIT
    failed = MENDED if mended_u < chance[5] else NOT_MENDED
    return EXCELLENT if rating_u < chance[3] else PASS if rating_u < 1.0 - chance[4] else failed


@compiled
def opening_ratings(row, first_trial, chances, key0, key1):
    """The rating of a row of an opening file in each trial, uint8."""
    trials = len(chances)
    rows, years, of_trial = np.zeros((3, trials), np.uint32)
    for t in range(trials):
        rows[t], of_trial[t] = row, first_trial + t
    out = np.empty(trials, np.uint8)
    words = three_words_of_rows(rows, years, of_trial, key0, key1)
    for t in range(trials):
        out[t] = _rating(words[1, t], words[2, t], chances[t])
    return out


@compiled
def acting_by_year(outcome, event, stop, start, years):
    """Which of the rows with events have one in each of the years: an event, a mending that failed the year after, a
    stop.

    Returns:
        ``(year_ends, acting)``: those of year y are ``acting[year_ends[y]]`` up to the next.
    """
    ends = np.zeros(years + 1, np.int64)
    for n in range(len(event)):
        for y in _own_years(n, outcome, event, stop, start):
            if 0 <= y < years:
                ends[y + 1] += 1
    for y in range(years):
        ends[y + 1] += ends[y]
    acting, filled = np.empty(ends[-1], np.uint32), ends.copy()
    for n in range(len(event)):
        for y in _own_years(n, outcome, event, stop, start):
            if 0 <= y < years:
                acting[filled[y]] = n
                filled[y] += 1
    return ends, acting


@compiled
def _own_years(n, outcome, event, stop, start):
    """The years in which a row does something, each once; others are `NEVER_ENDS`."""
    first = np.int64(event[n])
    second = first + 1 if outcome[n] == NOT_MENDED else np.int64(NEVER_ENDS)
    third = start + stop[n] if len(stop) > 0 else np.int64(NEVER_ENDS)
    return first, second, third if third != first and third != second else np.int64(NEVER_ENDS)


# --- what becomes of it -----------------------------------------------------------------------------------------------


@compiled
def open_year(
    acting, heard, trial, outcome, event, stop, applicant, due, owed, due_total, y, start, chances, is_unspent_only,
    bar_years, violation_bar_years, barred, has_barred, forward_category, forward_total, book, clawback,
):  # fmt: skip
    """Step 6a: what the commitments of year ``start`` do when year ``y`` opens, before anything is paid.

    ``acting`` are the rows with an event in ``y``; ``owed`` is empty where nothing is.
    ``barred``, uint8 ``(years, trials, applicants)``, is marked for later years, and ``has_barred``,
    ``(years, trials)``, with it; ``forward_*``, ``(years, trials)``,
    get back what is no longer promised; ``clawback`` is the flow of the year in which it comes.
    """
    k, width = y - start, len(due_total)
    for n in acting:
        i, t, how = heard[n], trial[n], outcome[n]
        if event[n] == y and how >= MENDED and k < width and due[i, k] > 0:
            _move(due, due_total, forward_category, forward_total, k + 1, y + 1, i, t, due[i, k])
            _move(due, due_total, forward_category, forward_total, k, y, i, t, -due[i, k])
        is_end = event[n] == y and (how == VIOLATION or how == TERMINATED or how == CLOSED_EARLY)
        is_end |= event[n] + 1 == y and how == NOT_MENDED
        if is_end or (len(stop) > 0 and stop[n] == k):
            for later in range(k, width):
                if due[i, later] != 0:
                    book[CANCELLED, t] += due[i, later]
                    _move(due, due_total, forward_category, forward_total, later, start + later, i, t, -due[i, later])
        if not is_end:
            continue
        paid = -owed[i] if len(owed) > 0 else 0
        for earlier in range(min(k, width)):
            paid += due[i, earlier]
        unspent = np.int64(np.floor(paid * chances[t, 6]))
        if how == TERMINATED or how == CLOSED_EARLY:
            book[RETURN, t] += unspent
        else:
            clawback[t] += np.int64(np.floor((unspent if is_unspent_only else paid) * chances[t, 7]))
            for after in range(1, (bar_years if how == NOT_MENDED else violation_bar_years) + 1):
                if y + after < len(barred):
                    barred[y + after, t, applicant[n]] = 1
                    has_barred[y + after, t] = 1
    if k < width:
        for t in range(due_total.shape[1]):
            book[NEED, t] += due_total[k, t]
            book[DUE, t] += due_total[k, t]


@compiled
def _move(due, due_total, forward_category, forward_total, k, z, i, t, amount):
    """Add ``amount`` to what falls due at offset ``k``, which is year ``z``."""
    due[i, k] += amount
    due_total[k, t] += amount
    if z < len(forward_total):
        forward_category[z, t] -= amount
        forward_total[z, t] -= amount


@compiled
def pay_arrears(ends, owed, owed_total, room_category, room_total, book):
    """Step 6b.1: arrears of earlier years, as far as room goes. ``owed_total`` is what the item owes in each trial."""
    for t in range(len(ends) - 1):
        room = min(room_category[t], room_total[t])
        if owed_total[t] == 0 or room <= 0:
            continue
        paid = np.int64(0)  # as a plain 0 it would have what is called with it compiled twice
        for n in group(ends, t):
            amount = min(owed[n], room - paid)
            owed[n] -= amount
            paid += amount
        _book_carried(t, paid, owed_total, room_category, room_total, book)


@compiled
def pay_due(ends, due, k, due_total, owed, owed_total, room_category, room_total, book):
    """Step 6b.2: carried payments due this year, at offset ``k``; what finds no room becomes arrears.

    Returns:
        False, and nothing is done, if there are arrears to come and ``owed`` is empty.
    """
    if len(owed) == 0:
        for t in range(len(ends) - 1):
            if due_total[k, t] > max(min(room_category[t], room_total[t]), 0):
                return False
    for t in range(len(ends) - 1):
        total = due_total[k, t]
        room = max(min(room_category[t], room_total[t]), 0)
        owed_total[t] += total
        if total > room:
            book[OVER_ENVELOPE, t] += total - room
            free = room
            for n in group(ends, t):
                amount = min(due[n, k], free)
                owed[n] += due[n, k] - amount
                free -= amount
        _book_carried(t, min(total, room), owed_total, room_category, room_total, book)
    return True


@compiled
def _book_carried(t, paid, owed_total, room_category, room_total, book):
    owed_total[t] -= paid
    room_category[t] -= paid
    room_total[t] -= paid
    book[PAYMENT, t] += paid
    book[PAYMENT_CARRIED, t] += paid


@compiled
def add_arrears(ends, unpaid, owed_total):
    """What this year's commitments are owed of tranche 0."""
    for t in range(len(ends) - 1):
        for n in group(ends, t):
            owed_total[t] += unpaid[n]
