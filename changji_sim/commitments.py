"""Commitments (立项) and what becomes of them: ranking, envelopes, tranches, the ends of projects, arrears.

Functions over a block of trials, as in :mod:`changji_sim.caps`: plain arrays in, plain arrays out, money in fen.
Year indices count from the first year of the measure; a row of an opening file starts at −1.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from .caps import FEN_A_YUAN, SLACK, share_pro_rata, product_floor
from .ledger import (
    ARREARS,
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
from .streams import row_uniform, row_uniforms_of_three

UNLIMITED = np.int64(4 * 10**18)
RANKED, PARTIAL, PRO_RATA, DEFER = range(4)
RULES = {"ranked": RANKED, "partial": PARTIAL, "pro_rata": PRO_RATA, "defer": DEFER}

# How a project ends.
NO_END, VIOLATION, TERMINATED, CLOSED_EARLY, EXCELLENT, PASS, MENDED, NOT_MENDED = range(8)

INELIGIBLE_ROW, NOT_PASSED_ROW, NOT_PLACED_ROW, SELECTED_ROW = range(4)


@njit(nogil=True, cache=True)
def rank_key(is_first, score, position):
    """Sorts descending: those with priority, then by score, then by submission."""
    return (np.int64(is_first) << np.int64(61)) | (np.int64(score) << np.int64(28)) | np.int64((1 << 28) - 1 - position)


@njit(nogil=True, cache=True)
def ranked_rows(order, count, start, applicant, excellent, by_score, origin_year, origin_row, year, trial, key0, key1):
    """Sort ``order[:count]`` (row numbers): rated 优秀 last year first, then by score or submission (第十八条)."""
    keys = np.empty(count, np.int64)
    for j in range(count):
        i = order[j]
        score = np.int64(0)
        if by_score:
            row = origin_row[i] if len(origin_row) > 0 else i - start
            of_year = origin_year[i] if len(origin_year) > 0 else year
            score = np.int64(row_uniform(row, of_year, trial, key0, key1) * 4294967296.0)
        keys[j] = rank_key(excellent[applicant[i]] != 0, score, i - start)
    if count <= 32:
        for j in range(1, count):
            k, i = keys[j], order[j]
            b = j - 1
            while b >= 0 and keys[b] < k:
                keys[b + 1] = keys[b]
                order[b + 1] = order[b]
                b -= 1
            keys[b + 1] = k
            order[b + 1] = i
    else:
        order[:count] = order[:count][np.argsort(-keys)]


@njit(nogil=True, cache=True)
def sift(
    asked, left, state, offsets, applicant, is_fit, passes, once, used, barred, excellent, places, is_ranked, by_score,
    origin_year, origin_row, year, first_trial, key0, key1, book,
):  # fmt: skip
    """Steps 2 to 4 of the year: who is ineligible, who is selected, and their demand.

    Args:
        asked: fen a row. ``left`` receives the demand of selected rows, 0 elsewhere; ``state`` what became of the row.
        is_fit: uint8 a row, 0 where a condition of the item fails; empty when there is none.
        passes: uint8 a row; empty when everybody passes.
        once: key of a one-off award a row; empty when the item is none. ``used``: uint8 ``(trials, keys)``, earlier years' keys.
        barred, excellent: uint8 ``(trials, applicants)`` for this year.
        places: how many are selected; −1 for no limit. ``is_ranked``: priority and score decide, not submission alone.

    Returns:
        how many scores were drawn.
    """
    most = 0
    for t in range(len(offsets) - 1):
        most = max(most, offsets[t + 1] - offsets[t])
    order = np.empty(most, np.int64)
    seen = np.zeros(used.shape[1], np.uint8)
    scores = 0
    is_ranking = places >= 0
    is_plain = len(is_fit) == 0 and len(once) == 0 and len(passes) == 0 and places < 0
    for t in range(len(offsets) - 1):
        start, end = offsets[t], offsets[t + 1]
        all_asked, ineligible, not_selected, demand, count = 0, 0, 0, 0, 0
        if is_plain:
            for i in range(start, end):
                is_barred = barred[t, applicant[i]] != 0
                all_asked += asked[i]
                ineligible += asked[i] if is_barred else 0
                left[i] = 0 if is_barred else asked[i]
                demand += left[i]
                state[i] = INELIGIBLE_ROW if is_barred else SELECTED_ROW
            book[ASKED, t] = all_asked
            book[INELIGIBLE, t] = ineligible
            book[NOT_SELECTED, t] = 0
            book[DEMAND, t] = demand
            continue
        for i in range(start, end):
            amount = asked[i]
            all_asked += amount
            left[i] = 0
            bad = barred[t, applicant[i]] != 0 or (len(is_fit) > 0 and is_fit[i] == 0)
            if not bad and len(once) > 0:
                bad = used[t, once[i]] != 0 or seen[once[i]] != 0
                if not bad:
                    seen[once[i]] = 1
            if bad:
                state[i] = INELIGIBLE_ROW
                ineligible += amount
            elif len(passes) > 0 and passes[i] == 0:
                state[i] = NOT_PASSED_ROW
                not_selected += amount
            else:
                state[i] = SELECTED_ROW
                left[i] = amount
                demand += amount
                if is_ranking:
                    order[count] = i
                    count += 1
        if len(once) > 0:
            for i in range(start, end):
                seen[once[i]] = 0
        if is_ranking and places < count:
            if is_ranked:
                ranked_rows(order, count, start, applicant, excellent[t], by_score, origin_year, origin_row, year, first_trial + t, key0, key1)
                scores += count if by_score else 0
            for j in range(places, count):
                i = order[j]
                state[i] = NOT_PLACED_ROW
                demand -= left[i]
                not_selected += left[i]
                left[i] = 0
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


@njit(nogil=True, cache=True, inline="always")
def split(amount, shares, r, last, out):
    """The tranches of a commitment in fen by row ``r`` of ``shares``; the last one with a share takes the rest."""
    rest = amount
    for k in range(shares.shape[1]):
        part = np.int64(np.floor(amount * shares[r, k] * SLACK))
        part = part if k < last else rest
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
    for k in range(last + 1):
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
    left, commitment, paid_now, offsets, shares, last, rule, room, forward, limits_commitments, is_second_pass,
    is_ranked, by_score, applicant, excellent, origin_year, origin_row, year, first_trial, key0, key1, book,
):  # fmt: skip
    """Step 6b.3: new commitments of one item within what the envelopes leave.

    Args:
        left: entitlement a row; ``commitment`` and ``paid_now`` (part of tranche 0 that could be paid) are written.
        shares: shape ``(rows, offsets)`` or ``(1, offsets)`` for all rows alike; ``last``: index of each row's last share.
        room: shape ``(trials,)``, for tranche 0 (for commitments when the envelope limits those); used up in place.
        forward: shape ``(offsets, trials)``, for later tranches by offset; used up in place, ``UNLIMITED`` where nothing limits.
        is_second_pass: offer only rows that have no commitment yet (pooling).

    Returns:
        how many scores were drawn.
    """
    most = 1
    for t in range(len(offsets) - 1):
        most = max(most, offsets[t + 1] - offsets[t])
    width = shares.shape[1]
    order = np.empty(most, np.int64)
    wanted = np.empty(most, np.int64)
    parts = np.empty(width, np.int64)
    total = np.empty(width, np.int64)
    ahead = np.empty(width, np.int64)
    is_alike = len(shares) == 1
    scores = 0
    for t in range(len(offsets) - 1):
        start, end = offsets[t], offsets[t + 1]
        count, entitled, fitting = 0, 0, max(room[t], 0)
        for k in range(width):
            total[k] = 0
            ahead[k] = forward[k, t]
        # Take it that everything fits; where it does, there is nothing to rank.
        for i in range(start, end):
            if is_second_pass and commitment[i] > 0:
                continue
            c = left[i]
            order[count] = i
            count += c > 0
            entitled += c
            commitment[i] = c
            if width == 1:
                total[0] += c
                paid_now[i] = c
            else:
                split(c, shares, 0 if is_alike else i, last[0 if is_alike else i], parts)
                for k in range(width):
                    total[k] += parts[k]
                paid_now[i] = parts[0]
        if not is_second_pass:
            book[ENTITLEMENT, t] = entitled
            book[NEED, t] += total[0]
        all_fit = entitled <= fitting if limits_commitments else total[0] <= fitting
        if not limits_commitments:
            for k in range(1, width):
                all_fit &= total[k] <= max(ahead[k], 0)
        if all_fit:
            room[t] -= entitled if limits_commitments else total[0]
            for k in range(1, width):
                forward[k, t] -= total[k]
            book[DUE, t] += total[0]
            book[PAYMENT, t] += total[0]
            continue
        if is_ranked:
            ranked_rows(order, count, start, applicant, excellent[t], by_score, origin_year, origin_row, year, first_trial + t, key0, key1)
            scores += count if by_score else 0
        for j in range(count):
            wanted[j] = left[order[j]]
            commitment[order[j]] = 0
            paid_now[order[j]] = 0
        if rule == PRO_RATA:
            _pro_rata(wanted, order, count, last, total, room[t], ahead, limits_commitments)
        over, due, paid = 0, 0, 0
        for j in range(count):
            i = order[j]
            r = 0 if is_alike else i
            c = wanted[j]
            split(c, shares, r, last[r], parts)
            is_end = (rule == RANKED or rule == PARTIAL) and not _fits(c, parts, room[t], ahead, limits_commitments)
            if is_end:
                if rule == RANKED:
                    break
                c = _largest_that_fits(c, shares, r, last[r], room[t], ahead, limits_commitments, parts)
            commitment[i] = c
            due += parts[0]
            if limits_commitments:
                over += c - min(c, max(room[t], 0))
                room[t] -= c
                paid_now[i] = parts[0]
            else:
                paid_now[i] = min(parts[0], max(room[t], 0))
                room[t] -= paid_now[i]
                over += parts[0] - paid_now[i]
            paid += paid_now[i]
            for k in range(1, width):
                ahead[k] -= parts[k]
                forward[k, t] -= parts[k]
            if is_end:
                break
        book[DUE, t] += due
        book[PAYMENT, t] += paid
        book[OVER_ENVELOPE, t] += over
    return scores


@njit(nogil=True, cache=True)
def _pro_rata(wanted, order, count, last, total, room, ahead, limits_commitments):
    """Cut every row of ``wanted`` by the tightest year."""
    is_single = True
    asked = 0
    for j in range(count):
        asked += wanted[j]
        is_single &= limits_commitments or last[order[j] if len(last) > 1 else 0] == 0
    if is_single:
        whole_room = max(room, 0) // FEN_A_YUAN
        share_pro_rata(wanted, 0, count, asked // FEN_A_YUAN, whole_room)
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
def book_commitments(left, commitment, offsets, once, used, book):
    """Book what was committed and what was not, and use up one-off awards (at commitment)."""
    for t in range(len(offsets) - 1):
        committed, unfunded = 0, 0
        for i in range(offsets[t], offsets[t + 1]):
            committed += commitment[i]
            unfunded += left[i] - commitment[i]
            if len(once) > 0 and commitment[i] > 0:
                used[t, once[i]] = 1
        book[COMMITMENT, t] = committed
        book[UNFUNDED, t] = unfunded


@njit(nogil=True, cache=True)
def mark_alive(running_offsets, record, due, y, keeps_all, alive):
    """Mark running commitments of which something may yet be heard after year ``y``."""
    for i in range(running_offsets[-1]):
        alive[i] = keeps_all or record[OWED, i] > 0 or (record[OUTCOME, i] != NO_END and record[EVENT_YEAR, i] + 1 > y)
    for k in range(1, len(due)):
        for i in range(running_offsets[-1]):
            alive[i] |= due[k, i] > 0


@njit(nogil=True, cache=True)
def merge_running(
    running_offsets, offsets, alive, old, old_due, new, new_due,
    commitment, paid_now, shares, last, applicant, origin_year, origin_row, term, stop, y, last_year,
    has_end, keeps_all, probabilities, first_year, first_trial, key0, key1,
):  # fmt: skip
    """Running commitments of one item after year ``y``: the old ones still alive, then this year's, with the fate of each.

    What nothing more can be heard of is not kept: paid in full, and neither stopped, claimed back nor rated 优秀.

    Args:
        old, new: records, shape ``(RECORD, rows)``; ``old_due`` ``(years, rows)`` is what falls due this year (settled by now), next year and
            so on; ``new_due`` starts with next year. The new ones are as long as may be needed.

    Returns:
        offsets of the new records, and the numbers of end, rating and mending draws.
    """
    trials = len(offsets) - 1
    out_offsets = np.zeros(trials + 1, np.int64)
    drawn = np.zeros(3, np.int64)
    chance = np.empty(len(probabilities))
    parts = np.empty(shares.shape[1], np.int64)
    width, old_width = len(new_due), len(old_due)
    n = 0
    for t in range(trials):
        for i in range(running_offsets[t], running_offsets[t + 1]):
            if alive[i]:
                for f in range(RECORD):
                    new[f, n] = old[f, i]
                for k in range(width):
                    new_due[k, n] = old_due[k + 1, i] if k + 1 < old_width else 0
                n += 1
        for p in range(len(chance)):
            chance[p] = probabilities[p, t]
        for i in range(offsets[t], offsets[t + 1]):
            c = commitment[i]
            if c == 0:
                continue
            r = i if len(shares) > 1 else 0
            split(c, shares, r, last[r], parts)
            outcome, event = NO_END, -1
            if has_end:
                row = origin_row[i] if len(origin_row) > 0 else i - offsets[t]
                of_year = origin_year[i] if len(origin_year) > 0 else first_year + y
                years = int(term[i] if len(term) > 1 else term[0])
                outcome, wait = _fate(row, of_year, first_trial + t, years, chance, key0, key1, drawn)
                event = y + wait
                if outcome == PASS or (outcome == EXCELLENT and event >= last_year):
                    outcome, event = NO_END, -1
            owed = parts[0] - paid_now[i]
            later = c - parts[0]
            if outcome == MENDED and later == 0:
                outcome = NO_END
            if not (keeps_all or outcome != NO_END or owed > 0 or later > 0):
                continue
            new[APPLICANT, n] = applicant[i]
            new[START, n] = y
            new[PAID, n] = paid_now[i]
            new[OWED, n] = owed
            new[STOP, n] = y + (stop[i] if len(stop) > 0 else 99)
            new[INDEX, n] = i
            new[OUTCOME, n] = outcome
            new[EVENT_YEAR, n] = event
            for k in range(width):
                new_due[k, n] = parts[k + 1] if k + 1 < len(parts) else 0
            n += 1
        out_offsets[t + 1] = n
    return out_offsets, drawn


@njit(nogil=True, cache=True, inline="always")
def _fate(row, year, trial, term, probability, key0, key1, drawn):
    """How a project ends and after how many years (docs/the-year.md, "the fate of a project")."""
    end_u, rating_u, mended_u = row_uniforms_of_three(row, year, trial, key0, key1)
    violation = probability[0] if term > 1 else 0.0  # no inspection up to a year (第十六条)
    drawn[0] += 1
    if end_u < violation:
        return VIOLATION, max(1, term // 2)
    if end_u < violation + probability[1]:
        return TERMINATED, max(1, term // 2)
    if end_u < violation + probability[1] + probability[2]:
        return CLOSED_EARLY, max(1, term // 2)
    return rating(rating_u, mended_u, probability, drawn), term


@njit(nogil=True, cache=True, inline="always")
def rating(rating_u, mended_u, probability, drawn):
    """The rating at acceptance, and whether a failure is mended within its year (第十八条)."""
    drawn[1] += 1
    if rating_u < probability[3]:
        return EXCELLENT
    if rating_u < 1.0 - probability[4]:
        return PASS
    drawn[2] += 1
    return MENDED if mended_u < probability[5] else NOT_MENDED


@njit(nogil=True, cache=True)
def opening_rating(row, trial, probability, key0, key1, drawn):
    """The rating of a row of an opening file."""
    _, rating_u, mended_u = row_uniforms_of_three(row, 0, trial, key0, key1)
    return rating(rating_u, mended_u, probability, drawn)


# Fields of a running commitment's record.
APPLICANT, START, PAID, OWED, STOP, INDEX, OUTCOME, EVENT_YEAR = range(8)
RECORD = 8


@njit(nogil=True, cache=True)
def open_year(
    offsets, record, due, y, probabilities, is_unspent_only, bar_years, violation_bar_years,
    barred, excellent, promised_category, promised_total, book, clawback,
):  # fmt: skip
    """Step 6a: what running commitments do when year ``y`` opens, before anything is paid.

    ``due`` has one row a year from ``y`` on. ``barred`` and ``excellent``, uint8 ``(years, trials, applicants)``, are marked for later
    years; ``promised_*``, ``(years, trials)``, freed or moved; ``clawback`` is the flow of the year in which it comes.
    """
    years, width = promised_total.shape[0], len(due)
    for t in range(len(offsets) - 1):
        cancelled, returned, claimed, carried, owed = 0, 0, 0, 0, 0
        for i in range(offsets[t], offsets[t + 1]):
            outcome, event = record[OUTCOME, i], record[EVENT_YEAR, i]
            if event != y and event + 1 != y and record[STOP, i] != y:
                carried += due[0, i]
                owed += record[OWED, i]
                continue
            if outcome == MENDED or outcome == NOT_MENDED:
                if event == y and due[0, i] > 0:
                    due[1, i] += due[0, i]
                    _unpromise(promised_category, promised_total, y, t, due[0, i], years)
                    _unpromise(promised_category, promised_total, y + 1, t, -due[0, i], years)
                    due[0, i] = 0
                event += 1
            is_end = event == y and (outcome == VIOLATION or outcome == TERMINATED or outcome == CLOSED_EARLY or outcome == NOT_MENDED)
            if is_end or record[STOP, i] == y:
                for k in range(width):
                    if due[k, i] > 0:
                        cancelled += due[k, i]
                        _unpromise(promised_category, promised_total, y + k, t, due[k, i], years)
                        due[k, i] = 0
            if event == y:
                paid = record[PAID, i]
                applicant = record[APPLICANT, i]
                if outcome == TERMINATED or outcome == CLOSED_EARLY:
                    returned += np.int64(np.floor(paid * probabilities[6, t]))
                elif outcome == VIOLATION or outcome == NOT_MENDED:
                    claim = np.int64(np.floor(paid * probabilities[6, t])) if is_unspent_only else paid
                    claimed += np.int64(np.floor(claim * probabilities[7, t]))
                    for after in range(1, (bar_years if outcome == NOT_MENDED else violation_bar_years) + 1):
                        if y + after < len(barred):
                            barred[y + after, t, applicant] = 1
                elif outcome == EXCELLENT and y + 1 < len(excellent):
                    excellent[y + 1, t, applicant] = 1
            carried += due[0, i]
            owed += record[OWED, i]
        book[CANCELLED, t] += cancelled
        book[RETURN, t] += returned
        clawback[t] += claimed
        book[NEED, t] += carried + owed
        book[DUE, t] += carried


@njit(nogil=True, cache=True, inline="always")
def _unpromise(promised_category, promised_total, z, t, amount, years):
    if z < years:
        promised_category[z, t] -= amount
        promised_total[z, t] -= amount


@njit(nogil=True, cache=True)
def pay_arrears(offsets, record, room, book):
    """Step 6b.1: arrears of earlier years, oldest commitment first, as far as room goes."""
    for t in range(len(offsets) - 1):
        paid = 0
        for i in range(offsets[t], offsets[t + 1]):
            amount = min(record[OWED, i], room[t])
            if amount > 0:
                record[OWED, i] -= amount
                record[PAID, i] += amount
                room[t] -= amount
                paid += amount
        book[PAYMENT, t] += paid
        book[PAYMENT_CARRIED, t] += paid


@njit(nogil=True, cache=True)
def pay_due(offsets, record, due, room, book):
    """Step 6b.2: carried payments due this year, oldest first; what finds no room becomes arrears."""
    for t in range(len(offsets) - 1):
        paid, over = 0, 0
        for i in range(offsets[t], offsets[t + 1]):
            if due[0, i] == 0:
                continue
            amount = min(due[0, i], max(room[t], 0))
            record[PAID, i] += amount
            record[OWED, i] += due[0, i] - amount
            over += due[0, i] - amount
            due[0, i] = 0
            room[t] -= amount
            paid += amount
        book[PAYMENT, t] += paid
        book[PAYMENT_CARRIED, t] += paid
        book[OVER_ENVELOPE, t] += over


@njit(nogil=True, cache=True)
def top_up(commitment, paid_now, shares, last, offsets, room, book):
    """Pooling: pay from ``room`` what this year's commitments are still owed of tranche 0."""
    parts = np.empty(shares.shape[1], np.int64)
    for t in range(len(offsets) - 1):
        paid = 0
        for i in range(offsets[t], offsets[t + 1]):
            if commitment[i] == 0 or room[t] <= 0:
                continue
            r = i if len(shares) > 1 else 0
            split(commitment[i], shares, r, last[r], parts)
            amount = min(parts[0] - paid_now[i], room[t])
            paid_now[i] += amount
            room[t] -= amount
            paid += amount
        book[PAYMENT, t] += paid


@njit(nogil=True, cache=True)
def new_arrears(commitment, paid_now, offsets):
    """What this year's commitments, all paid at once, are owed and were not paid, shape ``(trials,)``."""
    out = np.zeros(len(offsets) - 1, np.int64)
    for t in range(len(offsets) - 1):
        for i in range(offsets[t], offsets[t + 1]):
            out[t] += commitment[i] - paid_now[i]
    return out


@njit(nogil=True, cache=True)
def note_paid(record, paid_by, y):
    """Remember what was paid by the end of year ``y``, by offset from the commitment; later offsets repeat it."""
    for i in range(len(paid_by)):
        for k in range(max(y - record[START, i], 0), paid_by.shape[1]):
            paid_by[i, k] = record[PAID, i]


@njit(nogil=True, cache=True)
def book_arrears(offsets, record, book):
    """Arrears of running commitments at the end of the year."""
    for t in range(len(offsets) - 1):
        owed = 0
        for i in range(offsets[t], offsets[t + 1]):
            owed += record[OWED, i]
        book[ARREARS, t] += owed
