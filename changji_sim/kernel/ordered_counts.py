"""Small whole numbers in order, by counting how often each stands there: many times as fast as sorting."""

from __future__ import annotations

import numpy as np

from .compiled import compiled


@compiled
def ordered_counts(values, places):
    """The sum of each row of unsigned numbers, and its numbers at some places in ascending order.

    Args:
        values: ``(rows, numbers)``. ``places``: ascending, from 0.

    Returns:
        ``(sums, numbers)``, shapes ``(rows,)`` and ``(rows, places)``, int64.
    """
    rows, size = values.shape
    sums, found = np.zeros(rows, np.int64), np.zeros((rows, len(places)), np.int64)
    for r in range(rows):
        row, largest, total = values[r], np.int64(0), np.int64(0)
        for n in range(size):
            largest = max(largest, np.int64(row[n]))
            total += np.int64(row[n])
        sums[r] = total
        often = np.zeros((2, largest + 1), np.int64)  # two, so that equal numbers side by side need not wait
        for n in range(size // 2):
            often[0, row[2 * n]] += 1
            often[1, row[2 * n + 1]] += 1
        if size % 2:
            often[0, row[size - 1]] += 1
        number, up_to = np.int64(0), often[0, 0] + often[1, 0]
        for p in range(len(places)):
            while up_to <= places[p]:
                number += 1
                up_to += often[0, number] + often[1, number]
            found[r, p] = number
    return sums, found
