"""Years closed one by one against one run of all: not one fen apart, in any flow of any item, year and trial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from comparing import changed, made_scenario
from every_rule import BUSY, OPENINGS, VARIANTS

from changji_sim import load_scenario
from changji_sim.budget_year.closing import closing_rows
from changji_sim.kernel.simulate import Run, simulate
from changji_sim.results.breakdown import split_fen
from changji_sim.results.run_result import RunResult
from changji_sim.results.summary import summary
from changji_sim.results.year_need import arrears_before_fen
from changji_sim.scenario.model import ScenarioModel

SEED = 3
QUICK = (  # of the variants: bars, ratings, arrears, stakes, inflows and applications that come again, between them
    "applying again",
    "refill and pooling",
    "upgrade pays the difference",
    "violations by who received awards, partial",
    "stages by year",
    "an envelope with odd fen",
)
OUT_OF_TIME = (
    "asked",
    "ineligible",
    "count:applications",
    "count:applicants",
    "count:ineligible",
)  # what loans submitted outside the days in force ask: the ledger leaves them out


def closed(scenario: ScenarioModel, year: int, trial: int) -> ScenarioModel:
    """The scenario that begins after ``year``, opened with what the trial leaves behind."""
    rows = closing_rows(scenario, year, trial, SEED)
    return replace(scenario, years=tuple(y for y in scenario.years if y > year), opening=rows)


def differences(scenario: ScenarioModel, trial: int) -> list[str]:
    """Every flow in which a run after one close, two, three, … is not that of one run of all years."""
    whole, now = simulate(scenario, 1, SEED, workers=1, first=trial), scenario
    found: list[str] = []
    for year in scenario.years[:-1]:
        now = closed(now, year, trial)
        found += unequal(whole, simulate(now, 1, SEED, workers=1, first=trial), year, trial)
    return found


def unequal(whole: Run, part: Run, closed_year: int, trial: int) -> Iterator[str]:
    has_days = whole.scenario.readings["in_force"] == "dates"
    kept = [(run, set(run.flows.keys())) for run in (whole, part)]
    for key in sorted(kept[0][1] | kept[1][1]):
        item, year, flow = key
        if year <= closed_year or (has_days and item == "loan_interest" and flow in OUT_OF_TIME):
            continue
        one, other = (int(run.flows.fen(*key)[0]) if key in keys else 0 for run, keys in kept)
        if one != other:
            yield f"trial {trial}, {closed_year} closed: {item} {year} {flow} is {other}, in one run {one}"


@pytest.mark.parametrize("variant", QUICK)
def test_years_closed_one_by_one_pay_what_one_run_pays(variant, tmp_path):
    scenario = made_scenario(tmp_path, changed(BUSY, VARIANTS[variant]))
    assert differences(scenario, 1) == []


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_years_of_any_variant(variant, tmp_path):
    scenario = made_scenario(tmp_path, changed(BUSY, VARIANTS[variant]))
    assert differences(scenario, 2) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OPENINGS)
def test_years_that_begin_with_a_ledger(name, tmp_path):
    opening, changes = OPENINGS[name]
    scenario = made_scenario(tmp_path, changed(BUSY, changes), opening)
    assert differences(scenario, 0) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "tight_budget"])
def test_years_of_a_shipped_scenario(name):
    scenario = load_scenario(name)
    assert [line for trial in range(6) for line in differences(scenario, trial)] == []


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A scenario in which applicants apply again, and two years of it closed."""
    scenario = made_scenario(tmp_path_factory.mktemp("busy"), changed(BUSY, VARIANTS["applying again"]))
    return scenario, closed(closed(scenario, 2026, 1), 2027, 1)


def test_what_it_closes_is_not_empty(busy):
    """Every kind of row is there, so that the comparison above compares something."""
    scenario, _ = busy
    rows = [row for trial in (0, 1, 2) for row in closing_rows(scenario, 2028, trial, SEED)]
    assert any(row.due_wan for row in rows) and any(row.cancelled_wan for row in rows)
    assert any(row.bar_until for row in rows) and {"excellent", "fail"} <= {row.rating for row in rows}
    assert any(row.may_apply_again for row in rows) and any(row.inflow_wan for row in rows)
    assert any(row.item == "loan_interest" and row.values and not row.committed_wan for row in rows)
    assert any(row.item == "transfer_project" and row.paid_by_year for row in rows)
    assert any(row.is_award_given for row in rows) and any(row.platform for row in rows)


@pytest.mark.slow
def test_a_closed_year_runs_in_any_chunks_and_its_trial_is_the_same_among_many(busy):
    scenario, now = busy
    runs = [simulate(now, 12, SEED, workers=2, chunk=5), simulate(now, 12, SEED, workers=1, chunk=12)]
    for key in list(runs[1].flows.keys()):
        assert np.array_equal(*(run.flows.fen(*key) for run in runs)), key
    alone = simulate(scenario, 1, SEED, first=1)
    for item in scenario.items:
        for year in (*now.years, *runs[0].tail):
            assert runs[0].flows.fen(item.key, year, "payment")[1] == alone.flows.fen(item.key, year, "payment")[0]


def test_what_is_owed_is_no_need_of_the_first_year(tmp_path):
    """The arrears of a ledger stand apart in every table, as those of a year before do."""
    scenario = made_scenario(tmp_path, changed(BUSY, VARIANTS["defer"]))
    whole, part = (RunResult(simulate(one, 1, SEED, first=1)) for one in (scenario, closed(scenario, 2027, 1)))
    assert arrears_before_fen(part, 2028)[0] == arrears_before_fen(whole, 2028)[0] > 0
    tables = [summary(result).set_index(["year", "category"]) for result in (whole, part)]
    years = tables[1].index
    assert tables[0].loc[years, list(tables[1])].equals(tables[1])
    split = [split_fen(result, 2028) for result in (whole, part)]
    assert split[0] == split[1]


def test_a_rehearsal_tells_nothing_of_the_future(busy):
    """The ledger is the same whatever is drawn of later years: what lies ahead of its rows is drawn when it is run."""
    scenario, now = busy
    clawback = simulate(now, 30, SEED).flows.fen("core_technology", 2029, "clawback")
    assert len(set(clawback.tolist())) > 1
    later = replace(scenario, growth=replace(scenario.growth, value={2026: 0.08, 2027: 0.08, 2028: 0.08, 2029: 0.5}))
    assert closed(later, 2026, 1).opening == closed(scenario, 2026, 1).opening
