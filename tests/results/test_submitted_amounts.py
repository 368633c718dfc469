"""What is submitted adds up: parts to the need or the payment of budget.csv, number × standard to the entitlement."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.results.submitted_amounts import BASES, PARTS, part_fen, planned_years, submitted
from changji_sim.results.target_bands import bands_of, target_bands
from changji_sim.results.unit_costs import unit_costs
from changji_sim.scenario.target import Target


@pytest.fixture(scope="module")
def result():
    return cs.load_scenario("tight_budget").run(60, 4)


@pytest.fixture(scope="module")
def budget(result):
    return result.budget().set_index(["year", "category", "item", "flow"]).mean_wan


def test_parts_add_up_to_the_need_of_the_year_or_the_payment_in_every_trial(result):
    """What is new of a project is 新增, of an award and the like 政策性."""
    for item in result.scenario.items:
        for year in result.years:
            owed = 0 if year == result.years[0] else result.fen("arrears", year - 1, item.key)
            meant = {
                "need": result.fen("need", year, item.key) - owed,
                "payment": result.fen("payment", year, item.key),
            }
            for basis in BASES:
                parts = part_fen(result, item, year, basis)
                assert set(parts) == set(PARTS)
                np.testing.assert_array_equal(sum(parts.values()), meant[basis])
                assert all((fen >= 0).all() for fen in parts.values()), (item.key, year, basis)
                assert not parts["policy" if item.modes[year].is_project else "new"].any()


def test_the_plan_is_that_of_budget_csv_and_adds_up(result, budget):
    last = result.years[-1]
    for year, basis in ((2026, "payment"), (last, "payment"), (2027, "need"), (last, "need")):
        frame = submitted(result, year, basis)
        means = frame.set_index(["year", "category", "item", "part"]).mean_wan
        assert sorted(set(frame.year)) == list(planned_years(result, year)) == [year, year + 1, year + 2]
        for (one, category, item, part), mean in means.items():
            if part == "*":
                owed = budget.get((one - 1, category, item, "arrears"), 0.0) if one > 2026 else 0.0
                flow = "payment" if basis == "payment" or one > last else "need"
                meant = budget.get((one, category, item, flow), 0.0) - (owed if basis == "need" else 0.0)
                assert mean == pytest.approx(meant, abs=1e-6), (one, category, item)
                assert mean == pytest.approx(sum(means[one, category, item, p] for p in PARTS), abs=1e-6)
    with pytest.raises(cs.FaultyInput, match="2031 is no year"):
        submitted(result, 2031)
    with pytest.raises(cs.FaultyInput, match="no basis"):
        part_fen(result, result.scenario.items[0], 2026, "both")


def test_number_times_standard_is_the_mean(result, budget):
    for basis, flow in (("need", "entitlement"), ("payment", "commitment")):
        frame = unit_costs(result, 2027, basis)
        totals = submitted(result, 2027, basis).query("year == 2027 and part == '*'").set_index("item").mean_wan
        for row in frame.itertuples():
            category = next(item.category for item in result.scenario.items if item.key == row.item)
            assert row.amount_wan == pytest.approx(budget[2027, category, row.item, flow], abs=1e-6)
            assert row.total_wan == pytest.approx(totals[row.item], abs=1e-6)
            if row.count:
                assert row.count * row.standard_wan == pytest.approx(row.amount_wan, rel=1e-12)
    assert result.own_money().equals(result.scenario.run(60, 4).own_money())  # recorded while counting, or anew
    starter = unit_costs(result, 2027).set_index("item").loc["new_hightech"]
    assert starter.standard_wan == pytest.approx(15)  # the guide's award, each the same


def test_counts_are_those_of_the_ledger(result):
    """Without money for all, fewer are funded than are entitled."""
    frames = {basis: unit_costs(result, 2026, basis).set_index("item")["count"] for basis in BASES}
    for item in result.scenario.items:
        for basis, count in (("need", "count:entitled"), ("payment", "count:funded")):
            assert frames[basis][item.key] == result.fen(count, 2026, item.key).mean(), (item.key, basis)
    assert frames["payment"]["core_technology"] < frames["need"]["core_technology"]


def test_a_target_is_held_against_the_trials(result):
    paid = result.fen("payment", 2026) / 1_000_000
    middle = float(np.median(paid))
    targets = (
        Target("a", "cost", "拨付额", by_year={2026: middle}, sense="at_most", quantity="payment"),
        Target("b", "cost", "拨付额", by_year={2027: 1.0}, quantity="payment"),
        Target("c", "timeliness", "执行率", by_year={2026: 0.5}, quantity="execution"),
        Target("d", "economic", "带动", by_year={2026: 3.0}, quantity="own_per_yuan"),
        Target("e", "satisfaction", "满意度", by_year={2026: 90.0}),
        Target("f", "quantity", "家数", quantity="funded_applicants", item="new_hightech"),
    )
    bands = bands_of(result, targets, 2026).set_index("key")
    assert bands.loc["a", "probability"] == np.mean(paid <= middle + 1e-9)
    assert bands.loc["a", "p10"] == pytest.approx(np.quantile(paid, 0.1))
    assert np.isnan(bands.loc["b", ["value", "probability"]].astype(float)).all()  # none is set before 2027
    assert bands.loc["c", "mean"] == pytest.approx(float(np.mean(paid)) / (result.envelope_fen(2026) / 1e6))
    assert bands.loc["d", "mean"] == pytest.approx(result.own_money().own_per_yuan.iloc[0])
    assert np.isnan(bands.loc["d", "p10"]) and np.isnan(bands.loc["e", "mean"])
    funded = result.fen("count:funded_applicants", 2026, "new_hightech")
    assert bands.loc["f", "mean"] == funded.mean() and bands.loc["f", "p90"] == np.quantile(funded, 0.9)
    assert target_bands(dataclasses.replace(result.scenario, targets=targets).run(5, 1)).shape == (6, 6)
