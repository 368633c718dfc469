"""Cells (item × year × trial): which of them a change can reach, and their rows.

Functions over a block of trials, as in :mod:`changji_sim.kernel.caps`. ``which`` names trials of the block.
"""

from __future__ import annotations

import numpy as np

from .caps import FEN_A_YUAN, SLACK
from .cell_books import APPLIED
from .commitments import RANKED, UNLIMITED
from .compiled import compiled, compiled_in_place, compiled_uncounted
from .ledger import ASKED, DEMAND, FIRST_CUT, INELIGIBLE
from .streams import group

A_PAGE = 512  # amounts of 8 bytes
ROWS_AT_ONCE = 32  # compared side by side


@compiled
def keep_applied(which, book, kept, touched):
    """Keep what selection and caps booked in some trials, ``(flows and caps, trials of which)``, and the entitlement.

    ``kept``: see :class:`changji_sim.kernel.cell_books.KeptYear`.
    """
    caps = (len(kept) - APPLIED) // 2
    for w in range(len(which)):
        t, entitlement = which[w], book[DEMAND, w]
        kept[0, t], kept[3, t] = book[ASKED, w], book[DEMAND, w]
        for row in range(1, 3):
            if kept[row, t] != book[INELIGIBLE + row - 1, w]:  # what is not written to takes no memory
                kept[row, t] = book[INELIGIBLE + row - 1, w]
        for cap in range(caps):
            entitlement -= book[FIRST_CUT + cap, w]
            if kept[APPLIED + cap, t] != book[FIRST_CUT + cap, w]:
                kept[APPLIED + cap, t] = book[FIRST_CUT + cap, w]
            kept[APPLIED + caps + cap, t] = book[FIRST_CUT + caps + cap, w]
        kept[APPLIED - 1, t], touched[t] = entitlement, 1


@compiled_in_place
def in_units(fen, unit):
    """Fen in ``unit`` fen, which is a yuan or one: to divide by a constant is a multiplication."""
    return fen // FEN_A_YUAN if unit == FEN_A_YUAN else fen


@compiled
def forget_rows(offsets, first, which, kept):
    """Set what is kept of the rows of some trials to 0."""
    for t in which:
        for i in group(offsets, first + t):
            kept[i] = 0


@compiled
def move_room(entitlement, cuts, headrooms, n, room, now, mask):
    """An item's year has another room under its n-th cap, behind which stand only caps of the item's year.

    Where the cap cuts nothing, before or now, only its headroom differs; the other trials are marked in ``mask``.
    ``room`` becomes ``now``.

    Returns:
        whether anything differs.
    """
    has_changed = False
    for t in range(len(room)):
        if room[t] == now[t]:
            continue
        has_changed = True
        total = entitlement[t]
        for later in range(n, len(cuts)):
            total += cuts[later, t]
        if total > min(room[t], now[t]):
            mask[t] = 1
        else:
            headrooms[n, t] = now[t] - total
        room[t] = now[t]
    return has_changed


@compiled
def cells_to_commit(
    y, rule, has_cover, limits_commitments, has_changed, is_reordered, room_category, room_total, forward_category,
    forward_total, entitlement, parts, committed, plan, over, is_full, refused, seen, is_grown,
):  # fmt: skip
    """The trials in which an item's commitments of a year must be made anew; the others take what they did before.

    A cell is as it was if what was committed still fits, and the first row that found no room (`refused`) still finds
    none. Where another row of the ranking might have come first, or a row was committed in part, the rooms must be the
    same (``seen``; of trials to be made anew it is written). Where everything was committed, and still can be though
    entitlements differ, ``is_grown`` is set to 1.

    Args:
        has_changed: uint8 a trial, whether entitlements differ. ``is_reordered``: whether the ranking may.
        parts: what would be committed by year offset if everything fits, ``(trials, offsets)``; ``plan``: what was
            committed; ``over``: what of tranche 0 found no room.
    """
    which, n = np.empty(len(committed), np.int64), 0
    width, last = seen.shape[1], min(seen.shape[1], len(forward_total) - y)
    for t in range(len(committed)):
        room = min(room_category[t], room_total[t])
        if is_full[t]:
            paid = entitlement[t] if limits_commitments else parts[t, 0]
            is_clean = paid <= max(room, 0)
            for k in range(1, last if has_cover else 1):
                is_clean &= parts[t, k] <= max(min(forward_category[y + k, t], forward_total[y + k, t]), 0)
        else:
            paid = committed[t] if limits_commitments else plan[t, 0]
            is_same, is_refused, holds = room == seen[t, 0], refused[t, 0] > max(room - paid, 0), paid <= max(room, 0)
            for k in range(1, last if has_cover else 1):
                ahead = min(forward_category[y + k, t], forward_total[y + k, t])
                is_same &= ahead == seen[t, k]
                holds &= plan[t, k] <= max(ahead, 0)
                is_refused |= refused[t, k] > max(ahead - plan[t, k], 0)
            is_clean = (is_reordered[t] == 0) & (has_changed[t] == 0)
            is_clean &= is_same | ((rule == RANKED) & holds & is_refused)
            paid -= 0 if limits_commitments else over[t]
        if is_clean:
            is_grown[t] = is_full[t] & has_changed[t]
            room_category[t] -= paid
            room_total[t] -= paid
            for k in range(1, last):
                promised = parts[t, k] if is_full[t] else plan[t, k]
                forward_category[y + k, t] -= promised
                forward_total[y + k, t] -= promised
            continue
        which[n] = t
        n += 1
        seen[t, 0] = room
        for k in range(1, width):
            is_covered = has_cover and k < last
            seen[t, k] = min(forward_category[y + k, t], forward_total[y + k, t]) if is_covered else UNLIMITED
    return which[:n].copy()


@compiled
def entitled_of_trials(left, unit, offsets, first, which):
    """The rows with something left in some groups: ``(starts, ends, rows, wanted)``, where each group's rows begin and
    end and which of all rows they are.
    """
    starts, ends, most = np.empty(len(which), np.int64), np.zeros(len(which) + 1, np.int64), 1
    for w in range(len(which)):
        starts[w] = offsets[first + which[w]]
        most += offsets[first + which[w] + 1] - starts[w]
    rows, wanted = np.empty(most, np.uint32), np.empty(most, np.int64)
    n = 0
    for w in range(len(which)):
        for i in group(offsets, first + which[w]):
            rows[n] = i
            wanted[n] = np.int64(left[i]) * unit
            n += left[i] > 0
        ends[w + 1] = n
    return starts, ends, rows[:n].copy(), wanted[:n].copy()


@compiled
def left_that_differs(offsets, first, which, left, kept, unit):
    """Compare what caps left in some trials, one after the other in ``left``, with what was kept in ``unit`` fen, and
    keep it.

    Raises:
        ArithmeticError: where an amount is not whole in this unit, which would be an error of this program.

    Returns:
        ``(ends, rows, before, now)`` of the rows that differ.
    """
    most, ends = len(left) + 1, np.zeros(len(which) + 1, np.int64)
    rows, before, now = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    n, is_odd = _compare_left(offsets, first, which, left, kept, unit, ends, rows, before, now)
    if is_odd:
        raise ArithmeticError
    return ends, rows[:n].copy(), before[:n].copy(), now[:n].copy()


@compiled_uncounted
def _compare_left(offsets, first, which, left, kept, unit, ends, rows, before, now):
    """:func:`left_that_differs`; how many rows differ, and whether an amount is not whole in the unit.

    Rows are compared some at a time, side by side: where none of them differs, nothing is written.
    """
    n, at, is_odd = 0, 0, False
    for w in range(len(which)):
        start, stop = offsets[first + which[w]], offsets[first + which[w] + 1]
        for part in range(start, stop, ROWS_AT_ONCE):
            old = kept[part : min(part + ROWS_AT_ONCE, stop)]
            new = left[at : at + len(old)]
            at += len(old)
            differs = np.int64(0)
            for j in range(len(old)):
                differs |= (np.int64(old[j]) * unit) ^ new[j]
            for j in range(len(old) if differs != 0 else 0):
                was = np.int64(old[j]) * unit
                rows[n], before[n], now[n] = part + j, was, new[j]
                n += was != new[j]
                old[j] = in_units(new[j], unit)
                is_odd |= np.int64(old[j]) * unit != new[j]
        ends[w + 1] = n
    return n, is_odd


@compiled
def commitments_that_differ(offsets, first, which, ends, entitled, commitment, kept, unit):
    """Compare some trials' commitments with those kept, and keep them.

    Args:
        ends, entitled, commitment: by trial the rows with an entitlement, in order; none where there are none.
        kept: ``unit`` fen of every row, overwritten.

    Returns:
        ``(ends, rows, before, now)`` of the rows that differ.
    """
    n, most = 0, 1
    for w in range(len(which)):
        most += offsets[first + which[w] + 1] - offsets[first + which[w]]
    differing = np.zeros(len(which) + 1, np.int64)
    rows, before, now = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    for w in range(len(which)):
        start, stop = offsets[first + which[w]], offsets[first + which[w] + 1]
        old = kept[start:stop]
        at, last = (ends[w], ends[w + 1]) if len(entitled) > 0 else (0, 0)
        for j in range(len(old)):
            amount = np.int64(0)
            if at < last and np.int64(entitled[at]) == start + j:
                amount = commitment[at]
                at += 1
            was = np.int64(old[j]) * unit
            if was != amount:
                rows[n], before[n], now[n] = start + j, was, amount
                old[j] = in_units(amount, unit)
                n += 1
        differing[w + 1] = n
    return differing, rows[:n].copy(), before[:n].copy(), now[:n].copy()


@compiled
def of_some_trials(which, ends, rows, before, now, is_wanted):
    """Those of some rows by trial that are of trials wanted (uint8 a trial of the block)."""
    n, m = 0, 0
    some, some_ends = np.empty(len(which), np.int64), np.zeros(len(which) + 1, np.int64)
    some_rows, some_before, some_now = np.empty_like(rows), np.empty_like(before), np.empty_like(now)
    for w in range(len(which)):
        if is_wanted[which[w]]:
            for j in group(ends, w):
                some_rows[m], some_before[m], some_now[m] = rows[j], before[j], now[j]
                m += 1
            some[n], some_ends[n + 1] = which[w], m
            n += 1
    return some[:n].copy(), some_ends[: n + 1].copy(), some_rows[:m].copy(), some_before[:m].copy(), some_now[:m].copy()


@compiled
def add_parts(which, ends, rows, before, now, kind, early, last, parts):
    """Take the tranches of some entitlements as they were out of ``parts``, ``(trials, offsets)``, and add them as they
    are.
    """
    width = early.shape[1]
    for w in range(len(which)):
        total = parts[which[w]]
        for n in group(ends, w):
            r, rest = kind[rows[n]] if len(kind) > 0 else np.uint32(0), now[n] - before[n]
            for k in range(width - 1):  # as `split` has them
                part = np.int64(np.floor(now[n] * early[r, k] * SLACK))
                part -= np.int64(np.floor(before[n] * early[r, k] * SLACK))
                total[k] += part
                rest -= part
            total[last[r]] += rest


@compiled
def mark_used(ends, rows, before, now, which, once, bit, used, has_changed):
    """Keys of one-off awards that are used up in a year, as a bit of ``used``, ``(trials, keys)``."""
    for w in range(len(which)):
        t = which[w]
        for n in group(ends, w):
            if before[n] > 0 and now[n] == 0:
                used[t, once[rows[n]]] &= ~bit
                has_changed[t] = 1
        for n in group(ends, w):
            if now[n] > 0 and before[n] == 0:
                used[t, once[rows[n]]] |= bit
                has_changed[t] = 1


@compiled
def add_credit(ends, rows, before, now, which, once, credit, has_changed):
    """What platforms were committed in a year, ``(trials, platforms)``."""
    for w in range(len(which)):
        for n in group(ends, w):
            credit[which[w], once[rows[n]]] += now[n] - before[n]
            has_changed[which[w]] = 1


@compiled
def mark_any(which, marks, is_any):
    """Mark of some trials those in whose row, of ``marks`` ``(trials, …)``, anything is not 0."""
    for t in which:
        row, found = marks[t], np.uint8(0)
        for n in range(len(row)):
            found |= row[n]
        is_any[t] = found != 0


@compiled
def open_forward(promises, y, forward_category, forward_total):
    """Step 6a by its sums: what the opening of a year changes of what is promised in later ones."""
    for c in range(len(promises)):
        for z in range(y + 1, len(forward_total)):
            of_year, category, total = promises[c, y, z], forward_category[c, z], forward_total[z]
            for t in range(len(of_year)):
                category[t] -= of_year[t]
                total[t] -= of_year[t]


# --- payments ---------------------------------------------------------------------------------------------------------


@compiled_in_place
def _put(now, kept, has_changed):
    """Keep amounts of a page, unless they are what is kept: what was never written to takes no memory."""
    differs = np.int64(0)
    for n in range(len(now)):
        differs |= now[n] ^ kept[n]
    if differs != 0:
        for n in range(len(now)):
            has_changed[n] |= now[n] != kept[n]
            kept[n] = now[n]


@compiled
def pay_owed(owed, paid, room_category, room_total, has_changed):
    """Step 6b.1 of one item by its sums: arrears of earlier years, as far as room goes."""
    now = np.empty(A_PAGE, np.int64)
    for start in range(0, len(owed), A_PAGE):
        some, category, total = owed[start : start + A_PAGE], room_category[start:], room_total[start:]
        for n in range(len(some)):
            now[n] = max(min(some[n], min(category[n], total[n])), 0)
            category[n] -= now[n]
            total[n] -= now[n]
        _put(now[: len(some)], paid[start : start + A_PAGE], has_changed[start : start + A_PAGE])


@compiled
def pay_carried(due, over, room_category, room_total, has_changed):
    """Step 6b.2 of one item by its sums: carried payments; ``over`` receives what finds no room.

    Returns:
        whether anything found none.
    """
    short, any_short = np.empty(A_PAGE, np.int64), np.int64(0)
    for start in range(0, len(due), A_PAGE):
        some, category, total = due[start : start + A_PAGE], room_category[start:], room_total[start:]
        for n in range(len(some)):
            short[n] = max(some[n] - max(min(category[n], total[n]), 0), 0)
            any_short |= short[n]
            category[n] -= some[n] - short[n]
            total[n] -= some[n] - short[n]
        _put(short[: len(some)], over[start : start + A_PAGE], has_changed[start : start + A_PAGE])
    return any_short != 0


@compiled
def commit_awards(entitlement, over, room_category, room_total, limits_commitments, has_changed):
    """Step 6b.3 of an item that is owed by law and paid at once, by its sums; ``over`` receives what finds no room.

    Returns:
        whether anything found none.
    """
    short, any_short = np.empty(A_PAGE, np.int64), np.int64(0)
    for start in range(0, len(entitlement), A_PAGE):
        some, category, total = entitlement[start : start + A_PAGE], room_category[start:], room_total[start:]
        for n in range(len(some)):
            short[n] = max(some[n] - max(min(category[n], total[n]), 0), 0)
            any_short |= short[n]
            paid = some[n] if limits_commitments else some[n] - short[n]
            category[n] -= paid
            total[n] -= paid
        _put(short[: len(some)], over[start : start + A_PAGE], has_changed[start : start + A_PAGE])
    return any_short != 0


@compiled
def carry_arrears(owed, paid, over_carried, over_new, after, has_changed):
    """What is owed when the year ends, ``after``."""
    now = np.empty(A_PAGE, np.int64)
    for start in range(0, len(owed), A_PAGE):
        some, paid_some, carried = owed[start : start + A_PAGE], paid[start:], over_carried[start:]
        new = over_new[start:]
        for n in range(len(some)):
            now[n] = some[n] - paid_some[n] + carried[n] + new[n]
        _put(now[: len(some)], after[start : start + A_PAGE], has_changed[start : start + A_PAGE])


# --- other claims -----------------------------------------------------------------------------------------------------


@compiled
def mark_other_counts(offsets, other, mask):
    """Mark the cells that have another number of rows, uint8 a cell of all years."""
    for g in range(len(mask)):
        mask[g] |= offsets[g + 1] - offsets[g] != other[g + 1] - other[g]


@compiled
def mark_other_values(offsets, values, other_offsets, others, mask, is_other):
    """Mark the rows that have another value in a column, and their cells."""
    for g in range(len(mask)):
        start, there = offsets[g], other_offsets[g]
        size = min(offsets[g + 1] - start, other_offsets[g + 1] - there)
        ours, theirs = values[start : start + size], others[there : there + size]
        differs = False
        for j in range(size):
            differs |= ours[j] != theirs[j]
        if differs:
            mask[g] = 1
            for j in range(size):
                is_other[start + j] |= ours[j] != theirs[j]


@compiled
def rows_taken_away(offsets, other_offsets, first, which, is_other, kept, unit):
    """The rows of some trials that are gone and had something, ``unit`` fen, which is kept no longer: those behind the
    last that there now is, and those that are others (uint8 a row; empty: none).

    Returns:
        ``(ends, rows, before, now)`` by trial of ``which``.
    """
    n, most = 0, 1
    for t in which:
        most += offsets[first + t + 1] - offsets[first + t]
    ends, rows, before = np.zeros(len(which) + 1, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    for w in range(len(which)):
        g = first + which[w]
        stays = other_offsets[g + 1] - other_offsets[g]
        for j in range(0 if len(is_other) > 0 else stays, offsets[g + 1] - offsets[g]):
            i = offsets[g] + j
            if (j >= stays or is_other[i]) and kept[i] > 0:
                rows[n], before[n] = i, np.int64(kept[i]) * unit
                kept[i] = 0
                n += 1
        ends[w + 1] = n
    return ends, rows[:n].copy(), before[:n].copy(), np.zeros(n, np.int64)


@compiled
def moved_rows(offsets, values, other_offsets, is_other, others):
    """Copy the values of all rows but those that are gone to where they now stand."""
    g, groups = 0, len(offsets) - 1
    while g < groups:
        first = g  # groups of as many rows as they had stand side by side
        while g < groups and other_offsets[g + 1] - other_offsets[g] == offsets[g + 1] - offsets[g]:
            g += 1
        _copy_rows(offsets[first], other_offsets[first], offsets[g] - offsets[first], values, is_other, others)
        if g < groups:
            size = min(offsets[g + 1] - offsets[g], other_offsets[g + 1] - other_offsets[g])
            _copy_rows(offsets[g], other_offsets[g], size, values, is_other, others)
            g += 1


@compiled_in_place
def _copy_rows(start, there, size, values, is_other, others):
    some, into = values[start : start + size], others[there : there + size]
    if len(is_other) == 0:
        for j in range(size):
            into[j] = some[j]
    else:
        for j in range(size):
            into[j] = into[j] if is_other[start + j] else some[j]
