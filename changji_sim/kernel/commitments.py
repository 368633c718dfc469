"""New commitments (立项): what each entitled row gets within the envelopes, and its tranches.

Functions over a block of trials, as in :mod:`changji_sim.kernel.caps`: plain arrays in, plain arrays out, money in fen.
Only rows with an entitlement are read: those of trial t are ``ends[t]`` … ``ends[t + 1]``, in submission order.

The loops that touch many rows are free of branches that depend on chance: a processor guesses those wrong half the
time.
"""

from __future__ import annotations

from typing import NamedTuple

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
def split_anew(amount, early, r, last, due, n, total):
    """:func:`split` where ``total`` holds another amount's tranches."""
    for k in range(len(total)):
        total[k] -= due[n, k]
    split(amount, early, r, last, due, n, total)


@compiled
def _all_fit(amount, parts, room, ahead, limits_commitments):
    """Whether commitments that add up to ``amount``, and by year to ``parts``, fit."""
    if limits_commitments:
        return amount <= max(room, 0)
    is_fitting = parts[0] <= max(room, 0)
    for k in range(1, len(ahead)):
        is_fitting &= parts[k] <= max(ahead[k], 0)
    return is_fitting


@compiled
def _fits(amount, due, n, room, ahead, limits_commitments):
    """:func:`_all_fit` for one row."""
    if limits_commitments:
        return amount <= max(room, 0)
    is_fitting = due[n, 0] <= max(room, 0)
    for k in range(1, len(ahead)):
        is_fitting &= due[n, k] <= max(ahead[k], 0)
    return is_fitting


@compiled
def _largest_that_fits(amount, shares, early, r, last, room, ahead, limits_commitments, due, n, total):
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
    while c > 0 and not _fits(c, due, n, room, ahead, limits_commitments):
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
        due: shape ``(rows, offsets + 1)``, holds 0 and receives the tranches.
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
            split(wanted[n], early, kinds[np.int64(n) - start], last, due, n, total)
            commitment[n] = wanted[n]
            entitled += wanted[n]
            order[count] = n
            count += 1
        if not is_second_pass:
            book[ENTITLEMENT, t] = entitled
            book[NEED, t] += total[0]
        if _all_fit(entitled, total, room, ahead, limits_commitments):
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
                if is_limited and not _fits(c, due, n, room, ahead, limits_commitments):
                    is_open = False
                    refused[0, t] = c if limits_commitments else due[n, 0]
                    for k in range(1, width):
                        refused[k, t] = due[n, k]
                    if rule == PARTIAL:
                        c = _largest_that_fits(
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


class CellSums(NamedTuple):
    """What is kept of one item's commitments of a year, by trial: see :func:`commit_in_order`."""

    entitlement: np.ndarray  # fen
    parts: np.ndarray  # tranches if everything fits, (offsets, trials)
    plan: np.ndarray  # tranches committed, (offsets + 1, trials)
    committed: np.ndarray
    need: np.ndarray  # tranche 0 if everything fits
    over: np.ndarray
    is_full: np.ndarray  # uint8: everything fitted
    refused: np.ndarray  # as in :func:`commit`
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


@compiled
def _rank_all(t, start, size, ranking, order, rows):
    """Rank all rows of a trial, those without an entitlement too: what caps leave of them changes no place."""
    for j in range(size):
        rows[j], order[j] = start + j, j
    rank(
        rows, order, size, start, ranking.applicant, ranking.excellent[t], ranking.by_score, ranking.origin_row,
        ranking.origin_year, ranking.given, ranking.year, ranking.first_trial + t, ranking.key0, ranking.key1,
    )  # fmt: skip
    for j in range(size):
        ranking.places[start + j] = order[j]
        ranking.was_first[start + j] = ranking.excellent[t, ranking.applicant[start + j]] != 0
    ranking.is_known[t] = 1


@compiled
def trials_reordered(first, offsets, is_rating, ranking):
    """Where the ranking of a year differs, uint8 a trial: among the trials with other ratings, ``is_rating``, those in
    which one of the rows has one. Their places are known no longer.
    """
    is_other = np.zeros(len(is_rating), np.uint8)
    for t in range(len(is_rating)):
        if is_rating[t]:
            for i in group(offsets, first + t):
                is_first = ranking.excellent[t, ranking.applicant[i]] != 0
                is_other[t] |= is_first != (ranking.was_first[i] != 0)
            is_other[t] |= ranking.is_known[t] == 0
            ranking.is_known[t] &= 1 - is_other[t]
    return is_other


@compiled
def _serve(
    start, size, left, places, kind, shares, early, last, is_partial, room, ahead, limits_commitments, due, total,
    refused, now,
):  # fmt: skip
    """Commit rows in order of their places until one does not fit: ``now`` receives what each of the trial's gets.

    Returns:
        the sum committed, and the first place that gets nothing.
    """
    committed, zero = np.int64(0), np.uint64(0)
    for j in range(size):
        nth = np.int64(places[start + j])
        c = left[start + nth]
        if c == 0:
            continue
        r = kind[start + nth] if len(kind) > 0 else np.uint32(0)
        split(c, early, r, last, due, zero, total)
        is_fitting = _fits(c, due, zero, room, ahead, limits_commitments)
        if not is_fitting:
            refused[0] = c if limits_commitments else due[0, 0]
            for k in range(1, len(refused)):
                refused[k] = due[0, k]
            if is_partial:
                c = _largest_that_fits(
                    c, shares, early, r, last, room, ahead, limits_commitments, due, zero, total
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


@compiled
def _step(
    start, size, left, kept, places, kind, early, last, room, ahead, limits_commitments, due, total, refused, committed,
    reach, n, rows, before, after,
):  # fmt: skip
    """`ranked` with other rooms, all else being as it was: take back commitments from the last place on until the
    others fit, or go on to further places while they do. Rows that change are written from ``n`` on.

    Returns:
        the sum committed, the first place that gets nothing, and where the rows that changed end.
    """
    zero, has_taken_back = np.uint64(0), False
    while not _all_fit(committed, total, room, ahead, limits_commitments):
        reach -= 1
        i = start + np.int64(places[start + reach])
        c = kept[i]
        if c == 0:
            continue
        for k in range(len(total)):
            refused[k] = 0
        split(c, early, kind[i] if len(kind) > 0 else np.uint32(0), last, due, zero, refused)
        for k in range(len(total)):
            total[k] -= due[0, k]
            refused[k] = due[0, k]
        refused[0] = c if limits_commitments else due[0, 0]
        committed -= c
        kept[i], has_taken_back = 0, True
        rows[n], before[n], after[n] = i, c, 0
        n += 1
    while not has_taken_back and reach < size:
        i = start + np.int64(places[start + reach])
        c = left[i]
        if c > 0:
            split(c, early, kind[i] if len(kind) > 0 else np.uint32(0), last, due, zero, total)
            if not _all_fit(committed + c, total, room, ahead, limits_commitments):
                for k in range(len(total)):
                    total[k] -= due[0, k]
                    refused[k] = due[0, k]
                refused[0] = c if limits_commitments else due[0, 0]
                break
            committed += c
            kept[i] = c
            rows[n], before[n], after[n] = i, 0, c
            n += 1
        reach += 1
    return committed, reach, n


@compiled
def commit_in_order(
    which, y, offsets, left, kept, kind, shares, last, is_partial, room_category, room_total, forward_category,
    forward_total, has_cover, limits_commitments, ranking, sums,
):  # fmt: skip
    """Step 6b.3 by `ranked` or `partial` in some trials of a block, as :func:`commit` makes it.

    Args:
        offsets, left, kind: of the rows of all years; ``kept``: what each is committed, overwritten.
        is_partial: the first row that does not fit gets what does.

    Returns:
        ``(ends, rows, before, now)``, by trial of ``which`` the rows that get another commitment.
    """
    trials, width, horizon = len(sums.committed), shares.shape[1], len(forward_total)
    first, most, longest_one = y * trials, 1, 1
    for t in which:
        size = offsets[first + t + 1] - offsets[first + t]
        most += size
        longest_one = max(longest_one, size)
    ends, rows = np.zeros(len(which) + 1, np.int64), np.empty(most, np.int64)
    before, after = np.empty(most, np.int64), np.empty(most, np.int64)
    order, names, now = np.empty((3, longest_one), np.int64)
    early, due = early_shares(shares, last), np.zeros((1, width + 1), np.int64)
    total, ahead, refused = np.zeros((3, width), np.int64)
    n = 0
    for w in range(len(which)):
        t = which[w]
        start, size = offsets[first + t], offsets[first + t + 1] - offsets[first + t]
        room = min(room_category[t], room_total[t])
        for k in range(width):
            z = y + k
            is_covered = has_cover and k > 0 and z < horizon
            ahead[k] = min(forward_category[z, t], forward_total[z, t]) if is_covered else UNLIMITED
            total[k] = sums.parts[k, t]
            refused[k] = 0
        committed, reach, was_full = sums.entitlement[t], size, sums.is_full[t]
        sums.is_full[t] = _all_fit(committed, total, room, ahead, limits_commitments)
        if not (sums.is_full[t] or ranking.is_known[t]):
            _rank_all(t, start, size, ranking, order, names)
            is_same_order = was_full
        else:
            is_same_order = 1
        if not (sums.is_full[t] or is_partial) and is_same_order and not sums.to_commit[t]:
            for k in range(width):
                total[k] = sums.plan[k, t]
            committed, reach, n = _step(
                start, size, left, kept, ranking.places, kind, early, last, room, ahead, limits_commitments, due, total,
                refused, sums.committed[t], size if was_full else sums.reach[t], n, rows, before, after,
            )  # fmt: skip
            is_done = True
        elif sums.is_full[t]:
            is_done = False
            for j in range(size):
                now[j] = left[start + j]
        else:
            is_done = False
            for j in range(size):
                now[j] = 0
            for k in range(width):
                total[k] = 0
            committed, reach = _serve(
                start, size, left, ranking.places, kind, shares, early, last, is_partial, room, ahead,
                limits_commitments, due, total, refused, now,
            )  # fmt: skip
        old = kept[start : start + size]
        for j in range(0 if is_done else size):
            if old[j] != now[j]:
                rows[n], before[n], after[n] = start + j, old[j], now[j]
                old[j] = now[j]
                n += 1
        ends[w + 1] = n
        sums.reach[t] = reach
        _keep_sums(t, y, committed, total, refused, sums)
        paid = committed if limits_commitments else total[0]
        room_category[t] -= paid
        room_total[t] -= paid
        for k in range(1, min(width, horizon - y)):
            forward_category[y + k, t] -= total[k]
            forward_total[y + k, t] -= total[k]
    return ends, rows[:n].copy(), before[:n].copy(), after[:n].copy()


@compiled
def _keep_sums(t, y, committed, total, refused, sums):
    """Keep what was committed in a trial."""
    for k in range(len(total)):
        if k > 0 and sums.plan[k, t] != total[k]:
            sums.carried[y + k, t] += total[k] - sums.plan[k, t]
            sums.touched[y + k, t] = 1
        sums.plan[k, t] = total[k]
        sums.refused[k, t] = refused[k]
    sums.committed[t], sums.need[t], sums.over[t] = committed, sums.parts[0, t], 0
    sums.to_commit[t], sums.touched[y, t] = 0, 1


@compiled
def keep_all(which, y, sums):
    """Keep that everything is committed in some trials of a year, as before."""
    width = len(sums.parts)
    total, refused = np.empty(width, np.int64), np.zeros(width, np.int64)
    for t in which:
        for k in range(width):
            total[k] = sums.parts[k, t]
        _keep_sums(t, y, sums.entitlement[t], total, refused, sums)


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
