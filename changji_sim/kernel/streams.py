"""Named random streams: the same variate for the same (seed, item, purpose, year, trial, row), whatever else is drawn.

Counter-based (Philox 4×32, Salmon et al. 2011): a stream is a key, made from seed, item and purpose; year, trial
and row are its
counter. Nothing is consumed, so an added item or a changed parameter changes no other draws, and chunks of
trials may be drawn in any order.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from math import ceil, exp, floor, lgamma, log, log2, sqrt
from statistics import NormalDist

import numpy as np

from ..scenario.distributions import SIDE, STEPS_PER_OCTAVE, Distribution
from .compiled import compiled, compiled_in_place

ROUNDS = 10
_MASK = np.uint64(0xFFFFFFFF)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_S32 = np.uint64(32)
ABREAST = 8  # blocks worked out side by side
COUNTS_ABREAST = 32
LARGE_MEAN = 600.0
_ONE, _LAST_WORD, _THREE, _FIVE, _SEVEN = (np.uint64(n) for n in (1, 3, 3, 5, 7))
_HALF = np.uint32(0x80000000)
TO_UNIT = 2.0**-32
_MANTISSA = 52
_STEP_BITS = np.uint64(_MANTISSA - int(log2(STEPS_PER_OCTAVE)))
_FIRST_STEP = np.uint64(1023 * STEPS_PER_OCTAVE)
_REST = np.uint64((1 << int(_STEP_BITS)) - 1)
_LOWER_SIDE, _UPPER_SIDE = np.uint64(0), np.uint64(SIDE)
AT_ONCE = 512  # words taken through a table at once: what lies between the steps stays in the first cache
_REST_UNIT = 2.0 ** -int(_STEP_BITS)
_NORMAL = NormalDist()
# Coefficients of a normal's quantiles in the middle, on the sides, far out: of the numerator and of the denominator
# each, highest power first.
_NORMAL_BY_PARTS = np.array([
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
    13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597,
    5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0,
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
    1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0,
    2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
    2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0,
]).reshape(3, 2, 8)  # fmt: skip


@lru_cache(maxsize=4096)
def stream_key(seed: int, item: str, purpose: str) -> tuple[np.uint64, np.uint64]:
    """The two key words of a stream."""
    digest = hashlib.blake2b(f"{seed}\x1f{item}\x1f{purpose}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest[:4], "little")), np.uint64(int.from_bytes(digest[4:], "little"))


@compiled
def group(offsets, g):
    """The rows of a group, counted without a sign: a compiler then need not ask whether one stands behind the end."""
    return range(np.uint64(offsets[g]), np.uint64(offsets[g + 1]))


@compiled
def offsets_of(counts):
    """Where each group's rows begin, and where the last one's end; ``counts`` of any shape."""
    offsets = np.zeros(counts.size + 1, np.int64)
    flat = counts.ravel()
    for g in range(flat.size):
        offsets[g + 1] = offsets[g] + flat[g]
    return offsets


@compiled_in_place
def _philox(c0, c1, c2, c3, k0, k1):
    """One block of four 32-bit words held in 64-bit ones, so that a compiler may work out several side by side."""
    for _ in range(ROUNDS):
        p0 = _M0 * (c0 & _MASK)  # only here must the upper halves be gone, and a product of lower halves is one step
        p1 = _M1 * (c2 & _MASK)
        c0, c1, c2, c3 = (p1 >> _S32) ^ c1 ^ k0, p1, (p0 >> _S32) ^ c3 ^ k1, p0
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0 & _MASK, c1 & _MASK, c2 & _MASK, c3 & _MASK


@compiled
def row_words(offsets, years, first_trial, key0, key1):
    """A 32-bit word for every row.

    Rows go through the words of eight blocks at a time: rows 0–7 have the first words of blocks 0–7, rows 8–15 the
    second ones, and so on, since eight blocks side by side cost little more than one.

    Args:
        offsets: shape ``(years · trials + 1,)``, rows of year y and trial t stand at ``offsets[y·trials + t]`` on.
        years: calendar years, shape ``(years,)``.
        first_trial: number of the chunk's first trial.

    Returns:
        uint32, shape ``(rows,)``.
    """
    trials = (len(offsets) - 1) // len(years)
    words = np.empty(offsets[-1] + 4 * ABREAST, np.uint32)  # what is written beyond a group is overwritten by the next
    for y in range(len(years)):
        year = np.uint64(years[y])
        for t in range(trials):
            trial, block = np.uint64(first_trial + t), np.uint64(0)
            for i in range(offsets[y * trials + t], offsets[y * trials + t + 1], 4 * ABREAST):
                part = words[i : i + 4 * ABREAST]
                for j in range(ABREAST):
                    w0, w1, w2, w3 = _philox((block + np.uint64(j)) & _MASK, year, trial, np.uint64(0), key0, key1)
                    part[j] = np.uint32(w0)
                    part[j + ABREAST] = np.uint32(w1)
                    part[j + 2 * ABREAST] = np.uint32(w2)
                    part[j + 3 * ABREAST] = np.uint32(w3)
                block += np.uint64(ABREAST)
    return words[: offsets[-1]]


@compiled
def trial_words(years, trials, first_trial, key0, key1):
    """One 32-bit word for every year and trial, shape ``(years, trials)``."""
    words = np.empty((len(years), trials), np.uint32)
    for y in range(len(years)):
        year = np.uint64(years[y])
        for t in range(trials):
            w0, _, _, _ = _philox(np.uint64(0), year, np.uint64(first_trial + t) & _MASK, np.uint64(0), key0, key1)
            words[y, t] = np.uint32(w0)
    return words


@compiled_in_place
def row_word(row, year, trial, key0, key1):
    """The word of one row, as in :func:`row_words`; row, year and trial are unsigned."""
    block = ((row >> _FIVE) << _THREE) | (row & _SEVEN)
    w0, w1, w2, w3 = _philox(block & _MASK, year & _MASK, trial & _MASK, np.uint64(0), key0, key1)
    nth = (row >> _THREE) & _LAST_WORD
    low, high = (w1 if nth & _ONE else w0), (w3 if nth & _ONE else w2)
    return high if nth > _ONE else low


@compiled
def words_of_rows(rows, years, trials, key0, key1):
    """The words of some rows, for draws that few rows need: row, year and trial of each, unsigned."""
    words = np.empty(len(rows), np.uint32)
    for i in range(len(rows)):
        words[i] = np.uint32(row_word(np.uint64(rows[i]), np.uint64(years[i]), np.uint64(trials[i]), key0, key1))
    return words


@compiled
def row_uniform(row, year, trial, key0, key1):
    """The uniform (0–1) of one row of a stream."""
    return (np.float64(row_word(np.uint64(row), np.uint64(year), np.uint64(trial), key0, key1)) + 0.5) * TO_UNIT


def row_uniforms(
    rows: np.ndarray, years: np.ndarray, trials: np.ndarray, key0: np.uint64, key1: np.uint64
) -> np.ndarray:
    """The uniforms (0–1) of some rows of a stream."""
    row, year, trial = (np.asarray(n).astype(np.uint32) for n in (rows, years, trials))
    return uniforms(words_of_rows(row, year, trial, key0, key1))


@compiled
def three_words_of_rows(rows, years, trials, key0, key1):
    """Three words each of some rows, from one block of a stream whose counter is the row itself; shape ``(3,
    rows)``.
    """
    words = np.empty((3, len(rows)), np.uint32)
    first, second, third = words[0], words[1], words[2]
    for i in range(len(rows)):
        w0, w1, w2, _ = _philox(np.uint64(rows[i]), np.uint64(years[i]), np.uint64(trials[i]), np.uint64(0), key0, key1)
        first[i] = np.uint32(w0)
        second[i] = np.uint32(w1)
        third[i] = np.uint32(w2)
    return words


def rows_of_three_uniforms(rows: np.ndarray, year: int, trial: int, key0: np.uint64, key1: np.uint64) -> np.ndarray:
    """The uniforms of :func:`three_words_of_rows` for rows of one year and trial."""
    years, trials = (np.full(len(rows), n, np.uint32) for n in (year, trial))
    return uniforms(three_words_of_rows(rows.astype(np.uint32), years, trials, key0, key1))


@compiled
def uniforms(words):
    """Uniforms in (0, 1), one a word."""
    out = np.empty(words.shape, np.float64)
    flat_in, flat_out = words.ravel(), out.ravel()
    for i in range(flat_in.size):
        flat_out[i] = (np.float64(flat_in[i]) + 0.5) * TO_UNIT
    return out


@compiled
def table_quantiles(words, table):
    """Quantiles read off a table of :mod:`changji_sim.scenario.distributions`, one a word."""
    out = np.empty(len(words), np.float64)
    distance, step = np.empty(AT_ONCE, np.float64), np.empty(AT_ONCE, np.uint64)
    flat = np.empty(table.size + 1, np.float64)  # the word next above one half reads, for nothing, one behind the last
    knots = table.ravel()
    for k in range(table.size):
        flat[k] = knots[k]
    flat[table.size] = knots[table.size - 1]
    bits = distance.view(np.uint64)
    for start in range(0, len(words), AT_ONCE):
        some, into = words[start : start + AT_ONCE], out[start : start + AT_ONCE]
        for i in range(len(some)):
            w = some[i]
            distance[i] = np.float64(~w if w >= _HALF else w) + 1.0
        # The exponent and the six highest mantissa bits of the distance number the step, the other bits say how far
        # into it.
        for i in range(len(some)):
            step[i] = (bits[i] >> _STEP_BITS) - _FIRST_STEP + (_UPPER_SIDE if some[i] >= _HALF else _LOWER_SIDE)
            distance[i] = np.float64(bits[i] & _REST) * _REST_UNIT
        for i in range(len(some)):
            k = step[i]
            into[i] = flat[k] + (flat[k + _ONE] - flat[k]) * distance[i]
    return out


@compiled
def choices(words, values, thresholds):
    """Values of a discrete distribution, one a word: ``values[k]`` from the k-th threshold on (uint32, one fewer)."""
    out = np.empty(len(words), np.float64)
    for start in range(0, len(words), AT_ONCE):
        some, into = words[start : start + AT_ONCE], out[start : start + AT_ONCE]
        for i in range(len(some)):
            into[i] = values[0]
        for j in range(len(thresholds)):
            least, value = thresholds[j], values[j + 1]
            for i in range(len(some)):
                into[i] = value if some[i] >= least else into[i]
    return out


@compiled
def whole_numbers(words, first, count, out):
    """Whole numbers first … first + count − 1, all as likely, one a word; written into ``out``, which is returned."""
    for i in range(len(words)):
        out[i] = first + np.uint32((np.uint64(words[i]) * np.uint64(count)) >> _S32)
    return out


@compiled
def one_of_days(words, offsets, days):
    """One of some days of each row's year, all as likely; shape of ``days``: (years, how many)."""
    out = np.empty(len(words), np.float64)
    trials = (len(offsets) - 1) // len(days)
    number = np.uint64(days.shape[1])
    for y in range(len(days)):
        of_year = days[y]
        for i in range(offsets[y * trials], offsets[(y + 1) * trials]):
            out[i] = of_year[(np.uint64(words[i]) * number) >> _S32]
    return out


@compiled
def chances(words, offsets, probability):
    """Flags (1.0 or 0.0); ``probability`` is one value a (year, trial), shape ``(years · trials,)``."""
    out = np.empty(len(words), np.float64)
    for g in range(len(probability)):
        for i in group(offsets, g):
            out[i] = 1.0 if (np.float64(words[i]) + 0.5) * TO_UNIT < probability[g] else 0.0
    return out


@compiled
def passing(words, offsets, probability):
    """Flags as :func:`chances`, uint8."""
    out = np.empty(len(words), np.uint8)
    for g in range(len(probability)):
        limit = probability[g] * 2.0**32
        for i in group(offsets, g):
            out[i] = np.float64(words[i]) + 0.5 < limit
    return out


@compiled
def strided_members(offsets, trials, begin, step, first, number, out):
    """Members ``first + (begin + k · step) mod number`` for k = 0, 1, … over all years of a trial, one a row; written
    into ``out``, which is returned.
    """
    at = first + begin
    for y in range((len(offsets) - 1) // trials):
        for t in range(trials):
            member, on, back = at[t], step[t], number - step[t]
            for i in group(offsets, y * trials + t):
                out[i] = member
                forward, context = member + on, member - back  # both at once, and then the one that holds
                member = context if context >= first else forward
            at[t] = member
    return out


@compiled
def whole_yuan_amounts(values, offsets, factor, base, added):
    """``values · factor[trial] · base + added``, not below 0, rounded to whole yuan, in 万元; overwrites ``values``.

    ``base`` and ``added`` have one value a row; each of the three may be empty.
    """
    if len(factor) > 0:
        for g in range(len(offsets) - 1):
            for i in group(offsets, g):
                values[i] *= factor[g % len(factor)]
    for i in range(len(base)):
        values[i] *= base[i]
    for i in range(len(added)):
        values[i] += added[i]
    for i in range(len(values)):
        values[i] = max(np.rint(values[i] * 1e4), 0.0) / 1e4
    return values


@compiled
def rounded_rates(values):
    """Rates and shares to 0.01%; overwrites ``values``."""
    for i in range(len(values)):
        values[i] = np.rint(values[i] * 1e4) / 1e4
    return values


@compiled
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


@compiled
def waiting_years(words, offsets, probability, within):
    """Years until an event of constant yearly hazard that comes ``within`` years with ``probability``; 99 if it
    does not.
    """
    out = np.empty(len(words), np.float64)
    for g in range(len(probability)):
        log_survival = log(1.0 - probability[g]) / within
        for i in range(offsets[g], offsets[g + 1]):
            u = (np.float64(words[i]) + 0.5) * TO_UNIT
            years = ceil(log(1.0 - u) / log_survival) if log_survival < 0 else 99.0
            out[i] = max(years, 1.0) if years <= within else 99.0
    return out


@compiled
def poisson_counts(words, mean):
    """Poisson counts by inversion: a larger mean never gives a smaller count for the same word.

    Args:
        words: uint32, any shape.
        mean: same shape, ≥ 0.
    """
    out = np.empty(words.shape, np.int64)
    flat_words, flat_mean, flat_out = words.ravel(), mean.ravel(), out.ravel()
    m, u, p, reached = np.zeros((4, COUNTS_ABREAST), np.float64)
    count = np.zeros(COUNTS_ABREAST, np.int64)
    for start in range(0, flat_words.size, COUNTS_ABREAST):
        number = min(COUNTS_ABREAST, flat_words.size - start)
        for j in range(number):
            m[j] = flat_mean[start + j] if flat_mean[start + j] < LARGE_MEAN else 0.0
            u[j] = (np.float64(flat_words[start + j]) + 0.5) * TO_UNIT
            p[j] = reached[j] = exp(-m[j])
            count[j] = 0
        # All climb side by side until the last one has reached its uniform, each by the same steps as alone, four at a
        # time. The last uniform lies 2⁻³³ below 1, so that each is reached.
        k, behind = 0.0, 1
        while behind > 0:
            first, second, third, fourth = 1.0 / (k + 1.0), 1.0 / (k + 2.0), 1.0 / (k + 3.0), 1.0 / (k + 4.0)
            k, behind = k + 4.0, 0
            for j in range(COUNTS_ABREAST):
                most, at, step, n = u[j], reached[j], p[j], count[j]
                n += at < most
                step *= m[j] * first
                at += step
                n += at < most
                step *= m[j] * second
                at += step
                n += at < most
                step *= m[j] * third
                at += step
                n += at < most
                step *= m[j] * fourth
                at += step
                behind += at < most
                reached[j], p[j], count[j] = at, step, n
        for j in range(number):
            is_large = flat_mean[start + j] >= LARGE_MEAN
            flat_out[start + j] = _large_count(u[j], flat_mean[start + j]) if is_large else count[j]
    return out


@compiled
def _large_count(u, mean):
    """A Poisson count whose probabilities near 0 are too small for a double: what lies 7 deviations below is left
    out.
    """
    k = floor(mean - 7.0 * sqrt(mean))
    p = exp(k * log(mean) - mean - lgamma(k + 1.0))
    reached = p
    while reached < u and p > 0.0:
        k += 1
        p *= mean / k
        reached += p
    return k


@compiled
def doubtful(words, low, mode, high):
    """Triangular (low, mode, high), one a word."""
    out = np.empty(len(words), np.float64)
    width = high - low
    if width <= 0:
        for i in range(len(words)):
            out[i] = mode
        return out
    for i in range(len(words)):
        u = (np.float64(words[i]) + 0.5) * TO_UNIT
        is_rising = u * width < mode - low
        out[i] = low + sqrt(u * width * (mode - low)) if is_rising else high - sqrt((1.0 - u) * width * (high - mode))
    return out


@compiled
def normal_scores(words):
    """Standard normals, one a word: those of `statistics.NormalDist`, in the same steps (Wichura 1988, AS 241)."""
    out = np.empty(len(words), np.float64)
    for i in range(len(words)):
        u = (np.float64(words[i]) + 0.5) * TO_UNIT
        q = u - 0.5
        part, r = 0, 0.180625 - q * q
        if abs(q) > 0.425:
            r = sqrt(-log(u if q <= 0.0 else 1.0 - u))
            part = 1 if r <= 5.0 else 2
            r -= 1.6 if part == 1 else 5.0
        above, below = _NORMAL_BY_PARTS[part, 0, 0], _NORMAL_BY_PARTS[part, 1, 0]
        for k in range(1, 8):
            above = above * r + _NORMAL_BY_PARTS[part, 0, k]
            below = below * r + _NORMAL_BY_PARTS[part, 1, k]
        if part == 0:
            out[i] = above * q / below
        else:
            out[i] = -(above / below) if q < 0.0 else above / below
    return out


def normal_cdf(x: np.ndarray) -> np.ndarray:
    """The standard normal's distribution function."""
    return np.fromiter(map(_NORMAL.cdf, x.tolist()), np.float64, len(x))


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
        return choices(words, np.array(distribution.values), distribution.thresholds)
    if distribution.shape == "chance":
        return chances(words, offsets, _per_group(probability, distribution.values[0], offsets))
    if distribution.shape == "waiting":
        within, p = distribution.values
        return waiting_years(words, offsets, _per_group(probability, p, offsets), within)
    if distribution.shape == "month":
        first, last = distribution.values
        return whole_numbers(words, int(first), int(last - first + 1), np.empty(len(words), np.uint16)).astype(
            np.float64
        )
    return np.full(len(words), distribution.values[0])


def _per_group(probability: np.ndarray | None, value: float, offsets: np.ndarray) -> np.ndarray:
    return np.full(len(offsets) - 1, value) if probability is None else np.ascontiguousarray(probability.ravel())
