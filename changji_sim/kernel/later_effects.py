"""What becomes of a commitment in later years (docs/the-year.md, 6a), added to the sums of a block or taken from them.

How a commitment ends depends on its draws alone, so all its later effects are known when it is made: what falls due,
what is cancelled, what comes back, whom it bars, who is rated 优秀. A commitment that changes is taken away as it was
and added as it is. What an unpaid tranche changes of it is worked out apart (:mod:`changji_sim.kernel.row_by_row`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..modes.support_mode import NEVER
from .cohorts import _outcomes
from .commitments import split as _split
from .compiled import compiled, compiled_in_place, compiled_uncounted, in_place
from .outcomes import CLOSED_EARLY, EXCELLENT, MENDED, NO_END, NOT_MENDED, PASS, TERMINATED, VIOLATION
from .streams import group, three_words_of_rows

HIGHEST = np.uint32(24)  # bits of a draw but the highest eight
MOST, CHANGED, TOO_MANY = 255, np.uint8(1), np.uint8(2)  # of what is counted in a byte
split = in_place(_split)
UNKNOWN = 255  # how a project ends that has not been looked at


class Later(NamedTuple):
    """The sums that commitments of one item add to: fen by year and trial, years counted from the first.

    Shapes: ``(years with those after the measure and one more, trials)``. ``promises``, ``(years, years, trials)``:
    what the opening of a year changes of the promises due in a later one. ``barred`` and ``excellent``, ``(years,
    trials, applicants)``: how many commitments bar an applicant or have it rated 优秀 the year before. ``is_barring``
    and ``is_rating``, ``(years, trials)``: 1 where that came to or left 0.
    """

    carried: np.ndarray
    cancelled: np.ndarray
    returned: np.ndarray
    clawback: np.ndarray
    promises: np.ndarray
    barred: np.ndarray
    is_barring: np.ndarray
    excellent: np.ndarray
    is_rating: np.ndarray
    touched: np.ndarray  # by year and trial: 1 where anything was added


class Rules(NamedTuple):
    """What of the scenario decides what becomes of a commitment."""

    years: int
    horizon: int  # years with those after the measure
    is_unspent_only: bool
    delay: int
    bar_years: int
    violation_bar_years: int


@compiled_in_place
def _count(counts, has_changed, y, t, who, sign):
    """Count a bar or a rating; most of a thing that is counted is once."""
    before = np.int64(counts[y, t, who])
    counts[y, t, who] = before + sign
    if before == 0 or before + sign == 0:
        has_changed[y, t] |= CHANGED
    if before + sign > MOST:
        has_changed[y, t] |= TOO_MANY


@compiled_in_place
def _cancel(t, k, start, due, later, rules):
    """Cancel what is due from offset ``k`` on, when the year at that offset opens."""
    now = start + k
    for offset in range(k, due.shape[1]):
        more = due[1, offset] - due[0, offset]
        if more != 0:
            later.cancelled[now, t] += more
            later.carried[start + offset, t] -= more
            later.touched[now, t] = later.touched[start + offset, t] = 1
            if offset > k and start + offset < rules.years:
                later.promises[now, start + offset, t] -= more
        due[0, offset] = due[1, offset] = 0


@compiled_in_place
def _comes_back(due, k, is_return, chance, is_unspent_only):
    """What comes back of a commitment that oversight stops at offset ``k``."""
    paid = np.int64(0)
    for offset in range(min(k, len(due))):
        paid += due[offset]
    unspent = np.int64(np.floor(paid * chance[6]))
    return unspent if is_return else np.int64(np.floor((unspent if is_unspent_only else paid) * chance[7]))


@compiled_in_place
def _end(t, k, start, due, how, who, is_more, chance, later, rules):
    """A commitment that oversight stops at offset ``k``: what comes back, and who is barred."""
    now, is_return = start + k, TERMINATED <= how <= CLOSED_EARLY
    more = _comes_back(due[1], k, is_return, chance, rules.is_unspent_only)
    more -= _comes_back(due[0], k, is_return, chance, rules.is_unspent_only)
    if is_return:
        later.returned[now, t] += more
        later.touched[now, t] = 1
        return
    comes = min(now + rules.delay, rules.horizon - 1)
    later.clawback[comes, t] += more
    later.touched[comes, t] = 1
    bar_years = rules.bar_years if how == NOT_MENDED else rules.violation_bar_years
    for after in range(1, bar_years + 1 if is_more != 0 else 0):
        if now + after < rules.years:
            _count(later.barred, later.is_barring, now + after, t, who, is_more)


@compiled_in_place
def change_future(t, due, start, at, how, stop, who, is_more, chance, later, rules):
    """Change what becomes of one commitment besides being paid.

    Args:
        due: its tranches as they were and as they are, 0 where there is none, by year offset from ``start`` on, with
            one offset more; overwritten.
        at: the offset at which it is rated, or oversight stops it. ``stop``: the offset at which its mode does.
        how: how it ends. ``who``: the applicant. ``chance``: the eight probabilities of its year and trial.
        is_more: 1 if there was none, −1 if there no longer is one.
    """
    is_early = VIOLATION <= how <= CLOSED_EARLY
    last = max(at + 1 if how != NO_END else 0, stop if stop < NEVER else 0)
    for k in range(1, min(last, rules.horizon - 1 - start) + 1):
        now = start + k
        if k == at and how >= MENDED and k < due.shape[1] - 1:
            more = due[1, k] - due[0, k]
            later.carried[now + 1, t] += more
            later.carried[now, t] -= more
            later.touched[now, t] = later.touched[now + 1, t] = 1
            if now + 1 < rules.years:
                later.promises[now, now + 1, t] += more
            for both in range(2):
                due[both, k + 1] += due[both, k]
                due[both, k] = 0
        is_end = (k == at and is_early) or (k == at + 1 and how == NOT_MENDED)
        if is_end or stop == k:
            _cancel(t, k, start, due, later, rules)
        if is_end:
            _end(t, k, start, due, how, who, is_more, chance, later, rules)
    if how == EXCELLENT and is_more != 0 and 0 <= start + at + 1 < rules.years:
        _count(later.excellent, later.is_rating, start + at + 1, t, who, is_more)


@compiled
def offset_of_end(how, length):
    """The year offset at which a project is rated, or oversight stops it."""
    return length if how >= EXCELLENT else max(1, length >> 1)


class Commitments(NamedTuple):
    """What all rows of an item have, whatever is committed: one value a row, or empty (see `Claims`)."""

    applicant: np.ndarray
    kind: np.ndarray
    term: np.ndarray  # whole years, int16
    stop: np.ndarray
    early: np.ndarray
    last: np.ndarray


class Endings(NamedTuple):
    """What decides how the projects of an item's year end, and what is kept of it."""

    firsts: np.ndarray  # the first row of each trial of the block
    year: int
    first_trial: int  # the number of the block's first trial among all
    chances: np.ndarray  # (trials, 8)
    key0: np.uint64
    key1: np.uint64
    ending: np.ndarray  # of all rows, `UNKNOWN` where it has not been looked at; empty where nothing ends
    words: np.ndarray  # uint8 (3, rows), the highest bits of the draws


@compiled
def look_up(ends, rows, which, endings, term):
    """Look up how some projects end, for those of which it is not known; ``rows`` by trial of ``which``."""
    ending, chances = endings.ending, endings.chances
    unknown = 0
    for n in range(len(rows)):
        unknown += ending[rows[n]] == UNKNOWN
    if unknown == 0:
        return
    those, chances_of = np.zeros(len(ends), np.int64), np.empty((len(which), chances.shape[1]), np.float64)
    of_row, of_year, in_trial = np.empty((3, unknown + 1), np.uint32)
    row, length = np.empty(unknown + 1, np.int64), np.empty(unknown + 1, np.int32)
    m = 0
    for w in range(len(which)):
        t, before = which[w], m
        for n in group(ends, w):
            i = rows[n]
            row[m], of_row[m] = i, i - endings.firsts[t]
            of_year[m], in_trial[m] = endings.year, endings.first_trial + t
            length[m] = np.int32(term[i] if len(term) > 1 else term[0])
            m += ending[i] == UNKNOWN
        those[w + 1] = m
        if m > before:
            for chance in range(chances.shape[1]):
                chances_of[w, chance] = chances[t, chance]
    words = three_words_of_rows(of_row[:m], of_year[:m], in_trial[:m], endings.key0, endings.key1)
    out = _outcomes(those, words, length[:m], chances_of, False)
    for n in range(m):
        ending[row[n]] = out[n]
        for word in range(3):
            endings.words[word, row[n]] = words[word, n] >> HIGHEST


@compiled
def follow(ends, rows, before, now, which, y, endings, those, later, rules, has_changed):
    """Some rows are committed ``now``, fen, what they were not ``before``: what becomes of them."""
    if len(endings.ending) > 0:
        look_up(ends, rows, which, endings, those.term)
    change_later_effects(
        ends, rows, before, now, which, y, endings.ending, endings.chances, those, later, rules, has_changed
    )


@compiled_in_place
def _is_followed(ending, i, before, now):
    """Whether anything but payment follows from a commitment that changes; a rating 优秀 does so whatever the
    amount.
    """
    how = ending[i] if len(ending) > 0 else NO_END
    is_begun_or_dropped = (before > 0) != (now > 0)
    return (how != NO_END) & (how != PASS) & ((how != EXCELLENT) | is_begun_or_dropped)


@compiled
def change_later_effects(ends, rows, before, now, which, y, ending, chances, those, later, rules, has_changed):
    """Take away what became of some rows' commitments ``before`` and add what becomes of them ``now``, fen a row.

    Args:
        ends, rows: by trial of ``which`` (of the block). ``ending``: of all rows, or empty where nothing ends.
        chances: ``(trials, 8)``. ``has_changed``: uint8 a trial, set to 1 where there is such a row.
    """
    width = those.early.shape[1] + 1
    due, total = np.zeros((2, width), np.int64), np.zeros(width - 1, np.int64)
    some, trial = np.empty((2, len(rows) + 1), np.int64)
    _change_those_followed(
        ends, rows, before, now, which, y, ending, chances, those, later, rules, has_changed, some, trial, due, total
    )


@compiled_uncounted
def _change_those_followed(
    ends, rows, before, now, which, y, ending, chances, those, later, rules, has_changed, some, trial, due, total
):  # fmt: skip
    """:func:`change_later_effects`; the last four are to work in."""
    has_stops, width, m = len(those.stop) > 0, due.shape[1], 0
    for w in range(len(which)):
        has_changed[which[w]] |= ends[w + 1] > ends[w]
        for n in group(ends, w):  # no branch for a processor to guess: most are simply paid
            some[m], trial[m] = n, which[w]
            m += has_stops | _is_followed(ending, rows[n], before[n], now[n])
    for s in range(m):
        n, t = some[s], trial[s]
        i = rows[n]
        how, stop = ending[i] if len(ending) > 0 else NO_END, those.stop[i] if has_stops else np.int64(NEVER)
        length = np.int64(those.term[i] if len(those.term) > 1 else those.term[0])
        is_more = np.int64(now[n] > 0) - np.int64(before[n] > 0)
        if stop >= NEVER and how == EXCELLENT:  # whatever the amount
            if y + length + 1 < rules.years:
                _count(later.excellent, later.is_rating, y + length + 1, t, those.applicant[i], is_more)
            continue
        kind = those.kind[i] if len(those.kind) > 0 else np.uint32(0)
        split(before[n], those.early, kind, those.last, due, np.uint64(0), total)  # types as in `commit`
        split(now[n], those.early, kind, those.last, due, np.uint64(1), total)
        due[0, width - 1] = due[1, width - 1] = 0
        change_future(
            t, due, y, offset_of_end(how, length), how, stop, those.applicant[i], is_more, chances[t], later, rules
        )  # fmt: skip


@compiled
def add_opening(due, trial, applicant, outcome, event, acting, chances, later, rules):
    """Add what becomes of those rows of an opening file that end, ``acting``.

    ``event``: the year index it falls in.
    """
    one = np.zeros((2, due.shape[1]), np.int64)
    for n in acting:
        if outcome[n] != NO_END:
            for k in range(due.shape[1]):
                one[0, k], one[1, k] = 0, due[n, k]
            t, at = np.int64(trial[n]), np.int64(event[n]) + 1
            change_future(t, one, -1, at, outcome[n], np.int64(NEVER), applicant[n], 1, chances[t], later, rules)


@compiled
def _between(one, other):
    """The highest bits of uniforms for which it makes a difference whether they are compared with one or the other."""
    return np.int64(np.floor(min(one, other) * 256.0)), np.int64(np.floor(max(one, other) * 256.0))


@compiled
def other_limits(now, before):
    """By which limits of how a project ends two sets of probabilities, ``(trials, 8)``, differ.

    Returns:
        ``(ends, word, lowest, highest)``, by trial: the draw that is compared with each, and :func:`_between`.
    """
    trials, n = len(now), 0
    ends, word = np.zeros(trials + 1, np.int64), np.empty(8 * trials, np.int64)
    lowest, highest = np.empty((2, 8 * trials), np.int64)
    limits, were = np.empty(8, np.float64), np.empty(8, np.float64)
    for t in range(trials):
        for chance, into in ((now[t], limits), (before[t], were)):
            into[0], into[1], into[2] = chance[0], chance[0] + chance[1], chance[0] + chance[1] + chance[2]
            into[3], into[4] = 0.0 + chance[1], 0.0 + chance[1] + chance[2]
            into[5], into[6], into[7] = chance[3], 1.0 - chance[4], chance[5]
        for limit in range(8):
            if limits[limit] != were[limit]:
                word[n] = 0 if limit < 5 else 1 if limit < 7 else 2
                lowest[n], highest[n] = _between(limits[limit], were[limit])
                n += 1
        ends[t + 1] = n
    return ends, word[:n].copy(), lowest[:n].copy(), highest[:n].copy()


@compiled
def other_endings(y, trials, offsets, commitment, endings, before, limits, term):
    """Look up anew how the projects of a year end, after their probabilities changed.

    Args:
        limits: of :func:`other_limits`.

    Returns:
        ``(ends, rows, was)``: committed rows of each trial that end otherwise, or with other amounts; how each was to
        end.
    """
    chances, ending, (limit_ends, word, lowest, highest) = endings.chances, endings.ending, limits
    first, most = y * trials, offsets[(y + 1) * trials] - offsets[y * trials] + 1
    maybe, was, maybe_ends, m = np.empty(most, np.int64), np.empty(most, np.uint8), np.zeros(trials + 1, np.int64), 0
    every = np.arange(trials)
    for t in range(trials):
        start, found = offsets[first + t], m
        has_other_shares = chances[t, 6] != before[t, 6] or chances[t, 7] != before[t, 7]
        of_trial = ending[start : offsets[first + t + 1]]
        for limit in group(limit_ends, t):
            bits = endings.words[word[limit], start : start + len(of_trial)]
            least, greatest, near = lowest[limit], highest[limit], 0
            for j in range(len(of_trial)):
                near += (least <= bits[j]) & (bits[j] <= greatest)
            for j in range(len(of_trial) if near > 0 else 0):
                maybe[m], was[m] = start + j, of_trial[j]
                m += (least <= bits[j]) & (bits[j] <= greatest) & (of_trial[j] != UNKNOWN)
            for n in range(found, m):
                ending[maybe[n]] = UNKNOWN
            found = m
        if has_other_shares:
            for j in range(len(of_trial)):
                how = of_trial[j]
                maybe[m], was[m] = start + j, how
                m += (how == NOT_MENDED) | ((how >= VIOLATION) & (how <= CLOSED_EARLY))
            for n in range(found, m):
                ending[maybe[n]] = UNKNOWN
        maybe_ends[t + 1] = m
    look_up(maybe_ends, maybe[:m], every, endings, term)
    ends, n = np.zeros(trials + 1, np.int64), 0
    for t in range(trials):
        has_other_shares = chances[t, 6] != before[t, 6] or chances[t, 7] != before[t, 7]
        for j in group(maybe_ends, t):
            i, old = maybe[j], was[j]
            pays_back = old == NOT_MENDED or (old >= VIOLATION and old <= CLOSED_EARLY)
            maybe[n], was[n] = i, old
            n += (commitment[i] > 0) & ((old != ending[i]) | (has_other_shares & pays_back))
        ends[t + 1] = n
    return ends, maybe[:n].copy(), was[:n].copy()
