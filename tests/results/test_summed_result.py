"""Trials that are summed as they run give the tables of trials that are kept, to the byte, and say what they lack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from comparing import changed, made_scenario
from every_rule import BUSY
from hypothesis import given
from hypothesis import strategies as st

import changji_sim as cs
from changji_sim.api import result as results
from changji_sim.api import scenario_run
from changji_sim.base.messages import in_language
from changji_sim.cli import run_cli
from changji_sim.reports.run_files import csv_bytes
from changji_sim.results.budget_table import quantiles_of
from changji_sim.results.order_statistics import OrderStatistics
from changji_sim.results.summed_result import summed

TRIALS = 150


def of_parts(parts: list[list[int]], deviations: float) -> OrderStatistics:
    order = OrderStatistics(sum(map(len, parts)), deviations)
    for part in parts:
        order.add(*np.unique(np.array(part, np.int64), return_counts=True))
    return order


@given(
    st.lists(st.lists(st.integers(-3, 3) | st.integers(-(2**60), 2**60), min_size=1), min_size=1, max_size=8),
    st.sampled_from([0.0, 0.2, 1.0, 5.0]),
)
def test_quantiles_are_numpys_or_known_to_be_lost(parts, deviations):
    found = of_parts(parts, deviations).quantiles()
    assert found is None or found.tolist() == quantiles_of(np.concatenate(parts)).tolist()


def test_of_many_values_few_are_kept_and_the_quantiles_are_exact():
    values = np.random.default_rng(1).lognormal(15, 1, 60_000).astype(np.int64)
    order, most = OrderStatistics(len(values)), 0
    for part in np.split(values, 30):
        order.add(*np.unique(part, return_counts=True))
        most = max(most, len(order.values))
    assert order.quantiles().tolist() == quantiles_of(values).tolist()
    assert len(order.values) < 30 and most < 6_000


def test_a_quantile_that_drifts_into_a_lump_is_known_to_be_lost():
    """Values that ascend over the trials, as no futures do."""
    assert of_parts(np.arange(5_000).reshape(10, -1).tolist(), 5.0).quantiles() is None


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Kept, and summed some at a time: a scenario whose envelopes differ by trial; too few values are kept at first."""
    changes = {"envelopes.refill": True, "envelopes.pooling": True}
    scenario = made_scenario(tmp_path_factory.mktemp("both"), changed(BUSY, changes))
    kept = scenario_run.result_of(scenario, TRIALS)
    run, rows = summed(scenario, TRIALS, chunk=32, at_once=50, deviations=1.6)
    assert next(iter(rows.values())).order.deviations > 1.6  # it ran again
    return kept, results.ResultOfSums(run, rows)


@pytest.mark.slow
def test_all_tables_are_the_same(both):
    kept, one = both
    for table in ("budget", "caps", "summary"):
        assert csv_bytes(getattr(one, table)()) == csv_bytes(getattr(kept, table)()), table
    assert repr(one) == repr(kept)
    assert one.notes() == kept.notes()
    assert one.run.variates == kept.run.variates


@pytest.mark.slow
@pytest.mark.parametrize(
    "ask",
    [
        lambda result: result.fen("need", result.years[0]),
        lambda result: result.trials("need"),
        lambda result: result.own_money(),
        lambda result: result.promises(),
        lambda result: result.touched(),
        lambda result: result.calendar(result.scenario.items[0].key),
        lambda result: cs.compare(result, result),
        lambda result: result.fan(),
    ],
)
def test_what_needs_a_flow_by_trial_is_told_that_there_is_none(both, ask):
    with pytest.raises(cs.FaultyInput, match=r"150 trials were summed as they ran.*keep_trials=True"):
        ask(both[1])


@pytest.mark.slow
def test_applications_of_a_trial_are_there_all_the_same(both):
    kept, one = both
    assert one.applications(trial=3).equals(kept.applications(trial=3))


@pytest.mark.slow
def test_the_command_sums_where_trials_are_many_and_writes_the_same_files(tmp_path: Path, monkeypatch, capsys):
    arguments = ["run", "tight_budget", "--trials", str(TRIALS)]
    with in_language("en"):
        assert run_cli([*arguments, "-o", str(tmp_path / "kept")]) == 0
        said = capsys.readouterr().out
        monkeypatch.setattr(scenario_run, "MOST_KEPT", TRIALS - 1)
        assert run_cli([*arguments, "-o", str(tmp_path / "summed")]) == 0
    for file in ("budget.csv", "caps.csv", "manifest.json"):
        assert (tmp_path / "summed" / file).read_bytes() == (tmp_path / "kept" / file).read_bytes()
    table, _, _ = said.partition("loading")
    assert table in capsys.readouterr().out
