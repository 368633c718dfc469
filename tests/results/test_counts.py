"""Counts beside the money: in the budget, by themselves, and unit × standard × count."""

import numpy as np
import pytest

from changji_sim import load_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.kernel.flows import YearFlows
from changji_sim.kernel.ledger import COUNTS, FIRST_CUT, FLOWS, FUNDED, first_miscount
from changji_sim.results.served import served


@pytest.fixture(scope="module")
def result():
    return load_scenario("baseline").run(trials=60, seed=7)


def test_a_count_is_a_number_in_the_budget_and_by_trial(result):
    budget = result.budget().set_index(["year", "category", "item", "flow"])
    for of in ({}, {"category": "environment"}, {"item": "new_hightech"}):
        seen = result.trials("count:funded", **of)[2027]
        row = budget.loc[(2027, "environment" if of else "*", of.get("item", "*"), "count:funded")]
        assert row.mean_wan == seen.mean() and row.p90_wan == np.quantile(seen, 0.9)
        assert (seen == seen.astype(int)).all() and seen.mean() > 10
    assert budget.loc[(2027, "*", "*", "count:funded")].p95_wan == np.quantile(
        result.trials("count:funded")[2027], 0.95
    )


def test_items_have_the_counts_they_can_have(result):
    budget = result.budget()
    flows = budget[budget.flow.str.startswith("count:")].groupby(["item", "year"]).flow.agg(set)
    assert "count:contracts" not in flows["new_hightech", 2026] and "count:applications" in flows["new_hightech", 2026]
    assert {"count:contracts", "count:midterms"} < flows["core_technology", 2026]
    last = result.tail[-1]
    assert ("new_hightech", last) not in flows and "count:applications" not in flows["core_technology", last]
    assert set(COUNTS) == flows["*", 2026]


def test_unit_times_count_adds_up_to_the_mean(result):
    units, budget = result.unit_amounts(), result.budget().set_index(["year", "category", "item", "flow"]).mean_wan
    assert not units.unit_wan.isna().all() and set(units.amount) == {"asked", "demand", "entitlement", "commitment"}
    there = units[units["count"] > 0]
    assert np.allclose(there.unit_wan * there["count"], there.amount_wan)
    assert (units[units["count"] == 0].amount_wan == 0).all()
    for (year, amount), part in units.groupby(["year", "amount"]):
        assert part.amount_wan.sum() == pytest.approx(budget[year, "*", "*", amount], abs=1e-9)


def test_counts_by_year_with_title_and_unit(result):
    counts = result.counts(item="core_technology")
    assert list(counts.columns[:6]) == ["count", "title", "title_en", "unit", "year", "mean"]
    contracts = counts[counts["count"] == "count:contracts"].set_index("year")
    assert contracts.title[2026] == "签订合同书数" and contracts.unit[2026] == "项"
    assert contracts["mean"][2026] == result.trials("count:contracts", "core_technology")[2026].mean() > 0
    with pytest.raises(FaultyInput, match="core_technology"):
        result.counts(item="core_technolgy")


def test_who_is_served_needs_no_other_run(result):
    applications, applicants = served(result, "exchange")
    assert (applications == result.trials("count:funded", "exchange")[list(result.years)].sum(axis=1)).all()
    assert (applicants <= applications).all() and applicants.sum() < applications.sum()


@pytest.mark.slow
def test_counts_of_many_are_kept_too():
    """Blocks come in any order; a count is kept with another until they differ; more than 16 bits take 32."""
    flows = YearFlows(FLOWS, 4)
    book, counts = np.zeros((FIRST_CUT, 2), np.int64), np.full((len(COUNTS), 2), 7, np.int32)
    flows.add(book, counts, 2)
    assert flows.packed("count:funded") is flows.packed("count:applications")
    flows = YearFlows(FLOWS, 4)
    flows.add(book, counts, 2)
    counts[FUNDED] = 5, 70_000
    flows.add(book, counts, 0)
    assert flows.packed("count:funded").fen.tolist() == [5, 70_000, 7, 7]
    assert flows.packed("count:entitled").fen.tolist() == flows.packed("count:midterms").fen.tolist() == [7] * 4
    assert flows.packed("asked") is None
    counts[:] = 0
    flows = YearFlows(FLOWS, 4)
    flows.add(book, counts, 0)
    counts[:FUNDED] = 1
    flows.add(book, counts, 2)
    assert flows.packed("count:funded") is None, "0 throughout"


@pytest.mark.parametrize("wrong", ["count:applications", "count:entitled", "count:acceptances"])
def test_counts_that_do_not_add_up_are_found(wrong):
    counts = np.zeros((len(COUNTS), 3), np.int32)
    assert first_miscount(counts)[0] == 0
    counts[COUNTS.index(wrong), 1] = 1
    assert first_miscount(counts)[:3] == (first_miscount(counts)[0], 1, 1) and first_miscount(counts)[0] > 0
