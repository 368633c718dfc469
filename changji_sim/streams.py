"""Named random streams: the same variate for the same (seed, item, purpose, year, trial, row), whatever else is drawn.

Counter-based (Philox 4×32, Salmon et al. 2011): a stream is a key, made from seed, item and purpose; year, trial and row are its
counter. Nothing is consumed, so an added item or a changed parameter moves nobody else's draws, and chunks of
trials may be drawn in any order.
"""

from __future__ import annotations

import hashlib
from math import ceil, exp, floor, lgamma, log, log2, sqrt

import numpy as np
from numba import njit

from .distributions import SIDE, STEPS_PER_OCTAVE, Distribution

ROUNDS = 10
_MASK = np.uint64(0xFFFFFFFF)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_S32 = np.uint64(32)
_HALF = np.uint32(0x80000000)
_TO_UNIT = 2.0**-32
_MANTISSA = 52
_STEP_BITS = np.int64(_MANTISSA - int(log2(STEPS_PER_OCTAVE)))
_FIRST_STEP = np.int64(1023 * STEPS_PER_OCTAVE)
_REST = np.int64((1 << int(_STEP_BITS)) - 1)
_REST_UNIT = 2.0 ** -int(_STEP_BITS)


def stream_key(seed: int, item: str, purpose: str) -> tuple[np.uint64, np.uint64]:
    """The two key words of a stream."""
    digest = hashlib.blake2b(f"{seed}\x1f{item}\x1f{purpose}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest[:4], "little")), np.uint64(int.from_bytes(digest[4:], "little"))


@njit(nogil=True, cache=True, inline="always")
def _philox(c0, c1, c2, c3, k0, k1):
    """One block of four 32-bit words held in 64-bit ones."""
    for _ in range(ROUNDS):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _S32) ^ c1 ^ k0, p1 & _MASK, (p0 >> _S32) ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@njit(nogil=True, cache=True)
def philox_block(c0, c1, c2, c3, k0, k1):
    """One block, for known-answer tests and single draws: four 32-bit words."""
    return _philox(np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3), np.uint64(k0), np.uint64(k1))


@njit(nogil=True, cache=True)
def row_words(offsets, years, first_trial, key0, key1):
    """A 32-bit word for every row.

    Args:
        offsets: shape ``(years · trials + 1,)``, rows of year y and trial t stand at ``offsets[y·trials + t]`` on.
        years: calendar years, shape ``(years,)``.
        first_trial: number of the chunk's first trial.

    Returns:
        uint32, shape ``(rows,)``.
    """
    trials = (len(offsets) - 1) // len(years)
    words = np.empty(offsets[-1], np.uint32)
    for y in range(len(years)):
        year = np.uint64(years[y])
        for t in range(trials):
            start = offsets[y * trials + t]
            end = offsets[y * trials + t + 1]
            trial = np.uint64(first_trial + t)
            whole = (end - start) >> 2
            for b in range(whole):
                w0, w1, w2, w3 = _philox(np.uint64(b), year, trial, np.uint64(0), key0, key1)
                i = start + 4 * b
                words[i] = np.uint32(w0)
                words[i + 1] = np.uint32(w1)
                words[i + 2] = np.uint32(w2)
                words[i + 3] = np.uint32(w3)
            i = start + 4 * whole
            if i < end:
                w0, w1, w2, w3 = _philox(np.uint64(whole), year, trial, np.uint64(0), key0, key1)
                words[i] = np.uint32(w0)
                if i + 1 < end:
                    words[i + 1] = np.uint32(w1)
                if i + 2 < end:
                    words[i + 2] = np.uint32(w2)
    return words


@njit(nogil=True, cache=True)
def trial_words(years, trials, first_trial, key0, key1):
    """One 32-bit word for every year and trial, shape ``(years, trials)``."""
    words = np.empty((len(years), trials), np.uint32)
    for y in range(len(years)):
        for t in range(trials):
            w0, _, _, _ = _philox(
                np.uint64(0), np.uint64(years[y]), np.uint64(first_trial + t), np.uint64(0), key0, key1
            )
            words[y, t] = np.uint32(w0)
    return words


@njit(nogil=True, cache=True, inline="always")
def row_uniform(row, year, trial, key0, key1):
    """The uniform (0–1) of one row of a stream, for draws that few rows need."""
    w0, w1, w2, w3 = _philox(np.uint64(row >> 2), np.uint64(year), np.uint64(trial), np.uint64(0), key0, key1)
    lane = row & 3
    w = w0 if lane == 0 else w1 if lane == 1 else w2 if lane == 2 else w3
    return (np.float64(w) + 0.5) * _TO_UNIT


@njit(nogil=True, cache=True, inline="always")
def row_uniforms_of_three(row, year, trial, key0, key1):
    """Three uniforms of one row, from one block of a stream whose counter is the row itself."""
    w0, w1, w2, _ = _philox(np.uint64(row), np.uint64(year), np.uint64(trial), np.uint64(0), key0, key1)
    return (np.float64(w0) + 0.5) * _TO_UNIT, (np.float64(w1) + 0.5) * _TO_UNIT, (np.float64(w2) + 0.5) * _TO_UNIT


@njit(nogil=True, cache=True)
def rows_of_three_uniforms(rows, year, trial, key0, key1):
    """:func:`row_uniforms_of_three` for an array of rows, shape ``(3, rows)``."""
    out = np.empty((3, len(rows)), np.float64)
    for i in range(len(rows)):
        out[0, i], out[1, i], out[2, i] = row_uniforms_of_three(rows[i], year, trial, key0, key1)
    return out


@njit(nogil=True, cache=True)
def row_uniforms(rows, years, trials, key0, key1):
    """:func:`row_uniform` for arrays of rows, years and trials."""
    out = np.empty(len(rows), np.float64)
    for i in range(len(rows)):
        out[i] = row_uniform(rows[i], years[i], trials[i], key0, key1)
    return out


@njit(nogil=True, cache=True)
def uniforms(words):
    """Uniforms in (0, 1), one a word."""
    out = np.empty(words.shape, np.float64)
    flat_in, flat_out = words.ravel(), out.ravel()
    for i in range(flat_in.size):
        flat_out[i] = (np.float64(flat_in[i]) + 0.5) * _TO_UNIT
    return out


@njit(nogil=True, cache=True)
def table_quantiles(words, table):
    """Quantiles read off a table of :mod:`changji_sim.distributions`, one a word."""
    n = len(words)
    distance = np.empty(n, np.float64)
    for i in range(n):
        w = words[i]
        distance[i] = np.float64(~w if w >= _HALF else w) + 1.0
    # The exponent and the six highest mantissa bits of the distance number the step, the other bits say how far into it.
    bits = distance.view(np.int64)
    flat = table.ravel()
    out = np.empty(n, np.float64)
    for i in range(n):
        k = (bits[i] >> _STEP_BITS) - _FIRST_STEP + (SIDE if words[i] >= _HALF else 0)
        rest = np.float64(bits[i] & _REST) * _REST_UNIT
        out[i] = flat[k] + (flat[k + 1] - flat[k]) * rest
    return out


@njit(nogil=True, cache=True)
def choices(words, values, thresholds):
    """Values of a discrete distribution, one a word: ``values[k]`` from the k-th threshold on (uint32, one fewer)."""
    index = np.zeros(len(words), np.uint8)
    for j in range(len(thresholds)):
        for i in range(len(words)):
            index[i] += words[i] >= thresholds[j]
    out = np.empty(len(words), np.float64)
    for i in range(len(words)):
        out[i] = values[index[i]]
    return out


@njit(nogil=True, cache=True)
def whole_numbers(words, first, count):
    """Whole numbers first … first + count − 1, all as likely, int32."""
    out = np.empty(len(words), np.int32)
    for i in range(len(words)):
        out[i] = first + np.int32((np.uint64(words[i]) * np.uint64(count)) >> _S32)
    return out


@njit(nogil=True, cache=True)
def chances(words, offsets, probability):
    """Flags (1.0 or 0.0); ``probability`` is one value a (year, trial), shape ``(years · trials,)``."""
    out = np.empty(len(words), np.float64)
    for g in range(len(probability)):
        for i in range(offsets[g], offsets[g + 1]):
            out[i] = 1.0 if (np.float64(words[i]) + 0.5) * _TO_UNIT < probability[g] else 0.0
    return out


@njit(nogil=True, cache=True)
def passing(words, offsets, probability):
    """Flags as :func:`chances`, uint8."""
    out = np.empty(len(words), np.uint8)
    for g in range(len(probability)):
        limit = probability[g] * 2.0**32
        for i in range(offsets[g], offsets[g + 1]):
            out[i] = np.float64(words[i]) + 0.5 < limit
    return out


@njit(nogil=True, cache=True)
def strided_members(offsets, trials, begin, step, first, number):
    """Members ``first + (begin + k · step) mod number`` for k = 0, 1, … over all years of a trial, int32 a row."""
    out = np.empty(offsets[-1], np.int32)
    years = (len(offsets) - 1) // trials
    for t in range(trials):
        member = begin[t]
        for y in range(years):
            for i in range(offsets[y * trials + t], offsets[y * trials + t + 1]):
                out[i] = first + member
                member += step[t]
                if member >= number:
                    member -= number
    return out


@njit(nogil=True, cache=True)
def whole_yuan_amounts(values, offsets, factor, base, added):
    """``values · factor[trial] · base + added``, not below 0, rounded to whole yuan, in 万元.

    ``base`` has one value a row, or a single one for all; ``added`` one a row, or none.
    """
    out = np.empty(len(values), np.float64)
    trials = len(factor)
    for g in range(len(offsets) - 1):
        f = factor[g % trials]
        for i in range(offsets[g], offsets[g + 1]):
            out[i] = values[i] * f
    if len(base) > 1:
        for i in range(len(out)):
            out[i] *= base[i]
    elif len(base) == 1:
        for i in range(len(out)):
            out[i] *= base[0]
    if len(added) == len(out):
        for i in range(len(out)):
            out[i] += added[i]
    for i in range(len(out)):
        out[i] = max(np.rint(out[i] * 1e4), 0.0) / 1e4
    return out


@njit(nogil=True, cache=True)
def ascending_days(offsets, years, first_trial, key0, key1):
    """Uniform days (0–1 of the year) in ascending order within a trial: exponential gaps over their sum."""
    out = np.empty(offsets[-1], np.float64)
    trials = (len(offsets) - 1) // len(years)
    for g in range(len(offsets) - 1):
        year, trial = years[g // trials], first_trial + g % trials
        total = 0.0
        start, end = offsets[g], offsets[g + 1]
        for i in range(start, end):
            total -= log(row_uniform(i - start, year, trial, key0, key1))
            out[i] = total
        total -= log(row_uniform(end - start, year, trial, key0, key1))
        for i in range(start, end):
            out[i] /= total
    return out


@njit(nogil=True, cache=True)
def waiting_years(words, offsets, probability, within):
    """Years until an event of constant yearly hazard that comes ``within`` years with ``probability``; 99 if it does not."""
    out = np.empty(len(words), np.float64)
    for g in range(len(probability)):
        log_survival = log(1.0 - probability[g]) / within
        for i in range(offsets[g], offsets[g + 1]):
            u = (np.float64(words[i]) + 0.5) * _TO_UNIT
            years = ceil(log(1.0 - u) / log_survival) if log_survival < 0 else 99.0
            out[i] = max(years, 1.0) if years <= within else 99.0
    return out


@njit(nogil=True, cache=True)
def poisson_counts(words, mean):
    """Poisson counts by inversion: a larger mean never gives a smaller count for the same word.

    Args:
        words: uint32, any shape.
        mean: same shape, ≥ 0.
    """
    out = np.empty(words.shape, np.int64)
    flat_words, flat_mean, flat_out = words.ravel(), mean.ravel(), out.ravel()
    for i in range(flat_words.size):
        m = flat_mean[i]
        u = (np.float64(flat_words[i]) + 0.5) * _TO_UNIT
        k = max(0, int(floor(m - 7.0 * sqrt(m))))  # what lies below has less than a word's resolution
        p = exp(k * log(m) - m - lgamma(k + 1.0)) if m > 0 else 1.0
        cumulated = p
        while cumulated < u and p > 0.0:
            k += 1
            p *= m / k
            cumulated += p
        flat_out[i] = k
    return out


def doubtful(words: np.ndarray, low: float, mode: float, high: float) -> np.ndarray:
    """Triangular (low, mode, high), one a word."""
    from .distributions import triangular_quantile

    return triangular_quantile(uniforms(words), low, mode, high) if high > low else np.full(words.shape, float(mode))


def normal_scores(words: np.ndarray) -> np.ndarray:
    """Standard normals, one a word."""
    from scipy.special import ndtri

    return ndtri(uniforms(words))


def draw_rows(
    distribution: Distribution,
    words: np.ndarray,
    offsets: np.ndarray,
    probability: np.ndarray | None = None,
) -> np.ndarray:
    """One value a row from ``distribution``; ``probability`` (per year and trial) replaces its own where it has one."""
    if distribution.shape == "table":
        return table_quantiles(words, distribution.table)
    if distribution.shape == "choice":
        thresholds = np.ceil(np.array(distribution.weights[:-1]) * 2.0**32 - 0.5).clip(0, 2.0**32 - 1).astype(np.uint32)
        return choices(words, np.array(distribution.values), thresholds)
    if distribution.shape == "chance":
        return chances(words, offsets, _per_group(probability, distribution.values[0], offsets))
    if distribution.shape == "waiting":
        within, p = distribution.values
        return waiting_years(words, offsets, _per_group(probability, p, offsets), within)
    if distribution.shape == "month":
        first, last = distribution.values
        return whole_numbers(words, int(first), int(last - first + 1)).astype(np.float64)
    return np.full(len(words), distribution.values[0])


def _per_group(probability: np.ndarray | None, value: float, offsets: np.ndarray) -> np.ndarray:
    return np.full(len(offsets) - 1, value) if probability is None else np.ascontiguousarray(probability.ravel())
