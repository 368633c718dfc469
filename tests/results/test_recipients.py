"""What goes to enterprises and to institutes adds up to the ledger's commitments; a change is that of the trials."""

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.base.units import FEN_A_WAN
from changji_sim.results.recipients import committed_by_kind, recipient_comparison

TRIALS, SEED = 30, 5


@pytest.fixture(scope="module")
def results():
    baseline = cs.load_scenario("baseline")
    return [one.run(TRIALS, SEED) for one in (baseline, baseline.with_({"commissioner.max_application_wan": 10}))]


def test_they_add_up_to_the_ledger_in_every_trial(results):
    for result in results:
        kinds = committed_by_kind(result)
        whole = sum(result.fen("commitment", year) for year in result.years)
        assert np.array_equal(kinds["enterprise"] + kinds["institute"], whole) and kinds["institute"].any()
        assert (kinds["enterprise"] >= sum(result.fen("commitment", y, "new_hightech") for y in result.years)).all()


def test_a_difference_is_that_of_the_trials(results):
    frame = recipient_comparison(results).set_index(["kind", "position"])
    before, after = (committed_by_kind(result)["institute"] for result in results)
    change = frame.loc[("institute", 1)]
    unit = FEN_A_WAN * len(results[0].years)
    assert change.difference_wan == pytest.approx((after - before).mean() / unit) and change.difference_wan < 0
    assert frame.loc[("institute", 0)].is_same and change.low_wan < change.difference_wan < change.high_wan
