"""New commitments (立项): what each entitled row gets within the envelopes, and its tranches.

Functions over a block of trials, as in :mod:`changji_sim.kernel.caps`: plain arrays in, plain arrays out, money in fen.
Only rows with an entitlement are read: those of trial t are ``ends[t]`` … ``ends[t + 1]``, in submission order.

The loops that touch many rows are free of branches that depend on chance: a processor guesses those wrong half the
time.
"""

from __future__ import annotations

import numpy as np

from .caps import FEN_A_YUAN, SLACK, product_floor, share_pro_rata
from .compiled import compiled
from .ledger import COMMITMENT, DUE, ENTITLEMENT, NEED, OVER_ENVELOPE, PAYMENT, UNFUNDED
from .selection import longest, rank
from .streams import group

UNLIMITED = np.int64(4 * 10**18)
RANKED, PARTIAL, PRO_RATA, DEFER = range(4)
RULES = {"ranked": RANKED, "partial": PARTIAL, "pro_rata": PRO_RATA, "defer": DEFER}


@compiled
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


@compiled
def entitled_rows(left, offsets):
    """The rows with something left under the caps: ``(ends, rows, wanted)``, the row of the claims and the entitlement
    of each.
    """
    ends = np.zeros(len(offsets), np.int64)
    rows, wanted = np.empty(len(left) + 1, np.uint32), np.empty(len(left) + 1, np.int64)
    n = 0
    for t in range(len(offsets) - 1):
        for i in group(offsets, t):
            rows[n] = i
            wanted[n] = left[i]
            n += left[i] > 0
        ends[t + 1] = n
    return ends, rows[:n].copy(), wanted[:n].copy()


@compiled
def early_shares(shares, last):
    """Shares without each row's last one, which takes what the others leave."""
    early = shares.copy()
    for r in range(len(shares)):
        early[r, last[r]] = 0.0
    return early


@compiled
def split(amount, early, r, last, due, n, total):
    """The tranches of a commitment in fen by row ``r`` of :func:`early_shares`; the last one takes the rest.

    ``due[n]`` receives them; they are added to ``total``.
    """
    rest, final = amount, early.shape[1] - 1  # the final share is never an early one
    due[n, final] = 0
    for k in range(final):
        part = np.int64(np.floor(amount * early[r, k] * SLACK))
        due[n, k] = part
        total[k] += part
        rest -= part
    due[n, last[r]] = rest
    total[last[r]] += rest


@compiled
def split_all(wanted, order, count, start, early, kinds, last, due, rest, total):
    """:func:`split` of ``order[:count]``, rows of a trial that begins at ``start``, tranche by tranche; ``rest`` is
    written over.
    """
    final = early.shape[1] - 1
    for j in range(count):
        rest[j] = wanted[order[j]]
        for k in range(final, due.shape[1]):
            due[order[j], k] = 0
    for k in range(final):
        of_all = np.int64(0)
        for j in range(count):
            n = order[j]
            part = np.int64(np.floor(wanted[n] * early[kinds[n - start], k] * SLACK))
            due[n, k] = part
            rest[j] -= part
            of_all += part
        total[k] += of_all
    for j in range(count):
        n = order[j]
        at = last[kinds[n - start]]
        due[n, at] = rest[j]
        total[at] += rest[j]


@compiled
def split_anew(amount, early, r, last, due, n, total):
    """:func:`split` where ``total`` holds another amount's tranches."""
    for k in range(len(total)):
        total[k] -= due[n, k]
    split(amount, early, r, last, due, n, total)


@compiled
def all_fit(amount, parts, room, ahead, limits_commitments):
    """Whether commitments that add up to ``amount``, and by year to ``parts``, fit."""
    if limits_commitments:
        return amount <= max(room, 0)
    is_fitting = parts[0] <= max(room, 0)
    for k in range(1, len(ahead)):
        is_fitting &= parts[k] <= max(ahead[k], 0)
    return is_fitting


@compiled
def fits(amount, due, n, room, ahead, limits_commitments):
    """:func:`all_fit` for one row."""
    if limits_commitments:
        return amount <= max(room, 0)
    is_fitting = due[n, 0] <= max(room, 0)
    for k in range(1, len(ahead)):
        is_fitting &= due[n, k] <= max(ahead[k], 0)
    return is_fitting


@compiled
def largest_that_fits(amount, shares, early, r, last, room, ahead, limits_commitments, due, n, total):
    """Whole yuan of ``amount`` that fit; ``due[n]`` receives their tranches."""
    c = amount
    if limits_commitments:
        c = max(min(c, room), 0) // FEN_A_YUAN * FEN_A_YUAN
        split_anew(c, early, r, last, due, n, total)
        return c
    for k in range(last[r] + 1):
        free = room if k == 0 else ahead[k]
        if shares[r, k] > 0 and free < UNLIMITED // 2:
            c = min(c, np.int64(np.floor(max(free, 0) / shares[r, k] * SLACK)))
    c = c // FEN_A_YUAN * FEN_A_YUAN
    split_anew(c, early, r, last, due, n, total)
    while c > 0 and not fits(c, due, n, room, ahead, limits_commitments):
        c -= FEN_A_YUAN
        split_anew(c, early, r, last, due, n, total)
    return c


@compiled
def commit(
    which, ends, rows, wanted, commitment, unpaid, due, due_total, shares, last, kind, rule,
    room_category, room_total, forward_category, forward_total, y, has_cover, limits_commitments, is_second_pass,
    is_ranked, by_score, offsets, applicant, excellent, origin_row, origin_year, given, year, first_trial, key0,
    key1, refused, book,
):  # fmt: skip
    """Step 6b.3: new commitments of one item within what the envelopes leave.

    Args:
        which: the trials of the block that the rows are of, one after the other; ``due_total``, ``refused`` and
            ``book`` have a column for each, rooms and ``excellent`` one for every trial of the block.
        ends, rows, wanted: of :func:`entitled_rows`; ``offsets`` (where each trial's rows begin), ``applicant``,
            ``kind``, ``origin_row``, ``origin_year`` and ``given`` (scores) are those of the claims. ``commitment`` is
            written; ``unpaid`` receives what could not be paid of tranche 0, and must hold 0.
        due: shape ``(rows, offsets + 1)``, receives the tranches.
        due_total: shape ``(offsets + 1, trials)``, receives the sums of ``due``.
        shares: a row of shares for every kind of rows; ``last``: index of each one's last share.
        room_category, room_total: shape ``(trials,)``, for tranche 0 (for commitments when the envelope limits
            those); used up in place.
        forward_category, forward_total: shape ``(years, trials)``, for later tranches; used up in place.
        y: index of the year. ``has_cover``: later tranches must fit too.
        is_second_pass: offer only rows that have no commitment yet (pooling).
        refused: shape ``(offsets, trials)``, receives where not everything fits under ``ranked`` what more room must
            hold before another row fits: the tranches of the first that did not.

    Returns:
        how many scores were drawn.
    """
    most, width, horizon = longest(ends) + 1, shares.shape[1], len(forward_total)
    early = early_shares(shares, last)
    order, offered, ranked = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    kinds = np.zeros(most, np.uint32)  # of shares, by place in the trial; 0 where all rows are alike
    total, ahead = np.empty(width, np.int64), np.empty(width, np.int64)
    scores = 0
    for t in range(len(ends) - 1):
        b = which[t]
        room, start = min(room_category[b], room_total[b]), ends[t]
        committed, unfunded, paid, over = 0, 0, 0, 0
        count = entitled = np.int64(0)  # as a plain 0 it would have what is called with it compiled twice
        for k in range(width):
            z = y + k
            is_covered = has_cover and k > 0 and z < horizon
            ahead[k] = min(forward_category[z, b], forward_total[z, b]) if is_covered else UNLIMITED
            total[k] = 0
        # Take it that everything fits; where it does, there is nothing to rank.
        for n in group(ends, t):
            if is_second_pass and commitment[n] > 0:
                continue
            if len(kind) > 0:
                kinds[np.int64(n) - start] = kind[rows[n]]
            commitment[n] = wanted[n]
            entitled += wanted[n]
            order[count] = n
            count += 1
        split_all(wanted, order, count, start, early, kinds, last, due, offered, total)
        if not is_second_pass:
            book[ENTITLEMENT, t] = entitled
            book[NEED, t] += total[0]
        if all_fit(entitled, total, room, ahead, limits_commitments):
            committed, paid = entitled, total[0]
        else:
            least = _least(order, count, wanted, due, limits_commitments)
            # Where no row can get anything by `ranked` or `partial`, their ranking is not needed.
            is_open = rule == PRO_RATA or rule == DEFER or (rule == PARTIAL and room > 0) or least <= max(room, 0)
            refused[0, t] = least
            for k in range(1, width):
                refused[k, t] = 0
            if is_open and is_ranked:
                for j in range(count):
                    ranked[j] = rows[order[j]]
                rank(
                    ranked, order, count, offsets[t], applicant, excellent[b], by_score, origin_row, origin_year, given,
                    year, first_trial + b, key0, key1,
                )  # fmt: skip
                scores += count if by_score else 0
            for j in range(count):
                offered[j] = wanted[order[j]]
            if rule == PRO_RATA:
                _pro_rata(offered, order, start, count, last, kinds, total, room, ahead, limits_commitments)
            for j in range(count):
                n, c = np.uint64(order[j]), offered[j]  # as in `group`: another type would have `split` compiled twice
                if is_open and c != wanted[n]:
                    split_anew(c, early, kinds[np.int64(n) - start], last, due, n, total)
                is_limited = is_open and (rule == RANKED or rule == PARTIAL)
                if is_limited and not fits(c, due, n, room, ahead, limits_commitments):
                    is_open = False
                    refused[0, t] = c if limits_commitments else due[n, 0]
                    for k in range(1, width):
                        refused[k, t] = due[n, k]
                    if rule == PARTIAL:
                        c = largest_that_fits(
                            c,
                            shares,
                            early,
                            kinds[np.int64(n) - start],
                            last,
                            room,
                            ahead,
                            limits_commitments,
                            due,
                            n,
                            total,
                        )
                        is_open = c > 0
                if not is_open:
                    commitment[n] = 0
                    unfunded += wanted[n]
                    for k in range(width):
                        total[k] -= due[n, k]
                        due[n, k] = 0
                    continue
                payable = due[n, 0] if limits_commitments else min(due[n, 0], max(room, 0))
                over += c - min(c, max(room, 0)) if limits_commitments else due[n, 0] - payable
                room -= c if limits_commitments else payable
                commitment[n] = c
                unpaid[n] = due[n, 0] - payable
                committed += c
                unfunded += wanted[n] - c
                paid += payable
                for k in range(width):
                    ahead[k] -= due[n, k]
                is_open = not is_limited or c == wanted[n]
        room_category[b] -= committed if limits_commitments else paid
        room_total[b] -= committed if limits_commitments else paid
        for k in range(1, min(width, horizon - y)):
            forward_category[y + k, b] -= total[k]
            forward_total[y + k, b] -= total[k]
        for k in range(width):
            due_total[k, t] += total[k]
        book[DUE, t] += total[0]
        book[PAYMENT, t] += paid
        book[OVER_ENVELOPE, t] += over
        book[COMMITMENT, t] += committed
        book[UNFUNDED, t] += -committed if is_second_pass else unfunded
    return scores


@compiled
def _least(order, count, wanted, due, limits_commitments):
    """The least that a row must find room for now."""
    least = UNLIMITED
    for j in range(count):
        least = min(least, wanted[order[j]] if limits_commitments else due[order[j], 0])
    return least


@compiled
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


@compiled
def _pro_rata(offered, order, start, count, last, kinds, total, room, ahead, limits_commitments):
    """Cut every row of ``offered`` by the tightest year."""
    is_single, asked = True, np.int64(0)
    for j in range(count):
        asked += offered[j]
        is_single &= limits_commitments or last[kinds[order[j] - start]] == 0
    if is_single:
        share_pro_rata(offered, np.int64(0), count, asked, max(room, 0))
        return
    tightest, ratio = 0, np.inf
    for k in range(len(total)):
        free = room if k == 0 else ahead[k]
        if total[k] > 0 and max(free, 0) / total[k] < ratio:
            tightest, ratio = k, max(free, 0) / total[k]
    free = max((room if tightest == 0 else ahead[tightest]) - count, 0)
    for j in range(count):
        offered[j] = product_floor(offered[j], free, total[tightest]) // FEN_A_YUAN * FEN_A_YUAN


@compiled
def top_up(ends, unpaid, room, book):
    """Pooling: pay from ``room`` what this year's commitments are still owed of tranche 0."""
    for t in range(len(ends) - 1):
        paid = 0
        for n in group(ends, t):
            amount = max(min(unpaid[n], room[t] - paid), 0)
            unpaid[n] -= amount
            paid += amount
        room[t] -= paid
        book[PAYMENT, t] += paid


@compiled
def top_up_in_full(owed, room, book):
    """:func:`top_up` after :func:`commit_in_full`."""
    for t in range(len(owed)):
        paid = min(owed[t], room[t])
        owed[t] -= paid
        room[t] -= paid
        book[PAYMENT, t] += paid
