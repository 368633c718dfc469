"""The random streams: the published answers of Philox, the right distributions, and no knowledge of each other."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from changji_sim.kernel import streams
from changji_sim.scenario.distributions import parse_distribution

WORDS = 200_000
SOME = 64  # rows a trial
YEARS = np.array([2026, 2027, 2028, 2029])


def words_of(purpose: str, item: str = "item", seed: int = 1, trials: int = 500, first: int = 0) -> np.ndarray:
    """Words of a stream, shape ``(years, trials, SOME)``."""
    offsets = np.arange(len(YEARS) * trials + 1) * SOME
    return streams.row_words(offsets, YEARS, first, *streams.stream_key(seed, item, purpose)).reshape(4, trials, SOME)


def uniforms_of(*args, **kwargs) -> np.ndarray:
    return streams.uniforms(words_of(*args, **kwargs).ravel())


# --- Philox ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [  # Random123, kat_vectors, philox4x32 10
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_known_answers(counter, key, answer):
    given_words = [np.uint64(int(word, 16)) for word in f"{counter} {key}".split()]
    assert [f"{int(word):08x}" for word in streams._philox(*given_words)] == answer.split()


def test_a_row_has_the_same_word_alone_and_in_its_block():
    key = streams.stream_key(7, "exchange", "requested_wan")
    offsets = np.cumsum([0, 5, 0, 3, 8, 1, 2, 0, 9])  # four years of two trials
    words = streams.row_words(offsets, YEARS, 40, *key)
    for group in range(8):
        for row in range(offsets[group + 1] - offsets[group]):
            alone = streams.row_uniform(row, YEARS[group // 2], 40 + group % 2, *key)
            assert alone == (words[offsets[group] + row] + 0.5) / 2**32


def test_a_trial_is_the_same_in_any_chunk():
    whole = words_of("score", trials=30)
    assert np.array_equal(whole[:, 10:15], words_of("score", trials=5, first=10))


def test_the_first_word_of_a_trial_is_its_trial_word():
    key = streams.stream_key(3, "a", "count")
    assert np.array_equal(
        streams.trial_words(YEARS, 30, 5, *key), words_of("count", "a", 3, trials=30, first=5)[:, :, 0]
    )


# --- independence ----------------------------------------------------------------------------------------------------


def test_words_are_uniform():
    u = uniforms_of("a")
    assert 0 < u.min() < u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    counts = np.bincount((u * 256).astype(int), minlength=256)
    assert stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("score",), ("end",)),
        (("applicant",), ("buyer",)),
        (("requested_wan",), ("requested_wan2",)),
        (("score", "exchange"), ("score", "contest")),
        (("score", "exchange", 1), ("score", "exchange", 2)),
        (("b", "a"), ("", "ab")),  # the names do not run together
    ],
)
def test_streams_of_two_names_are_uncorrelated(one, other):
    u, v = uniforms_of(*one), uniforms_of(*other)
    assert not np.array_equal(u, v)
    assert abs(np.corrcoef(u, v)[0, 1]) < 4.5 / np.sqrt(len(u))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_neighbouring_years_trials_and_rows_are_uncorrelated(axis):
    u = uniforms_of("a", trials=1000).reshape(4, 1000, SOME)
    here, there = (np.take(u, range(*span), axis=axis).ravel() for span in ((0, u.shape[axis] - 1), (1, u.shape[axis])))
    assert abs(np.corrcoef(here, there)[0, 1]) < 4.5 / np.sqrt(len(here))


def test_no_two_trials_share_their_words():
    words = words_of("a", trials=2000)[0]
    assert len(np.unique(words.view([("", words.dtype)] * SOME))) == 2000


# --- distributions ---------------------------------------------------------------------------------------------------

EVERY_WORD = np.unique(
    np.concatenate([np.arange(0, 2**32, 9_999_991), 2 ** np.arange(32), 2**32 - 2 ** np.arange(32), [0, 2**31 - 1]])
).astype(np.uint32)
BETA_MEAN, BETA_SD = 0.22, 0.08
BETA_SUM = BETA_MEAN * (1 - BETA_MEAN) / BETA_SD**2 - 1


@pytest.mark.parametrize(
    ("spec", "true"),
    [
        ({"lognormal": {"median": 200, "sigma": 0.8}}, stats.lognorm(0.8, scale=200)),
        ({"lognormal": {"median": 50, "sigma": 1.8}}, stats.lognorm(1.8, scale=50)),
        ({"lognormal": {"mean": 380, "sigma": 1.0}}, stats.lognorm(1.0, scale=380 * np.exp(-0.5))),
        ({"uniform": [500, 2000]}, stats.uniform(500, 1500)),
        ({"triangular": [5, 10, 20]}, stats.triang(1 / 3, 5, 15)),
        ({"triangular": [40, 65, 100]}, stats.triang(25 / 60, 40, 60)),
        ({"normal": {"mean": 100, "sd": 10}}, stats.norm(100, 10)),
        ({"beta": {"mean": BETA_MEAN, "sd": BETA_SD}}, stats.beta(BETA_MEAN * BETA_SUM, (1 - BETA_MEAN) * BETA_SUM)),
    ],
)
def test_quantiles_against_scipy(spec, true):
    distribution = parse_distribution(spec)
    drawn = streams.table_quantiles(EVERY_WORD, distribution.table)
    u = (EVERY_WORD + 0.5) / 2**32
    wanted = np.where(u < 0.5, true.ppf(np.minimum(u, 0.5)), true.isf(np.minimum(1 - u, 0.5)))
    np.testing.assert_allclose(drawn, wanted, rtol=1e-4)
    assert (np.diff(drawn) >= 0).all()
    assert distribution.mean == pytest.approx(true.mean())


def test_no_word_reads_beyond_a_table():
    """The word next above one half stands on the last knot: what happens to lie behind the table is nothing to it."""
    knots = parse_distribution({"uniform": [500, 2000]}).table
    around = np.full(knots.size + 2, np.nan)
    around[:-2] = knots.ravel()
    drawn = streams.table_quantiles(np.array([2**31 - 1, 2**31], np.uint32), around[:-2].reshape(knots.shape))
    np.testing.assert_allclose(drawn, [1250, 1250])


def test_a_mixture_has_the_quantiles_of_its_distribution_function():
    parts = [(0.88, stats.lognorm(0.8, scale=200)), (0.12, stats.lognorm(0.6, scale=1500))]
    spec = [
        {"weight": 0.88, "lognormal": {"median": 200, "sigma": 0.8}},
        {"weight": 0.12, "lognormal": {"median": 1500, "sigma": 0.6}},
    ]
    distribution = parse_distribution({"mixture": spec})
    drawn = streams.table_quantiles(EVERY_WORD, distribution.table)
    u = (EVERY_WORD + 0.5) / 2**32
    below = sum(weight * part.cdf(drawn) for weight, part in parts)
    above = sum(weight * part.sf(drawn) for weight, part in parts)
    off = np.abs(np.where(u < 0.5, below / u, above / (1 - u)) - 1)
    is_far = np.minimum(u, 1 - u) < 2**-26  # there a part's table may end before the mixture's
    assert off[~is_far].max() < 2e-3
    assert off[is_far].max() < 1e-2


def test_the_drawn_mean_is_the_mean():
    words = words_of("mean", trials=800).ravel()
    for spec in ({"lognormal": {"median": 200, "sigma": 0.8}}, {"triangular": [5, 10, 20]}, {"uniform": [1, 3]}):
        distribution = parse_distribution(spec)
        values = streams.table_quantiles(words, distribution.table)
        assert values.mean() == pytest.approx(distribution.mean, abs=4.5 * values.std() / np.sqrt(len(values)))


@pytest.mark.parametrize("mean", [0.0, 0.05, 0.2, 1.0, 3.5, 14.0, 35.0, 55.0, 140.0, 192.0, 1000.0])
def test_poisson_counts_against_scipy(mean):
    words = np.concatenate([EVERY_WORD, words_of("count", trials=200).ravel()])
    counts = streams.poisson_counts(words, np.full(words.shape, mean))
    u = (words + 0.5) / 2**32
    slack = 1e-9  # less than the distance of two words
    assert (stats.poisson.cdf(counts, mean) >= u - slack).all()
    assert (stats.poisson.cdf(counts - 1, mean) <= u + slack).all()


@given(word=st.integers(0, 2**32 - 1), mean=st.floats(0, 300), more=st.floats(0, 30))
def test_poisson_counts_grow_with_the_mean(word, mean, more):
    fewer, greater = streams.poisson_counts(np.full(2, word, np.uint32), np.array([mean, mean + more]))
    assert fewer <= greater


def test_choices_chances_months_and_whole_numbers():
    words = words_of("choice", trials=800).ravel()
    n = len(words)
    choice = parse_distribution({"choice": {1: 0.25, 2: 0.5, 3: 0.25}})
    drawn = streams.draw_rows(choice, words, np.array([0, n]))
    shares = np.array([(drawn == value).mean() for value in (1, 2, 3)])
    assert np.abs(shares - [0.25, 0.5, 0.25]).max() < 4.5 * np.sqrt(0.25 / n)
    flags = streams.draw_rows(parse_distribution({"chance": 0.3}), words, np.array([0, n]))
    assert flags.mean() == pytest.approx(0.3, abs=4.5 * np.sqrt(0.21 / n))
    months = streams.draw_rows(parse_distribution({"month": [3, 6]}), words, np.array([0, n]))
    assert set(months) == {3.0, 4.0, 5.0, 6.0}
    people = streams.whole_numbers(words, 10, 7, np.empty(len(words), np.uint16))
    assert np.array_equal(np.unique(people), np.arange(10, 17))
    assert stats.chisquare(np.bincount(people - 10)).pvalue > 1e-4


def test_a_wait_has_a_constant_hazard():
    """1 − (1 − p)^(1/3) a year for a probability p within three years; 99 where it does not come."""
    words = words_of("wait", trials=800).ravel()
    waits = streams.draw_rows(
        parse_distribution({"waiting": {"within": 3, "probability": 0.3}}), words, np.array([0, len(words)])
    )
    hazard = 1 - 0.7 ** (1 / 3)
    for year in (1, 2, 3):
        share = (waits == year).mean()
        assert share == pytest.approx(hazard * (1 - hazard) ** (year - 1), abs=4.5 * np.sqrt(0.1 / len(words)))
    assert (waits == 99).mean() == pytest.approx(0.7, abs=4.5 * np.sqrt(0.21 / len(words)))


def test_days_ascend_within_the_year_and_are_uniform():
    trials = 2000
    offsets = np.arange(len(YEARS) * trials + 1) * 9
    days = streams.ascending_days(offsets, YEARS, 0, *streams.stream_key(1, "a", "day")).reshape(-1, 9)
    assert (np.diff(days, axis=1) > 0).all() and days.min() > 0 and days.max() < 1
    for nth in (0, 4, 8):  # order statistics of nine uniforms
        assert stats.kstest(days[:, nth], stats.beta(nth + 1, 9 - nth).cdf).pvalue > 1e-4


def test_members_do_not_repeat_until_all_have_been():
    trials, number = 3, 10
    offsets = np.arange(4 * trials + 1) * 5  # five a year: the pool is used up twice
    steps = np.array([0, 9, 4]), np.array([1, 3, 7])
    members = streams.strided_members(offsets, trials, *steps, 100, number, np.empty(offsets[-1], np.uint16))
    by_trial = members.reshape(4, trials, 5).swapaxes(0, 1).reshape(trials, 20)
    for row in by_trial:
        assert sorted(row[:10]) == sorted(row[10:]) == list(range(100, 110))


def test_doubt_is_triangular_and_factors_have_mean_one():
    from changji_sim.kernel.draws import mean_one_factor

    words = words_of("doubt", trials=800).ravel()
    drawn = streams.doubtful(words, 15.0, 26.0, 60.0)
    assert stats.kstest(drawn[:50_000], stats.triang(11 / 45, 15, 45).cdf).pvalue > 1e-4
    factors = mean_one_factor(words, 0.7)
    assert factors.mean() == pytest.approx(1, abs=4.5 * factors.std() / np.sqrt(len(words)))


def test_normal_scores_are_those_of_the_standard_library_to_the_bit():
    extremes = np.array([0, 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1], np.uint32)
    words = np.concatenate([words_of("normal", trials=500).ravel(), extremes])
    wanted = [NormalDist().inv_cdf(float(u)) for u in streams.uniforms(words)]
    assert streams.normal_scores(words).tolist() == wanted
