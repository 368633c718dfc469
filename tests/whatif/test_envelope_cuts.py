"""What falls off with less money is what two runs of the same futures differ by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.results.shortfall import short_trials
from changji_sim.whatif.envelope_cuts import SHARES, envelope_cuts


def test_cuts_are_the_differences_of_runs():
    scenario = cs.load_scenario("tight_budget")
    whole, cuts = scenario.run(40, 2), envelope_cuts(scenario, 2027, 40, 2)
    assert list(dict.fromkeys(cuts.share)) == list(SHARES)
    less = scenario.with_({"envelopes.total": "-20%"}).run(40, 2)
    rows = cuts[cuts.share == 0.8].set_index("item")
    for key in (*(item.key for item in scenario.items), "*"):
        item = None if key == "*" else key
        for flow in ("commitment", "payment", "arrears"):
            change = (less.fen(flow, 2027, item) - whole.fen(flow, 2027, item)).mean() / 1e6
            assert rows.loc[key, f"{flow}_wan"] == pytest.approx(change, abs=1e-9), (key, flow)
    assert rows.loc["*", "envelope_wan"] == pytest.approx(0.8 * whole.envelope_fen(2027) / 1e6)
    assert rows.loc["*", "probability_short"] == np.mean(short_trials(less, [2027]))
    assert rows.loc["*", "commitment_wan"] < cuts[cuts.share == 0.9].set_index("item").loc["*", "commitment_wan"] < 0


def test_without_a_total_nothing_is_cut():
    scenario = cs.load_scenario("baseline")
    free = replace(scenario, envelopes=replace(scenario.envelopes, total_wan=dict.fromkeys(scenario.years)))
    assert envelope_cuts(free, 2026, 5, 1).empty
