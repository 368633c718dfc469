"""Growth of demand and of envelopes counts from 2026, whatever the first year simulated (SPEC section 3)."""

from __future__ import annotations

import pytest

from changji_sim.kernel.simulate import simulate
from changji_sim.results.run_result import RunResult
from changji_sim.scenario_file.load import load_scenario

PLAN = """\
name: plan
extends: baseline
doubt: false
{more}
envelopes: {{total: {{value: 1000, growth: 0.1}}}}
items:
  exchange:
    guide: {{max_item_year_wan: 400}}
    assumptions:
      applications: 100
      count: fixed
      {item}
      columns: {{requested_wan: {{fixed: 1}}}}
"""


def asked_and_envelope(folder, more, item=""):
    """What exchange asks for, and the total envelope, 万元 by year simulated."""
    path = folder / "plan.yaml"
    path.write_text(PLAN.format(more=more, item=item), encoding="utf-8")
    scenario = load_scenario(path)
    budget = RunResult(simulate(scenario, 2, 0)).budget()
    rows = budget[(budget.item == "exchange") & (budget.flow == "asked")].set_index("year").mean_wan
    return {year: (rows[year], scenario.envelopes.total_wan[year]) for year in scenario.years}


def test_demand_and_envelopes_grow_from_one_base_year(tmp_path):
    whole = asked_and_envelope(tmp_path, "growth: 0.1")
    assert whole == {2026: (100, 1000), 2027: (110, 1100), 2028: (121, 1210), 2029: (133, 1331)}
    later = asked_and_envelope(tmp_path, "growth: 0.1\nyears: [2027, 2029]")
    assert later == {year: whole[year] for year in (2027, 2028, 2029)}


@pytest.mark.parametrize("where", ["scenario", "item"])
def test_a_growth_by_year_is_that_from_the_year_before(tmp_path, where):
    growth = "growth: {2026: 0.1, 2028: 0.5, 2029: 0.0}"
    more, item = (growth, "") if where == "scenario" else ("growth: 0.3", growth)
    asked = {2026: 100, 2027: 110, 2028: 165, 2029: 165}
    found = asked_and_envelope(tmp_path, more, item)
    assert {year: one for year, (one, _) in found.items()} == asked
    found = asked_and_envelope(tmp_path, f"{more}\nyears: [2028, 2029]", item)
    assert {year: one for year, (one, _) in found.items()} == {2028: 165, 2029: 165}
