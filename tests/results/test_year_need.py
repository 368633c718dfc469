"""What a year needs of itself, and what earlier years owe: apart everywhere, and together the ledger's need."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.results.breakdown import split_fen
from changji_sim.results.shortfall import lacking_fen, short_by_envelope, shortfall_fen
from changji_sim.results.side_by_side import LATER, comparison
from changji_sim.results.summary import summary
from changji_sim.results.summed_result import SummedResult, summed
from changji_sim.results.year_need import arrears_before_fen, year_need_fen

TRIALS, SEED = 100, 3


@pytest.fixture(scope="module")
def tight():
    return cs.load_scenario("tight_budget").run(TRIALS, SEED)


def test_need_is_the_years_own_and_arrears(tight):
    for year in tight.years:
        for category in (None, *tight.scenario.categories):
            own, owed = (of(tight, year, category=category) for of in (year_need_fen, arrears_before_fen))
            assert np.array_equal(own + owed, tight.fen("need", year, category=category))
            assert own.min() >= 0 and owed.min() >= 0
    assert not arrears_before_fen(tight, tight.years[0]).any()
    assert arrears_before_fen(tight, tight.years[-1]).min() > 0


def test_a_smaller_envelope_does_not_make_the_years_own_need_of_awards_larger():
    """Awards are owed by law and paid at once: what they need does not depend on the money there is."""
    tight = cs.load_scenario("tight_budget").with_({"oversight.is_on": False})  # no failures, so nobody is barred
    runs = [tight.with_({"envelopes.total": f"-{less}%"}).run(TRIALS, SEED) for less in (0, 30)]
    before, after = (year_need_fen(run, 2029, item="new_hightech") for run in runs)
    assert np.array_equal(before, after)
    assert all((run.fen("need", 2029, item="new_hightech") >= before).all() for run in runs)
    assert runs[1].fen("need", 2029, item="new_hightech").sum() > runs[0].fen("need", 2029, item="new_hightech").sum()


def test_the_parts_of_the_need_show_arrears_apart(tight):
    for year in tight.years:
        parts = split_fen(tight, year)
        assert np.array_equal(parts["arrears_before"], arrears_before_fen(tight, year))
        assert np.array_equal(sum(parts.values()), tight.fen("need", year))
        assert min(part.min() for part in parts.values()) >= 0


def test_a_total_is_short_where_any_envelope_is(tight):
    frame = tight.summary().set_index(["year", "category"])
    for year in tight.years:
        total = frame.loc[year, "*"]
        assert total.probability_short == np.mean(
            np.logical_or.reduce([fen > 0 for fen in short_by_envelope(tight, year).values()])
        )
        assert total.mean_short_wan == pytest.approx(lacking_fen(tight, year).mean() / 1e6)
        of_one = frame.loc[year, "environment"]
        assert of_one.mean_short_wan == pytest.approx(shortfall_fen(tight, year, "environment").mean() / 1e6)
        assert total.year_need_mean_wan + total.arrears_before_wan == pytest.approx(total.need_mean_wan)


def test_all_years_are_the_same_years_in_every_column(tight):
    frame = comparison([tight]).set_index(["quantity", "when"]).value
    for quantity in ("year_need", "commitment", "payment", "envelope"):
        assert frame[quantity, "*"] == pytest.approx(sum(frame[quantity, str(year)] for year in tight.years))
    assert frame["payment", LATER] > 0
    assert ("arrears_before", "*") not in frame.index and frame["arrears_before", "2029"] > 0


@pytest.mark.slow
def test_a_run_that_keeps_no_trial_has_the_same_summary(tight):
    """Trials are summed some at a time; the need of the year and what is lacking in all are summed with them."""
    seldom = SummedResult(*summed(tight.scenario, TRIALS, SEED, at_once=40))
    pd.testing.assert_frame_equal(summary(seldom), tight.summary())
