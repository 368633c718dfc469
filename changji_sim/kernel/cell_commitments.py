"""New commitments where something may differ (立项): what is kept of each cell, and serving its rows in order again.

A cell in which all fitted, and still fits, takes its sums from the room; a ranking that is known is not made again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import commitments as rules
from .cell_rows import in_units
from .commitments import UNLIMITED, early_shares, largest_that_fits
from .compiled import compiled, compiled_in_place, compiled_uncounted, in_place
from .later_effects import follow
from .selection import FEW, LAST_POSITION, rank
from .streams import ABREAST, _philox, group, row_word

AT_ONCE = 64  # trials
all_fit, fits, split = in_place(rules.all_fit), in_place(rules.fits), in_place(rules.split)


class CellRows(NamedTuple):
    """The rows of an item in all years, and what is kept of each."""

    offsets: np.ndarray
    left: np.ndarray  # what caps left, in ``unit`` fen
    kept: np.ndarray  # what each is committed, in ``unit`` fen; overwritten
    unit: int
    kind: np.ndarray  # of shares; empty: all are of kind 0
    shares: np.ndarray  # (kinds of rows, offsets)
    last: np.ndarray  # index of the last share of each kind


class Rooms(NamedTuple):
    """What the envelopes leave an item, fen a trial; used up in place."""

    category: np.ndarray
    total: np.ndarray
    forward_category: np.ndarray  # for what is due later, (years, trials)
    forward_total: np.ndarray
    has_cover: bool  # what is due later must fit too
    limits_commitments: bool  # the envelope limits commitments, not payments


class CellSums(NamedTuple):
    """What is kept of one item's commitments of a year, by trial: see :func:`commit_in_order`."""

    entitlement: np.ndarray  # fen
    parts: np.ndarray  # tranches if everything fits, (trials, offsets)
    plan: np.ndarray  # tranches committed, (trials, offsets + 1)
    committed: np.ndarray
    need: np.ndarray  # tranche 0 if everything fits
    over: np.ndarray
    is_full: np.ndarray  # uint8: everything fitted
    refused: np.ndarray  # as in :func:`commit`, (trials, offsets)
    reach: np.ndarray  # the first place in the ranking that got nothing
    to_commit: np.ndarray  # uint8: entitlements differ from those that were committed
    touched: np.ndarray  # uint8 (years, trials): what is booked may differ
    carried: np.ndarray  # what falls due in later years, (years, trials); no column where nothing does


class Ranking(NamedTuple):
    """What ranks the rows of an item's year, and the places that are known."""

    applicant: np.ndarray
    excellent: np.ndarray
    by_score: bool
    origin_row: np.ndarray
    origin_year: np.ndarray
    given: np.ndarray  # scores, −1 where they are drawn; or empty
    year: int
    first_trial: int
    key0: np.uint64
    key1: np.uint64
    places: np.ndarray  # of the rows of each trial, one trial after the other
    was_first: np.ndarray  # uint8 a row: whether its applicant was rated 优秀 when it got its place
    is_known: np.ndarray  # uint8 a trial


@compiled_in_place
def _rank_all(t, start, size, ranking, order, rows):
    """Rank all rows of a trial, those without an entitlement too: what caps leave of them changes no place."""
    excellent, places = ranking.excellent[t], ranking.places[start : start + size]
    for j in range(size):
        ranking.was_first[start + j] = excellent[ranking.applicant[start + j]] != 0
    if size <= FEW:
        _rank_few(t, start, size, ranking, rows, places)
    else:
        for j in range(size):
            rows[j], order[j] = start + j, j
        rank(
            rows, order, size, start, ranking.applicant, excellent, ranking.by_score, ranking.origin_row,
            ranking.origin_year, ranking.given, ranking.year, ranking.first_trial + t, ranking.key0, ranking.key1,
        )  # fmt: skip
        for j in range(size):
            places[j] = order[j]
    ranking.is_known[t] = 1


@compiled_in_place
def _rank_few(t, start, size, ranking, keys, places):
    """What :func:`rank` does with all rows of a trial, without memory of its own."""
    trial, year = np.uint64(ranking.first_trial + t), np.uint64(ranking.year)
    for j in range(size):
        keys[j] = (np.int64(ranking.was_first[start + j]) << 61) | (LAST_POSITION - j)
    if ranking.by_score and len(ranking.origin_row) == 0 and len(ranking.given) == 0:
        for part in range(0, size, 4 * ABREAST):  # as `row_words` has them: a block of four words for four rows
            some = keys[part : part + 4 * ABREAST]  # what is written behind the last row is not read
            for j in range(ABREAST):
                block = np.uint64(part // 4) + np.uint64(j)
                w0, w1, w2, w3 = _philox(block, year, trial, np.uint64(0), ranking.key0, ranking.key1)
                some[j] |= np.int64(w0) << 28
                some[j + ABREAST] |= np.int64(w1) << 28
                some[j + 2 * ABREAST] |= np.int64(w2) << 28
                some[j + 3 * ABREAST] |= np.int64(w3) << 28
    elif ranking.by_score:
        for j in range(size):
            of_row = np.uint64(ranking.origin_row[start + j]) if len(ranking.origin_row) > 0 else np.uint64(j)
            of_year = np.uint64(ranking.origin_year[start + j]) if len(ranking.origin_year) > 0 else year
            score = np.int64(row_word(of_row, of_year, trial, ranking.key0, ranking.key1))
            if len(ranking.given) > 0 and ranking.given[start + j] >= 0:
                score = np.int64(ranking.given[start + j] * 4294967295.0)
            keys[j] |= score << 28
    for j in range(size):
        before, key = 0, keys[j]
        for other in range(size):
            before += keys[other] > key
        places[before] = j


@compiled_uncounted
def mark_reordered(first, offsets, is_rating, is_full, ranking, is_other):
    """Mark where the ranking of a year decides and differs, uint8 a trial: among the trials with other ratings,
    ``is_rating``, in which not everything is committed (``is_full``), those in which one of the rows has one.

    Their places are known no longer; nor are those of the trials in which it decides nothing now.
    """
    for t in range(len(is_rating)):
        if is_rating[t]:
            if is_full[t]:
                ranking.is_known[t] = 0
                continue
            excellent, differs = ranking.excellent[t], ranking.is_known[t] == 0
            for i in group(offsets, first + t):
                differs |= (excellent[ranking.applicant[i]] != 0) != (ranking.was_first[i] != 0)
            is_other[t] = differs
            ranking.is_known[t] &= 1 - is_other[t]


@compiled_in_place
def _serve(start, size, cell, places, early, is_partial, room, ahead, limits_commitments, due, total, refused, now):
    """Commit rows in order of their places until one does not fit: ``now`` receives what each of the trial's gets.

    Returns:
        the sum committed, and the first place that gets nothing.
    """
    committed, zero = np.int64(0), np.uint64(0)
    for j in range(size):
        nth = np.int64(places[start + j])
        c = np.int64(cell.left[start + nth]) * cell.unit
        if c == 0:
            continue
        r = cell.kind[start + nth] if len(cell.kind) > 0 else np.uint32(0)
        split(c, early, r, cell.last, due, zero, total)
        is_fitting = fits(c, due, zero, room, ahead, limits_commitments)
        if not is_fitting:
            refused[0] = c if limits_commitments else due[0, 0]
            for k in range(1, len(refused)):
                refused[k] = due[0, k]
            if is_partial:
                c = largest_that_fits(
                    c, cell.shares, early, r, cell.last, room, ahead, limits_commitments, due, zero, total
                )  # fmt: skip
            else:
                c = np.int64(0)
                for k in range(len(total)):
                    total[k] -= due[0, k]
        now[nth] = c
        committed += c
        if not is_fitting:
            return committed, j
        room -= c if limits_commitments else due[0, 0]
        for k in range(1, len(ahead)):
            ahead[k] -= due[0, k]
    return committed, size


@compiled_in_place
def _step(
    start, size, cell, places, early, room, ahead, limits_commitments, due, total, refused, committed, reach, n, rows,
    before, after,
):  # fmt: skip
    """`ranked` with other rooms, all else being as it was: take back commitments from the last place on until the
    others fit, or go on to further places while they do. Rows that change are written from ``n`` on.

    Returns:
        the sum committed, the first place that gets nothing, and where the rows that changed end.
    """
    zero, has_taken_back = np.uint64(0), False
    while not all_fit(committed, total, room, ahead, limits_commitments):
        reach -= 1
        i = start + np.int64(places[start + reach])
        c = np.int64(cell.kept[i]) * cell.unit
        if c == 0:
            continue
        split(c, early, cell.kind[i] if len(cell.kind) > 0 else np.uint32(0), cell.last, due, zero, refused)
        for k in range(len(total)):
            total[k] -= due[0, k]
            refused[k] = due[0, k]
        refused[0] = c if limits_commitments else due[0, 0]
        committed -= c
        cell.kept[i], has_taken_back = 0, True
        rows[n], before[n], after[n] = i, c, 0
        n += 1
    while not has_taken_back and reach < size:
        i = start + np.int64(places[start + reach])
        c = np.int64(cell.left[i]) * cell.unit
        if c > 0:
            split(c, early, cell.kind[i] if len(cell.kind) > 0 else np.uint32(0), cell.last, due, zero, total)
            if not all_fit(committed + c, total, room, ahead, limits_commitments):
                for k in range(len(total)):
                    total[k] -= due[0, k]
                    refused[k] = due[0, k]
                refused[0] = c if limits_commitments else due[0, 0]
                break
            committed += c
            cell.kept[i] = cell.left[i]
            rows[n], before[n], after[n] = i, 0, c
            n += 1
        reach += 1
    return committed, reach, n


class Work(NamedTuple):
    """Room to work in, for one trial after the other."""

    order: np.ndarray
    names: np.ndarray
    now: np.ndarray  # what each row gets
    early: np.ndarray  # of :func:`early_shares`
    due: np.ndarray
    total: np.ndarray
    ahead: np.ndarray
    refused: np.ndarray


class Changes(NamedTuple):
    """Rows that get another commitment, fen: one trial after the other."""

    ends: np.ndarray
    rows: np.ndarray
    before: np.ndarray
    now: np.ndarray


@compiled
def commit_in_order(which, y, cell, is_partial, rooms, ranking, sums):
    """Step 6b.3 by `ranked` or `partial` in some trials of a block, as :func:`commit` makes it.

    Args:
        is_partial: the first row that does not fit gets what does.

    Returns:
        ``(ends, rows, before, now)``, by trial of ``which`` the rows that get another commitment.
    """
    most, longest_one = _sizes(which, y * len(sums.committed), cell)
    work, changes = _room_to_work(len(which), most, longest_one, cell)
    n = _commit_trials(which, y, cell, is_partial, rooms, ranking, sums, work, changes)
    return changes.ends, changes.rows[:n].copy(), changes.before[:n].copy(), changes.now[:n].copy()


@compiled
def _sizes(which, first, cell):
    """How many rows some trials have, and the most that one has."""
    most, longest_one = np.int64(1), np.int64(1)
    for t in which:
        size = cell.offsets[first + t + 1] - cell.offsets[first + t]
        most += size
        longest_one = max(longest_one, size)
    return most, longest_one


@compiled
def _room_to_work(trials, most, longest_one, cell):
    """Room to work in, and for so many trials' rows that change."""
    width = cell.shares.shape[1]
    of_rows, of_offsets = np.empty((3, longest_one + 4 * ABREAST), np.int64), np.zeros((3, width), np.int64)
    early, due = early_shares(cell.shares, cell.last), np.zeros((1, width + 1), np.int64)
    ends, of_changes = np.zeros(trials + 1, np.int64), np.empty((3, most), np.int64)
    work = Work(of_rows[0], of_rows[1], of_rows[2], early, due, of_offsets[0], of_offsets[1], of_offsets[2])
    return work, Changes(ends, of_changes[0], of_changes[1], of_changes[2])


@compiled_uncounted
def _commit_trials(which, y, cell, is_partial, rooms, ranking, sums, work, changes):
    """:func:`commit_in_order`; how many rows get another commitment."""
    early, due, total, ahead, refused, now = work.early, work.due, work.total, work.ahead, work.refused, work.now
    limits_commitments, first, width = rooms.limits_commitments, y * len(sums.committed), cell.shares.shape[1]
    horizon, n = len(rooms.forward_total), 0
    for w in range(len(which)):
        t = which[w]
        start = cell.offsets[first + t]
        size = cell.offsets[first + t + 1] - start
        room = min(rooms.category[t], rooms.total[t])
        for k in range(width):
            z = y + k
            is_covered = rooms.has_cover and k > 0 and z < horizon
            ahead[k] = min(rooms.forward_category[z, t], rooms.forward_total[z, t]) if is_covered else UNLIMITED
            total[k] = sums.parts[t, k]
            refused[k] = 0
        committed, reach, was_full = sums.entitlement[t], size, sums.is_full[t]
        sums.is_full[t] = all_fit(committed, total, room, ahead, limits_commitments)
        is_same_order = 1
        if not (sums.is_full[t] or ranking.is_known[t]):
            _rank_all(t, start, size, ranking, work.order, work.names)
            is_same_order = was_full
        if not (sums.is_full[t] or is_partial) and is_same_order and not sums.to_commit[t]:
            for k in range(width):
                total[k] = sums.plan[t, k]
            committed, reach, n = _step(
                start, size, cell, ranking.places, early, room, ahead, limits_commitments, due, total, refused,
                sums.committed[t], size if was_full else sums.reach[t], n, changes.rows, changes.before, changes.now,
            )  # fmt: skip
        else:
            for j in range(size):
                now[j] = np.int64(cell.left[start + j]) * cell.unit if sums.is_full[t] else 0
            if not sums.is_full[t]:
                for k in range(width):
                    total[k] = 0
                committed, reach = _serve(
                    start, size, cell, ranking.places, early, is_partial, room, ahead, limits_commitments, due, total,
                    refused, now,
                )  # fmt: skip
            n = _keep_rows(start, size, cell, now, n, changes)
        changes.ends[w + 1] = n
        sums.reach[t] = reach
        _keep_sums(t, y, committed, total, refused, sums)
        paid = committed if limits_commitments else total[0]
        rooms.category[t] -= paid
        rooms.total[t] -= paid
        for k in range(1, min(width, horizon - y)):
            rooms.forward_category[y + k, t] -= total[k]
            rooms.forward_total[y + k, t] -= total[k]
    return n


@compiled_in_place
def _keep_rows(start, size, cell, now, n, changes):
    """Keep what the rows of a trial get; those that change are written from ``n`` on. Returns where they end."""
    for j in range(size):
        was = np.int64(cell.kept[start + j]) * cell.unit
        if was != now[j]:
            changes.rows[n], changes.before[n], changes.now[n] = start + j, was, now[j]
            cell.kept[start + j] = in_units(now[j], cell.unit)
            n += 1
    return n


@compiled
def commit_and_follow(which, y, cell, is_partial, rooms, ranking, sums, endings, those, later, rules, has_changed):
    """:func:`commit_in_order`, and what becomes of the rows that get another commitment: a few trials at a time, so
    that their rows are still in the cache.
    """
    most, longest_one = _sizes(which, y * len(sums.committed), cell)
    work, changes = _room_to_work(AT_ONCE, min(most, AT_ONCE * longest_one + 1), longest_one, cell)
    for start in range(0, len(which), AT_ONCE):
        some = which[start : start + AT_ONCE]
        n = _commit_trials(some, y, cell, is_partial, rooms, ranking, sums, work, changes)
        ends, rows, before, now = changes.ends[: len(some) + 1], changes.rows[:n], changes.before[:n], changes.now[:n]
        follow(ends, rows, before, now, some, y, endings, those, later, rules, has_changed)


@compiled_in_place
def _keep_sums(t, y, committed, total, refused, sums):
    """Keep what was committed in a trial."""
    for k in range(len(total)):
        if k > 0 and sums.plan[t, k] != total[k]:
            sums.carried[y + k, t] += total[k] - sums.plan[t, k]
            sums.touched[y + k, t] = 1
        sums.plan[t, k] = total[k]
        if sums.refused[t, k] != refused[k]:
            sums.refused[t, k] = refused[k]
    sums.committed[t], sums.need[t] = committed, sums.parts[t, 0]
    if sums.over[t] != 0:
        sums.over[t] = 0
    sums.to_commit[t], sums.touched[y, t] = 0, 1


@compiled
def keep_all(which, y, sums):
    """Keep that everything is committed in some trials of a year, as before."""
    width = sums.parts.shape[1]
    total, refused = np.empty(width, np.int64), np.zeros(width, np.int64)
    for t in which:
        for k in range(width):
            total[k] = sums.parts[t, k]
        _keep_sums(t, y, sums.entitlement[t], total, refused, sums)
