"""How sure a number is: intervals by hand, errors that fall with the trials, and intervals that hold over 200 seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.results.breakdown import binding_caps
from changji_sim.results.monte_carlo import (
    SHOWN,
    binding_errors,
    cap_errors,
    headline_error,
    intervals_wan,
    mean_interval,
    quantile_interval,
    summary_errors,
    wilson,
)
from changji_sim.results.year_need import year_need_fen
from changji_sim.whatif.until import run_until

TRIALS, SEED = 200, 3
SEEDS, A_SEED = 200, 250  # parts of one run, trials in each


@pytest.fixture(scope="module")
def tight():
    return cs.load_scenario("tight_budget").run(TRIALS, SEED)


def test_the_interval_of_a_mean_by_hand():
    low, high = mean_interval(np.array([0, 10, 20, 30]))
    assert (low + high) / 2 == 15
    assert high - 15 == pytest.approx(1.959964 * math.sqrt(500 / 3) / 2)
    assert all(math.isnan(end) for end in mean_interval(np.array([7])))


def test_a_quantile_lies_between_two_ordered_trials():
    low, high = quantile_interval(np.arange(1, 101), 0.5)
    assert (low, high) == (40, 61)  # binom(100, 0.5) lies within 40 … 60 in 96.5%
    assert quantile_interval(np.arange(1, 11), 0.95) == (8, 10)


def holds(errors, frame, name):
    """Whether every number lies in its interval, give or take rounding."""
    low, high = errors[f"{name}_low"] - 1e-9, errors[f"{name}_high"] + 1e-9
    return bool(((low <= frame[name]) & (frame[name] <= high)).all())


def test_the_tables_errors_hold_the_tables_numbers(tight):
    summary, errors = tight.summary(), summary_errors(tight)
    assert all(holds(errors, summary, name) for name in SHOWN if name != "envelope_wan")
    assert (errors.year_need_mean_wan_low < errors.year_need_mean_wan_high).all()
    caps, of_caps = tight.caps(), cap_errors(tight)
    assert all(holds(of_caps, caps, name) for name in ("probability_binding", "mean_cut_wan", "p95_cut_wan"))
    main, of_main = binding_caps(tight), binding_errors(tight)
    assert all(holds(of_main, main, name) for name in ("probability_binding", "mean_cut_wan"))
    budget, every = tight.budget(), tight.errors()
    keys = ["year", "category", "item", "flow"]
    assert budget[keys].equals(every[keys])
    assert all(holds(every, budget, name) for name in budget.columns[4:])


def test_four_times_the_trials_halve_the_error(tight):
    more = cs.load_scenario("tight_budget").run(4 * TRIALS, SEED)
    one, other = (intervals_wan(year_need_fen(result, 2027), ("mean_wan",))[0] for result in (tight, more))
    assert (one[1] - one[0]) / (other[1] - other[0]) == pytest.approx(2, rel=0.2)
    assert headline_error(more) < headline_error(tight)


@pytest.mark.slow
def test_a_run_goes_on_until_it_is_sure():
    baseline = cs.load_scenario("baseline")
    found = run_until(lambda trials, progress: baseline.run(trials, SEED), 0.025)
    assert found.is_sure and found.error <= 0.025 and found.runs >= 1
    again = baseline.run(found.result.trial_count, SEED)
    assert headline_error(again) == found.error  # the run that --trials of the same number gives
    least = baseline.run_until(0.025, most=300, seed=SEED)
    assert least.trial_count == 300 and headline_error(least) > 0.025
    with pytest.raises(cs.FaultyInput, match=r"0\.01% to 50%"):
        baseline.run_until(0)


@pytest.mark.slow
def test_trials_that_are_summed_are_as_sure_as_those_that_are_kept(tight):
    summed = cs.load_scenario("tight_budget").run(TRIALS, SEED, keep_trials=False)
    assert summed.headline_error() == pytest.approx(headline_error(tight), rel=1e-9)


@pytest.mark.slow
def test_the_intervals_hold_over_200_seeds():
    """The stated 95% intervals cover the mean over 200 seeds in 93–97% of them.

    A seed stands here for a part of one run: every word that is drawn is a block cipher's of seed, item and purpose
    (its key) and of row, year and trial (its counter), and nothing is drawn for several trials, so that trials
    250 … 499 of a seed are to its first 250 what another seed's are. The four years are counted together: among 200
    seeds the share of one year alone has a standard error of 1.5 points.
    """
    result = cs.load_scenario("baseline").run(SEEDS * A_SEED, 0)
    covered: dict[str, list[bool]] = {"P(short)": [], "mean": [], "P95": []}
    for year in result.years:
        need = year_need_fen(result, year).reshape(SEEDS, A_SEED)
        is_short = (result.fen("need", year) > result.envelope_fen(year)).reshape(SEEDS, A_SEED)
        p95 = np.quantile(need, 0.95, axis=1).mean()
        for one, short in zip(need, is_short, strict=True):
            for what, (low, high), mean in (
                ("P(short)", wilson(float(short.mean()), A_SEED), is_short.mean()),
                ("mean", mean_interval(one), need.mean()),
                ("P95", quantile_interval(np.sort(one), 0.95), p95),
            ):
                covered[what].append(bool(low <= mean <= high))
    shares = {what: float(np.mean(each)) for what, each in covered.items()}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares
