"""Looking on changes nothing, and what was seen row by row adds up to the ledger, to the fen."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from comparing import changed, made_scenario
from every_rule import BUSY, OPENINGS, OPENINGS_EVERY_DAY, VARIANTS

from changji_sim import load_scenario
from changji_sim.kernel.observers import ELIGIBLE, Observers, RowObserver, by_trial, row_flows
from changji_sim.kernel.simulate import Run, simulate

TRIALS, SEED = 12, 3
LEDGER = {
    "due": "due",
    "payment": "paid",
    "arrears": "arrears",
    "cancelled": "cancelled",
    "return": "returned",
    "recovery": "recovery",
}


def watched(scenario, trials=TRIALS, chunk=TRIALS) -> tuple[Run, Observers]:
    observe = Observers({item.key: RowObserver for item in scenario.items})
    return simulate(scenario, trials, SEED, chunk=chunk, observe=observe), observe


def assert_same_flows(one: Run, other: Run) -> None:
    keys = set(one.flows.keys()) | set(other.flows.keys())
    assert all(np.array_equal(one.flows.fen(*key), other.flows.fen(*key)) for key in keys)
    assert one.flows.headroom == other.flows.headroom
    assert one.variates == other.variates


def rows_add_up(run: Run, observe: Observers) -> None:
    """Every flow of the ledger from what was seen of rows."""
    scenario = run.scenario
    is_unspent_only = scenario.readings["clawback_scope"] == "unspent"
    all_years = (*scenario.years, *run.tail)
    delay = scenario.oversight.recovery_delay_years
    for item in scenario.items:
        book = partial(run.flows.fen, item.key)
        clawback = np.zeros((len(all_years), run.trials), np.int64)
        for observer in observe.of(item.key):
            part = slice(observer.chunk.first, observer.chunk.first + observer.chunk.trials)
            for y, seen in observer.years.items():
                year = all_years[y]  # claims may fall after the last year, under its caps
                total = partial(by_trial, seen.offsets)
                asked = seen.claims.asked_fen
                is_out = seen.why != ELIGIBLE
                assert (total(asked) == book(year, "asked")[part]).all()
                assert (total(asked * is_out) == book(year, "ineligible")[part]).all()
                assert (total(seen.left[0]) == book(year, "demand")[part]).all()
                for n, cap in enumerate(item.caps[min(year, scenario.years[-1])]):
                    cut = total(seen.left[n] - seen.left[n + 1])
                    assert (cut == book(year, f"cut:{cap.key}")[part]).all(), (item.key, year, cap.key)
                assert (total(seen.left[-1]) == book(year, "entitlement")[part]).all()
                assert (total(seen.commitment) == book(year, "commitment")[part]).all()
            for y, year in enumerate(all_years):
                sums = dict.fromkeys(LEDGER, 0)
                for cohort in observer.cohorts.values():
                    if y in cohort.due and y >= cohort.start:
                        flows = row_flows(cohort, y, observer.probabilities, is_unspent_only)
                        for flow, name in LEDGER.items():
                            sums[flow] = sums[flow] + by_trial(cohort.offsets, getattr(flows, name))
                        came = min(y + delay, len(all_years) - 1)
                        clawback[came, part] += by_trial(cohort.offsets, flows.clawback)
                for flow, fen in sums.items():
                    assert (fen == book(year, flow)[part]).all(), (item.key, year, flow)
        for y, year in enumerate(all_years):
            assert (clawback[y] == book(year, "clawback")).all(), (item.key, year)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "tight_budget", "growth"])
def test_a_shipped_scenario(name):
    scenario = load_scenario(name)
    run, observe = watched(scenario, 60, chunk=25)
    assert_same_flows(run, simulate(scenario, 60, SEED))
    rows_add_up(run, observe)


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant(variant, tmp_path):
    scenario = made_scenario(tmp_path, changed(BUSY, VARIANTS[variant]))
    run, observe = watched(scenario)
    assert_same_flows(run, simulate(scenario, TRIALS, SEED))
    rows_add_up(run, observe)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in OPENINGS_EVERY_DAY else pytest.mark.slow) for name in OPENINGS]
)
def test_an_opening_position(name, tmp_path):
    opening, changes = OPENINGS[name]
    scenario = made_scenario(tmp_path, changed(BUSY, changes), opening)
    run, observe = watched(scenario)
    assert_same_flows(run, simulate(scenario, TRIALS, SEED))
    rows_add_up(run, observe)


def test_one_trial_alone_is_the_same_trial():
    """Streams are keyed by trial: a block of one trial gives what the trial gave among others."""
    scenario = load_scenario("tight_budget")
    _, many = watched(scenario, 8, chunk=8)
    _, single = watched(scenario, 8, chunk=1)
    for item in scenario.items:
        (block,) = many.of(item.key)
        for y, seen in block.years.items():
            for t, observer in enumerate(single.of(item.key)):
                alone, rows = observer.years[y], slice(seen.offsets[t], seen.offsets[t + 1])
                for name in ("state", "why", "commitment", "outcome", "event"):
                    assert np.array_equal(getattr(alone, name), getattr(seen, name)[rows]), name
