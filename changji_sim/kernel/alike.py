"""Rows that are equal in some columns: a formula is computed once for each kind of row."""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiled import compiled

AT_ONCE = 4  # columns
FIRST_SLOTS = 4096
_MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_C, _MIX_D = np.uint64(0x165667B19E3779F9), np.uint64(0xD6E8FEB86659FD93)
_HALF, _HIGH_BITS, _NEXT = np.uint64(32), np.uint64(36), np.uint64(1)


def alike(*columns: Any) -> tuple[list[np.ndarray], np.ndarray]:
    """Number the kinds of rows by columns that hold few different values (days, years, months, choices).

    >>> (start, months), kind = alike(np.array([3.0, 1.0, 3.0]), np.array([12.0, 12.0, 12.0]))
    >>> start.tolist(), months.tolist(), kind.tolist()
    ([3.0, 1.0], [12.0, 12.0], [0, 1, 0])

    Args:
        columns: one value a row each, or a single one for all rows.

    Returns:
        the value of every column in each kind, in the order in which the kinds first occur; and the kind of each row.
    """
    whole = [np.asarray(column) for column in columns]
    rows = next((len(column) for column in whole if column.ndim), 1)
    differing = [_bits(column) for column in whole if column.ndim and (column.strides[0] or not rows)]
    while len(differing) > AT_ONCE:
        differing[:AT_ONCE] = [_bits(number_kinds(*differing[:AT_ONCE])[1])]
    if differing:
        first, kind = number_kinds(*differing, *differing[:1] * (AT_ONCE - len(differing)))
    else:
        first, kind = np.zeros(1, np.intp), np.zeros(rows, np.intp)
    return [column[first] if column.ndim else np.full(len(first), column) for column in whole], kind


def _bits(column: np.ndarray) -> np.ndarray:
    """A column's bits, writable or not of the same type to a compiler."""
    bits = np.ascontiguousarray(column, None if column.dtype.itemsize == 8 else float).view(np.uint64)
    bits.flags.writeable = False
    return bits


def number_kinds(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each kind, and the kind of each row, by four columns of 64 bits."""
    kind, first = np.empty(len(a), np.int64), np.empty(FIRST_SLOTS // 4, np.int64)
    known = np.empty((len(first), AT_ONCE), np.uint64)  # the values of each kind, side by side
    done, n = _number_on(a, b, c, d, np.full(FIRST_SLOTS, -1, np.int32), known, first, kind, 0, 0)
    while done < len(a):  # as many kinds as a quarter of the slots
        first, known = np.concatenate([first, first]), np.concatenate([known, known])
        done, n = _number_on(a, b, c, d, np.full(4 * len(first), -1, np.int32), known, first, kind, done, n)
    return first[:n], kind


@compiled
def _number_on(a, b, c, d, slots, known, first, kind, start, n):
    """Number rows from ``start`` on, ``n`` kinds being known, until all are or ``first`` is full; no slot is taken."""
    for k in range(n):
        slots[_slot_of(known[k, 0], known[k, 1], known[k, 2], known[k, 3], slots, known)] = k
    for i in range(start, len(a)):
        at = _slot_of(a[i], b[i], c[i], d[i], slots, known)
        if slots[at] < 0:
            if n == len(first):
                return i, n
            known[n, 0], known[n, 1], known[n, 2], known[n, 3] = a[i], b[i], c[i], d[i]
            first[n], slots[at] = i, n
            n += 1
        kind[i] = slots[at]
    return len(a), n


@compiled
def _slot_of(a, b, c, d, slots, known):
    """The slot of the kind with these values, or the empty one where it belongs; there is a power of two of slots."""
    last = np.uint64(len(slots) - 1)
    mixed = a * _MIX_A + b * _MIX_B + c * _MIX_C + d * _MIX_D
    at = ((mixed ^ (mixed >> _HALF)) * _MIX_A >> _HIGH_BITS) & last
    while slots[at] >= 0:
        k = slots[at]
        if (known[k, 0] == a) & (known[k, 1] == b) & (known[k, 2] == c) & (known[k, 3] == d):
            return at
        at = (at + _NEXT) & last
    return at
