"""What stands beside the fund's money, against a second way to add it up."""

import numpy as np
import pytest

from changji_sim import Live, load_scenario
from changji_sim.kernel.simulate import simulate
from changji_sim.results.matching_funds import items_with_investment, matching_funds, recorded_sums
from changji_sim.results.run_result import RunResult
from changji_sim.scenario_file.draft import Draft

FEN_A_WAN = 1_000_000


@pytest.fixture(scope="module")
def result():
    return load_scenario("baseline").run(trials=60, seed=3)


def test_the_commitments_it_counts_are_the_ledgers(result):
    frame = matching_funds(result)
    keys = items_with_investment(result.scenario)
    for year, counted in zip(frame.year, frame.commitment_wan, strict=True):
        booked = sum(int(result.fen("commitment", year, item=key).sum()) for key in keys)
        assert counted == booked / (result.trial_count * FEN_A_WAN)


def test_investment_row_by_row(result):
    """Every story of one future says its total investment; those committed add up to what was seen."""
    from changji_sim.story.explanation import one_trial
    from changji_sim.story.trial import find_application

    matching_funds(result)
    trial = one_trial(result, 7)
    for y, year in enumerate(result.years):
        total = 0
        for key in items_with_investment(result.scenario):
            rows = trial.applications(key, year)
            for number, committed in zip(rows.application, rows.commitment_wan, strict=True):
                if committed > 0:
                    total += find_application(trial, key, year, int(number)).value("total_investment_wan")
        assert recorded_sums(result)[y][0][7] == pytest.approx(total * FEN_A_WAN, abs=1)


def test_live_looks_on_at_once_and_sees_the_same(result):
    live = Live(result.scenario, trials=60, seed=3).run(has_matching_funds=True)
    for y in range(len(result.years)):
        matching_funds(result)
        assert all(np.array_equal(a, b) for a, b in zip(recorded_sums(live)[y], recorded_sums(result)[y], strict=True))


@pytest.mark.slow
def test_moves_keep_the_sums_of_a_run_from_nothing():
    """Ceilings, envelopes, numbers of applications and chances, on top of each other and back."""
    draft = Draft("tight_budget")
    live, changes = Live(draft.original, trials=60, seed=3, chunk=30), {}
    steps = [
        {"envelopes.total": 7_000},
        {"items.core_technology.guide.max_investment_share": 0.15},
        {"items.core_technology.assumptions.applications": 30},
        {"oversight.fail": 0.2},
        {"items.core_technology.assumptions.applications": 20},
        {"envelopes.total": 9_000},
    ]
    for step in ({}, *steps):
        scenario = draft.scenario(changes := changes | step)
        seen = [recorded_sums(live.run(scenario, has_matching_funds=True)), {}]
        whole = RunResult(simulate(scenario, 60, 3))
        matching_funds(whole)
        seen[1] = recorded_sums(whole)
        assert seen[0].keys() == seen[1].keys()
        for y in seen[0]:
            assert all(np.array_equal(*pair) for pair in zip(seen[0][y], seen[1][y], strict=True)), (step, y)
