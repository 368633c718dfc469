"""Eligibility, selection (立项评审), and the order in which money is offered.

Functions over a block of trials, as in :mod:`changji_sim.kernel.caps`.
"""

from __future__ import annotations

import numpy as np

from .caps import FEN_A_YUAN
from .compiled import compiled
from .ledger import (
    APPLICANTS,
    APPLICATIONS,
    ASKED,
    DEMAND,
    INELIGIBLE,
    N_INELIGIBLE,
    N_NOT_SELECTED,
    NOT_SELECTED,
    SELECTED,
)
from .streams import group, row_word

INELIGIBLE_ROW, NOT_PASSED_ROW, NOT_PLACED_ROW, SELECTED_ROW = range(4)
LAST_POSITION = (1 << 28) - 1
FEW = 256


@compiled
def rank(rows, order, count, start, applicant, excellent, by_score, numbers, years, given, year, trial, key0, key1):
    """Sort ``order[:count]``, which names ``rows``: rated 优秀 last year first, then by score or submission (第十八条).

    ``numbers`` and ``years``, of each row in its trial, are the counters of its score; where they are empty, rows count
    from ``start``, and all are of ``year``. ``given`` are scores from 0 to 1 that are known, −1 for the others; empty
    where none is. A score above 1 is that of an application decided already: it comes first of all.
    """
    keys = np.zeros(count, np.int64)
    if by_score:
        of_row, of_year = np.empty(count, np.uint64), np.empty(count, np.uint64)
        for j in range(count):
            of_row[j] = numbers[rows[j]] if len(numbers) > 0 else rows[j] - start
            of_year[j] = years[rows[j]] if len(years) > 0 else year
        for j in range(count):
            keys[j] = np.int64(row_word(of_row[j], of_year[j], np.uint64(trial), key0, key1)) << 28
        if len(given) > 0:
            for j in range(count):
                if given[rows[j]] >= 0:
                    keys[j] = np.int64(min(given[rows[j]], 1.0) * 4294967295.0) << 28
    if len(given) > 0:  # what is decided already comes before all that is not
        for j in range(count):
            keys[j] |= np.int64(given[rows[j]] > 1.0) << 62
    for j in range(count):
        keys[j] |= (np.int64(excellent[applicant[rows[j]]] != 0) << 61) | (LAST_POSITION - (rows[j] - start))
    if count <= FEW:  # as many comparisons as there are pairs, but several at once and none of them a guess
        before_rank = order[:count].copy()
        for j in range(count):
            before = 0
            for other in range(count):
                before += keys[other] > keys[j]
            order[before] = before_rank[j]
    else:
        _sort_down(keys, order)


@compiled
def _sort_down(keys, order):
    """Sort ``order`` by its keys, all different, largest first (Shell 1959): little to compile, and many are rare."""
    gap = 1
    while gap < len(keys) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for j in range(gap, len(keys)):
            key, named, at = keys[j], order[j], j
            while at >= gap and keys[at - gap] < key:
                keys[at], order[at] = keys[at - gap], order[at - gap]
                at -= gap
            keys[at], order[at] = key, named
        gap //= 3


@compiled
def longest(offsets):
    """The largest number of rows of a trial."""
    most = 0
    for t in range(len(offsets) - 1):
        most = max(most, offsets[t + 1] - offsets[t])
    return most


@compiled
def select_rows(
    which, asked, left, state, offsets, applicant, is_fit, passes, once, used, earlier, barred, has_barred, excellent,
    places, is_ranked, by_score, origin_year, origin_row, given, year, first_trial, key0, key1, seen_who, book, counts,
):  # fmt: skip
    """Steps 2 to 4 of the year: eligibility, selection, and the demand of the selected rows; how many there are.

    Args:
        which: the trials of the block that the rows are of, one after the other; ``book`` has a column for each.
        asked: whole yuan a row. ``left`` receives the demand of selected rows, fen, 0 elsewhere; ``state`` what became
        of the row, unless it is empty.
        is_fit: uint8 a row, 0 where a condition of the item fails; empty when there is none.
        passes: uint8 a row; empty when all pass.
        once: key of a one-off award a row; empty when the item is none. ``used``: uint8 ``(trials, keys)``: a key is
        used where it has one of the bits ``earlier``.
        barred, excellent: uint8 ``(trials, applicants)`` for this year. ``has_barred``: whether a trial has
        barred applicants.
        seen_who: −1 for each applicant; empty where none applies twice in a trial. ``counts``: int32, a column a trial.
        places: how many are selected; −1 for no limit. ``is_ranked``: priority and score decide, not submission alone.

    Returns:
        how many scores were drawn.
    """
    order, passed = np.empty(longest(offsets) + 1, np.int64), np.empty(longest(offsets) + 1, np.int64)
    seen_in = np.full(used.shape[1], -1, np.int32)  # the last trial a key was seen in
    scores = 0
    is_plain = len(is_fit) == 0 and len(once) == 0 and len(passes) == 0 and len(state) == 0 and places < 0
    for t in range(len(offsets) - 1):
        all_asked, ineligible, not_selected, demand = np.int64(0), 0, 0, np.int64(0)
        unfit, failing, different = 0, 0, offsets[t + 1] - offsets[t]
        count = np.int64(0)  # as a plain 0 it would have what is called with it compiled twice
        b = which[t]
        if is_plain and not has_barred[b]:
            for i in group(offsets, t):
                left[i] = np.int64(asked[i]) * FEN_A_YUAN
                demand += left[i]
            all_asked = demand
            count = np.int64(offsets[t + 1] - offsets[t])
        elif is_plain:
            for i in group(offsets, t):
                is_barred = barred[b, applicant[i]] != 0
                fen = np.int64(asked[i]) * FEN_A_YUAN
                left[i] = fen * np.int64(not is_barred)
                all_asked += fen
                ineligible += fen * np.int64(is_barred)
                demand += left[i]
                unfit += is_barred
            count = np.int64(offsets[t + 1] - offsets[t]) - unfit
        else:
            for i in group(offsets, t):
                is_eligible = barred[b, applicant[i]] == 0
                if len(is_fit) > 0:
                    is_eligible &= is_fit[i] != 0
                if len(once) > 0:
                    is_eligible &= (used[b, once[i]] & earlier == 0) & (seen_in[once[i]] != t)
                    seen_in[once[i]] = t if is_eligible else seen_in[once[i]]
                is_passing = len(passes) == 0 or passes[i] != 0
                is_selected = is_eligible & is_passing
                if len(state) > 0:
                    state[i] = (SELECTED_ROW if is_passing else NOT_PASSED_ROW) if is_eligible else INELIGIBLE_ROW
                fen = np.int64(asked[i]) * FEN_A_YUAN
                left[i] = fen * np.int64(is_selected)
                all_asked += fen
                ineligible += fen * np.int64(not is_eligible)
                not_selected += fen * np.int64(is_eligible & (not is_passing))
                demand += left[i]
                order[count] = i
                count += is_selected
                unfit += not is_eligible
                failing += is_eligible & (not is_passing)
        if len(seen_who) > 0:
            different = 0
            for i in group(offsets, t):
                who = applicant[i]
                different += seen_who[who] != t
                seen_who[who] = t
        if 0 <= places < count:
            if is_ranked:
                for j in range(count):
                    passed[j] = order[j]
                rank(
                    passed, order, count, offsets[t], applicant, excellent[b], by_score, origin_row, origin_year, given,
                    year, first_trial + b, key0, key1,
                )  # fmt: skip
                scores += count if by_score else 0
            for j in range(places, count):
                demand -= left[order[j]]
                not_selected += left[order[j]]
                left[order[j]] = 0
                if len(state) > 0:
                    state[order[j]] = NOT_PLACED_ROW
            failing += count - places
            count = np.int64(places)
        book[ASKED, t] = all_asked
        book[INELIGIBLE, t] = ineligible
        book[NOT_SELECTED, t] = not_selected
        book[DEMAND, t] = demand
        counts[APPLICATIONS, t], counts[APPLICANTS, t] = offsets[t + 1] - offsets[t], different
        counts[N_INELIGIBLE, t], counts[N_NOT_SELECTED, t], counts[SELECTED, t] = unfit, failing, count
    return scores


@compiled
def use_up(ends, rows, commitment, once, used):
    """Use up the one-off awards that were committed; ``rows`` of the claims, or empty where all of them stand here."""
    for t in range(len(ends) - 1):
        for n in group(ends, t):
            if commitment[n] > 0:
                used[t, once[rows[n] if len(rows) > 0 else n]] = 1
