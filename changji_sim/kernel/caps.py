"""What fits under a ceiling within a group: each cap (上限) is this with another group.

All functions work on a block of trials: ``left`` holds what earlier caps left of each row (fen, int64) and is
changed in
place; the rows of trial t are ``offsets[t]`` … ``offsets[t + 1]`` in submission order. Each writes, per trial, what it
``cut`` and the ``headroom`` that stayed unused under the ceilings of the rows. Rows with nothing left take
no part.
"""

from __future__ import annotations

import numpy as np

from .compiled import compiled, in_place
from .streams import group

FEN_A_YUAN = 100
SLACK = 1.0 + 2.0**-49  # lifts a product of rounded factors back over the whole yuan it stands for


@compiled
def put_whole_yuan(amounts_wan, rate, step, is_nearest, most, out):
    """Write ``rate × amount``, floating 万元, into ``out`` as yuan in whole steps of them; no binary fraction shows.

    Exact for amounts up to 10亿 yuan times a rate in steps of 0.01%: such a product is a multiple of 0.0001 yuan,
    while a few roundings of doubles move it by less than 2⁻⁴⁹ of itself.

    Args:
        amounts_wan: shape ``(n,)``.
        step: yuan to round to (1 or 100).
        is_nearest: to the nearest step, half up, instead of down.

    Returns:
        whether every ``rate × amount`` lies between 0 and ``most``; what is no number does not.
    """
    half, is_within = 0.5 if is_nearest else 0.0, True
    if step == 1:  # the common case, and a division less
        for i in range(len(amounts_wan)):
            amount = amounts_wan[i] * rate
            is_within &= (amount >= 0.0) & (amount <= most)
            out[i] = np.int64(np.floor(amount * 1e4 * SLACK + half))
    else:
        for i in range(len(amounts_wan)):
            amount = amounts_wan[i] * rate
            is_within &= (amount >= 0.0) & (amount <= most)
            out[i] = np.int64(np.floor(amount * 1e4 / step * SLACK + half)) * step
    return is_within


_put_whole_yuan = in_place(put_whole_yuan)


@compiled
def whole_yuan(amounts_wan, step, is_nearest):
    """Floating 万元 to fen in whole steps of yuan, as :func:`put_whole_yuan`."""
    out = np.empty(len(amounts_wan), np.int64)
    _put_whole_yuan(amounts_wan, 1.0, step, is_nearest, np.inf, out)
    for i in range(len(out)):
        out[i] *= FEN_A_YUAN
    return out


@compiled
def all_within(amounts, most):
    """Whether every amount lies between 0 and ``most``; what is no number does not."""
    is_within = True
    for i in range(len(amounts)):
        is_within &= (amounts[i] >= 0.0) & (amounts[i] <= most)
    return is_within


@compiled
def product_floor(a, b, c):
    """⌊a · b ÷ c⌋ for a ≥ 0, b ≥ 0, c > 0, where a · b may not fit 64 bits but the quotient does."""
    q = np.int64(np.float64(a) * np.float64(b) / np.float64(c))
    rest = np.int64(np.uint64(a) * np.uint64(b) - np.uint64(q) * np.uint64(c))
    while rest < 0:
        q -= 1
        rest += c
    while rest >= c:
        q += 1
        rest -= c
    return q


@compiled
def per_application(left, offsets, ceiling, unit, cut, headroom):
    """Each row under its own ceiling, ``unit`` fen (``ceiling``: one value a row, or a single one)."""
    for t in range(len(offsets) - 1):
        taken, spare = 0, 0
        if len(ceiling) != 1:
            for i in group(offsets, t):
                over = left[i] - (np.int64(ceiling[i]) * unit if left[i] > 0 else 0)
                taken += max(over, 0)
                spare += max(-over, 0)
                left[i] -= max(over, 0)
        else:
            of_all = np.int64(ceiling[0]) * unit
            for i in group(offsets, t):
                over = left[i] - (of_all if left[i] > 0 else 0)
                taken += max(over, 0)
                spare += max(-over, 0)
                left[i] -= max(over, 0)
        cut[t] = taken
        headroom[t] = spare


@compiled
def per_group_in_order(left, offsets, group_of, ceiling, groups, cut, headroom):
    """Groups (an applicant's year) use up their ceiling in submission order."""
    room = np.empty(groups, np.int64)
    seen_in = np.full(groups, -1, np.int32)  # the last trial a group was seen in
    for t in range(len(offsets) - 1):
        taken, spare = 0, 0
        for i in group(offsets, t):
            if left[i] == 0:
                continue
            g = group_of[i]
            free = room[g]
            if seen_in[g] != t:
                seen_in[g] = t
                free = ceiling
                spare += ceiling
            granted = min(left[i], free)
            taken += left[i] - granted
            spare -= granted
            left[i] = granted
            room[g] = free - granted
        cut[t] = taken
        headroom[t] = spare


@compiled
def winners_within_count(left, offsets, group_of, tier, tiers, limit, groups, cut):
    """At most ``limit[t]`` distinct winners; the lowest tier goes first, within it the latest submitted.

    A further award to an enterprise that already wins adds no winner and stays.
    """
    wins = np.zeros(groups, np.uint8)
    for t in range(len(offsets) - 1):
        winners, taken = 0, 0
        for best in range(tiers):
            for i in group(offsets, t):
                if left[i] == 0 or (len(tier) > 0 and int(tier[i]) != best):
                    continue
                g = group_of[i]
                if wins[g]:
                    continue
                if winners < limit[t]:
                    wins[g] = 1
                    winners += 1
                else:
                    taken += left[i]
                    left[i] = 0
        for i in group(offsets, t):
            wins[group_of[i]] = 0
        cut[t] = taken


@compiled
def per_year_in_order(left, offsets, room, cut, headroom):
    """One room for all rows of the year, in submission order; the row that straddles it gets the rest."""
    for t in range(len(offsets) - 1):
        total = 0
        for i in group(offsets, t):
            total += left[i]
        cut[t] = max(total - room[t], 0)
        headroom[t] = max(room[t] - total, 0)
        if total <= room[t]:
            continue
        free = room[t]
        for i in group(offsets, t):
            left[i] = min(left[i], free)
            free -= left[i]


@compiled
def per_year_pro_rata(left, offsets, room, cut, headroom):
    """One room for all rows of the year, shared in proportion; left-over yuan go one each in submission order."""
    for t in range(len(offsets) - 1):
        total = np.int64(0)  # as a plain 0 it would have what is called with it compiled twice
        for i in group(offsets, t):
            total += left[i]
        whole_room = room[t] // FEN_A_YUAN
        cut[t] = 0
        headroom[t] = max(room[t] - total, 0)
        if total > room[t]:
            cut[t] = share_pro_rata(left, offsets[t], offsets[t + 1], total, whole_room * FEN_A_YUAN)


@compiled
def share_pro_rata(left, start, end, total, room):
    """Cut rows start … end to ⌊left · room ÷ total⌋ whole yuan, hand out the left-over yuan, and give back what was
    cut.
    """
    given = 0
    for i in range(start, end):
        given += product_floor(left[i], room, total) // FEN_A_YUAN
    over = room // FEN_A_YUAN - given
    taken = 0
    for i in range(start, end):
        share = product_floor(left[i], room, total) // FEN_A_YUAN
        if over > 0 and share * FEN_A_YUAN < left[i]:
            share += 1
            over -= 1
        taken += left[i] - share * FEN_A_YUAN
        left[i] = share * FEN_A_YUAN
    return taken
