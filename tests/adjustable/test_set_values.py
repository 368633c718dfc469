"""Values set by name, on the command line and in Python: what may be written, what it gives, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

import changji_sim as cs
from changji_sim.adjustable import adjustables
from changji_sim.adjustable.set_values import names_of, settings_of
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import cli
from changji_sim.scenario_file.draft import Draft


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline")


def total(scenario):
    return scenario.envelopes.total_wan[2026]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("7200", 7200),
        ("-10%", 7200),
        ("+500", 8500),
        ("-1,000", 7000),
        ("8000万元", 8000),
        ("＋５％", 8400),
        (7200, 7200),
    ],
)
def test_an_amount(baseline, written, expected):
    assert total(baseline.with_({"envelopes.total": written})) == expected


def test_a_scenario_changed_again_has_the_same_items_where_nothing_touches_them(baseline):
    one, other = (baseline.with_({"envelopes.total": wan}) for wan in (7000, 9000))
    differing = {item.key for item, same in zip(one.items, other.items, strict=True) if item is not same}
    assert differing <= {"national_platform", "regional_platform"}  # put together after all items are read
    assert (total(one), total(other), total(baseline.with_(growth="10%"))) == (7000, 9000, 8000)
    assert total(one.with_(growth="10%")) == 7000 and total(replace(baseline).with_(growth="10%")) == 8000


@pytest.mark.parametrize(
    ("written", "expected"), [("10%", 0.10), ("0.1", 0.10), ("+2pp", 0.10), ("-2个百分点", 0.06), ("+50%", 0.12)]
)
def test_a_share(baseline, written, expected):
    assert baseline.growth.value == 0.08
    assert baseline.with_(growth=written).growth.value == pytest.approx(expected, abs=1e-15)


def test_a_range_moves_with_its_number(baseline):
    changed = baseline.with_(growth="+50%").growth
    low, high = baseline.growth.low, baseline.growth.high
    assert (changed.low, changed.high) == pytest.approx((low * 1.5, high * 1.5))


def test_titles_are_names_and_choices(baseline):
    changed = baseline.with_({"科技交流活动.每年总额上限": 350, "科技交流活动.资金不足时": "ranked"})
    item = next(item for item in changed.items if item.key == "exchange")
    assert item.when_short == "ranked"
    assert {350.0} == {mode.max_item_year_wan for mode in item.modes.values()}


def test_every_name_is_one_of_the_parameter_alone(baseline):
    every = adjustables(Draft.of(baseline), baseline)
    keys = [one.key for one in every]
    assert len(set(keys)) == len(keys)
    assert all(one.key in names_of(one, baseline) for one in every)


def test_what_is_set_twice_or_is_no_setting():
    with pytest.raises(FaultyInput) as found:
        settings_of(["growth", "growth=", "=3", "growth=1%", "growth=2%"])
    assert len(found.value.faults) == 4
    assert settings_of(["growth = 1%"]) == {"growth": "1%"}


REFUSED = {
    "envelops.total": ("3", "did you mean 'envelopes.total'"),
    "exchange.max_item_year_wan": ("600", "the law says 400"),
    "exchange.when_short": ("later", "write one of ranked"),
    "loan_interest.max_item_year_wan": ("+5", "nothing is set"),
    "exchange.first_tranche": ("20", "0.18, or as 18%"),
    "envelopes.total": ("5%", "is no amount"),
    "oversight.fail": ("+1", "say what changes"),
    "exchange.applications": ("many", "write a number"),
    "doubt": ("perhaps", "yes or no"),
    "growth": ("none", "cannot be left out"),
    "economy.log_sd": ("+2pp", "no share"),
}


def test_every_fault_is_told_at_once(baseline):
    with pytest.raises(FaultyInput) as found:
        baseline.with_({name: value for name, (value, _) in REFUSED.items()})
    told = {str(fault.where): str(fault.what) for fault in found.value.faults}
    assert told.keys() == REFUSED.keys()
    for name, (_, part) in REFUSED.items():
        assert part in told[name]


def test_beyond_the_law_is_a_reform_that_is_tried(baseline):
    tried = baseline.with_({"exchange.max_item_year_wan": 600}, beyond_law=True)
    assert tried.reform_text and not baseline.reform_text
    need = tried.run(50).summary().need_mean_wan.sum()
    assert need > baseline.run(50).summary().need_mean_wan.sum()


def test_under_a_reform_the_law_is_the_reforms():
    reformed = cs.load_scenario("baseline", reform="exchange-500")
    changed = reformed.with_({"exchange.max_item_year_wan": 450})
    assert changed.reform_name == "exchange-500"
    assert changed.run(20).scenario.changes == ("items.exchange.guide.max_item_year_wan",)
    with pytest.raises(FaultyInput, match="the law says 500"):
        reformed.with_({"exchange.max_item_year_wan": 501})


def test_nothing_changed_differs_by_nothing(baseline):
    same = baseline.with_({"envelopes.total": total(baseline), "exchange.max_item_year_wan": 400})
    one, other = baseline.run(50), same.run(50)
    for key in list(one.run.flows.keys()):
        assert np.array_equal(one.run.flows.fen(*key), other.run.flows.fen(*key))


@pytest.mark.slow
def test_the_command_sets_lists_and_repeats(tmp_path):
    run = CliRunner()
    words = ["run", "baseline", "--trials", "20", "--set", "envelopes.total=-10%", "-o", str(tmp_path), "--json"]
    assert '"envelope_wan": 7200.0' in run.invoke(cli, words).stdout
    again = run.invoke(cli, ["run", "--from", str(tmp_path / "manifest.json")])
    assert again.exit_code == 0 and "byte for byte" in again.stdout
    listed = run.invoke(cli, ["adjustable", "baseline", "exchange", "ceiling", "--language", "en"]).stdout
    assert "exchange.max_item_year_wan" in listed and "400" in listed and "growth" not in listed
    assert "fewer words" in run.invoke(cli, ["adjustable", "baseline", "nothing", "of", "this"]).stdout
