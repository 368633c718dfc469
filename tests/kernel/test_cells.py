"""Cells: after every move and every return, all flows are those of a run from nothing, to the fen."""

from __future__ import annotations

import pytest
from chains_of_moves import first_difference
from comparing import changed, write_scenario
from every_day import some_are_slow
from every_rule import BUSY, EVERY_DAY, OPENINGS, VARIANTS

from changji_sim import Live, load_scenario
from changji_sim.kernel.ledger import is_count
from changji_sim.kernel.recompute import is_covered
from changji_sim.kernel.simulate import simulate
from changji_sim.scenario_file.draft import Draft

SHIPPED = ("baseline", "tight_budget", "growth")
QUICK = ("as it is", "applying again", "everything fails")  # variants that `make check` moves
LONG = 300  # trials of a long chain: some branches of the bookkeeping are rare


def _draft(folder, name: str) -> Draft:
    return Draft(write_scenario(folder, changed(BUSY, VARIANTS[name])))


@pytest.mark.parametrize("name", some_are_slow(SHIPPED, SHIPPED[:1]))
def test_a_chain_of_moves_of_a_shipped_scenario(name):
    assert first_difference(Draft(name), moves=5, trials=40, seed=3) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_a_long_chain_of_moves_of_a_shipped_scenario(name):
    assert first_difference(Draft(name), moves=60, trials=LONG, seed=1) == ""


@pytest.mark.parametrize("name", some_are_slow(EVERY_DAY, QUICK))
def test_a_chain_of_moves_of_a_variant(name, tmp_path):
    assert first_difference(_draft(tmp_path, name), moves=4, trials=40, seed=4) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_a_long_chain_of_moves_of_a_variant(name, tmp_path):
    moves, trials = (60, LONG) if name in EVERY_DAY else (5, 30)
    assert first_difference(_draft(tmp_path, name), moves, trials, seed=2) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", OPENINGS)
def test_a_long_chain_of_moves_with_an_opening_file(name, tmp_path):
    opening, changes = OPENINGS[name]
    draft = Draft(write_scenario(tmp_path, changed(BUSY, changes), opening=opening))
    assert first_difference(draft, moves=30, trials=100, seed=5) == ""


@pytest.mark.slow
def test_a_chain_of_moves_with_an_opening_file(tmp_path):
    opening, changes = OPENINGS["opening"]
    draft = Draft(write_scenario(tmp_path, changed(BUSY, changes), opening=opening))
    assert first_difference(draft, moves=4, trials=40, seed=5) == ""


@pytest.mark.slow
def test_a_chain_of_moves_with_what_was_decided_on_real_applications(tmp_path):
    rows = ["申报编号,支持方向,申报单位,申报日期,项目总投资（万元）,申请金额（万元）,评分,是否通过,批准金额（万元）"]
    row = "{n},产业重大技术攻关,甲{n}厂,2026-02-{day:02d},500,{asked},{score},是,{approved}"
    rows += [row.format(n=n, day=n + 1, asked=60 + n, score=50 + n * 7 % 40, approved=40 + n) for n in range(12)]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    changes = {
        "items.core_technology.assumptions.registers": {2026: "rows.csv"},
        "items.core_technology.guide.places": {2026: 5},
    }
    draft = Draft(write_scenario(tmp_path, changed(BUSY, changes)))
    assert first_difference(draft, moves=6, trials=40, seed=6) == ""


def test_what_a_move_does_not_reach_is_the_very_same():
    """An item of a category of its own, which no room reaches, is not packed again."""
    draft = Draft("baseline")
    live = Live(draft.original, trials=200, seed=1)
    before = live.run().run.flows
    after = live.run(draft.scenario({"items.exchange.guide.max_item_year_wan": 380})).run.flows
    assert after.packed("rd_growth", 2026, "payment") is before.packed("rd_growth", 2026, "payment")
    assert after.packed("exchange", 2026, "payment") is not before.packed("exchange", 2026, "payment")


def test_a_result_keeps_its_flows_when_the_next_is_worked_out():
    draft = Draft("baseline")
    live = Live(draft.original, trials=200, seed=1)
    flows = live.run().run.flows
    kept = {key: flows.fen(*key) for key in list(flows.keys())}
    live.run(draft.scenario({"items.exchange.guide.max_item_year_wan": 200, "envelopes.total": 3000}))
    assert all((flows.fen(*key) == fen).all() for key, fen in kept.items())


def test_counts_are_those_of_their_run_however_late_they_are_asked_for():
    draft = Draft("baseline")
    live = Live(draft.original, trials=30, seed=1, chunk=20)
    unasked = live.run(draft.original).run
    asked = live.run(draft.scenario({"envelopes.total": 3000})).run
    asked.flows.keys()
    last = live.run(draft.scenario({"envelopes.total": 2000})).run
    for run in (last, asked, unasked):
        anew = simulate(run.scenario, 30, 1).flows
        keys = {*anew.keys()}
        assert keys == {*run.flows.keys()}
        assert all((anew.fen(*key) == run.flows.fen(*key)).all() for key in keys if is_count(key[2]))


def test_the_shipped_scenarios_are_worked_out_by_cells():
    assert all(is_covered(load_scenario(name)) for name in SHIPPED)
