"""Exact distributions: by hand, and within three standard errors of the simulation for five seeds."""

from __future__ import annotations

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.results.exact import beside_simulated, exact, exact_items, ranges

SEEDS, TRIALS = range(5), 400
CASES = """
name: cases
extends: baseline
oversight: {is_on: false}
items:
  special_case:
    assumptions:
      applications: none
      cases:
        - {name: 甲平台, year: 2027, amount: 1200, probability: 0.6}
        - {name: 乙平台, year: 2027, amount: 800, probability: 0.5}
        - {name: 丙平台, year: 2028, amount: 300, probability: 0.1}
"""


CONTEST = """
name: contest
extends: baseline
items:
  contest:
    assumptions:
      item_columns:
        valid_registrations: {fixed: N}
"""


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    path = tmp_path_factory.mktemp("cases") / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    return cs.load_scenario(path)


@pytest.fixture(scope="module")
def runs(cases):
    return [cases.run(TRIALS, seed) for seed in SEEDS]


@pytest.mark.parametrize(("registrations", "winners", "amount"), [
    (9, 0, 0), (10, 1, 10), (19, 1, 10), (20, 2, 18), (69, 6, 41), (70, 7, 46), (200, 7, 46),
])  # fmt: skip
def test_the_cliffs_of_the_contest(tmp_path, registrations, winners, amount):
    """10% of the registrations, rounded down: first prize 10, two second prizes of 8, four third prizes of 5."""
    path = tmp_path / "contest.yaml"
    path.write_text(CONTEST.replace("N", str(registrations)), encoding="utf-8")
    found = exact(cs.load_scenario(path), "contest")
    assert found.mean_wan == amount and found.counted.limit.tolist() == [winners]


def test_what_each_range_of_registrations_comes_to():
    frame = ranges(exact(cs.load_scenario("baseline"), "contest"))
    assert frame["first"].tolist()[1:] == [50, 60, 70] and frame.amount_wan.tolist() == [31, 36, 41, 46]
    assert frame.probability.sum() == pytest.approx(1)
    # triangular(40, 65, 100): P(X < 49.5) = 9.5² / (60 · 25)
    assert frame.probability.iloc[0] == pytest.approx(9.5**2 / 1500, abs=1e-4)


def test_named_cases_by_hand(cases):
    found = exact(cases, "special_case", 2027)
    assert found.flow == "asked" and (found.fen / 1e6).tolist() == [0, 800, 1200, 2000]
    assert found.probabilities == pytest.approx([0.2, 0.2, 0.3, 0.3])
    assert found.quantile_wan(0.9) == 2000 and found.at_most(800e6) == pytest.approx(0.4)


def test_platforms_by_hand():
    """Poisson 0.2 a year, 500 or 300 each: without doubt the sum has mean 0.2 · 420 and variance 0.2 · E(amount²)."""
    found = exact(cs.load_scenario("baseline").with_({"doubt": False}), "national_platform")
    assert found.mean_wan == pytest.approx(0.2 * 420)
    assert found.sd_wan == pytest.approx((0.2 * (0.6 * 500**2 + 0.4 * 300**2)) ** 0.5)
    assert found.probabilities[0] == pytest.approx(np.exp(-0.2))


@pytest.mark.slow
def test_they_agree_with_the_simulation_for_five_seeds(cases, runs):
    """The mean, and P(no more than the median), within three standard errors; every year, since nobody is barred."""
    for year in (2026, 2027):
        keys = exact_items(cases, year)
        assert {"contest", "regional_platform", "national_platform", "special_case"} <= {*keys}
        for key in keys:
            found = exact(cases, key, year)
            for run in runs:
                seen = run.fen(found.flow, year, key)
                error = found.sd_wan / TRIALS**0.5
                assert abs(seen.mean() / 1e6 - found.mean_wan) <= 3 * error + 1e-9, (key, year, run.seed)
                median = found.quantile_wan(0.5) * 1e6
                chance = found.at_most(median)
                assert abs((seen <= median).mean() - chance) <= 3 * (chance * (1 - chance) / TRIALS) ** 0.5 + 1e-9
                assert {*seen.tolist()} <= {*found.fen.tolist()}


def test_beside_each_other(cases, runs):
    frame = beside_simulated(exact(cases, "contest"), runs[0])
    assert frame.exact.sum() == pytest.approx(1) and frame.simulated.sum() == pytest.approx(1)
    assert (frame.low <= frame.simulated).all() and (frame.simulated <= frame.high).all()


def test_what_has_none_says_why():
    baseline = cs.load_scenario("baseline")
    for item, year, why in (
        ("exchange", None, "more than counts"),
        ("new_hightech", None, "not small"),
        ("contest", 2027, "barred"),
        ("contst", None, "contest"),
        ("contest", 2040, "2026"),
    ):
        with pytest.raises(cs.FaultyInput, match=why):
            baseline.exact(item, year)
