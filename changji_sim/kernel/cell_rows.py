"""Cells (item × year × trial): which of them a change can reach, and their rows.

Functions over a block of trials, as in :mod:`changji_sim.kernel.caps`. ``which`` names trials of the block.
"""

from __future__ import annotations

import numpy as np

from .commitments import RANKED, UNLIMITED
from .compiled import compiled
from .streams import group


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
    forward_total, committed, plan, over, is_full, refused, seen,
):  # fmt: skip
    """The trials in which an item's commitments of a year must be made anew; the others take what they did before.

    A cell is as it was if what was committed still fits, and the first row that found no room (`refused`) still finds
    none. Where another row of the ranking might have come first, or a row was committed in part, the rooms must be the
    same (``seen``; of trials to be made anew it is written).

    Args:
        has_changed: uint8 a trial, whether entitlements differ. ``is_reordered``: whether the ranking may.
        plan: what was committed, by year offset, ``(offsets, trials)``; ``over``: what of tranche 0 found no room.
    """
    which, n = np.empty(len(committed), np.int64), 0
    width, horizon = len(seen), len(forward_total)
    for t in range(len(committed)):
        room = min(room_category[t], room_total[t])
        taken = committed[t] if limits_commitments else plan[0, t]
        is_same, is_refused = room == seen[0, t], refused[0, t] > max(room - taken, 0)
        holds = taken <= max(room, 0)
        for k in range(1, width):
            z = y + k
            if has_cover and z < horizon:
                ahead = min(forward_category[z, t], forward_total[z, t])
                is_same &= ahead == seen[k, t]
                holds &= plan[k, t] <= max(ahead, 0)
                is_refused |= refused[k, t] > max(ahead - plan[k, t], 0)
        if is_full[t]:
            is_clean = holds
        else:
            is_clean = (is_reordered[t] == 0) & (is_same | ((rule == RANKED) & holds & is_refused))
        if not is_clean or has_changed[t]:
            which[n] = t
            n += 1
            seen[0, t] = room
            for k in range(1, width):
                z = y + k
                is_covered = has_cover and z < horizon
                seen[k, t] = min(forward_category[z, t], forward_total[z, t]) if is_covered else UNLIMITED
            continue
        paid = taken if limits_commitments else taken - over[t]
        room_category[t] -= paid
        room_total[t] -= paid
        for k in range(1, min(width, horizon - y)):
            forward_category[y + k, t] -= plan[k, t]
            forward_total[y + k, t] -= plan[k, t]
    return which[:n].copy()


@compiled
def rows_that_differ(offsets, rows, ends, entitled, commitment, kept):
    """Compare some trials' commitments with those kept, and keep them.

    Args:
        offsets, rows: the rows of each trial (`rows_of_trials`). ``ends``, ``entitled``, ``commitment``: those with an
            entitlement, numbered as in ``rows``, in the same order.
        kept: fen of every row, overwritten.

    Returns:
        ``(ends, rows, before, now)`` of the rows that differ.
    """
    n, at = 0, 0
    differing = np.zeros(len(offsets), np.int64)
    which, before, now = np.empty((3, len(rows) + 1), np.int64)
    for w in range(len(offsets) - 1):
        at, stop = ends[w], ends[w + 1]
        for j in group(offsets, w):
            amount = np.int64(0)
            if at < stop and np.int64(entitled[at]) == np.int64(j):
                amount = commitment[at]
                at += 1
            i = rows[j]
            which[n], before[n], now[n] = i, kept[i], amount
            n += kept[i] != amount
            kept[i] = amount
        differing[w + 1] = n
    return differing, which[:n].copy(), before[:n].copy(), now[:n].copy()


@compiled
def keep_rows(rows, values, kept):
    """Write the values of some rows."""
    for n in range(len(rows)):
        kept[rows[n]] = values[n]


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


# --- payments ---------------------------------------------------------------------------------------------------------


@compiled
def pay_owed(owed, paid, room_category, room_total, has_changed):
    """Step 6b.1 of one item by its sums: arrears of earlier years, as far as room goes."""
    for t in range(len(owed)):
        now = max(min(owed[t], min(room_category[t], room_total[t])), 0)
        if now != paid[t]:
            has_changed[t] = 1
        paid[t] = now
        room_category[t] -= now
        room_total[t] -= now


@compiled
def pay_carried(due, over, room_category, room_total, has_changed):
    """Step 6b.2 of one item by its sums: carried payments; ``over`` receives what finds no room."""
    for t in range(len(due)):
        short = max(due[t] - max(min(room_category[t], room_total[t]), 0), 0)
        if short != over[t]:
            has_changed[t] = 1
        over[t] = short
        room_category[t] -= due[t] - short
        room_total[t] -= due[t] - short


@compiled
def commit_awards(entitlement, over, room_category, room_total, limits_commitments):
    """Step 6b.3 of an item that is owed by law and paid at once, by its sums; whether ``over`` differs."""
    has_changed = False
    for t in range(len(entitlement)):
        short = max(entitlement[t] - max(min(room_category[t], room_total[t]), 0), 0)
        has_changed |= short != over[t]
        over[t] = short
        paid = entitlement[t] if limits_commitments else entitlement[t] - short
        room_category[t] -= paid
        room_total[t] -= paid
    return has_changed


@compiled
def carry_arrears(owed, paid, over_carried, over_new, after, has_changed):
    """What is owed when the year ends, ``after``."""
    for t in range(len(owed)):
        now = owed[t] - paid[t] + over_carried[t] + over_new[t]
        if now != after[t]:
            has_changed[t] = 1
        after[t] = now


# --- other claims -----------------------------------------------------------------------------------------------------


@compiled
def mark_other_counts(offsets, other, mask):
    """Mark the cells that have another number of rows; ``mask``: uint8 a cell of all years."""
    for g in range(len(mask)):
        mask[g] |= offsets[g + 1] - offsets[g] != other[g + 1] - other[g]


@compiled
def mark_other_values(offsets, values, other_offsets, others, mask):
    """Mark the cells that have other values in a column; those with another number of rows are marked."""
    for g in range(len(mask)):
        if mask[g]:
            continue
        ours = values[offsets[g] : offsets[g + 1]]
        theirs = others[other_offsets[g] : other_offsets[g + 1]]
        differs = False
        for j in range(len(ours)):
            differs |= ours[j] != theirs[j]
        mask[g] = differs


@compiled
def moved_rows(offsets, values, other_offsets, mask, others):
    """Copy the values of all cells but the marked ones to where their rows now stand."""
    for g in range(len(mask)):
        if not mask[g]:
            ours = values[offsets[g] : offsets[g + 1]]
            theirs = others[other_offsets[g] : other_offsets[g + 1]]
            for j in range(len(ours)):
                theirs[j] = ours[j]
