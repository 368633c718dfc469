"""Commitments (立项) and what becomes of them: ranking, envelopes, tranches, the ends of projects, arrears.

Functions over a block of trials, as in :mod:`changji_sim.kernel.caps`: plain arrays in, plain arrays out, money in fen.
Year indices count from the first year of the measure; the rows of an opening file start at −1.

What an item commits in a year is one *cohort* (:class:`changji_sim.year.Cohort`): the rows that applied, by trial.
``due[k]`` is what
falls due ``k`` years on, and ``owed`` what fell due and could not be paid, so that what was paid before year offset
``k`` is the sum of ``due[:k]`` less ``owed``: a row whose tranches are simply paid is never touched again.

The loops that touch many rows are free of branches that depend on chance: a processor guesses those wrong half the
time.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..modes import NEVER
from .caps import FEN_A_YUAN, SLACK, product_floor, share_pro_rata
from .ledger import (
    ASKED,
    CANCELLED,
    COMMITMENT,
    DEMAND,
    DUE,
    ENTITLEMENT,
    INELIGIBLE,
    NEED,
    NOT_SELECTED,
    OVER_ENVELOPE,
    PAYMENT,
    PAYMENT_CARRIED,
    RETURN,
    UNFUNDED,
)
from .streams import TO_UNIT, group, row_word, three_words_of_rows

UNLIMITED = np.int64(4 * 10**18)
RANKED, PARTIAL, PRO_RATA, DEFER = range(4)
RULES = {"ranked": RANKED, "partial": PARTIAL, "pro_rata": PRO_RATA, "defer": DEFER}

# How a project ends.
NO_END, VIOLATION, TERMINATED, CLOSED_EARLY, EXCELLENT, PASS, MENDED, NOT_MENDED = range(8)
NEVER_ENDS = -9  # a year index in which nothing happens

INELIGIBLE_ROW, NOT_PASSED_ROW, NOT_PLACED_ROW, SELECTED_ROW = range(4)
_LAST_POSITION = (1 << 28) - 1
FEW = 256


@njit(nogil=True, cache=True)
def rank(order, count, start, applicant, excellent, by_score, origin_year, origin_row, year, trial, key0, key1):
    """Sort ``order[:count]`` (row numbers): rated 优秀 last year first, then by score or submission (第十八条)."""
    keys = np.zeros(count, np.int64)
    if by_score:
        of_row, of_year = np.empty(count, np.uint64), np.full(count, np.uint64(year))
        for j in range(count):
            of_row[j] = origin_row[order[j]] if len(origin_row) > 0 else order[j] - start
            of_year[j] = origin_year[order[j]] if len(origin_year) > 0 else year
        for j in range(count):
            keys[j] = np.int64(row_word(of_row[j], of_year[j], np.uint64(trial), key0, key1)) << 28
    for j in range(count):
        keys[j] |= (np.int64(excellent[applicant[order[j]]] != 0) << 61) | (_LAST_POSITION - (order[j] - start))
    if count <= FEW:  # as many comparisons as there are pairs, but several at once and none of them a guess
        rows = order[:count].copy()
        for j in range(count):
            before = 0
            for other in range(count):
                before += keys[other] > keys[j]
            order[before] = rows[j]
    else:
        order[:count] = order[:count][np.argsort(-keys)]


@njit(nogil=True, cache=True)
def longest(offsets):
    """The largest number of rows of a trial."""
    most = 0
    for t in range(len(offsets) - 1):
        most = max(most, offsets[t + 1] - offsets[t])
    return most


@njit(nogil=True, cache=True)
def sift(
    asked, left, state, offsets, applicant, is_fit, passes, once, used, barred, has_barred, excellent, places,
    is_ranked, by_score, origin_year, origin_row, year, first_trial, key0, key1, book,
):  # fmt: skip
    """Steps 2 to 4 of the year: who is ineligible, who is selected, and their demand.

    Args:
        asked: fen a row. ``left`` receives the demand of selected rows, 0 elsewhere; ``state`` what became of the
        row, unless it is empty.
        is_fit: uint8 a row, 0 where a condition of the item fails; empty when there is none.
        passes: uint8 a row; empty when everybody passes.
        once: key of a one-off award a row; empty when the item is none. ``used``: uint8 ``(trials, keys)``, earlier
        years' keys.
        barred, excellent: uint8 ``(trials, applicants)`` for this year. ``has_barred``: whether a trial has anybody
        barred.
        places: how many are selected; −1 for no limit. ``is_ranked``: priority and score decide, not submission alone.

    Returns:
        how many scores were drawn.
    """
    order = np.empty(longest(offsets) + 1, np.int64)
    seen_in = np.full(used.shape[1], -1, np.int32)  # the last trial a key was seen in
    scores = 0
    is_plain = len(is_fit) == 0 and len(once) == 0 and len(passes) == 0 and len(state) == 0 and places < 0
    for t in range(len(offsets) - 1):
        all_asked, ineligible, not_selected, demand, count = 0, 0, 0, 0, 0
        bars = barred[t]
        if is_plain and not has_barred[t]:
            for i in group(offsets, t):
                left[i] = asked[i]
                all_asked += asked[i]
                demand += left[i]
        elif is_plain:
            for i in group(offsets, t):
                is_barred = bars[applicant[i]] != 0
                left[i] = asked[i] * np.int64(not is_barred)
                all_asked += asked[i]
                ineligible += asked[i] * np.int64(is_barred)
                demand += left[i]
        else:
            for i in group(offsets, t):
                is_eligible = bars[applicant[i]] == 0
                if len(is_fit) > 0:
                    is_eligible &= is_fit[i] != 0
                if len(once) > 0:
                    is_eligible &= (used[t, once[i]] == 0) & (seen_in[once[i]] != t)
                    seen_in[once[i]] = t if is_eligible else seen_in[once[i]]
                is_passing = len(passes) == 0 or passes[i] != 0
                is_selected = is_eligible & is_passing
                if len(state) > 0:
                    state[i] = (SELECTED_ROW if is_passing else NOT_PASSED_ROW) if is_eligible else INELIGIBLE_ROW
                left[i] = asked[i] * np.int64(is_selected)
                all_asked += asked[i]
                ineligible += asked[i] * np.int64(not is_eligible)
                not_selected += asked[i] * np.int64(is_eligible & (not is_passing))
                demand += left[i]
                order[count] = i
                count += is_selected
        if 0 <= places < count:
            if is_ranked:
                rank(
                    order,
                    count,
                    offsets[t],
                    applicant,
                    excellent[t],
                    by_score,
                    origin_year,
                    origin_row,
                    year,
                    first_trial + t,
                    key0,
                    key1,
                )
                scores += count if by_score else 0
            for j in range(places, count):
                demand -= left[order[j]]
                not_selected += left[order[j]]
                left[order[j]] = 0
                if len(state) > 0:
                    state[order[j]] = NOT_PLACED_ROW
        book[ASKED, t] = all_asked
        book[INELIGIBLE, t] = ineligible
        book[NOT_SELECTED, t] = not_selected
        book[DEMAND, t] = demand
    return scores


@njit(nogil=True, cache=True)
def last_shares(shares):
    """Index of the last positive share of each row; −1 where shares are not from 0 to 1 or do not add up to 1."""
    last = np.zeros(len(shares), np.int64)
    for i in range(len(shares)):
        total = 0.0
        for k in range(shares.shape[1]):
            share = shares[i, k]
            total += share if 0.0 <= share <= 1.0 + 1e-9 else np.inf
            last[i] = k if share > 0 else last[i]
        if not abs(total - 1.0) < 1e-9:
            last[i] = -1
    return last


@njit(nogil=True, cache=True)
def split(amount, shares, r, last, out):
    """The tranches of a commitment in fen by row ``r`` of ``shares``; the last one with a share takes the rest."""
    rest = amount
    for k in range(shares.shape[1]):
        part = np.int64(np.floor(amount * shares[r, k] * SLACK))
        part = part if k < last[r] else rest
        rest -= part
        out[k] = part


@njit(nogil=True, cache=True)
def _fits(amount, parts, room, forward, limits_commitments):
    if limits_commitments:
        return amount <= max(room, 0)
    if parts[0] > max(room, 0):
        return False
    for k in range(1, len(parts)):
        if parts[k] > max(forward[k], 0):
            return False
    return True


@njit(nogil=True, cache=True)
def _largest_that_fits(amount, shares, r, last, room, forward, limits_commitments, parts):
    """Whole yuan of ``amount`` that fit; ``parts`` receives their tranches."""
    c = amount
    if limits_commitments:
        c = max(min(c, room), 0) // FEN_A_YUAN * FEN_A_YUAN
        split(c, shares, r, last, parts)
        return c
    for k in range(last[r] + 1):
        free = room if k == 0 else forward[k]
        if shares[r, k] > 0 and free < UNLIMITED // 2:
            c = min(c, np.int64(np.floor(max(free, 0) / shares[r, k] * SLACK)))
    c = c // FEN_A_YUAN * FEN_A_YUAN
    split(c, shares, r, last, parts)
    while c > 0 and not _fits(c, parts, room, forward, limits_commitments):
        c -= FEN_A_YUAN
        split(c, shares, r, last, parts)
    return c


@njit(nogil=True, cache=True)
def commit(
    left, commitment, paid_now, due, due_total, offsets, shares, last, kind, rule, room_category, room_total,
    forward_category, forward_total, y,
    has_cover, limits_commitments, is_second_pass, is_ranked, by_score, applicant, excellent, origin_year,
    origin_row, year, first_trial, key0, key1, book,
):  # fmt: skip
    """Step 6b.3: new commitments of one item within what the envelopes leave.

    Args:
        left: entitlement a row; ``commitment`` and ``paid_now`` (part of tranche 0 that could be paid) are written.
        due: shape ``(offsets + 1, rows of the year)``, receives the tranches; or without rows where nobody asks for
        them.
        due_total: shape ``(offsets + 1, trials)``, receives the sums of ``due``.
        shares: a row of shares for every ``kind`` of rows; ``last``: index of each one's last share.
        room_category, room_total: shape ``(trials,)``, for tranche 0 (for commitments when the envelope limits
        those); used up in place.
        forward_category, forward_total: shape ``(years, trials)``, for later tranches; used up in place.
        y: index of the year. ``has_cover``: later tranches must fit too.
        is_second_pass: offer only rows that have no commitment yet (pooling).

    Returns:
        how many scores were drawn.
    """
    most, width, years = longest(offsets) + 1, shares.shape[1], len(forward_total)
    order, wanted = np.empty(most, np.int64), np.empty(most, np.int64)
    parts, total, ahead = np.empty(width, np.int64), np.empty(width, np.int64), np.empty(width, np.int64)
    base, has_due = offsets[0], len(due) > 0
    scores = 0
    if has_due and not is_second_pass:
        due[width] = 0
    for t in range(len(offsets) - 1):
        room = min(room_category[t], room_total[t])
        entitled, committed, unfunded, paid, over, count = 0, 0, 0, 0, 0, 0
        for k in range(width):
            z = y + k
            is_covered = has_cover and k > 0 and z < years
            ahead[k] = min(forward_category[z, t], forward_total[z, t]) if is_covered else UNLIMITED
            total[k] = 0
        # Take it that everything fits; where it does, there is nothing to rank.
        if is_second_pass:
            for i in group(offsets, t):
                order[count] = i
                count += (left[i] > 0) & (commitment[i] == 0)
            for j in range(count):
                _take(order[j], left[order[j]], commitment, paid_now, due, base, shares, last, kind, parts, total)
                entitled += left[order[j]]
        elif width == 1:
            for i in group(offsets, t):
                commitment[i] = left[i]
                paid_now[i] = left[i]
                entitled += left[i]
            total[0] = entitled
            if has_due:
                for i in group(offsets, t):
                    due[0, i - base] = left[i]
        else:
            for i in group(offsets, t):
                _take(i, left[i], commitment, paid_now, due, base, shares, last, kind, parts, total)
                entitled += left[i]
        if not is_second_pass:
            book[ENTITLEMENT, t] = entitled
            book[NEED, t] += total[0]
        if _fits(entitled, total, room, ahead, limits_commitments):
            committed, paid = entitled, total[0]
        else:
            if not is_second_pass:
                for i in group(offsets, t):
                    order[count] = i
                    count += left[i] > 0
            if is_ranked:
                rank(
                    order,
                    count,
                    offsets[t],
                    applicant,
                    excellent[t],
                    by_score,
                    origin_year,
                    origin_row,
                    year,
                    first_trial + t,
                    key0,
                    key1,
                )
                scores += count if by_score else 0
            for j in range(count):
                wanted[j] = left[order[j]]
            if rule == PRO_RATA:
                _pro_rata(wanted, order, count, last, kind, total, room, ahead, limits_commitments)
            total[:] = 0
            is_open = True
            for j in range(count):
                i = order[j]
                r = kind[i] if len(kind) > 0 else np.uint32(0)
                c = wanted[j] if is_open else 0
                split(c, shares, r, last, parts)
                if (
                    (rule == RANKED or rule == PARTIAL)
                    and is_open
                    and not _fits(c, parts, room, ahead, limits_commitments)
                ):
                    is_open = False
                    c = (
                        0
                        if rule == RANKED
                        else _largest_that_fits(c, shares, r, last, room, ahead, limits_commitments, parts)
                    )
                    split(c, shares, r, last, parts)
                payable = parts[0] if limits_commitments else min(parts[0], max(room, 0))
                over += c - min(c, max(room, 0)) if limits_commitments else parts[0] - payable
                room -= c if limits_commitments else payable
                commitment[i] = c
                paid_now[i] = payable
                committed += c
                unfunded += left[i] - c
                paid += payable
                for k in range(width):
                    ahead[k] -= parts[k]
                    total[k] += parts[k]
                    if has_due:
                        due[k, i - base] = parts[k]
        room_category[t] -= committed if limits_commitments else paid
        room_total[t] -= committed if limits_commitments else paid
        for k in range(1, min(width, years - y)):
            forward_category[y + k, t] -= total[k]
            forward_total[y + k, t] -= total[k]
        for k in range(width):
            due_total[k, t] += total[k]
        book[DUE, t] += total[0]
        book[PAYMENT, t] += paid
        book[OVER_ENVELOPE, t] += over
        book[COMMITMENT, t] += committed
        book[UNFUNDED, t] += -committed if is_second_pass else unfunded
    return scores


@njit(nogil=True, cache=True)
def _take(i, c, commitment, paid_now, due, base, shares, last, kind, parts, total):
    """Commit row ``i`` in full."""
    split(c, shares, kind[i] if len(kind) > 0 else np.uint32(0), last, parts)
    commitment[i] = c
    paid_now[i] = parts[0]
    for k in range(len(parts)):
        total[k] += parts[k]
        if len(due) > 0:
            due[k, i - base] = parts[k]


@njit(nogil=True, cache=True)
def commit_in_full(left, offsets, owed, room_category, room_total, limits_commitments, book):
    """Step 6b.3 for an item that is owed by law (``defer``) and paid at once: nothing depends on a single row.

    Args:
        left: entitlement a row. ``owed`` receives what could not be paid, shape ``(trials,)``.
    """
    for t in range(len(owed)):
        entitled = 0
        for i in group(offsets, t):
            entitled += left[i]
        room = max(min(room_category[t], room_total[t]), 0)
        over = max(entitled - room, 0)
        owed[t] = 0 if limits_commitments else over
        room_category[t] -= entitled - owed[t]
        room_total[t] -= entitled - owed[t]
        book[ENTITLEMENT, t] = entitled
        book[COMMITMENT, t] = entitled
        book[UNFUNDED, t] = 0
        book[NEED, t] += entitled
        book[DUE, t] += entitled
        book[PAYMENT, t] += entitled - owed[t]
        book[OVER_ENVELOPE, t] += over


@njit(nogil=True, cache=True)
def _pro_rata(wanted, order, count, last, kind, total, room, ahead, limits_commitments):
    """Cut every row of ``wanted`` by the tightest year."""
    is_single = True
    asked = 0
    for j in range(count):
        asked += wanted[j]
        is_single &= limits_commitments or last[kind[order[j]] if len(kind) > 0 else np.uint32(0)] == 0
    if is_single:
        share_pro_rata(wanted, 0, count, asked, max(room, 0))
        return
    tightest, ratio = 0, np.inf
    for k in range(len(total)):
        free = room if k == 0 else ahead[k]
        if total[k] > 0 and max(free, 0) / total[k] < ratio:
            tightest, ratio = k, max(free, 0) / total[k]
    free = max((room if tightest == 0 else ahead[tightest]) - count, 0)
    for j in range(count):
        wanted[j] = product_floor(wanted[j], free, total[tightest]) // FEN_A_YUAN * FEN_A_YUAN


@njit(nogil=True, cache=True)
def use_up(commitment, offsets, once, used):
    """Use up the one-off awards that were committed."""
    for t in range(len(offsets) - 1):
        for i in group(offsets, t):
            if commitment[i] > 0:
                used[t, once[i]] = 1


# --- a cohort comes to be ---------------------------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def committed_rows(commitment, offsets, origin_row, origin_year, year, first_trial):
    """What was committed in a year.

    Returns:
        ``(ends, rows, numbers, years, trials)``: the rows of trial t are ``rows[ends[t]]`` up to the next; number
        within its trial, year and trial of the application are the counters of a row's fate.
    """
    most = offsets[-1] - offsets[0] + 1
    ends = np.zeros(len(offsets), np.int64)
    rows, numbers, years, trials = (
        np.empty(most, np.uint32),
        np.empty(most, np.uint32),
        np.empty(most, np.uint32),
        np.empty(most, np.uint32),
    )
    n = 0
    for t in range(len(offsets) - 1):
        for i in group(offsets, t):
            rows[n] = i
            numbers[n] = origin_row[i] if len(origin_row) > 0 else i - offsets[t]
            years[n] = origin_year[i] if len(origin_year) > 0 else year
            trials[n] = first_trial + t
            n += commitment[i] > 0
        ends[t + 1] = n
    return ends, rows[:n], numbers[:n], years[:n], trials[:n]


@njit(nogil=True, cache=True)
def fates(ends, rows, numbers, years, trials, term, stop, has_end, keeps_all, probabilities, y, last_year, key0, key1):
    """How projects end and in which year (docs/the-year.md, "the fate of a project").

    Args:
        ends … trials: of :func:`committed_rows`. ``has_end``: whether these are projects under oversight; ``stop``:
            the offset at which the mode stops a row, or empty.

    Returns:
        ``(rows, trials, outcome, event, stop, drawn)`` of those rows of which anything but payment will be heard,
        or of all; then the numbers of end, rating and mending draws that were read.
    """
    n_rows = len(rows) + 1
    heard, trial, stops = (
        np.empty(n_rows, np.uint32),
        np.empty(n_rows, np.uint32),
        np.empty(n_rows if len(stop) > 0 else 0, np.int64),
    )
    outcome, event = np.empty(n_rows, np.uint8), np.empty(n_rows, np.int32)
    words = three_words_of_rows(numbers, years, trials, key0, key1) if has_end else np.empty((3, 0), np.uint32)
    rated, mending, m = 0, 0, 0
    for t in range(len(ends) - 1):
        chance = probabilities[:, t]
        for n in group(ends, t):
            i = rows[n]
            end, when = NO_END, NEVER_ENDS
            if has_end:
                length = np.int32(term[i] if len(term) > 1 else term[0])
                end_u = (np.float64(words[0, n]) + 0.5) * TO_UNIT
                violation = chance[0] if length > 1 else 0.0  # no inspection up to a year (第十六条)
                early = (
                    VIOLATION if end_u < violation else TERMINATED if end_u < violation + chance[1] else CLOSED_EARLY
                )
                is_early = end_u < violation + chance[1] + chance[2]
                accepted = _rating(words[1, n], words[2, n], chance)
                rated += not is_early
                mending += (not is_early) & (accepted >= MENDED)
                end = early if is_early else accepted
                when = y + (max(1, length // 2) if is_early else length)
                is_heard = (end != PASS) & ((end != EXCELLENT) | (when < last_year))
                end = end if is_heard else NO_END
                when = when if is_heard else NEVER_ENDS
            heard[m], trial[m], outcome[m], event[m] = i, t, end, when
            if len(stop) > 0:
                stops[m] = stop[i]
            m += keeps_all | (end != NO_END) | (len(stop) > 0 and stop[i] < NEVER)
    drawn = np.array([len(rows), rated, mending]) * np.int64(has_end)
    return heard[:m], trial[:m], outcome[:m], event[:m], stops[:m], drawn


@njit(nogil=True, cache=True)
def _rating(rating_word, mended_word, chance):
    """The rating at acceptance, and whether a failure is mended within its year (第十八条)."""
    rating_u = (np.float64(rating_word) + 0.5) * TO_UNIT
    mended_u = (np.float64(mended_word) + 0.5) * TO_UNIT
    failed = MENDED if mended_u < chance[5] else NOT_MENDED
    return EXCELLENT if rating_u < chance[3] else PASS if rating_u < 1.0 - chance[4] else failed


@njit(nogil=True, cache=True)
def opening_ratings(row, first_trial, probabilities, key0, key1):
    """The rating of a row of an opening file in each trial, uint8."""
    trials = probabilities.shape[1]
    rows, years = np.full(trials, np.uint32(row)), np.zeros(trials, np.uint32)
    out = np.empty(trials, np.uint8)
    words = three_words_of_rows(rows, years, np.arange(first_trial, first_trial + trials).astype(np.uint32), key0, key1)
    for t in range(trials):
        out[t] = _rating(words[1, t], words[2, t], probabilities[:, t])
    return out


# --- what becomes of it -----------------------------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def open_year(
    rows, trial, outcome, event, stop, applicant, base, due, owed, due_total, y, start, probabilities,
    is_unspent_only, bar_years,
    violation_bar_years, barred, excellent, forward_category, forward_total, book, clawback,
):  # fmt: skip
    """Step 6a: what the commitments of year ``start`` do when year ``y`` opens, before anything is paid.

    ``rows`` to ``stop`` are those of :func:`fates`; they stand in ``due`` and ``owed`` (empty where nothing is)
    from ``base`` on.
    ``barred`` and ``excellent``, uint8 ``(years, trials, applicants)``, are marked for later years; ``forward_*``,
    ``(years, trials)``, get back what is no longer promised; ``clawback`` is the flow of the year in which it comes.
    """
    k, width = y - start, len(due)
    acting, count = np.empty(len(event) + 1, np.uint32), 0
    for n in range(len(event)):
        acting[count] = n
        is_acting = (event[n] == y) | ((event[n] + 1 == y) & (outcome[n] == NOT_MENDED))
        count += is_acting | (stop[n] == k) if len(stop) > 0 else is_acting
    for n in acting[:count]:
        i, t, how = rows[n] - base, trial[n], outcome[n]
        if how == EXCELLENT and event[n] == y and y + 1 < len(excellent):
            excellent[y + 1, t, applicant[rows[n]]] = 1
        if event[n] == y and how >= MENDED and k < width and due[k, i] > 0:
            _move(due, due_total, forward_category, forward_total, k + 1, y + 1, i, t, due[k, i])
            _move(due, due_total, forward_category, forward_total, k, y, i, t, -due[k, i])
        is_end = event[n] == y and (how == VIOLATION or how == TERMINATED or how == CLOSED_EARLY)
        is_end |= event[n] + 1 == y and how == NOT_MENDED
        if is_end or (len(stop) > 0 and stop[n] == k):
            for later in range(k, width):
                book[CANCELLED, t] += due[later, i]
                _move(due, due_total, forward_category, forward_total, later, start + later, i, t, -due[later, i])
        if not is_end:
            continue
        paid = -owed[i] if len(owed) > 0 else 0
        for earlier in range(min(k, width)):
            paid += due[earlier, i]
        unspent = np.int64(np.floor(paid * probabilities[6, t]))
        if how == TERMINATED or how == CLOSED_EARLY:
            book[RETURN, t] += unspent
        else:
            clawback[t] += np.int64(np.floor((unspent if is_unspent_only else paid) * probabilities[7, t]))
            for after in range(1, (bar_years if how == NOT_MENDED else violation_bar_years) + 1):
                if y + after < len(barred):
                    barred[y + after, t, applicant[rows[n]]] = 1
    if k < width:
        for t in range(due_total.shape[1]):
            book[NEED, t] += due_total[k, t]
            book[DUE, t] += due_total[k, t]


@njit(nogil=True, cache=True)
def _move(due, due_total, forward_category, forward_total, k, z, i, t, amount):
    """Add ``amount`` to what falls due at offset ``k``, which is year ``z``."""
    due[k, i] += amount
    due_total[k, t] += amount
    if z < len(forward_total):
        forward_category[z, t] -= amount
        forward_total[z, t] -= amount


@njit(nogil=True, cache=True)
def pay_arrears(offsets, owed, owed_total, room_category, room_total, book):
    """Step 6b.1: arrears of earlier years, as far as room goes. ``owed_total`` is what the item owes in each trial."""
    for t in range(len(offsets) - 1):
        room = min(room_category[t], room_total[t])
        if owed_total[t] == 0 or room <= 0:
            continue
        paid = 0
        for i in group(offsets, t):
            amount = min(owed[i - offsets[0]], room - paid)
            owed[i - offsets[0]] -= amount
            paid += amount
        _book_carried(t, paid, owed_total, room_category, room_total, book)


@njit(nogil=True, cache=True)
def pay_due(offsets, due, due_total, owed, owed_total, room_category, room_total, book):
    """Step 6b.2: carried payments due this year, ``due`` a row; what finds no room becomes arrears.

    Returns:
        False, and nothing is done, if there are arrears to come and ``owed`` is empty.
    """
    if len(owed) == 0:
        for t in range(len(due_total)):
            if due_total[t] > max(min(room_category[t], room_total[t]), 0):
                return False
    for t in range(len(due_total)):
        total = due_total[t]
        room = max(min(room_category[t], room_total[t]), 0)
        owed_total[t] += total
        if total > room:
            book[OVER_ENVELOPE, t] += total - room
            free = room
            for i in group(offsets, t):
                amount = min(due[i - offsets[0]], free)
                owed[i - offsets[0]] += due[i - offsets[0]] - amount
                free -= amount
        _book_carried(t, min(total, room), owed_total, room_category, room_total, book)
    return True


@njit(nogil=True, cache=True)
def _book_carried(t, paid, owed_total, room_category, room_total, book):
    owed_total[t] -= paid
    room_category[t] -= paid
    room_total[t] -= paid
    book[PAYMENT, t] += paid
    book[PAYMENT_CARRIED, t] += paid


@njit(nogil=True, cache=True)
def top_up(commitment, paid_now, due, offsets, room, book):
    """Pooling: pay from ``room`` what this year's commitments are still owed of tranche 0 (``due[0]``, or all of
    it).
    """
    for t in range(len(offsets) - 1):
        paid = 0
        for i in group(offsets, t):
            first = due[0, i - offsets[0]] if len(due) > 0 else commitment[i]
            amount = max(min(first - paid_now[i], room[t] - paid), 0)
            paid_now[i] += amount
            paid += amount
        room[t] -= paid
        book[PAYMENT, t] += paid


@njit(nogil=True, cache=True)
def top_up_in_full(owed, room, book):
    """:func:`top_up` after :func:`commit_in_full`."""
    for t in range(len(owed)):
        paid = min(owed[t], room[t])
        owed[t] -= paid
        room[t] -= paid
        book[PAYMENT, t] += paid


@njit(nogil=True, cache=True)
def add_arrears(commitment, paid_now, due, offsets, owed, owed_total):
    """What this year's commitments are owed of tranche 0 and were not paid; by row where ``owed`` has rows."""
    for t in range(len(offsets) - 1):
        for i in group(offsets, t):
            first = due[0, i - offsets[0]] if len(due) > 0 else commitment[i]
            if len(owed) > 0:
                owed[i - offsets[0]] = first - paid_now[i]
            owed_total[t] += first - paid_now[i]
