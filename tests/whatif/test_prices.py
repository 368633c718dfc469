"""A price is the difference of two runs from nothing, to the fen, up and down; what cannot be moved says why."""

import numpy as np
import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.base.units import FEN_A_WAN
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE
from changji_sim.results.served import served
from changji_sim.results.side_by_side import amount_fen
from changji_sim.whatif.prices import PRICED, SERVED, by_size, curve, prices

TRIALS, SEED = 60, 9
FEW = [
    "technology_trade.max_application_wan",
    "core_technology.max_investment_share",
    "special_case.places",
    "envelopes.total",
]


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline")


@pytest.fixture(scope="module")
def before(baseline):
    return baseline.run(TRIALS, SEED)


def confirmed(baseline, before, row):
    """Whether two runs from nothing give this row."""
    after = baseline.with_({row["name"]: row["to"]}, beyond_law=True).run(TRIALS, SEED)
    for flow in PRICED:
        fen = sum(int((amount_fen(after, flow, y) - amount_fen(before, flow, y)).sum()) for y in before.years)
        if row[f"{flow}_wan"] != fen / (TRIALS * FEN_A_WAN * len(before.years)):
            return False
    return True


@pytest.mark.slow
def test_a_price_is_the_difference_of_two_runs(baseline, before):
    found = prices(baseline, FEW, TRIALS, SEED)
    assert list(found.name) == [name for name in FEW for _ in range(2)]
    assert list(found.to) == [6, 4, 0.21, 0.19, 8, 6, 8001, 7999]
    assert all(confirmed(baseline, before, row) for row in found.to_dict("records"))


def test_those_served_are_counted_beside_the_money(baseline, before):
    """5万 a contract cuts amounts and turns nobody away; 400万 a year of exchange turns the last ones away."""
    names = ["technology_trade.max_application_wan", "exchange.max_item_year_wan"]
    found = prices(baseline, names, TRIALS, SEED, counts_served=True)
    trade, exchange = (found[found.name == name].iloc[0] for name in names)
    assert trade.entitlement_wan > 0 and exchange.commitment_wan > 0
    assert 0 < exchange.applications_low <= exchange.applications <= exchange.applications_high
    after = baseline.with_({names[1]: 401}, beyond_law=True).run(TRIALS, SEED)
    for which, name in enumerate(SERVED):
        change = (served(after)[which] - served(before)[which]).mean() / len(before.years)
        assert exchange[name] == pytest.approx(change)
    applications, applicants = served(before, "exchange")
    assert (applicants <= applications).all() and applications.min() > 0


@pytest.mark.slow
def test_so_is_that_of_every_number(baseline, before):
    found = prices(baseline, (), TRIALS, SEED)
    moved = found[found.why == ""]
    assert len(found.name.unique()) > 30 and not found.name.str.contains("tranche").any()
    assert found[found.why != ""].commitment_wan.isna().all()
    rng = np.random.default_rng(5)
    for at in rng.choice(len(moved), 60, replace=False):
        assert confirmed(baseline, before, moved.iloc[at].to_dict()), moved.iloc[at]["name"]


def test_up_and_down_differ_at_a_kink(baseline):
    """5万 a contract: above 500万 the cap binds; a contract at 500万 and one at 600万 are worth other amounts."""
    more, less = prices(baseline, FEW[:1], 300, SEED).entitlement_wan
    assert 0 < more < -less


def test_what_cannot_be_moved_says_why(baseline):
    found = prices(baseline, ["exchange.first_tranche"], 20, SEED)
    assert "beyond what can be set" in found.why.iloc[0] and np.isnan(found.commitment_wan.iloc[0])
    assert found.why.iloc[1] == ""
    with pytest.raises(FaultyInput) as faults:
        prices(baseline, ["nothing", "doubt"], 20, SEED)
    assert len(faults.value.faults) == 2
    with pytest.raises(FaultyInput, match="no value is set"):
        prices(baseline, ["core_technology.places"], 20, SEED)


def test_a_curve_passes_through_the_value_now(baseline, before):
    found = curve(baseline, FEW[0], [4, 5, 6, -1], TRIALS, SEED)
    now = sum(int(before.fen("commitment", y).sum()) for y in before.years)
    assert found.commitment_wan.iloc[1] == now / (TRIALS * FEN_A_WAN * len(before.years))
    assert found.entitlement_wan.iloc[:3].is_monotonic_increasing and found.why.iloc[3]


def test_what_changes_most_comes_first():
    """Up or down; then what changes nothing, last what cannot be moved."""
    changes = {"none": (np.nan, np.nan), "still": (0, 0), "small": (np.nan, 2), "large": (1, -3)}
    rows = [(name, change) for name, both in changes.items() for change in both]
    found = by_size(pd.DataFrame(rows, columns=["name", "payment_wan"]), "payment")
    assert list(found.index) == ["large", "small", "still", "none"] and list(found.dropna()) == [3, 2, 0]


@pytest.mark.slow
def test_the_command(capsys, tmp_path):
    words = ["price", "baseline", *FEW[:2], "--trials", "20", "-o", str(tmp_path), "--language", "en"]
    assert run_cli(words) == FINE
    assert "Technology trade" in capsys.readouterr().out
    assert (tmp_path / "prices.csv").read_text(encoding="utf-8").startswith("name,title")
    assert run_cli(["price", "baseline", FEW[1], "--values", "15%,20%", "--trials", "20"]) == FINE
    assert "0.15" in capsys.readouterr().out
    assert run_cli(["price", "baseline", "--values", "1,2", "--trials", "20"]) == FAULTY_INPUT
    assert run_cli(["price", "baseline", FEW[1], "--values", "1,x", "--trials", "20"]) == FAULTY_INPUT
