"""The benchmark compares like with like: peers give the kernel's numbers, F draws the kernel's variates; no timing."""

from __future__ import annotations

import sys

import pytest
from comparing import changed, made_scenario
from every_rule import BUSY, OPENINGS
from places import ROOT

BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import count_variates  # noqa: E402
import floor  # noqa: E402
import mesa_model  # noqa: E402
import pandas_model  # noqa: E402
import peers  # noqa: E402
import run as bench  # noqa: E402

from changji_sim import load_scenario  # noqa: E402
from changji_sim.kernel.simulate import drawn_tables, simulate  # noqa: E402

SCENARIOS = {
    "every rule": {},
    "only a total": {"envelopes.categories": {}},
    "partial, no forward cover": {"items.*.guide.when_short": "partial", "envelopes.forward_cover": False},
    "arrears": {"items.*.guide.when_short": "defer"},
    "tranches of exchange, equal instalments, probabilities by year": {
        "items.exchange.guide.first_tranche": 0.4,
        "items.loan_interest.assumptions.columns.repayment": {"choice": {"annuity": 1}},
        "oversight.fail": {2026: 0.1, 2027: 0.6},
        "oversight.unspent_share": {2026: 0.4, 2028: 0.7},
    },
    "terms that change": {"items.core_technology.guide.first_tranche": {2026: 0.6, 2027: 0.5, 2028: 0.7}},
}


def found(peer: bench.Peer, scenario, trials: int) -> list[str]:
    plan, tables = drawn_tables(scenario, trials, seed=5)
    flows = simulate(scenario, trials, seed=5).flows
    return peers.disagreements(flows, peer.simulate, plan, [peer.prepare(plan, table) for table in tables])


PEERS = [
    pytest.param(peer, id=peer.name, marks=pytest.mark.slow if peer.name == "pandas" else []) for peer in bench.PEERS
]


@pytest.mark.parametrize("peer", PEERS[1:])
@pytest.mark.parametrize("changes", SCENARIOS.values(), ids=SCENARIOS)
def test_a_peer_gives_the_kernels_numbers(peer, changes, tmp_path):
    assert found(peer, made_scenario(tmp_path, changed(BUSY, changes)), 2) == []


@pytest.mark.parametrize("peer", PEERS)
def test_and_of_the_baseline(peer):
    assert found(peer, load_scenario("baseline"), 2) == []


def test_the_check_sees_one_fen():
    scenario = load_scenario("baseline")
    plan, tables = drawn_tables(scenario, 1)
    given = mesa_model.simulate(plan, tables[0])
    key = next(iter(given))
    given[key] += 1
    assert len(peers.unequal(simulate(scenario, 1).flows, 0, given)) == 1


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"readings.enterprise": "group", "envelopes.pooling": True}, "reading enterprise, pooling"),
        ({"items.core_technology.guide.when_short": "pro_rata"}, "when_short pro_rata"),
        ({"items.core_technology.assumptions.reapply": 0.5}, "reapply of core_technology"),
    ],
)
def test_a_rule_the_peers_lack_is_refused(changes, missing, tmp_path):
    plan, tables = drawn_tables(made_scenario(tmp_path, changed(BUSY, changes)), 1)
    for refuse in (mesa_model.simulate, pandas_model.prepare):
        with pytest.raises(peers.NotCovered, match=missing):
            refuse(plan, tables[0])


def test_an_opening_position_is_refused(tmp_path):
    plan, tables = drawn_tables(made_scenario(tmp_path, changed(BUSY, {}), OPENINGS["opening"][0]), 1)
    with pytest.raises(peers.NotCovered, match="opening"):
        peers.check_covered(plan, tables[0])


def test_the_floor_draws_the_kernels_kinds():
    kept = floor.committed()
    assert {name: kept[name] for name in count_variates.WHAT} == count_variates.WHAT
    assert sorted(kept["variates"]) == sorted(count_variates.counted(300))


def test_the_floor_knows_every_kind():
    assert floor.draw(dict.fromkeys(floor.committed()["variates"], 10)) > 0
    with pytest.raises(KeyError, match="no sampler for the kind 'gamma'"):
        floor.draw({"gamma": 1})


def test_stale_counts_are_refused():
    kept = floor.committed()["variates"]
    bench.check_variates(kept)
    with pytest.raises(bench.Unequal, match="count_variates"):
        bench.check_variates(kept | {"beta": kept["beta"] + 1})
